/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/recording.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "track/evd.h"
#include "track/measure_json.h"
#include "write/write.h"

/* The distance since what was settled is that along these fixes before it and
 * all after it: smoothing looks 40 s around, stops 8 s. */
enum { BEFORE = 90, PACE_FIXES_MIN = 3 };
static const double PACE_S = 30;
/* An accuracy no receiver has, and a height no runner. */
static const double ACC_MAX_M = 1e6, ALT_MAX_M = 20000, SPEED_MAX_MPS = 1000;
/* FIT begins in 1989, decimals of ours end with the year 9999. */
static const double TIME_MIN_MS = 0, TIME_MAX_MS = 253402300799000;
enum { FIRST_ROOM = 1024, TEXT_MAX = 512u << 20 };
enum { TAIL_MEM = 16u << 20 }; /* where nothing was ever settled, all of it */

struct es_recording {
    struct es_track track; /* pts are ours */
    size_t room;
    struct es_lap *laps; /* of the piece that is told of */
    size_t laps_room;
    size_t settled_n;
    double settled_m;
    struct es_recording_now now;
    struct es_arena a; /* for the time of a call */
    struct es_buf text;
};

struct es_recording *es_recording_new(unsigned sport)
{
    struct es_recording *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->track = es_track_none();
    r->track.sport = (uint8_t)sport;
    r->track.device = ES_RECORDER;
    es_buf_init(&r->text, TEXT_MAX);
    return r;
}

void es_recording_free(struct es_recording *r)
{
    if (!r)
        return;
    es_buf_release(&r->text);
    free(r->track.pts);
    free(r->laps);
    free(r);
}

size_t es_recording_count(const struct es_recording *r)
{
    return r->track.n;
}

static bool make_room(struct es_recording *r)
{
    if (r->track.n < r->room)
        return true;
    size_t room = r->room ? r->room + r->room / 2 : FIRST_ROOM;
    struct es_point *v = realloc(r->track.pts, room * sizeof *v);
    if (!v)
        return false;
    r->track.pts = v;
    r->room = room;
    return true;
}

static float within(double v, double min, double max)
{
    return v >= min && v <= max ? (float)v : NAN;
}

enum es_code es_recording_add(struct es_recording *r, double t_ms,
                              double lat_deg, double lon_deg, double alt_m,
                              double speed_mps, double acc_m, unsigned flags)
{
    struct es_point p = es_point_none();
    const struct es_track *tr = &r->track;
    p.lat_deg = lat_deg;
    p.lon_deg = lon_deg;
    if (!es_point_has_position(&p) ||
        !(t_ms >= TIME_MIN_MS && t_ms <= TIME_MAX_MS))
        return ES_EINVAL;
    p.t_ms = (int64_t)t_ms;
    if (tr->n > 0 && p.t_ms <= tr->pts[tr->n - 1].t_ms)
        return ES_EINVAL;
    if (tr->n == ES_POINTS_MAX)
        return ES_EMANYPOINTS;
    p.alt_m = within(alt_m, -ALT_MAX_M, ALT_MAX_M);
    p.speed_mps = within(speed_mps, 0, SPEED_MAX_MPS);
    p.acc_m = within(acc_m, 0, ACC_MAX_M);
    p.flags = flags & (ES_PT_SEGMENT | ES_PT_RESUME | ES_PT_LAP);
    if (!make_room(r))
        return ES_ENOMEM;
    r->track.pts[r->track.n++] = p;
    return ES_OK;
}

/* ---- a piece of it ---- */

static double seconds(int64_t from_ms, int64_t to_ms)
{
    return ((double)to_ms - (double)from_ms) / 1000;
}

static bool lap_begins(const struct es_track *t, size_t i)
{
    return i > 0 && (t->pts[i].flags & ES_PT_LAP);
}

/* The presses of the button; none when nobody pressed it. */
static bool take_laps(struct es_recording *r, struct es_track *t)
{
    size_t presses = 0;
    for (size_t i = 0; i < t->n; i++)
        presses += lap_begins(t, i);
    if (presses == 0 || presses >= ES_LAPS_MAX)
        return true;
    if (presses + 1 > r->laps_room) {
        struct es_lap *v = realloc(r->laps, (presses + 1) * sizeof *v);
        if (!v)
            return false;
        r->laps = v;
        r->laps_room = presses + 1;
    }
    t->laps = r->laps;
    for (size_t i = 0; i < t->n; i++)
        if (i == 0 || lap_begins(t, i))
            t->laps[t->n_laps++] =
                (struct es_lap){ t->pts[i].t_ms, NAN, NAN, NAN };
    return true;
}

/* What a reader of the file will have of it. The times are told, not left to
 * the reader: the pauses of a file are read otherwise in each format. */
static bool piece(struct es_recording *r, size_t from, size_t to,
                  struct es_track *out)
{
    struct es_track t = r->track;
    t.pts = t.pts + from;
    t.n = to - from;
    t.started_ms = t.pts[0].t_ms;
    t.elapsed_s = seconds(t.pts[0].t_ms, t.pts[t.n - 1].t_ms);
    double paused_s = 0;
    for (size_t i = 1; i < t.n; i++)
        if (t.pts[i].flags & ES_PT_RESUME)
            paused_s += seconds(t.pts[i - 1].t_ms, t.pts[i].t_ms);
    t.timer_s = t.elapsed_s - paused_s;
    if (!take_laps(r, &t))
        return false;
    *out = t;
    return true;
}

