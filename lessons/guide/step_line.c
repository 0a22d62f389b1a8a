#include "step_line.h"

#include <stdlib.h>
#include <string.h>

/* Copy the word at *p, up to end, into out; false if it is empty or too long.
 * *p is then behind end. */
static bool take(const char **p, char end, char *out, size_t size)
{
    const char *stop = strchr(*p, end);
    size_t length = stop != NULL ? (size_t)(stop - *p) : 0;

    if (length == 0 || length >= size || memchr(*p, '\n', length) != NULL)
        return false;
    memcpy(out, *p, length);
    out[length] = '\0';
    *p = stop + 1;
    return true;
}

static bool skip(const char **p, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(*p, word, length) != 0)
        return false;
    *p += length;
    return true;
}

static bool take_endpoint(const char **p, const char *key,
                          struct endpoint *endpoint)
{
    char word[ENDPOINT_SIZE];

    if (!skip(p, key) || !take(p, ' ', word, sizeof word))
        return false;
    *endpoint = (struct endpoint){ .family = AF_UNSPEC };
    return strcmp(word, "-") == 0 || endpoint_parse(word, endpoint);
}

/* " bytes=10 data="hello, ser"", the tail of a step that moved bytes. */
static bool take_bytes(const char *p, struct step_line *out)
{
    char *end;
    if (!skip(&p, "bytes=") || *p < '0' || *p > '9')
        return false;
    out->bytes = strtoul(p, &end, 10);
    out->has_bytes = true;
    p = end;
    if (!skip(&p, " data=\""))
        return false;
    const char *quote = p - 1;
    while (*p != '\0' && *p != '\n' && *p != '"')
        p += *p == '\\' && p[1] != '\0' ? 2 : 1;
    if (*p++ != '"')
        return false; /* cut */
    skip(&p, "...");  /* there was more than a line shows */
    size_t length = (size_t)(p - quote);
    if ((*p != '\0' && *p != '\n') || length >= sizeof out->data)
        return false;
    memcpy(out->data, quote, length);
    out->data[length] = '\0';
    return true;
}

bool step_line_parse(const char *line, struct step_line *out)
{
    const char *p = line;
    struct step_line read = { .has_bytes = false };

    if ((strncmp(p, "server/", 7) != 0 && strncmp(p, "client/", 7) != 0) ||
        !take(&p, ' ', read.program, sizeof read.program) ||
        !take(&p, ':', read.step, sizeof read.step) || !skip(&p, " ") ||
        !take(&p, ' ', read.transport, sizeof read.transport) ||
        !take_endpoint(&p, "local=", &read.local) ||
        !take_endpoint(&p, "remote=", &read.remote) || !skip(&p, "state="))
        return false;

    size_t length = strcspn(p, " \n");
    if (length == 0 || length >= sizeof read.state)
        return false;
    memcpy(read.state, p, length);
    p += length;
    if (*p == ' ' && !take_bytes(p + 1, &read))
        return false;
    *out = read;
    return true;
}
