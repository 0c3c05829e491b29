/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kilometres by day add up to the total, whatever happens to the runs. */
#include "t.h"

#include "i18n/i18n.h"
#include "initiative/boards.h"
#include "initiative/runs.h"
#include "standings/days.h"
#include "world.h"

#include <math.h>
#include <string.h>

enum { DAY_MS = 86400000, HOUR_MS = 3600000 };

TEST(days_come_in_order_and_forget_what_was_taken_back)
{
    struct es_days *d;
    struct es_day_sum *v;
    struct es_arena a;
    size_t n;
    es_arena_init(&a, 1 << 20);
    CHECK_INT(es_days_new(&d, NULL), ES_OK);
    for (int64_t i = 0; i < 300; i++) /* 7 is prime to 300 */
        CHECK_INT(es_days_add(d, i * 7 % 300 - 100, 1000 + i, 1, NULL), ES_OK);
    CHECK_INT(es_days_add(d, 5, 10, 1, NULL), ES_OK);
    CHECK_INT(es_days_read(d, INT64_MIN, INT64_MAX, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 300);
    for (size_t i = 0; i < n; i++)
        CHECK_INT(v[i].day, (int64_t)i - 100);
    CHECK_INT(v[105].runs, 2);
    CHECK_INT(es_days_add(d, -100, -v[0].dist_mm, -1, NULL), ES_OK);
    CHECK_INT(es_days_read(d, -100, -98, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(v[0].day, -99);
    CHECK_INT(es_days_read(d, 3, 2, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    es_days_clear(d);
    CHECK_INT(es_days_read(d, INT64_MIN, INT64_MAX, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    es_days_free(d);
    es_days_free(NULL);
    es_arena_release(&a);
}

TEST(a_day_is_the_zones_own)
{
    struct es_date d = { .year = 2026, .month = 8, .day = 24, .hour = 19 };
    int64_t t = es_time_of(&d);
    int64_t utc = es_day_of("UTC", t);
    CHECK_INT(es_day_of("Asia/Karachi", t), utc + 1); /* midnight there */
    CHECK_INT(es_day_of("Asia/Karachi", t - 1), utc);
    CHECK_INT(es_day_of("Asia/Kathmandu", t - 45 * 60000), utc + 1);
    CHECK_INT(es_day_of("Asia/Kathmandu", t - 45 * 60000 - 1), utc);
    CHECK_INT(es_day_of("UTC", 0), 0);
    CHECK_INT(es_day_of("America/New_York", 0), -1);
}

static struct es_receipt typed(struct world *w, const struct es_participant *p,
                               int64_t started_ms, double dist_m)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_receipt r;
    struct es_typed t = { .started_ms = started_ms,
                          .dist_m = dist_m,
                          .elapsed_s = dist_m / 3 };
    world_must(es_runs_type_in(&w->app, p, &t, &w->a, &r, &fe, &e), &e);
    CHECK_INT(r.run.status, ES_RUN_ACCEPTED);
    return r;
}

/* The days of now; fails unless they add up to the total. */
static struct es_day *days_of(struct world *w, size_t *n)
{
    struct es_day *v;
    struct es_totals t;
    struct es_err e = { 0 };
    int64_t mm = 0, runs = 0;
    world_must(es_app_days(&w->app, &w->ini, w->now, &w->a, &v, n, &e), &e);
    for (size_t i = 0; i < *n; i++) {
        mm += v[i].dist_mm;
        runs += v[i].runs;
        if (i > 0)
            CHECK(v[i].day_ms - v[i - 1].day_ms >= 23 * HOUR_MS);
    }
    es_standings_totals(es_app_standings(&w->app, w->ini.id), &t);
    CHECK_INT(mm, t.dist_mm);
    CHECK_INT(runs, t.runs);
    return v;
}

static size_t days_with_runs(const struct es_day *v, size_t n)
{
    size_t with = 0;
    for (size_t i = 0; i < n; i++)
        with += v[i].runs > 0;
    return with;
}

TEST(days_reconcile_with_the_total)
{
    struct world w;
    struct es_receipt r[3];
    struct es_err e = { 0 };
    size_t n;

    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_day *v = days_of(&w, &n);
    CHECK_INT(n, 31);
    CHECK_INT(days_with_runs(v, n), 0);
    /* One hour on either side of midnight in UTC: one day in Baku. */
    int64_t midnight = (w.now / DAY_MS - 3) * DAY_MS;
    r[0] = typed(&w, &p, midnight - HOUR_MS, 5000);
    r[1] = typed(&w, &p, midnight + HOUR_MS, 6000);
    r[2] = typed(&w, &p, midnight - 10LL * DAY_MS, 7000);
    v = days_of(&w, &n);
    CHECK_INT(days_with_runs(v, n), 3);
    CHECK_INT(v[n - 4].dist_mm, 6000000);
    CHECK_INT(v[n - 4].day_ms, midnight);

    CHECK_INT(es_runs_withdraw(&w.app, &p, r[2].run.id, &w.a, &r[2], &e),
              ES_OK);
    v = days_of(&w, &n);
    CHECK_INT(days_with_runs(v, n), 2);

    w.ini.zone = "Asia/Baku";
    world_must(es_initiative_save(&w.app, &w.ini, &e), &e);
    v = days_of(&w, &n);
    CHECK_INT(days_with_runs(v, n), 1);
    CHECK_INT(es_runs_withdraw(&w.app, &p, r[1].run.id, &w.a, &r[1], &e),
              ES_OK);
    v = days_of(&w, &n);
    CHECK_INT(days_with_runs(v, n), 1);

    const char *dir = w.dir; /* and after a restart */
    struct es_initiative ini = w.ini;
    world_end(&w);
    world_open(&w, dir);
    w.ini = ini;
    v = days_of(&w, &n);
    CHECK_INT(days_with_runs(v, n), 1);
    world_end(&w);
}

TEST(days_of_an_initiative_that_has_not_opened_or_is_over)
{
    struct world w;
    struct es_day *v;
    struct es_err e = { 0 };
    size_t n;
    world_begin(&w);
    struct es_initiative soon = w.ini, old = w.ini;
    soon.opens_ms = w.now + 5LL * DAY_MS;
    world_must(es_app_days(&w.app, &soon, w.now, &w.a, &v, &n, &e), &e);
    CHECK_INT(n, 0);
    old.opens_ms = w.now - 3000LL * DAY_MS;
    old.closes_ms = w.now - 10LL * DAY_MS;
    world_must(es_app_days(&w.app, &old, w.now, &w.a, &v, &n, &e), &e);
    CHECK_INT(n, ES_DAYS_SHOWN);
    CHECK(v[n - 1].day_ms < old.closes_ms);
    CHECK(v[n - 1].day_ms + DAY_MS >= old.closes_ms);
    world_end(&w);
}
