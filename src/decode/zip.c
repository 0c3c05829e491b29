/* SPDX-License-Identifier: Apache-2.0 */
/* A bounded reader of zip's directory. Source: PKWARE APPNOTE 6.3.10,
 * sections 4.3.7 (local header), 4.3.9 (data descriptor), 4.3.12 (directory),
 * 4.3.14 to 4.3.16 (its end), 4.5.3 (zip64: what 32 bits can't hold, and what
 * some writers put there although they could). */
#include "base/limits.h"
#include "base/sort.h"
#include "decode/unpack.h"

enum {
    LOCAL_N = 30,
    CENTRAL_N = 46,
    END_N = 22,
    LOCATOR_N = 20,
    END64_N = 56,
    STREAMED = 8, /* flag: sizes follow the data */
};

static const uint32_t LOCAL_SIG = 0x04034b50;
static const uint32_t CENTRAL_SIG = 0x02014b50;
static const uint32_t END_SIG = 0x06054b50;
static const uint32_t DESCRIPTOR_SIG = 0x08074b50;
static const uint32_t END64_SIG = 0x06064b50;
static const uint32_t LOCATOR_SIG = 0x07064b50;
static const uint32_t ELSEWHERE = UINT32_MAX; /* in zip64's fields */
enum { EXTRA_ZIP64 = 1 };

struct end_record {
    size_t at; /* where the directory ends */
    uint64_t entries, size, offset;
};

/* The rest of `in` from `at` on; a reader that is bad when there is none. */
static struct es_rd from(struct es_bytes in, size_t at)
{
    struct es_rd r;
    es_rd_init(&r, in);
    (void)es_rd_skip(&r, at);
    return r;
}

static bool read_end(struct es_bytes in, size_t at, struct end_record *out)
{
    struct es_rd r = from(in, at);
    if (es_rd_u32le(&r) != END_SIG)
        return false;
    uint32_t disks = es_rd_u32le(&r);
    (void)es_rd_u16le(&r); /* entries on this disk */
    struct end_record end = { .at = at };
    end.entries = es_rd_u16le(&r);
    end.size = es_rd_u32le(&r);
    end.offset = es_rd_u32le(&r);
    uint16_t comment = es_rd_u16le(&r);
    if (r.bad || disks != 0 || es_rd_left(&r) < comment)
        return false;
    *out = end;
    return true;
}

static bool read_end64_at(struct es_bytes in, uint64_t at,
                          struct end_record *out)
{
    struct es_rd r;
    if (at > in.n)
        return false;
    r = from(in, (size_t)at);
    if (es_rd_u32le(&r) != END64_SIG)
        return false;
    (void)es_rd_skip(&r, 28); /* its size, versions, disks, entries here */
    struct end_record end = { .at = (size_t)at };
    end.entries = es_rd_u64le(&r);
    end.size = es_rd_u64le(&r);
    end.offset = es_rd_u64le(&r);
    if (r.bad)
        return false;
    *out = end;
    return true;
}

/* The larger record that stands before the end record at `at`: where its
 * locator says or, when bytes in front of the archive moved it, right before
 * the locator. */
static bool read_end64(struct es_bytes in, size_t at, struct end_record *out)
{
    if (at < LOCATOR_N)
        return false;
    struct es_rd r = from(in, at - LOCATOR_N);
    if (es_rd_u32le(&r) != LOCATOR_SIG)
        return false;
    (void)es_rd_skip(&r, 4);
    uint64_t said = es_rd_u64le(&r);
    return read_end64_at(in, said, out) ||
           (at >= LOCATOR_N + END64_N &&
            read_end64_at(in, at - LOCATOR_N - END64_N, out));
}

/* The last record that could end the archive; a comment may follow it. */
static bool find_end(struct es_bytes in, struct end_record *out)
{
    if (in.n < END_N)
        return false;
    size_t low = in.n - END_N > UINT16_MAX ? in.n - END_N - UINT16_MAX : 0;
    for (size_t at = in.n - END_N + 1; at-- > low;)
        if (read_end(in, at, out)) {
            if (out->offset == ELSEWHERE || out->size == ELSEWHERE ||
                out->entries == UINT16_MAX)
                (void)read_end64(in, at, out);
            return true;
        }
    return false;
}

/* Of an entry, as its header has it. */
struct sizes {
    uint64_t size, packed, offset;
};

/* What the header couldn't hold stands in its extra field, in this order. */
static bool read_sizes64(struct es_bytes extra, struct sizes *s)
{
    struct es_rd r;
    struct es_rd one;
    es_rd_init(&r, extra);
    while (es_rd_left(&r) >= 4) {
        uint16_t id = es_rd_u16le(&r);
        uint16_t n = es_rd_u16le(&r);
        if (!es_rd_sub(&r, n, &one) || id != EXTRA_ZIP64)
            continue;
        if (s->size == ELSEWHERE)
            s->size = es_rd_u64le(&one);
        if (s->packed == ELSEWHERE)
            s->packed = es_rd_u64le(&one);
        if (s->offset == ELSEWHERE)
            s->offset = es_rd_u64le(&one);
        return !one.bad;
    }
    return s->size != ELSEWHERE && s->packed != ELSEWHERE &&
           s->offset != ELSEWHERE;
}

