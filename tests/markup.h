/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whether markup is made of nothing but what an organiser's prose may become:
 * a second reader of that list, for the tests and the fuzz target. */
#ifndef ES_TESTS_MARKUP_H
#define ES_TESTS_MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { MARKUP_DEEP = 64 };

/* What may stand in a tag besides its name. */
static inline bool markup_rest_ok(const char *name, const char *p, size_t n)
{
    static const char REL[] = "\" rel=\"nofollow noopener noreferrer ugc\"";
    static const char *const SCHEMES[] = { "https://", "http://", "mailto:" };
    if (n == 0 || (n == 11 && memcmp(p, " dir=\"auto\"", 11) == 0))
        return true;
    if (strcmp(name, "ol") == 0 && n > 9 && memcmp(p, " start=\"", 8) == 0) {
        size_t digits = strspn(p + 8, "0123456789");
        size_t end = 8 + digits;
        return digits > 0 && p[end] == '"' &&
               (n == end + 1 ||
                (n == end + 12 &&
                 memcmp(p + end + 1, " dir=\"auto\"", 11) == 0));
    }
    if (strcmp(name, "a") != 0 || n < 8 + sizeof REL - 1 ||
        memcmp(p, " href=\"", 7) != 0 ||
        memcmp(p + n - (sizeof REL - 1), REL, sizeof REL - 1) != 0)
        return false;
    const char *url = p + 7;
    size_t len = n - 7 - (sizeof REL - 1);
    bool ok = false;
    for (size_t i = 0; i < 3; i++)
        ok = ok || (len > strlen(SCHEMES[i]) &&
                    memcmp(url, SCHEMES[i], strlen(SCHEMES[i])) == 0);
    for (size_t i = 0; ok && i < len; i++)
        ok = url[i] > 0x20 && url[i] < 0x7f && !strchr("<>\"'`\\", url[i]);
    return ok;
}

static inline bool markup_ok(const char *s)
{
    static const char *const NAMES[] = {
        "p",  "br", "hr", "em", "strong",     "a",  "ul", "ol",  "li",
        "h2", "h3", "h4", "h5", "blockquote", "h6", "h1", "pre", "code",
    };
    const char *last = s + strlen(s);
    const char *open[MARKUP_DEEP];
    size_t n_open = 0;
    for (; *s; s++) {
        if (*s == '>' || *s == '"' || *s == '\'')
            return false; /* escaped in text */
        if (*s != '<')
            continue;
        bool closing = s[1] == '/';
        const char *from = s + 1 + closing;
        /* not strchr: sanitizers would read the rest each time */
        const char *end = memchr(from, '>', (size_t)(last - from));
        size_t len = 0;
        while ((from[len] >= 'a' && from[len] <= 'z') ||
               (from[len] >= '1' && from[len] <= '6'))
            len++;
        const char *name = NULL;
        for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
            if (strlen(NAMES[i]) == len && memcmp(NAMES[i], from, len) == 0)
                name = NAMES[i];
        if (!end || !name)
            return false;
        size_t rest = (size_t)(end - from) - len;
        if (closing) {
            if (rest || n_open == 0 || open[--n_open] != name)
                return false;
        } else {
            if (!markup_rest_ok(name, from + len, rest))
                return false;
            if (strcmp(name, "br") != 0 && strcmp(name, "hr") != 0) {
                if (n_open == MARKUP_DEEP)
                    return false;
                open[n_open++] = name;
            }
        }
        s = end;
    }
    return n_open == 0;
}

#endif
