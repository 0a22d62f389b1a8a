/* check.c - ./portolan check: build, run with limits, judge: one verdict.
 *
 * The judge is exercises/K-name/check.bats. Its tests are titled by keys, for
 * which the exercise's page has a sentence in each language, and a test that
 * fails prints "expected: " and "found: ".
 */
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lesson_names.h"
#include "process.h"
#include "progress.h"

enum {
    OUTPUT_MAX = 1 << 18,
    BUILD_MS = 60000,
    CHECK_MS = 20000,
    HINT_AFTER = 3, /* checks that failed */
};

/* Run a command in a process group of its own and keep what it prints, up to
 * OUTPUT_MAX bytes. Whatever it started ends with it. 0 when it succeeded, 1
 * when it failed, ETIMEDOUT, EINTR (a signal for us), or errno. */
static int run_limited(const char *const argv[], int milliseconds, char *output)
{
    struct process process;
    struct start start = {
        .path = argv[0], .argv = argv, .listen_stderr = true, .own_group = true
    };
    size_t length = 0;
    int result = 0;
    bool ready[1];

    *output = '\0';
    if (!process_start(&process, &start))
        return errno;
    close(process.input);
    process.input = -1;
    long long deadline = now_ms() + milliseconds;
    for (;;) {
        long long left = deadline - now_ms();
        if (left <= 0 || length == OUTPUT_MAX) {
            result = ETIMEDOUT;
            break;
        }
        if (!wait_for_input(&process.output, ready, 1, (int)left)) {
            result = EINTR;
            break;
        }
        if (!ready[0])
            continue;
        ssize_t n = read(process.output, output + length, OUTPUT_MAX - length);
        if (n <= 0)
            break;
        length += (size_t)n;
    }
    output[length] = '\0';
    process_end(&process, result == 0 ? 2000 : 0);
    if (result == 0 && !process_exited_with(&process, 0))
        result = 1;
    return result;
}

