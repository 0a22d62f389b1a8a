/* sockets_linux.c - the kernel's socket table on Linux.
 *
 * It is asked by netlink, as ss(8) does: a request with the address family,
 * and the kernel sends a row for every socket (sock_diag(7)). Where netlink is
 * refused (some sandboxes), the same table is read as text from /proc/net/tcp,
 * as netstat(8) does (proc(5)); that one leaves out sockets that are bound and
 * nothing else. Either way the table is that of our network namespace.
 */
#include "sockets_linux.h"

#ifdef __linux__

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* From <linux/netlink.h>, <linux/sock_diag.h>, <linux/inet_diag.h> and
 * <linux/tcp.h>: the kernel keeps these layouts and numbers for ever, and not
 * every C library brings those headers. The names are ours. */
enum {
    NETLINK_FOR_SOCK_DIAG = 4,
    MESSAGE_ERROR = 2,
    MESSAGE_DONE = 3,
    MESSAGE_SOCKET = 20, /* SOCK_DIAG_BY_FAMILY: a question and its rows */
    FLAG_REQUEST = 0x001,
    FLAG_DUMP = 0x300,
    EVERY_STATE = 0x3fff, /* a bit each; 13: bound and silent, Linux 6.8 */
    OPTION_TCP_INFO = 11,
};

struct message_header {
    uint32_t length; /* with this header */
    uint16_t type, flags;
    uint32_t sequence, sender;
};

struct diag_tuple {
    uint16_t local_port, remote_port; /* network byte order, as all here */
    unsigned char local[16], remote[16];
    uint32_t interface, cookie[2];
};

struct diag_request {
    struct message_header header;
    uint8_t family, protocol, extensions, pad;
    uint32_t states;
    struct diag_tuple tuple;
};

struct diag_row {
    uint8_t family, state, timer, retransmissions;
    struct diag_tuple tuple;
    uint32_t expires, receive_queue, send_queue, user, inode;
};

/* 32 KiB is the most that the kernel sends at once. */
enum { BUFFER_SIZE = 32768, WAIT_SECONDS = 2 };

void linux_show(struct visitor *visitor, const struct socket_row *row)
{
    visitor->shown = true;
    visitor->stopped = !visitor->visit(row, visitor->context);
}

/* The kernel's number for a state (include/net/tcp_states.h) is not ours. */
enum tcp_state linux_state(unsigned number)
{
    static const enum tcp_state states[] = {
        [1] = TCP_STATE_ESTABLISHED,  [2] = TCP_STATE_SYN_SENT,
        [3] = TCP_STATE_SYN_RECEIVED, [4] = TCP_STATE_FIN_WAIT_1,
        [5] = TCP_STATE_FIN_WAIT_2,   [6] = TCP_STATE_TIME_WAIT,
        [7] = TCP_STATE_CLOSED,       [8] = TCP_STATE_CLOSE_WAIT,
        [9] = TCP_STATE_LAST_ACK,     [10] = TCP_STATE_LISTEN,
        [11] = TCP_STATE_CLOSING,     [12] = TCP_STATE_SYN_RECEIVED,
        [13] = TCP_STATE_CLOSED,
    };
    if (number >= sizeof states / sizeof states[0])
        return TCP_STATE_UNKNOWN;
    return states[number];
}

/* 0.0.0.0:0 in the place of a peer means that there is none. */
void linux_no_peer(struct endpoint *remote)
{
    if (remote->port == 0 && endpoint_is_any(remote))
        *remote = (struct endpoint){ .family = AF_UNSPEC };
}

/* An IPv4 connection that a dual-stack IPv6 socket accepted stands in the
 * table as ::ffff:127.0.0.1. It is the same connection. */
static bool same_connection(const struct socket_row *row,
                            const struct endpoint *local,
                            const struct endpoint *remote)
{
    struct endpoint a = endpoint_plain(&row->local), b = endpoint_plain(local);
    struct endpoint c = endpoint_plain(&row->remote),
                    d = endpoint_plain(remote);

    return endpoint_equal(&a, &b) && endpoint_equal(&c, &d);
}

