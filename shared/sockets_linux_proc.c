/* sockets_linux_proc.c - what Linux tells as text, in /proc: the socket table
 * once more (for where netlink is refused), who owns a socket, and settings.
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
#include <unistd.h>

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

    linux_no_peer(&found.remote);
    found.state = linux_state(state);
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
            linux_show(visitor, &row);
    int result = ferror(file) ? -1 : 0;
    int why = errno;
    fclose(file);
    errno = why;
    return result;
}

int linux_proc_table(struct visitor *visitor)
{
    if (proc_visit("/proc/net/tcp", AF_INET, visitor) == -1)
        return -1;
    if (!visitor->stopped &&
        proc_visit("/proc/net/tcp6", AF_INET6, visitor) == -1)
        return errno == ENOENT ? 0 : -1; /* a kernel without IPv6 */
    return 0;
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
