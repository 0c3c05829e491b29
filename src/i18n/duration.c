/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/i18n.h"

#include "base/utf8.h"

enum { TEXT = 40, HOURS_MAX = 1000 };

/* Digits of any of our languages as ASCII, letters and marks as they are;
 * white space goes, but for one space between two digits, which is a fault. */
static bool plain(const char *text, char out[TEXT])
{
    struct es_bytes s = es_bytes_str(text);
    size_t n = 0;
    bool space = false;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = es_utf8_next(s, &at);
        if (c >= 0x660 && c <= 0x669)
            c = '0' + (c - 0x660);
        else if (c >= 0x6f0 && c <= 0x6f9)
            c = '0' + (c - 0x6f0);
        if (c == ' ' || c == 0xa0 || c == '\t') {
            space = true;
            continue;
        }
        bool digit = c >= '0' && c <= '9';
        if (c >= 0x80 || n == TEXT - 1 ||
            (space && digit && n > 0 && out[n - 1] >= '0' && out[n - 1] <= '9'))
            return false;
        space = false;
        out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    out[n] = '\0';
    return n > 0;
}

/* At most `max_digits` digits at *p, which moves. */
static bool digits(const char **p, int max_digits, int64_t *v)
{
    int n = 0;
    *v = 0;
    for (; **p >= '0' && **p <= '9'; ++*p, n++)
        *v = n < max_digits ? *v * 10 + (**p - '0') : *v;
    return n > 0 && n <= max_digits;
}

/* A unit's name at *p, as seconds; 0 when there is none. */
static int64_t unit(const char **p)
{
    static const struct {
        const char *name;
        int64_t s;
    } UNITS[] = { { "hours", 3600 }, { "hour", 3600 }, { "hrs", 3600 },
                  { "hr", 3600 },    { "h", 3600 },    { "minutes", 60 },
                  { "minute", 60 },  { "mins", 60 },   { "min", 60 },
                  { "m", 60 },       { "seconds", 1 }, { "second", 1 },
                  { "secs", 1 },     { "sec", 1 },     { "s", 1 } };
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
        size_t n = strlen(UNITS[i].name);
        if (strncmp(*p, UNITS[i].name, n) == 0) {
            *p += n;
            return UNITS[i].s;
        }
    }
    return 0;
}

/* "1h2min3s", "1h02", "45min" */
static bool with_units(const char *p, int64_t *total_s)
{
    int64_t last = INT64_MAX;
    *total_s = 0;
    while (*p) {
        int64_t v;
        if (!digits(&p, 5, &v))
            return false;
        int64_t s = unit(&p);
        if (s == 0 && *p == '\0' && last >= 60 && last <= 3600)
            s = last / 60; /* a bare number after hours is minutes */
        if (s == 0 || s >= last || (last != INT64_MAX && v >= 60))
            return false;
        *total_s += v * s;
        last = s;
    }
    return true;
}

/* "1:02:03", "62:03" */
static bool with_colons(const char *p, int64_t *total_s)
{
    int64_t part[3];
    size_t n = 0;
    for (;;) {
        if (n == 3 || !digits(&p, n ? 2 : 4, &part[n]))
            return false;
        n++;
        if (*p == '\0')
            break;
        if (*p++ != ':')
            return false;
    }
    if (n == 1) {
        *total_s = part[0] * 60;
        return true;
    }
    if ((n == 2 && part[0] < 10) || part[1] >= 60 || (n == 3 && part[2] >= 60))
        return false;
    *total_s = n == 2 ? part[0] * 60 + part[1]
                      : part[0] * 3600 + part[1] * 60 + part[2];
    return true;
}

bool es_duration_parse(const char *text, int64_t *time_ms)
{
    char p[TEXT];
    int64_t s;
    if (!plain(text, p))
        return false;
    if (!with_colons(p, &s) && !with_units(p, &s))
        return false;
    if (s >= HOURS_MAX * 3600)
        return false;
    *time_ms = s * 1000;
    return true;
}
