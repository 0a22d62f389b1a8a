#include "files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guide.h"

enum { FILE_MAX = 1 << 20 };

char *file_read(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = file != NULL ? malloc(FILE_MAX + 1) : NULL;
    if (text == NULL) {
        if (file != NULL)
            fclose(file);
        return NULL;
    }
    size_t length = fread(text, 1, FILE_MAX + 1, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (!failed && length <= FILE_MAX) {
        text[length] = '\0';
        if (strlen(text) == length)
            return text;
    }
    free(text);
    errno = failed ? EIO : EFBIG;
    return NULL;
}

bool file_write(const char *path, const char *text)
{
    char aside[PATH_SIZE];
    if (snprintf(aside, sizeof aside, "%s.new", path) >= PATH_SIZE) {
        errno = ENAMETOOLONG;
        return false;
    }
    FILE *file = fopen(aside, "w");
    if (file == NULL)
        return false;
    bool good = fputs(text, file) != EOF && fflush(file) == 0 &&
                fsync(fileno(file)) == 0;
    int why = errno;
    if (fclose(file) != 0 && good) {
        why = errno;
        good = false;
    }
    if (good && rename(aside, path) == 0)
        return true;
    errno = good ? errno : why;
    why = errno;
    unlink(aside);
    errno = why;
    return false;
}

bool folder_make(const char *path)
{
    char part[PATH_SIZE];
    size_t length = strlen(path);
    if (length >= sizeof part) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(part, path, length + 1);
    for (char *p = part + 1;; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char end = *p;
        *p = '\0';
        if (mkdir(part, 0777) == -1 && errno != EEXIST)
            return false;
        *p = end;
        if (end == '\0')
            return true;
    }
}
