/* endpoint.h - one half of a connection: an address and a port, as text and
 * as numbers.
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { ENDPOINT_SIZE = 80 }; /* "[" + IPv6 with its zone + "]:65535" + NUL */

struct endpoint {
    sa_family_t family;        /* AF_INET, AF_INET6, or AF_UNSPEC for none */
    uint16_t port;             /* host byte order */
    unsigned char address[16]; /* network byte order; IPv4 uses the first 4 */
};

/* The endpoint in what getsockname(), getpeername() or accept() filled in.
 * A family that is neither IPv4 nor IPv6 gives AF_UNSPEC. */
struct endpoint endpoint_of(const struct sockaddr *address);

/* "127.0.0.1:6731", "[::1]:6731", or "-" for AF_UNSPEC, written to out. No
 * name is ever looked up. */
void endpoint_text(const struct endpoint *endpoint, char out[ENDPOINT_SIZE]);

/* The reverse of endpoint_text(), "-" included, but for an IPv6 zone: false,
 * and *endpoint untouched, when the text is no endpoint. */
bool endpoint_parse(const char *text, struct endpoint *endpoint);

/* Same family, address and port? */
bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);

/* ::ffff:127.0.0.1, an IPv4 address on an IPv6 socket (RFC 4291 section
 * 2.5.5.2), as the IPv4 that it is; any other endpoint as it stands. */
struct endpoint endpoint_plain(const struct endpoint *endpoint);

/* Is the address 0.0.0.0 or ::, "any of this machine's"? */
bool endpoint_is_any(const struct endpoint *endpoint);

#endif
