#include "die.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"

static const struct {
    int code;
    const char *symbol;
} symbols[] = {
    { EACCES, "EACCES" },
    { EADDRINUSE, "EADDRINUSE" },
    { EADDRNOTAVAIL, "EADDRNOTAVAIL" },
    { EAFNOSUPPORT, "EAFNOSUPPORT" },
    { EBADF, "EBADF" },
    { ECONNABORTED, "ECONNABORTED" },
    { ECONNREFUSED, "ECONNREFUSED" },
    { ECONNRESET, "ECONNRESET" },
    { EHOSTUNREACH, "EHOSTUNREACH" },
    { EINVAL, "EINVAL" },
    { EMFILE, "EMFILE" },
    { ENETUNREACH, "ENETUNREACH" },
    { ENFILE, "ENFILE" },
    { ENOBUFS, "ENOBUFS" },
    { ENOMEM, "ENOMEM" },
    { ENOSPC, "ENOSPC" },
    { ENOTCONN, "ENOTCONN" },
    { ENOTSOCK, "ENOTSOCK" },
    { EPERM, "EPERM" },
    { EPIPE, "EPIPE" },
    { ETIMEDOUT, "ETIMEDOUT" },
};

const char *errno_symbol(int code)
{
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++)
        if (symbols[i].code == code)
            return symbols[i].symbol;
    return NULL;
}

static void tell(const struct lesson *lesson, const char *call, int code)
{
    const char *symbol = errno_symbol(code);

    fflush(stdout); /* steps already taken come before the error */
    if (symbol != NULL)
        fprintf(stderr, "%s: %s (%s)\n", call, symbol, strerror(code));
    else
        fprintf(stderr, "%s: errno %d (%s)\n", call, code, strerror(code));
    explain(stderr, lesson, call, code);
}

void die(const struct lesson *lesson, const char *call)
{
    tell(lesson, call, errno);
    exit(EXIT_FAILURE);
}

void complain(const struct lesson *lesson, const char *call)
{
    tell(lesson, call, errno);
}
