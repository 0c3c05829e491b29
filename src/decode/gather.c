/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/gather.h"

#include <math.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "decode/xml.h"

enum { NAME_BYTES = 120 };

struct es_gathered {
    struct es_track t;
    size_t pt, lap; /* the first of each in the pools */
};

/* Room for one more element of `size` bytes in *v. By halves, which with
 * memory that grows in place leaves a third of it unused at most. */
static bool room(struct es_arena *a, void **v, size_t n, size_t *cap,
                 size_t first, size_t max, size_t size)
{
    if (n < *cap)
        return true;
    size_t want = *cap ? *cap + *cap / 2 : first;
    if (want > max)
        want = max;
    void *now = es_arena_grow(a, *v, *cap * size, want * size);
    if (!now)
        return false;
    *v = now;
    *cap = want;
    return true;
}

enum es_code es_gather_track(struct es_gather *g, size_t at, struct es_err *e)
{
    void *v = g->tracks;
    if (g->n_tracks == ES_ACTIVITIES_MAX)
        return es_fail(e, ES_ECOMPLEX, at, "more than %u activities",
                       ES_ACTIVITIES_MAX);
    if (!room(g->a, &v, g->n_tracks, &g->cap_tracks, 4, ES_ACTIVITIES_MAX,
              sizeof *g->tracks))
        return es_fail(e, ES_ENOMEM, at, "out of memory");
    g->tracks = v;
    g->tracks[g->n_tracks++] = (struct es_gathered){
        .t = es_track_none(),
        .pt = g->n_pts,
        .lap = g->n_laps,
    };
    return ES_OK;
}

struct es_track *es_gather_open(const struct es_gather *g)
{
    return g->n_tracks ? &g->tracks[g->n_tracks - 1].t : NULL;
}

enum es_code es_gather_point(struct es_gather *g, const struct es_point *pt,
                             size_t at, struct es_err *e)
{
    void *v = g->pts;
    size_t first = g->expect < ES_POINTS_MAX ? g->expect : ES_POINTS_MAX;
    if (g->n_pts == ES_POINTS_MAX)
        return es_fail(e, ES_EMANYPOINTS, at, "more than %u points",
                       ES_POINTS_MAX);
    if (!room(g->a, &v, g->n_pts, &g->cap_pts, first ? first : 64,
              ES_POINTS_MAX, sizeof *g->pts))
        return es_fail(e, ES_ENOMEM, at, "out of memory");
    g->pts = v;
    g->pts[g->n_pts++] = *pt;
    g->tracks[g->n_tracks - 1].t.n++;
    return ES_OK;
}

enum es_code es_gather_lap(struct es_gather *g, const struct es_lap *lap,
                           size_t at, struct es_err *e)
{
    void *v = g->laps;
    if (g->n_laps == ES_LAPS_MAX)
        return es_fail(e, ES_ECOMPLEX, at, "more than %u laps", ES_LAPS_MAX);
    if (!room(g->a, &v, g->n_laps, &g->cap_laps, 16, ES_LAPS_MAX,
              sizeof *g->laps))
        return es_fail(e, ES_ENOMEM, at, "out of memory");
    g->laps = v;
    g->laps[g->n_laps++] = *lap;
    g->tracks[g->n_tracks - 1].t.n_laps++;
    return ES_OK;
}

struct es_point *es_gather_points(const struct es_gather *g, size_t *n)
{
    const struct es_gathered *last = &g->tracks[g->n_tracks - 1];
    *n = last->t.n;
    return *n ? &g->pts[last->pt] : NULL;
}

struct es_lap *es_gather_laps(const struct es_gather *g, size_t *n)
{
    const struct es_gathered *last = &g->tracks[g->n_tracks - 1];
    *n = last->t.n_laps;
    return *n ? &g->laps[last->lap] : NULL;
}

void es_gather_cut(struct es_gather *g, size_t from, size_t n)
{
    struct es_gathered *last = &g->tracks[g->n_tracks - 1];
    struct es_point *at = &g->pts[last->pt + from];
    memmove(at, at + n, (last->t.n - from - n) * sizeof *at);
    last->t.n -= n;
    g->n_pts -= n;
}

static int64_t first_time(const struct es_track *tr)
{
    for (size_t i = 0; i < tr->n; i++)
        if (tr->pts[i].t_ms != ES_NO_TIME)
            return tr->pts[i].t_ms;
    return ES_NO_TIME;
}

