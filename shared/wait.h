/* wait.h - wait for a socket, and for Ctrl-C, without missing either. */
#ifndef WAIT_H
#define WAIT_H

#include <stdbool.h>

#include "step.h"

/* From here on Ctrl-C does not kill: it takes effect in the two waits below,
 * and where --step waits for Enter, so that a program can close what it has
 * open. (SIGINT is blocked but while we wait: sigprocmask(2), pselect(2).) */
void catch_interrupt(void);

/* Wait until fd has something to read: bytes, the end of the stream, an error,
 * or, on a listener, a connection to accept. False when Ctrl-C came instead,
 * now or in an earlier wait of this lesson. */
bool wait_readable(struct lesson *lesson, int fd);

/* The same until a send() of a few bytes will not block. */
bool wait_writable(struct lesson *lesson, int fd);

#endif
