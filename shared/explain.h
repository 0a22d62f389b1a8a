/* explain.h - find on this machine why a call failed, and what to type next.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdio.h>

#include "step.h"

/* Write to out, in the lesson's language, what errno code means, which cause
 * was found on this machine (who holds the port, how many seconds TIME-WAIT
 * has left, what the kernel's setting is), and, where one is known to work, a
 * command to type next. Says so where this system does not tell. call is
 * "bind", "connect", ...; host and port are those of lesson->options. */
void explain(FILE *out, const struct lesson *lesson, const char *call,
             int code);

#endif
