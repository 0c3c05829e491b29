/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A run before a person: every way through, each step written down, nobody
 * judging twice. */
#include "initiative/review.h"
#include "initiative/run_write.h"
#include "t.h"

#include "world.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RITA = 71, OMAR = 72 };

static struct es_receipt typed(struct world *w, const struct es_participant *p,
                               double dist_m, int64_t ago_s)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_receipt r = { 0 };
    struct es_typed t = { .started_ms = w->now - ago_s * 1000,
                          .dist_m = dist_m,
                          .elapsed_s = dist_m / 2.5 };
    world_must(es_runs_type_in(&w->app, p, &t, &w->a, &r, &fe, &e), &e);
    return r;
}

/* 120 km: a person looks at so much typed in. */
static struct es_receipt waiting(struct world *w,
                                 const struct es_participant *p)
{
    struct es_receipt r = typed(w, p, 120000, 60000);
    CHECK_INT(r.run.status, ES_RUN_IN_REVIEW);
    return r;
}

static enum es_code act(struct world *w, struct es_receipt *r, int64_t who,
                        enum es_review_act what, const char *reason,
                        const char *words, int64_t seen)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_reviewing in = { .initiative = w->ini.id,
                               .run = r->run.id,
                               .account = who,
                               .role = ES_ROLE_REVIEWER,
                               .act = what,
                               .reason = reason,
                               .words = words,
                               .seen = seen };
    return es_runs_review(&w->app, &in, &w->a, r, &fe, &e);
}

static struct es_steps_state stands(struct world *w, struct es_receipt *r)
{
    struct es_err e = { 0 };
    world_must(es_receipt_steps(&w->app, r, &w->a, &e), &e);
    return es_steps_state(r->steps, r->n_steps);
}

static int32_t why(struct world *w, const struct es_receipt *r)
{
    struct es_queued q = { 0 };
    struct es_err e = { 0 };
    enum es_code rc =
        es_store_queued(w->store, w->ini.id, r->run.id, &w->a, &q, &e);
    CHECK(rc == ES_OK || rc == ES_ENOENT);
    return rc == ES_OK ? q.why : 0;
}

static void check_chain(struct world *w)
{
    struct es_steps_checked c = { 0 };
    struct es_err e = { 0 };
    world_must(es_store_steps_check(w->store, w->ini.id, &c, &e), &e);
    CHECK_INT(c.broken_at, 0);
    CHECK_INT(c.differs, 0);
    CHECK_INT(c.steps, c.counted_to);
}

TEST(a_run_that_comes_in_has_its_step_and_waits_only_when_it_must)
{
    struct world w;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_receipt good = typed(&w, &p, 5000, 9000);
    struct es_receipt r = waiting(&w, &p);
    (void)stands(&w, &good);
    CHECK_INT(good.n_steps, 1);
    CHECK_INT(good.steps[0].what, ES_STEP_RECEIVED);
    CHECK_INT(good.steps[0].status, ES_RUN_ACCEPTED);
    CHECK_INT(why(&w, &good), 0);
    CHECK_INT(why(&w, &r), ES_QUEUE_RULES);
    check_chain(&w);
    world_end(&w);
}

TEST(a_refusal_is_appealed_and_another_person_decides)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_receipt r = waiting(&w, &p);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_REFUSE, "cannot_be", "Too far.", -1),
              ES_OK);
    CHECK_INT(r.run.status, ES_RUN_REFUSED);
    CHECK_INT(why(&w, &r), 0);
    world_must(
        es_runs_appeal(&w.app, &p, r.run.id, "I ran it.", &w.a, &r, &fe, &e),
        &e);
    CHECK_INT(why(&w, &r), ES_QUEUE_APPEAL);
    CHECK(stands(&w, &r).appeal && stands(&w, &r).refused_by == RITA);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_ACCEPT, "", "", -1), ES_EDENIED);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_ASK, "", "Why?", -1), ES_EDENIED);
    CHECK_INT(act(&w, &r, OMAR, ES_REVIEW_REFUSE, "cannot_be", "", -1), ES_OK);
    CHECK(stands(&w, &r).final);
    CHECK_INT(r.steps[r.n_steps - 1].what, ES_STEP_UPHELD);
    CHECK_INT(es_runs_appeal(&w.app, &p, r.run.id, "Still.", &w.a, &r, &fe, &e),
              ES_ECONFLICT);
    CHECK(world_total(&w) == 0);
    /* staff may still see their mistake */
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_ACCEPT, "", "", stands(&w, &r).last),
              ES_OK);
    CHECK(world_total(&w) == 120000000);
    check_chain(&w);
    world_end(&w);
}