/* ---- netlink ---------------------------------------------------------- */

/* The header of the message that begins here; false when not all of the
 * message is there. */
static bool read_header(const void *message, size_t length,
                        struct message_header *header)
{
    if (length < sizeof *header)
        return false;
    memcpy(header, message, sizeof *header);
    return header->length >= sizeof *header && header->length <= length;
}

static struct endpoint diag_endpoint(sa_family_t family, uint16_t port,
                                     const unsigned char address[16])
{
    struct endpoint endpoint = { .family = family, .port = ntohs(port) };

    memcpy(endpoint.address, address, family == AF_INET ? 4 : 16);
    return endpoint;
}

bool diag_parse(const void *message, size_t length, struct socket_row *row)
{
    struct message_header header;
    struct diag_row from;

    if (!read_header(message, length, &header) ||
        header.type != MESSAGE_SOCKET ||
        header.length < sizeof header + sizeof from)
        return false;
    memcpy(&from, (const char *)message + sizeof header, sizeof from);
    if (from.family != AF_INET && from.family != AF_INET6)
        return false;

    const struct diag_tuple *tuple = &from.tuple;
    *row = (struct socket_row){
        .protocol = IPPROTO_TCP,
        .local = diag_endpoint(from.family, tuple->local_port, tuple->local),
        .remote = diag_endpoint(from.family, tuple->remote_port, tuple->remote),
        .state = linux_state(from.state),
        .user = from.user,
        .inode = from.inode,
    };
    linux_no_peer(&row->remote);
    if (row->state == TCP_STATE_TIME_WAIT) /* in ms; we round up */
        row->seconds_left = from.expires / 1000 + (from.expires % 1000 != 0);
    return true;
}

static void close_keeping_errno(int fd)
{
    int why = errno;
    close(fd);
    errno = why;
}

/* Ask the kernel: for this one connection, or for all when tuple is NULL. The
 * socket from which to receive the answer, or -1. */
static int diag_ask(sa_family_t family, const struct diag_tuple *tuple)
{
    struct diag_request request = {
        .header = { .length = sizeof request,
                    .type = MESSAGE_SOCKET,
                    .flags = FLAG_REQUEST },
        .family = (uint8_t)family,
        .protocol = IPPROTO_TCP,
        .states = EVERY_STATE,
    };
    if (tuple != NULL)
        request.tuple = *tuple;
    else
        request.header.flags |= FLAG_DUMP;

    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_FOR_SOCK_DIAG);
    if (fd == -1)
        return -1;
    /* The kernel answers at once. What only plays the kernel may not. */
    struct timeval patience = { .tv_sec = WAIT_SECONDS };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (send(fd, &request, sizeof request, 0) == sizeof request)
        return fd;
    close_keeping_errno(fd);
    return -1;
}

static ssize_t receive(int fd, char buffer[BUFFER_SIZE])
{
    ssize_t n;

    do
        n = recv(fd, buffer, BUFFER_SIZE, 0);
    while (n == -1 && errno == EINTR);
    return n;
}

/* The error that a message holds, 0 for none: an errno, negative. */
static int error_in(const char *message, const struct message_header *header)
{
    int32_t code;

    if (header->type != MESSAGE_ERROR && header->type != MESSAGE_DONE)
        return 0;
    if (header->length < sizeof *header + sizeof code)
        return header->type == MESSAGE_ERROR ? EBADMSG : 0;
    memcpy(&code, message + sizeof *header, sizeof code);
    return code < 0 && code > -4096 ? -code : 0;
}

/* Show the rows of one received buffer. 1: more will come; 0: that was all;
 * -1 with errno. */
