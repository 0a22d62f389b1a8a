/* fuzz.h - what the harnesses share: strings of just their size, and a check
 * that stays in every build.
 *
 * Each harness is a libFuzzer program (make fuzz) for one reader of bytes from
 * outside. Seeds are in corpus/NAME/.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next string of the input, up to a NUL byte or to its end, in memory of
 * its own: AddressSanitizer sees a read beyond it. */
static inline char *fuzz_string(const uint8_t **data, size_t *size)
{
    size_t length = 0;

    while (length < *size && (*data)[length] != '\0')
        length++;
    char *string = malloc(length + 1);
    if (string == NULL)
        exit(0);
    memcpy(string, *data, length);
    string[length] = '\0';
    size_t taken = length < *size ? length + 1 : length;
    *data += taken;
    *size -= taken;
    return string;
}

static inline void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

#endif
