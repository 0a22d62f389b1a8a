/* guide.h - what every command of ./portolan stands on: where the suite and
 * the learner's folder are, and in what language to speak.
 */
#ifndef GUIDE_H
#define GUIDE_H

#include <stdbool.h>
#include <stdio.h>

#include "text.h"

enum { PATH_SIZE = 4096 };

struct guide {
    const char *command;  /* how we were called: "./portolan" */
    char home[PATH_SIZE]; /* where lessons/ and build/ are */
    char my[PATH_SIZE];   /* where the learner's copies are, or will be */
    const char *language; /* "en" or "pt-BR" */
    bool plain;           /* no drawing characters, whatever the terminal */
};

/* One command: its arguments without the command's own name, --lang and
 * --plain, ended by NULL. Returns the exit status: 0, 1 failed, 2 wrong use. */
typedef int guide_command(const struct guide *guide, char *arguments[]);

guide_command command_list, command_run, command_server, command_client,
    command_start, command_check, command_watch, command_hint, command_reset,
    command_solution, command_doctor;

/* Write a text of lessons/guide/README.md. fills as in text_write(). */
void say(const struct guide *guide, FILE *out, const char *key,
         const struct fill *fills);

/* The same with one placeholder, {value}. */
void say_value(const struct guide *guide, FILE *out, const char *key,
               const char *value);

/* say_value() on stderr and the exit status for wrong use. */
int wrong_use(const struct guide *guide, const char *key, const char *value);

/* Put "folder/name" into path; false, and said on stderr, if it is too long. */
bool path_join(char path[PATH_SIZE], const char *folder, const char *name);

/* The path as it may be typed here: without what leads to this folder. here is
 * room to work in. */
const char *as_seen(const char *path, char here[PATH_SIZE]);

#endif
