/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a file's bytes to points: a written hour of running, and the real
 * files beside the checkout where they are. Expat only tokenising the same
 * bytes stands beside GPX and TCX, walking over the messages and the checksum
 * beside FIT; peers.py adds whole programs. */
#include "bench.h"

#include <expat.h>
#include <glob.h>
#include <math.h>

#include "base/crc.h"
#include "base/file.h"
#include "base/limits.h"
#include "decode/decode.h"
#include "fit_walk.h"
#include "track/measure.h"
#include "write/write.h"

enum { HOUR_S = 3600, FILES_MAX = 256 };

/* Files decoded one after the other in one call. */
struct set {
    struct es_buf v[FILES_MAX];
    size_t n;
    size_t bytes;
};

static void die(const char *what, const struct es_err *e)
{
    bench_note(what, "failed: %s", e->msg);
    exit(1);
}

static void decode_one(struct es_bytes in, bool measure)
{
    struct es_arena a;
    struct es_tracks tracks = { 0 };
    struct es_err e = { 0 };
    es_arena_init(&a, ES_DECODE_MEM);
    if (es_decode(in, &a, &tracks, &e) != ES_OK)
        die("decode", &e);
    for (size_t i = 0; measure && i < tracks.n; i++) {
        struct es_measure m;
        if (es_measure(&tracks.v[i], tracks.format, &a, &m, &e) != ES_OK)
            die("measure", &e);
        bench_keep(&m);
    }
    bench_keep(&tracks);
    es_arena_release(&a);
}

static void decode_set(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++)
        decode_one(es_buf_bytes(&s->v[i]), false);
}

static void measure_set(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++)
        decode_one(es_buf_bytes(&s->v[i]), true);
}

/* What no reader of FIT can do without. */
static void walk_set(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++) {
        struct es_bytes in = es_buf_bytes(&s->v[i]);
        size_t messages = bench_fit_walk(in);
        uint16_t crc = es_crc16_tables(0, in);
        bench_keep(&messages);
        bench_keep(&crc);
    }
}

static void on_text(void *user, const XML_Char *text, int n)
{
    (void)user;
    (void)n;
    bench_keep(text);
}

static void on_start(void *user, const XML_Char *name, const XML_Char **atts)
{
    (void)user;
    (void)atts;
    bench_keep(name);
}

static void on_end(void *user, const XML_Char *name)
{
    (void)user;
    bench_keep(name);
}

static void tokenise_set(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++) {
        XML_Parser p = XML_ParserCreate(NULL);
        struct es_bytes in = es_buf_bytes(&s->v[i]);
        XML_SetElementHandler(p, on_start, on_end);
        XML_SetCharacterDataHandler(p, on_text);
        /* A damaged file ends early for expat, as it does for us. */
        enum XML_Status st = XML_Parse(p, (const char *)in.p, (int)in.n, 1);
        bench_keep(&st);
        XML_ParserFree(p);
    }
}

/* An hour around a circle of 500 m, one point a second. */
static void make_hour(struct es_arena *a, struct es_track *tr)
{
    *tr = es_track_none();
    tr->sport = ES_SPORT_RUNNING;
    tr->started_ms = 1787637600000; /* 2026-08-25T06:00:00Z */
    tr->pts = es_arena_array(a, HOUR_S, sizeof *tr->pts);
    if (!tr->pts)
        exit(1);
    tr->n = HOUR_S;
    for (int i = 0; i < HOUR_S; i++) {
        struct es_point *p = &tr->pts[i];
        *p = es_point_none();
        p->t_ms = tr->started_ms + i * 1000;
        p->lat_deg = -47.1 + 0.0045 * sin(i / 166.0);
        p->lon_deg = -90.2 + 0.0066 * cos(i / 166.0);
        p->dist_m = i * 3.0;
        p->alt_m = 10.0F + (float)(i % 60) / 10.0F;
        p->hr_bpm = (uint8_t)(140 + i % 20);
        p->cadence_spm = 84;
    }
    tr->pts[0].flags = ES_PT_SEGMENT;
}

