/* progress.h - what the learner has done, in one plain text file, my/progress:
 * a line an exercise, to be read, copied and moved by hand.
 *
 *   01-first-connection/1-greeting tries=3 hints=1 passed=2026-03-01
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>

#include "guide.h"

struct progress {
    int tries;       /* checks that failed */
    int hints;       /* hints that were shown */
    char passed[16]; /* the day, or "" */
};

/* What the file says of an exercise; nothing done when it says nothing. */
struct progress progress_of(const struct guide *guide, const char *exercise);

/* Change that line and no other. False, and said on stderr, when it could not
 * be written: the old file is then still there. */
bool progress_save(const struct guide *guide, const char *exercise,
                   const struct progress *progress);

#endif
