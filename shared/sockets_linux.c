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

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
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

struct visitor {
    bool (*visit)(const struct socket_row *row, void *context);
    void *context;
    bool shown;   /* at least one row: too late to begin again elsewhere */
    bool stopped; /* visit() wants no more */
};

static void show(struct visitor *visitor, const struct socket_row *row)
{
    visitor->shown = true;
    visitor->stopped = !visitor->visit(row, visitor->context);
}

/* The kernel's number for a state (include/net/tcp_states.h) is not ours. */
static enum tcp_state state_of(unsigned number)
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
static void forget_no_peer(struct endpoint *remote)
{
    if (remote->port == 0 && endpoint_is_any(remote))
        *remote = (struct endpoint){ .family = AF_UNSPEC };
}

/* An IPv4 connection that a dual-stack IPv6 socket accepted stands in the
 * table as ::ffff:127.0.0.1. It is the same connection: compare it as IPv4. */
static struct endpoint unmapped(const struct endpoint *endpoint)
{
    static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };
    struct endpoint four = { .family = AF_INET, .port = endpoint->port };

    if (endpoint->family != AF_INET6 ||
        memcmp(endpoint->address, prefix, sizeof prefix) != 0)
        return *endpoint;
    memcpy(four.address, endpoint->address + sizeof prefix, 4);
    return four;
}

static bool same_connection(const struct socket_row *row,
                            const struct endpoint *local,
                            const struct endpoint *remote)
{
    struct endpoint a = unmapped(&row->local), b = unmapped(local);
    struct endpoint c = unmapped(&row->remote), d = unmapped(remote);

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
        .state = state_of(from.state),
        .user = from.user,
        .inode = from.inode,
    };
    forget_no_peer(&row->remote);
    if (row->state == TCP_STATE_TIME_WAIT) /* in ms; we round up */
        row->seconds_left = from.expires / 1000 + (from.expires % 1000 != 0);
    return true;
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
    int why = errno;
    close(fd);
    errno = why;
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
            show(visitor, &row);
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
    if (fd != -1) {
        int why = errno;
        close(fd);
        errno = why;
    }
    return more;
}

/* Fill *row with the socket to which the kernel would give a segment of this
 * connection: when there is none, that is a listener, if there is one.
 * 1: filled; 0: no such socket; -1: the kernel was not to be asked. */
static int diag_find(const struct endpoint *local,
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
        return -1;
    ssize_t n = receive(fd, buffer);
    close(fd);

    struct message_header header;
    if (n == -1 || !read_header(buffer, (size_t)n, &header))
        return -1;
    if (error_in(buffer, &header) == ENOENT)
        return 0;
    return diag_parse(buffer, (size_t)n, row) ? 1 : -1;
}

/* ---- /proc/net/tcp ---------------------------------------------------- */

/* The small readers below take a place in the line and give the place after
 * what they read, or NULL; and NULL when they are given NULL. */

static const char *take_char(const char *at, char c)
{
    return at != NULL && *at == c ? at + 1 : NULL;
}

static const char *skip_spaces(const char *at)
{
    return at == NULL ? NULL : at + strspn(at, " ");
}

static const char *skip_word(const char *at)
{
    at = skip_spaces(at);
    size_t length = at == NULL ? 0 : strcspn(at, " \n");
    return length == 0 ? NULL : at + length;
}

static const char *take_hex(const char *at, int digits, uint32_t *value)
{
    *value = 0;
    for (int i = 0; i < digits && at != NULL; i++, at++) {
        if (!isxdigit((unsigned char)*at))
            return NULL;
        int c = tolower((unsigned char)*at);
        int digit = isdigit(c) ? c - '0' : c - 'a' + 10;
        *value = *value << 4 | (uint32_t)digit;
    }
    return at;
}

