#include "endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "ports.h"

/* How many bytes of endpoint.address the family uses; 0: it has no address. */
static size_t address_size(sa_family_t family)
{
    switch (family) {
    case AF_INET: return 4;
    case AF_INET6: return 16;
    default: return 0;
    }
}

/* A sockaddr is whatever its first field says; memcpy() looks at it without
 * asking the compiler to believe that two structs are one. */
struct endpoint endpoint_of(const struct sockaddr *address)
{
    struct endpoint endpoint = { .family = AF_UNSPEC };

    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        endpoint.family = AF_INET;
        endpoint.port = ntohs(in.sin_port);
        memcpy(endpoint.address, &in.sin_addr, sizeof in.sin_addr);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof in6);
        endpoint.family = AF_INET6;
        endpoint.port = ntohs(in6.sin6_port);
        memcpy(endpoint.address, &in6.sin6_addr, sizeof in6.sin6_addr);
    }
    return endpoint;
}

void endpoint_text(const struct endpoint *endpoint, char out[ENDPOINT_SIZE])
{
    char address[INET6_ADDRSTRLEN];

    if (address_size(endpoint->family) == 0 ||
        inet_ntop(endpoint->family, endpoint->address, address,
                  sizeof address) == NULL)
        snprintf(out, ENDPOINT_SIZE, "-");
    else if (endpoint->family == AF_INET6)
        snprintf(out, ENDPOINT_SIZE, "[%s]:%u", address, endpoint->port);
    else
        snprintf(out, ENDPOINT_SIZE, "%s:%u", address, endpoint->port);
}

bool endpoint_parse(const char *text, struct endpoint *endpoint)
{
    struct endpoint found = { .family = AF_UNSPEC };
    char address[INET6_ADDRSTRLEN];

    if (strcmp(text, "-") == 0) {
        *endpoint = found;
        return true;
    }

    /* The last colon: an IPv6 address has colons of its own. */
    const char *colon = strrchr(text, ':');
    if (colon == NULL || !port_parse(colon + 1, &found.port))
        return false;

    const char *first = text, *end = colon;
    found.family = AF_INET;
    if (*first == '[') {
        if (end - first < 2 || end[-1] != ']')
            return false;
        first++;
        end--;
        found.family = AF_INET6;
    }

    size_t length = (size_t)(end - first);
    if (length >= sizeof address)
        return false;
    memcpy(address, first, length);
    address[length] = '\0';
    if (inet_pton(found.family, address, found.address) != 1)
        return false;
    *endpoint = found;
    return true;
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
    if (a->family != b->family)
        return false;
    size_t size = address_size(a->family);
    return size == 0 ||
           (a->port == b->port && memcmp(a->address, b->address, size) == 0);
}

bool endpoint_is_any(const struct endpoint *endpoint)
{
    static const unsigned char zeros[sizeof endpoint->address];
    size_t size = address_size(endpoint->family);

    return size > 0 && memcmp(endpoint->address, zeros, size) == 0;
}

struct endpoint endpoint_plain(const struct endpoint *endpoint)
{
    static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };
    struct endpoint four = { .family = AF_INET, .port = endpoint->port };

    if (endpoint->family != AF_INET6 ||
        memcmp(endpoint->address, prefix, sizeof prefix) != 0)
        return *endpoint;
    memcpy(four.address, endpoint->address + sizeof prefix, 4);
    return four;
}
