/* options.h - the one option parser of every lesson program.
 *
 *   --host ADDRESS  --port N  --lang en|pt-BR  --step  --hold STEP  --brief
 *   --clients N (servers)  --help  --version  [MESSAGE] (where one is taken)
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

enum { MESSAGE_MAX = 1000 }; /* bytes of MESSAGE that are taken */

struct options {
    const char *command;  /* how the program was called: argv[0] */
    struct in_addr host;  /* network byte order; 127.0.0.1 unless --host */
    uint16_t port;        /* host byte order; the lesson's own unless --port */
    const char *language; /* "en" or "pt-BR" */
    bool step;            /* wait for Enter after each step */
    const char *hold;     /* wait for Enter after this step, or NULL */
    bool brief;           /* step lines only */
    long clients;         /* a server's number of clients; 0: no limit */
    const char *message;  /* the client's argument, or NULL */
};

/* Read the command line of program ("server/01-first-connection"). --help and
 * --version print and end the program with exit status 0; wrong use says what
 * is wrong and ends it with 2. A host name is resolved to an IPv4 address
 * (getaddrinfo(3)); one that does not resolve ends the program with 1. */
struct options options_read(const char *program, int argc, char *argv[]);

#endif