static const char *take_decimal(const char *at, uint32_t *value)
{
    uint64_t number = 0;

    at = skip_spaces(at);
    if (at == NULL || !isdigit((unsigned char)*at))
        return NULL;
    for (; isdigit((unsigned char)*at); at++) {
        number = number * 10 + (uint64_t)(*at - '0');
        if (number > UINT32_MAX)
            return NULL;
    }
    *value = (uint32_t)number;
    return at;
}

/* "0100007F:1A4B": each 32-bit word of the address is printed as a number of
 * this machine's byte order, so it goes back into memory as one. The port is
 * printed as the number that it is. */
static const char *take_endpoint(const char *at, sa_family_t family,
                                 struct endpoint *endpoint)
{
    uint32_t word, port;

    at = skip_spaces(at);
    *endpoint = (struct endpoint){ .family = family };
    for (size_t i = 0; i < (family == AF_INET ? 4u : 16u); i += sizeof word) {
        at = take_hex(at, 8, &word);
        memcpy(endpoint->address + i, &word, sizeof word);
    }
    at = take_hex(take_char(at, ':'), 4, &port);
    endpoint->port = (uint16_t)port;
    return at;
}

/* tm->when counts ticks of 1/100 s (USER_HZ) until the timer runs out. */
static unsigned seconds_of(uint32_t ticks)
{
    long each = sysconf(_SC_CLK_TCK);
    uint32_t second = each > 0 ? (uint32_t)each : 100;

    return ticks / second + (ticks % second != 0);
}

/*   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt
 *    0: 0100007F:1A4B 00000000:0000 0A 00000000:00000000 00:00000000 00000000
 *       uid  timeout inode
 *      1000        0 22173 ... */
bool proc_tcp_parse(const char *line, sa_family_t family,
                    struct socket_row *row)
{
    struct socket_row found = { .protocol = IPPROTO_TCP };
    uint32_t slot, state, timer, ticks, user, inode;

    if (family != AF_INET && family != AF_INET6)
        return false;
    const char *at = take_char(take_decimal(line, &slot), ':');
    at = take_endpoint(at, family, &found.local);
    at = take_endpoint(at, family, &found.remote);
    at = take_hex(take_char(at, ' '), 2, &state);
    at = skip_word(at); /* the queues */
    at = take_char(take_hex(take_char(at, ' '), 2, &timer), ':');
    at = take_hex(at, 8, &ticks);
    at = skip_word(at); /* retransmissions */
    at = take_decimal(at, &user);
    at = skip_word(at); /* timeout */
    at = take_decimal(at, &inode);
    if (at == NULL || (*at != ' ' && *at != '\n')) /* the line was cut */
        return false;

    forget_no_peer(&found.remote);
    found.state = state_of(state);
    found.user = user;
    found.inode = inode;
    if (found.state == TCP_STATE_TIME_WAIT)
        found.seconds_left = seconds_of(ticks);
    *row = found;
    return true;
}

/* 0 when every row was shown or visit() wants no more; -1 with errno. */
static int proc_visit(const char *path, sa_family_t family,
                      struct visitor *visitor)
{
    char line[512]; /* the longest has under 200 bytes */
    struct socket_row row;

    FILE *file = fopen(path, "r");
    if (file == NULL)
        return -1;
    while (!visitor->stopped && fgets(line, sizeof line, file) != NULL)
        if (proc_tcp_parse(line, family, &row))
            show(visitor, &row);
    int result = ferror(file) ? -1 : 0;
    int why = errno;
    fclose(file);
    errno = why;
    return result;
}

/* ---- the table, from whichever tells ---------------------------------- */

static int netlink_table(struct visitor *visitor)
{
    if (diag_visit(AF_INET, visitor) == -1)
        return -1;
    return visitor->stopped ? 0 : diag_visit(AF_INET6, visitor);
}

static int proc_table(struct visitor *visitor)
{
    if (proc_visit("/proc/net/tcp", AF_INET, visitor) == -1)
        return -1;
    if (!visitor->stopped &&
        proc_visit("/proc/net/tcp6", AF_INET6, visitor) == -1)
        return errno == ENOENT ? 0 : -1; /* a kernel without IPv6 */
    return 0;
}

