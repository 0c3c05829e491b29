/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* written DIR: one run in each format, and what it holds as run.tsv. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/limits.h"
#include "write/write.h"

enum { N = 600, PAUSE_AT = 250, LAP_AT = 400, PAUSE_S = 90 };

static const int64_t START_MS = 1787637600000; /* 2026-08-25T06:00:00Z */

/* Around a circle of 500 m, one point a second, paused once. */
static void make(struct es_point *v)
{
    for (int i = 0; i < N; i++) {
        int64_t t_s = i + (i >= PAUSE_AT ? PAUSE_S : 0);
        v[i] = es_point_none();
        v[i].t_ms = START_MS + t_s * 1000;
        v[i].lat_deg = -47.1 + 0.0045 * sin(i / 166.0);
        v[i].lon_deg = 90.2 + 0.0066 * cos(i / 166.0);
        v[i].dist_m = i * 3.01;
        v[i].alt_m = 110.0F + (float)(i % 60) / 5.0F;
        v[i].speed_mps = 3.0F + (float)(i % 10) / 8.0F;
        v[i].hr_bpm = (uint8_t)(140 + i % 20);
        v[i].cadence_spm = (float)(80 + i % 9);
        v[i].temp_c = (float)(15 + i / 200);
        v[i].power_w = (uint16_t)(250 + i % 50);
    }
    v[0].flags = ES_PT_SEGMENT | ES_PT_LAP;
    v[PAUSE_AT].flags = ES_PT_SEGMENT | ES_PT_RESUME;
    v[LAP_AT].flags = ES_PT_LAP;
}

static bool save(const char *dir, const char *name, const struct es_buf *b)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    if (!f)
        return false;
    bool whole = fwrite(b->p, 1, b->n, f) == b->n;
    return fclose(f) == 0 && whole;
}

static void tell(struct es_buf *b, const struct es_point *v)
{
    for (int i = 0; i < N; i++)
        es_buf_fmt(b,
                   "%" PRId64
                   "\t%.9f\t%.9f\t%.3f\t%.2f\t%.3f\t%d\t%.2f\t%.2f\t%d\n",
                   v[i].t_ms, v[i].lat_deg, v[i].lon_deg, v[i].dist_m,
                   (double)v[i].alt_m, (double)v[i].speed_mps, v[i].hr_bpm,
                   (double)v[i].cadence_spm, (double)v[i].temp_c, v[i].power_w);
}

int main(int argc, char **argv)
{
    static struct es_point pts[N];
    struct es_lap laps[] = {
        { START_MS, LAP_AT + PAUSE_S, LAP_AT, LAP_AT * 3.01 },
        { START_MS + (LAP_AT + PAUSE_S) * 1000, N - 1 - LAP_AT, N - 1 - LAP_AT,
          (N - 1 - LAP_AT) * 3.01 },
    };
    struct es_track tr = es_track_none();
    struct es_buf fit, gpx, tcx, tsv;
    struct es_err e;
    if (argc != 2)
        return 64;
    make(pts);
    tr.pts = pts;
    tr.n = N;
    tr.laps = laps;
    tr.n_laps = 2;
    tr.sport = ES_SPORT_RUNNING;
    tr.device = "Everystep <test> & \"more\"";
    tr.started_ms = START_MS;
    tr.elapsed_s = N - 1 + PAUSE_S;
    tr.timer_s = N - 1;
    tr.device_dist_m = pts[N - 1].dist_m;
    es_buf_init(&fit, ES_UPLOAD_MAX);
    es_buf_init(&gpx, ES_UPLOAD_MAX);
    es_buf_init(&tcx, ES_UPLOAD_MAX);
    es_buf_init(&tsv, ES_UPLOAD_MAX);
    tell(&tsv, pts);
    bool good =
        es_fit_write(&tr, &fit, &e) == ES_OK &&
        es_gpx_write(&tr, &gpx, &e) == ES_OK &&
        es_tcx_write(&tr, &tcx, &e) == ES_OK &&
        save(argv[1], "run.fit", &fit) && save(argv[1], "run.gpx", &gpx) &&
        save(argv[1], "run.tcx", &tcx) && save(argv[1], "run.tsv", &tsv);
    es_buf_release(&fit);
    es_buf_release(&gpx);
    es_buf_release(&tcx);
    es_buf_release(&tsv);
    return good ? 0 : 1;
}