TEST(an_appeal_that_is_granted_counts)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_receipt r = waiting(&w, &p);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_REFUSE, "other", "No.", -1), ES_OK);
    world_must(es_runs_appeal(&w.app, &p, r.run.id, "", &w.a, &r, &fe, &e), &e);
    CHECK_INT(act(&w, &r, OMAR, ES_REVIEW_ACCEPT, "", "", -1), ES_OK);
    (void)stands(&w, &r);
    CHECK_INT(r.steps[r.n_steps - 1].what, ES_STEP_GRANTED);
    CHECK_INT(r.steps[r.n_steps - 1].account, OMAR);
    CHECK_INT(r.steps[r.n_steps - 1].role, ES_ROLE_REVIEWER);
    CHECK(world_total(&w) == 120000000);
    world_end(&w);
}

TEST(what_the_rules_refused_anybody_may_look_at)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_receipt r = typed(&w, &p, 5000, 40LL * 86400);
    CHECK_INT(r.run.status, ES_RUN_REFUSED);
    world_must(
        es_runs_appeal(&w.app, &p, r.run.id, "My clock.", &w.a, &r, &fe, &e),
        &e);
    CHECK_INT(why(&w, &r), ES_QUEUE_RULES);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_REFUSE, "not_shown", "", -1), ES_OK);
    world_must(es_runs_appeal(&w.app, &p, r.run.id, "", &w.a, &r, &fe, &e), &e);
    CHECK_INT(why(&w, &r), ES_QUEUE_APPEAL);
    world_end(&w);
}

TEST(a_question_waits_for_its_answer)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_participant other = world_join(&w, "Bo");
    struct es_receipt r = waiting(&w, &p);
    CHECK_INT(es_runs_answer(&w.app, &p, r.run.id, "Hm?", &w.a, &r, &fe, &e),
              ES_ECONFLICT);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_ASK, "", " ", -1), ES_EINVAL);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_ASK, "", "On which day?", -1), ES_OK);
    CHECK_INT(why(&w, &r), ES_QUEUE_WAITING);
    CHECK(stands(&w, &r).asked);
    CHECK_INT(es_runs_answer(&w.app, &other, r.run.id, "?", &w.a, &r, &fe, &e),
              ES_ENOENT);
    CHECK_INT(es_runs_answer(&w.app, &p, r.run.id, "", &w.a, &r, &fe, &e),
              ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "words"), "required");
    fe.n = 0;
    world_must(
        es_runs_answer(&w.app, &p, r.run.id, "On Sunday.", &w.a, &r, &fe, &e),
        &e);
    CHECK_INT(why(&w, &r), ES_QUEUE_ANSWER);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_ACCEPT, "", "", -1), ES_OK);
    (void)stands(&w, &r);
    CHECK_INT(r.n_steps, 4);
    CHECK_STR(r.steps[1].words, "On which day?");
    CHECK_STR(r.steps[2].words, "On Sunday.");
    world_end(&w);
}

