/* A line of /proc/net/tcp or tcp6; the first byte says which. */
#include <stdlib.h>

#include "fuzz.h"
#include "sockets_linux.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct socket_row row, before;

    if (size == 0)
        return 0;
    sa_family_t family = data[0] % 2 == 0 ? AF_INET : AF_INET6;
    data++;
    size--;
    char *line = fuzz_string(&data, &size);

    memset(&row, 0xa5, sizeof row);
    memcpy(&before, &row, sizeof row);
    if (proc_tcp_parse(line, family, &row)) {
        char text[ENDPOINT_SIZE];
        endpoint_text(&row.local, text);
        endpoint_text(&row.remote, text);
        must(row.state <= TCP_STATE_CLOSED, "a state");
    } else {
        must(memcmp(&row, &before, sizeof row) == 0, "untouched");
    }
    free(line);
    return 0;
}
