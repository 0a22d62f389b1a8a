#include "progress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

/* Is this the line of that exercise? */
static bool line_of(const char *line, const char *exercise)
{
    size_t length = strlen(exercise);

    return strncmp(line, exercise, length) == 0 && line[length] == ' ';
}

static const char *after(const char *line)
{
    const char *newline = strchr(line, '\n');

    return newline != NULL ? newline + 1 : line + strlen(line);
}

static char *read_all(const struct guide *guide, char path[PATH_SIZE])
{
    if (!path_join(path, guide->my, "progress"))
        return NULL;
    char *text = file_read(path);
    if (text == NULL && errno == ENOENT)
        text = calloc(1, 1);
    return text;
}

struct progress progress_of(const struct guide *guide, const char *exercise)
{
    struct progress progress = { .tries = 0 };
    char path[PATH_SIZE];
    char *text = read_all(guide, path);

    for (const char *l = text; l != NULL && *l != '\0'; l = after(l)) {
        char line[256]; /* this one only: sscanf() takes newlines for spaces */
        snprintf(line, sizeof line, "%.*s", (int)strcspn(l, "\n"), l);
        if (line_of(line, exercise))
            sscanf(line + strlen(exercise), " tries=%d hints=%d passed=%15s",
                   &progress.tries, &progress.hints, progress.passed);
    }
    free(text);
    return progress;
}

bool progress_save(const struct guide *guide, const char *exercise,
                   const struct progress *progress)
{
    char path[PATH_SIZE], line[256];
    char *old = read_all(guide, path);
    char *new = old != NULL ? malloc(strlen(old) + 1 + sizeof line) : NULL;
    bool good = false;

    if (new != NULL) {
        *new = '\0';
        for (const char *l = old; *l != '\0'; l = after(l))
            if (!line_of(l, exercise))
                strncat(new, l, (size_t)(after(l) - l));
        size_t length = strlen(new);
        if (length > 0 && new[length - 1] != '\n')
            strcat(new, "\n"); /* a last line that somebody left open */
        snprintf(line, sizeof line, "%s tries=%d hints=%d passed=%s", exercise,
                 progress->tries, progress->hints, progress->passed);
        line[strcspn(line, "\n")] = '\0';
        strcat(new, line);
        strcat(new, "\n");
        good = folder_make(guide->my) && file_write(path, new);
    }
    if (!good)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    free(new);
    free(old);
    return good;
}
