/* patch_driver.c - for patch.bats: what patch_apply() makes of a file.
 *
 *   patch_driver PATCH NAME FILE [--reverse]
 *
 * prints the text, or "EINVAL", exit status 1.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lessons/guide/patch.h"

/* A whole file, in memory of just its size: a sanitizer sees every byte that
 * is read beyond it. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(1);
    size_t length = 0;

    for (int c; file != NULL && text != NULL && (c = getc(file)) != EOF;) {
        text[length++] = (char)c;
        char *longer = realloc(text, length + 1);
        if (longer == NULL)
            free(text);
        text = longer;
    }
    if (file == NULL || text == NULL) {
        perror(path);
        exit(2);
    }
    fclose(file);
    text[length] = '\0';
    return text;
}

int main(int argc, char *argv[])
{
    if (argc < 4)
        return 2;
    char *patch = read_file(argv[1]), *text = read_file(argv[3]);
    bool reverse = argc > 4 && strcmp(argv[4], "--reverse") == 0;
    char *out = patch_apply(patch, argv[2], text, reverse);
    int status = out == NULL;

    if (out != NULL)
        fputs(out, stdout);
    else
        puts(errno == EINVAL ? "EINVAL" : "another errno");
    free(out);
    free(text);
    free(patch);
    return status;
}
