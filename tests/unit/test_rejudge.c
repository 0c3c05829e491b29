/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Other rules come into force while runs stand, come in and are taken back:
 * verdicts, ledger, standings and days agree at every moment, and a process
 * that is killed on the way leaves nothing that the next one can't finish. */
#include "t.h"

#include "initiative/boards.h"
#include "initiative/recount.h"
#include "initiative/rejudge.h"
#include "initiative/review.h"
#include "initiative/run_write.h"
#include "track/wire.h"
#include "world.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const int64_t KM = 1000000;
static const int64_t DAY = 86400000;

static uint64_t seed = 88172645463325252u;

static uint64_t chance(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % n;
}

/* ---- runs ---- */

static struct es_receipt type_in(struct world *w,
                                 const struct es_participant *p,
                                 int64_t started_ms, double km)
{
    struct es_err e = { 0 };
    struct es_receipt r;
    struct es_field_errors fe = { .n = 0 };
    struct es_typed t = { .started_ms = started_ms,
                          .dist_m = km * 1000,
                          .elapsed_s = km * 330 };
    world_must(es_runs_type_in(&w->app, p, &t, &w->a, &r, &fe, &e), &e);
    return r;
}

static struct es_run stored(struct world *w, int64_t run)
{
    struct es_err e = { 0 };
    struct es_run r;
    world_must(es_store_run(w->store, w->ini.id, run, &w->a, &r, &e), &e);
    return r;
}

static bool says(struct world *w, int64_t run, const char *code)
{
    struct es_run r = stored(w, run);
    struct es_finding *f;
    size_t n;
    struct es_rd rd;
    es_rd_init(&rd, r.findings);
    CHECK_INT(es_findings_get(&rd, &w->a, &f, &n, NULL), ES_OK);
    for (size_t i = 0; i < n; i++)
        if (strcmp(f[i].code, code) == 0)
            return true;
    return false;
}

/* ---- rules ---- */

static void reload(struct world *w)
{
    struct es_err e = { 0 };
    world_must(
        es_store_initiative_by_id(w->store, w->ini.id, &w->a, &w->ini, &e), &e);
}

static struct es_rules rules_of(struct world *w)
{
    struct es_rules r;
    struct es_err e = { 0 };
    reload(w);
    world_must(es_rules_read(w->ini.rules, &r, &e), &e);
    return r;
}

static struct es_rule_change change_of(struct world *w, int32_t version)
{
    struct es_err e = { 0 };
    struct es_rule_change c;
    world_must(
        es_store_rule_change(w->store, w->ini.id, version, &w->a, &c, &e), &e);
    return c;
}

static struct es_tally tally_of(struct world *w, int32_t version)
{
    struct es_err e = { 0 };
    struct es_tally t;
    world_must(es_tally_read(change_of(w, version).tally, &t, &e), &e);
    return t;
}

static struct es_draft draft_of(struct world *w, const struct es_rules *r)
{
    reload(w);
    return (struct es_draft){ .initiative = w->ini.id,
                              .from_version = w->ini.rules_version,
                              .rules = *r,
                              .opens_ms = w->ini.opens_ms,
                              .closes_ms = w->ini.closes_ms,
                              .zone = w->ini.zone,
                              .account = 7,
                              .who = "Ada" };
}

static void finish(struct world *w)
{
    struct es_err e = { 0 };
    bool more = true;
    while (more)
        world_must(es_rejudge_step(&w->app, &more, &e), &e);
}

static int32_t draft(struct world *w, const struct es_rules *r)
{
    struct es_err e = { 0 };
    struct es_draft d = draft_of(w, r);
    world_must(es_rules_draft(&w->app, &d, &e), &e);
    return d.from_version + 1;
}

static void commit(struct world *w, int32_t version)
{
    struct es_err e = { 0 };
    world_must(es_rules_commit(&w->app, w->ini.id, version,
                               change_of(w, version).at_ms, 7, "Ada",
                               "a good reason", &e),
               &e);
}

/* Puts rules in force and has all runs judged by them. */
static void change(struct world *w, const struct es_rules *r)
{
    commit(w, draft(w, r));
    finish(w);
    reload(w);
}

