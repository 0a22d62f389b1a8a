/* run.c - ./portolan run: both halves of a lesson, side by side.
 *
 * Each half runs with --step, and we are the one who presses Enter: a half
 * goes on when its last step has been shown. So the two never run ahead of
 * what is on the screen, and the order on the screen is one that was.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "causality.h"
#include "diagram.h"
#include "exercise.h"
#include "guide.h"
#include "lesson_names.h"
#include "process.h"

enum {
    SERVER,
    CLIENT,
    HEARD_SIZE = 4096,
    PATIENCE_MS = 300,  /* for the other half to say what we miss */
    SILENCE_MS = 10000, /* then something hangs */
    GOODBYE_MS = 1000,  /* for a half to end when it is asked to */
};

struct half {
    struct process process;
    char heard[HEARD_SIZE]; /* what it printed and we have not shown */
    size_t length;
    struct step_line head; /* its first line, when has_head */
    bool has_head;
    char line[HEARD_SIZE]; /* the same, as it was printed */
};

struct run {
    const struct guide *guide;
    const char *lesson;
    const char *mine;        /* the exercise whose copy is run, or NULL */
    const char *port, *host; /* as asked, or NULL */
    bool step;               /* wait for Enter */
    struct half halves[2];
    struct diagram diagram;
    struct causality flows;
    char hold_step[32], until_step[32]; /* of the server, of the client */
    bool held;        /* the server waits for the client's until_step */
    bool interrupted; /* Ctrl-C: everything goes, nobody waits */
    bool failed;      /* the client did */
    bool called;      /* the client was started */
    bool stranger;    /* somebody else was served */
};

static bool ended(const struct half *half)
{
    return half->process.output == -1 && !half->has_head;
}

/* Start a half as "server/NAME --step --brief ...". It is called by our
 * own name, so that the advice it may print can be typed. */
static bool start_half(struct run *run, int which, const char *port,
                       const char *host)
{
    char path[PATH_SIZE], called[PATH_SIZE];
    if (program_path(run->guide, run->lesson,
                     which == SERVER ? "server" : "client", run->mine,
                     path) != 0)
        return false;
    snprintf(called, sizeof called, "%s run %d", run->guide->command,
             atoi(run->lesson));
    const char *argv[12] = { called, "--brief", "--step", "--lang",
                             run->guide->language };
    int argc = 5;
    if (which == SERVER)
        argv[argc++] = "--clients=1";
    if (port != NULL) {
        argv[argc++] = "--port";
        argv[argc++] = port;
    }
    if (host != NULL) {
        argv[argc++] = "--host";
        argv[argc++] = host;
    }
    struct start start = { .path = path, .argv = argv };
    return process_start(&run->halves[which].process, &start);
}

/* Take the first whole line out of what was heard. Lines that are no steps are
 * shown as they are. */
static void take_head(struct half *half)
{
    char *newline;

    while (!half->has_head &&
           (newline = memchr(half->heard, '\n', half->length)) != NULL) {
        size_t length = (size_t)(newline - half->heard);
        memcpy(half->line, half->heard, length);
        half->line[length] = '\0';
        half->length -= length + 1;
        memmove(half->heard, newline + 1, half->length);
        half->has_head = step_line_parse(half->line, &half->head);
        if (!half->has_head)
            puts(half->line);
    }
}

static void hear(struct half *half)
{
    ssize_t n = read(half->process.output, half->heard + half->length,
                     HEARD_SIZE - half->length);

    if (n <= 0) {
        close(half->process.output);
        half->process.output = -1;
    } else {
        half->length += (size_t)n;
    }
    take_head(half);
    if (half->length == HEARD_SIZE)
        half->length = 0; /* a line that long is no step */
}

/* Can the head of this half be shown now? Its last step, the end of the
 * listener, waits for the client's, which may be under way. */
static bool showable(const struct run *run, int which)
{
    const struct half *half = &run->halves[which];
    const struct half *other = &run->halves[1 - which];

    if (!half->has_head)
        return false;
    if (run->interrupted || (which == CLIENT && ended(other)))
        return true;
    if (which == SERVER && step_is(&half->head, "close") &&
        half->head.remote.family == AF_UNSPEC)
        return ended(other);
    if (ended(other) && which == SERVER && run->diagram.flows->count > 0)
        return true;
    return causality_allows(&run->flows, &half->head);
}

/* Wait for Enter; false when Ctrl-C came. The line that it left is taken away
 * where the screen allows it. */
