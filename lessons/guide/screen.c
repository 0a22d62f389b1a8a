#include "screen.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The environment's value; NULL when it has none, or an empty one. */
static const char *set(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? value : NULL;
}

/* The codeset that the locale's name ends with, whether or not this machine
 * has that locale: what the terminal shows is the terminal's business. */
static bool names_utf8(void)
{
    const char *names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

    for (size_t i = 0; i < 3; i++) {
        const char *value = set(names[i]);
        if (value == NULL)
            continue;
        const char *dot = strchr(value, '.');
        return dot != NULL && (strncasecmp(dot, ".utf-8", 6) == 0 ||
                               strncasecmp(dot, ".utf8", 5) == 0);
    }
    return false;
}

static int terminal_width(void)
{
#ifdef TIOCGWINSZ /* POSIX has no way to ask before its 2024 edition */
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
#endif
    const char *value = set("COLUMNS");
    int columns = value != NULL ? atoi(value) : 0;
    return columns > 0 && columns <= 1000 ? columns : 80;
}

struct screen screen_of(bool plain)
{
    const char *term = getenv("TERM");
    bool terminal = isatty(STDOUT_FILENO);

    return (struct screen){
        .terminal = terminal,
        .colour = terminal && !plain && set("NO_COLOR") == NULL &&
                  term != NULL && strcmp(term, "dumb") != 0,
        .utf8 = names_utf8(),
        .width = terminal_width(),
    };
}

/* Behind the character at p: one code point, or one escape sequence. */
static const char *behind(const char *p)
{
    if (*p == '\033') {
        while (*p != '\0' && !isalpha((unsigned char)*p))
            p++;
        return *p != '\0' ? p + 1 : p;
    }
    p++;
    while (((unsigned char)*p & 0xC0) == 0x80)
        p++;
    return p;
}

int text_width(const char *text)
{
    int width = 0;

    while (*text != '\0') {
        width += *text != '\033';
        text = behind(text);
    }
    return width;
}

int next_line(const char **text, int width, const char **line)
{
    const char *p = *text, *fits = NULL;

    while (*p == ' ' || *p == '\n')
        p++;
    *line = p;
    if (*p == '\0')
        return -1;
    for (int used = 0; *p != '\0'; used++, p = behind(p)) {
        bool space = *p == ' ' || *p == '\n';
        if (space && (used <= width || fits == NULL))
            fits = p;
        if (used >= width && fits != NULL)
            break;
    }
    if (*p == '\0' && (fits == NULL || text_width(*line) <= width))
        fits = p;
    *text = fits;
    return (int)(fits - *line);
}
