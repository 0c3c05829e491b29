/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The WebAssembly module in Node and in Chromium beside the same calls
 * natively, on the same files: the real ones beside the checkout, or where
 * those aren't, an hour of running in each format. Decoded; and measured and
 * told as JSON besides. wasm.mjs and the browser tests' wasm_speed.js run the
 * module. */
#include "bench.h"

#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "lib/activities.h"
#include "write/write.h"

enum { HOUR_S = 3600, KINDS = 3, FILES_MAX = 256 };

static const char *const NAMES[KINDS] = { "fit", "gpx", "tcx" };

/* Files read one after the other in one call. */
struct set {
    struct es_buf v[FILES_MAX];
    size_t n, bytes;
    bool measure;
};

static void use_one(struct es_bytes in, bool measure)
{
    struct es_activities *all;
    const char *json;
    if (es_activities_read(in.p, in.n, 0, &all, NULL) != ES_OK)
        abort();
    for (size_t i = 0; measure && i < es_activities_count(all); i++)
        if (es_activities_json(all, i, &json, NULL) != ES_OK)
            abort();
    bench_keep(all);
    es_activities_free(all);
}

static void use(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++)
        use_one(es_buf_bytes(&s->v[i]), s->measure);
}

/* An hour that looks like one: a bent way, hills, a heart. */
static void written(int kind, struct es_buf *b)
{
    static struct es_point pts[HOUR_S];
    struct es_track tr = es_track_none();
    double lat = 47, lon = 8;
    unsigned rnd = 7;
    tr.sport = ES_SPORT_RUNNING;
    tr.started_ms = 1760000000000;
    tr.pts = pts;
    tr.n = HOUR_S;
    for (int i = 0; i < HOUR_S; i++) {
        struct es_point *p = &pts[i];
        *p = es_point_none();
        rnd = rnd * 1664525 + 1013904223;
        lat += 2.7 * cos(i / 300.0) / 111200 + (rnd >> 24) * 1e-9;
        lon += 2.7 * sin(i / 300.0) / 76000;
        p->t_ms = tr.started_ms + i * 1000;
        p->lat_deg = lat;
        p->lon_deg = lon;
        p->alt_m = (float)(400 + 20 * sin(i / 90.0));
        p->dist_m = 2.7 * i;
        p->hr_bpm = (uint8_t)(140 + (rnd >> 28));
        p->cadence_spm = 84;
    }
    es_buf_init(b, 16u << 20);
    if ((kind == 0   ? es_fit_write(&tr, b, NULL)
         : kind == 1 ? es_gpx_write(&tr, b, NULL)
                     : es_tcx_write(&tr, b, NULL)) != ES_OK)
        abort();
}

static void save(const char *path, const struct es_buf *b)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(b->p, 1, b->n, f) != b->n || fclose(f) != 0)
        abort();
}

static void print_size(void)
{
    double size;
    FILE *said = popen("gzip -9c '" WASM_MODULE "' | wc -c", "r");
    if (said && fscanf(said, "%lf", &size) == 1)
        bench_note("module, gzip -9", "%.1f KB", size / 1000);
    if (said)
        pclose(said);
}

/* The real files of a kind that can be read, each noted in the list. */
static void set_load(struct set *s, const char *kind, FILE *list)
{
    char pattern[80];
    glob_t g;
    snprintf(pattern, sizeof pattern, "../shared/tracks/%s/*.%s", kind, kind);
    if (glob(pattern, 0, NULL, &g) != 0)
        return;
    for (size_t i = 0; i < g.gl_pathc && s->n < FILES_MAX; i++) {
        struct es_buf *b = &s->v[s->n];
        struct es_activities *all;
        if (es_file_load(g.gl_pathv[i], ES_UPLOAD_MAX, b, NULL) != ES_OK)
            continue;
        if (es_activities_read(b->p, b->n, 0, &all, NULL) != ES_OK) {
            es_buf_release(b);
            continue;
        }
        es_activities_free(all);
        char *path = realpath(g.gl_pathv[i], NULL);
        fprintf(list, "%s %s\n", kind, path ? path : g.gl_pathv[i]);
        free(path);
        s->bytes += b->n;
        s->n++;
    }
    globfree(&g);
}

