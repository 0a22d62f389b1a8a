/* causality_driver.c - lessons/guide/causality.h and step_line.h, for tests to
 * drive.
 *
 *   causality_driver merge SERVER CLIENT ARRIVAL...
 *       puts the step lines of two files into one order, which is printed,
 *       an empty line behind it, for each ARRIVAL. A line that the rules never
 *       allowed is marked with a question mark.
 *           server  all of the server's lines come first
 *           client  all of the client's do
 *           both    all of both are there before the first is shown
 *           NUMBER  one at a time, in an order drawn from that number
 *   causality_driver parse
 *       reads lines and prints what it understood of them, as a step line
 *       again; "refused" for what is none
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lessons/guide/causality.h"
#include "../lessons/guide/files.h"
#include "../lessons/guide/step_line.h"

enum { SERVER, CLIENT, LINES_MAX = 4096 };

struct half {
    char *lines[LINES_MAX];
    size_t count, arrived, shown;
};

struct merge {
    struct half halves[2];
    struct causality flows;
    unsigned long random; /* 0: not at random */
};

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(2);
}

static void read_half(struct half *half, const char *path)
{
    char *text = file_read(path);

    if (text == NULL)
        fail(path);
    for (char *line = strtok(text, "\n"); line != NULL;
         line = strtok(NULL, "\n")) {
        if (half->count == LINES_MAX)
            fail("too many lines");
        half->lines[half->count++] = line;
    }
}

/* 0 or 1, the same series for the same number on every machine. */
static int draw(struct merge *merge)
{
    merge->random = (merge->random * 1103515245 + 12345) & 0x7fffffff;
    return (int)(merge->random >> 16 & 1);
}

/* The next line of a half, if it is there. */
static bool head_of(const struct half *half, struct step_line *head)
{
    if (half->shown == half->arrived)
        return false;
    if (!step_line_parse(half->lines[half->shown], head))
        fail(half->lines[half->shown]);
    return true;
}

static void show_head(struct merge *merge, int which)
{
    struct half *half = &merge->halves[which];
    struct step_line head;

    if (!head_of(half, &head))
        return;
    puts(half->lines[half->shown++]);
    causality_note(&merge->flows, &head);
}

static bool show_allowed(struct merge *merge, int which)
{
    struct step_line head;
    bool allowed = head_of(&merge->halves[which], &head) &&
                   causality_allows(&merge->flows, &head);

    if (allowed)
        show_head(merge, which);
    return allowed;
}

/* Show what can be shown, whichever half is asked first. */
static void show(struct merge *merge)
{
    int first;

    do
        first = merge->random != 0 ? draw(merge) : CLIENT;
    while (show_allowed(merge, first) || show_allowed(merge, 1 - first));
}

static bool arrive(struct merge *merge, int which)
{
    struct half *half = &merge->halves[which];

    if (half->arrived == half->count)
        return false;
    half->arrived++;
    return true;
}

static void arrive_all(struct merge *merge, int which, bool at_once)
{
    while (arrive(merge, which))
        if (!at_once)
            show(merge);
}

static void play(struct merge *merge, const char *arrival)
{
    bool both = strcmp(arrival, "both") == 0;
    int first = strcmp(arrival, "client") == 0 ? CLIENT : SERVER;

    merge->random = strtoul(arrival, NULL, 10);
    while (merge->random != 0) {
        int which = draw(merge);
        if (!arrive(merge, which) && !arrive(merge, 1 - which))
            break;
        show(merge);
    }
    arrive_all(merge, first, both);
    arrive_all(merge, 1 - first, both);
    show(merge);

    /* What fits nowhere, as `portolan run` shows it: as it came, at last. */
    struct half *halves = merge->halves;
    while (halves[SERVER].shown + halves[CLIENT].shown <
           halves[SERVER].count + halves[CLIENT].count) {
        fputs("? ", stdout);
        show_head(merge, halves[SERVER].shown < halves[SERVER].count ? SERVER
                                                                     : CLIENT);
        show(merge);
    }
    putchar('\n');
}

static void parse(void)
{
    char line[4096], local[ENDPOINT_SIZE], remote[ENDPOINT_SIZE];
    struct step_line step;

    while (fgets(line, sizeof line, stdin) != NULL) {
        if (!step_line_parse(line, &step)) {
            puts("refused");
            continue;
        }
        endpoint_text(&step.local, local);
        endpoint_text(&step.remote, remote);
        printf("%s %s: %s local=%s remote=%s state=%s", step.program, step.step,
               step.transport, local, remote, step.state);
        if (step.has_bytes)
            printf(" bytes=%lu data=%s", step.bytes, step.data);
        putchar('\n');
    }
}

int main(int argc, char *argv[])
{
    if (argc == 2 && strcmp(argv[1], "parse") == 0) {
        parse();
        return 0;
    }
    if (argc < 5 || strcmp(argv[1], "merge") != 0) {
        fputs("causality_driver: see tests/causality_driver.c\n", stderr);
        return 2;
    }

    static struct half read[2];
    read_half(&read[SERVER], argv[2]);
    read_half(&read[CLIENT], argv[3]);
    for (int i = 4; i < argc; i++) {
        static struct merge merge;
        memcpy(merge.halves, read, sizeof read);
        merge.flows = (struct causality){ .count = 0 };
        play(&merge, argv[i]);
    }
    return 0;
}