static void unexpected(const struct es_participant_sum *row, void *arg)
{
    (void)arg;
    FAIL("ledger of %lld: %lld mm, its runs %lld mm", (long long)row->p.id,
         (long long)row->ledger_mm, (long long)row->dist_mm);
}

/* Runs, ledger, standings and days tell the same. */
static void reconcile(struct world *w)
{
    struct es_err e = { 0 };
    struct es_recounted sum;
    struct es_day *days;
    size_t n;
    int64_t mm = 0, runs = 0;
    struct es_totals t;
    world_must(
        es_recount(w->store, w->ini.id, false, unexpected, NULL, &sum, &e), &e);
    es_standings_totals(es_app_standings(&w->app, w->ini.id), &t);
    CHECK_INT(t.dist_mm, sum.dist_mm);
    CHECK_INT(t.runs, sum.runs);
    world_must(
        es_app_days(&w->app, &w->ini, es_time_now_ms(), &w->a, &days, &n, &e),
        &e);
    for (size_t i = 0; i < n; i++) {
        mm += days[i].dist_mm;
        runs += days[i].runs;
    }
    CHECK_INT(mm, sum.dist_mm);
    CHECK_INT(runs, sum.runs);
}

/* ---- a change ---- */

static void decide(struct world *w, bool accept, struct es_receipt *r)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_reviewing in = { .initiative = w->ini.id,
                               .run = r->run.id,
                               .account = 7,
                               .act =
                                   accept ? ES_REVIEW_ACCEPT : ES_REVIEW_REFUSE,
                               .reason = "twice",
                               .words = "",
                               .seen = -1 };
    world_must(es_runs_review(&w->app, &in, &w->a, r, &fe, &e), &e);
}

TEST(a_draft_tells_whom_it_would_touch_and_touches_nobody)
{
    struct world w;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Mina");
    struct es_receipt a = type_in(&w, &p, w.now - 5 * DAY, 5);
    struct es_receipt b = type_in(&w, &p, w.now - 3 * DAY, 12);
    struct es_receipt gone = type_in(&w, &p, w.now - 2 * DAY, 3);
    struct es_err e = { 0 };
    world_must(es_runs_withdraw(&w.app, &p, gone.run.id, &w.a, &gone, &e), &e);

    struct es_rules r = rules_of(&w);
    r.run_cap_mm = 10 * KM;
    int32_t version = draft(&w, &r);
    CHECK_INT(change_of(&w, version).ended_ms, 0);
    finish(&w);
    struct es_tally t = tally_of(&w, version);
    CHECK(change_of(&w, version).ended_ms > 0);
    CHECK_INT(t.all, 3);
    CHECK_INT(t.runs, 2);
    CHECK_INT(t.touched, 1);
    CHECK_INT(t.lost_mm, 2 * KM);
    CHECK_INT(t.gained_mm, 0);
    CHECK_INT(t.n_first, 1);
    CHECK_INT(t.first[0].run, b.run.id);
    CHECK_INT(t.moved[ES_RUN_ACCEPTED][ES_RUN_ACCEPTED], 1);
    CHECK_INT(world_total(&w), 17 * KM);
    CHECK_INT(stored(&w, b.run.id).counted_mm, 12 * KM);
    reload(&w);
    CHECK_INT(w.ini.rules_version, 1);

    /* another draft in its place starts anew */
    r.typed = false;
    CHECK_INT(draft(&w, &r), version);
    finish(&w);
    t = tally_of(&w, version);
    CHECK_INT(t.moved[ES_RUN_ACCEPTED][ES_RUN_REFUSED], 2);
    CHECK_INT(t.lost_mm, 17 * KM);
    world_must(es_rules_drop(&w.app, w.ini.id, version, &e), &e);
    CHECK_INT(es_rules_drop(&w.app, w.ini.id, version, &e), ES_ENOENT);
    CHECK_INT(stored(&w, a.run.id).status, ES_RUN_ACCEPTED);
    reconcile(&w);
    world_end(&w);
}

