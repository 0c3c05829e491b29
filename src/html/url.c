/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "html/url.h"

#include <stdarg.h>

#include "base/address.h"
#include "base/buf.h"
#include "base/limits.h"

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

/* RFC 3986 section 2.3 */
static bool is_unreserved(char c)
{
    return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static void encode(struct es_buf *b, const char *s)
{
    for (; *s; s++) {
        if (is_unreserved(*s))
            es_buf_u8(b, (uint8_t)*s);
        else
            es_buf_fmt(b, "%%%02X", (unsigned)(uint8_t)*s);
    }
}

/* Appends what the directive at `p` (past its %) stands for; the rest. */
static const char *directive(struct es_buf *b, const char *p, va_list *ap)
{
    if (strncmp(p, "lld", 3) == 0) {
        es_buf_fmt(b, "%lld", va_arg(*ap, long long));
        return p + 3;
    }
    if (strncmp(p, "ld", 2) == 0) {
        es_buf_fmt(b, "%ld", va_arg(*ap, long));
        return p + 2;
    }
    if (*p == 's') {
        encode(b, va_arg(*ap, const char *));
        return p + 1;
    }
    assert(!"es_url_path takes %s, %ld and %lld");
    b->bad = true;
    return p + strlen(p);
}

struct es_url es_url_path(struct es_arena *a, const char *pattern, ...)
{
    struct es_buf b;
    struct es_url u = { NULL };
    assert(pattern[0] == '/' && pattern[1] != '/');
    es_buf_init(&b, ES_URL_MAX);
    va_list ap;
    va_start(ap, pattern);
    for (const char *p = pattern; *p;) {
        if (*p == '%') {
            p = directive(&b, p + 1, &ap);
        } else {
            es_buf_u8(&b, (uint8_t)*p++);
        }
    }
    va_end(ap);
    /* "/%s" with nothing in it and "/%s/..." would leave our origin */
    if (!b.bad && b.n > 0 && !(b.n > 1 && b.p[1] == '/'))
        u.checked = es_arena_strn(a, b.p, b.n);
    es_buf_release(&b);
    return u;
}

struct es_url es_url_fixed(const char *path)
{
    assert(path[0] == '/' && path[1] != '/');
    return (struct es_url){ path };
}

bool es_url_foreign(struct es_arena *a, const char *text, struct es_url *out)
{
    const char *copy = es_address_ok(text) ? es_arena_str(a, text) : NULL;
    if (!copy)
        return false;
    *out = (struct es_url){ copy };
    return true;
}

struct es_url es_url_absolute(struct es_arena *a, const char *origin,
                              struct es_url path)
{
    assert(!path.checked || path.checked[0] == '/');
    if (!path.checked)
        return path;
    return (struct es_url){ es_arena_fmt(a, "%s%s", origin, path.checked) };
}

bool es_url_is(struct es_url u)
{
    return u.checked != NULL;
}

bool es_url_at(struct es_url here, struct es_url link)
{
    if (!here.checked || !link.checked)
        return false;
    size_t n = strcspn(here.checked, "?"), m = strcspn(link.checked, "?");
    return n == m && memcmp(here.checked, link.checked, n) == 0;
}
