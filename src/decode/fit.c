/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/limits.h"
#include "decode/decode.h"
#include "decode/fit_build.h"

enum { TYPE_ACTIVITY = 4 };

/* The reading of one upload. */
struct reading {
    struct es_arena *a;
    struct es_track notes; /* only its warnings */
    struct es_track *v;
    size_t n, cap;
    struct es_fit_room room;
    double file_type; /* of what held no activity; 0: none seen */
    bool has_hr;      /* beats of a strap, first in the file at hr_at */
    size_t hr_at;
    bool damaged; /* and where first: */
    enum es_code damage;
    size_t damage_at;
    const char *damage_why;
};

static void damage(struct reading *r, enum es_code code, size_t at,
                   const char *why)
{
    if (!r->damaged) {
        r->damage = code;
        r->damage_at = at;
        r->damage_why = why;
    }
    r->damaged = true;
}

static const struct flag {
    unsigned flag;
    const char *code, *message;
    bool is_end; /* the file ends early */
} FLAGS[] = {
    { ES_FIT_BAD_HEADER_CRC, "bad_header_checksum",
      "the header's checksum is wrong", false },
    { ES_FIT_BAD_CRC, "bad_checksum", "the file's checksum is wrong", false },
    { ES_FIT_NO_CRC, "truncated", "the file ends before its checksum", true },
    { ES_FIT_NO_SIZE, "truncated", "the recording was never closed", false },
    { ES_FIT_SHORT, "truncated", "the file ends early", true },
    { ES_FIT_BAD_SIZE, "wrong_size", "the header's data size is wrong", false },
};

/* What the frame showed, as warnings. */
static void note_frame(struct reading *r, const struct es_fit_file *f,
                       size_t size)
{
    for (size_t i = 0; i < sizeof FLAGS / sizeof *FLAGS; i++) {
        if (!(f->flags & FLAGS[i].flag))
            continue;
        size_t at = FLAGS[i].is_end ? size : f->at;
        es_track_warn(&r->notes, r->a, FLAGS[i].code, at, "%s",
                      FLAGS[i].message);
        if (FLAGS[i].is_end)
            damage(r, ES_ETRUNCATED, at, FLAGS[i].message);
    }
    /* a recording that was never closed just stops */
    if (!f->stop)
        return;
    es_track_warn(&r->notes, r->a, "damaged", f->stop_at, "%s", f->stop);
    damage(r, ES_EMALFORMED, f->stop_at, f->stop);
}

static void note_content(struct reading *r, const struct es_fit_build *b,
                         size_t at)
{
    if (b->r.relative)
        es_track_warn(&r->notes, r->a, "clock_not_set", at,
                      "times count from when the device was switched on");
    if (b->file_type > 0 && b->file_type != TYPE_ACTIVITY)
        es_track_warn(&r->notes, r->a, "not_an_activity", at,
                      "the file says that it is of type %.0f, not an activity",
                      b->file_type);
}

/* Room for the tracks of `more` sessions, or for the one of none. */
static bool track_room(struct reading *r, size_t more)
{
    size_t want = r->n + (more > 0 ? more : 1);
    if (want > ES_ACTIVITIES_MAX)
        want = ES_ACTIVITIES_MAX;
    if (want <= r->cap)
        return true;
    size_t cap = 2 * r->cap > want ? 2 * r->cap : want;
    struct es_track *v = es_arena_array(r->a, cap, sizeof *v);
    if (!v)
        return false;
    if (r->n > 0)
        memcpy(v, r->v, r->n * sizeof *v);
    r->v = v;
    r->cap = cap;
    return true;
}

static enum es_code read_one(struct reading *r, struct es_fit_file *f,
                             size_t size, struct es_err *e)
{
    struct es_fit_build b;
    size_t n;
    enum es_code rc = es_fit_gather(f, &r->room, r->a, &b, e);
    if (rc != ES_OK)
        return rc;
    note_frame(r, f, size);
    if (!track_room(r, b.n_sessions))
        return es_fail(e, ES_ENOMEM, f->at, "no memory to read the file");
    size_t room = r->cap < ES_ACTIVITIES_MAX ? r->cap : ES_ACTIVITIES_MAX;
    rc = es_fit_tracks(&b, r->v + r->n, room - r->n, &n, e);
    if (rc != ES_OK)
        return rc;
    if (n > 0)
        note_content(r, &b, f->at);
    else if (b.file_type > 0)
        r->file_type = b.file_type;
    if (b.has_hr && !r->has_hr)
        r->hr_at = f->at;
    r->has_hr = r->has_hr || b.has_hr;
    r->n += n;
    return ES_OK;
}

static enum es_code no_activity(const struct reading *r, struct es_err *e)
{
    const char *type = es_fit_file_type((unsigned)r->file_type);
    if (r->damaged)
        return es_fail(e, r->damage, r->damage_at, "%s", r->damage_why);
    if (type && r->file_type != TYPE_ACTIVITY)
        return es_fail(e, ES_ENOACTIVITY, 0,
                       "a FIT file of type \"%s\", not an activity", type);
    return es_fail(e, ES_ENOACTIVITY, 0, "a FIT file without an activity");
}

enum es_code es_fit_decode(struct es_bytes in, struct es_arena *a,
                           struct es_tracks *out, struct es_err *e)
{
    struct reading r = {
        .a = a,
        .room = { ES_POINTS_MAX, ES_LAPS_MAX, ES_LENGTHS_MAX, ES_LAPS_MAX,
                  ES_ACTIVITIES_MAX },
    };
    struct es_fit_file f;
    size_t at = 0;

    if (in.n < 12)
        return es_fail(e, ES_ETRUNCATED, in.n, "no whole FIT header");
    if (!es_fit_header_at(in, 0))
        return es_fail(e, ES_EMALFORMED, 0, "no FIT header");
    for (int i = 0; i < ES_FIT_CHAIN_MAX && es_fit_open(in, at, &f); i++) {
        enum es_code rc = read_one(&r, &f, in.n, e);
        if (rc != ES_OK)
            return rc;
        at = f.end;
    }
    if (at < in.n)
        es_track_warn(&r.notes, a, "trailing_bytes", at,
                      "%zu bytes after the end were not read", in.n - at);
    if (r.n == 0)
        return no_activity(&r, e);
    if (r.has_hr)
        es_fit_merge_hr(in, r.hr_at, &f, r.v, r.n);
    for (size_t i = 0; i < r.n; i++) {
        r.v[i].warnings = r.notes.warnings;
        r.v[i].n_warnings = r.notes.n_warnings;
    }
    *out = (struct es_tracks){ ES_FORMAT_FIT, r.v, r.n };
    return ES_OK;
}
