/* watch.c - ./portolan watch: check at every save, until it passes.
 *
 * The time of the files is looked at again and again: that a file was changed
 * is not told everywhere (WSL, Docker, network folders).
 */
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "guide.h"
#include "process.h"

enum { LOOK_EVERY_MS = 100 };

/* What changes when a file is saved. The size is there for file systems that
 * know whole seconds only. */
struct stamp {
    time_t seconds;
    long nanoseconds;
    off_t size;
};

struct stamps {
    struct stamp of[2];
};

static struct stamp stamp_of(const struct stat *info)
{
#ifdef __APPLE__ /* under strict POSIX it has no st_mtim */
    long nanoseconds = info->st_mtimensec;
#else
    long nanoseconds = info->st_mtim.tv_nsec;
#endif
    return (struct stamp){ .seconds = info->st_mtime,
                           .nanoseconds = nanoseconds,
                           .size = info->st_size };
}

static struct stamps stamps_of(const struct exercise *exercise)
{
    struct stamps stamps = { .of = { { .seconds = 0 } } };
    char path[PATH_SIZE];
    struct stat info;

    for (int i = 0; i < 2; i++)
        if (path_join(path, exercise->mine, exercise_files[i]) &&
            stat(path, &info) == 0)
            stamps.of[i] = stamp_of(&info);
    return stamps;
}

static bool same_stamps(const struct stamps *a, const struct stamps *b)
{
    for (int i = 0; i < 2; i++)
        if (a->of[i].seconds != b->of[i].seconds ||
            a->of[i].nanoseconds != b->of[i].nanoseconds ||
            a->of[i].size != b->of[i].size)
            return false;
    return true;
}

int command_watch(const struct guide *guide, char *arguments[])
{
    struct exercise exercise;
    int status = check_begin(guide, arguments, &exercise);

    if (status != 0)
        return status;
    for (;;) {
        struct stamps checked = stamps_of(&exercise), now = checked;
        status = check_exercise(guide, &exercise);
        if (status == 0 || status == 130)
            return status;
        char here[PATH_SIZE];
        say_value(guide, stdout, "watching", as_seen(exercise.mine, here));
        fflush(stdout);
        while (same_stamps(&now, &checked)) {
            if (!wait_for_input(NULL, NULL, 0, LOOK_EVERY_MS))
                return 130;
            now = stamps_of(&exercise);
        }
        putchar('\n');
    }
}
