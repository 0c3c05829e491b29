/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "world.h"

#include "t.h"

#include "ipc/memfd.h"
#include "write/write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char CONSENTS[] =
    "[{\"purpose\":\"rules\",\"version\":2,\"required\":true,\"url\":null},"
    "{\"purpose\":\"news\",\"version\":1,\"required\":false,\"url\":null}]";

void world_must(enum es_code rc, const struct es_err *e)
{
    if (rc != ES_OK)
        FAIL("%s: %s", es_code_name(rc), e->msg);
}

void world_open(struct world *w, const char *dir)
{
    struct es_err e = { 0 };
    char exe[4096];
    struct es_ingest_config ic = { .zygote_fd = -1, .workers = 2, .exe = exe };
    snprintf(exe, sizeof exe, "%s/everystep-decode", getenv("ES_BUILD_ROOT"));
    *w = (struct world){ .now = es_time_now_ms(), .dir = dir };
    es_arena_init(&w->a, 256u << 20);
    world_must(es_store_open(dir, &w->store, &e), &e);
    world_must(es_ingest_open(&ic, &w->ingest, &e), &e);
    world_must(es_app_open(&w->app, w->store, w->ingest, &e), &e);
}

void world_begin(struct world *w)
{
    struct es_err e = { 0 };
    world_open(w, t_tmpdir());
    w->ini = (struct es_initiative){
        .id = es_id_new(),
        .slug = "lantern",
        .title = "The Lantern Run",
        .purpose = "Light for reading rooms.",
        .holder = "The Lantern Circle",
        .contact = "",
        .lang = "en",
        .zone = "UTC",
        .opens_ms = w->now - 30LL * 86400000,
        .closes_ms = w->now + 30LL * 86400000,
        .created_ms = w->now,
        .state = ES_INI_OPEN,
        .rules_version = 1,
        .rules = "{}",
        .consents = CONSENTS,
    };
    world_must(es_initiative_save(&w->app, &w->ini, &e), &e);
}

void world_end(struct world *w)
{
    es_app_close(&w->app);
    es_ingest_close(w->ingest);
    es_store_close(w->store);
    es_arena_release(&w->a);
}

struct es_participant world_join(struct world *w, const char *name)
{
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    struct es_join in = { .display_name = name,
                          .country = "is",
                          .consents = "{\"rules\":2}" };
    world_must(es_register(&w->app, &w->ini, &in, &w->a, &j, &fe, &e), &e);
    return j.p;
}

int64_t world_total(struct world *w)
{
    struct es_totals t;
    es_standings_totals(es_app_standings(&w->app, w->ini.id), &t);
    return t.dist_mm;
}

void world_run(struct world *w, int64_t ago_s, size_t n, struct es_buf *out)
{
    struct es_err e = { 0 };
    struct es_track tr = es_track_none();
    /* Each elsewhere, or they would be copies. */
    double lon_deg =
        -120 + (double)((size_t)ago_s * 31 % 600 + n % 60 * 600) / 1000;
    es_buf_init(out, ES_UPLOAD_MAX);
    tr.sport = ES_SPORT_RUNNING;
    tr.pts = es_arena_array(&w->a, n, sizeof *tr.pts);
    tr.n = n;
    CHECK(tr.pts != NULL);
    for (size_t i = 0; i < n; i++) {
        tr.pts[i] = es_point_none();
        tr.pts[i].t_ms = w->now - ago_s * 1000 + (int64_t)i * 1000;
        /* as unevenly as bodies go */
        double north_m = 3 * (double)i + 0.5 * sin(1.7 * (double)i);
        tr.pts[i].lat_deg = -47.0 + north_m / 111194.0;
        tr.pts[i].lon_deg = lon_deg;
    }
    world_must(es_gpx_write(&tr, out, &e), &e);
}

int world_run_fd(struct world *w, int64_t ago_s, size_t n, size_t *size)
{
    struct es_err e = { 0 };
    struct es_buf b;
    int fd = -1;
    world_run(w, ago_s, n, &b);
    world_must(es_memfd_of(es_buf_bytes(&b), &fd, &e), &e);
    *size = b.n;
    es_buf_release(&b);
    return fd;
}
