#include "endpoint.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_string(&data, &size), again[ENDPOINT_SIZE];
    struct endpoint endpoint, before, same;

    memset(&endpoint, 0xa5, sizeof endpoint);
    before = endpoint;
    if (endpoint_parse(text, &endpoint)) {
        endpoint_text(&endpoint, again);
        must(strlen(again) < sizeof again, "it fits");
        must(endpoint_parse(again, &same), "our own text is understood");
        must(endpoint_equal(&endpoint, &same), "and is the same endpoint");
    } else {
        must(memcmp(&endpoint, &before, sizeof endpoint) == 0, "untouched");
    }
    free(text);
    return 0;
}
