/* spawn.c - how long commands take, side by side.
 *
 *   spawn ROUNDS COMMAND [ARGUMENT]... [+ COMMAND [ARGUMENT]...]...
 *
 * runs the commands in turn, ROUNDS times, so that what else the machine does
 * meets them all alike. Prints the median of each in milliseconds, one a line.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { ROUNDS_MAX = 1000, COMMANDS_MAX = 8 };

extern char **environ;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double run(char *argv[], const posix_spawn_file_actions_t *silent)
{
    pid_t pid;
    int status;
    double start = now();

    if (argv[0] == NULL ||
        posix_spawnp(&pid, argv[0], silent, NULL, argv, environ) != 0 ||
        waitpid(pid, &status, 0) == -1) {
        fprintf(stderr, "spawn: one does not start\n");
        exit(1);
    }
    return now() - start;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int argc, char *argv[])
{
    static double times[COMMANDS_MAX][ROUNDS_MAX];
    char **commands[COMMANDS_MAX];
    int count = 0, rounds = argc > 2 ? atoi(argv[1]) : 0;

    for (int i = 2; i < argc && count < COMMANDS_MAX; i++) {
        commands[count++] = &argv[i];
        while (argv[i] != NULL && strcmp(argv[i], "+") != 0)
            i++;
        argv[i] = NULL;
    }
    if (count == 0 || rounds < 1 || rounds > ROUNDS_MAX)
        return 2;

    posix_spawn_file_actions_t silent;
    posix_spawn_file_actions_init(&silent);
    posix_spawn_file_actions_addopen(&silent, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&silent, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&silent, 1, 2);
    for (int i = 0; i < rounds; i++)
        for (int c = 0; c < count; c++)
            times[c][i] = run(commands[c], &silent);
    posix_spawn_file_actions_destroy(&silent);

    for (int c = 0; c < count; c++) {
        qsort(times[c], (size_t)rounds, sizeof times[c][0], by_value);
        printf("%.3f\n", times[c][rounds / 2]);
    }
    return 0;
}
