/* screen_driver.c - lessons/guide/screen.h, for tests to drive.
 *
 *   screen_driver break WIDTH  breaks the text on stdin into lines that fit
 *   screen_driver measure      the columns that each line on stdin takes
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lessons/guide/screen.h"

enum { TEXT_MAX = 1 << 16 };

static void print_broken(const char *text, int width)
{
    const char *line;
    int length;

    while ((length = next_line(&text, width, &line)) >= 0) {
        for (int i = 0; i < length; i++)
            putchar(line[i] == '\n' ? ' ' : line[i]);
        putchar('\n');
    }
}

static void measure(char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        bool last = text[length] == '\0';
        text[length] = '\0';
        printf("%d\n", text_width(text));
        text += length + !last;
    }
}

int main(int argc, char *argv[])
{
    static char text[TEXT_MAX];
    size_t length = fread(text, 1, sizeof text - 1, stdin);

    text[length] = '\0';
    if (argc == 3 && strcmp(argv[1], "break") == 0) {
        print_broken(text, atoi(argv[2]));
    } else if (argc == 2 && strcmp(argv[1], "measure") == 0) {
        measure(text);
    } else {
        fputs("screen_driver: see tests/screen_driver.c\n", stderr);
        return 2;
    }
    return 0;
}
