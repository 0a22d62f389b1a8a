/*
 * client/01-first-connection.c - lesson 01: call the server, say one line, hear
 * who is who, hang up. Its other half is server/01-first-connection.c, its text
 * is in lessons/01-first-connection/README.md. Read main() first.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "die.h"
#include "step.h"
#include "wait.h"

/* send() may take a part only, or be interrupted: go on with the rest. */
static void send_bytes(struct lesson *lesson, const char *name, int fd,
                       const char *bytes, size_t length)
{
    for (size_t sent = 0; sent < length;) {
        if (!wait_writable(lesson, fd))
            return;
        ssize_t n = send(fd, bytes + sent, length - sent, 0);
        if (n == -1 && errno != EINTR)
            die(lesson, "send");
        if (n > 0)
            sent += (size_t)n;
    }
    step_bytes(lesson, name, fd, bytes, length);
}

/* Receive to the end of a line; false when the stream ends before it, or on
 * Ctrl-C. Nothing is kept: the step line shows what came. */
static bool receive_line(struct lesson *lesson, int fd)
{
    char piece[512];

    while (wait_readable(lesson, fd)) {
        ssize_t n = recv(fd, piece, sizeof piece, 0);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            die(lesson, "recv");
        if (n == 0)
            return false;
        step_bytes(lesson, "recv", fd, piece, (size_t)n);
        if (piece[n - 1] == '\n')
            return true;
    }
    return false;
}

int main(int argc, char *argv[])
{
    struct lesson lesson =
        lesson_begin("client/01-first-connection", argc, argv);
    const char *message = lesson.options.message;
    char line[MESSAGE_MAX + 2];
    size_t length = (size_t)snprintf(line, sizeof line, "%s\n",
                                     message ? message : "hello, server");

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1)
        die(&lesson, "socket");
    step(&lesson, "socket", fd);

    /* No bind(): the kernel gives us a port as we connect. */
    struct sockaddr_in there = { .sin_family = AF_INET,
                                 .sin_addr = lesson.options.host,
                                 .sin_port = htons(lesson.options.port) };
    if (connect(fd, (struct sockaddr *)&there, sizeof there) == -1)
        die(&lesson, "connect");
    catch_interrupt(); /* from here on there is something to close */
    step(&lesson, "connect", fd);
    struct tuple tuple = tuple_of(fd);

    /* One line, cut in two. Will the server see where we cut it? */
    size_t cut = length - length / 3;
    send_bytes(&lesson, "send", fd, line, cut);
    send_bytes(&lesson, "send-rest", fd, line + cut, length - cut);
    bool answered = receive_line(&lesson, fd);

    /* Our half of the stream ends here; the server's may go on. */
    if (answered && shutdown(fd, SHUT_WR) == -1)
        die(&lesson, "shutdown");
    if (answered) {
        step_row(&lesson, "shutdown", &tuple);
        while (receive_line(&lesson, fd))
            continue;
    }
    if (!lesson.interrupted)
        step_row(&lesson, answered ? "recv-end" : "recv-too-early", &tuple);

    close(fd);
    step_row(&lesson, "close", &tuple);
    return answered ? 0 : 1;
}
