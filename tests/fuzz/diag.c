/* One netlink message, at an address that is not aligned. */
#include "fuzz.h"
#include "sockets_linux.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct socket_row row, before;
    char *bytes = malloc(size + 1);

    if (bytes == NULL)
        exit(0);
    if (size > 0)
        memcpy(bytes + 1, data, size);
    memset(&row, 0xa5, sizeof row);
    memcpy(&before, &row, sizeof row);
    if (diag_parse(bytes + 1, size, &row)) {
        char text[ENDPOINT_SIZE];
        endpoint_text(&row.local, text);
        endpoint_text(&row.remote, text);
        must(row.state <= TCP_STATE_CLOSED, "a state");
    } else {
        must(memcmp(&row, &before, sizeof row) == 0, "untouched");
    }
    free(bytes);
    return 0;
}