int sockets_visit(bool (*visit)(const struct socket_row *row, void *context),
                  void *context)
{
    struct visitor visitor = { .visit = visit, .context = context };

    if (netlink_table(&visitor) == 0)
        return 0;
    return visitor.shown ? -1 : proc_table(&visitor);
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
    struct endpoint from = unmapped(local), to = unmapped(remote);
    struct search search = { &from, &to, TCP_STATE_CLOSED };
    struct socket_row row;

    switch (diag_find(&from, &to, &row)) {
    case 0: return TCP_STATE_CLOSED;
    case 1:
        return same_connection(&row, &from, &to) ? row.state : TCP_STATE_CLOSED;
    }
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
    return state_of(state);
}

/* ---- who owns a socket ------------------------------------------------ */

/* The beginning of a file, at most size - 1 bytes, ended with a NUL (it may
 * hold others). How many bytes; 0 when it cannot be read. */
static size_t read_start(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    size_t n = 0;

    if (file != NULL) {
        n = fread(text, 1, size - 1, file);
        fclose(file);
    }
    text[n] = '\0';
    return n;
}

/* Arguments are separated by NULs. What a program calls itself is not to be
 * trusted: no byte of it may move somebody's cursor. */
static void read_command(long pid, char *command, size_t size)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%ld/cmdline", pid);
    size_t length = read_start(path, command, size);
    while (length > 0 && command[length - 1] == '\0')
        length--;
    for (size_t i = 0; i < length; i++)
        if (command[i] == '\0')
            command[i] = ' ';
        else if (command[i] < ' ' || command[i] > '~')
            command[i] = '?';
}

/* Is one of the process's descriptors a link to this socket? */
static bool holds(long pid, const char *socket_name)
{
    char path[64], link[64];
    bool found = false;

    snprintf(path, sizeof path, "/proc/%ld/fd", pid);
    DIR *descriptors = opendir(path);
    if (descriptors == NULL)
        return false; /* not ours to look into, or gone */
    struct dirent *entry;
    while (!found && (entry = readdir(descriptors)) != NULL) {
        ssize_t n = readlinkat(dirfd(descriptors), entry->d_name, link,
                               sizeof link - 1);
        link[n > 0 ? n : 0] = '\0';
        found = strcmp(link, socket_name) == 0;
    }
    closedir(descriptors);
    return found;
}

struct socket_owner socket_owner(unsigned long inode)
{
    struct socket_owner owner = { .pid = 0 };
    char name[64];
    snprintf(name, sizeof name, "socket:[%lu]", inode);

    DIR *processes = inode == 0 ? NULL : opendir("/proc");
    if (processes == NULL)
        return owner;
    struct dirent *entry;
    while (owner.pid == 0 && (entry = readdir(processes)) != NULL) {
        long pid = strtol(entry->d_name, NULL, 10); /* 0: no process */
        if (pid <= 0 || !holds(pid, name))
            continue;
        owner.pid = (pid_t)pid;
        read_command(pid, owner.command, sizeof owner.command);
    }
    closedir(processes);
    return owner;
}

/* ---- settings --------------------------------------------------------- */

bool ephemeral_range(uint16_t *low, uint16_t *high)
{
    char text[64];
    unsigned from, to;

    read_start("/proc/sys/net/ipv4/ip_local_port_range", text, sizeof text);
    if (sscanf(text, "%5u %5u", &from, &to) != 2 || from > to ||
        to > UINT16_MAX)
        return false;
    *low = (uint16_t)from;
    *high = (uint16_t)to;
    return true;
}

int first_unprivileged_port(void)
{
    char text[64];
    unsigned first;

    read_start("/proc/sys/net/ipv4/ip_unprivileged_port_start", text,
               sizeof text);
    if (sscanf(text, "%5u", &first) != 1 || first > UINT16_MAX + 1u)
        return -1;
    return (int)first;
}

#endif
