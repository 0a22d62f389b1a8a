#include "text.h"

#include <stdlib.h>
#include <string.h>

const char *text_find(const char *topic, const char *key, const char *language)
{
    for (const struct text *t = texts; t->topic != NULL; t++)
        if (strcmp(t->topic, topic) == 0 && strcmp(t->key, key) == 0 &&
            strcmp(t->language, language) == 0)
            return t->text;
    return NULL;
}

/* The value whose name stands between name and end, or NULL. */
static const char *value_of(const struct fill *fills, const char *name,
                            const char *end)
{
    size_t length = (size_t)(end - name);

    for (; fills != NULL && fills->name != NULL; fills++)
        if (strlen(fills->name) == length &&
            memcmp(fills->name, name, length) == 0)
            return fills->value;
    return NULL;
}

void text_write(FILE *out, const char *topic, const char *key,
                const char *language, const struct fill *fills)
{
    const char *p = text_find(topic, key, language);
    if (p == NULL) {
        fprintf(out, "%s %s\n", topic, key);
        return;
    }
    for (; *p != '\0'; p++) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        const char *value = end != NULL ? value_of(fills, p + 1, end) : NULL;
        if (value == NULL) {
            putc(*p, out);
        } else {
            fputs(value, out);
            p = end;
        }
    }
}

void text_prompt(FILE *out, const char *topic, const char *key,
                 const char *language)
{
    const char *text = text_find(topic, key, language);

    if (text != NULL)
        fprintf(out, "%.*s", (int)strcspn(text, "\n"), text);
}

const char *text_language(const char *asked)
{
    if (asked != NULL) {
        if (strcmp(asked, "en") == 0)
            return "en";
        return strcmp(asked, "pt-BR") == 0 ? "pt-BR" : NULL;
    }
    const char *names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    const char *locale = NULL;
    for (size_t i = 0; i < 3 && (locale == NULL || *locale == '\0'); i++)
        locale = getenv(names[i]);
    return locale != NULL && strncmp(locale, "pt", 2) == 0 ? "pt-BR" : "en";
}
