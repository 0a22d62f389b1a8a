/* die.h - an error that a learner meets is a lesson too.
 *
 * What was called, the symbol that manual pages list, the system's sentence;
 * then what it means, the cause as it was found on this machine, and a command
 * to type next (explain.h). All on stderr; texts in lessons/errors.md.
 */
#ifndef DIE_H
#define DIE_H

#include "step.h"

/* Explain errno and end the program with exit status 1. For errors before
 * there is a peer. call is "bind", "connect", ... */
_Noreturn void die(const struct lesson *lesson, const char *call);

/* Explain errno in short and go on. For errors with a peer: they end that
 * connection only. */
void complain(const struct lesson *lesson, const char *call);

/* "EADDRINUSE" for EADDRINUSE; NULL for an errno that no lesson has met. */
const char *errno_symbol(int code);

#endif
