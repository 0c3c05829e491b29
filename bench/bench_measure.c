/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From points to what counts: the smoothed distance alone, and all that is
 * measured; the reference program beside the checkout on the same points. On
 * the real files where they are, and on an hour as a phone sees it. */
#include "bench.h"

#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "decode/decode.h"
#include "track/evd.h"
#include "track/measure.h"

enum { TRACKS_MAX = 512, FEW = 30, HOUR_S = 3600 };

#ifdef ES_HAVE_REFERENCE
struct ref_fix { /* ../shared/reference/evsim.h, pt_t */
    double t, lat, lon, ele, acc, speed, dist, hr, cad;
    int brk;
};
int evd_stream(const struct ref_fix *p, size_t n, double *d, void *info);
#else
struct ref_fix {
    double t;
};
#endif

struct set {
    struct es_track v[TRACKS_MAX];
    struct ref_fix *ref[TRACKS_MAX];
    size_t n_ref[TRACKS_MAX];
    size_t n, points;
};

static void die(const char *what)
{
    bench_note(what, "failed");
    exit(1);
}

static void evd_alone(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++) {
        struct es_arena a;
        struct es_fixes f;
        struct es_evd out;
        es_arena_init(&a, ES_DECODE_MEM);
        if (es_fixes_of(&s->v[i], s->v[i].pts[0].t_ms, &a, &f, NULL) != ES_OK)
            die("fixes");
        void *scratch = es_arena_array(&a, f.n, ES_EVD_SCRATCH);
        if (!scratch || es_evd_of(&f, scratch, &a, &out, NULL) != ES_OK)
            die("evd");
        bench_keep(&out);
        es_arena_release(&a);
    }
}

static void all_of_it(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++) {
        struct es_arena a;
        struct es_measure m;
        es_arena_init(&a, ES_DECODE_MEM);
        if (es_measure(&s->v[i], ES_FORMAT_FIT, &a, &m, NULL) != ES_OK)
            die("measure");
        bench_keep(&m);
        es_arena_release(&a);
    }
}

#ifdef ES_HAVE_REFERENCE
static void reference(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++) {
        int rc = evd_stream(s->ref[i], s->n_ref[i], NULL, NULL);
        bench_keep(&rc);
    }
}

static void for_reference(struct set *s, size_t i)
{
    const struct es_track *tr = &s->v[i];
    struct ref_fix *p = calloc(tr->n, sizeof *p);
    size_t n = 0;
    if (!p)
        die("memory");
    for (size_t k = 0; k < tr->n; k++) {
        const struct es_point *q = &tr->pts[k];
        if (!es_point_has_position(q) || q->t_ms == ES_NO_TIME)
            continue;
        p[n++] = (struct ref_fix){
            .t = ((double)q->t_ms - (double)tr->pts[0].t_ms) / 1000,
            .lat = q->lat_deg,
            .lon = q->lon_deg,
            .brk = (q->flags & ES_PT_RESUME) != 0,
        };
    }
    s->ref[i] = p;
    s->n_ref[i] = n;
}
#endif

/* Tracks with times and positions; the others are not smoothed. */
static void set_add(struct set *s, const struct es_track *tr)
{
    size_t known = 0;
    for (size_t i = 0; i < tr->n; i++)
        known +=
            es_point_has_position(&tr->pts[i]) && tr->pts[i].t_ms != ES_NO_TIME;
    if (known < FEW || known < tr->n / 2 || s->n == TRACKS_MAX)
        return;
    s->v[s->n] = *tr;
#ifdef ES_HAVE_REFERENCE
    for_reference(s, s->n);
#endif
    s->points += tr->n;
    s->n++;
}

static void set_load(struct set *s, const char *pattern, struct es_arena *a)
{
    glob_t g;
    if (glob(pattern, 0, NULL, &g) != 0)
        return;
    for (size_t i = 0; i < g.gl_pathc; i++) {
        struct es_buf b = { 0 };
        struct es_tracks t = { 0 };
        if (es_file_load(g.gl_pathv[i], ES_UPLOAD_MAX, &b, NULL) == ES_OK &&
            es_decode(es_buf_bytes(&b), a, &t, NULL) == ES_OK)
            for (size_t k = 0; k < t.n; k++)
                set_add(s, &t.v[k]);
        es_buf_release(&b);
    }
    globfree(&g);
}

static double noise(uint64_t *seed)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        sum += (double)(*seed >> 11) / 9007199254740992.0;
    }
    return sum;
}

/* An hour around a circle, some metres off as a phone's receiver is. */
static void make_hour(struct es_track *tr, struct es_arena *a)
{
    uint64_t seed = 20260825;
    double x = 0, y = 0;
    *tr = es_track_none();
    tr->sport = ES_SPORT_RUNNING;
    tr->pts = es_arena_array(a, HOUR_S, sizeof *tr->pts);
    if (!tr->pts)
        die("memory");
    for (tr->n = 0; tr->n < HOUR_S; tr->n++) {
        struct es_point *p = &tr->pts[tr->n];
        double turn = (double)tr->n / 166;
        x = 0.96 * x + 1.1 * noise(&seed);
        y = 0.96 * y + 1.1 * noise(&seed);
        *p = es_point_none();
        p->t_ms = 1787637600000 + (int64_t)tr->n * 1000;
        p->lat_deg = -47.1 + 0.0045 * sin(turn) + y * 9e-6;
        p->lon_deg = -90.2 + 0.0066 * cos(turn) + x * 1.3e-5;
        p->alt_m = 40.0F + 20.0F * (float)sin(turn);
    }
}

static void run(const char *what, struct set *s)
{
    char name[64];
    if (s->n == 0) {
        bench_note(what, "no such files here: left out");
        return;
    }
    double points = (double)s->points / 1e6;
    snprintf(name, sizeof name, "%s: EVD", what);
    double evd = bench_run(name, points, "M points", evd_alone, s);
    snprintf(name, sizeof name, "%s: all of it", what);
    double all = bench_run(name, points, "M points", all_of_it, s);
#ifdef ES_HAVE_REFERENCE
    snprintf(name, sizeof name, "%s: reference", what);
    double ref = bench_run(name, points, "M points", reference, s);
    snprintf(name, sizeof name, "%s: reference / EVD", what);
    bench_ratio(name, ref, evd);
    snprintf(name, sizeof name, "%s: reference / all of it", what);
    bench_ratio(name, ref, all);
    for (size_t i = 0; i < s->n; i++)
        free(s->ref[i]);
#else
    (void)evd;
    (void)all;
#endif
    s->n = s->points = 0;
}

int main(void)
{
    static struct set s;
    struct es_arena a;
    struct es_track hour;
    bench_by_cpu_time(); /* other work counts against none of them */
    es_arena_init(&a, (size_t)1 << 30);
    make_hour(&hour, &a);
    set_add(&s, &hour);
    run("1 h, noisy", &s);
    set_load(&s, "../shared/tracks/*/*.fit", &a);
    set_load(&s, "../shared/tracks/*/*.gpx", &a);
    set_load(&s, "../shared/tracks/*/*.tcx", &a);
    run("real files", &s);
    es_arena_release(&a);
    return 0;
}
