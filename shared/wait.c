#include "wait.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>

/* Empty on purpose: that a handler exists makes pselect() return EINTR. */
static void wake(int signal_number)
{
    (void)signal_number;
}

void catch_interrupt(void)
{
    struct sigaction action = { .sa_handler = wake };
    sigset_t interrupt;

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, NULL);
}

/* Has SIGINT come while it was blocked? pselect() lets it in only if it has to
 * wait: with a client that floods us, it never has to. */
static bool interrupt_pending(void)
{
    sigset_t pending;

    return sigpending(&pending) == 0 && sigismember(&pending, SIGINT) == 1;
}

static bool wait_ready(struct lesson *lesson, int fd, bool to_write)
{
    sigset_t while_waiting;
    sigprocmask(SIG_BLOCK, NULL, &while_waiting);
    sigdelset(&while_waiting, SIGINT);

    if (interrupt_pending())
        lesson->interrupted = true;
    if (fd < 0 || fd >= FD_SETSIZE || lesson->interrupted)
        return !lesson->interrupted; /* the call itself will tell or wait */
    fd_set set;
    FD_ZERO(&set);
    FD_SET((unsigned)fd, &set);

    /* SIGINT is let in by pselect() and by nothing else, so it cannot slip
     * between a look at a flag and the wait. */
    if (pselect(fd + 1, to_write ? NULL : &set, to_write ? &set : NULL, NULL,
                NULL, &while_waiting) == -1 &&
        errno == EINTR)
        lesson->interrupted = true;
    return !lesson->interrupted;
}

bool wait_readable(struct lesson *lesson, int fd)
{
    return wait_ready(lesson, fd, false);
}

bool wait_writable(struct lesson *lesson, int fd)
{
    return wait_ready(lesson, fd, true);
}
