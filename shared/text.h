/* text.h - the words of the suite. They live in Markdown under lessons/, and
 * shared/text.awk builds them into one table, in every language.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdio.h>

struct text {
    const char *topic;    /* "server/01-first-connection", "errors", "guide" */
    const char *key;      /* "bind", "EADDRINUSE" */
    const char *language; /* "en" or "pt-BR" */
    const char *text;     /* whole lines; placeholders stand as {name} */
};

extern const struct text texts[]; /* ends with topic == NULL */

/* A value for a placeholder: {port} is replaced by the value named "port". */
struct fill {
    const char *name, *value;
};

/* The text, or NULL when there is none in that language. */
const char *text_find(const char *topic, const char *key, const char *language);

/* Write a text with its placeholders filled in. fills ends with a NULL name
 * and may be NULL. A placeholder without a value stays as it stands; a text
 * that is missing is written as "topic key". */
void text_write(FILE *out, const char *topic, const char *key,
                const char *language, const struct fill *fills);

/* The first line of a text, without its newline: for a prompt. */
void text_prompt(FILE *out, const char *topic, const char *key,
                 const char *language);

/* "en" or "pt-BR": from asked (the value of --lang) if it is not NULL, else
 * from LC_ALL, LC_MESSAGES or LANG, whichever is set first. NULL when asked is
 * a language that we do not have. */
const char *text_language(const char *asked);

#endif
