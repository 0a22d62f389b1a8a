/* causality.h - put the steps of two programs into an order that can have
 * been: nothing is received before it was sent.
 *
 * The two write at the same time, each in its own order, and which line we
 * happen to read first says nothing. But the step lines carry the kernel's
 * tuples and byte counts, and these tell what must have come before what.
 */
#ifndef CAUSALITY_H
#define CAUSALITY_H

#include <stdbool.h>
#include <stddef.h>

#include "step_line.h"

enum { FLOWS_MAX = 64 };

/* One direction of one connection: what from sent to to, so far. */
struct flow {
    struct endpoint from, to;
    unsigned long sent, received;
    bool ended; /* a FIN was sent */
};

/* Start with { .count = 0 }. */
struct causality {
    struct flow flows[FLOWS_MAX];
    size_t count;
};

/* Can this step have happened, after those that were noted? An accept needs
 * the connect, a receive needs the bytes to be sent, an end needs a FIN. */
bool causality_allows(const struct causality *causality,
                      const struct step_line *step);

/* Note that this step is shown. Of more than FLOWS_MAX flows the rest is not
 * followed, and all of their steps are allowed. */
void causality_note(struct causality *causality, const struct step_line *step);

/* Did the peer of this step's connection take part in what was noted? Of a
 * stranger's connection nothing can be said. */
bool causality_knows(const struct causality *causality,
                     const struct step_line *step);

/* Has the local end of this step sent its FIN already? */
bool causality_ended(const struct causality *causality,
                     const struct step_line *step);

/* Is this step of that kind: "send" and "send-rest" are both a "send". */
bool step_is(const struct step_line *step, const char *kind);

#endif
