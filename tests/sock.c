/* sock.c - sockets as our own programs never leave them, for tests to meet.
 *
 *   sock bound [PORT]       bound, and nothing else
 *   sock listen [PORT]      a listener
 *   sock listen-any [PORT]  a listener on every address
 *   sock connection [PORT]  one end of a connection, whose listener is gone
 *   sock caller [PORT]      a client that calls from this port
 *   sock time-wait [PORT]   what is left of a connection that was closed here
 *   sock hangup [PORT]      a server that reads a line and hangs up
 *   sock reset PORT         a client that calls this port and breaks off
 *
 * PORT 0, or none, lets the kernel pick. The first line of output is the port;
 * then it waits for a minute, but for the last three. SO_REUSEADDR is never
 * set.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE = 60 }; /* seconds */

static int check(const char *call, int result)
{
    if (result != -1)
        return result;
    perror(call);
    exit(1);
}

static struct sockaddr_in endpoint(in_addr_t address, int port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl(address),
                                 .sin_port = htons((uint16_t)port) };
}

static int bound(in_addr_t address, int port)
{
    struct sockaddr_in here = endpoint(address, port);
    int fd = check("socket", socket(AF_INET, SOCK_STREAM, 0));

    check("bind", bind(fd, (struct sockaddr *)&here, sizeof here));
    return fd;
}

static int listening(in_addr_t address, int port)
{
    int fd = bound(address, port);

    check("listen", listen(fd, 1));
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_in here;
    socklen_t length = sizeof here;

    check("getsockname", getsockname(fd, (struct sockaddr *)&here, &length));
    return ntohs(here.sin_port);
}

static void call(int fd, int port)
{
    struct sockaddr_in there = endpoint(INADDR_LOOPBACK, port);

    check("connect", connect(fd, (struct sockaddr *)&there, sizeof there));
}

/* Tell the port to the test; from here on it may go on. */
static void tell(int fd)
{
    printf("%d\n", port_of(fd));
    fflush(stdout);
}

static void stay(int fd)
{
    tell(fd);
    sleep(PATIENCE);
}

/* Both ends of a connection to our port, at which nobody listens any more. */
static void connection(int port, int ends[2])
{
    int listener = listening(INADDR_LOOPBACK, port);

    ends[1] = check("socket", socket(AF_INET, SOCK_STREAM, 0));
    call(ends[1], port_of(listener));
    ends[0] = check("accept", accept(listener, NULL, NULL));
    close(listener);
}

static void leave_time_wait(int port)
{
    int ends[2];
    char byte;

    connection(port, ends);
    port = port_of(ends[0]);
    close(ends[0]);
    check("recv", (int)recv(ends[1], &byte, 1, 0)); /* the end */
    close(ends[1]);
    printf("%d\n", port);
}

static void hang_up(int port)
{
    int listener = listening(INADDR_LOOPBACK, port);
    char byte = '\0';

    tell(listener);
    int fd = check("accept", accept(listener, NULL, NULL));
    while (byte != '\n' && recv(fd, &byte, 1, 0) == 1)
        continue;
    close(fd);
}

static void reset(int port)
{
    struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    int fd = check("socket", socket(AF_INET, SOCK_STREAM, 0));

    call(fd, port);
    check("setsockopt",
          setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
    close(fd);
}

int main(int argc, char *argv[])
{
    const char *kind = argc > 1 ? argv[1] : "";
    int port = argc > 2 ? atoi(argv[2]) : 0;
    int ends[2];

    alarm(PATIENCE);
    if (strcmp(kind, "bound") == 0) {
        stay(bound(INADDR_LOOPBACK, port));
    } else if (strcmp(kind, "listen") == 0) {
        stay(listening(INADDR_LOOPBACK, port));
    } else if (strcmp(kind, "listen-any") == 0) {
        stay(listening(INADDR_ANY, port));
    } else if (strcmp(kind, "connection") == 0) {
        connection(port, ends);
        stay(ends[0]);
    } else if (strcmp(kind, "caller") == 0) {
        int listener = listening(INADDR_LOOPBACK, 0);
        ends[1] = bound(INADDR_LOOPBACK, port);
        call(ends[1], port_of(listener));
        stay(ends[1]);
    } else if (strcmp(kind, "time-wait") == 0) {
        leave_time_wait(port);
    } else if (strcmp(kind, "hangup") == 0) {
        hang_up(port);
    } else if (strcmp(kind, "reset") == 0) {
        reset(port);
    } else {
        fputs("sock: see tests/sock.c\n", stderr);
        return 2;
    }
    return 0;
}