TEST(a_change_judges_all_runs_and_what_people_decided_stands)
{
    struct world w;
    struct es_field_errors fe = { 0 };
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Mina");
    struct es_participant q = world_join(&w, "Omid");
    struct es_rules r = rules_of(&w);
    r.typed_proof = ES_PROOF_PERSON;
    change(&w, &r);
    CHECK_INT(w.ini.rules_version, 2);

    struct es_receipt waits = type_in(&w, &p, w.now - 5 * DAY, 5);
    struct es_receipt yes = type_in(&w, &p, w.now - 4 * DAY, 6);
    struct es_receipt no = type_in(&w, &q, w.now - 3 * DAY, 7);
    struct es_receipt asks = type_in(&w, &q, w.now - 2 * DAY, 8);
    decide(&w, true, &yes);
    decide(&w, false, &no);
    decide(&w, false, &asks);
    world_must(
        es_runs_appeal(&w.app, &q, asks.run.id, "please", &w.a, &asks, &fe, &e),
        &e);
    CHECK_INT(world_total(&w), 6 * KM);

    r.typed_proof = ES_PROOF_NONE;
    change(&w, &r);
    CHECK_INT(stored(&w, waits.run.id).status, ES_RUN_ACCEPTED);
    CHECK_INT(stored(&w, waits.run.id).rules_version, 3);
    CHECK(!says(&w, waits.run.id, "typed_in"));
    CHECK_INT(stored(&w, yes.run.id).status, ES_RUN_ACCEPTED);
    CHECK_INT(stored(&w, no.run.id).status, ES_RUN_REFUSED);
    CHECK_INT(stored(&w, asks.run.id).status, ES_RUN_IN_REVIEW);
    CHECK_INT(world_total(&w), 11 * KM);
    reconcile(&w);

    r.typed = false;
    change(&w, &r);
    CHECK_INT(stored(&w, waits.run.id).status, ES_RUN_REFUSED);
    CHECK(says(&w, waits.run.id, "typed_not_allowed"));
    CHECK_INT(stored(&w, yes.run.id).status, ES_RUN_ACCEPTED);
    CHECK(says(&w, yes.run.id, "accepted_by_organiser"));
    CHECK_INT(world_total(&w), 6 * KM);
    reconcile(&w);

    struct es_rule_change *all;
    size_t n;
    world_must(
        es_store_rule_changes(w.store, w.ini.id, 100, &w.a, &all, &n, &e), &e);
    CHECK_INT(n, 4);
    CHECK_INT(all[0].version, 4);
    CHECK_INT(all[0].state, ES_CHANGE_DONE);
    CHECK_STR(all[0].who, "Ada");
    CHECK_STR(all[0].why, "a good reason");
    CHECK_INT(all[3].version, 1);
    world_end(&w);
}

TEST(another_window_moves_the_days_too)
{
    struct world w;
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Mina");
    int64_t early = w.now - 20 * DAY;
    type_in(&w, &p, early, 5);
    type_in(&w, &p, w.now - 2 * DAY, 7);
    struct es_rules r = rules_of(&w);
    struct es_draft d = draft_of(&w, &r);
    d.opens_ms = w.now - 10 * DAY;
    d.zone = "Asia/Tashkent";
    world_must(es_rules_draft(&w.app, &d, &e), &e);
    commit(&w, 2);
    reload(&w);
    CHECK_STR(w.ini.zone, "Asia/Tashkent");
    finish(&w);
    CHECK_INT(world_total(&w), 7 * KM);
    reconcile(&w);
    world_end(&w);
}

TEST(who_was_not_looking_is_told_that_something_changed)
{
    struct world w;
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Mina");
    type_in(&w, &p, w.now - 5 * DAY, 5);
    struct es_rules r = rules_of(&w);
    struct es_draft old = draft_of(&w, &r);
    int32_t version = draft(&w, &r);
    int64_t looked_at = change_of(&w, version).at_ms;
    while (es_time_now_ms() <= looked_at)
        ;
    draft(&w, &r);
    CHECK_INT(
        es_rules_commit(&w.app, w.ini.id, version, looked_at, 7, "Ada", "", &e),
        ES_ECONFLICT);
    commit(&w, version);
    /* in force, but not all runs are judged by it */
    struct es_draft next = draft_of(&w, &r);
    CHECK_INT(es_rules_draft(&w.app, &next, &e), ES_ECONFLICT);
    CHECK_INT(
        es_rules_commit(&w.app, w.ini.id, version, looked_at, 7, "Ada", "", &e),
        ES_ECONFLICT);
    finish(&w);
    CHECK_INT(es_rules_draft(&w.app, &old, &e), ES_ECONFLICT);
    CHECK_INT(es_rules_drop(&w.app, w.ini.id, version, &e), ES_ENOENT);
    CHECK_INT(es_rules_commit(&w.app, w.ini.id, 9, 0, 7, "Ada", "", &e),
              ES_ENOENT);
    world_end(&w);
}

