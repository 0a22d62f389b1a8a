/* check.h - build an exercise's pair and judge it. */
#ifndef CHECK_H
#define CHECK_H

#include "exercise.h"

/* Build, run the checks with limits, say the verdict, note it in my/progress.
 * 0 passed, 1 failed, 130 when a signal came that wants us to end. */
int check_exercise(const struct guide *guide, const struct exercise *exercise);

/* Say that there is no copy to check; the exit status for that. */
int not_started(const struct guide *guide, const struct exercise *exercise);

#endif
