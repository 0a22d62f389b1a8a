/* half.c - ./portolan server 1 and client 1: one half, in this terminal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exercise.h"
#include "guide.h"
#include "lesson_names.h"

enum { ARGUMENTS_MAX = 64 };

/* Take "--mine EXERCISE" out of the arguments; NULL when it is not there. */
static const char *take_mine(char *arguments[])
{
    const char *mine = NULL;
    char **kept = arguments;

    for (char **a = arguments; *a != NULL; a++)
        if (strcmp(*a, "--mine") == 0 && a[1] != NULL)
            mine = *++a;
        else
            *kept++ = *a;
    *kept = NULL;
    return mine;
}

/* Become the program. It is called "./portolan server 1", as it was typed, so
 * that the commands it may advise can be typed, too. */
static int become(const struct guide *guide, const char *side,
                  char *arguments[])
{
    char path[PATH_SIZE], called[PATH_SIZE];
    const char *argv[ARGUMENTS_MAX] = { called, "--lang", guide->language };
    size_t argc = 3;

    const char *mine = take_mine(arguments);
    if (arguments[0] == NULL)
        return wrong_use(guide, "which-lesson", side);
    if (strcmp(arguments[0], "--help") == 0) {
        say_value(guide, stdout, "help-half", side);
        return 0;
    }
    const char *lesson = lesson_find(arguments[0]);
    if (lesson == NULL)
        return wrong_use(guide, "no-lesson", arguments[0]);
    int status = program_path(guide, lesson, side, mine, path);
    if (status != 0)
        return status;
    snprintf(called, sizeof called, "%s %s %d%s%s", guide->command, side,
             atoi(lesson), mine != NULL ? " --mine " : "",
             mine != NULL ? mine : "");

    for (char **a = arguments + 1; *a != NULL; a++) {
        if (argc == ARGUMENTS_MAX - 1)
            return wrong_use(guide, "unexpected", *a);
        argv[argc++] = *a;
    }
    execv(path, (char *const *)argv);
    perror(path);
    return 1;
}

int command_server(const struct guide *guide, char *arguments[])
{
    return become(guide, "server", arguments);
}

int command_client(const struct guide *guide, char *arguments[])
{
    return become(guide, "client", arguments);
}