/* Where an entry's data begin: after its local header, whose lengths of name
 * and extra field are its own. */
static bool locate(struct es_bytes in, size_t end, struct es_zip_entry *z,
                   uint64_t packed)
{
    struct es_rd r = from(in, z->at);
    const uint8_t *p;
    uint32_t sig = es_rd_u32le(&r);
    (void)es_rd_skip(&r, 22);
    uint16_t name = es_rd_u16le(&r);
    uint16_t extra = es_rd_u16le(&r);
    (void)es_rd_skip(&r, (size_t)name + extra);
    if (packed > in.n || !es_rd_take(&r, (size_t)packed, &p) ||
        sig != LOCAL_SIG || r.at > end)
        return false;
    z->data = (struct es_bytes){ p, (size_t)packed };
    return true;
}

static enum es_code read_central(struct es_bytes in, struct es_rd *r,
                                 const struct end_record *end, size_t base,
                                 struct es_zip_entry *z, struct es_err *e)
{
    size_t at = end->at - (size_t)end->size + r->at;
    const uint8_t *name;
    const uint8_t *extra;
    struct sizes s;
    uint32_t sig = es_rd_u32le(r);
    (void)es_rd_skip(r, 4);
    z->flags = es_rd_u16le(r);
    z->method = es_rd_u16le(r);
    (void)es_rd_skip(r, 4);
    z->crc = es_rd_u32le(r);
    s.packed = es_rd_u32le(r);
    s.size = es_rd_u32le(r);
    uint16_t name_n = es_rd_u16le(r);
    uint16_t extra_n = es_rd_u16le(r);
    uint16_t comment_n = es_rd_u16le(r);
    (void)es_rd_skip(r, 8);
    s.offset = es_rd_u32le(r);
    (void)es_rd_take(r, name_n, &name);
    (void)es_rd_take(r, extra_n, &extra);
    (void)es_rd_skip(r, comment_n);
    if (r->bad || sig != CENTRAL_SIG ||
        !read_sizes64((struct es_bytes){ extra, extra_n }, &s) ||
        s.offset > in.n)
        return es_fail(e, ES_EMALFORMED, at, "the directory is broken");
    z->name = (struct es_bytes){ name, name_n };
    z->size = s.size < SIZE_MAX ? (size_t)s.size : SIZE_MAX;
    z->at = base + (size_t)s.offset;
    if (!locate(in, end->at - (size_t)end->size, z, s.packed))
        return es_fail(e, ES_EMALFORMED, at, "the directory is broken");
    return ES_OK;
}

static int by_place(const void *pa, const void *pb)
{
    const struct es_zip_entry *a = *(const struct es_zip_entry *const *)pa;
    const struct es_zip_entry *b = *(const struct es_zip_entry *const *)pb;
    return (a->at > b->at) - (a->at < b->at);
}

/* Entries that share bytes are how a small archive unpacks to a huge one. */
static enum es_code check_apart(struct es_unpacker *u, struct es_bytes in,
                                const struct es_zip_entry *v, size_t n,
                                struct es_err *e)
{
    const struct es_zip_entry **order = es_arena_array(u->a, n, sizeof *order);
    if (!order)
        return es_fail(e, ES_ENOMEM, 0, "out of memory");
    for (size_t i = 0; i < n; i++)
        order[i] = &v[i];
    es_sort(order, n, sizeof *order, by_place);
    for (size_t i = 1; i < n; i++) {
        const struct es_bytes *before = &order[i - 1]->data;
        if (order[i]->at < (size_t)(before->p - in.p) + before->n)
            return es_fail(e, ES_EUNPACK, order[i]->at,
                           "entries of the archive overlap");
    }
    return ES_OK;
}

/* ES_EMALFORMED when there is no directory to go by. */
static enum es_code by_directory(struct es_unpacker *u, struct es_bytes in,
                                 struct es_zip_entry **out, size_t *n,
                                 struct es_err *e)
{
    struct end_record end;
    struct es_rd r;
    if (!find_end(in, &end))
        return es_fail(e, ES_EMALFORMED, in.n, "no directory");
    if (end.size > end.at || end.offset > end.at - end.size)
        return es_fail(e, ES_EMALFORMED, end.at, "the directory is broken");
    if (end.entries > ES_ZIP_ENTRIES_MAX)
        return es_fail(e, ES_EUNPACK, end.at, "more than %u files in one zip",
                       ES_ZIP_ENTRIES_MAX);
    /* bytes in front of the archive move all offsets by as much */
    size_t dir = end.at - (size_t)end.size;
    size_t base = dir - (size_t)end.offset;
    size_t entries = (size_t)end.entries;
    struct es_zip_entry *v = es_arena_array(u->a, entries, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "out of memory");
    es_rd_init(&r, (struct es_bytes){ in.p + dir, (size_t)end.size });
    for (size_t i = 0; i < entries; i++) {
        enum es_code rc = read_central(in, &r, &end, base, &v[i], e);
        if (rc != ES_OK)
            return rc;
    }
    enum es_code rc = check_apart(u, in, v, entries, e);
    if (rc != ES_OK)
        return rc;
    *out = v;
    *n = entries;
    return ES_OK;
}

