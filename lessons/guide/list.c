/* list.c - ./portolan: the lessons, what was passed, what comes next. */
#include <stdlib.h>
#include <string.h>

#include "guide.h"
#include "lesson_names.h"
#include "progress.h"

/* "  [x] 1-greeting    Greeting", or "[ ]". */
static bool show_exercise(const struct guide *guide, const char *exercise)
{
    struct progress progress = progress_of(guide, exercise);
    bool passed = progress.passed[0] != '\0';

    printf("      [%s] %-18s %s", passed ? "x" : " ", strchr(exercise, '/') + 1,
           title_of(exercise, guide->language));
    return passed;
}

int command_list(const struct guide *guide, char *arguments[])
{
    const char *todo = NULL;

    if (arguments[0] != NULL)
        return wrong_use(guide, "unexpected", arguments[0]);
    for (const char *lesson = lesson_next(NULL); lesson != NULL;
         lesson = lesson_next(lesson)) {
        printf("%-24s %s", lesson, title_of(lesson, guide->language));
        for (const char *e = exercise_next(lesson, NULL); e != NULL;
             e = exercise_next(lesson, e))
            if (!show_exercise(guide, e) && todo == NULL)
                todo = e;
    }
    if (todo == NULL) {
        say_value(guide, stdout, "list-done", "");
        return 0;
    }
    char next[128];
    snprintf(next, sizeof next, "%d %d", atoi(todo),
             atoi(strchr(todo, '/') + 1));
    say_value(guide, stdout, "list-next", next);
    return 0;
}
