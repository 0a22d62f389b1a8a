#include "step.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "die.h"
#include "sockets.h"
#include "text.h"
#include "wait.h"

enum { DATA_SHOWN = 64 }; /* bytes of a message that a step line shows */

struct lesson lesson_begin(const char *program, int argc, char *argv[])
{
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    signal(SIGPIPE, SIG_IGN);
    return (struct lesson){
        .program = program,
        .options = options_read(program, argc, argv),
    };
}

struct tuple tuple_of(int fd)
{
    struct tuple tuple = { .local.family = AF_UNSPEC };
    struct sockaddr_storage address;
    socklen_t length = sizeof address;

    if (getsockname(fd, (struct sockaddr *)&address, &length) == 0)
        tuple.local = endpoint_of((struct sockaddr *)&address);
    length = sizeof address; /* in and out: set before every call */
    if (getpeername(fd, (struct sockaddr *)&address, &length) == 0)
        tuple.remote = endpoint_of((struct sockaddr *)&address);
    endpoint_text(&tuple.local, tuple.local_text);
    endpoint_text(&tuple.remote, tuple.remote_text);
    return tuple;
}

/* Each text is told once: the tenth recv() needs no second explanation. */
static bool told_before(struct lesson *lesson, const char *name)
{
    uint64_t bit = 1;

    for (const struct text *t = texts; t->topic != NULL; t++) {
        if (strcmp(t->topic, lesson->program) != 0 ||
            strcmp(t->language, lesson->options.language) != 0)
            continue;
        if (strcmp(t->key, name) == 0) {
            bool told = (lesson->told & bit) != 0;
            lesson->told |= bit;
            return told;
        }
        bit <<= 1;
    }
    return false;
}

static bool colour(void)
{
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && (no_colour == NULL || *no_colour == '\0') &&
           term != NULL && strcmp(term, "dumb") != 0;
}

/* The bytes as a C string: what is not printable ASCII is shown as a number. */
static void print_data(const char *bytes, size_t count)
{
    printf(" bytes=%zu data=\"", count);
    for (size_t i = 0; i < count && i < DATA_SHOWN; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\n')
            fputs("\\n", stdout);
        else if (c == '\r')
            fputs("\\r", stdout);
        else if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < ' ' || c > '~')
            printf("\\x%02x", c);
        else
            putchar(c);
    }
    fputs(count > DATA_SHOWN ? "\"..." : "\"", stdout);
}

static void wait_for_enter(struct lesson *lesson)
{
    char c = '\0';

    if (isatty(STDIN_FILENO))
        text_prompt(stderr, "options", "enter", lesson->options.language);
    while (c != '\n' && wait_readable(lesson, STDIN_FILENO))
        if (read(STDIN_FILENO, &c, 1) <= 0)
            break; /* nobody types: go on */
}

/* Go on in a new line where the next field would not fit into this one: a
 * terminal would cut it anywhere. In a pipe or a file it is always one line. */
static void print_field(const char *field, int *column, int width)
{
    int length = (int)strlen(field);

    if (width > 0 && *column + length > width) {
        fputs("\n   ", stdout);
        *column = 3;
    }
    fputs(field, stdout);
    *column += length;
}

static int terminal_width(void)
{
#ifdef TIOCGWINSZ /* POSIX has no way to ask before its 2024 edition */
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        return size.ws_col;
#endif
    return 0;
}

static void print_step_line(const struct lesson *lesson, const char *name,
                            const char *transport, const struct tuple *tuple,
                            enum tcp_state state)
{
    char field[ENDPOINT_SIZE + 16];
    int width = terminal_width(), column = 0;

    column += printf("%s %s: %s", lesson->program, name, transport);
    snprintf(field, sizeof field, " local=%s", tuple->local_text);
    print_field(field, &column, width);
    snprintf(field, sizeof field, " remote=%s", tuple->remote_text);
    print_field(field, &column, width);
    snprintf(field, sizeof field, " state=%s", tcp_state_name(state));
    print_field(field, &column, width);
}

/* One step: title and text (unless --brief), the step line, the wait. */
static void show(struct lesson *lesson, const char *name, const char *transport,
                 const struct tuple *tuple, enum tcp_state state,
                 const char *bytes, size_t count)
{
    const char *on = colour() ? "\033[1m" : "",
               *off = colour() ? "\033[0m" : "";

    lesson->steps++;
    if (!lesson->options.brief) {
        printf("\n%s%d. %s%s\n", on, lesson->steps, name, off);
        if (!told_before(lesson, name))
            text_write(stdout, lesson->program, name, lesson->options.language,
                       NULL);
    }
    fputs(on, stdout);
    print_step_line(lesson, name, transport, tuple, state);
    if (bytes != NULL)
        print_data(bytes, count);
    printf("%s\n", off);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(lesson, "stdout"); /* nobody reads what we say */

    const char *hold = lesson->options.hold;
    if (lesson->options.step || (hold != NULL && strcmp(hold, name) == 0))
        wait_for_enter(lesson);
}

static void show_open(struct lesson *lesson, const char *name, int fd,
                      const char *bytes, size_t count)
{
    int type;
    socklen_t length = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == -1)
        die(lesson, name);

    struct tuple tuple = tuple_of(fd);
    if (type == SOCK_STREAM)
        show(lesson, name, "tcp", &tuple, socket_state(fd), bytes, count);
    else
        show(lesson, name, "udp", &tuple, TCP_STATE_UNKNOWN, bytes, count);
}

void step(struct lesson *lesson, const char *name, int fd)
{
    show_open(lesson, name, fd, NULL, 0);
}

void step_bytes(struct lesson *lesson, const char *name, int fd,
                const char *bytes, size_t count)
{
    show_open(lesson, name, fd, bytes, count);
}

void step_row(struct lesson *lesson, const char *name,
              const struct tuple *tuple)
{
    enum tcp_state state = connection_state(&tuple->local, &tuple->remote);

    /* What has no peer and listens is another socket: this one is closed. */
    if (state == TCP_STATE_LISTEN)
        state = TCP_STATE_CLOSED;
    show(lesson, name, "tcp", tuple, state, NULL, 0);
}
