#include "fuzz.h"
#include "ports.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_string(&data, &size);
    uint16_t port = 4464;

    if (port_parse(text, &port)) {
        must(*text != '\0', "a port has digits");
        must(text[strspn(text, "0123456789")] == '\0', "and nothing else");
        must(strtoul(text, NULL, 10) == port, "it is that number");
    } else {
        must(port == 4464, "untouched");
    }
    free(text);
    return 0;
}
