/* A text, then a patch for it. What was applied can be taken back. */
#include "../../lessons/guide/patch.h"

#include <errno.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_string(&data, &size);
    char *patch = fuzz_string(&data, &size);

    for (int reverse = 0; reverse < 2; reverse++) {
        errno = 0;
        char *out = patch_apply(patch, "server.c", text, reverse);
        if (out == NULL) {
            must(errno == EINVAL, "EINVAL");
            continue;
        }
        char *back = patch_apply(patch, "server.c", out, !reverse);
        must(back != NULL, "it can be taken back");
        must(strcmp(back, text) == 0, "and then is what it was");
        free(back);
        free(out);
    }
    free(patch);
    free(text);
    return 0;
}