TEST(words_are_kept_whole_or_refused_whole)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    char words[ES_SAID_MAX + 2];
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_receipt r = typed(&w, &p, 5000, 40LL * 86400);
    memset(words, 'x', ES_SAID_MAX + 1);
    words[ES_SAID_MAX + 1] = '\0';
    CHECK_INT(es_runs_appeal(&w.app, &p, r.run.id, words, &w.a, &r, &fe, &e),
              ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "words"), "too_long");
    CHECK_INT(why(&w, &r), 0);
    words[ES_SAID_MAX] = '\0';
    fe.n = 0;
    world_must(es_runs_appeal(&w.app, &p, r.run.id, words, &w.a, &r, &fe, &e),
               &e);
    (void)stands(&w, &r);
    CHECK_STR(r.steps[1].words, words);
    check_chain(&w);
    world_end(&w);
}

TEST(the_second_of_two_decisions_is_told)
{
    struct world w;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_receipt r = waiting(&w, &p);
    int64_t seen = stands(&w, &r).last;
    CHECK(seen > 0);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_ACCEPT, "", "", seen), ES_OK);
    CHECK_INT(act(&w, &r, OMAR, ES_REVIEW_REFUSE, "twice", "", seen),
              ES_ECONFLICT);
    CHECK(world_total(&w) == 120000000);
    CHECK_INT(act(&w, &r, OMAR, ES_REVIEW_REFUSE, "twice", "", -1),
              ES_ECONFLICT);
    CHECK_INT(act(&w, &r, OMAR, ES_REVIEW_REFUSE, "none", "", -1), ES_EINVAL);
    CHECK_INT(act(&w, &r, OMAR, ES_REVIEW_REFUSE, "other", "", -1), ES_EINVAL);
    /* who knows that it was accepted may still find out that it was wrong */
    CHECK_INT(
        act(&w, &r, OMAR, ES_REVIEW_REFUSE, "twice", "", stands(&w, &r).last),
        ES_OK);
    CHECK(world_total(&w) == 0);
    world_end(&w);
}

TEST(a_run_that_was_taken_back_is_nobodys_to_decide)
{
    struct world w;
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_receipt r = waiting(&w, &p);
    int64_t seen = stands(&w, &r).last;
    world_must(es_runs_withdraw(&w.app, &p, r.run.id, &w.a, &r, &e), &e);
    CHECK_INT(why(&w, &r), 0);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_ACCEPT, "", "", seen), ES_ECONFLICT);
    CHECK_INT(act(&w, &r, RITA, ES_REVIEW_ACCEPT, "", "", -1), ES_ECONFLICT);
    world_must(es_runs_withdraw(&w.app, &p, r.run.id, &w.a, &r, &e), &e);
    (void)stands(&w, &r);
    CHECK_INT(r.n_steps, 2); /* twice is once */
    check_chain(&w);
    world_end(&w);
}

TEST(harmless_ones_are_accepted_together_and_no_others)
{
    struct world w;
    struct es_err e = { 0 };
    size_t n = 0;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_participant q = world_join(&w, "Bo");
    struct es_receipt a = waiting(&w, &p);
    struct es_receipt b = waiting(&w, &q);
    struct es_receipt twice = waiting(&w, &q); /* it overlaps b besides */
    struct es_bulk in = { .initiative = w.ini.id,
                          .account = RITA,
                          .role = ES_ROLE_REVIEWER,
                          .code = "overlaps",
                          .until = INT64_MAX };
    CHECK_INT(es_review_bulk(&w.app, &in, &n, &e), ES_EINVAL);
    in.code = "typed_long";
    in.until = a.run.id;
    world_must(es_review_bulk(&w.app, &in, &n, &e), &e);
    CHECK_INT(n, 1);
    in.until = INT64_MAX;
    world_must(es_review_bulk(&w.app, &in, &n, &e), &e);
    CHECK_INT(n, 1);
    CHECK_INT(why(&w, &b), 0);
    CHECK_INT(why(&w, &twice), ES_QUEUE_RULES);
    CHECK(world_total(&w) == 240000000);
    check_chain(&w);
    world_end(&w);
}