/* ---- caps of a day ---- */

TEST(the_runs_of_a_day_share_its_cap_whatever_comes_and_goes)
{
    struct world w;
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Mina");
    struct es_rules r = rules_of(&w);
    r.day_cap_mm = 10 * KM;
    change(&w, &r);
    int64_t noon = (w.now / DAY - 3) * DAY + DAY / 2;
    struct es_receipt third = type_in(&w, &p, noon + 7200000, 6);
    CHECK_INT(third.run.counted_mm, 6 * KM);
    struct es_receipt first = type_in(&w, &p, noon - 14400000, 7);
    CHECK_INT(first.run.counted_mm, 7 * KM);
    CHECK_INT(stored(&w, third.run.id).counted_mm, 3 * KM);
    CHECK(says(&w, third.run.id, "over_day_cap"));
    struct es_receipt second = type_in(&w, &p, noon - 3600000, 2);
    CHECK_INT(second.run.counted_mm, 2 * KM);
    CHECK_INT(stored(&w, third.run.id).counted_mm, 1 * KM);
    CHECK_INT(world_total(&w), 10 * KM);
    reconcile(&w);
    /* another day is another cap */
    type_in(&w, &p, noon + DAY, 4);
    CHECK_INT(world_total(&w), 14 * KM);
    /* the first is taken back: the later ones move up */
    world_must(es_runs_withdraw(&w.app, &p, first.run.id, &w.a, &first, &e),
               &e);
    CHECK_INT(stored(&w, second.run.id).counted_mm, 2 * KM);
    CHECK_INT(stored(&w, third.run.id).counted_mm, 6 * KM);
    CHECK(!says(&w, third.run.id, "over_day_cap"));
    CHECK_INT(world_total(&w), 12 * KM);
    reconcile(&w);
    world_end(&w);
}

/* What the runs of a person count, the slow way: by their own rows. */
static int64_t slow_total(struct world *w, const struct es_rules *r,
                          const struct es_participant *p)
{
    struct es_err e = { 0 };
    struct es_run *runs;
    size_t n;
    int64_t sum = 0;
    world_must(es_store_runs_of(w->store, w->ini.id, p->id, 0, 1000, &w->a,
                                &runs, &n, &e),
               &e);
    for (size_t i = 0; i < n; i++) {
        int64_t before = 0, mm = runs[i].dist_mm;
        int64_t day = es_day_of(w->ini.zone, runs[i].started_ms);
        if (runs[i].status != ES_RUN_ACCEPTED)
            continue;
        if (r->run_cap_mm && mm > r->run_cap_mm)
            mm = r->run_cap_mm;
        for (size_t j = 0; j < n; j++) {
            bool earlier = runs[j].started_ms < runs[i].started_ms ||
                           (runs[j].started_ms == runs[i].started_ms &&
                            runs[j].id < runs[i].id);
            int64_t other = runs[j].dist_mm;
            if (r->run_cap_mm && other > r->run_cap_mm)
                other = r->run_cap_mm;
            if (earlier && runs[j].status == ES_RUN_ACCEPTED &&
                es_day_of(w->ini.zone, runs[j].started_ms) == day)
                before += other;
        }
        if (r->day_cap_mm) {
            int64_t left = r->day_cap_mm - before;
            mm = left <= 0 ? 0 : mm < left ? mm : left;
        }
        CHECK_INT(runs[i].counted_mm, mm);
        sum += mm;
    }
    return sum;
}

