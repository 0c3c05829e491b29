/* SPDX-License-Identifier: Apache-2.0 */
/* Source: RFC 1951, RFC 1952; zip: zip.c. */
#include "decode/unpack.h"

#include "base/limits.h"
#include "base/utf8.h"

enum { SCRATCH = 16384, MEMBER_NAME_POINTS = 120, GZIP_MIN = 20 };

/* ---- inflating ---- */

static void *z_alloc(void *a, unsigned n, unsigned size)
{
    return es_arena_array(a, n, size);
}

static void z_free(void *a, void *p) /* the arena frees */
{
    (void)a;
    (void)p;
}

static bool restart(struct es_unpacker *u, int window)
{
    if (u->ready)
        return inflateReset2(&u->z, window) == Z_OK;
    u->z = (z_stream){ .zalloc = z_alloc, .zfree = z_free, .opaque = u->a };
    u->ready = inflateInit2(&u->z, window) == Z_OK;
    return u->ready;
}

static bool is_gzip(struct es_bytes s)
{
    return s.n >= 2 && s.p[0] == 0x1f && s.p[1] == 0x8b;
}

static bool is_zip(struct es_bytes s)
{
    return s.n >= 4 && s.p[0] == 'P' && s.p[1] == 'K' &&
           ((s.p[2] == 3 && s.p[3] == 4) || (s.p[2] == 5 && s.p[3] == 6));
}

static bool is_bomb(const struct es_unpacker *u, size_t used, size_t made)
{
    size_t out = u->out_total + made;
    size_t in = u->in_total + used;
    return out > ES_UNPACKED_MAX ||
           (out > ES_UNPACK_RATIO_FLOOR && out / ES_UNPACK_RATIO > in);
}

static bool is_false(const char *msg)
{
    return msg && (strcmp(msg, "incorrect data check") == 0 ||
                   strcmp(msg, "incorrect length check") == 0);
}

/* What one call of zlib came to; ES_INFLATED also stands for "go on". */
static enum es_inflated outcome(const struct es_unpacker *u, int z)
{
    switch (z) {
    case Z_OK:
    case Z_STREAM_END:
        return ES_INFLATED;
    case Z_BUF_ERROR:
        return u->z.avail_in == 0 ? ES_INFLATE_SHORT : ES_INFLATE_FULL;
    case Z_MEM_ERROR:
        return ES_INFLATE_NOMEM;
    default:
        return is_false(u->z.msg) ? ES_INFLATE_FALSE : ES_INFLATE_BROKEN;
    }
}

enum es_inflated es_inflate(struct es_unpacker *u, struct es_bytes in,
                            int window, uint8_t *dst, size_t cap, size_t *used,
                            size_t *made)
{
    uint8_t scratch[SCRATCH];
    enum es_inflated how;
    int z = Z_OK;
    *used = *made = 0;
    if (in.n > UINT32_MAX || cap > UINT32_MAX || !restart(u, window))
        return ES_INFLATE_NOMEM;
    u->z.next_in = in.p;
    u->z.avail_in = (uInt)in.n;
    do {
        u->z.next_out = dst ? dst + *made : scratch;
        u->z.avail_out = dst ? (uInt)(cap - *made) : SCRATCH;
        uInt room = u->z.avail_out;
        z = inflate(&u->z, Z_NO_FLUSH);
        *made += room - u->z.avail_out;
        *used = in.n - u->z.avail_in;
        how = outcome(u, z);
        if (!dst && is_bomb(u, *used, *made))
            how = ES_INFLATE_BOMB;
    } while (how == ES_INFLATED && z != Z_STREAM_END);
    return how;
}

/* ---- gzip ---- */

/* Every member of a gzip file in a row, as es_inflate. */
static enum es_inflated gunzip_all(struct es_unpacker *u, struct es_bytes in,
                                   uint8_t *dst, size_t cap, size_t *made)
{
    size_t at = 0;
    enum es_inflated how = ES_INFLATED;
    *made = 0;
    while (how == ES_INFLATED && at < in.n) {
        struct es_bytes rest = { in.p + at, in.n - at };
        size_t used;
        size_t n;
        if (at > 0 && !is_gzip(rest))
            break; /* padding after the last member */
        how = es_inflate(u, rest, ES_GZIP, dst ? dst + *made : NULL,
                         dst ? cap - *made : 0, &used, &n);
        *made += n;
        at += used;
        if (!dst) {
            u->in_total += used;
            u->out_total += n;
        }
    }
    return how;
}