static void print_indented(const char *text, size_t lines)
{
    while (*text != '\0' && lines-- > 0) {
        size_t length = strcspn(text, "\n");
        printf("    %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* make -s exercise MY=...: what the compiler says is shown in any case. */
static int build(const struct guide *guide, const struct exercise *exercise,
                 char *output)
{
    char my[PATH_SIZE + 4];
    snprintf(my, sizeof my, "MY=%s", exercise->mine);
    const char *argv[] = { "/usr/bin/env", "make",     "-s", "-C",
                           guide->home,    "exercise", my,   NULL };

    int result = run_limited(argv, BUILD_MS, output);
    fputs(output, stdout);
    if (result == EINTR)
        return 130;
    if (result != 0)
        say_value(guide, stdout, "does-not-build", exercise->name);
    return result == 0 ? 0 : 1;
}

/* The line of a diagnostic that begins so, "#   expected: 3", in this test's
 * part of the output. */
static void show_diagnostic(const struct guide *guide, const char *part,
                            const char *what, const char *key)
{
    for (const char *line = part; *line == '#' || line == part;) {
        const char *p = line + strspn(line, "# ");
        size_t length = strcspn(p, "\n");
        if (strncmp(p, what, strlen(what)) == 0) {
            char value[512];
            snprintf(value, sizeof value, "%.*s", (int)(length - strlen(what)),
                     p + strlen(what));
            say_value(guide, stdout, key, value);
            return;
        }
        line = p + length;
        if (*line == '\0')
            return;
        line++;
    }
}

/* The sentence of a check in one line; its key, if it has none. */
static void sentence_of(const struct guide *guide,
                        const struct exercise *exercise, const char *name,
                        char sentence[512])
{
    char key[112];
    snprintf(key, sizeof key, "check-%s", name);
    const char *text = text_find(exercise->name, key, guide->language);

    snprintf(sentence, 512, "%s", text != NULL ? text : name);
    for (char *p = sentence; (p = strchr(p, '\n')) != NULL;)
        *p = p[1] != '\0' ? ' ' : '\0';
}

/* "ok 1 key" or "not ok 1 key": show its sentence. Of the first that fails,
 * what was expected stands beside what was found. */
static bool show_result(const struct guide *guide,
                        const struct exercise *exercise, const char *line,
                        bool first_failure)
{
    bool passed = strncmp(line, "ok ", 3) == 0;
    char name[96], sentence[512];
    if (sscanf(line, passed ? "ok %*d %95s" : "not ok %*d %95s", name) != 1)
        return true;
    sentence_of(guide, exercise, name, sentence);
    say_value(guide, stdout, passed ? "check-ok" : "check-not-ok", sentence);
    if (!passed && first_failure) {
        const char *part = line + strcspn(line, "\n");
        show_diagnostic(guide, part + (*part == '\n'),
                        "expected: ", "check-expected");
        show_diagnostic(guide, part + (*part == '\n'),
                        "found: ", "check-found");
    }
    return passed;
}

/* The number of tests that passed and failed, each shown. */
static void show_results(const struct guide *guide,
                         const struct exercise *exercise, const char *tap,
                         int *passed, int *failed)
{
    *passed = *failed = 0;
    for (const char *line = tap; *line != '\0';) {
        if (strncmp(line, "ok ", 3) == 0 || strncmp(line, "not ok ", 7) == 0) {
            if (show_result(guide, exercise, line, *failed == 0))
                ++*passed;
            else
                ++*failed;
        }
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
}

static int judge(const struct guide *guide, const struct exercise *exercise,
                 char *output)
{
    char bats[PATH_SIZE], check[PATH_SIZE], mine[PATH_SIZE], theirs[PATH_SIZE];
    int passed, failed;

    if (!path_join(bats, guide->home, "tests/bats.sh") ||
        !path_join(check, exercise->folder, "check.bats") ||
        !path_join(mine, exercise->mine, ".build") ||
        !path_join(theirs, guide->home, "build"))
        return 1;
    setenv("MINE", mine, 1);
    setenv("THEIRS", theirs, 1);
    setenv("PORTOLAN_HOME", guide->home, 1);
    const char *argv[] = { bats, "--tap", check, NULL };
    int result = run_limited(argv, CHECK_MS, output);
    if (result == EINTR)
        return 130;

    show_results(guide, exercise, output, &passed, &failed);
    if (result == ETIMEDOUT)
        say_value(guide, stdout, "check-timeout", "");
    if (result != ETIMEDOUT && passed + failed == 0) {
        print_indented(output, 30); /* say what we know */
        say_value(guide, stdout, "not-judged", "");
        return 2;
    }
    return result == 0 && failed == 0 && passed > 0 ? 0 : 1;
}

static int verdict(const struct guide *guide, const struct exercise *exercise,
                   int status)
{
    struct progress progress = progress_of(guide, exercise->name);
    time_t now = time(NULL);

    if (status == 0 && progress.passed[0] == '\0')
        strftime(progress.passed, sizeof progress.passed, "%Y-%m-%d",
                 localtime(&now));
    if (status != 0)
        progress.tries++;
    say_value(guide, stdout, status == 0 ? "passed" : "not-yet",
              exercise->number);
    if (status != 0 && progress.tries >= HINT_AFTER)
        say_value(guide, stdout, "hint-offer", exercise->number);
    const char *next = exercise_next(exercise->lesson, exercise->name);
    if (status == 0 && next != NULL) {
        char number[32];
        snprintf(number, sizeof number, "%d %d", atoi(exercise->lesson),
                 atoi(strchr(next, '/') + 1));
        say_value(guide, stdout, "list-next", number);
    }
    return progress_save(guide, exercise->name, &progress) ? status : 1;
}

int check_exercise(const struct guide *guide, const struct exercise *exercise)
{
    char *output = malloc(OUTPUT_MAX + 1);
    if (output == NULL) {
        perror("malloc");
        return 1;
    }
    say_value(guide, stdout, "checking", exercise->name);
    fflush(stdout);
    int status = build(guide, exercise, output);
    if (status == 0)
        status = judge(guide, exercise, output);
    free(output);
    if (status == 0 || status == 1)
        status = verdict(guide, exercise, status);
    fflush(stdout);
    return status;
}

int check_begin(const struct guide *guide, char *const arguments[],
                struct exercise *exercise)
{
    int status = exercise_pick(guide, arguments, exercise);

    if (status != 0)
        return status;
    if (access(exercise->mine, F_OK) == -1) {
        say_value(guide, stderr, "not-started", exercise->number);
        return 1;
    }
    interrupts_catch();
    return 0;
}

int command_check(const struct guide *guide, char *arguments[])
{
    struct exercise exercise;
    int status = check_begin(guide, arguments, &exercise);

    return status != 0 ? status : check_exercise(guide, &exercise);
}