/* The end of a streamed entry's data can only be found by inflating them.
 * False when that can't be done. */
static bool measure(struct es_unpacker *u, struct es_rd *r,
                    struct es_zip_entry *z)
{
    struct es_bytes rest = { r->p + r->at, es_rd_left(r) };
    const uint8_t *p;
    size_t used;
    size_t made;
    if (z->method != ES_ZIP_DEFLATED)
        return false;
    enum es_inflated how =
        es_inflate(u, rest, ES_RAW_DEFLATE, NULL, 0, &used, &made);
    u->in_total += used;
    u->out_total += made;
    if (how != ES_INFLATED && how != ES_INFLATE_SHORT)
        return false;
    z->unsized = true;
    z->cut = how == ES_INFLATE_SHORT;
    (void)es_rd_take(r, used, &p);
    z->data = (struct es_bytes){ p, used };
    struct es_rd peek = *r;
    if (es_rd_u32le(&peek) == DESCRIPTOR_SIG)
        (void)es_rd_skip(r, 4);
    peek = *r;
    (void)es_rd_skip(&peek, 4); /* then two sizes, of 32 bits or of 64 */
    bool narrow = es_rd_u32le(&peek) == used && es_rd_u32le(&peek) == made;
    (void)es_rd_skip(r, narrow ? 12 : 20);
    return true;
}

/* One entry by its local header; false when there is none here. */
static bool read_local(struct es_unpacker *u, struct es_rd *r,
                       struct es_zip_entry *z)
{
    const uint8_t *name;
    const uint8_t *extra;
    const uint8_t *p;
    struct sizes s = { .offset = 0 };
    *z = (struct es_zip_entry){ .at = r->at };
    if (es_rd_u32le(r) != LOCAL_SIG)
        return false;
    (void)es_rd_skip(r, 2);
    z->flags = es_rd_u16le(r);
    z->method = es_rd_u16le(r);
    (void)es_rd_skip(r, 4);
    z->crc = es_rd_u32le(r);
    s.packed = es_rd_u32le(r);
    s.size = es_rd_u32le(r);
    uint16_t name_n = es_rd_u16le(r);
    uint16_t extra_n = es_rd_u16le(r);
    (void)es_rd_take(r, name_n, &name);
    (void)es_rd_take(r, extra_n, &extra);
    if (r->bad || !read_sizes64((struct es_bytes){ extra, extra_n }, &s))
        return false;
    z->name = (struct es_bytes){ name, name_n };
    z->size = s.size < SIZE_MAX ? (size_t)s.size : SIZE_MAX;
    if (z->flags & STREAMED && s.packed == 0)
        return measure(u, r, z);
    z->cut = s.packed > es_rd_left(r);
    size_t n = z->cut ? es_rd_left(r) : (size_t)s.packed;
    (void)es_rd_take(r, n, &p);
    z->data = (struct es_bytes){ p, n };
    return true;
}

/* An archive whose end was lost still holds its first members. Measuring
 * them has the limits of unpacking them, but counts for itself. */
static enum es_code by_local_headers(struct es_unpacker *outer,
                                     struct es_bytes in,
                                     struct es_zip_entry **out, size_t *n,
                                     struct es_err *e)
{
    struct es_unpacker u = { .a = outer->a };
    struct es_rd r;
    size_t made = 0;
    struct es_zip_entry *v = es_arena_array(u.a, ES_ZIP_ENTRIES_MAX, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "out of memory");
    es_rd_init(&r, in);
    while (!r.bad && es_rd_left(&r) >= LOCAL_N && made < ES_ZIP_ENTRIES_MAX &&
           read_local(&u, &r, &v[made]))
        made++;
    if (made == 0)
        return es_fail(e, ES_EUNPACK, 0, "no readable file in the archive");
    *out = v;
    *n = made;
    return ES_OK;
}

enum es_code es_zip_list(struct es_unpacker *u, struct es_bytes in,
                         struct es_zip_entry **out, size_t *n, struct es_err *e)
{
    enum es_code rc = by_directory(u, in, out, n, e);
    if (rc == ES_EMALFORMED)
        rc = by_local_headers(u, in, out, n, e);
    return rc;
}
