/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo's world, brought into a real store through real workers; also when
 * it is killed in the middle. */
#include "cli/demo/seed.h"
#include "cli/demo/world.h"
#include "ingest/ingest.h"
#include "initiative/face.h"
#include "initiative/routes.h"
#include "store/statements.h"
#include "t.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct stage {
    struct es_store *store;
    struct es_ingest *ingest;
    struct es_app app;
};

static void open_stage(struct stage *s, const char *dir)
{
    struct es_err e = { 0 };
    char exe[4096];
    (void)snprintf(exe, sizeof exe, "%s/everystep-decode",
                   getenv("ES_BUILD_ROOT"));
    struct es_ingest_config c = { .zygote_fd = -1, .workers = 2, .exe = exe };
    if (es_store_open(dir, &s->store, &e) != ES_OK ||
        es_ingest_open(&c, &s->ingest, &e) != ES_OK ||
        es_app_open(&s->app, s->store, s->ingest, &e) != ES_OK)
        FAIL("%s", e.msg);
}

static void close_stage(struct stage *s)
{
    es_app_close(&s->app);
    es_ingest_close(s->ingest);
    es_store_close(s->store);
}

static void seed(struct stage *s, es_demo_progress_fn *fn)
{
    struct es_err e = { 0 };
    if (es_demo_seed(&s->app, fn, NULL, &e) != ES_OK)
        FAIL("%s", e.msg);
}

/* Standings, ledger and runs say the same: everything once. */
static enum es_code add_row(const struct es_participant_sum *row, void *arg,
                            struct es_err *e)
{
    struct es_totals *t = arg;
    (void)e;
    CHECK_INT(row->dist_mm, row->ledger_mm);
    CHECK_INT(row->runs, row->ledger_runs);
    t->dist_mm += row->dist_mm;
    t->time_ms += row->time_ms;
    t->runs += row->runs;
    t->participants++;
    return ES_OK;
}

static void check_world(struct stage *s)
{
    struct es_initiative ini;
    struct es_arena a;
    struct es_totals got, sum = { 0 };
    double meant_m = 0;
    es_arena_init(&a, 1 << 20);
    CHECK_INT(es_store_initiative(s->store, ES_DEMO_SLUG, &a, &ini, NULL),
              ES_OK);
    struct es_standings *st = es_app_standings(&s->app, ini.id);
    CHECK(st);
    es_standings_totals(st, &got);
    CHECK_INT(es_store_each_sum(s->store, ini.id, add_row, &sum, NULL), ES_OK);
    CHECK_INT(sum.participants, es_demo_participants());
    size_t odds = 0;
    for (size_t j = 0; j < es_demo_odds(); j++) {
        struct es_demo_odd odd;
        es_demo_odd(j, ini.created_ms, &odd);
        odds += odd.accepted;
        meant_m += odd.accepted ? odd.dist_m : 0;
    }
    CHECK_INT(sum.runs, es_demo_runs() + odds); /* none twice */
    CHECK_INT(got.participants, sum.participants);
    CHECK_INT(got.runs, sum.runs);
    CHECK_INT(got.dist_mm, sum.dist_mm);
    CHECK_INT(got.time_ms, sum.time_ms);
    for (size_t i = 0; i < es_demo_participants(); i++) {
        for (size_t k = 0; k < es_demo_runs_of(i); k++) {
            struct es_demo_run run;
            es_demo_run(i, k, ini.created_ms, &run);
            meant_m += run.dist_m;
        }
    }
    CHECK_NEAR((double)sum.dist_mm / 1000, meant_m, 0.02 * meant_m);
    es_arena_release(&a);
}

/* It looks alive: what it shows is there, the newest run came in just now, and
 * some runs wait or were refused. */
