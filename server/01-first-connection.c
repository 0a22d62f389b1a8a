/*
 * server/01-first-connection.c - lesson 01: wait on a registered port and tell
 * each client who is who. Its other half is client/01-first-connection.c, its
 * text is in lessons/01-first-connection/README.md. Read main() first.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "die.h"
#include "step.h"
#include "wait.h"

/* Tell the client both ends of its connection; false when that fails. */
static bool answer(struct lesson *lesson, int connection, size_t received)
{
    char text[256];
    struct tuple tuple = tuple_of(connection);
    int length =
        snprintf(text, sizeof text, "I am %s, you are %s: %zu bytes came.\n",
                 tuple.local_text, tuple.remote_text, received);

    /* send() may take a part only, or be interrupted: go on with the rest. */
    for (int sent = 0; sent < length;) {
        if (!wait_writable(lesson, connection))
            return false;
        ssize_t n = send(connection, text + sent, (size_t)(length - sent), 0);
        if (n == -1 && errno != EINTR) {
            complain(lesson, "send");
            return false;
        }
        if (n > 0)
            sent += (int)n;
    }
    step_bytes(lesson, "send", connection, text, (size_t)length);
    return true;
}

/* Answer each line until the client has no more. Its troubles end this
 * connection only. Left out on purpose: the next client waits meanwhile. */
static void serve(struct lesson *lesson, int connection)
{
    char piece[8];       /* so small that you see a line come in pieces */
    size_t received = 0; /* of this line */

    while (wait_readable(lesson, connection)) {
        ssize_t n = recv(connection, piece, sizeof piece, 0);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            complain(lesson, "recv");
        if (n == 0)
            step(lesson, "recv-end", connection);
        if (n <= 0)
            return;
        step_bytes(lesson, "recv", connection, piece, (size_t)n);

        /* TCP carries bytes, not lines: a piece may hold a part of a line, or
         * the end of one and the beginning of the next. */
        for (ssize_t i = 0; i < n; i++) {
            received++;
            if (piece[i] != '\n')
                continue;
            if (!answer(lesson, connection, received))
                return;
            received = 0;
        }
    }
}

int main(int argc, char *argv[])
{
    struct lesson lesson =
        lesson_begin("server/01-first-connection", argc, argv);
    catch_interrupt();

    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener == -1)
        die(&lesson, "socket");
    step(&lesson, "socket", listener);

    /* Or a restart meets EADDRINUSE while old connections are in TIME-WAIT. */
    int on = 1;
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
        die(&lesson, "setsockopt");

    struct sockaddr_in here = { .sin_family = AF_INET,
                                .sin_addr = lesson.options.host,
                                .sin_port = htons(lesson.options.port) };
    if (bind(listener, (struct sockaddr *)&here, sizeof here) == -1)
        die(&lesson, "bind");
    step(&lesson, "bind", listener);

    if (listen(listener, SOMAXCONN) == -1)
        die(&lesson, "listen");
    step(&lesson, "listen", listener);

    long left = lesson.options.clients; /* 0: until Ctrl-C */
    while (wait_readable(&lesson, listener)) {
        int connection = accept(listener, NULL, NULL);
        if (connection == -1 && (errno == EINTR || errno == ECONNABORTED))
            continue; /* nobody came in after all */
        if (connection == -1)
            die(&lesson, "accept");
        step(&lesson, "accept", connection);
        struct tuple tuple = tuple_of(connection);
        serve(&lesson, connection);
        close(connection);
        step_row(&lesson, "close", &tuple);
        if (--left == 0)
            break;
    }
    struct tuple tuple = tuple_of(listener);
    close(listener);
    step_row(&lesson, "close-listener", &tuple);
    return 0;
}
