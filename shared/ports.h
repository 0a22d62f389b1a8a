/* ports.h - the port of every lesson, so that a pair cannot disagree.
 *
 * All lie in one block of user ports that IANA leaves unassigned, 6707-6713,
 * 6717-6766 and 6779-6783: no root is needed, and they are below the ephemeral
 * range of Linux, macOS, FreeBSD and Windows (not of OpenBSD's wide one), so no
 * client is handed one of them by chance.
 * RFC 6335 would rather have unassigned ports left alone; we use them on
 * loopback only. The environment variable PORTOLAN_PORT_BASE (default 6700)
 * moves the whole block, where many people share one machine.
 */
#ifndef PORTS_H
#define PORTS_H

#include <stdbool.h>
#include <stdint.h>

enum { PORT_BLOCK_SIZE = 100 };

/* A decimal port number, 0 to 65535, digits only; false, and *port untouched,
 * for anything else. (getaddrinfo() of glibc takes 70000 for 4464.) */
bool port_parse(const char *text, uint16_t *port);

/* The first port of the block, host byte order. Ends the program with exit
 * status 2 and a message when PORTOLAN_PORT_BASE is set and is no number from
 * 1024 to 65436. */
uint16_t port_base(void);

/* The port of a lesson program by its name, "server/01-first-connection" or
 * "client/01-first-connection", host byte order; 0 for a name that has none. */
uint16_t port_of(const char *program);

#endif