static enum es_code bomb(struct es_err *e, size_t at)
{
    return es_fail(e, ES_EBOMB, at,
                   "unpacks to more than %u MiB or %d times its size",
                   ES_UNPACKED_MAX >> 20, ES_UNPACK_RATIO);
}

/* A gzip file of one member ends with its size, by which it is unpacked in one
 * pass. False when that isn't what it came to; nothing is counted then. */
static bool gunzip_whole(struct es_unpacker *u, struct es_bytes in,
                         struct es_bytes *out)
{
    struct es_rd tail;
    size_t used;
    size_t made;
    es_rd_init(&tail, in);
    if (in.n < GZIP_MIN || !es_rd_skip(&tail, in.n - 4))
        return false;
    size_t n = es_rd_u32le(&tail);
    if (n == 0 || is_bomb(u, in.n, n))
        return false;
    uint8_t *dst = es_arena_alloc(u->a, n);
    if (!dst || es_inflate(u, in, ES_GZIP, dst, n, &used, &made) != ES_INFLATED)
        return false;
    if (used != in.n || made != n)
        return false;
    u->in_total += used;
    u->out_total += made;
    *out = (struct es_bytes){ dst, made };
    return true;
}

static enum es_code gunzip_any(struct es_unpacker *u, struct es_bytes in,
                               size_t at, struct es_bytes *out,
                               struct es_err *e)
{
    size_t n;
    size_t made;
    if (gunzip_whole(u, in, out))
        return ES_OK;
    enum es_inflated how = gunzip_all(u, in, NULL, 0, &n);
    if (how == ES_INFLATE_BOMB)
        return bomb(e, at);
    if (how == ES_INFLATE_NOMEM)
        return es_fail(e, ES_ENOMEM, at, "out of memory");
    if (how == ES_INFLATE_FALSE)
        return es_fail(e, ES_EUNPACK, at, "the gzip checksum is wrong");
    if (n == 0 && how == ES_INFLATED)
        return es_fail(e, ES_EEMPTY, at, "the gzip file holds nothing");
    if (n == 0)
        return es_fail(e, ES_EUNPACK, at, "not a whole gzip file");
    uint8_t *dst = es_arena_alloc(u->a, n);
    if (!dst)
        return es_fail(e, ES_ENOMEM, at, "out of memory");
    (void)gunzip_all(u, in, dst, n, &made); /* a broken tail was counted */
    *out = (struct es_bytes){ dst, made };
    return ES_OK;
}

static enum es_code gunzip(struct es_unpacker *u, struct es_bytes in, size_t at,
                           struct es_bytes *out, struct es_err *e)
{
    enum es_code rc = gunzip_any(u, in, at, out, e);
    if (rc == ES_OK && (is_gzip(*out) || is_zip(*out)))
        rc = es_fail(e, ES_EUNPACK, at, "an archive inside an archive");
    return rc;
}

/* ---- members of a zip ---- */

static bool ends_with(struct es_bytes s, const char *tail)
{
    size_t n = strlen(tail);
    return s.n >= n && es_bytes_eq((struct es_bytes){ s.p + s.n - n, n },
                                   es_bytes_str(tail));
}

/* Folders, and what macOS adds beside each file. */
static bool is_litter(struct es_bytes name)
{
    size_t base = 0;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '/')
            base = i + 1;
    struct es_bytes mac = { name.p, 9 };
    return base == name.n ||
           (name.n - base >= 2 && name.p[base] == '.' &&
            name.p[base + 1] == '_') ||
           (name.n > 9 && es_bytes_eq(mac, es_bytes_str("__MACOSX/")));
}

static bool is_named_activity(struct es_bytes name)
{
    return ends_with(name, ".fit") || ends_with(name, ".gpx") ||
           ends_with(name, ".tcx") || ends_with(name, ".gz") ||
           ends_with(name, ".FIT") || ends_with(name, ".GPX") ||
           ends_with(name, ".TCX");
}

