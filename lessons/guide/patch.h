/* patch.h - apply a unified diff, where no patch(1) is installed.
 *
 * Strict on purpose: context lines must match where the hunk says, or not at
 * all. A patch that went stale is an error that a test finds, not a guess.
 */
#ifndef PATCH_H
#define PATCH_H

#include <stdbool.h>

/* The text of the file called name ("server.c"; the patch says a/server.c and
 * b/server.c) after the patch, or before it when reverse: malloc()ed, the
 * caller frees it. A file that the patch does not name comes back as it was.
 * NULL with errno EINVAL when the patch is malformed or does not fit, ENOMEM
 * when memory is short. */
char *patch_apply(const char *patch, const char *name, const char *text,
                  bool reverse);

#endif
