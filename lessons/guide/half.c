/* half.c - ./portolan server 1 and client 1: one half, in this terminal. */
#include <stdlib.h>
#include <unistd.h>

#include "guide.h"
#include "lesson_names.h"

enum { ARGUMENTS_MAX = 64 };

/* Become the program. It is called "./portolan server 1", as it was typed, so
 * that the commands it may advise can be typed, too. */
static int become(const struct guide *guide, const char *side,
                  char *arguments[])
{
    char path[PATH_SIZE], name[PATH_SIZE], called[PATH_SIZE];
    const char *argv[ARGUMENTS_MAX] = { called, "--lang", guide->language };
    size_t argc = 3;

    if (arguments[0] == NULL)
        return wrong_use(guide, "which-lesson", side);
    const char *lesson = lesson_find(arguments[0]);
    if (lesson == NULL)
        return wrong_use(guide, "no-lesson", arguments[0]);
    snprintf(called, sizeof called, "%s %s %d", guide->command, side,
             atoi(lesson));
    snprintf(name, sizeof name, "build/%s/%s", side, lesson);
    if (!path_join(path, guide->home, name))
        return 1;

    for (char **a = arguments + 1; *a != NULL; a++) {
        if (argc == ARGUMENTS_MAX - 1)
            return wrong_use(guide, "unexpected", *a);
        argv[argc++] = *a;
    }
    execv(path, (char *const *)argv);
    wrong_use(guide, "not-built", path);
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
