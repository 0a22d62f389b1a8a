/* main.c - ./portolan: find the command, the suite and the language. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guide.h"
#include "version.h"

static const struct {
    const char *name;
    guide_command *run;
} commands[] = {
    { "list", command_list },     { "run", command_run },
    { "server", command_server }, { "client", command_client },
    { "start", command_start },   { "check", command_check },
    { "watch", command_watch },   { "hint", command_hint },
    { "reset", command_reset },   { "solution", command_solution },
    { "doctor", command_doctor },
};

void say(const struct guide *guide, FILE *out, const char *key,
         const struct fill *fills)
{
    text_write(out, "guide", key, guide->language, fills);
}

void say_value(const struct guide *guide, FILE *out, const char *key,
               const char *value)
{
    const struct fill fills[] = { { "value", value },
                                  { "command", guide->command },
                                  { NULL, NULL } };
    say(guide, out, key, fills);
}

int wrong_use(const struct guide *guide, const char *key, const char *value)
{
    fflush(stdout);
    say_value(guide, stderr, key, value);
    return 2;
}

bool path_join(char path[PATH_SIZE], const char *folder, const char *name)
{
    int length = snprintf(path, PATH_SIZE, "%s/%s", folder, name);

    if (length >= 0 && length < PATH_SIZE)
        return true;
    fprintf(stderr, "%s/%s: ?\n", folder, name);
    return false;
}

/* The path of this program: as it was called, or through PATH. */
static bool own_path(const char *called, char path[PATH_SIZE])
{
    const char *folders = getenv("PATH");

    if (strchr(called, '/') != NULL)
        return snprintf(path, PATH_SIZE, "%s", called) < PATH_SIZE;
    while (folders != NULL && *folders != '\0') {
        size_t length = strcspn(folders, ":");
        int n = snprintf(path, PATH_SIZE, "%.*s/%s", (int)length,
                         length > 0 ? folders : ".", called);
        if (n > 0 && n < PATH_SIZE && access(path, X_OK) == 0)
            return true;
        folders += length + (folders[length] == ':');
    }
    return false;
}

/* If path is a symbolic link (bin/portolan is one, where we are installed),
 * make it what that points to. */
static bool follow(char path[PATH_SIZE])
{
    char target[PATH_SIZE], folder[PATH_SIZE];
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length == -1)
        return false;
    target[length] = '\0';
    memcpy(folder, path, PATH_SIZE);
    char *slash = strrchr(folder, '/');
    if (slash != NULL && target[0] != '/') {
        *slash = '\0';
        return path_join(path, folder, target);
    }
    memcpy(path, target, (size_t)length + 1);
    return true;
}

/* The folder as getcwd() would write it, without "." and "..". */
static bool tidy(char folder[PATH_SIZE])
{
    int here = open(".", O_RDONLY);
    bool good =
        here != -1 && chdir(folder) == 0 && getcwd(folder, PATH_SIZE) != NULL;

    if (here != -1) {
        good = fchdir(here) == 0 && good;
        close(here);
    }
    return good;
}

/* The suite lies where the program does (a sanitized one, two folders below).
 * The learner's folder lies beside it, or here when that is not ours. */
static bool find_folders(struct guide *guide)
{
    char *home = guide->home, lessons[PATH_SIZE];

    if (!own_path(guide->command, home))
        return false;
    for (int links = 0; links < 8 && follow(home); links++)
        continue;
    char *slash = strrchr(home, '/');
    if (slash != NULL)
        slash[slash == home] = '\0';
    if (slash == NULL || !tidy(home))
        return false;
    while (path_join(lessons, home, "lessons/guide/README.md") &&
           access(lessons, F_OK) == -1) {
        slash = strrchr(home, '/');
        if (slash == NULL || slash == home)
            return false;
        *slash = '\0';
    }
    if (access(home, W_OK) == 0)
        return path_join(guide->my, home, "my");
    char here[PATH_SIZE];
    return getcwd(here, sizeof here) != NULL &&
           path_join(guide->my, here, "my");
}

const char *as_seen(const char *path, char here[PATH_SIZE])
{
    if (getcwd(here, PATH_SIZE) == NULL)
        return path;
    size_t length = strlen(here);
    return strncmp(path, here, length) == 0 && path[length] == '/'
               ? path + length + 1
               : path;
}

/* Take --lang and --plain out of the arguments, wherever they stand. Lesson
 * programs get --lang back, so it may be said of all. */
static bool take_common(struct guide *guide, char *arguments[],
                        const char **unknown)
{
    const char *asked = NULL;
    char **kept = arguments;

    for (char **a = arguments; *a != NULL; a++) {
        if (strcmp(*a, "--plain") == 0)
            guide->plain = true;
        else if (strncmp(*a, "--lang=", 7) == 0)
            asked = *a + 7;
        else if (strcmp(*a, "--lang") == 0 && a[1] != NULL)
            asked = *++a;
        else
            *kept++ = *a;
    }
    *kept = NULL;
    const char *language = text_language(asked);
    guide->language = language != NULL ? language : text_language(NULL);
    *unknown = asked;
    return language != NULL;
}

static int help(const struct guide *guide, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "help-%s", name);
    say_value(guide, stdout, key, "");
    return fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char *argv[])
{
    struct guide guide = { .command = argc > 0 ? argv[0] : "portolan" };
    char *nothing[] = { NULL }, **arguments = argc > 0 ? argv + 1 : nothing;
    const char *unknown;

    /* A standard stream that is closed would be the number of the next file
     * that we open: put something there. (To write to it fails, as before.) */
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
    if (!take_common(&guide, arguments, &unknown))
        return wrong_use(&guide, "bad-language", unknown);
    const char *name = arguments[0] != NULL ? arguments[0] : "list";
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0)
        return help(&guide, "portolan");
    if (strcmp(name, "--version") == 0) {
        puts("portolan " PORTOLAN_VERSION);
        return fflush(stdout) == 0 ? 0 : 1;
    }
    if (!find_folders(&guide))
        return wrong_use(&guide, "no-home", guide.command);

    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(name, commands[i].name) != 0)
            continue;
        char **rest = arguments[0] != NULL ? arguments + 1 : arguments;
        bool lesson_help =
            strcmp(name, "server") == 0 || strcmp(name, "client") == 0;
        for (char **a = rest; *a != NULL && !lesson_help; a++)
            if (strcmp(*a, "--help") == 0)
                return help(&guide, name);
        int status = commands[i].run(&guide, rest);
        if (fflush(stdout) != 0 || ferror(stdout)) {
            perror("stdout");
            return status != 0 ? status : 1;
        }
        return status;
    }
    return wrong_use(&guide, "bad-command", name);
}
