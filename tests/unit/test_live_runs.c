/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Runs that are told of while they last. */
#include "t.h"
#include "world.h"

#include "initiative/live_runs.h"
#include "store/live.h"

#include <math.h>

enum { STEPS = 61, REPORTS = 40 };
static const int64_t BEGAN_MS = 1780000000000;

/* 20 minutes at 3 m/s, reported each half minute, our clock 5 minutes off. */
struct told {
    double time_s[STEPS], alt_m[STEPS];
    struct es_measure m;
    struct es_live_report v[REPORTS];
};

static void tell(struct told *t)
{
    *t = (struct told){ .m = { .started_ms = BEGAN_MS,
                               .dist_m = 3600,
                               .elapsed_s = 1200,
                               .timer_s = 1200 } };
    for (int i = 0; i < STEPS; i++)
        t->time_s[i] = 20.0 * i;
    t->m.series = (struct es_series){ t->time_s, t->alt_m, STEPS };
    for (int i = 0; i < REPORTS; i++)
        t->v[i] = (struct es_live_report){
            .at_ms = BEGAN_MS + 300000 + i * 30000 + (i % 5) * 900,
            .t_ms = BEGAN_MS + i * 30000,
            .dist_mm = i * 90000 + (i % 3) * 8000,
        };
}

TEST(reports_in_time_with_the_run_s_metres_make_it_live)
{
    struct told t;
    tell(&t);
    CHECK(es_live_agrees(t.v, REPORTS, &t.m));
    /* the network was gone for two minutes; both ends were cut off */
    memmove(&t.v[10], &t.v[14], (REPORTS - 14) * sizeof *t.v);
    CHECK(es_live_agrees(t.v, REPORTS - 4, &t.m));
    t.m.started_ms += 60000;
    t.m.timer_s -= 60;
    CHECK(es_live_agrees(t.v, REPORTS - 4, &t.m));
}

TEST(what_was_told_otherwise_is_a_file_like_any)
{
    struct told t;
    tell(&t);
    CHECK(!es_live_agrees(t.v, 0, &t.m));
    CHECK(!es_live_agrees(t.v, REPORTS / 2, &t.m)); /* the half */
    t.m.dist_m = 7200; /* the file says twice as far */
    CHECK(!es_live_agrees(t.v, REPORTS, &t.m));
    tell(&t);
    t.m.started_ms -= 86400000; /* of another day */
    CHECK(!es_live_agrees(t.v, REPORTS, &t.m));
    tell(&t);
    for (int i = 0; i < REPORTS; i++) /* all at once, afterwards */
        t.v[i].at_ms = BEGAN_MS + 3600000 + i * 100;
    CHECK(!es_live_agrees(t.v, REPORTS, &t.m));
    tell(&t);
    t.m.dist_m = NAN;
    CHECK(!es_live_agrees(t.v, REPORTS, &t.m));
    tell(&t);
    t.m.series.n = 0;
    CHECK(!es_live_agrees(t.v, REPORTS, &t.m));
}

TEST(a_recording_has_a_name_of_its_own)
{
    CHECK(es_recording_name("0123456789abcdef0123456789abcdef"));
    CHECK(!es_recording_name("0123456789abcde"));
    CHECK(!es_recording_name("0123456789ABCDEF"));
    CHECK(!es_recording_name("0123456789abcdef' OR 1=1"));
    CHECK(!es_recording_name(""));
    CHECK(!es_recording_name(NULL));
}

TEST(reports_are_kept_for_their_owner_and_go_with_the_run)
{
    static const char NAME[] = "0123456789abcdef";
    struct world w;
    struct es_err e = { 0 };
    struct es_live_report *v;
    struct es_participant ada;
    size_t n;
    world_begin(&w);
    ada = world_join(&w, "Ada");
    CHECK_INT(es_live_report(&w.app, &ada, NAME, 1, 5, &e), ES_OK);
    CHECK_INT(es_live_report(&w.app, &ada, "x", 1, 5, &e), ES_EINVAL);
    CHECK_INT(es_live_report(&w.app, &ada, NAME, 0, 5, &e), ES_EINVAL);
    CHECK_INT(es_live_report(&w.app, &ada, NAME, 1, -5, &e), ES_EINVAL);
    CHECK_INT(es_live_report(&w.app, &ada, NAME, 1, NAN, &e), ES_EINVAL);
    CHECK_INT(es_store_live_reports(w.store, ada.initiative, ada.id, NAME, 10,
                                    &w.a, &v, &n, &e),
              ES_OK);
    CHECK_INT(n, 1);
    CHECK_INT(v[0].dist_mm, 5000);
    CHECK_INT(es_store_live_reports(w.store, ada.initiative, ada.id + 1, NAME,
                                    10, &w.a, &v, &n, &e),
              ES_OK);
    CHECK_INT(n, 0);
    es_live_done(&w.app, &ada, NAME);
    CHECK_INT(es_store_live_reports(w.store, ada.initiative, ada.id, NAME, 10,
                                    &w.a, &v, &n, &e),
              ES_OK);
    CHECK_INT(n, 0);
    world_end(&w);
}
