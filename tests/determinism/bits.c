/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that the engine makes of some files, as hashes of every bit:
 *
 *     bits [FILE...]
 *
 * prints a line for each of a few runs that it makes up, then one for each
 * file and activity. Built by different compilers at different levels, and
 * for WebAssembly, all must print the same (run.py). */
#include <math.h>

#include "base/limits.h"
#include "base/sort.h"
#include "decode/decode.h"
#include "geo/math.h"
#include "track/course.h"
#include "track/match.h"
#include "track/measure_json.h"
#include "track/sketch.h"
#include "track/wire.h"
#include "write/write.h"

enum { MADE = 8 };

/* FNV-1a, 64 bits. */
static uint64_t hash_of(uint64_t h, const void *p, size_t n)
{
    const uint8_t *b = p;
    for (size_t i = 0; i < n; i++)
        h = (h ^ b[i]) * 0x100000001b3u;
    return h;
}

static uint64_t start(void)
{
    return 0xcbf29ce484222325u;
}

/* ---- made-up runs ---- */

static double draw(uint64_t *s)
{
    *s = *s * 6364136223846793005u + 1442695040888963407u;
    return (double)(*s >> 11) * 0x1p-53;
}

static double noise(uint64_t *s)
{
    return draw(s) + draw(s) + draw(s) - 1.5;
}

/* What a watch might record: heading that wanders, error that wanders more
 * slowly, hills, a pause and a tunnel. Each seed starts elsewhere on earth,
 * one at the date line. */
static struct es_track made_up(uint64_t seed, size_t n, struct es_arena *a)
{
    struct es_track tr = es_track_none();
    uint64_t s = seed;
    double lat = -60 + 15 * (double)seed, lon = 179.99 - 50 * (double)seed;
    double heading = 0, speed = 2.5, off_x = 0, off_y = 0, dist = 0;
    int64_t t_ms = 1760000000000 + (int64_t)seed * 86400000;
    tr.sport = ES_SPORT_RUNNING;
    tr.started_ms = t_ms;
    tr.pts = es_arena_array(a, n, sizeof *tr.pts);
    if (!tr.pts)
        abort();
    for (size_t i = 0; i < n; i++) {
        struct es_point *p = &tr.pts[tr.n++];
        *p = es_point_none();
        heading += 0.1 * noise(&s);
        speed += 0.1 * (3 - speed) + 0.1 * noise(&s);
        off_x += 0.02 * (noise(&s) * (double)seed - off_x);
        off_y += 0.02 * (noise(&s) * (double)seed - off_y);
        lat += speed * es_cos(heading) / 111000;
        lon += speed * es_sin(heading) / 111000 / es_cos(lat / 57.29578);
        dist += speed;
        p->t_ms = t_ms += i == n / 2 ? 95000 : i == n / 3 ? 40000 : 1000;
        p->flags = i == n / 2 ? ES_PT_RESUME : 0;
        if (i % 50 == 7)
            continue; /* a sample without a position */
        p->lat_deg = lat + off_y / 111000;
        p->lon_deg = remainder(lon + off_x / 111000, 360);
        p->alt_m = (float)(200 + 30 * es_sin(dist / 300) + noise(&s));
        p->hr_bpm = (uint8_t)(150 + 10 * noise(&s));
        p->cadence_spm = (float)(84 + 2 * noise(&s));
        if (seed % 2)
            p->dist_m = dist;
    }
    return tr;
}

/* ---- what is made of a run ---- */

static uint64_t hash_f64(uint64_t h, double v)
{
    return isnan(v) ? hash_of(h, "nan", 3) : hash_of(h, &v, sizeof v);
}

static uint64_t hash_points(const struct es_track *tr)
{
    uint64_t h = start();
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        const double v[] = { p->lat_deg,     p->lon_deg, p->dist_m,
                             p->alt_m,       p->acc_m,   p->speed_mps,
                             p->cadence_spm, p->temp_c,  p->power_w,
                             p->hr_bpm,      p->flags };
        h = hash_of(h, &p->t_ms, sizeof p->t_ms);
        for (size_t k = 0; k < sizeof v / sizeof *v; k++)
            h = hash_f64(h, v[k]);
    }
    for (size_t i = 0; i < tr->n_laps; i++) {
        const struct es_lap *l = &tr->laps[i];
        h = hash_of(h, &l->start_ms, sizeof l->start_ms);
        h = hash_f64(hash_f64(h, l->elapsed_s), l->timer_s);
        h = hash_f64(h, l->dist_m);
    }
    return h;
}

static uint64_t hash_buf(struct es_buf *b)
{
    struct es_bytes s = es_buf_bytes(b);
    uint64_t h = b->bad ? 0 : hash_of(start(), s.p, s.n);
    es_buf_release(b);
    return h;
}

