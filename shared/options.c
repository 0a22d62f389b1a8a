#include "options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ports.h"
#include "text.h"
#include "version.h"

static _Noreturn void wrong(const struct options *options, const char *key,
                            const char *value)
{
    const struct fill fills[] = { { "value", value },
                                  { "command", options->command },
                                  { NULL, NULL } };

    text_write(stderr, "options", key, options->language, fills);
    text_write(stderr, "options", "see-help", options->language, fills);
    exit(2);
}

/* The exit status tells whether all of it could be written. */
static _Noreturn void finish(void)
{
    exit(fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1);
}

static _Noreturn void help(const struct options *options, const char *program)
{
    char port[8];
    snprintf(port, sizeof port, "%d", port_of(program));
    const struct fill fills[] = { { "command", options->command },
                                  { "program", program },
                                  { "port", port },
                                  { NULL, NULL } };
    bool server = strncmp(program, "server/", 7) == 0;

    text_write(stdout, "options", server ? "help-server" : "help-client",
               options->language, fills);
    finish();
}

static _Noreturn void version(void)
{
    puts("portolan " PORTOLAN_VERSION);
    finish();
}

/* getaddrinfo() has errors of its own, which are not in errno. */
static const char *lookup_error(int code)
{
    switch (code) {
    case EAI_AGAIN: return "EAI_AGAIN";
    case EAI_FAIL: return "EAI_FAIL";
    case EAI_FAMILY: return "EAI_FAMILY";
    case EAI_MEMORY: return "EAI_MEMORY";
    case EAI_SERVICE: return "EAI_SERVICE";
    case EAI_SYSTEM: return "EAI_SYSTEM";
    default: return "EAI_NONAME";
    }
}

static struct in_addr resolve(const struct options *options, const char *host)
{
    struct in6_addr six;
    if (inet_pton(AF_INET6, host, &six) == 1)
        wrong(options, "host-ipv6", host);
    if (*host == '\0')
        wrong(options, "host-empty", host);

    struct addrinfo want = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found;
    int code = getaddrinfo(host, NULL, &want, &found);
    if (code != 0) {
        const char *reason =
            code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code);
        const struct fill fills[] = { { "host", host },
                                      { "reason", reason },
                                      { NULL, NULL } };
        fprintf(stderr, "getaddrinfo: %s (%s)\n", lookup_error(code), reason);
        text_write(stderr, "errors", lookup_error(code), options->language,
                   fills);
        exit(1);
    }
    struct sockaddr_in first;
    memcpy(&first, found->ai_addr, sizeof first);
    freeaddrinfo(found);
    return first.sin_addr;
}

static long count_of(const struct options *options, const char *text)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value < 1)
        wrong(options, "bad-clients", text);
    return value;
}

/* The value of option name at argv[*i]: "--name value" or "--name=value".
 * NULL when argv[*i] is another option. */
static const char *value_at(const struct options *options, const char *name,
                            char *argv[], int *i)
{
    size_t length = strlen(name);

    if (strncmp(argv[*i], name, length) != 0)
        return NULL;
    if (argv[*i][length] == '=')
        return argv[*i] + length + 1;
    if (argv[*i][length] != '\0')
        return NULL;
    if (argv[*i + 1] == NULL)
        wrong(options, "no-value", name);
    *i += 1;
    return argv[*i];
}

/* Before the others: whatever they complain of must be in this language. */
static void read_language(struct options *options, char *argv[])
{
    options->language = text_language(NULL);
    for (int i = 1; argv[i] != NULL; i++) {
        const char *value = value_at(options, "--lang", argv, &i);
        if (value == NULL)
            continue;
        if (text_language(value) == NULL)
            wrong(options, "bad-language", value);
        options->language = text_language(value);
    }
}

/* One argument, at argv[*i]; --host is resolved later, when all are known. */
static void read_argument(struct options *options, const char *program,
                          char *argv[], int *i, const char **host)
{
    const char *argument = argv[*i], *value;
    bool server = strncmp(program, "server/", 7) == 0;

    if (strcmp(argument, "--help") == 0)
        help(options, program);
    else if (strcmp(argument, "--version") == 0)
        version();
    else if (strcmp(argument, "--step") == 0)
        options->step = true;
    else if (strcmp(argument, "--brief") == 0)
        options->brief = true;
    else if ((value = value_at(options, "--port", argv, i)) != NULL) {
        if (!port_parse(value, &options->port))
            wrong(options, "bad-port", value);
        if (!server && options->port == 0)
            wrong(options, "port-zero", value);
    } else if ((value = value_at(options, "--host", argv, i)) != NULL)
        *host = value;
    else if ((value = value_at(options, "--hold", argv, i)) != NULL) {
        if (text_find(program, value, "en") == NULL)
            wrong(options, "bad-hold", value);
        options->hold = value;
    } else if (server &&
               (value = value_at(options, "--clients", argv, i)) != NULL)
        options->clients = count_of(options, value);
    else if (value_at(options, "--lang", argv, i) != NULL)
        return; /* read before */
    else if (argument[0] == '-' && argument[1] != '\0')
        wrong(options, "bad-option", argument);
    else if (server || options->message != NULL)
        wrong(options, "unexpected", argument);
    else if (strlen(argument) > MESSAGE_MAX)
        wrong(options, "too-long", "");
    else
        options->message = argument;
}

struct options options_read(const char *program, int argc, char *argv[])
{
    struct options options = {
        .command = argc > 0 ? argv[0] : program,
        .host.s_addr = htonl(INADDR_LOOPBACK),
        .port = port_of(program),
    };
    const char *host = NULL;

    read_language(&options, argv);
    for (int i = 1; i < argc; i++)
        read_argument(&options, program, argv, &i, &host);
    if (host != NULL)
        options.host = resolve(&options, host);

    /* 127.0.0.0/8 is this machine; all else is somebody's network. */
    if (strncmp(program, "server/", 7) == 0 &&
        ntohl(options.host.s_addr) >> 24 != 127)
        text_write(stderr, "options", "exposed", options.language, NULL);
    return options;
}
