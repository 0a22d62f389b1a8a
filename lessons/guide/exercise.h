/* exercise.h - an exercise: where it stands, and the learner's copy of it.
 */
#ifndef EXERCISE_H
#define EXERCISE_H

#include <stdbool.h>

#include "guide.h"

struct exercise {
    const char *name;       /* "01-first-connection/1-greeting" */
    const char *lesson;     /* "01-first-connection" */
    char number[16];        /* "1 1", as it is typed */
    char folder[PATH_SIZE]; /* lessons/.../exercises/1-greeting */
    char mine[PATH_SIZE];   /* my/01-first-connection/1-greeting */
};

/* Which one do the arguments ("1", "1 2", "01-first-connection 2-lost-bytes")
 * mean? Without a second one, the first that is not passed. 0, or the exit
 * status of wrong use, which was said. */
int exercise_pick(const struct guide *guide, char *const arguments[],
                  struct exercise *exercise);

/* The file "server.c" or "client.c" as the learner starts with it, or as the
 * solution has it; malloc()ed. NULL when the suite's own files are not as they
 * should be, which was said on stderr. */
char *exercise_start_text(const struct guide *guide,
                          const struct exercise *exercise, const char *file);
char *exercise_solution_text(const struct guide *guide,
                             const struct exercise *exercise, const char *file);

/* The program of one half ("server" or "client") of a lesson: the shipped one,
 * or, where mine is the number or name of an exercise, the learner's own, as
 * the last check built it. 0, or the exit status of what went wrong, which was
 * said. */
int program_path(const struct guide *guide, const char *lesson,
                 const char *side, const char *mine, char path[PATH_SIZE]);

/* The two files of a pair, then NULL. */
extern const char *const exercise_files[3];

#endif
