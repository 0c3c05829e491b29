/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The origin, from which every link is built. */
#include "cli/settings.h"

#include "base/num.h"

#include <string.h>

/* host[:port] of an origin: names, IPv4, or [IPv6]. */
static bool host_port(const char *s, char *host, size_t cap)
{
    static const char NAME[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    int64_t port;
    size_t n =
        *s == '[' ? 1 + strspn(s + 1, "0123456789abcdef:.") : strspn(s, NAME);
    if (*s == '[' && s[n++] != ']')
        return false;
    if (n == 0 || n >= cap)
        return false;
    memcpy(host, s, n);
    host[n] = '\0';
    s += n;
    return *s == '\0' ||
           (*s == ':' && es_num_i64(es_bytes_str(s + 1), 1, 65535, &port));
}

static bool loopback(const char *host)
{
    size_t n = strlen(host);
    static const char TAIL[] = ".localhost"; /* RFC 6761 section 6.3 */
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (strncmp(host, "127.", 4) == 0 &&
            host[strspn(host, "0123456789.")] == '\0') ||
           (n >= sizeof TAIL && strcmp(host + n - sizeof TAIL + 1, TAIL) == 0);
}

static enum es_code from_listen(struct es_settings *s, struct es_err *e)
{
    const char *where = s->listen;
    if (strncmp(where, "unix:", 5) == 0)
        return es_fail(e, ES_EINVAL, 0,
                       "origin: must be set where `listen` is a Unix socket");
    if (strncmp(where, "0.0.0.0:", 8) == 0 || strncmp(where, "[::]:", 5) == 0)
        return es_fail(e, ES_EINVAL, 0,
                       "origin: must be set where `listen` is every address");
    /* A name, as passkeys want one: who comes by a link of ours stays signed
     * in where they can make one. */
    const char *port = strncmp(where, "127.0.0.1:", 10) == 0 ? where + 9 : NULL;
    const char *made = port
                           ? es_arena_fmt(&s->arena, "http://localhost%s", port)
                           : es_arena_fmt(&s->arena, "http://%s", where);
    if (!made)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    s->origin = made;
    return ES_OK;
}

enum es_code es_settings_check(struct es_settings *s, struct es_err *e)
{
    char host[256];
    enum es_code rc = *s->origin ? ES_OK : from_listen(s, e);
    if (rc != ES_OK)
        return rc;
    bool https = strncmp(s->origin, "https://", 8) == 0;
    if (!https && strncmp(s->origin, "http://", 7) != 0)
        return es_fail(e, ES_EINVAL, 0, "origin: starts with https://");
    if (!host_port(s->origin + (https ? 8 : 7), host, sizeof host))
        return es_fail(e, ES_EINVAL, 0,
                       "origin: https://HOST or https://HOST:PORT in small "
                       "letters, and nothing behind it");
    if (!https && !loopback(host) && !s->insecure)
        return es_fail(e, ES_EINVAL, 0,
                       "origin: %s is not https; --insecure allows it, and "
                       "phones then refuse to record",
                       s->origin);
    return ES_OK;
}