TEST(whatever_happens_runs_count_what_the_slow_way_says)
{
    enum { PEOPLE = 4, ROUNDS = 160 };
    struct world w;
    struct es_err e = { 0 };
    struct es_participant p[PEOPLE];
    struct es_receipt got[ROUNDS];
    int owner[ROUNDS];
    size_t n = 0;
    world_begin(&w);
    struct es_rules r = rules_of(&w);
    for (int i = 0; i < PEOPLE; i++)
        p[i] = world_join(&w, "Somebody");
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t what = chance(10);
        if (what < 6) {
            int k = owner[n] = (int)chance(PEOPLE);
            int64_t day = (w.now / DAY - 2 - (int64_t)chance(3)) * DAY;
            got[n] = type_in(&w, &p[k], day + (int64_t)chance(1440) * 60000,
                             1 + (double)chance(12));
            n++;
        } else if (what < 8 && n > 0) {
            size_t k = chance(n);
            world_must(es_runs_withdraw(&w.app, &p[owner[k]], got[k].run.id,
                                        &w.a, &got[k], &e),
                       &e);
        } else if (what == 8) {
            r.day_cap_mm = chance(4) ? (int64_t)chance(15) * KM : 0;
            r.run_cap_mm = chance(3) ? 0 : (int64_t)(1 + chance(8)) * KM;
            change(&w, &r);
        } else if (n > 0) {
            size_t k = chance(n);
            if (stored(&w, got[k].run.id).status == ES_RUN_IN_REVIEW)
                decide(&w, chance(2) != 0, &got[k]);
        }
        int64_t sum = 0;
        for (int k = 0; k < PEOPLE; k++)
            sum += slow_total(&w, &r, &p[k]);
        CHECK_INT(world_total(&w), sum);
    }
    CHECK(n > 50);
    reconcile(&w);
    world_end(&w);
}

/* ---- meanwhile ---- */

TEST(an_upload_judged_before_the_change_and_stored_after_it_is_judged_again)
{
    struct world w;
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Mina");
    struct es_rules old = rules_of(&w), r = old;
    struct es_initiative before = w.ini;
    struct es_new_run n = { .m = es_measure_unknown() };
    n.m.sport = ES_SPORT_RUNNING;
    n.m.started_ms = w.now - DAY;
    n.m.dist_m = 9000;
    n.m.elapsed_s = n.m.counted_s = 3000;
    n.run.file_name = n.run.member = n.run.note = "";
    world_must(es_new_run_judge(&n, &p, &before, &old, ES_KIND_TYPED, &w.a, &e),
               &e);
    CHECK_INT(n.verdict.status, ES_RUN_ACCEPTED);
    r.run_cap_mm = 4 * KM;
    change(&w, &r); /* and nobody will look at this person again */
    struct es_new_runs g = { .app = &w.app,
                             .who = &p,
                             .ini = &before,
                             .rules = &old,
                             .v = &n,
                             .n = 1,
                             .first = &n.run,
                             .a = &w.a };
    world_must(es_new_runs_store(&g, (struct es_bytes){ NULL, 0 }, &e), &e);
    CHECK_INT(stored(&w, n.run.id).counted_mm, 4 * KM);
    CHECK_INT(stored(&w, n.run.id).rules_version, 2);
    CHECK(says(&w, n.run.id, "over_cap"));
    CHECK_INT(world_total(&w), 4 * KM);
    reconcile(&w);
    world_end(&w);
}

TEST(runs_come_in_while_the_thread_judges)
{
    enum { PEOPLE = 60 };
    struct world w;
    struct es_err e = { 0 };
    struct es_participant p[PEOPLE];
    world_begin(&w);
    for (int i = 0; i < PEOPLE; i++) {
        p[i] = world_join(&w, "Somebody");
        for (int j = 0; j < 3; j++)
            type_in(&w, &p[i], w.now - (j + 2) * DAY, 6);
    }
    world_must(es_rejudge_start(&w.app, &w.app.rejudge, &e), &e);
    struct es_rules r = rules_of(&w);
    r.run_cap_mm = 5 * KM;
    r.day_cap_mm = 5 * KM;
    int32_t version = draft(&w, &r);
    while (change_of(&w, version).ended_ms == 0)
        usleep(1000);
    CHECK_INT(tally_of(&w, version).touched, 3 * PEOPLE);
    commit(&w, version);
    for (int i = 0; i < PEOPLE; i++)
        type_in(&w, &p[i], w.now - 5 * DAY, 9);
    while (change_of(&w, version).ended_ms == 0)
        usleep(1000);
    es_rejudge_stop(w.app.rejudge);
    w.app.rejudge = NULL;
    CHECK_INT(world_total(&w), (int64_t)PEOPLE * 4 * 5 * KM);
    reconcile(&w);
    world_end(&w);
}

/* ---- killed on the way ---- */