static uint64_t hash_measure(const struct es_measure *m)
{
    struct es_buf b;
    es_buf_init(&b, 32u << 20);
    es_measure_put(&b, m);
    es_measure_json(&b, m);
    es_findings_json(&b, "findings", m->findings, m->n_findings);
    return hash_buf(&b);
}

static uint64_t hash_course(const struct es_track *tr, struct es_arena *a)
{
    struct es_course c;
    uint64_t h = start();
    if (es_course_of(tr, a, &c, NULL) != ES_OK)
        return 0;
    for (size_t i = 0; i < c.n; i++)
        h = hash_f64(hash_f64(h, c.v[i].lat_deg), c.v[i].lon_deg);
    return h;
}

static uint64_t hash_sketch(const struct es_track *tr, struct es_arena *a)
{
    struct es_sketch k;
    struct es_side side;
    struct es_match m;
    struct es_buf b;
    es_buf_init(&b, 4096);
    if (es_sketch_of(tr, a, &k, NULL) != ES_OK ||
        es_side_of(tr, a, &side, NULL) != ES_OK ||
        es_match_of(&side, &side, a, &m, NULL) != ES_OK)
        abort();
    es_sketch_put(&b, &k);
    es_buf_f64le(&b, m.beside_most_m);
    es_buf_f64le(&b, m.along_most_m);
    return hash_buf(&b);
}

static uint64_t hash_written(const struct es_track *tr,
                             enum es_code (*write)(const struct es_track *,
                                                   struct es_buf *,
                                                   struct es_err *))
{
    struct es_buf b;
    es_buf_init(&b, 256u << 20);
    return write(tr, &b, NULL) == ES_OK ? hash_buf(&b)
                                        : (es_buf_release(&b), 1);
}

static void show(const char *name, size_t at, const struct es_track *tr,
                 enum es_format format, struct es_arena *a)
{
    struct es_measure m;
    if (es_measure(tr, format, a, &m, NULL) != ES_OK)
        abort();
    printf("%s#%zu %016llx %016llx %016llx %016llx %016llx %016llx\n", name, at,
           (unsigned long long)hash_points(tr),
           (unsigned long long)hash_measure(&m),
           (unsigned long long)hash_course(tr, a),
           (unsigned long long)hash_sketch(tr, a),
           (unsigned long long)hash_written(tr, es_gpx_write),
           (unsigned long long)hash_written(tr, es_fit_write));
}

/* A made-up run, and the same after it was written and read. */
static void show_made(size_t seed)
{
    char name[32];
    struct es_arena a;
    struct es_buf b;
    struct es_tracks t;
    es_arena_init(&a, ES_DECODE_MEM);
    es_buf_init(&b, 64u << 20);
    struct es_track tr = made_up(seed, 600 + 700 * seed, &a);
    snprintf(name, sizeof name, "made-%zu", seed);
    show(name, 0, &tr, ES_FORMAT_GPX, &a);
    if (es_fit_write(&tr, &b, NULL) != ES_OK ||
        es_decode(es_buf_bytes(&b), &a, &t, NULL) != ES_OK)
        abort();
    show(name, 1, &t.v[0], t.format, &a);
    es_buf_clear(&b);
    if (es_gpx_write(&tr, &b, NULL) != ES_OK ||
        es_decode(es_buf_bytes(&b), &a, &t, NULL) != ES_OK)
        abort();
    show(name, 2, &t.v[0], t.format, &a);
    es_buf_release(&b);
    es_arena_release(&a);
}

/* ---- files ---- */

static void load(const char *path, struct es_buf *b)
{
    uint8_t part[16384];
    FILE *f = fopen(path, "rb");
    if (!f)
        abort();
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
        es_buf_add(b, part, n);
    fclose(f);
}

static void show_file(const char *path)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    struct es_err e = { 0 };
    struct es_arena a;
    struct es_tracks t;
    struct es_buf b;
    es_buf_init(&b, ES_UPLOAD_MAX);
    es_arena_init(&a, ES_DECODE_MEM);
    load(path, &b);
    if (es_decode(es_buf_bytes(&b), &a, &t, &e) != ES_OK)
        printf("%s %s %zu\n", name, es_code_name(e.code), e.at);
    else
        for (size_t i = 0; i < t.n; i++)
            show(name, i, &t.v[i], t.format, &a);
    es_arena_release(&a);
    es_buf_release(&b);
}

int main(int argc, char **argv)
{
    for (size_t seed = 0; seed < MADE; seed++)
        show_made(seed);
    for (int i = 1; i < argc; i++)
        show_file(argv[i]);
    return 0;
}
