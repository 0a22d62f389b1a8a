/* step_line.h - read back the one line that every step prints (shared/step.h).
 */
#ifndef STEP_LINE_H
#define STEP_LINE_H

#include <stdbool.h>

#include "endpoint.h"

struct step_line {
    char program[64]; /* "server/01-first-connection" */
    char step[32];    /* "send-rest" */
    char transport[4];
    struct endpoint local, remote; /* family AF_UNSPEC for "-" */
    char state[16];                /* "ESTABLISHED", or "-" */
    bool has_bytes;
    unsigned long bytes;
    char data[320]; /* as it stands in the line, quotes and all; "" if none */
};

/* Is this line a step line? Then *out is what it says. The line may end with
 * a newline or without. */
bool step_line_parse(const char *line, struct step_line *out);

#endif
