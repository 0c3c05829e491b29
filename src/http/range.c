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
struct part {
    uint64_t from, n;
};
static enum asked part_of(struct es_bytes spec, uint64_t size,
                          struct part *part)
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
    *part = (struct part){ (uint64_t)first, (uint64_t)(last - first) + 1 };
    return ASKED_PART;
}

/* A part of other bytes than these would be put to the wrong ones; a date is
 * never exact enough (section 13.1.5). */
static bool same(const struct es_req *q, const struct es_resp *r)
{
    const char *with = es_req_header(q, "If-Range");
    return !with || strcmp(with, r->etag) == 0;
}

/* What of `size` bytes is to be sent, and the headers that say so. */
static struct part asked_for(const struct es_req *q, struct es_resp *r,
                             uint64_t size)
{
    static const char UNIT[] = "bytes=";
    const char *range = es_req_header(q, "Range");
    struct part part = { 0, size };
    enum asked asked = ASKED_ALL;
    if (!r->etag || r->etag[0] != '"' || r->fresh)
        return part;
    es_resp_header(r, "Accept-Ranges", "bytes");
    if (range && q->method == ES_GET && same(q, r) &&
        strncasecmp(range, UNIT, strlen(UNIT)) == 0)
        asked = part_of(es_bytes_str(range + strlen(UNIT)), size, &part);
    if (asked == ASKED_ALL)
        return part;
    const char *where =
        asked == ASKED_BEYOND
            ? es_arena_fmt(r->arena, "bytes */%llu", (unsigned long long)size)
            : es_arena_fmt(r->arena, "bytes %llu-%llu/%llu",
                           (unsigned long long)part.from,
                           (unsigned long long)(part.from + part.n - 1),
                           (unsigned long long)size);
    es_resp_status(r, asked == ASKED_BEYOND ? 416 : 206);
    es_resp_header(r, "Content-Range", where ? where : "bytes */*");
    if (asked == ASKED_BEYOND)
        part = (struct part){ 0, 0 };
    return part;
}

void es_resp_lend(const struct es_req *q, struct es_resp *r,
                  struct es_bytes whole, void (*done)(void *), void *arg)
{
    struct part part = asked_for(q, r, whole.n);
    r->done = done;
    r->done_arg = arg;
    es_resp_static(r, (struct es_bytes){ whole.p + part.from, (size_t)part.n },
                   (struct es_bytes){ 0 });
}

void es_resp_pull(const struct es_req *q, struct es_resp *r,
                  const struct es_pulled *from)
{
    struct part part = asked_for(q, r, from->size);
    r->done = from->done;
    r->done_arg = from->arg;
    r->pull = from->read;
    r->pull_from = part.from;
    r->pull_n = part.n;
}
