/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A route shown by choice, on a real store with real decode workers. */
#include "t.h"

#include "initiative/routes.h"
#include "initiative/runs.h"
#include "ipc/memfd.h"
#include "world.h"
#include "write/write.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* A run of n fixes, 3 m and 1 s apart, northwards from `north_m` south or
 * north of home: on open ocean. Its first fix is `east_m` off. */
static struct es_run run_off(struct world *w, const struct es_participant *who,
                             int64_t ago_s, double north_m, size_t n,
                             double east_m)
{
    struct es_err e = { 0 };
    struct es_buf b;
    struct es_taken got = { 0 };
    struct es_track tr = es_track_none();
    tr.sport = ES_SPORT_RUNNING;
    tr.pts = es_arena_array(&w->a, n, sizeof *tr.pts);
    tr.n = n;
    for (size_t i = 0; i < n; i++) {
        tr.pts[i] = es_point_none();
        tr.pts[i].t_ms = w->now - ago_s * 1000 + (int64_t)i * 1000;
        tr.pts[i].lat_deg = -47 + (north_m + (double)i * 3) / 111194;
        tr.pts[i].lon_deg = -90;
    }
    tr.pts[0].lon_deg += east_m / 75998;
    es_buf_init(&b, ES_UPLOAD_MAX);
    world_must(es_gpx_write(&tr, &b, &e), &e);
    struct es_take t = { .who = who, .size = b.n, .activity = ES_TAKE_ONLY };
    world_must(es_memfd_of(es_buf_bytes(&b), &t.fd, &e), &e);
    world_must(es_runs_take(&w->app, &t, &w->a, &got, &e), &e);
    close(t.fd);
    es_buf_release(&b);
    return got.receipts[0].run;
}

static struct es_run run_of(struct world *w, const struct es_participant *who,
                            int64_t ago_s, double north_m, size_t n)
{
    return run_off(w, who, ago_s, north_m, n, 0);
}

static enum es_route_end show(struct world *w, const struct es_participant *who,
                              const struct es_run *run)
{
    struct es_err e = { 0 };
    enum es_route_end end;
    world_must(es_route_show(&w->app, who, run->id, &w->a, &end, &e), &e);
    return end;
}

static struct es_shape shape(struct world *w, const struct es_run *run)
{
    struct es_err e = { 0 };
    struct es_shape s;
    world_must(es_route_shape(&w->app, run, &w->a, &s, &e), &e);
    return s;
}

static size_t pieces(const struct es_shape *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += s->v[i].piece;
    return n;
}

TEST(a_route_is_shown_by_choice_alone_and_hidden_again)
{
    struct world w;
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant ada = world_join(&w, "Ada");
    struct es_participant bob = world_join(&w, "Bob");
    struct es_run run = run_of(&w, &ada, 9000, 0, 2001);
    CHECK_INT(shape(&w, &run).n, 0);
    CHECK_INT(show(&w, &ada, &run), ES_ROUTE_SHOWN);
    struct es_shape s = shape(&w, &run);
    CHECK(s.n >= 2 && s.high >= 999 && s.wide < 5);
    CHECK_INT(pieces(&s), 1);
    /* again is the same */
    CHECK_INT(show(&w, &ada, &run), ES_ROUTE_SHOWN);
    CHECK_INT(shape(&w, &run).n, s.n);
    /* nobody else decides */
    enum es_route_end end;
    CHECK_INT(es_route_show(&w.app, &bob, run.id, &w.a, &end, &e), ES_ENOENT);
    CHECK_INT(es_route_hide(&w.app, &bob, run.id, &e), ES_OK);
    CHECK(shape(&w, &run).n > 0);
    world_must(es_route_hide(&w.app, &ada, run.id, &e), &e);
    CHECK_INT(shape(&w, &run).n, 0);
    world_must(es_route_hide(&w.app, &ada, run.id, &e), &e);
    world_end(&w);
}

/* One run each way is trimmed at its own ends; then a run from home makes home
 * known, and the one that passed it is cut there, though shown before. */
