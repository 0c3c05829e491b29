/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "worker/decode_job.h"

#include "base/limits.h"
#include "decode/decode.h"
#include "image/image.h"
#include "ipc/answer.h"
#include "ipc/picture.h"
#include "track/course.h"
#include "track/match.h"
#include "track/measure.h"
#include "track/sketch.h"
#include "track/wire.h"

/* Unpacking keeps every member, and may hold one twice while it grows. */
enum { UNPACK_MEM = 2 * ES_UNPACKED_MAX + (1 << 20) };

/* What is kept of a track to compare it, 32 bytes a point; and of both, while
 * that is done. */
enum { SIDE_MEM = 34 << 20, MATCH_MEM = 64 << 20 };

static_assert((uint64_t)UNPACK_MEM + ES_DECODE_MEM + ES_JOB_FILE_MAX +
                      2 * SIDE_MEM + 2 * ES_FRAME_MAX <
                  ES_WORKER_AS,
              "a worker's arenas fit its address space");
static_assert((int)MATCH_MEM < (int)UNPACK_MEM, "after unpacking");

/* The other side takes only codes that a file can be guilty of. */
static void put_error(struct es_buf *out, const char *member, enum es_code code,
                      const struct es_err *e)
{
    struct es_answer_item item = {
        .member = member,
        .code = code == ES_ENOMEM  ? ES_ECOMPLEX
                : code < ES_EEMPTY ? ES_EMALFORMED
                                   : code,
        .at = e->at,
        .message = code == ES_ENOMEM ? "needs too much memory" : e->msg,
    };
    es_answer_put(out, &item);
}

/* The other side takes nothing that it would not let stand in the store. Seen
 * there it costs the whole upload and this process; seen here, one activity. */
static enum es_code self_check(struct es_bytes measure, struct es_arena *a,
                               struct es_err *e)
{
    struct es_rd r;
    struct es_measure m;
    struct es_err why = { 0 };
    es_rd_init(&r, measure);
    enum es_code rc = es_measure_get(&r, a, &m, &why);
    if (rc == ES_OK || rc == ES_ENOMEM)
        return rc;
    return es_fail(e, ES_EMALFORMED, 0, "can't be measured: %.100s", why.msg);
}

static enum es_code put_track(struct es_buf *out, const char *member,
                              const struct es_tracks *all, size_t i,
                              struct es_arena *a, struct es_err *e)
{
    const struct es_track *tr = &all->v[i];
    struct es_measure m;
    struct es_sketch sketch;
    struct es_buf bytes, sketched;
    enum es_code rc = es_measure(tr, all->format, a, &m, e);
    if (rc == ES_OK)
        rc = es_sketch_of(tr, a, &sketch, e);
    if (rc != ES_OK)
        return rc;
    struct es_answer_warning *w = es_arena_array(a, tr->n_warnings, sizeof *w);
    if (!w)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    for (size_t k = 0; k < tr->n_warnings; k++)
        w[k] = (struct es_answer_warning){ tr->warnings[k].code,
                                           tr->warnings[k].message,
                                           tr->warnings[k].at };
    es_buf_init(&bytes, ES_FRAME_MAX);
    es_measure_put(&bytes, &m);
    es_buf_init(&sketched, ES_SKETCH_BYTES);
    es_sketch_put(&sketched, &sketch);
    struct es_answer_item item = {
        .member = member,
        .activity = (uint32_t)i,
        .activities = (uint32_t)all->n,
        .message = "",
        .warnings = w,
        .n_warnings = tr->n_warnings,
        .measure = es_buf_bytes(&bytes),
        .sketch = es_buf_bytes(&sketched),
    };
    rc = bytes.bad || sketched.bad ? es_fail(e, ES_ENOMEM, 0, "no memory")
                                   : self_check(item.measure, a, e);
    if (rc == ES_OK)
        es_answer_put(out, &item);
    es_buf_release(&bytes);
    es_buf_release(&sketched);
    return rc;
}

/* An arena for each member: 64 of them must not add up. */
static void put_member(struct es_buf *out, const struct es_member *m)
{
    struct es_arena a;
    struct es_tracks all = { 0 };
    struct es_err e = m->err;

    es_arena_init(&a, ES_DECODE_MEM);
    enum es_code rc = m->code;
    if (rc == ES_OK)
        rc = es_decode(m->bytes, &a, &all, &e);
    if (rc != ES_OK)
        put_error(out, m->name, rc, &e);
    for (size_t i = 0; i < all.n; i++) {
        rc = put_track(out, m->name, &all, i, &a, &e);
        if (rc != ES_OK)
            put_error(out, m->name, rc, &e);
    }
    es_arena_release(&a);
}

/* Too long for a frame: one error says so in place of all. */
static void put_too_long(struct es_buf *out)
{
    struct es_err e = { .msg = "too many activities" };
    es_buf_clear(out);
    es_answer_begin(out);
    put_error(out, NULL, ES_ECOMPLEX, &e);
}

/* ---- one activity again ---- */

/* The activity that has the number `want` among what put_member writes; *seen
 * counts them. ES_OK with *out NULL and *seen <= want: not in this member. */
static enum es_code activity_in(const struct es_member *m, uint32_t want,
                                uint32_t *seen, struct es_arena *a,
                                const struct es_track **out, struct es_err *e)
{
    struct es_tracks all = { 0 };
    enum es_code rc = m->code;
    if (rc == ES_OK)
        rc = es_decode(m->bytes, a, &all, e);
    uint32_t items = rc == ES_OK ? (uint32_t)all.n : 1;
    uint32_t first = *seen;
    *seen += items;
    if (want < first || want >= *seen)
        return ES_OK;
    if (rc == ES_OK)
        *out = all.v + (want - first);
    return rc;
}

