/* explain_parts.h - what explain.c, explain_bind.c and explain_connect.c have
 * in common: the story that is told about one error.
 */
#ifndef EXPLAIN_PARTS_H
#define EXPLAIN_PARTS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sockets.h"
#include "step.h"

/* What was found out, as the texts of lessons/errors.md name it: {host},
 * {port}... "" for what is not known; such a text is then not told. */
struct story {
    FILE *out;
    const struct lesson *lesson;
    struct endpoint asked; /* {host} and {port}: those of the options */
    char host[INET_ADDRSTRLEN], port[8];
    char local[ENDPOINT_SIZE], remote[ENDPOINT_SIZE]; /* of a socket found */
    const char *state;
    char seconds[16];
    pid_t holder; /* its process: 0 when not known */
    char pid[24], user[64], program[sizeof((struct socket_owner *)0)->command];
    char first[8], last[8];   /* ports */
    char limit[24], most[24]; /* of open files */
    char command[1024];       /* what to type */
};

/* Write the text of topic "errors" with this key. */
void tell(const struct story *story, const char *key);

/* The same after an empty line: a command to type. */
void advise(const struct story *story, const char *key);

/* Put a socket into the story, with its program if that may be seen. */
void story_socket(struct story *story, const struct socket_row *row);

/* Tell which program has that socket, or why none is named. */
void tell_holder(const struct story *story, const struct socket_row *row);

/* Make {command}: how program is called, with --host and --port where they are
 * not what it takes by itself. False when that gets too long. */
bool story_command(struct story *story, const char *program,
                   struct in_addr host, uint16_t port);

/* One half of one lesson; lesson 0: no program of the suite. */
struct half {
    bool server;
    long lesson;
};

/* The half that this command line runs: "build/server/01-first-connection",
 * "./portolan server 1 --port 0", "./portolan run 1 --clients=1". */
struct half half_of(const char *command);

/* Would a socket bound to this endpoint and one bound to the asked one meet?
 * 0.0.0.0 meets every address, and so does ::, unless it is for IPv6 only,
 * which the table does not tell. */
bool endpoints_meet(const struct endpoint *there, const struct endpoint *asked);

/* Is the asked host on this machine for certain? */
bool asked_here(const struct story *story);

/* explain_bind.c */
void explain_in_use(struct story *story);
void explain_bind_refused(struct story *story);
void explain_not_mine(struct story *story);

/* explain_connect.c */
void explain_refused(struct story *story);
void explain_timed_out(struct story *story);

#endif