/* The child judges until it is killed; after a step it says so, and waits. */
static void judge_until_killed(const char *dir, int tell)
{
    struct world w;
    struct es_err e = { 0 };
    bool more;
    world_open(&w, dir);
    world_must(es_rejudge_step(&w.app, &more, &e), &e);
    CHECK(write(tell, "", 1) == 1);
    for (;;)
        (void)pause();
}

/* Killed somewhere in its first step, or right after it. */
static void judge_and_die(const char *dir, bool after, useconds_t us)
{
    int tell[2];
    char c;
    CHECK(pipe(tell) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        judge_until_killed(dir, tell[1]);
    (void)close(tell[1]);
    if (after)
        CHECK(read(tell[0], &c, 1) == 1);
    else
        usleep(us);
    (void)kill(child, SIGKILL);
    CHECK(waitpid(child, NULL, 0) == child);
    (void)close(tell[0]);
}

/* More people than one step looks at. */
TEST(killed_on_the_way_the_next_process_finishes)
{
    enum { PEOPLE = 300, KILLS = 8 };
    struct world w;
    world_begin(&w);
    for (int i = 0; i < PEOPLE; i++) {
        struct es_participant p = world_join(&w, "Somebody");
        type_in(&w, &p, w.now - 2 * DAY, 6);
        type_in(&w, &p, w.now - 2 * DAY + 7200000, 3);
    }
    struct es_rules r = rules_of(&w);
    r.day_cap_mm = 7 * KM;
    int32_t version = draft(&w, &r);
    commit(&w, version);
    const char *dir = w.dir;
    int64_t ini = w.ini.id;
    world_end(&w);

    judge_and_die(dir, true, 0);
    world_open(&w, dir);
    w.ini.id = ini;
    struct es_tally t = tally_of(&w, version);
    CHECK(t.runs > 0 && t.runs < 2 * PEOPLE);
    CHECK_INT(change_of(&w, version).state, ES_CHANGE_JUDGING);
    world_end(&w);
    for (int i = 0; i < KILLS; i++)
        judge_and_die(dir, false, 5000 * (useconds_t)i);

    world_open(&w, dir);
    w.ini.id = ini;
    reload(&w);
    reconcile(&w);
    finish(&w);
    t = tally_of(&w, version);
    CHECK_INT(change_of(&w, version).state, ES_CHANGE_DONE);
    CHECK_INT(t.runs, 2 * PEOPLE);
    CHECK_INT(t.touched, PEOPLE);
    CHECK_INT(t.lost_mm, (int64_t)PEOPLE * 2 * KM);
    CHECK_INT(world_total(&w), (int64_t)PEOPLE * 7 * KM);
    reconcile(&w);
    world_end(&w);
}

/* ---- tallies ---- */

TEST(a_tally_survives_its_json_and_nonsense_is_refused)
{
    struct es_tally t = { 0 }, back;
    struct es_err e;
    for (int i = 0; i < 30; i++) {
        struct es_touched x = { i + 1,
                                i + 100,
                                (int32_t)chance(3),
                                (int32_t)chance(3),
                                (int64_t)chance(9000000),
                                (int64_t)chance(9000000) };
        es_tally_add(&t, &x, i % 3 != 0);
    }
    t.all = 31;
    struct es_buf b, again;
    es_buf_init(&b, 1 << 16);
    es_buf_init(&again, 1 << 16);
    es_tally_write(&t, &b);
    CHECK_INT(es_tally_read(es_buf_cstr(&b), &back, &e), ES_OK);
    es_tally_write(&back, &again);
    CHECK_STR(es_buf_cstr(&b), es_buf_cstr(&again));
    CHECK_INT(back.touched, 20);
    CHECK_INT(back.n_first, 20);
    CHECK_INT(es_tally_read("", &back, &e), ES_OK);
    CHECK_INT(back.runs, 0);
    static const char *const BAD[] = { "[]",
                                       "{",
                                       "{\"runs\":-1}",
                                       "{\"first\":[{\"from\":4}]}",
                                       "{\"moved\":[\"a\"]}",
                                       "{\"all\":1.5}" };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        CHECK_INT(es_tally_read(BAD[i], &back, &e), ES_EMALFORMED);
    es_buf_release(&b);
    es_buf_release(&again);
}
