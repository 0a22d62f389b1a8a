/* sockets_linux.h - the two readers of what the Linux kernel tells, on their
 * own: they get bytes and nothing else, so that a fuzzer can feed them.
 */
#ifndef SOCKETS_LINUX_H
#define SOCKETS_LINUX_H

#include "sockets.h"

/* One netlink message, header first (sock_diag(7)). length is how many bytes
 * there are from here to the end of what was received; message need not be
 * aligned. True when it is whole and holds a TCP socket; false, and *row
 * untouched, when it is anything else. */
bool diag_parse(const void *message, size_t length, struct socket_row *row);

/* One line of /proc/net/tcp (AF_INET) or /proc/net/tcp6 (AF_INET6). False,
 * and *row untouched, for the heading and for whatever else is no row. */
bool proc_tcp_parse(const char *line, sa_family_t family,
                    struct socket_row *row);

#endif
