/* step.h - show one step of a lesson: its text and the socket's 4-tuple.
 *
 * Nothing here opens, connects or closes a socket: those calls belong to
 * client/ and server/, where the reader can see them. The line that eyes,
 * tests and tools read is
 *
 *   server/01-first-connection accept: tcp local=127.0.0.1:6731
 *       remote=127.0.0.1:40122 state=ESTABLISHED
 *
 * in one line; remote=- while there is no peer, state=- where the kernel does
 * not tell. Steps that moved bytes add  bytes=10 data="hello, ser".
 */
#ifndef STEP_H
#define STEP_H

#include <stdbool.h>
#include <stddef.h>

#include "endpoint.h"
#include "options.h"

struct lesson {
    const char *program; /* "server/01-first-connection": whose steps */
    struct options options;
    int steps;        /* shown so far */
    uint64_t told;    /* which texts were shown: one bit each */
    bool interrupted; /* Ctrl-C came while we waited */
};

/* Both ends of a socket, as the kernel tells them (getsockname(2),
 * getpeername(2)), for steps that come after the socket is gone. */
struct tuple {
    struct endpoint local, remote;
    char local_text[ENDPOINT_SIZE], remote_text[ENDPOINT_SIZE];
};

/* Begin: read the options, make stdout line-buffered, ignore SIGPIPE (a send()
 * to a peer that is gone fails with EPIPE instead of killing us). */
struct lesson lesson_begin(const char *program, int argc, char *argv[]);

/* The tuple of an open socket; a half that it does not have is AF_UNSPEC. */
struct tuple tuple_of(int fd);

/* Show a step just taken on an open socket. */
void step(struct lesson *lesson, const char *name, int fd);

/* The same for a step that sent or received these bytes. */
void step_bytes(struct lesson *lesson, const char *name, int fd,
                const char *bytes, size_t count);

/* Show a step that ends a connection: the tuple that it had, and the state of
 * the row that the kernel's table has for it now. The socket may be closed. */
void step_row(struct lesson *lesson, const char *name,
              const struct tuple *tuple);

#endif
