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

bool wait_readable(struct lesson *lesson, int fd)
{
    sigset_t while_waiting;
    sigprocmask(SIG_BLOCK, NULL, &while_waiting);
    sigdelset(&while_waiting, SIGINT);

    fd_set readable;
    FD_ZERO(&readable);
    if (fd < 0 || fd >= FD_SETSIZE || lesson->interrupted)
        return !lesson->interrupted; /* the call itself will tell or wait */
    FD_SET((unsigned)fd, &readable);

    /* SIGINT is let in by pselect() and by nothing else, so it cannot slip
     * between a look at a flag and the wait. */
    if (pselect(fd + 1, &readable, NULL, NULL, NULL, &while_waiting) == -1 &&
        errno == EINTR)
        lesson->interrupted = true;
    return !lesson->interrupted;
}