enum es_code es_gather_finish(struct es_gather *g, enum es_format format,
                              struct es_tracks *out, struct es_err *e)
{
    if (g->n_tracks == 0)
        return es_fail(e, ES_ENOACTIVITY, 0, "no activity in the file");
    struct es_track *v = es_arena_array(g->a, g->n_tracks, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "out of memory");
    for (size_t i = 0; i < g->n_tracks; i++) {
        v[i] = g->tracks[i].t;
        v[i].pts = v[i].n ? &g->pts[g->tracks[i].pt] : NULL;
        v[i].laps = v[i].n_laps ? &g->laps[g->tracks[i].lap] : NULL;
        if (v[i].started_ms == ES_NO_TIME)
            v[i].started_ms = first_time(&v[i]);
        if (!g->exact)
            es_gather_strides(&v[i]);
    }
    *out = (struct es_tracks){ .format = format, .v = v, .n = g->n_tracks };
    return ES_OK;
}

/* What a person should know of how the document was read. */
static void warn_of(struct es_gather *g, const struct es_xml *x)
{
    struct es_xml_faults f = es_xml_faults(x);
    struct es_track *tr = &g->tracks[0].t;
    if (f.n_mended)
        es_track_warn(tr, g->a, "bad_bytes", f.mended_at,
                      "%zu bytes that XML may not hold there were mended",
                      f.n_mended);
    if (f.encoding)
        es_track_warn(tr, g->a, "bad_encoding", 0,
                      "the text isn't in the encoding that the file declares");
}

enum es_code es_gather_xml(struct es_gather *g, enum es_format format,
                           const struct es_xml *x, enum es_code rc,
                           const struct es_err *why, struct es_tracks *out,
                           struct es_err *e)
{
    bool broken = rc == ES_EMALFORMED || rc == ES_ETRUNCATED;
    if (rc != ES_OK && !(broken && g->n_pts))
        return es_fail(e, rc, why->at, "%s", why->msg);
    if (broken)
        es_track_warn(es_gather_open(g), g->a, "damaged", why->at,
                      "%s; what stands before was kept", why->msg);
    if (g->n_tracks)
        warn_of(g, x);
    return es_gather_finish(g, format, out, e);
}

const char *es_gather_name(struct es_arena *a, struct es_bytes s)
{
    struct es_buf b = { 0 };
    const char *name = NULL;
    es_buf_init(&b, 4 * (size_t)ES_XML_TOKEN);
    es_text_clean(&b, s, false);
    struct es_bytes clean = es_buf_bytes(&b);
    size_t n = 0;
    for (size_t at = 0; at < clean.n;) {
        (void)es_utf8_next(clean, &at);
        if (at > NAME_BYTES)
            break;
        n = at;
    }
    if (n)
        name = es_arena_strn(a, clean.p, n);
    es_buf_release(&b);
    return name;
}

double es_gather_num(struct es_bytes s, double min, double max)
{
    double v;
    if (!es_num_f64(s, &v) || v < min || v > max)
        return NAN;
    return v;
}

uint8_t es_gather_bpm(struct es_bytes s)
{
    double v = floor(es_gather_num(s, 0, 254) + 0.5);
    return v >= 1 ? (uint8_t)v : 0;
}

bool es_gather_position(struct es_bytes lat, struct es_bytes lon,
                        struct es_point *pt)
{
    double lat_deg = es_gather_num(lat, -90, 90);
    double lon_deg = es_gather_num(lon, -180, 180);
    if (isnan(lat_deg) || isnan(lon_deg))
        return false;
    pt->lat_deg = lat_deg;
    pt->lon_deg = lon_deg;
    return true;
}

void es_gather_strides(struct es_track *tr)
{
    double sum = 0;
    size_t n = 0;
    bool foot = tr->sport == ES_SPORT_RUNNING ||
                tr->sport == ES_SPORT_WALKING || tr->sport == ES_SPORT_HIKING;
    for (size_t i = 0; foot && i < tr->n; i++) {
        if (!(tr->pts[i].cadence_spm > 0))
            continue;
        sum += (double)tr->pts[i].cadence_spm;
        n++;
    }
    if (n == 0 || sum <= (double)n * 120)
        return;
    for (size_t i = 0; i < tr->n; i++)
        tr->pts[i].cadence_spm /= 2; /* NAN stays */
}