static enum es_code check_piece(const struct es_recording *r, size_t from,
                                size_t to, struct es_err *e)
{
    if (from < to && to <= r->track.n)
        return ES_OK;
    return es_fail(e, ES_EINVAL, 0, "there are no fixes %zu to %zu", from, to);
}

static enum es_code tell(struct es_recording *r, const struct es_track *t,
                         struct es_measure *m, struct es_err *e)
{
    enum es_code rc = es_measure(t, ES_FORMAT_GPX, &r->a, m, e);
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = &r->text;
    es_buf_clear(b);
    es_buf_str(b, "{");
    es_measure_json(b, m);
    es_buf_json_s(b, "verdict", es_measure_verdict(m));
    es_findings_json(b, "findings", m->findings, m->n_findings);
    es_buf_str(b, "}");
    return b->bad ? es_fail(e, ES_ENOMEM, 0, "no memory for the text") : ES_OK;
}

enum es_code es_recording_measure(struct es_recording *r, size_t from,
                                  size_t to, const char **json,
                                  struct es_err *e)
{
    struct es_track t;
    struct es_measure m;
    enum es_code rc = check_piece(r, from, to, e);
    if (rc != ES_OK)
        return rc;
    es_arena_init(&r->a, ES_DECODE_MEM);
    rc = piece(r, from, to, &t)
             ? tell(r, &t, &m, e)
             : es_fail(e, ES_ENOMEM, 0, "no memory for the laps");
    if (rc == ES_OK && from == 0 && to == r->track.n) {
        r->settled_n = to;
        r->settled_m = isnan(m.dist_m) ? 0 : m.dist_m;
    }
    es_arena_release(&r->a);
    if (rc == ES_OK)
        *json = es_buf_cstr(&r->text);
    return rc;
}

/* ---- so far ---- */

/* Along the fixes from `first` on; of those, `settled` are settled. */
static void go_on(struct es_recording *r, const struct es_fixes *f,
                  const struct es_evd *evd, size_t settled)
{
    double from_m = 0, last_m = evd->along_m[f->n - 1];
    size_t k = f->n - 1;
    for (size_t i = 0; i < f->n && f->at[i] < settled; i++)
        from_m = evd->along_m[i];
    r->now.dist_m = r->settled_m + last_m - from_m;
    while (k > 0 && f->apart[k] == ES_JOINED &&
           f->t_s[f->n - 1] - f->t_s[k] < PACE_S)
        k--;
    double s = f->t_s[f->n - 1] - f->t_s[k];
    if (f->n - k >= PACE_FIXES_MIN && s > 0)
        r->now.speed_mps = (last_m - evd->along_m[k]) / s;
}

const struct es_recording_now *es_recording_now(struct es_recording *r)
{
    struct es_track t = r->track;
    size_t first = r->settled_n > BEFORE ? r->settled_n - BEFORE : 0;
    struct es_fixes f;
    struct es_evd evd;
    r->now = (struct es_recording_now){
        .dist_m = r->settled_m,
        .settled_m = r->settled_m,
        .unsettled = (double)(r->track.n - r->settled_n),
        .speed_mps = NAN,
    };
    if (t.n == 0)
        return &r->now;
    t.pts += first;
    t.n -= first;
    es_arena_init(&r->a, TAIL_MEM + t.n * ES_MEASURE_POINT);
    void *scratch = es_arena_array(&r->a, t.n, ES_EVD_SCRATCH);
    if (scratch && es_fixes_of(&t, t.pts[0].t_ms, &r->a, &f, NULL) == ES_OK &&
        f.n > 0 && f.t_s && es_evd_of(&f, scratch, &r->a, &evd, NULL) == ES_OK)
        go_on(r, &f, &evd, r->settled_n - first);
    es_arena_release(&r->a);
    return &r->now;
}

/* ---- its file ---- */

static void mark_out(struct es_track *t, size_t from, size_t to, bool out)
{
    for (size_t i = 0; i < t->n; i++) {
        unsigned flags = t->pts[i].flags & ~(unsigned)ES_PT_OUT;
        if (out && (i < from || i >= to))
            flags |= ES_PT_OUT;
        t->pts[i].flags = (uint8_t)flags;
    }
}

enum es_code es_recording_write(struct es_recording *r, size_t from, size_t to,
                                enum es_format format, struct es_bytes *out,
                                struct es_err *e)
{
    struct es_track kept, all = r->track;
    enum es_code rc = check_piece(r, from, to, e);
    if (rc != ES_OK)
        return rc;
    if (!piece(r, from, to, &kept))
        return es_fail(e, ES_ENOMEM, 0, "no memory for the laps");
    struct es_point *pts = all.pts;
    size_t n = all.n;
    all = kept;
    all.pts = pts;
    all.n = n;
    mark_out(&all, from, to, true);
    es_buf_clear(&r->text);
    if (format == ES_FORMAT_GPX)
        rc = es_gpx_write(&all, &r->text, e);
    else if (format == ES_FORMAT_FIT)
        rc = es_fit_write(&all, &r->text, e);
    else
        rc = es_fail(e, ES_EINVAL, 0, "no such format to write");
    mark_out(&all, from, to, false);
    if (rc == ES_OK)
        *out = es_buf_bytes(&r->text);
    return rc;
}