static const char *member_name(struct es_arena *a, struct es_bytes raw)
{
    struct es_buf b = { 0 };
    size_t at = 0;
    es_buf_init(&b, 4 * (size_t)UINT16_MAX);
    es_text_clean(&b, raw, false);
    struct es_bytes clean = es_buf_bytes(&b);
    for (size_t i = 0; i < MEMBER_NAME_POINTS && at < clean.n; i++)
        (void)es_utf8_next(clean, &at);
    const char *name = es_arena_strn(a, clean.p, at);
    es_buf_release(&b);
    return name;
}

enum worth { LEAVE, TAKE, TAKE_GZIP, REFUSE_ARCHIVE };

/* What an entry is, by its first bytes. */
static enum worth worth(struct es_unpacker *u, const struct es_zip_entry *z)
{
    uint8_t head[SCRATCH];
    struct es_bytes s = z->data;
    if (z->method == ES_ZIP_DEFLATED) {
        size_t used;
        size_t made;
        (void)es_inflate(u, z->data, ES_RAW_DEFLATE, head, sizeof head, &used,
                         &made);
        s = (struct es_bytes){ head, made };
    }
    if (is_gzip(s))
        return TAKE_GZIP;
    if (is_zip(s))
        return REFUSE_ARCHIVE;
    return es_sniff(s) == ES_FORMAT_NONE ? LEAVE : TAKE;
}

static enum es_code not_as_said(struct es_err *e, size_t at)
{
    return es_fail(e, ES_EUNPACK, at,
                   "the member is not what the archive says of it");
}

/* An entry whose size is known: into as much room and no more. */
static enum es_code inflate_sized(struct es_unpacker *u,
                                  const struct es_zip_entry *z,
                                  struct es_bytes *out, struct es_err *e)
{
    size_t used;
    size_t made;
    if (z->size > ES_UNPACKED_MAX || is_bomb(u, z->data.n, z->size))
        return bomb(e, z->at);
    uint8_t *dst = es_arena_alloc(u->a, z->size);
    if (!dst)
        return es_fail(e, ES_ENOMEM, z->at, "out of memory");
    enum es_inflated how =
        es_inflate(u, z->data, ES_RAW_DEFLATE, dst, z->size, &used, &made);
    u->in_total += used; /* what fails below was worked on too */
    u->out_total += made;
    if (how == ES_INFLATE_NOMEM)
        return es_fail(e, ES_ENOMEM, z->at, "out of memory");
    if (how != ES_INFLATED || made != z->size)
        return not_as_said(e, z->at);
    *out = (struct es_bytes){ dst, made };
    return ES_OK;
}

/* One that was cut, or streamed: counted first. */
static enum es_code inflate_unsized(struct es_unpacker *u,
                                    const struct es_zip_entry *z,
                                    struct es_bytes *out, struct es_err *e)
{
    size_t used;
    size_t n;
    enum es_inflated how =
        es_inflate(u, z->data, ES_RAW_DEFLATE, NULL, 0, &used, &n);
    u->in_total += used;
    u->out_total += n;
    if (how == ES_INFLATE_BOMB)
        return bomb(e, z->at);
    if (how == ES_INFLATE_NOMEM)
        return es_fail(e, ES_ENOMEM, z->at, "out of memory");
    if (!z->cut && how != ES_INFLATED)
        return not_as_said(e, z->at);
    uint8_t *dst = es_arena_alloc(u->a, n);
    if (!dst)
        return es_fail(e, ES_ENOMEM, z->at, "out of memory");
    (void)es_inflate(u, z->data, ES_RAW_DEFLATE, dst, n, &used, &n);
    *out = (struct es_bytes){ dst, n };
    return ES_OK;
}

