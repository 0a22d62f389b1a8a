/* What another program prints, perhaps not one of ours. */
#include "../../lessons/guide/step_line.h"

#include "fuzz.h"

static void must_end(const char *string, size_t size)
{
    must(memchr(string, '\0', size) != NULL, "a string ends");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *line = fuzz_string(&data, &size), text[ENDPOINT_SIZE];
    struct step_line out;

    memset(&out, 0xa5, sizeof out);
    if (step_line_parse(line, &out)) {
        must_end(out.program, sizeof out.program);
        must_end(out.step, sizeof out.step);
        must_end(out.transport, sizeof out.transport);
        must_end(out.state, sizeof out.state);
        must_end(out.data, sizeof out.data);
        endpoint_text(&out.local, text);
        endpoint_text(&out.remote, text);
    }
    free(line);
    return 0;
}
