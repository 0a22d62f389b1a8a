/* exercise_commands.c - ./portolan start, hint, reset and solution. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exercise.h"
#include "files.h"
#include "guide.h"
#include "lesson_names.h"
#include "progress.h"

enum { HINTS = 3, TRIES_BEFORE_SOLUTION = 3 };

typedef char *text_maker(const struct guide *, const struct exercise *,
                         const char *file);

static bool mine_path(const struct exercise *exercise, const char *file,
                      char path[PATH_SIZE])
{
    return path_join(path, exercise->mine, file);
}

static int say_errno(const char *path)
{
    fflush(stdout);
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return 1;
}

/* Keep a file of the learner's as FILE.mine, or .mine-2 and so on: what they
 * wrote is never lost. */
static bool keep_mine(const struct guide *guide, const char *path)
{
    char kept[PATH_SIZE];

    for (int i = 1; i < 1000; i++) {
        int n = i == 1 ? snprintf(kept, sizeof kept, "%s.mine", path)
                       : snprintf(kept, sizeof kept, "%s.mine-%d", path, i);
        if (n < 0 || n >= PATH_SIZE)
            return false;
        if (access(kept, F_OK) == 0)
            continue;
        if (rename(path, kept) == -1)
            return errno == ENOENT;
        char here[PATH_SIZE];
        say_value(guide, stdout, "kept", as_seen(kept, here));
        return true;
    }
    errno = EEXIST;
    return false;
}

static bool same(const char *path, const char *text)
{
    char *old = file_read(path);
    bool equal = old != NULL && strcmp(old, text) == 0;

    free(old);
    return equal;
}

/* Put a text into a file of the learner's; another that is there is kept. */
static int put(const struct guide *guide, const struct exercise *exercise,
               const char *path, const char *text)
{
    if (same(path, text))
        return 0;
    if (!folder_make(exercise->mine) || !keep_mine(guide, path) ||
        !file_write(path, text))
        return say_errno(path);
    return 0;
}

/* All or nothing: both texts are made before the first is written, and what is
 * new goes away again when the other cannot be written. */
static int put_pair(const struct guide *guide, const struct exercise *exercise,
                    text_maker *make)
{
    char *texts_of[2];
    int status = 0;

    for (int i = 0; i < 2; i++) {
        texts_of[i] = make(guide, exercise, exercise_files[i]);
        if (texts_of[i] == NULL)
            status = 1;
    }
    char paths[2][PATH_SIZE];
    bool new[2] = { false, false };
    for (int i = 0; i < 2 && status == 0; i++) {
        if (!mine_path(exercise, exercise_files[i], paths[i])) {
            status = 1;
            break;
        }
        new[i] = access(paths[i], F_OK) == -1;
        status = put(guide, exercise, paths[i], texts_of[i]);
    }
    for (int i = 0; i < 2 && status != 0; i++)
        if (new[i])
            unlink(paths[i]);
    free(texts_of[0]);
    free(texts_of[1]);
    return status;
}

static void say_of(const struct guide *guide, const struct exercise *exercise,
                   const char *key)
{
    char page[PATH_SIZE + 32], here[PATH_SIZE];
    snprintf(page, sizeof page, "%s/README%s.md", exercise->folder,
             strcmp(guide->language, "pt-BR") == 0 ? ".pt-BR" : "");
    const struct fill fills[] = { { "command", guide->command },
                                  { "number", exercise->number },
                                  { "mine", as_seen(exercise->mine, here) },
                                  { "page", as_seen(page, here) },
                                  { NULL, NULL } };
    say(guide, stdout, key, fills);
}

int command_start(const struct guide *guide, char *arguments[])
{
    struct exercise exercise;
    char path[PATH_SIZE];
    int status = exercise_pick(guide, arguments, &exercise);

    if (status != 0)
        return status;
    for (int i = 0; i < 2; i++) {
        if (!mine_path(&exercise, exercise_files[i], path))
            return 1;
        if (access(path, F_OK) == 0) {
            say_of(guide, &exercise, "started-before");
            return 1;
        }
    }
    status = put_pair(guide, &exercise, exercise_start_text);
    if (status == 0)
        say_of(guide, &exercise, "started");
    return status;
}

int command_reset(const struct guide *guide, char *arguments[])
{
    struct exercise exercise;
    int status = exercise_pick(guide, arguments, &exercise);

    if (status == 0)
        status = put_pair(guide, &exercise, exercise_start_text);
    if (status == 0)
        say_of(guide, &exercise, "reset");
    return status;
}

int command_hint(const struct guide *guide, char *arguments[])
{
    struct exercise exercise;
    int status = exercise_pick(guide, arguments, &exercise);
    if (status != 0)
        return status;

    struct progress progress = progress_of(guide, exercise.name);
    if (progress.hints < HINTS)
        progress.hints++;
    fputs(title_of(exercise.name, guide->language), stdout);
    for (int i = 1; i <= progress.hints; i++) {
        char key[16];
        snprintf(key, sizeof key, "hint-%d", i);
        printf("\n(%d/%d)\n", i, HINTS);
        text_write(stdout, exercise.name, key, guide->language, NULL);
    }
    say_of(guide, &exercise,
           progress.hints < HINTS ? "hint-more" : "hint-last");
    return progress_save(guide, exercise.name, &progress) ? 0 : 1;
}

/* Show a patch as what is to be changed; backwards, if it is the one that put
 * the bugs in. */
static void show_patch(const char *patch, bool backwards)
{
    for (const char *line = patch; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        bool head =
            strncmp(line, "---", 3) == 0 || strncmp(line, "+++", 3) == 0;
        char sign = *line;
        if (backwards && !head && (sign == '+' || sign == '-'))
            sign = sign == '+' ? '-' : '+';
        if (strncmp(line, "+++ b/", 6) == 0)
            printf("\n%.*s\n", (int)length - 6, line + 6);
        else if (!head && length > 0)
            printf("%c%.*s\n", sign, (int)length - 1, line + 1);
        line += length + (line[length] == '\n');
    }
}

static int show_solution(const struct guide *guide,
                         const struct exercise *exercise)
{
    char path[PATH_SIZE];
    bool backwards = false;

    if (!path_join(path, exercise->folder, "solution.patch"))
        return 1;
    char *patch = file_read(path);
    if (patch == NULL && errno == ENOENT) {
        backwards = true;
        if (!path_join(path, exercise->folder, "start.patch"))
            return 1;
        patch = file_read(path);
    }
    if (patch == NULL)
        return say_errno(path);
    show_patch(patch, backwards);
    free(patch);
    putchar('\n');
    text_write(stdout, exercise->name, "why", guide->language, NULL);
    return 0;
}

int command_solution(const struct guide *guide, char *arguments[])
{
    struct exercise exercise;
    bool anyway = false, write = false;
    char **kept = arguments;
    for (char **a = arguments; *a != NULL; a++) {
        if (strcmp(*a, "--anyway") == 0)
            anyway = true;
        else if (strcmp(*a, "--write") == 0)
            write = true;
        else
            *kept++ = *a;
    }
    *kept = NULL;
    int status = exercise_pick(guide, arguments, &exercise);
    if (status != 0)
        return status;

    struct progress progress = progress_of(guide, exercise.name);
    if (!anyway && progress.passed[0] == '\0' &&
        progress.tries < TRIES_BEFORE_SOLUTION) {
        say_of(guide, &exercise, "solution-later");
        return 1;
    }
    status = show_solution(guide, &exercise);
    if (status == 0 && write)
        status = put_pair(guide, &exercise, exercise_solution_text);
    return status;
}