static enum es_code extract(struct es_unpacker *u, const struct es_zip_entry *z,
                            struct es_bytes *out, struct es_err *e)
{
    if (z->method == ES_ZIP_DEFLATED) {
        enum es_code rc = z->cut || z->unsized ? inflate_unsized(u, z, out, e)
                                               : inflate_sized(u, z, out, e);
        if (rc != ES_OK)
            return rc;
    } else {
        if (!z->cut && z->size != z->data.n)
            return not_as_said(e, z->at);
        *out = z->data;
        u->in_total += z->data.n;
        u->out_total += z->data.n;
    }
    if (u->out_total > ES_UNPACKED_MAX)
        return bomb(e, z->at);
    if (!z->cut && !z->unsized &&
        crc32(0, out->p, (uInt)out->n) != (uLong)z->crc)
        return es_fail(e, ES_EUNPACK, z->at, "the member's checksum is wrong");
    return ES_OK;
}

/* Fills *m, or leaves it for a file that is no activity (false). A limit
 * passed is the whole archive's failure: *rc. */
static bool member(struct es_unpacker *u, const struct es_zip_entry *z,
                   struct es_member *m, enum es_code *rc)
{
    struct es_member got = { 0 };
    bool readable = z->method == ES_ZIP_STORED || z->method == ES_ZIP_DEFLATED;
    if (is_litter(z->name))
        return false;
    if (z->flags & ES_ZIP_ENCRYPTED || !readable) {
        if (!is_named_activity(z->name))
            return false;
        got.code = es_fail(&got.err, ES_EUNPACK, z->at,
                           readable ? "the member is encrypted"
                                    : "packed in a way that isn't read here");
    } else {
        enum worth w = worth(u, z);
        if (w == LEAVE)
            return false;
        if (w == REFUSE_ARCHIVE)
            got.code = es_fail(&got.err, ES_EUNPACK, z->at,
                               "an archive inside an archive");
        else
            got.code = extract(u, z, &got.bytes, &got.err);
        if (w == TAKE_GZIP && got.code == ES_OK)
            got.code = gunzip(u, got.bytes, z->at, &got.bytes, &got.err);
    }
    if (got.code != ES_OK)
        got.bytes = (struct es_bytes){ NULL, 0 };
    if (got.code == ES_EBOMB || got.code == ES_ENOMEM)
        *rc = got.code;
    got.name = member_name(u->a, z->name);
    *m = got;
    return true;
}

static enum es_code unzip(struct es_unpacker *u, struct es_bytes in,
                          struct es_members *out, struct es_err *e)
{
    struct es_zip_entry *z = NULL;
    size_t n = 0;
    size_t made = 0;
    size_t good = 0;
    enum es_code rc = es_zip_list(u, in, &z, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_member *v = es_arena_array(u->a, ES_MEMBERS_MAX, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "out of memory");
    for (size_t i = 0; i < n; i++) {
        struct es_member m;
        if (!member(u, &z[i], &m, &rc))
            continue;
        if (rc != ES_OK)
            return es_fail(e, rc, m.err.at, "%s", m.err.msg);
        if (made == ES_MEMBERS_MAX)
            return es_fail(e, ES_EUNPACK, z[i].at,
                           "more than %d activities in one archive",
                           ES_MEMBERS_MAX);
        good += m.code == ES_OK;
        v[made++] = m;
    }
    if (made == 0)
        return es_fail(e, ES_ENOACTIVITY, 0,
                       "no FIT, GPX or TCX file in the archive");
    if (good == 0)
        return es_fail(e, v[0].code, v[0].err.at, "%s", v[0].err.msg);
    *out = (struct es_members){ .v = v, .n = made };
    return ES_OK;
}

enum es_code es_unpack(struct es_bytes in, struct es_arena *a,
                       struct es_members *out, struct es_err *e)
{
    struct es_unpacker u = { .a = a };
    struct es_bytes whole = in;
    if (in.n == 0)
        return es_fail(e, ES_EEMPTY, 0, "the file is empty");
    if (is_zip(in))
        return unzip(&u, in, out, e);
    if (is_gzip(in)) {
        enum es_code rc = gunzip(&u, in, 0, &whole, e);
        if (rc != ES_OK)
            return rc;
    }
    struct es_member *v = es_arena_alloc(a, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "out of memory");
    v->bytes = whole;
    *out = (struct es_members){ .v = v, .n = 1 };
    return ES_OK;
}
