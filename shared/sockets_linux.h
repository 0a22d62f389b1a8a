/* sockets_linux.h - what sockets_linux.c and sockets_linux_proc.c share.
 *
 * The two parsers get bytes and nothing else, so that a fuzzer can feed them.
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

struct visitor {
    bool (*visit)(const struct socket_row *row, void *context);
    void *context;
    bool shown;   /* at least one row: too late to begin again elsewhere */
    bool stopped; /* visit() wants no more */
};

/* Give the row to visit(). */
void linux_show(struct visitor *visitor, const struct socket_row *row);

/* All rows of /proc/net/tcp and tcp6: 0, or -1 with errno. */
int linux_proc_table(struct visitor *visitor);

/* The kernel's number for a state (include/net/tcp_states.h) is not ours. */
enum tcp_state linux_state(unsigned number);

/* 0.0.0.0:0 in the place of a peer means that there is none: AF_UNSPEC. */
void linux_no_peer(struct endpoint *remote);

#endif
