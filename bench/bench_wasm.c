/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The WebAssembly module in Node (the engine of Chromium) beside the same
 * calls natively: an hour of running in each format, decoded, and measured
 * and told as JSON besides. wasm.mjs runs the module. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "lib/activities.h"
#include "write/write.h"

enum { HOUR_S = 3600, KINDS = 3 };

static const char *const NAMES[KINDS] = { "fit", "gpx", "tcx" };

struct job {
    struct es_bytes in;
    bool measure;
};

static void use(void *arg)
{
    const struct job *j = arg;
    struct es_activities *all;
    const char *json;
    if (es_activities_read(j->in.p, j->in.n, 0, &all, NULL) != ES_OK ||
        (j->measure && es_activities_json(all, 0, &json, NULL) != ES_OK))
        abort();
    bench_keep(all);
    es_activities_free(all);
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

static void save(const char *dir, const char *name, const struct es_buf *b)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", dir, name);
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

/* What wasm.mjs prints: "fit decode 0.00123". */
static void compare(FILE *said, double native_s[KINDS][2])
{
    char word[16], what[16], name[64];
    double v;
    while (fscanf(said, "%15s %15s %lf", word, what, &v) == 3) {
        for (int k = 0; k < KINDS; k++) {
            if (strcmp(word, NAMES[k]) != 0)
                continue;
            double n = native_s[k][strcmp(what, "measure") == 0];
            snprintf(name, sizeof name, "%s, %s in wasm", word, what);
            bench_note(name, "%.2f ms, %.0f %% of native", v * 1e3,
                       100 * n / v);
        }
    }
}

int main(void)
{
    char dir[] = "/tmp/bench-wasm-XXXXXX", command[600], name[64];
    double native_s[KINDS][2];
    if (access(WASM_MODULE, R_OK) != 0) {
        bench_note("wasm", "no module here: its compiler isn't installed");
        return 0;
    }
    if (!mkdtemp(dir))
        return 1;
    for (int k = 0; k < KINDS; k++) {
        struct es_buf b;
        written(k, &b);
        save(dir, NAMES[k], &b);
        for (int m = 0; m < 2; m++) {
            struct job j = { es_buf_bytes(&b), m == 1 };
            snprintf(name, sizeof name, "%s, %s", NAMES[k],
                     m ? "measure" : "decode");
            native_s[k][m] = bench_run(name, (double)b.n / 1e6, "MB", use, &j);
        }
        es_buf_release(&b);
    }
    print_size();
    snprintf(command, sizeof command, "node --no-warnings '%s' '%s' '%s'",
             WASM_SCRIPT, WASM_MODULE, dir);
    FILE *said = popen(command, "r");
    if (said) {
        compare(said, native_s);
        pclose(said);
    }
    snprintf(command, sizeof command, "rm -r '%s'", dir);
    return system(command) == 0 ? 0 : 1;
}
