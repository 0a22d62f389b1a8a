/* torture-sandbox.c - a sandbox: preloaded, it refuses netlink, so that the
 * kernel's table of sockets has to be read from /proc/net/tcp instead.
 */
#define _DEFAULT_SOURCE /* syscall() */
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int socket(int family, int type, int protocol)
{
    if (family != AF_NETLINK)
        return (int)syscall(SYS_socket, family, type, protocol);
    errno = EPERM;
    return -1;
}