static bool wait_for_enter(const struct run *run)
{
    int fds[] = { STDIN_FILENO };
    bool ready[1];
    char c = '\0';

    if (isatty(STDIN_FILENO)) {
        text_prompt(stdout, "guide", "run-enter", run->guide->language);
        fflush(stdout);
        /* What was typed before the question is no answer to it. */
        tcflush(STDIN_FILENO, TCIFLUSH);
    }
    while (c != '\n') {
        if (!wait_for_input(fds, ready, 1, -1))
            return false;
        if (ready[0] && read(STDIN_FILENO, &c, 1) <= 0)
            break; /* nobody types: go on */
    }
    if (isatty(STDIN_FILENO) && run->diagram.screen.colour)
        fputs("\033[1A\033[2K", stdout);
    fflush(stdout); /* before a half says something on stderr */
    return true;
}

/* Press Enter for a half: what it showed is on the screen. */
static void let_go(const struct half *half)
{
    if (half->process.input != -1 && write(half->process.input, "\n", 1) == -1)
        return; /* it has ended: its output will tell */
}

/* The client is started as soon as the server listens, wherever that is. */
static bool call_listener(struct run *run, const struct step_line *listening)
{
    char text[ENDPOINT_SIZE], port[8];
    struct endpoint address = listening->local;

    snprintf(port, sizeof port, "%u", address.port);
    endpoint_text(&address, text);
    char *colon = strrchr(text, ':'); /* a copy may say local=- there */
    if (colon != NULL)
        *colon = '\0';
    bool somewhere = colon != NULL && !endpoint_is_any(&address);
    run->called = start_half(run, CLIENT, port, somewhere ? text : NULL);
    return run->called;
}

static bool show_head(struct run *run, int which)
{
    struct half *half = &run->halves[which];
    struct step_line head = half->head;

    diagram_show(&run->diagram, &head, half->line);
    half->has_head = false;
    take_head(half);
    if (which == SERVER && strcmp(head.step, "listen") == 0 &&
        !run->interrupted && !call_listener(run, &head))
        return false;
    if (run->step && !run->interrupted && !ferror(stdout) &&
        !wait_for_enter(run))
        run->interrupted = true;

    if (which == SERVER && strcmp(head.step, run->hold_step) == 0) {
        run->held = true;
        return true;
    }
    if (which == CLIENT && run->held &&
        strcmp(head.step, run->until_step) == 0) {
        run->held = false;
        let_go(&run->halves[SERVER]);
    }
    let_go(half);
    return true;
}

/* Show all that can be shown: what one half shows may be what the other was
 * waiting for. False when a half could not be started. */
static bool show_heads(struct run *run, bool *shown)
{
    *shown = false;
    for (;;) {
        int which = CLIENT;
        while (which >= SERVER && !showable(run, which))
            which--;
        if (which < SERVER)
            return true;
        *shown = true;
        if (!show_head(run, which))
            return false;
    }
}

/* A stranger called, and its half is not told to us: what the server says of
 * it waits for nothing, nor does the end of a server that it used up. */
static bool show_stranger(struct run *run)
{
    const struct half *server = &run->halves[SERVER];
    bool strange = server->has_head &&
                   server->head.remote.family != AF_UNSPEC &&
                   !causality_knows(&run->flows, &server->head);

    if (strange)
        run->stranger = true;
    if (server->has_head && (strange || run->stranger))
        return show_head(run, SERVER);
    return true;
}

static void interrupt(struct run *run)
{
    run->interrupted = true;
    if (run->diagram.screen.terminal)
        putchar('\n'); /* the terminal has written ^C */
    for (int which = SERVER; which <= CLIENT; which++) {
        struct half *half = &run->halves[which];
        if (half->process.pid != 0)
            kill(half->process.pid, SIGINT);
        if (half->process.input != -1)
            close(half->process.input);
        half->process.input = -1;
    }
}

/* Where to listen for more of a half: nowhere while there is no room. */
static int input_of(const struct half *half)
{
    return half->length < HEARD_SIZE ? half->process.output : -1;
}

/* The client was started, has ended, and not as it should. */
static bool client_failed(struct run *run)
{
    struct half *client = &run->halves[CLIENT];

    if (client->process.pid == 0 || !ended(client))
        return false;
    process_end(&client->process, GOODBYE_MS);
    if (process_killed_by(&client->process, SIGINT))
        run->interrupted = true; /* Ctrl-C met it before it met us */
    else if (!process_exited_with(&client->process, 0) && !run->interrupted)
        run->failed = true;
    return run->failed;
}

