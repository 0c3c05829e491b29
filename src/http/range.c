/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One part of what is there: RFC 9110 section 14. */
#include "base/num.h"
#include "http/call.h"

#include <string.h>
#include <strings.h>

enum asked { ASKED_ALL, ASKED_PART, ASKED_BEYOND };

static bool number(struct es_bytes s, int64_t *out)
{
    return s.p[0] != '+' && es_num_i64(s, 0, INT64_MAX, out);
}

/* "0-499", "500-" or "-500" of `size` bytes. What isn't understood is as if
 * it had not been asked for (section 14.2). */
static enum asked part_of(struct es_bytes spec, size_t size,
                          struct es_bytes *part)
{
    const uint8_t *dash = memchr(spec.p, '-', spec.n);
    int64_t first = 0;
    int64_t last = INT64_MAX;
    if (!dash || memchr(spec.p, ',', spec.n))
        return ASKED_ALL;
    struct es_bytes from = { spec.p, (size_t)(dash - spec.p) };
    struct es_bytes to = { dash + 1, spec.n - from.n - 1 };
    if ((from.n && !number(from, &first)) || (to.n && !number(to, &last)) ||
        (!from.n && !to.n) || (from.n && last < first))
        return ASKED_ALL;
    if (!from.n) { /* the last so many */
        first = (uint64_t)last < size ? (int64_t)size - last : 0;
        if (last == 0)
            return ASKED_BEYOND;
        last = INT64_MAX;
    }
    if ((uint64_t)first >= size)
        return ASKED_BEYOND;
    if ((uint64_t)last >= size)
        last = (int64_t)size - 1;
    *part = (struct es_bytes){ part->p + first, (size_t)(last - first) + 1 };
    return ASKED_PART;
}

/* A part of other bytes than these would be put to the wrong ones; a date is
 * never exact enough (section 13.1.5). */
static bool same(const struct es_req *q, const struct es_resp *r)
{
    const char *with = es_req_header(q, "If-Range");
    return !with || strcmp(with, r->etag) == 0;
}

void es_resp_lend(const struct es_req *q, struct es_resp *r,
                  struct es_bytes whole, void (*done)(void *), void *arg)
{
    static const char UNIT[] = "bytes=";
    const char *range = es_req_header(q, "Range");
    struct es_bytes part = whole;
    enum asked asked = ASKED_ALL;
    es_resp_static(r, whole, (struct es_bytes){ 0 });
    r->done = done;
    r->done_arg = arg;
    if (!r->etag || r->etag[0] != '"' || r->fresh)
        return;
    es_resp_header(r, "Accept-Ranges", "bytes");
    if (range && q->method == ES_GET && same(q, r) &&
        strncasecmp(range, UNIT, strlen(UNIT)) == 0)
        asked = part_of(es_bytes_str(range + strlen(UNIT)), whole.n, &part);
    if (asked == ASKED_ALL)
        return;
    const char *where =
        asked == ASKED_BEYOND
            ? es_arena_fmt(r->arena, "bytes */%zu", whole.n)
            : es_arena_fmt(r->arena, "bytes %zu-%zu/%zu",
                           (size_t)(part.p - whole.p),
                           (size_t)(part.p - whole.p) + part.n - 1, whole.n);
    es_resp_status(r, asked == ASKED_BEYOND ? 416 : 206);
    es_resp_header(r, "Content-Range", where ? where : "bytes */*");
    if (asked == ASKED_BEYOND)
        part.n = 0;
    r->plain = part;
}