static void check_alive(struct stage *s)
{
    struct es_initiative ini;
    struct es_arena a;
    struct es_face f;
    struct es_media *media;
    struct es_run *runs;
    size_t n;
    es_arena_init(&a, 4 << 20);
    CHECK_INT(es_store_initiative(s->store, ES_DEMO_SLUG, &a, &ini, NULL),
              ES_OK);
    CHECK_INT(es_face_read(ini.face, &a, &f, NULL), ES_OK);
    CHECK_INT(f.n_hosts, 3);
    CHECK_INT(f.video.n_captions, 5);
    CHECK_INT(es_store_media_of(s->store, ini.id, &a, &media, &n, NULL), ES_OK);
    CHECK_INT(n, 8); /* none twice, however often it was begun */
    for (size_t i = 0; i < n; i++)
        CHECK(es_face_shows(&f, media[i].id));
    CHECK_INT(es_store_runs_with(s->store, ini.id, ES_RUN_ACCEPTED, 0, 1000, &a,
                                 &runs, &n, NULL),
              ES_OK);
    struct es_shape shape;
    CHECK_INT(es_route_shape(&s->app, &runs[0], &a, &shape, NULL), ES_OK);
    CHECK(shape.n > 10); /* the newest run's shape is shown */
    CHECK(runs[0].received_ms > ini.created_ms - 300000);
    CHECK(runs[0].received_ms <= ini.created_ms);
    CHECK(runs[n - 1].received_ms < ini.created_ms - 28 * INT64_C(86400000));
    for (size_t i = 1; i < n; i++)
        CHECK(runs[i].received_ms <= runs[i - 1].received_ms);
    CHECK_INT(es_store_runs_with(s->store, ini.id, ES_RUN_IN_REVIEW, 0, 1000,
                                 &a, &runs, &n, NULL),
              ES_OK);
    CHECK_INT(n, 3);
    CHECK_INT(es_store_runs_with(s->store, ini.id, ES_RUN_REFUSED, 0, 1000, &a,
                                 &runs, &n, NULL),
              ES_OK);
    CHECK_INT(n, 1);
    struct es_said *said;
    CHECK_INT(es_store_wall(s->store,
                            &(struct es_wall){ .initiative = ini.id, .max = 9 },
                            &a, &said, &n, NULL),
              ES_OK);
    CHECK_INT(n, 3); /* each once, published */
    es_arena_release(&a);
}

static bool die_halfway(void *arg, size_t done, size_t total)
{
    (void)arg;
    if (done >= total / 2)
        kill(getpid(), SIGKILL);
    return true;
}

static bool stop_early(void *arg, size_t done, size_t total)
{
    (void)arg;
    (void)total;
    return done < 20;
}

TEST(killed_in_the_middle_it_goes_on)
{
    const char *dir = t_tmpdir();
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        struct stage s = { 0 };
        open_stage(&s, dir);
        seed(&s, stop_early); /* and goes on */
        seed(&s, die_halfway);
        _exit(0);
    }
    int status;
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);

    struct stage s = { 0 };
    open_stage(&s, dir);
    seed(&s, NULL);
    check_world(&s);
    seed(&s, NULL); /* and once more: nothing is left to do */
    check_world(&s);
    check_alive(&s);
    close_stage(&s);
    open_stage(&s, dir); /* what is loaded is what was there */
    check_world(&s);
    close_stage(&s);
}

/* A person's instance is theirs: `serve --demo` on it adds nobody. */
TEST(an_instance_in_use_is_left_alone)
{
    struct stage s = { 0 };
    struct es_initiative ini = {
        .id = 77,
        .slug = ES_DEMO_SLUG, /* even with this name */
        .title = "Ours",
        .purpose = "",
        .holder = "",
        .contact = "",
        .lang = "en",
        .zone = "UTC",
        .opens_ms = 1,
        .closes_ms = 2,
        .rules = "{}",
        .consents = "[]",
    };
    open_stage(&s, t_tmpdir());
    CHECK_INT(es_initiative_save(&s.app, &ini, NULL), ES_OK);
    seed(&s, NULL);
    struct es_totals t;
    es_standings_totals(es_app_standings(&s.app, 77), &t);
    CHECK_INT(t.participants, 0);
    close_stage(&s);
}
