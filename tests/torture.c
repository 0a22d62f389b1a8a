/* torture.c - a bad day for a stream: preloaded, it cuts each send() and
 * recv() to three bytes, and lets every other send(), recv() and accept() fail
 * with EINTR. A program that loops as it should notices nothing. What is not a
 * TCP socket is left alone.
 */
#define _DEFAULT_SOURCE /* syscall() */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { RATION = 3 };

static bool is_stream(int fd)
{
    int type;
    socklen_t size = sizeof type;

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
           type == SOCK_STREAM;
}

/* True each second time, and then errno says why. */
static bool interrupted(unsigned *calls)
{
    errno = EINTR;
    return (*calls)++ % 2 == 0;
}

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    static unsigned calls;

    if (is_stream(fd)) {
        if (interrupted(&calls))
            return -1;
        length = length < RATION ? length : RATION;
    }
    return sendto(fd, bytes, length, flags, NULL, 0);
}

ssize_t recv(int fd, void *bytes, size_t length, int flags)
{
    static unsigned calls;

    if (is_stream(fd)) {
        if (interrupted(&calls))
            return -1;
        length = length < RATION ? length : RATION;
    }
    return recvfrom(fd, bytes, length, flags, NULL, NULL);
}

int accept(int fd, struct sockaddr *restrict address,
           socklen_t *restrict length)
{
    static unsigned calls;

    if (interrupted(&calls))
        return -1;
    return (int)syscall(SYS_accept4, fd, address, length, 0);
}
