#include "ports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name; /* of the lesson: what follows "server/" */
    uint16_t offset;  /* from the base of the block */
} lessons[] = {
    { "01-first-connection", 31 },
};

bool port_parse(const char *text, uint16_t *port)
{
    unsigned long value = 0;
    const char *p = text;

    for (; *p >= '0' && *p <= '9' && value <= UINT16_MAX; p++)
        value = value * 10 + (unsigned long)(*p - '0');
    if (p == text || *p != '\0' || value > UINT16_MAX)
        return false;
    *port = (uint16_t)value;
    return true;
}

uint16_t port_base(void)
{
    const char *text = getenv("PORTOLAN_PORT_BASE");
    uint16_t base = 6700;

    if (text != NULL && *text != '\0' &&
        (!port_parse(text, &base) || base < 1024 ||
         base > UINT16_MAX + 1 - PORT_BLOCK_SIZE)) {
        fprintf(stderr,
                "PORTOLAN_PORT_BASE is \"%s\", but must be a number from 1024 "
                "to %d.\n",
                text, UINT16_MAX + 1 - PORT_BLOCK_SIZE);
        exit(2);
    }
    return base;
}

uint16_t port_of(const char *program)
{
    const char *slash = strchr(program, '/');

    for (size_t i = 0; i < sizeof lessons / sizeof lessons[0]; i++)
        if (slash != NULL && strcmp(slash + 1, lessons[i].name) == 0)
            return (uint16_t)(port_base() + lessons[i].offset);
    return 0;
}
