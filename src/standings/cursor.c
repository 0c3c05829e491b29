/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "standings/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { METRICS = ES_METRIC_MEAN + 1 };
enum { DIGITS = ES_CURSOR_TEXT - 1, CHECKED = DIGITS - 8 };

/* FNV-1a over the digits. It finds the slip and the guess, it doesn't stop
 * who reads this: a cursor only says where to go on in a public list. */
static uint32_t checksum(const char *s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < CHECKED; i++)
        h = (h ^ (uint8_t)s[i]) * 16777619u;
    return h;
}

void es_cursor_write(const struct es_cursor *c, char out[ES_CURSOR_TEXT])
{
    unsigned kind = (unsigned)c->by * METRICS + (unsigned)c->metric;
    (void)snprintf(out, ES_CURSOR_TEXT, "%x%016" PRIx64 "%016" PRIx64, kind,
                   (uint64_t)c->value, (uint64_t)c->id);
    (void)snprintf(out + CHECKED, ES_CURSOR_TEXT - CHECKED, "%08" PRIx32,
                   checksum(out));
}

static bool read_hex(const char *s, size_t n, uint64_t *out)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        static const char HEX[] = "0123456789abcdef";
        const char *digit = memchr(HEX, s[i], sizeof HEX - 1);
        if (!digit)
            return false;
        v = v << 4 | (uint64_t)(digit - HEX);
    }
    *out = v;
    return true;
}

bool es_cursor_read(const char *s, struct es_cursor *out)
{
    uint64_t kind, value, id, sum;
    if (strnlen(s, ES_CURSOR_TEXT) != DIGITS || !read_hex(s, 1, &kind) ||
        !read_hex(s + 1, 16, &value) || !read_hex(s + 17, 16, &id) ||
        !read_hex(s + CHECKED, 8, &sum))
        return false;
    if (sum != checksum(s) || kind > ES_BY_COUNTRY * METRICS + ES_METRIC_MEAN ||
        value == 0 || value > INT64_MAX || id >= INT64_MAX)
        return false;
    *out = (struct es_cursor){ .by = (enum es_by)(kind / METRICS),
                               .metric = (enum es_metric)(kind % METRICS),
                               .value = (int64_t)value,
                               .id = (int64_t)id };
    return true;
}
