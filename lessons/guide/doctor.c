/* doctor.c - ./portolan doctor: what will be different on this machine today.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "files.h"
#include "guide.h"
#include "ports.h"
#include "screen.h"
#include "sockets.h"

/* One finding: the label's text, and what was found. */
static void find(const struct guide *guide, const char *key, const char *value)
{
    say_value(guide, stdout, key, value);
}

/* The first line that a command prints; "" when there is no such command. */
static void first_line(const char *command, char line[128])
{
    FILE *output = popen(command, "r");

    line[0] = '\0';
    if (output == NULL)
        return;
    if (fgets(line, 128, output) == NULL)
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    while (getc(output) != EOF)
        continue;
    pclose(output);
}

static void tool(const struct guide *guide, const char *command,
                 const char *found, const char *missing)
{
    char line[128];

    first_line(command, line);
    find(guide, line[0] != '\0' ? found : missing, line);
}

static void tools(const struct guide *guide)
{
    tool(guide, "${CC:-cc} --version 2>/dev/null", "doctor-cc", "doctor-no-cc");
    tool(guide, "make --version 2>/dev/null", "doctor-make", "doctor-no-make");
    tool(guide, "bats --version 2>/dev/null", "doctor-bats", "doctor-no-bats");
}

static void system_kind(const struct guide *guide)
{
    struct utsname name;
    char line[512];

    if (uname(&name) == -1)
        return;
    snprintf(line, sizeof line, "%s %s", name.sysname, name.release);
    find(guide, "doctor-system", line);
    if (access("/.dockerenv", F_OK) == 0 ||
        access("/run/.containerenv", F_OK) == 0)
        find(guide, "doctor-container", "");
    if (strstr(name.release, "icrosoft") != NULL)
        find(guide, "doctor-wsl", "");
}

static void ranges(const struct guide *guide)
{
    uint16_t low, high;
    char line[64];

    if (ephemeral_range(&low, &high)) {
        snprintf(line, sizeof line, "%d-%d", low, high);
        find(guide, "doctor-ephemeral", line);
    } else {
        find(guide, "doctor-no-ephemeral", "");
    }
    int first = first_unprivileged_port();
    snprintf(line, sizeof line, "%d", first);
    if (first == -1)
        find(guide, "doctor-no-privileged", "");
    else
        find(guide, first == 0 ? "doctor-all-open" : "doctor-privileged", line);
}

/* Can a socket be bound there? */
static bool can_bind(int family, const struct sockaddr *address,
                     socklen_t length)
{
    int fd = socket(family, SOCK_STREAM, 0);
    bool can = fd != -1 && bind(fd, address, length) == 0;

    if (fd != -1)
        close(fd);
    return can;
}

static void addresses(const struct guide *guide)
{
    struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
    struct sockaddr_in second = { .sin_family = AF_INET };

    inet_pton(AF_INET6, "::1", &six.sin6_addr);
    inet_pton(AF_INET, "127.0.0.2", &second.sin_addr);
    find(guide,
         can_bind(AF_INET6, (struct sockaddr *)&six, sizeof six)
             ? "doctor-ipv6"
             : "doctor-no-ipv6",
         "");
    find(guide,
         can_bind(AF_INET, (struct sockaddr *)&second, sizeof second)
             ? "doctor-second"
             : "doctor-no-second",
         "");
    find(guide,
         access("/etc/services", R_OK) == 0 ? "doctor-services"
                                            : "doctor-no-services",
         "");
}

struct block {
    const struct guide *guide; /* NULL: only count */
    uint16_t base;
    int listeners;
    int foreign; /* of these, another user's */
};

static bool in_block(const struct socket_row *row, void *context)
{
    struct block *block = context;

    if (row->state != TCP_STATE_LISTEN || row->local.port < block->base ||
        row->local.port >= block->base + PORT_BLOCK_SIZE)
        return true;
    block->listeners++;
    block->foreign += row->user != getuid();
    if (block->guide == NULL)
        return true;
    char endpoint[ENDPOINT_SIZE], pid[32];
    struct socket_owner owner = socket_owner(row->inode);
    endpoint_text(&row->local, endpoint);
    snprintf(pid, sizeof pid, "%ld", (long)owner.pid);
    const struct fill fills[] = { { "endpoint", endpoint },
                                  { "pid", pid },
                                  { "program", owner.command },
                                  { NULL, NULL } };
    say(block->guide, stdout,
        owner.pid != 0 ? "doctor-listener" : "doctor-listener-unknown", fills);
    return true;
}

/* A block of a hundred ports for this user: neighbours by user number get
 * neighbouring blocks, all below the ephemeral range, and nobody else listens
 * there now. 0 when there is none. */
static unsigned own_block(void)
{
    uint16_t low = 32768, high;
    enum { FIRST = 10000 };

    ephemeral_range(&low, &high);
    unsigned first = low >= FIRST + 10 * PORT_BLOCK_SIZE ? FIRST : 1100;
    unsigned count = low > first ? (low - first) / PORT_BLOCK_SIZE : 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned slot = ((unsigned)getuid() + i) % count;
        struct block block = { .base =
                                   (uint16_t)(first + slot * PORT_BLOCK_SIZE) };
        sockets_visit(in_block, &block);
        if (block.foreign == 0)
            return block.base;
    }
    return 0;
}

static void ports(const struct guide *guide)
{
    struct block block = { .guide = guide, .base = port_base() };
    char line[64];

    snprintf(line, sizeof line, "%d-%d", block.base,
             block.base + PORT_BLOCK_SIZE - 1);
    find(guide, "doctor-block", line);
    if (sockets_visit(in_block, &block) == -1)
        find(guide, "doctor-no-table", "");
    else if (block.listeners == 0)
        find(guide, "doctor-block-free", "");
    unsigned own = own_block();
    const char *base = getenv("PORTOLAN_PORT_BASE");
    snprintf(line, sizeof line, "%u", own);
    if (block.foreign > 0 && own != 0)
        find(guide, "doctor-shared", line);
    else if ((base == NULL || *base == '\0') && own != 0)
        find(guide, "doctor-own", line);
}

static void screen(const struct guide *guide)
{
    struct screen seen = screen_of(guide->plain);
    char line[64];

    snprintf(line, sizeof line, "%d", seen.width);
    find(guide, "doctor-width", line);
    find(guide, seen.utf8 ? "doctor-utf8" : "doctor-no-utf8", "");
}

int command_doctor(const struct guide *guide, char *arguments[])
{
    if (arguments[0] != NULL)
        return wrong_use(guide, "unexpected", arguments[0]);
    system_kind(guide);
    tools(guide);
    ranges(guide);
    addresses(guide);
    ports(guide);
    screen(guide);
    return 0;
}
