#include "patch.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What is left to read, and what was written. No byte is written twice, so
 * out has room for both the patch and the text. */
struct work {
    const char *patch, *text;
    char *out;
    size_t length;
    unsigned long read, written; /* lines that are behind us */
    bool reverse;
};

struct range {
    unsigned long start, count;
};

static const char *next_line(const char *text)
{
    const char *newline = strchr(text, '\n');

    return newline != NULL ? newline + 1 : text + strlen(text);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* False after a line without a newline: that one was the last. */
static bool put(struct work *work, const char *bytes, size_t count)
{
    if (count > 0 && work->length > 0 && work->out[work->length - 1] != '\n')
        return false;
    memcpy(work->out + work->length, bytes, count);
    work->length += count;
    return true;
}

/* Copy what no hunk touches, up to where the next one begins. */
static bool copy_to(struct work *work, unsigned long line)
{
    while (work->read < line) {
        const char *next = next_line(work->text);
        if (next == work->text ||
            !put(work, work->text, (size_t)(next - work->text)))
            return false;
        work->text = next;
        work->read++;
        work->written++;
    }
    return work->read == line;
}

/* "-12,3 ", or "-12 " for one line, at *at; *at moves behind it. */
static bool read_range(const char **at, char sign, struct range *range)
{
    const char *digits = *at + 1;
    char *end;

    if (**at != sign || !isdigit((unsigned char)*digits))
        return false;
    range->start = strtoul(digits, &end, 10);
    range->count = 1;
    if (*end == ',') {
        if (!isdigit((unsigned char)end[1]))
            return false;
        range->count = strtoul(end + 1, &end, 10);
    }
    *at = end + 1;
    return *end == ' ';
}

/* One line of a hunk, which still wants from->count and to->count lines. */
static bool read_line(struct work *work, bool ours, struct range *from,
                      struct range *to)
{
    const char *line = work->patch, *next = next_line(line);
    bool old = *line == ' ' || *line == (work->reverse ? '+' : '-');
    bool new = *line == ' ' || *line == (work->reverse ? '-' : '+');

    if (!(old || new) || next[-1] != '\n' || (old && from->count-- == 0) ||
        (new && to->count-- == 0))
        return false;
    line++;
    size_t length = (size_t)(next - line);
    bool last = *next == '\\'; /* "\ No newline at end of file" */
    work->patch = last ? next_line(next) : next;
    if (last && --length == 0)
        return false;
    if (!ours)
        return true;
    if (old) {
        if (strncmp(work->text, line, length) != 0 ||
            (last && work->text[length] != '\0'))
            return false;
        work->text += length;
        work->read++;
    }
    if (new)
        work->written++;
    return !new || put(work, line, length);
}

/* Make the number of a range's first line that of the lines before it. Where
 * there are no lines, it is that already. */
static bool lines_before(struct range *range)
{
    return range->count == 0 || range->start-- > 0;
}

static bool read_hunk(struct work *work, bool ours)
{
    struct range from, to;
    const char *at = work->patch + strlen("@@ ");

    if (!read_range(&at, '-', work->reverse ? &to : &from) ||
        !read_range(&at, '+', work->reverse ? &from : &to) || !begins(at, "@@"))
        return false;
    if (!lines_before(&from) || !lines_before(&to))
        return false;
    if (ours && (!copy_to(work, from.start) || work->written != to.start))
        return false;
    work->patch = next_line(work->patch);
    while (from.count > 0 || to.count > 0)
        if (!read_line(work, ours, &from, &to))
            return false;
    return true;
}

/* "a/server.c", with or without diff(1)'s time behind it. */
static bool names(const char *path, const char *folder, const char *name)
{
    if (!begins(path, folder) || !begins(path + strlen(folder), name))
        return false;
    char end = path[strlen(folder) + strlen(name)];
    return end == '\n' || end == '\t';
}

static bool read_patch(struct work *work, const char *name)
{
    bool headed = false, ours = false, seen = false;

    while (*work->patch != '\0') {
        const char *line = work->patch, *next = next_line(line);
        if (begins(line, "--- ") && begins(next, "+++ ")) {
            ours = names(line + 4, "a/", name);
            if (ours != names(next + 4, "b/", name) || (ours && seen))
                return false;
            headed = true;
            seen = seen || ours;
            work->patch = next_line(next);
        } else if (begins(line, "@@ ")) {
            if (!headed || !read_hunk(work, ours))
                return false;
        } else if (headed && strchr(" +-\\", *line) != NULL) {
            return false; /* a hunk is longer than it says */
        } else {
            work->patch = next; /* "diff --git", "index": for people */
        }
    }
    return true;
}

char *patch_apply(const char *patch, const char *name, const char *text,
                  bool reverse)
{
    char *out = malloc(strlen(patch) + strlen(text) + 1);
    struct work work = {
        .patch = patch, .text = text, .out = out, .reverse = reverse
    };

    if (out == NULL)
        return NULL;
    if (!read_patch(&work, name) || !put(&work, work.text, strlen(work.text))) {
        free(out);
        errno = EINVAL;
        return NULL;
    }
    out[work.length] = '\0';
    return out;
}