TEST(a_new_zone_trims_what_was_shown_before)
{
    struct world w;
    world_begin(&w);
    struct es_participant ada = world_join(&w, "Ada");
    struct es_run past = run_of(&w, &ada, 30000, -6000, 4001);
    struct es_run from = run_of(&w, &ada, 20000, 0, 1501);
    CHECK_INT(show(&w, &ada, &past), ES_ROUTE_SHOWN);
    struct es_shape before = shape(&w, &past);
    CHECK_INT(pieces(&before), 1);
    CHECK_INT(show(&w, &ada, &from), ES_ROUTE_SHOWN);
    struct es_shape after = shape(&w, &past);
    CHECK(pieces(&after) >= 2);
    CHECK(after.n < before.n || pieces(&after) > pieces(&before));
    world_end(&w);
}

/* A phone that begins with where it had been last: home is what comes next. */
TEST(a_wrong_first_fix_hides_home_all_the_same)
{
    struct world w;
    world_begin(&w);
    struct es_participant ada = world_join(&w, "Ada");
    struct es_run past = run_of(&w, &ada, 30000, -6000, 4001);
    struct es_run from = run_off(&w, &ada, 20000, 0, 2401, 9000);
    CHECK_INT(show(&w, &ada, &past), ES_ROUTE_SHOWN);
    struct es_shape s = shape(&w, &past);
    CHECK_INT(pieces(&s), 1);
    CHECK_INT(show(&w, &ada, &from), ES_ROUTE_SHOWN);
    s = shape(&w, &past);
    CHECK_INT(pieces(&s), 2);
    world_end(&w);
}

TEST(a_run_taken_back_takes_its_route_along)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_receipt r;
    struct es_shown_route row;
    enum es_route_end end;
    world_begin(&w);
    struct es_participant ada = world_join(&w, "Ada");
    struct es_run run = run_of(&w, &ada, 9000, 0, 2001);
    CHECK_INT(show(&w, &ada, &run), ES_ROUTE_SHOWN);
    world_must(es_runs_withdraw(&w.app, &ada, run.id, &w.a, &r, &e), &e);
    CHECK_INT(es_store_route(w.store, w.ini.id, ada.id, run.id, &w.a, &row, &e),
              ES_ENOENT);
    CHECK_INT(es_route_show(&w.app, &ada, run.id, &w.a, &end, &e), ES_ENOENT);
    world_end(&w);
}

TEST(what_cannot_be_shown_is_said)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_receipt typed;
    world_begin(&w);
    struct es_participant ada = world_join(&w, "Ada");
    struct es_run run = run_of(&w, &ada, 9000, 0, 101); /* 300 m: all home */
    CHECK_INT(show(&w, &ada, &run), ES_ROUTE_NOTHING);
    CHECK_INT(shape(&w, &run).n, 0);
    ada.visibility = ES_VIS_HIDDEN;
    CHECK_INT(show(&w, &ada, &run), ES_ROUTE_HIDDEN);
    ada.visibility = ES_VIS_NAME;
    struct es_typed t = { .started_ms = w.now - 900000000,
                          .dist_m = 5000,
                          .elapsed_s = 1800 };
    world_must(es_runs_type_in(&w.app, &ada, &t, &w.a, &typed, &fe, &e), &e);
    CHECK_INT(show(&w, &ada, &typed.run), ES_ROUTE_GONE);
    world_end(&w);
}

/* What is stored names no place: the same route sealed twice differs, and
 * another row's bytes don't open. */
TEST(positions_are_stored_sealed)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_shown_route one, two;
    world_begin(&w);
    struct es_participant ada = world_join(&w, "Ada");
    struct es_run run = run_of(&w, &ada, 9000, 0, 2001);
    CHECK_INT(show(&w, &ada, &run), ES_ROUTE_SHOWN);
    world_must(
        es_store_route(w.store, w.ini.id, ada.id, run.id, &w.a, &one, &e), &e);
    CHECK_INT(show(&w, &ada, &run), ES_ROUTE_SHOWN);
    world_must(
        es_store_route(w.store, w.ini.id, ada.id, run.id, &w.a, &two, &e), &e);
    CHECK_INT(one.line.n, two.line.n);
    CHECK(memcmp(one.line.p, two.line.p, one.line.n) != 0);
    int32_t lon = -900000000; /* -90 degrees, in each of its points */
    CHECK(memmem(one.line.p, one.line.n, &lon, sizeof lon) == NULL);
    w.app.key[0] ^= 1;
    struct es_shape s;
    CHECK_INT(es_route_shape(&w.app, &run, &w.a, &s, &e), ES_EIO);
    world_end(&w);
}
