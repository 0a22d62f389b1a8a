#include "exercise.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "lesson_names.h"
#include "patch.h"
#include "progress.h"

const char *const exercise_files[3] = { "server.c", "client.c", NULL };

/* The first exercise that is not passed, or the last one. */
static const char *next_to_do(const struct guide *guide, const char *lesson)
{
    const char *name = exercise_next(lesson, NULL), *next;

    while (name != NULL && progress_of(guide, name).passed[0] != '\0' &&
           (next = exercise_next(lesson, name)) != NULL)
        name = next;
    return name;
}

int exercise_pick(const struct guide *guide, char *const arguments[],
                  struct exercise *exercise)
{
    char inner[PATH_SIZE];

    if (arguments[0] == NULL)
        return wrong_use(guide, "which-exercise", "");
    if (arguments[0][0] == '-')
        return wrong_use(guide, "bad-option", arguments[0]);
    exercise->lesson = lesson_find(arguments[0]);
    if (exercise->lesson == NULL)
        return wrong_use(guide, "no-lesson", arguments[0]);
    if (arguments[1] == NULL)
        exercise->name = next_to_do(guide, exercise->lesson);
    else if (arguments[2] != NULL)
        return wrong_use(guide, "unexpected", arguments[2]);
    else
        exercise->name = exercise_find(exercise->lesson, arguments[1]);
    if (exercise->name == NULL)
        return wrong_use(guide, "no-exercise",
                         arguments[1] != NULL ? arguments[1] : "");

    const char *short_name = strchr(exercise->name, '/') + 1;
    snprintf(exercise->number, sizeof exercise->number, "%d %d",
             atoi(exercise->lesson), atoi(short_name));
    snprintf(inner, sizeof inner, "lessons/%s/exercises/%s", exercise->lesson,
             short_name);
    return path_join(exercise->folder, guide->home, inner) &&
                   path_join(exercise->mine, guide->my, exercise->name)
               ? 0
               : 1;
}

static char *fail(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return NULL;
}

/* The shipped half: "server.c" is server/NN-name.c. */
static char *shipped_text(const struct guide *guide,
                          const struct exercise *exercise, const char *file)
{
    char path[PATH_SIZE], name[PATH_SIZE];

    snprintf(name, sizeof name, "%.6s/%s.c", file, exercise->lesson);
    if (!path_join(path, guide->home, name))
        return NULL;
    char *text = file_read(path);
    return text != NULL ? text : fail(path);
}

/* The shipped half with one of the exercise's patches; without the patch, if
 * the exercise has none of that name. */
static char *patched_text(const struct guide *guide,
                          const struct exercise *exercise, const char *file,
                          const char *patch_name)
{
    char path[PATH_SIZE];
    char *shipped = shipped_text(guide, exercise, file);
    if (shipped == NULL || !path_join(path, exercise->folder, patch_name)) {
        free(shipped);
        return NULL;
    }
    char *patch = file_read(path);
    if (patch == NULL && errno == ENOENT)
        return shipped;
    char *text =
        patch != NULL ? patch_apply(patch, file, shipped, false) : NULL;
    if (text == NULL)
        fail(path);
    free(patch);
    free(shipped);
    return text;
}

char *exercise_start_text(const struct guide *guide,
                          const struct exercise *exercise, const char *file)
{
    return patched_text(guide, exercise, file, "start.patch");
}

/* solution.patch, like start.patch, is against the shipped pair: a bug hunt
 * has none, for there the shipped pair is the solution. */
char *exercise_solution_text(const struct guide *guide,
                             const struct exercise *exercise, const char *file)
{
    return patched_text(guide, exercise, file, "solution.patch");
}

int program_path(const struct guide *guide, const char *lesson,
                 const char *side, const char *mine, char path[PATH_SIZE])
{
    char inner[PATH_SIZE];
    struct exercise exercise = { .name = NULL };
    char *const which[] = { (char *)lesson, (char *)mine, NULL };
    int status = mine != NULL ? exercise_pick(guide, which, &exercise) : 0;
    if (status != 0)
        return status;

    if (mine != NULL)
        snprintf(inner, sizeof inner, ".build/%s", side);
    else
        snprintf(inner, sizeof inner, "build/%s/%s", side, lesson);
    if (!path_join(path, mine != NULL ? exercise.mine : guide->home, inner))
        return 1;
    if (access(path, X_OK) == 0)
        return 0;
    if (mine != NULL)
        say_value(guide, stderr, "mine-not-built", exercise.number);
    else
        say_value(guide, stderr, "not-built", path);
    return 1;
}