struct finding_else {
    struct world *w;
    int64_t run;
};
static enum es_code find_else(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct finding_else *x = arg;
    struct es_finding f =
        es_finding_make("too_even", ES_REVIEW, NAN, NAN, "found now");
    struct es_run run;
    (void)blob;
    enum es_code rc = es_txn_run(tx, x->w->ini.id, x->run, &x->w->a, &run, e);
    if (rc != ES_OK)
        return rc;
    run.findings = es_findings_pack(&f, 1, &x->w->a);
    rc = es_txn_run_update(tx, &run, e);
    return rc == ES_OK ? es_queue_follow(tx, &run, &x->w->a, e) : rc;
}

static size_t found_by(struct world *w, const char *code)
{
    struct es_queue_ask ask = { .initiative = w->ini.id,
                                .code = code,
                                .max = 9 };
    struct es_err e = { 0 };
    struct es_queued *v;
    size_t n = 0;
    world_must(es_store_queue(w->store, &ask, &w->a, &v, &n, &e), &e);
    return n;
}

TEST(the_queue_follows_what_other_rules_find)
{
    struct world w;
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct finding_else x = { &w, waiting(&w, &p).run.id };
    CHECK_INT(found_by(&w, "typed_long"), 1);
    struct es_write write = { .apply = find_else, .arg = &x };
    world_must(es_store_write(w.store, &write, &e), &e);
    CHECK_INT(found_by(&w, "typed_long"), 0);
    CHECK_INT(found_by(&w, "too_even"), 1);
    /* one that doesn't wait is let be */
    x.run = typed(&w, &p, 5000, 9000).run.id;
    world_must(es_store_write(w.store, &write, &e), &e);
    CHECK_INT(found_by(&w, "too_even"), 1);
    world_end(&w);
}

TEST(who_looks_at_a_run_is_known_to_others)
{
    struct es_desk *d = NULL;
    struct es_err e = { 0 };
    world_must(es_desk_new(&d, &e), &e);
    CHECK_INT(es_desk_claim(d, 5, RITA, 1000), 0);
    CHECK_INT(es_desk_claim(d, 5, RITA, 2000), 0);
    CHECK_INT(es_desk_claim(d, 5, OMAR, 3000), RITA);
    CHECK_INT(es_desk_other(d, 5, OMAR, 3000 + ES_CLAIM_MS), 0);
    CHECK_INT(es_desk_claim(d, 6, RITA, 4000), 0); /* and has left 5 */
    CHECK_INT(es_desk_other(d, 5, OMAR, 4000), 0);
    es_desk_leave(d, 6);
    CHECK_INT(es_desk_other(d, 6, OMAR, 4000), 0);
    es_desk_free(d);
}

TEST(who_is_shown_the_way_leaves_a_trace)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_taken got = { 0 };
    struct es_course c = { 0 };
    size_t size;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    int fd = world_run_fd(&w, 7200, 601, &size);
    struct es_take t = {
        .who = &p, .fd = fd, .size = size, .activity = ES_TAKE_ONLY
    };
    world_must(es_runs_take(&w.app, &t, &w.a, &got, &e), &e);
    struct es_receipt r = got.receipts[0];
    for (int i = 0; i < 2; i++)
        world_must(es_review_route(&w.app, &r.run, RITA, ES_ROLE_REVIEWER, &w.a,
                                   &c, &e),
                   &e);
    CHECK(c.n > 1);
    int64_t last = stands(&w, &r).last;
    CHECK_INT(r.n_steps, 2); /* once an hour */
    CHECK_INT(r.steps[1].what, ES_STEP_SEEN);
    CHECK_INT(r.steps[1].account, RITA);
    CHECK_INT(last, r.steps[0].id); /* which hinders no other's decision */
    struct es_receipt without = typed(&w, &p, 5000, 90000);
    world_must(es_review_route(&w.app, &without.run, RITA, ES_ROLE_REVIEWER,
                               &w.a, &c, &e),
               &e);
    CHECK_INT(c.n, 0);
    (void)stands(&w, &without);
    CHECK_INT(without.n_steps, 1);
    close(fd);
    world_end(&w);
}
