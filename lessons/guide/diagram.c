#include "diagram.h"

#include <stdio.h>
#include <string.h>

enum {
    NAME = 14,  /* columns for a call: "close-listener" */
    INNER = 48, /* columns between the two lifelines */
    DRAWN = 2 * NAME + INNER + 4,
    BESIDE = 40, /* columns that a text needs to stand beside */
    TEXT_MAX = 76,
    ROW_SIZE = 640,
};

static bool of_server(const struct step_line *step)
{
    return strncmp(step->program, "server/", 7) == 0;
}

/* The characters that we draw with. */
static const char *bar(const struct diagram *d)
{
    return d->screen.utf8 ? "│" : "|";
}

static const char *both_ways(const struct diagram *d)
{
    return d->screen.utf8 ? "↔" : "<->";
}

static void repeat(const char *what, int times)
{
    while (times-- > 0)
        fputs(what, stdout);
}

/* A part of a text that was broken anew: where its line ended is a space. */
static void print_part(const char *part, int length)
{
    for (int i = 0; i < length; i++)
        putchar(part[i] == '\n' ? ' ' : part[i]);
}

/* The text of a step, if it is to be shown and was not before. */
static const char *text_of(struct diagram *d, const struct step_line *step)
{
    const char *text = text_find(step->program, step->step, d->guide->language);

    if (d->brief || text == NULL)
        return "";
    for (size_t i = 0; i < sizeof d->told / sizeof d->told[0]; i++) {
        if (d->told[i] == text)
            return "";
        if (d->told[i] == NULL) {
            d->told[i] = text;
            break;
        }
    }
    return text;
}

/* One row: a call on the left or on the right, and what is between. Where the
 * window is wide the next line of *text stands beside it. */
static void row(const struct diagram *d, const char *left, const char *inner,
                const char *right, const char **text)
{
    const char *line;
    int length;
    const char *bold = d->screen.colour ? "\033[1m" : "";
    const char *off = d->screen.colour ? "\033[0m" : "";
    const char *tick[2] = { bar(d), bar(d) };
    if (*left != '\0')
        tick[0] = d->screen.utf8 ? "┤" : "+";
    if (*right != '\0')
        tick[1] = d->screen.utf8 ? "├" : "+";

    printf("%s%*s%s %s%s", bold, NAME, left, off, tick[0], inner);
    repeat(" ", INNER - text_width(inner));
    printf("%s", tick[1]);
    if (*right != '\0')
        printf(" %s%s%s", bold, right, off);
    if (d->screen.width >= DRAWN + BESIDE && **text != '\0') {
        int room = d->screen.width - DRAWN - 2;
        length = next_line(text, room < TEXT_MAX ? room : TEXT_MAX, &line);
        if (length > 0) {
            repeat(" ",
                   NAME + 2 - (*right != '\0' ? 1 + text_width(right) : 0));
            print_part(line, length);
        }
    }
    putchar('\n');
}

/* An arrow from one lifeline to the other. */
static void arrow(const struct diagram *d, bool to_client, const char *label,
                  const char **text)
{
    char inner[ROW_SIZE] = "";
    const char *dash = d->screen.utf8 ? "─" : "-";
    const char *head[2] = { d->screen.utf8 ? "◀" : "<",
                            d->screen.utf8 ? "▶" : ">" };
    int room = INNER - 4 - text_width(label), before = room / 2;

    strcat(inner, to_client ? dash : head[0]);
    for (int i = 0; i < room; i++) {
        if (i == before)
            snprintf(inner + strlen(inner), sizeof inner - strlen(inner),
                     " %s ", label);
        strcat(inner, dash);
    }
    strcat(inner, to_client ? head[1] : dash);
    row(d, "", inner, "", text);
}

/* What crosses from the half that took this step to the other. */
static void arrows(const struct diagram *d, const struct step_line *step,
                   const char **text)
{
    char label[ROW_SIZE];
    bool to_client = of_server(step);

    if (step_is(step, "connect")) {
        arrow(d, to_client, "SYN", text);
        arrow(d, !to_client, "SYN, ACK", text);
        arrow(d, to_client, "ACK", text);
    } else if (step_is(step, "send")) {
        snprintf(label, sizeof label, "%lu bytes %s", step->bytes, step->data);
        if (strlen(label) > INNER - 6)
            strcpy(label + INNER - 9, "...");
        arrow(d, to_client, label, text);
    } else if ((step_is(step, "shutdown") || step_is(step, "close")) &&
               step->remote.family != AF_UNSPEC &&
               !causality_ended(d->flows, step)) {
        arrow(d, to_client, "FIN", text);
    }
}

/* An endpoint, marked if it is not what this half's last step had (NULL: this
 * is its first). */
static void mark(const struct diagram *d, const struct endpoint *endpoint,
                 const struct endpoint *last, char out[ROW_SIZE])
{
    char text[ENDPOINT_SIZE];
    bool changed = last != NULL && endpoint->family != AF_UNSPEC &&
                   !endpoint_equal(endpoint, last);

    endpoint_text(endpoint, text);
    if (changed && d->screen.colour)
        snprintf(out, ROW_SIZE, "\033[1;7m*%s\033[0m", text);
    else
        snprintf(out, ROW_SIZE, "%s%s", changed ? "*" : "", text);
}

