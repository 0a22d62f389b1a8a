/* explain_bind.c - why bind() or listen() got no address. */
#include <arpa/inet.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "explain_parts.h"
#include "ports.h"

/* ---- EADDRINUSE: who is in the way? ------------------------------------ */

/* What is in the way more certainly comes later: while somebody listens, no
 * TIME-WAIT matters. */
enum cause { NOBODY, TIME_WAIT, CONNECTION, BOUND, LISTENER };

struct suspect {
    const struct endpoint *asked;
    enum cause cause;
    unsigned seconds; /* until the last TIME-WAIT is over */
    struct socket_row row;
};

static enum cause cause_of(enum tcp_state state)
{
    switch (state) {
    case TCP_STATE_LISTEN: return LISTENER;
    case TCP_STATE_CLOSED: return BOUND;
    case TCP_STATE_TIME_WAIT: return TIME_WAIT;
    default: return CONNECTION;
    }
}

static bool suspect_row(const struct socket_row *row, void *context)
{
    struct suspect *suspect = context;
    enum cause cause = cause_of(row->state);

    if (!endpoints_meet(&row->local, suspect->asked))
        return true;
    if (row->seconds_left > suspect->seconds)
        suspect->seconds = row->seconds_left;

    /* A :: may be for IPv6 only, and then it is not in our way: believe it
     * only when no IPv4 socket is. */
    bool surer = row->local.family == AF_INET;
    bool sure = suspect->row.local.family == AF_INET;
    if (surer == sure ? cause > suspect->cause : surer) {
        suspect->cause = cause;
        suspect->row = *row;
    }
    return true;
}

struct listener {
    const struct endpoint *at;
    bool found;
};

static bool find_listener(const struct socket_row *row, void *context)
{
    struct listener *listener = context;

    listener->found = row->state == TCP_STATE_LISTEN &&
                      endpoints_meet(&row->local, listener->at);
    return !listener->found;
}

/* Did this end call, or was it called? It called if somebody listens at the
 * other end, or if only its own port is one that the kernel gives away. */
static bool is_client(const struct socket_row *row)
{
    struct endpoint remote = endpoint_plain(&row->remote);
    struct listener listener = { &remote, false };
    uint16_t low, high;

    if (sockets_visit(find_listener, &listener) == 0 && listener.found)
        return true;
    if (!ephemeral_range(&low, &high))
        return false;
    return row->local.port >= low && row->local.port <= high &&
           (row->remote.port < low || row->remote.port > high);
}

/* Only what we may end, and only what somebody would want to: a program of the
 * suite, or one that listens where we want to. Never init, never ourselves,
 * nor the shell from which we were started. */
static void advise_kill(const struct story *story,
                        const struct suspect *suspect)
{
    if (story->holder <= 1 || story->holder == getpid() ||
        story->holder == getppid() || suspect->row.user != geteuid() ||
        kill(story->holder, 0) == -1)
        return;
    if (half_of(story->program).lesson != 0)
        advise(story, "kill");
    else if (suspect->cause == LISTENER)
        advise(story, "kill-other");
}

static void advise_any_port(struct story *story)
{
    const struct options *options = &story->lesson->options;

    if (strncmp(story->lesson->program, "server/", 7) == 0 &&
        options->port != 0 &&
        story_command(story, options->command, options->host, 0))
        advise(story, "port-0");
}

static void tell_suspect(struct story *story, const struct suspect *suspect)
{
    const struct socket_row *row = &suspect->row;

    story_socket(story, row);
    switch (suspect->cause) {
    case LISTENER: tell(story, "EADDRINUSE.listener"); break;
    case BOUND: tell(story, "EADDRINUSE.bound"); break;
    case CONNECTION:
        tell(story,
             is_client(row) ? "EADDRINUSE.client" : "EADDRINUSE.connection");
        break;
    default:
        snprintf(story->seconds, sizeof story->seconds, "%u", suspect->seconds);
        tell(story, "EADDRINUSE.time-wait");
        return; /* no program holds it */
    }
    tell_holder(story, row);
    if (!endpoint_equal(&row->local, &story->asked) &&
        (endpoint_is_any(&row->local) || endpoint_is_any(&story->asked)))
        tell(story, "EADDRINUSE.overlap");
    advise_kill(story, suspect);
}

void explain_in_use(struct story *story)
{
    struct suspect suspect = { .asked = &story->asked };
    uint16_t low, high;

    if (story->asked.port == 0) {
        if (!ephemeral_range(&low, &high))
            return;
        snprintf(story->first, sizeof story->first, "%u", low);
        snprintf(story->last, sizeof story->last, "%u", high);
        tell(story, "EADDRINUSE.range");
        return;
    }
    sockets_visit(suspect_row, &suspect);
    if (suspect.cause == NOBODY)
        tell(story, "EADDRINUSE.unseen");
    else
        tell_suspect(story, &suspect);
    advise_any_port(story);
}

/* ---- EACCES: not for you ----------------------------------------------- */

static bool is_free(const struct endpoint *endpoint)
{
    struct suspect suspect = { .asked = endpoint };

    return sockets_visit(suspect_row, &suspect) == 0 && suspect.cause == NOBODY;
}

/* The lesson's own port needs no permission; but never advise what was just
 * refused, nor what another program has. */
static void advise_own_port(struct story *story, int first)
{
    const struct options *options = &story->lesson->options;
    struct endpoint own = story->asked;

    own.port = port_of(story->lesson->program);
    if (own.port == 0 || own.port == story->asked.port || own.port < first ||
        !is_free(&own))
        advise_any_port(story);
    else if (story_command(story, options->command, options->host, own.port))
        advise(story, "own-port");
}

void explain_bind_refused(struct story *story)
{
    int first = first_unprivileged_port();

    snprintf(story->first, sizeof story->first, "%d", first);
    if (first == -1)
        tell(story, "EACCES.untold");
    else if (story->asked.port < first)
        tell(story, "EACCES.low");
    else
        tell(story, "EACCES.other");
    advise_own_port(story, first);
}

/* ---- EADDRNOTAVAIL: not an address of ours ------------------------------ */

void explain_not_mine(struct story *story)
{
    const struct options *options = &story->lesson->options;
    struct in_addr loopback = { .s_addr = htonl(INADDR_LOOPBACK) };

    tell(story, "EADDRNOTAVAIL.bind");
    if (story_command(story, options->command, loopback, options->port))
        advise(story, "loopback");
}
