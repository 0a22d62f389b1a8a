/* sockets.h - the kernel's own view: its table of sockets and its settings.
 *
 * Each system tells this in a way of its own: sockets_linux.c speaks netlink
 * (sock_diag(7)) and reads /proc; on a system that has no file here yet,
 * sockets_other.c answers "cannot tell". Nothing is changed, nothing is
 * resolved to a name, and no root is needed.
 */
#ifndef SOCKETS_H
#define SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "endpoint.h"

/* RFC 9293 section 3.3.2. Numbers are our own, in the order of that text. */
enum tcp_state {
    TCP_STATE_UNKNOWN, /* this system does not tell */
    TCP_STATE_LISTEN,
    TCP_STATE_SYN_SENT,
    TCP_STATE_SYN_RECEIVED,
    TCP_STATE_ESTABLISHED,
    TCP_STATE_FIN_WAIT_1,
    TCP_STATE_FIN_WAIT_2,
    TCP_STATE_CLOSE_WAIT,
    TCP_STATE_CLOSING,
    TCP_STATE_LAST_ACK,
    TCP_STATE_TIME_WAIT,
    TCP_STATE_CLOSED, /* also: the table has no such row */
};

/* The RFC's word: "TIME-WAIT"; "-" for TCP_STATE_UNKNOWN. Never NULL. */
const char *tcp_state_name(enum tcp_state state);

/* The state of an open TCP socket, from the kernel (tcp(7), TCP_INFO). Of a
 * socket whose connection went on to TIME-WAIT it says CLOSED: ask
 * connection_state() for that row. */
enum tcp_state socket_state(int fd);

/* The state of the row that the table has for this TCP connection, seen from
 * its local end; CLOSED when there is none (any more), UNKNOWN when this
 * system does not tell. Works after close(), too. */
enum tcp_state connection_state(const struct endpoint *local,
                                const struct endpoint *remote);

struct socket_row {
    int protocol; /* IPPROTO_TCP */
    struct endpoint local;
    struct endpoint remote; /* family AF_UNSPEC when there is no peer */
    enum tcp_state state;   /* a bound, silent socket is CLOSED */
    unsigned seconds_left;  /* of TIME-WAIT; 0 in every other state */
    uid_t user;             /* of the owner; not meaningful for inode 0 */
    unsigned long inode;    /* 0: no program owns it (any more, or yet) */
};

/* Show every TCP row (IPv4 and IPv6) to visit(), until it returns false.
 * 0 when the table was read, -1 with errno when it could not be (ENOTSUP: not
 * on this system). */
int sockets_visit(bool (*visit)(const struct socket_row *row, void *context),
                  void *context);

struct socket_owner {
    pid_t pid;         /* 0 when this user may not know */
    char command[256]; /* its command line, cut to fit; "" when unknown */
};

/* Who holds the socket with this inode? One of the holders, if several do.
 * Only the processes that this user may look into are found (proc(5)). */
struct socket_owner socket_owner(unsigned long inode);

/* The range from which connect() and bind(0) take ports, host byte order;
 * false where this system does not tell (ip(7), ip_local_port_range). */
bool ephemeral_range(uint16_t *low, uint16_t *high);

/* The lowest port that a user without privilege may bind, 0 to 65536; -1
 * where this system does not tell (ip(7), ip_unprivileged_port_start). */
int first_unprivileged_port(void);

#endif
