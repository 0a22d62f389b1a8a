/* explain_connect.c - why connect() reached nobody. */
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "explain_parts.h"
#include "ports.h"

/* Where else the server could be; the likelier one comes later. */
enum place {
    NOWHERE,
    IN_BLOCK,      /* somebody listens on a port of the suite */
    OTHER_FAMILY,  /* on our port, but at an IPv6 address */
    OTHER_ADDRESS, /* on our port, but at another address */
    OUR_SERVER,    /* the other half of this lesson, on another port */
    SILENT,        /* bound just where we looked, but not listening */
    HERE,          /* just where we looked: it has begun since */
};

enum { LOOK_UPS = 32 }; /* of owners: each walks through all processes */

struct hunt {
    const struct story *story;
    long lesson; /* whose server would be the right one */
    int look_ups;
    enum place place;
    struct socket_row row;
};

static bool in_block(uint16_t port)
{
    return port >= port_base() && port - port_base() < PORT_BLOCK_SIZE;
}

static bool is_our_server(struct hunt *hunt, const struct socket_row *row)
{
    if (row->user != geteuid() || hunt->look_ups == LOOK_UPS)
        return false;
    hunt->look_ups++;
    struct socket_owner owner = socket_owner(row->inode);
    struct half half = half_of(owner.command);
    return half.server && half.lesson == hunt->lesson;
}

static enum place place_of(struct hunt *hunt, const struct socket_row *row)
{
    const struct endpoint *asked = &hunt->story->asked;
    struct endpoint there = endpoint_plain(&row->local);

    if (there.family == AF_INET6) /* our clients speak IPv4 */
        return there.port == asked->port && row->state == TCP_STATE_LISTEN
                   ? OTHER_FAMILY
                   : NOWHERE;
    if (endpoints_meet(&there, asked))
        return row->state == TCP_STATE_LISTEN ? HERE : SILENT;
    if (row->state != TCP_STATE_LISTEN)
        return NOWHERE;
    if (is_our_server(hunt, row))
        return OUR_SERVER;
    if (there.port == asked->port)
        return OTHER_ADDRESS;
    return in_block(there.port) ? IN_BLOCK : NOWHERE;
}

static bool hunt_row(const struct socket_row *row, void *context)
{
    struct hunt *hunt = context;

    if (row->state != TCP_STATE_LISTEN && row->state != TCP_STATE_CLOSED)
        return true;
    enum place place = place_of(hunt, row);
    if (place > hunt->place) {
        hunt->place = place;
        hunt->row = *row;
    }
    return true;
}

/* The client's command that reaches the listener that was found. `portolan run`
 * has none: it starts a server of its own. */
static bool command_to_listener(struct story *story,
                                const struct socket_row *row)
{
    const struct options *options = &story->lesson->options;
    struct endpoint there = endpoint_plain(&row->local);
    struct in_addr host = options->host;

    if (strstr(options->command, "portolan run ") != NULL)
        return false;
    if (!endpoint_is_any(&there))
        memcpy(&host, there.address, sizeof host);
    return story_command(story, options->command, host, there.port);
}

/* "./portolan client 1" is answered by "./portolan server 1", and
 * "build/client/NAME" by "build/server/NAME", if that is there. */
static bool server_of(const char *client, char *server, size_t size)
{
    const char *word = NULL;
    for (const char *p = client; (p = strstr(p, "client")) != NULL; p++)
        if ((p == client || p[-1] == '/' || p[-1] == ' ') &&
            (p[6] == '/' || p[6] == ' '))
            word = p;
    if (word == NULL)
        return false;

    int length = snprintf(server, size, "%.*sserver%s", (int)(word - client),
                          client, word + 6);
    return length >= 0 && (size_t)length < size &&
           (word[6] == ' ' || access(server, X_OK) == 0);
}

static void advise_start(struct story *story)
{
    const struct options *options = &story->lesson->options;
    char server[sizeof story->command];

    if (server_of(options->command, server, sizeof server) &&
        story_command(story, server, options->host, options->port))
        advise(story, "start-server");
}

static void tell_place(struct story *story, const struct hunt *hunt)
{
    static const char *const keys[] = {
        [IN_BLOCK] = "ECONNREFUSED.block",
        [OTHER_FAMILY] = "ECONNREFUSED.ipv6",
        [OTHER_ADDRESS] = "ECONNREFUSED.address",
        [OUR_SERVER] = "ECONNREFUSED.server",
        [SILENT] = "ECONNREFUSED.bound",
        [HERE] = "ECONNREFUSED.now",
    };
    story_socket(story, &hunt->row);
    tell(story, keys[hunt->place]);
    tell_holder(story, &hunt->row);
    if (hunt->place == SILENT || hunt->place == OTHER_FAMILY ||
        !command_to_listener(story, &hunt->row))
        return;
    if (hunt->place == OUR_SERVER || hunt->place == HERE)
        advise(story, "call");
    else
        advise(story, "call-if-meant");
}

void explain_refused(struct story *story)
{
    struct hunt hunt = {
        .story = story,
        .lesson = half_of(story->lesson->program).lesson,
    };

    if (!asked_here(story)) {
        tell(story, "ECONNREFUSED.far");
        return;
    }
    tell(story, "ECONNREFUSED.nobody");
    sockets_visit(hunt_row, &hunt);
    if (hunt.place != NOWHERE)
        tell_place(story, &hunt);
    if (hunt.place < OUR_SERVER)
        advise_start(story);
}

/* On this machine no packet is lost on the way: the listener did not take it,
 * as its queue of connections to accept is full. */
void explain_timed_out(struct story *story)
{
    struct hunt hunt = { .story = story, .look_ups = LOOK_UPS };

    if (!asked_here(story))
        return;
    sockets_visit(hunt_row, &hunt);
    if (hunt.place != HERE)
        return;
    story_socket(story, &hunt.row);
    tell(story, "ETIMEDOUT.queue");
    tell_holder(story, &hunt.row);
}
