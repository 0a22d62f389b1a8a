/* diagram.h - draw the steps of a pair: time runs down, the server's calls
 * stand on the left, the client's on the right, arrows between them.
 *
 *        listen ┤ 127.0.0.1:6731 ↔ -  LISTEN                │
 *               │◀───────────────── SYN ───────────────────│
 *               │   ESTABLISHED 127.0.0.1:6731 ↔ *127.0.0.1:40122 ├ connect
 *
 * Where nothing can be drawn (a pipe, --plain) the steps are printed as the
 * programs print them, and in a narrow window as a list.
 */
#ifndef DIAGRAM_H
#define DIAGRAM_H

#include <stdbool.h>

#include "causality.h"
#include "guide.h"
#include "screen.h"
#include "step_line.h"

struct diagram {
    const struct guide *guide;
    struct screen screen;
    bool draw;                  /* else: lines only */
    bool brief;                 /* without the texts */
    struct causality *flows;    /* the steps shown so far */
    struct endpoint last[2][2]; /* server's and client's local and remote */
    bool stepped[2];            /* has that half shown a step? */
    int steps;
    const char *told[64]; /* keys of the texts that were shown */
};

/* Begin: what the columns mean. */
void diagram_begin(const struct diagram *diagram);

/* Show a step, and note it in diagram->flows. line is it as it was printed. */
void diagram_show(struct diagram *diagram, const struct step_line *step,
                  const char *line);

#endif