static void set_make(struct set *s, int kind, const char *dir, FILE *list)
{
    char path[200];
    snprintf(path, sizeof path, "%s/hour.%s", dir, NAMES[kind]);
    written(kind, &s->v[0]);
    save(path, &s->v[0]);
    fprintf(list, "%s %s\n", NAMES[kind], path);
    s->bytes = s->v[0].n;
    s->n = 1;
}

static void set_release(struct set *s)
{
    for (size_t i = 0; i < s->n; i++)
        es_buf_release(&s->v[i]);
}

/* seconds[0]: decoding; seconds[1]: with measuring and JSON. */
static void natively(int kind, const char *dir, FILE *list, double seconds[2])
{
    static struct set s;
    char name[64];
    s = (struct set){ 0 };
    set_load(&s, NAMES[kind], list);
    if (s.n == 0)
        set_make(&s, kind, dir, list);
    for (int m = 0; m < 2; m++) {
        s.measure = m == 1;
        snprintf(name, sizeof name, "%s, %zu files, %s", NAMES[kind], s.n,
                 m ? "all" : "decode");
        seconds[m] = bench_run(name, (double)s.bytes / 1e6, "MB", use, &s);
    }
    set_release(&s);
}

struct heard {
    double wasm_s[2];
    char where[16];
};

/* Decoding, and what measuring adds to it. */
static void compare(const char *kind, const struct heard *h,
                    const double native_s[2])
{
    char name[64];
    double decode = native_s[0] / h->wasm_s[0];
    double measure =
        (native_s[1] - native_s[0]) / (h->wasm_s[1] - h->wasm_s[0]);
    snprintf(name, sizeof name, "%s in %s", kind, h->where);
    bench_note(name,
               "decode %.1f ms, %.0f %% of native; measure %.1f ms, %.0f %%",
               h->wasm_s[0] * 1e3, 100 * decode,
               (h->wasm_s[1] - h->wasm_s[0]) * 1e3, 100 * measure);
}

/* What the scripts say: "fit decode 0.00123 node", then the same for
 * "measure". */
static void hear(const char *command, double native_s[KINDS][2])
{
    char kind[16], what[16];
    struct heard h = { 0 };
    double v;
    FILE *said = popen(command, "r");
    if (!said)
        return;
    while (fscanf(said, "%15s %15s %lf %15s", kind, what, &v, h.where) == 4) {
        bool all = strcmp(what, "measure") == 0;
        h.wasm_s[all] = v;
        for (int k = 0; all && k < KINDS; k++)
            if (strcmp(kind, NAMES[k]) == 0)
                compare(kind, &h, native_s[k]);
    }
    pclose(said);
}

static void beside(const char *list, double native_s[KINDS][2])
{
    char command[800];
    snprintf(command, sizeof command, "node --no-warnings '%s' '%s' '%s'",
             WASM_SCRIPT, WASM_MODULE, list);
    hear(command, native_s);
    if (access("/usr/bin/chromium", X_OK) != 0) {
        bench_note("chromium", "not installed");
        return;
    }
    snprintf(command, sizeof command, "python3 '%s' --do wasm_speed '%s' '%s'",
             WASM_BROWSER, WASM_MODULE, list);
    hear(command, native_s);
}

int main(void)
{
    char dir[] = "/tmp/bench-wasm-XXXXXX", path[64], command[80];
    double native_s[KINDS][2];
    if (access(WASM_MODULE, R_OK) != 0) {
        bench_note("wasm", "no module here: its compiler isn't installed");
        return 0;
    }
    if (!mkdtemp(dir))
        return 1;
    snprintf(path, sizeof path, "%s/list", dir);
    FILE *list = fopen(path, "w");
    if (!list)
        return 1;
    bench_by_cpu_time();
    for (int k = 0; k < KINDS; k++)
        natively(k, dir, list, native_s[k]);
    if (fclose(list) == 0)
        beside(path, native_s);
    print_size();
    snprintf(command, sizeof command, "rm -r '%s'", dir);
    return system(command) == 0 ? 0 : 1;
}