static int diag_show(const char *at, size_t left, struct visitor *visitor)
{
    struct message_header header;
    struct socket_row row;

    while (read_header(at, left, &header)) {
        int code = error_in(at, &header);
        if (code != 0) {
            errno = code;
            return -1;
        }
        if (header.type == MESSAGE_DONE || header.type == MESSAGE_ERROR)
            return 0;
        if (diag_parse(at, left, &row))
            linux_show(visitor, &row);
        if (visitor->stopped)
            return 0;

        size_t step = ((size_t)header.length + 3) & ~(size_t)3; /* aligned */
        if (step >= left)
            return 1;
        at += step;
        left -= step;
    }
    errno = EBADMSG;
    return -1;
}

/* 0 when every row was shown or visit() wants no more; -1 with errno. */
static int diag_visit(sa_family_t family, struct visitor *visitor)
{
    char buffer[BUFFER_SIZE];
    int fd = diag_ask(family, NULL);
    int more = fd == -1 ? -1 : 1;

    while (more == 1) {
        ssize_t n = receive(fd, buffer);
        more = n == -1 ? -1 : diag_show(buffer, (size_t)n, visitor);
    }
    if (fd != -1)
        close_keeping_errno(fd);
    return more;
}

/* Fill *row with the socket to which the kernel would give a segment of this
 * connection: where there is no such connection, that is a listener, if there
 * is one. False when there is neither, or no answer: the kernel has one word
 * (ENOENT) for "no such socket" and for "I cannot be asked". */
static bool diag_find(const struct endpoint *local,
                      const struct endpoint *remote, struct socket_row *row)
{
    struct diag_tuple tuple = {
        .local_port = htons(local->port),
        .remote_port = htons(remote->port),
        .cookie = { UINT32_MAX, UINT32_MAX }, /* any */
    };
    memcpy(tuple.local, local->address, sizeof tuple.local);
    memcpy(tuple.remote, remote->address, sizeof tuple.remote);

    char buffer[BUFFER_SIZE];
    int fd = diag_ask(local->family, &tuple);
    if (fd == -1)
        return false;
    ssize_t n = receive(fd, buffer);
    close(fd);
    return n > 0 && diag_parse(buffer, (size_t)n, row);
}

/* ---- the table, from whichever tells ---------------------------------- */

static int netlink_table(struct visitor *visitor)
{
    if (diag_visit(AF_INET, visitor) == -1)
        return -1;
    return visitor->stopped ? 0 : diag_visit(AF_INET6, visitor);
}

int sockets_visit(bool (*visit)(const struct socket_row *row, void *context),
                  void *context)
{
    struct visitor visitor = { .visit = visit, .context = context };

    if (netlink_table(&visitor) == 0)
        return 0;
    return visitor.shown ? -1 : linux_proc_table(&visitor);
}

struct search {
    const struct endpoint *local, *remote;
    enum tcp_state state;
};

static bool look_for(const struct socket_row *row, void *context)
{
    struct search *search = context;

    if (!same_connection(row, search->local, search->remote))
        return true;
    search->state = row->state;
    return false;
}

enum tcp_state connection_state(const struct endpoint *local,
                                const struct endpoint *remote)
{
    struct endpoint from = endpoint_plain(local), to = endpoint_plain(remote);
    struct search search = { &from, &to, TCP_STATE_CLOSED };
    struct socket_row row;

    if (diag_find(&from, &to, &row))
        return same_connection(&row, &from, &to) ? row.state : TCP_STATE_CLOSED;
    if (sockets_visit(look_for, &search) == -1)
        return TCP_STATE_UNKNOWN;
    return search.state;
}

enum tcp_state socket_state(int fd)
{
    unsigned char state; /* struct tcp_info begins with it */
    socklen_t length = sizeof state;

    if (getsockopt(fd, IPPROTO_TCP, OPTION_TCP_INFO, &state, &length) == -1 ||
        length != sizeof state)
        return TCP_STATE_UNKNOWN;
    return linux_state(state);
}

#endif
