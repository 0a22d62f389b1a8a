#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const int fatal[] = { SIGINT, SIGTERM, SIGHUP };
enum { FATALS = sizeof fatal / sizeof fatal[0] };

/* Empty on purpose: that a handler exists makes pselect() return EINTR. */
static void wake(int signal_number)
{
    (void)signal_number;
}

static sigset_t fatal_set(void)
{
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < FATALS; i++)
        sigaddset(&set, fatal[i]);
    return set;
}

void interrupts_catch(void)
{
    struct sigaction action = { .sa_handler = wake };
    sigset_t set = fatal_set();

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < FATALS; i++)
        sigaction(fatal[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a write says EPIPE, and we can clean up */
    sigprocmask(SIG_BLOCK, &set, NULL);
}

/* In the child: as if we had caught nothing. (exec() resets handlers itself,
 * but neither the mask nor what is ignored.) */
static void interrupts_release(void)
{
    sigset_t set = fatal_set();

    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void close_both(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

static _Noreturn void become(const struct start *start, const int in[2],
                             const int out[2])
{
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    if (start->listen_stderr)
        dup2(out[1], STDERR_FILENO);
    close_both(in);
    close_both(out);
    if (start->own_group)
        setpgid(0, 0);
    interrupts_release();
    execv(start->path, (char *const *)start->argv);
    _exit(127);
}

bool process_start(struct process *process, const struct start *start)
{
    int in[2], out[2];

    *process = (struct process){ .input = -1, .output = -1 };
    if (pipe(in) == -1)
        return false;
    if (pipe(out) == -1) {
        close_both(in);
        return false;
    }
    /* What the other half holds open would keep this one from seeing an end. */
    fcntl(in[1], F_SETFD, FD_CLOEXEC);
    fcntl(out[0], F_SETFD, FD_CLOEXEC);
    process->pid = fork();
    if (process->pid == -1) {
        process->pid = 0;
        close_both(in);
        close_both(out);
        return false;
    }
    if (process->pid == 0)
        become(start, in, out);
    if (start->own_group)
        setpgid(process->pid, process->pid); /* whoever of us is first */
    close(in[0]);
    close(out[1]);
    process->input = in[1];
    process->output = out[0];
    return true;
}

static void close_end(int *fd)
{
    if (*fd != -1)
        close(*fd);
    *fd = -1;
}

/* Has it ended within that time? Looked at often, and soon at first. */
static bool ends_within(struct process *process, int milliseconds)
{
    long long deadline = now_ms() + milliseconds;
    struct timespec nap = { .tv_nsec = 200000 };

    for (;;) {
        pid_t pid = waitpid(process->pid, &process->status, WNOHANG);
        if (pid != 0)
            return true;
        if (now_ms() >= deadline)
            return false;
        nanosleep(&nap, NULL);
        if (nap.tv_nsec < 10000000)
            nap.tv_nsec *= 2;
    }
}

void process_end(struct process *process, int milliseconds)
{
    close_end(&process->input);
    if (process->pid != 0) {
        bool group = getpgid(process->pid) == process->pid;
        pid_t whom = group ? -process->pid : process->pid;
        if (!ends_within(process, milliseconds)) {
            kill(whom, SIGKILL);
            waitpid(process->pid, &process->status, 0);
        } else if (group) {
            kill(whom, SIGKILL); /* what it left behind in its group */
        }
    }
    close_end(&process->output);
    process->pid = 0;
}

bool process_exited_with(const struct process *process, int status)
{
    return process->pid == 0 && WIFEXITED(process->status) &&
           WEXITSTATUS(process->status) == status;
}

bool process_killed_by(const struct process *process, int signal_number)
{
    return process->pid == 0 && WIFSIGNALED(process->status) &&
           WTERMSIG(process->status) == signal_number;
}

/* pselect() lets a signal in only if it has to wait. Is there one already?
 * Then let it in, with this mask: it is told once. */
static bool take_pending(const sigset_t *mask)
{
    sigset_t pending, old;
    bool found = false;

    sigpending(&pending);
    for (size_t i = 0; i < FATALS; i++)
        found = found || sigismember(&pending, fatal[i]) == 1;
    if (found) {
        sigprocmask(SIG_SETMASK, mask, &old);
        sigprocmask(SIG_SETMASK, &old, NULL);
    }
    return found;
}

bool wait_for_input(const int fds[], bool ready[], size_t count,
                    int milliseconds)
{
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (size_t i = 0; i < FATALS; i++)
        sigdelset(&mask, fatal[i]);

    for (size_t i = 0; i < count; i++)
        ready[i] = false;
    if (take_pending(&mask))
        return false;

    fd_set readable;
    int highest = -1;
    FD_ZERO(&readable);
    for (size_t i = 0; i < count; i++) {
        if (fds[i] < 0 || fds[i] >= FD_SETSIZE)
            continue;
        FD_SET((unsigned)fds[i], &readable);
        highest = fds[i] > highest ? fds[i] : highest;
    }
    struct timespec limit = { .tv_sec = milliseconds / 1000,
                              .tv_nsec = milliseconds % 1000 * 1000000L };
    int n = pselect(highest + 1, &readable, NULL, NULL,
                    milliseconds < 0 ? NULL : &limit, &mask);
    if (n == -1)
        return errno != EINTR;
    for (size_t i = 0; n > 0 && i < count; i++)
        ready[i] = fds[i] >= 0 && FD_ISSET((unsigned)fds[i], &readable);
    return true;
}

long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