/* Listen to both until both have ended. 0, or the exit status of a failure. */
static int play(struct run *run)
{
    struct half *halves = run->halves;
    long long last = now_ms(), deadline = 0;
    bool told = false;

    while (!ended(&halves[SERVER]) || !ended(&halves[CLIENT])) {
        int fds[] = { input_of(&halves[SERVER]), input_of(&halves[CLIENT]) };
        bool ready[2], shown;
        bool waiting = halves[SERVER].has_head || halves[CLIENT].has_head;
        if (!wait_for_input(fds, ready, 2, waiting ? PATIENCE_MS : 500))
            run->interrupted = true;
        for (int which = SERVER; which <= CLIENT; which++)
            if (ready[which])
                hear(&halves[which]);
        if (!show_heads(run, &shown))
            return 1;
        if (!shown && waiting && !ready[SERVER] && !ready[CLIENT] &&
            !show_stranger(run))
            return 1;
        if (ferror(stdout))
            return 1; /* nobody reads us */

        if (client_failed(run))
            run->interrupted = true; /* or the server waits for ever */
        if (run->interrupted && !told) {
            interrupt(run);
            deadline = now_ms() + GOODBYE_MS;
            told = true;
        }
        if (shown || ready[SERVER] || ready[CLIENT])
            last = now_ms();
        if (told && now_ms() > deadline)
            break;
        if (!told && now_ms() - last > SILENCE_MS) {
            wrong_use(run->guide, "run-silent", run->lesson);
            return 1;
        }
    }
    if (run->failed)
        return 1;
    return run->interrupted ? 130 : 0;
}

/* "hold server listen until client send-rest", from the lesson's page. A copy
 * may have other steps: it is not held. */
static void read_play(struct run *run)
{
    const char *words =
        run->mine == NULL ? text_find(run->lesson, "play", "en") : NULL;

    if (words != NULL && sscanf(words, "hold server %31s until client %31s",
                                run->hold_step, run->until_step) != 2)
        run->hold_step[0] = '\0';
}

/* The value of option name at *a: "--name value" or "--name=value". NULL when
 * *a is another option; "" when the value is missing. */
static const char *value_of(const char *name, char ***a)
{
    size_t length = strlen(name);

    if (strncmp(**a, name, length) != 0)
        return NULL;
    if ((**a)[length] == '=')
        return **a + length + 1;
    if ((**a)[length] != '\0')
        return NULL;
    return (*a)[1] != NULL ? *++*a : "";
}

static int read_arguments(struct run *run, char *arguments[], bool *drawn)
{
    const char *value;

    for (char **a = arguments; *a != NULL; a++) {
        if (strcmp(*a, "--step") == 0)
            run->step = true;
        else if (strcmp(*a, "--brief") == 0)
            run->diagram.brief = true;
        else if (strcmp(*a, "--draw") == 0)
            *drawn = true;
        else if ((value = value_of("--mine", &a)) != NULL)
            run->mine = value;
        else if ((value = value_of("--port", &a)) != NULL)
            run->port = value;
        else if ((value = value_of("--host", &a)) != NULL)
            run->host = value;
        else if (**a == '-')
            return wrong_use(run->guide, "bad-option", *a);
        else if (run->lesson != NULL)
            return wrong_use(run->guide, "unexpected", *a);
        else if ((run->lesson = lesson_find(*a)) == NULL)
            return wrong_use(run->guide, "no-lesson", *a);
    }
    if (run->lesson == NULL)
        return wrong_use(run->guide, "which-lesson", "run");
    if (run->mine != NULL && exercise_find(run->lesson, run->mine) == NULL)
        return wrong_use(run->guide, "no-exercise", run->mine);
    return 0;
}

int command_run(const struct guide *guide, char *arguments[])
{
    struct run run = { .guide = guide };
    struct half *halves = run.halves;
    bool drawn = false;
    int status = read_arguments(&run, arguments, &drawn);
    if (status != 0 || run.lesson == NULL)
        return status;

    run.diagram.guide = guide;
    run.diagram.flows = &run.flows;
    run.diagram.screen = screen_of(guide->plain);
    run.diagram.draw = drawn || (run.diagram.screen.terminal && !guide->plain);
    halves[CLIENT].process = (struct process){ .input = -1, .output = -1 };
    read_play(&run);
    interrupts_catch();
    if (!start_half(&run, SERVER, run.port, run.host))
        return 1;
    diagram_begin(&run.diagram);
    status = play(&run);

    /* On a failure nobody is asked any more. */
    int grace = status == 0 ? GOODBYE_MS : 0;
    process_end(&halves[CLIENT].process, grace);
    process_end(&halves[SERVER].process, grace);
    if (status == 0 &&
        (!run.called || !process_exited_with(&halves[SERVER].process, 0) ||
         !process_exited_with(&halves[CLIENT].process, 0)))
        status = 1;
    if (status == 1 && process_exited_with(&halves[SERVER].process, 2))
        status = 2; /* wrong use, and the server has said what is wrong */
    char number[16];
    snprintf(number, sizeof number, "%d", atoi(run.lesson));
    if (status == 0 && run.diagram.draw)
        say_value(guide, stdout, "run-end", number);
    return status;
}
