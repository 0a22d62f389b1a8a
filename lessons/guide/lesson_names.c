#include "lesson_names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Is this entry the English title of a lesson ("01-name"), or, where within is
 * given, of an exercise of that lesson ("01-name/1-name")? */
static bool names(const struct text *t, const char *within)
{
    if (strcmp(t->key, "title") != 0 || strcmp(t->language, "en") != 0 ||
        t->topic[0] < '0' || t->topic[0] > '9')
        return false;
    const char *slash = strchr(t->topic, '/');
    if (within == NULL)
        return slash == NULL;
    return slash != NULL && strlen(within) == (size_t)(slash - t->topic) &&
           strncmp(t->topic, within, strlen(within)) == 0;
}

/* The smallest name that is greater than after: the table has no order. */
static const char *next(const char *within, const char *after)
{
    const char *best = NULL;

    for (const struct text *t = texts; t->topic != NULL; t++)
        if (names(t, within) &&
            (after == NULL || strcmp(t->topic, after) > 0) &&
            (best == NULL || strcmp(t->topic, best) < 0))
            best = t->topic;
    return best;
}

/* Do they mean the same: by name, or by the number that the name begins with?
 */
static bool meant(const char *asked, const char *name)
{
    char *end;
    long number = strtol(asked, &end, 10);

    if (strcmp(asked, name) == 0)
        return true;
    return *asked >= '0' && *asked <= '9' && *end == '\0' &&
           number == strtol(name, NULL, 10);
}

const char *lesson_next(const char *name)
{
    return next(NULL, name);
}

const char *exercise_next(const char *lesson, const char *name)
{
    return next(lesson, name);
}

const char *lesson_find(const char *asked)
{
    const char *name = lesson_next(NULL);

    while (name != NULL && !meant(asked, name))
        name = lesson_next(name);
    return name;
}

const char *exercise_find(const char *lesson, const char *asked)
{
    const char *name = exercise_next(lesson, NULL);

    while (name != NULL && !meant(asked, strchr(name, '/') + 1))
        name = exercise_next(lesson, name);
    return name;
}

const char *title_of(const char *name, const char *language)
{
    const char *title = text_find(name, "title", language);
    return title != NULL ? title : "\n";
}