/* In `a`, which holds nothing but the member that it is in. */
static enum es_code activity(const struct es_members *all, uint32_t want,
                             struct es_arena *a, const struct es_track **out,
                             struct es_err *e)
{
    enum es_code rc = ES_ENOACTIVITY;
    uint32_t seen = 0;
    *out = NULL;
    for (size_t i = 0; i < all->n && seen <= want; i++) {
        es_arena_release(a);
        es_arena_init(a, ES_DECODE_MEM);
        rc = activity_in(&all->v[i], want, &seen, a, out, e);
    }
    return rc == ES_OK && !*out ? ES_ENOACTIVITY : rc;
}

/* An activity and what it lives in. */
struct opened {
    struct es_arena unpacked, a;
    const struct es_track *tr;
};

/* Whatever comes of it, close_activity follows. */
static enum es_code open_activity(struct opened *o, uint32_t want,
                                  struct es_bytes file, struct es_err *e)
{
    struct es_members all = { 0 };
    *o = (struct opened){ 0 };
    es_arena_init(&o->unpacked, UNPACK_MEM);
    enum es_code rc = es_unpack(file, &o->unpacked, &all, e);
    return rc == ES_OK ? activity(&all, want, &o->a, &o->tr, e) : rc;
}

static void close_activity(struct opened *o)
{
    es_arena_release(&o->a);
    es_arena_release(&o->unpacked);
}

static void put_code(struct es_buf *answer, enum es_code rc)
{
    es_buf_u8(answer, (uint8_t)(rc == ES_ENOMEM ? ES_ECOMPLEX : rc));
}

static void route_job(uint32_t want, struct es_bytes file,
                      struct es_buf *answer)
{
    struct opened o;
    struct es_course r = { 0 };
    struct es_err e = { 0 };
    enum es_code rc = open_activity(&o, want, file, &e);
    if (rc == ES_OK)
        rc = es_course_of(o.tr, &o.a, &r, &e);
    put_code(answer, rc);
    es_course_put(answer, &r);
    close_activity(&o);
}

/* ---- two activities compared ---- */

static enum es_code side_of(uint32_t want, struct es_bytes file,
                            struct es_arena *keep, struct es_side *out)
{
    struct opened o;
    struct es_err e = { 0 };
    enum es_code rc = open_activity(&o, want, file, &e);
    if (rc == ES_OK)
        rc = es_side_of(o.tr, keep, out, &e);
    close_activity(&o);
    return rc;
}

static void match_job(struct es_rd *head, struct es_bytes files,
                      struct es_buf *answer)
{
    struct es_arena sides, a;
    struct es_side first, second;
    struct es_match m = { 0 };
    uint32_t one = es_rd_u32le(head), two = es_rd_u32le(head);
    size_t split = es_rd_u32le(head);
    if (split > files.n)
        split = files.n;
    es_arena_init(&sides, 2 * SIDE_MEM);
    es_arena_init(&a, MATCH_MEM);
    enum es_code rc =
        side_of(one, (struct es_bytes){ files.p, split }, &sides, &first);
    if (rc == ES_OK)
        rc = side_of(two, (struct es_bytes){ files.p + split, files.n - split },
                     &sides, &second);
    if (rc == ES_OK)
        rc = es_match_of(&first, &second, &a, &m, NULL);
    put_code(answer, rc);
    es_match_put(answer, &m);
    es_arena_release(&sides);
    es_arena_release(&a);
}

/* ---- a picture ---- */

static_assert((uint64_t)ES_PICTURE_MEM + ES_PICTURE_MAX + 2 * ES_FRAME_MAX <
                  ES_WORKER_AS,
              "a picture's arena fits the address space of a worker");

static void picture_job(struct es_bytes head, struct es_bytes file,
                        struct es_buf *answer)
{
    struct es_picture_ask ask;
    struct es_picture_made made = { .n = 0 };
    struct es_err e = { 0 };
    struct es_arena a;
    es_arena_init(&a, ES_PICTURE_MEM);
    enum es_code rc = es_picture_ask_get(head, &ask, &e);
    if (rc == ES_OK)
        rc = es_picture_make(file, &ask, &a, &made, &e);
    if (rc == ES_ENOMEM || (rc != ES_OK && rc < ES_EEMPTY))
        rc = ES_ECOMPLEX;
    es_picture_answer_put(answer, rc, &made);
    if (answer->bad) { /* noise doesn't shrink */
        es_buf_clear(answer);
        es_picture_answer_put(answer, ES_ECOMPLEX, &made);
    }
    es_arena_release(&a);
}

/* ---- jobs ---- */

static void measure_job(struct es_bytes file, struct es_buf *answer)
{
    struct es_arena a;
    struct es_members all = { 0 };
    struct es_err e = { 0 };
    es_arena_init(&a, UNPACK_MEM);
    enum es_code rc = es_unpack(file, &a, &all, &e);
    es_answer_begin(answer);
    if (rc != ES_OK)
        put_error(answer, NULL, rc, &e);
    for (size_t i = 0; i < all.n; i++)
        put_member(answer, &all.v[i]);
    if (answer->bad)
        put_too_long(answer);
    es_arena_release(&a);
}

void es_decode_job(struct es_bytes head, struct es_bytes file,
                   struct es_buf *answer)
{
    struct es_rd r;
    es_rd_init(&r, head);
    if (head.n == 0)
        measure_job(file, answer);
    else if (head.n == ES_MATCH_HEAD)
        match_job(&r, file, answer);
    else if (head.n == ES_PICTURE_HEAD)
        picture_job(head, file, answer);
    else
        route_job(es_rd_u32le(&r), file, answer);
}