/* The tuple between the lifelines, at the side whose socket it is, the
 * server's address always left of the client's. */
static void tuple_rows(const struct diagram *d, const struct step_line *step,
                       const char *local, const char *remote, const char **text)
{
    char tuple[3 * ROW_SIZE], inner[4 * ROW_SIZE];
    bool server = of_server(step);
    const char *left = server ? step->step : "";
    const char *right = server ? "" : step->step;
    snprintf(tuple, sizeof tuple, "%s %s %s", server ? local : remote,
             both_ways(d), server ? remote : local);

    int room = INNER - 3 - text_width(tuple) - (int)strlen(step->state);
    if (server && room >= 0)
        snprintf(inner, sizeof inner, " %s %s", tuple, step->state);
    else if (room >= 0)
        snprintf(inner, sizeof inner, "%*s%s %s", room + 1, "", step->state,
                 tuple);
    else
        snprintf(inner, sizeof inner, "%*s%s",
                 server || text_width(tuple) >= INNER - 1
                     ? 1
                     : INNER - 1 - text_width(tuple),
                 "", tuple);
    row(d, left, inner, right, text);
    if (room < 0) {
        snprintf(inner, sizeof inner, "%*s%s",
                 server ? 1 : INNER - 1 - (int)strlen(step->state), "",
                 step->state);
        row(d, "", inner, "", text);
    }
}

static void draw(const struct diagram *d, const struct step_line *step,
                 const char *local, const char *remote, const char *text)
{
    char inner[ROW_SIZE];
    const char *line;
    int length;

    arrows(d, step, &text);
    tuple_rows(d, step, local, remote, &text);
    if (step_is(step, "recv") && step->has_bytes) {
        snprintf(inner, sizeof inner, "%lu bytes %s", step->bytes, step->data);
        if (strlen(inner) > INNER - 4)
            strcpy(inner + INNER - 7, "...");
        char right[2 * ROW_SIZE];
        snprintf(right, sizeof right, "%*s%s",
                 of_server(step) ? 2 : INNER - 1 - (int)strlen(inner), "",
                 inner);
        row(d, "", right, "", &text);
    }
    bool beside = d->screen.width >= DRAWN + BESIDE;
    while (beside && *text != '\0' && *text != '\n')
        row(d, "", "", "", &text);
    while ((length = next_line(&text, INNER - 4, &line)) > 0) {
        snprintf(inner, sizeof inner, "  %.*s", length, line);
        for (char *p = inner; (p = strchr(p, '\n')) != NULL;)
            *p = ' ';
        row(d, "", inner, "", &text);
    }
    const char *none = "";
    if (!d->brief)
        row(d, "", "", "", &none);
}

/* For a narrow window: nothing is longer than it must be. */
static void list(const struct diagram *d, const struct step_line *step,
                 const char *local, const char *remote, const char *text)
{
    const char *line;
    int length;

    printf("\n%d. %s: %s\n", d->steps + 1,
           of_server(step) ? "server" : "client", step->step);
    while ((length = next_line(&text, d->screen.width - 2, &line)) > 0) {
        fputs("  ", stdout);
        print_part(line, length);
        putchar('\n');
    }
    printf("  local  %s\n  remote %s\n  %s\n", local, remote, step->state);
    if (step->has_bytes)
        printf("  %lu bytes %.*s\n", step->bytes, d->screen.width - 14,
               step->data);
}

void diagram_begin(const struct diagram *d)
{
    const char *none = "";
    char inner[ROW_SIZE];

    if (!d->draw || d->screen.width < DRAWN)
        return;
    snprintf(inner, sizeof inner, " local %s remote%*sremote %s local ",
             both_ways(d), INNER - 2 * (14 + text_width(both_ways(d))), "",
             both_ways(d));
    row(d, "SERVER", inner, "CLIENT", &none);
    const char *legend = text_find("guide", "run-legend", d->guide->language);
    while (legend != NULL && *legend != '\0') {
        int length = (int)strcspn(legend, "\n");
        snprintf(inner, sizeof inner, " %.*s", length, legend);
        row(d, "", inner, "", &none);
        legend += length + (legend[length] == '\n');
    }
}

void diagram_show(struct diagram *d, const struct step_line *step,
                  const char *line)
{
    char local[ROW_SIZE], remote[ROW_SIZE];
    int half = of_server(step) ? 0 : 1;
    struct endpoint *last = d->last[half];
    const char *text = text_of(d, step);
    mark(d, &step->local, d->stepped[half] ? &last[0] : NULL, local);
    mark(d, &step->remote, d->stepped[half] ? &last[1] : NULL, remote);

    if (!d->draw) {
        if (!d->brief)
            printf("\n%d. %s %s\n%s", d->steps + 1, step->program, step->step,
                   text);
        puts(line);
    } else if (d->screen.width < DRAWN) {
        list(d, step, local, remote, text);
    } else {
        draw(d, step, local, remote, text);
    }
    fflush(stdout);
    d->steps++;
    d->stepped[half] = true;
    last[0] = step->local;
    last[1] = step->remote;
    causality_note(d->flows, step);
}
