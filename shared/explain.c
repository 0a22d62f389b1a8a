#include "explain.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "die.h"
#include "explain_parts.h"
#include "ports.h"
#include "text.h"

void tell(const struct story *story, const char *key)
{
    const struct fill fills[] = {
        { "host", story->host },
        { "port", story->port },
        { "local", story->local },
        { "remote", story->remote },
        { "state", story->state },
        { "seconds", story->seconds },
        { "pid", story->pid },
        { "user", story->user },
        { "program", story->program },
        { "first", story->first },
        { "last", story->last },
        { "limit", story->limit },
        { "most", story->most },
        { "command", story->command },
        { NULL, NULL },
    };
    text_write(story->out, "errors", key, story->lesson->options.language,
               fills);
}

void advise(const struct story *story, const char *key)
{
    putc('\n', story->out);
    tell(story, key);
}

static bool has_text(const struct story *story, const char *key)
{
    return text_find("errors", key, story->lesson->options.language) != NULL;
}

/* The user's name, or the number where there is no name for it. */
static void name_user(uid_t user, char *out, size_t size)
{
    struct passwd entry, *found = NULL;
    char buffer[1024];

    if (getpwuid_r(user, &entry, buffer, sizeof buffer, &found) == 0 &&
        found != NULL)
        snprintf(out, size, "%s", found->pw_name);
    else
        snprintf(out, size, "%lu", (unsigned long)user);
}

void story_socket(struct story *story, const struct socket_row *row)
{
    struct socket_owner owner = socket_owner(row->inode);

    endpoint_text(&row->local, story->local);
    endpoint_text(&row->remote, story->remote);
    story->state = tcp_state_name(row->state);
    snprintf(story->seconds, sizeof story->seconds, "%u", row->seconds_left);
    name_user(row->user, story->user, sizeof story->user);
    story->holder = owner.pid;
    snprintf(story->pid, sizeof story->pid, "%ld", (long)owner.pid);
    memcpy(story->program, owner.command, sizeof story->program);
}

void tell_holder(const struct story *story, const struct socket_row *row)
{
    if (row->inode == 0)
        tell(story, "holder-none");
    else if (story->holder == 0)
        tell(story, "holder-hidden");
    else if (story->holder == getpid())
        tell(story, "holder-self");
    else
        tell(story, "holder");
}

bool story_command(struct story *story, const char *program,
                   struct in_addr host, uint16_t port)
{
    const struct lesson *lesson = story->lesson;
    char address[INET_ADDRSTRLEN], with_host[32] = "", with_port[16] = "";
    bool language = strcmp(lesson->options.language, text_language(NULL)) != 0;

    if (host.s_addr != htonl(INADDR_LOOPBACK) &&
        inet_ntop(AF_INET, &host, address, sizeof address) != NULL)
        snprintf(with_host, sizeof with_host, " --host %s", address);
    if (port != port_of(lesson->program))
        snprintf(with_port, sizeof with_port, " --port %u", port);
    int length = snprintf(story->command, sizeof story->command, "%s%s%s%s%s",
                          program, language ? " --lang " : "",
                          language ? lesson->options.language : "", with_host,
                          with_port);
    return length >= 0 && (size_t)length < sizeof story->command;
}

/* "server/01-first-connection", "server 1 --lang en": after is what stands
 * between side and number. */
static struct half read_half(const char *side, char after)
{
    bool server = strncmp(side, "server", 6) == 0;
    struct half none = { false, 0 };
    char *end;

    if ((!server && strncmp(side, "client", 6) != 0) || side[6] != after ||
        !isdigit((unsigned char)side[7]))
        return none;
    long lesson = strtol(side + 7, &end, 10);
    return strchr(" -", *end) != NULL ? (struct half){ server, lesson } : none;
}

struct half half_of(const char *command)
{
    const char *name = command + strcspn(command, " ");
    while (name > command && name[-1] != '/')
        name--;
    if (strncmp(name, "portolan run ", 13) == 0) /* it runs both halves */
        return (struct half){ strstr(name, " --clients") != NULL,
                              strtol(name + 13, NULL, 10) };
    if (strncmp(name, "portolan ", 9) == 0)
        return read_half(name + 9, ' ');

    const char *folder = name > command ? name - 1 : name;
    while (folder > command && folder[-1] != '/')
        folder--;
    return read_half(folder, '/');
}

bool endpoints_meet(const struct endpoint *there, const struct endpoint *asked)
{
    struct endpoint plain = endpoint_plain(there);

    if (plain.port != asked->port)
        return false;
    if (endpoint_is_any(&plain))
        return true;
    return endpoint_equal(&plain, asked) ||
           (endpoint_is_any(asked) && plain.family == AF_INET);
}

bool asked_here(const struct story *story)
{
    /* 127.0.0.0/8 always is; 0.0.0.0 as a destination means this host. */
    return story->asked.address[0] == 127 || endpoint_is_any(&story->asked);
}

static void explain_open_files(struct story *story)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) == -1)
        return;
    snprintf(story->limit, sizeof story->limit, "%llu",
             (unsigned long long)files.rlim_cur);
    snprintf(story->most, sizeof story->most, "%llu",
             (unsigned long long)files.rlim_max);
    tell(story, "EMFILE.limit");
    if (files.rlim_cur < files.rlim_max && files.rlim_max != RLIM_INFINITY)
        advise(story, "EMFILE.raise");
}

static void explain_no_route(struct story *story)
{
    if (asked_here(story))
        advise(story, "ENETUNREACH.loopback");
}

/* The cause, for the errors where this machine can be asked for it. */
static void explain_cause(struct story *story, const char *call,
                          const char *symbol, int code)
{
    /* --host and --port are where a server binds and a client connects. */
    bool server = strncmp(story->lesson->program, "server/", 7) == 0;
    bool binds = strcmp(call, "bind") == 0 && server;
    bool connects = strcmp(call, "connect") == 0 && !server;
    char key[64];

    if (code == EADDRINUSE &&
        (binds || (server && strcmp(call, "listen") == 0)))
        explain_in_use(story);
    else if (code == EACCES && binds)
        explain_bind_refused(story);
    else if (code == EADDRNOTAVAIL && binds)
        explain_not_mine(story);
    else if (code == ECONNREFUSED && connects)
        explain_refused(story);
    else if (code == ETIMEDOUT && connects)
        explain_timed_out(story);
    else if (code == ENETUNREACH && connects)
        explain_no_route(story);
    else if (code == EMFILE)
        explain_open_files(story);
    else if (snprintf(key, sizeof key, "%s.%s", symbol, call) > 0 &&
             has_text(story, key))
        tell(story, key);
}

void explain(FILE *out, const struct lesson *lesson, const char *call, int code)
{
    const struct options *options = &lesson->options;
    const char *symbol = errno_symbol(code);
    struct story story = {
        .out = out,
        .lesson = lesson,
        .asked = { .family = AF_INET, .port = options->port },
        .state = "-",
    };
    memcpy(story.asked.address, &options->host, sizeof options->host);
    inet_ntop(AF_INET, &options->host, story.host, sizeof story.host);
    snprintf(story.port, sizeof story.port, "%u", options->port);

    if (symbol == NULL || !has_text(&story, symbol)) {
        tell(&story, "none");
        return;
    }
    tell(&story, symbol);
    explain_cause(&story, call, symbol, code);
}
