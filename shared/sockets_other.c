/* sockets_other.c - a system that has no file of its own yet: every question
 * is answered "cannot tell".
 */
#include "sockets.h"

#ifndef __linux__

#include <errno.h>

enum tcp_state socket_state(int fd)
{
    (void)fd;
    return TCP_STATE_UNKNOWN;
}

enum tcp_state connection_state(const struct endpoint *local,
                                const struct endpoint *remote)
{
    (void)local;
    (void)remote;
    return TCP_STATE_UNKNOWN;
}

int sockets_visit(bool (*visit)(const struct socket_row *row, void *context),
                  void *context)
{
    (void)visit;
    (void)context;
    errno = ENOTSUP;
    return -1;
}

struct socket_owner socket_owner(unsigned long inode)
{
    struct socket_owner nobody = { .pid = 0 };

    (void)inode;
    return nobody;
}

bool ephemeral_range(uint16_t *low, uint16_t *high)
{
    (void)low;
    (void)high;
    return false;
}

int first_unprivileged_port(void)
{
    return -1;
}

#endif
