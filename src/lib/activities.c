/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/activities.h"

#include <stdlib.h>

#include "base/json.h"
#include "decode/decode.h"
#include "track/measure_json.h"
#include "write/write.h"

struct es_activities {
    struct es_arena a;
    struct es_activity *v;
    struct es_measure **measured; /* NULL: not yet */
    size_t n, cap;
    struct es_buf text; /* of the last json or write */
};

/* An activity with all samples and sensors as GPX takes 400 bytes a point. */
enum { TEXT_MAX = 512u << 20 };
/* A file seldom holds more; a zip's members may hold any number. */
enum { ROOM_FIRST = 4 };

const char *es_library_version(void)
{
    return ES_VERSION;
}

static struct es_activities *made(size_t mem_max)
{
    struct es_activities *all = calloc(1, sizeof *all);
    if (!all)
        return NULL;
    es_arena_init(&all->a, mem_max ? mem_max : ES_DECODE_MEM);
    es_buf_init(&all->text, TEXT_MAX);
    return all;
}

void es_activities_free(struct es_activities *all)
{
    if (!all)
        return;
    es_buf_release(&all->text);
    es_arena_release(&all->a);
    free(all);
}

static struct es_activity *added(struct es_activities *all)
{
    if (all->n == all->cap) {
        size_t cap = all->cap ? 2 * all->cap : ROOM_FIRST;
        struct es_activity *v = es_arena_array(&all->a, cap, sizeof *v);
        if (!v)
            return NULL;
        if (all->n)
            memcpy(v, all->v, all->n * sizeof *v);
        all->v = v;
        all->cap = cap;
    }
    return &all->v[all->n++];
}

/* Its name is copied: what was unpacked goes. */
static enum es_code add_member(struct es_activities *all,
                               const struct es_member *m, struct es_err *e)
{
    struct es_tracks tracks = { 0 };
    struct es_err why = m->err;
    const char *name = m->name ? es_arena_str(&all->a, m->name) : NULL;
    enum es_code rc = m->code;
    if (m->name && !name)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a name");
    if (rc == ES_OK)
        rc = es_decode(m->bytes, &all->a, &tracks, &why);
    for (size_t i = 0; i == 0 || i < tracks.n; i++) {
        struct es_activity *one = added(all);
        if (!one || rc == ES_ENOMEM)
            return es_fail(e, ES_ENOMEM, 0, "no memory for the activities");
        *one = (struct es_activity){ .member = name };
        if (rc == ES_OK) {
            one->format = tracks.format;
            one->track = &tracks.v[i];
        } else {
            one->err = why;
        }
    }
    return ES_OK;
}

/* A file none of whose members can be read is none. */
static enum es_code settle(struct es_activities *all, struct es_err *e)
{
    size_t i = 0;
    while (i < all->n && !all->v[i].track)
        i++;
    if (all->n == 0)
        return es_fail(e, ES_ENOACTIVITY, 0, "no activity in the file");
    if (i == all->n)
        return es_fail(e, all->v[0].err.code, all->v[0].err.at, "%s",
                       all->v[0].err.msg);
    all->measured = es_arena_array(&all->a, all->n, sizeof *all->measured);
    return all->measured ? ES_OK
                         : es_fail(e, ES_ENOMEM, 0, "no memory to measure");
}

enum es_code es_activities_read(const void *file, size_t n, size_t mem_max,
                                struct es_activities **out, struct es_err *e)
{
    struct es_bytes in = { file, n };
    struct es_members members = { 0 };
    struct es_arena unpacked = { 0 };
    struct es_activities *all = made(mem_max);

    *out = NULL;
    if (!all)
        return es_fail(e, ES_ENOMEM, 0, "no memory for the activities");
    es_arena_init(&unpacked, 2 * (size_t)ES_UNPACKED_MAX + (1 << 20));
    enum es_code rc = es_unpack(in, &unpacked, &members, e);
    for (size_t i = 0; rc == ES_OK && i < members.n; i++)
        rc = add_member(all, &members.v[i], e);
    if (rc == ES_OK)
        rc = settle(all, e);
    es_arena_release(&unpacked);
    if (rc == ES_OK)
        *out = all;
    else
        es_activities_free(all);
    return rc;
}

