/* The whole command line. exit() comes back here, and names are not looked up:
 * both are replaced in our own copy of options.c. */
#include <netdb.h>
#include <setjmp.h>

#include "fuzz.h"

static jmp_buf ended;

static _Noreturn void fuzz_exit(int status)
{
    must(status >= 0 && status <= 2, "exit status 0, 1 or 2");
    longjmp(ended, 1);
}

static int fuzz_getaddrinfo(const char *host, const char *service,
                            const struct addrinfo *want,
                            struct addrinfo **found)
{
    static struct sockaddr_in address = { .sin_family = AF_INET };
    static struct addrinfo one = { .ai_addr = (struct sockaddr *)&address };

    must(service == NULL && want->ai_family == AF_INET, "as it was written");
    must(*host != '\0', "an empty name is never looked up");
    *found = &one;
    switch (*host) {
    case 'a': return EAI_AGAIN;
    case 'f': return EAI_FAIL;
    case 'n': return EAI_NONAME;
    case 's': return EAI_SYSTEM;
    default: return 0;
    }
}

static void fuzz_freeaddrinfo(struct addrinfo *list)
{
    must(list != NULL, "something to free");
}

#define exit fuzz_exit
#define getaddrinfo fuzz_getaddrinfo
#define freeaddrinfo fuzz_freeaddrinfo
#ifndef __clang_analyzer__ /* it takes both files for one story */
#include "../../shared/options.c"
#else
#include "options.h"
#endif

enum { ARGUMENTS = 12 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *argv[ARGUMENTS + 1] = { NULL };
    int argc = 0;

    if (size == 0)
        return 0;
    const char *program = data[0] % 2 == 0 ? "server/01-first-connection"
                                           : "client/01-first-connection";
    data++;
    size--;
    do
        argv[argc++] = fuzz_string(&data, &size);
    while (argc < ARGUMENTS && size > 0);

    if (setjmp(ended) == 0) {
        struct options options = options_read(program, argc, argv);
        must(options.clients >= 0, "a count");
        must(strcmp(options.language, "en") == 0 ||
                 strcmp(options.language, "pt-BR") == 0,
             "a language that we have");
        must(options.message == NULL || strlen(options.message) <= MESSAGE_MAX,
             "a message that fits");
    }
    for (int i = 0; i < ARGUMENTS; i++)
        free(argv[i]);
    return 0;
}
