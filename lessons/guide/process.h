/* process.h - start a program, hear it, and leave no process behind.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process {
    pid_t pid;  /* 0 when there is none (any more) */
    int input;  /* what we write is its stdin; -1 when closed */
    int output; /* its stdout; -1 when it has ended */
    int status; /* as waitpid() told it, once pid is 0 */
};

/* How to start it. */
struct start {
    const char *path;
    const char *const *argv;
    bool listen_stderr; /* its stderr goes into output, too */
    bool own_group;     /* a process group of its own, to be killed whole */
};

/* Start a program; the caller ends it with process_end(). Signals are in it as
 * they were when interrupts_catch() was called. False with errno. */
bool process_start(struct process *process, const struct start *start);

/* Wait for it to end, at most that long; then kill it (and its group, if it
 * has one of its own). Its status is in process->status. */
void process_end(struct process *process, int milliseconds);

/* It has ended, by itself, with this exit status? */
bool process_exited_with(const struct process *process, int status);

/* It has ended, killed by this signal? */
bool process_killed_by(const struct process *process, int signal_number);

/* SIGINT, SIGTERM and SIGHUP no longer kill, but end wait_for_input(), so that
 * there is time to end others. */
void interrupts_catch(void);

/* Wait until one of fds has input or its end, at most milliseconds (-1: for
 * ever). fds that are -1 are not looked at; ready[i] tells. False when a
 * signal came that wants us to end. */
bool wait_for_input(const int fds[], bool ready[], size_t count,
                    int milliseconds);

/* Milliseconds since some moment, for differences (CLOCK_MONOTONIC). */
long long now_ms(void);

#endif
