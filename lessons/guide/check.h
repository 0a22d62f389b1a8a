/* check.h - build an exercise's pair and judge it. */
#ifndef CHECK_H
#define CHECK_H

#include "exercise.h"

/* Build, run the checks with limits, say the verdict, note it in my/progress.
 * 0 passed, 1 failed, 2 when the checks could not be run, 130 when a signal
 * came that wants us to end. */
int check_exercise(const struct guide *guide, const struct exercise *exercise);

/* Pick the exercise to be checked; from here on signals end the check in an
 * orderly way. 0, or the exit status when there is none, or no copy of it. */
int check_begin(const struct guide *guide, char *const arguments[],
                struct exercise *exercise);

#endif
