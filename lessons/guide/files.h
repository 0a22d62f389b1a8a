/* files.h - read and write whole small files, so that none is ever half there.
 */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>

/* The whole file as a string, malloc()ed; NULL with errno (EFBIG: it has more
 * than a mebibyte, or a NUL byte). */
char *file_read(const char *path);

/* Write text under another name, bring it to the disk, then rename it to path:
 * there is the old file or the new one, never a half. False with errno. */
bool file_write(const char *path, const char *text);

/* Make the folder and those above it; it may be there. False with errno. */
bool folder_make(const char *path);

#endif
