/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "worker/decode_job.h"

#include "base/limits.h"
#include "decode/decode.h"
#include "ipc/answer.h"
#include "track/course.h"
#include "track/measure.h"
#include "track/wire.h"

/* Unpacking keeps every member, and may hold one twice while it grows. */
enum { UNPACK_MEM = 2 * ES_UNPACKED_MAX + (1 << 20) };

static_assert((uint64_t)UNPACK_MEM + ES_DECODE_MEM + ES_UPLOAD_MAX +
                      2 * ES_FRAME_MAX <
                  ES_WORKER_AS,
              "a worker's arenas fit its address space");

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
    struct es_buf bytes;
    enum es_code rc = es_measure(tr, all->format, a, &m, e);
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
    struct es_answer_item item = {
        .member = member,
        .activity = (uint32_t)i,
        .activities = (uint32_t)all->n,
        .message = "",
        .warnings = w,
        .n_warnings = tr->n_warnings,
        .measure = es_buf_bytes(&bytes),
    };
    rc = bytes.bad ? es_fail(e, ES_ENOMEM, 0, "no memory")
                   : self_check(item.measure, a, e);
    if (rc == ES_OK)
        es_answer_put(out, &item);
    es_buf_release(&bytes);
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

/* ---- a route ---- */

/* The activity that has the number `want` among what put_member writes; *seen
 * counts them. ES_OK with out->n 0 and *seen <= want: not in this member. */
static enum es_code route_in(const struct es_member *m, uint32_t want,
                             uint32_t *seen, struct es_arena *a,
                             struct es_course *out, struct es_err *e)
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
    return rc == ES_OK ? es_course_of(&all.v[want - first], a, out, e) : rc;
}

static void route_job(uint32_t want, const struct es_members *all,
                      struct es_buf *answer)
{
    enum es_code rc = ES_ENOACTIVITY;
    uint32_t seen = 0;
    struct es_arena a = { 0 };
    struct es_course r = { 0 };
    struct es_err e = { 0 };
    for (size_t i = 0; i < all->n && seen <= want; i++) {
        es_arena_release(&a);
        es_arena_init(&a, ES_DECODE_MEM);
        rc = route_in(&all->v[i], want, &seen, &a, &r, &e);
    }
    if (rc == ES_OK && seen <= want)
        rc = ES_ENOACTIVITY;
    es_buf_u8(answer, (uint8_t)(rc == ES_ENOMEM ? ES_ECOMPLEX : rc));
    es_course_put(answer, &r);
    es_arena_release(&a);
}

void es_decode_job(struct es_bytes head, struct es_bytes file,
                   struct es_buf *answer)
{
    struct es_arena a;
    struct es_members all = { 0 };
    struct es_err e = { 0 };
    struct es_rd r;

    es_arena_init(&a, UNPACK_MEM);
    enum es_code rc = es_unpack(file, &a, &all, &e);
    if (head.n > 0) {
        es_rd_init(&r, head);
        route_job(es_rd_u32le(&r), &all, answer);
    } else {
        es_answer_begin(answer);
        if (rc != ES_OK)
            put_error(answer, NULL, rc, &e);
        for (size_t i = 0; i < all.n; i++)
            put_member(answer, &all.v[i]);
        if (answer->bad)
            put_too_long(answer);
    }
    es_arena_release(&a);
}
