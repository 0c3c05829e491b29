/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of the engine: how much at most, and that each time there is none is
 * survived, whoever asked for it. */
#include <dirent.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "decode/decode.h"
#include "lib/activities.h"
#include "t.h"
#include "track/course.h"
#include "write/write.h"

enum { FEW = 90, MANY = 20000, A_MIB = 1 << 20 };

/* ---- the C library's memory, counted and refused (--wrap) ---- */

static size_t live, peak;
static long left = -1; /* allocations until one is refused; below 0: never */
static bool refused;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

static bool refuse(void)
{
    if (left < 0)
        return false;
    if (left-- > 0)
        return false;
    refused = true;
    return true;
}

static void *counted(void *p)
{
    live += p ? malloc_usable_size(p) : 0;
    if (live > peak)
        peak = live;
    return p;
}

void *__wrap_malloc(size_t n)
{
    return refuse() ? NULL : counted(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return refuse() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t n)
{
    size_t before = p ? malloc_usable_size(p) : 0;
    if (refuse())
        return NULL;
    void *q = __real_realloc(p, n);
    if (q)
        live -= before;
    return counted(q);
}

void __wrap_free(void *p)
{
    live -= p ? malloc_usable_size(p) : 0;
    __real_free(p);
}

/* ---- files to read ---- */

static struct es_track made_up(size_t n, struct es_point *pts)
{
    struct es_track tr = es_track_none();
    tr.sport = ES_SPORT_RUNNING;
    tr.started_ms = 1760000000000;
    tr.device = "A watch";
    tr.pts = pts;
    tr.n = n;
    for (size_t i = 0; i < n; i++) {
        pts[i] = es_point_none();
        pts[i].t_ms = tr.started_ms + (int64_t)i * 1000;
        pts[i].lat_deg = 41 + 2e-5 * (double)i + 1e-6 * sin((double)i);
        pts[i].lon_deg = 29 + 1e-6 * cos((double)i);
        pts[i].alt_m = (float)(20 + 10 * sin((double)i / 100));
        pts[i].dist_m = 2.2 * (double)i;
        pts[i].hr_bpm = 150;
        pts[i].flags = i == n / 2 ? ES_PT_RESUME : 0;
    }
    return tr;
}

typedef enum es_code writer(const struct es_track *, struct es_buf *,
                            struct es_err *);
static writer *const WRITERS[] = { es_fit_write, es_gpx_write, es_tcx_write };
enum { FORMATS = sizeof WRITERS / sizeof *WRITERS };

static void written(size_t format, size_t n, struct es_buf *b)
{
    struct es_point *pts = calloc(n, sizeof *pts);
    CHECK(pts != NULL);
    struct es_track tr = made_up(n, pts);
    es_buf_init(b, 64u << 20);
    CHECK_INT(WRITERS[format](&tr, b, NULL), ES_OK);
    free(pts);
}

/* ---- bounds ---- */

static struct {
    size_t files;
    double worst;
    char worst_name[300];
} seen;

/* Decodes, then measures, each within what base/limits.h and the issue say. */
static void within_bounds(const char *name, struct es_bytes in)
{
    struct es_arena a, b;
    struct es_tracks t;
    size_t before = live, points = 0, most = 0;
    es_arena_init(&a, ES_DECODE_MEM);
    peak = live;
    enum es_code rc = es_decode(in, &a, &t, NULL);
    size_t took = peak - before;
    for (size_t i = 0; rc == ES_OK && i < t.n; i++) {
        points += t.v[i].n;
        most = t.v[i].n > most ? t.v[i].n : most;
    }
    size_t bound = in.n + 96 * points + A_MIB;
    double share = (double)took / (double)bound;
    if (share > seen.worst) {
        seen.worst = share;
        snprintf(seen.worst_name, sizeof seen.worst_name, "%s", name);
    }
    if (took > bound)
        FAIL("%s: decoding took %zu bytes, %zu are allowed", name, took, bound);
    es_arena_init(&b, ES_DECODE_MEM);
    for (size_t i = 0; rc == ES_OK && i < t.n; i++) {
        struct es_measure m;
        size_t held = live;
        peak = live;
        CHECK_INT(es_measure(&t.v[i], t.format, &b, &m, NULL), ES_OK);
        bound = 200 * t.v[i].n + A_MIB;
        if (peak - held > bound)
            FAIL("%s: measuring took %zu bytes, %zu are allowed", name,
                 peak - held, bound);
        es_arena_release(&b);
    }
    es_arena_release(&a);
    CHECK_INT(live, before);
    seen.files++;
}

TEST(memory_of_files_of_every_length)
{
    static const size_t N[] = { 1, 17, 1000, MANY };
    for (size_t k = 0; k < FORMATS; k++) {
        for (size_t i = 0; i < sizeof N / sizeof *N; i++) {
            struct es_buf b;
            char name[40];
            written(k, N[i], &b);
            snprintf(name, sizeof name, "format %zu, %zu points", k, N[i]);
            within_bounds(name, es_buf_bytes(&b));
            es_buf_release(&b);
        }
    }
    print_message("at most %.2f of the bound: %s\n", seen.worst,
                  seen.worst_name);
}

static void all_of(const char *kind)
{
    char path[800];
    struct es_buf b = { 0 };
    snprintf(path, sizeof path, "%s/%s", t_tracks(), kind);
    DIR *d = opendir(path);
    CHECK(d != NULL);
    for (struct dirent *f = readdir(d); f; f = readdir(d)) {
        if (f->d_name[0] == '.' || strstr(f->d_name, ".expect.json"))
            continue;
        snprintf(path, sizeof path, "%s/%s/%s", t_tracks(), kind, f->d_name);
        CHECK_INT(es_file_load(path, ES_UPLOAD_MAX, &b, NULL), ES_OK);
        within_bounds(f->d_name, es_buf_bytes(&b));
        es_buf_release(&b);
    }
    closedir(d);
}

TEST(memory_of_the_collection)
{
    if (!t_tracks())
        SKIP("no collection of tracks beside the checkout");
    seen.files = 0;
    seen.worst = 0;
    all_of("fit");
    all_of("gpx");
    all_of("tcx");
    print_message("%zu files, at most %.2f of the bound: %s\n", seen.files,
                  seen.worst, seen.worst_name);
    CHECK(seen.files > 100);
}

/* ---- no memory ---- */

/* All that can be done with a file. */
static enum es_code use(struct es_bytes in, struct es_err *e)
{
    struct es_activities *all = NULL;
    const struct es_measure *m;
    const char *json;
    struct es_bytes out;
    enum es_code rc = es_activities_read(in.p, in.n, 0, &all, e);
    CHECK((rc == ES_OK) == (all != NULL));
    if (rc == ES_OK)
        rc = es_activities_measure(all, 0, &m, e);
    if (rc == ES_OK)
        rc = es_activities_json(all, 0, &json, e);
    for (int f = ES_FORMAT_FIT; rc == ES_OK && f <= ES_FORMAT_TCX; f++)
        rc = es_activities_write(all, 0, (enum es_format)f, &out, e);
    es_activities_free(all);
    return rc;
}

/* The k-th request for memory is refused, for each k that there is. */
TEST(every_allocation_refused_once)
{
    for (size_t k = 0; k < FORMATS; k++) {
        struct es_buf b;
        int tries = 0, spared = 0;
        written(k, FEW, &b);
        CHECK_INT(use(es_buf_bytes(&b), NULL), ES_OK);
        size_t before = live;
        do {
            struct es_err e = { 0 };
            refused = false;
            left = tries++;
            enum es_code rc = use(es_buf_bytes(&b), &e);
            left = -1;
            CHECK_INT(live, before);
            /* a device's name is done without; all else is an error */
            spared += refused && rc == ES_OK;
            CHECK(refused || rc == ES_OK);
            if (rc != ES_OK) {
                CHECK(rc == ES_ENOMEM || rc == ES_ETOOLARGE);
                CHECK_INT(e.code, rc);
            }
        } while (refused);
        print_message("format %zu: %d requests\n", k, tries - 1);
        CHECK(tries > 5 && spared <= 4);
        es_buf_release(&b);
    }
}

/* What a worker does: decodes, measures, finds the shape to be shown. */
static enum es_code work(struct es_bytes in, struct es_arena *a)
{
    struct es_tracks t = { 0 };
    struct es_measure m;
    struct es_course c;
    enum es_code rc = es_decode(in, a, &t, NULL);
    CHECK(rc == ES_OK || t.v == NULL);
    for (size_t i = 0; rc == ES_OK && i < t.n; i++) {
        rc = es_measure(&t.v[i], t.format, a, &m, NULL);
        if (rc == ES_OK)
            rc = es_course_of(&t.v[i], a, &c, NULL);
    }
    return rc;
}

/* An arena's requests are many; each of them is the first to pass some
 * maximum, and maxima stand close. */
TEST(every_maximum_of_an_arena)
{
    for (size_t k = 0; k < FORMATS; k++) {
        struct es_buf b;
        struct es_arena a;
        written(k, FEW, &b);
        struct es_bytes in = es_buf_bytes(&b);
        es_arena_init(&a, ES_DECODE_MEM);
        CHECK_INT(work(in, &a), ES_OK);
        size_t whole = a.used;
        es_arena_release(&a);
        /* warnings may be dropped and blocks may be smaller than wished, so
         * a little less can be enough; far less can't */
        for (size_t max = 0; max <= whole; max += 208) {
            es_arena_init(&a, max);
            enum es_code rc = work(in, &a);
            CHECK(rc == ES_ENOMEM || (rc == ES_OK && max > whole / 4));
            es_arena_release(&a);
        }
        es_buf_release(&b);
    }
}

/* A track in memory, written where there is none. */
TEST(writers_without_room)
{
    static struct es_point pts[FEW];
    struct es_track tr = made_up(FEW, pts);
    for (size_t k = 0; k < FORMATS; k++) {
        struct es_buf b;
        es_buf_init(&b, 1 << 20);
        CHECK_INT(WRITERS[k](&tr, &b, NULL), ES_OK);
        size_t whole = b.n;
        es_buf_release(&b);
        for (size_t max = 0; max < whole; max += 61) {
            es_buf_init(&b, max);
            CHECK_INT(WRITERS[k](&tr, &b, NULL), ES_ETOOLARGE);
            CHECK(es_buf_bytes(&b).p == NULL);
            es_buf_release(&b);
        }
    }
}
