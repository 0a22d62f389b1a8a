/* screen.h - what we may draw with here, and text that fits a width.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stddef.h>

struct screen {
    bool terminal; /* stdout is one */
    bool colour;   /* not with NO_COLOR, TERM=dumb or --plain */
    bool utf8;     /* else ASCII stands in for lines and arrows */
    int width;     /* columns */
};

/* Look at stdout and the environment (NO_COLOR, TERM, COLUMNS, LC_ALL,
 * LC_CTYPE, LANG). plain: no colour, whatever there is. */
struct screen screen_of(bool plain);

/* Columns that this UTF-8 text takes; escape sequences take none, every other
 * character is taken to be one wide. */
int text_width(const char *text);

/* The next line of a text that is broken at spaces to fit width columns: its
 * bytes are *line, its length is returned, and *text moves on behind it. -1
 * when the text is at its end. A word that is too long stands alone. */
int next_line(const char **text, int width, const char **line);

#endif
