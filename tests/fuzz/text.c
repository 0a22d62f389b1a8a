/* Placeholders: the table is one text, which is the input's first string; names
 * and values follow. */
#include "text.h"

#include "fuzz.h"

enum { TEXT_SIZE = 4096, FILLS = 4, STRINGS = 2 * FILLS };

static char input[TEXT_SIZE];

const struct text texts[] = { { "topic", "key", "en", input },
                              { NULL, NULL, NULL, NULL } };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fill fills[FILLS + 1] = { { NULL, NULL } };
    char *strings[STRINGS] = { NULL }, out[TEXT_SIZE + 1];
    char *text = fuzz_string(&data, &size);
    static FILE *file;

    snprintf(input, sizeof input, "%s", text);
    for (size_t i = 0; i < STRINGS && size > 0; i++)
        strings[i] = fuzz_string(&data, &size);
    for (size_t i = 0; i < FILLS && strings[2 * i + 1] != NULL; i++)
        fills[i] = (struct fill){ strings[2 * i], strings[2 * i + 1] };

    /* Without values, a text is written as it stands. */
    file = fmemopen(out, sizeof out, "w");
    if (file == NULL)
        exit(0);
    text_write(file, "topic", "key", "en", NULL);
    fputc('\0', file);
    fclose(file);
    must(strcmp(out, input) == 0, "nothing changed");

    if ((file = fopen("/dev/null", "w")) == NULL)
        exit(0);
    text_write(file, "topic", "key", "en", fills);
    text_write(file, text, text, text, fills);
    fclose(file);

    for (size_t i = 0; i < STRINGS; i++)
        free(strings[i]);
    free(text);
    return 0;
}