enum es_code es_activities_of(const struct es_track *track, size_t mem_max,
                              struct es_activities **out, struct es_err *e)
{
    struct es_activities *all = made(mem_max);
    struct es_activity *one = all ? added(all) : NULL;
    *out = NULL;
    if (one) {
        one->track = track;
        if (settle(all, e) == ES_OK)
            *out = all;
    }
    if (!*out) {
        es_activities_free(all);
        return es_fail(e, ES_ENOMEM, 0, "no memory for the activity");
    }
    return ES_OK;
}

size_t es_activities_count(const struct es_activities *all)
{
    return all->n;
}

const struct es_activity *es_activities_at(const struct es_activities *all,
                                           size_t i)
{
    return i < all->n ? &all->v[i] : NULL;
}

/* NULL, and *e filled, when there is no such activity to work on. */
static const struct es_activity *usable(const struct es_activities *all,
                                        size_t i, struct es_err *e)
{
    const struct es_activity *one = es_activities_at(all, i);
    if (one && one->track)
        return one;
    es_fail(e, ES_EINVAL, 0,
            one ? "activity %zu can't be read" : "there is no activity %zu", i);
    return NULL;
}

enum es_code es_activities_measure(struct es_activities *all, size_t i,
                                   const struct es_measure **out,
                                   struct es_err *e)
{
    const struct es_activity *one = usable(all, i, e);
    if (!one)
        return ES_EINVAL;
    if (!all->measured[i]) {
        struct es_measure *m = es_arena_alloc(&all->a, sizeof *m);
        if (!m)
            return es_fail(e, ES_ENOMEM, 0, "no memory to measure");
        enum es_code rc = es_measure(one->track, one->format, &all->a, m, e);
        if (rc != ES_OK)
            return rc;
        all->measured[i] = m;
    }
    *out = all->measured[i];
    return ES_OK;
}

enum es_code es_activities_json(struct es_activities *all, size_t i,
                                const char **out, struct es_err *e)
{
    const struct es_measure *m;
    enum es_code rc = es_activities_measure(all, i, &m, e);
    if (rc != ES_OK)
        return rc;
    const struct es_track *tr = all->v[i].track;
    struct es_buf *b = &all->text;
    es_buf_clear(b);
    es_buf_str(b, "{");
    es_measure_json(b, m);
    es_buf_json_s(b, "verdict", es_measure_verdict(m));
    es_findings_json(b, "findings", m->findings, m->n_findings);
    es_warnings_json(b, "warnings", tr->warnings, tr->n_warnings);
    es_buf_str(b, "}");
    if (b->bad)
        return es_fail(e, ES_ENOMEM, 0, "no memory for the text");
    *out = es_buf_cstr(b);
    return ES_OK;
}

enum es_code es_activities_write(struct es_activities *all, size_t i,
                                 enum es_format format, struct es_bytes *out,
                                 struct es_err *e)
{
    const struct es_activity *one = usable(all, i, e);
    enum es_code rc = ES_EINVAL;
    if (!one)
        return rc;
    es_buf_clear(&all->text);
    switch (format) {
    case ES_FORMAT_FIT:
        rc = es_fit_write(one->track, &all->text, e);
        break;
    case ES_FORMAT_GPX:
        rc = es_gpx_write(one->track, &all->text, e);
        break;
    case ES_FORMAT_TCX:
        rc = es_tcx_write(one->track, &all->text, e);
        break;
    case ES_FORMAT_NONE:
        return es_fail(e, ES_EINVAL, 0, "no such format to write");
    }
    if (rc == ES_OK)
        *out = es_buf_bytes(&all->text);
    return rc;
}