/* For peers.py, where there are no real files. */
static void keep_file(const struct es_buf *b, const char *name)
{
    const char *dir = getenv("ES_BENCH_MADE");
    char path[4096];
    if (!dir)
        return;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    if (!f)
        return;
    (void)fwrite(b->p, 1, b->n, f);
    fclose(f);
}

static void set_write(struct set *s, const struct es_track *tr,
                      const char *name,
                      enum es_code (*put)(const struct es_track *,
                                          struct es_buf *, struct es_err *))
{
    struct es_err e = { 0 };
    es_buf_init(&s->v[0], ES_UPLOAD_MAX);
    if (put(tr, &s->v[0], &e) != ES_OK)
        die("write", &e);
    s->n = 1;
    s->bytes = s->v[0].n;
    keep_file(&s->v[0], name);
}

/* The files of a pattern that decode; the others prove nothing about speed. */
static void set_load(struct set *s, const char *pattern)
{
    glob_t g;
    if (glob(pattern, 0, NULL, &g) != 0)
        return;
    for (size_t i = 0; i < g.gl_pathc && s->n < FILES_MAX; i++) {
        struct es_buf *b = &s->v[s->n];
        struct es_tracks t = { 0 };
        struct es_arena a;
        if (es_file_load(g.gl_pathv[i], ES_UPLOAD_MAX, b, NULL) != ES_OK)
            continue;
        es_arena_init(&a, ES_DECODE_MEM);
        if (es_decode(es_buf_bytes(b), &a, &t, NULL) == ES_OK) {
            s->bytes += b->n;
            s->n++;
        } else {
            es_buf_release(b);
        }
        es_arena_release(&a);
    }
    globfree(&g);
}

static void set_release(struct set *s)
{
    for (size_t i = 0; i < s->n; i++)
        es_buf_release(&s->v[i]);
    *s = (struct set){ 0 };
}

static void run(const char *what, struct set *s, bool xml)
{
    char name[64];
    if (s->n == 0) {
        bench_note(what, "no such files here: left out");
        return;
    }
    double mb = (double)s->bytes / 1e6;
    snprintf(name, sizeof name, "%s: to points", what);
    double ours = bench_run(name, mb, "MB", decode_set, s);
    snprintf(name, sizeof name, "%s: points, measure", what);
    bench_run(name, mb, "MB", measure_set, s);
    if (!xml) {
        snprintf(name, sizeof name, "%s: walk, checksum", what);
        bench_run(name, mb, "MB", walk_set, s);
    }
    if (xml) {
        snprintf(name, sizeof name, "%s: expat alone", what);
        double peer = bench_run(name, mb, "MB", tokenise_set, s);
        snprintf(name, sizeof name, "%s: points / expat", what);
        bench_ratio(name, ours, peer);
    }
    set_release(s);
}

int main(void)
{
    static struct set s;
    struct es_arena a;
    struct es_track hour;

    bench_by_cpu_time();
    es_arena_init(&a, ES_DECODE_MEM);
    make_hour(&a, &hour);
    set_write(&s, &hour, "hour.fit", es_fit_write);
    run("FIT, 1 h written", &s, false);
    set_write(&s, &hour, "hour.gpx", es_gpx_write);
    run("GPX, 1 h written", &s, true);
    set_write(&s, &hour, "hour.tcx", es_tcx_write);
    run("TCX, 1 h written", &s, true);
    es_arena_release(&a);

    set_load(&s, "../shared/tracks/fit/*.fit");
    run("FIT, real files", &s, false);
    set_load(&s, "../shared/tracks/gpx/*.gpx");
    run("GPX, real files", &s, true);
    set_load(&s, "../shared/tracks/tcx/*.tcx");
    run("TCX, real files", &s, true);
    return 0;
}
