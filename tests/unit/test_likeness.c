/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Copies that are handed in, on a real store with real decode workers. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "browser.h"
#include "initiative/runs.h"
#include "ipc/memfd.h"
#include "sim/copy.h"
#include "t.h"
#include "track/wire.h"
#include "world.h"
#include "write/write.h"

enum { SIM_MEM = 256 << 20 };

/* The truth of a run of half an hour through streets, three hours ago. */
static struct es_track truth(const struct world *w, uint64_t seed,
                             struct es_arena *a)
{
    struct sim_setup k = { .seed = seed,
                           .path = SIM_CITY,
                           .receiver = SIM_EXACT,
                           .dist_m = 5000,
                           .speed_mps = 2.8,
                           .lat_deg = 48,
                           .lon_deg = 11 };
    struct sim_run r;
    if (!sim_run_make(&k, a, &r))
        FAIL("no memory for a run");
    int64_t by_ms = w->now - 3 * 3600000LL - r.track.pts[0].t_ms;
    return sim_moved(&r.track, by_ms, 1, a);
}

static struct es_receipt hand_in(struct world *w,
                                 const struct es_participant *who,
                                 const struct es_track *t)
{
    struct es_err e = { 0 };
    struct es_buf b;
    struct es_taken got = { 0 };
    struct es_take k = { .who = who, .activity = ES_TAKE_ONLY };
    es_buf_init(&b, ES_UPLOAD_MAX);
    world_must(es_gpx_write(t, &b, &e), &e);
    k.size = b.n;
    world_must(es_memfd_of(es_buf_bytes(&b), &k.fd, &e), &e);
    world_must(es_runs_take(&w->app, &k, &w->a, &got, &e), &e);
    close(k.fd);
    es_buf_release(&b);
    return got.receipts[0];
}

static bool says(const struct es_receipt *r, const char *code)
{
    for (size_t i = 0; i < r->n_findings; i++)
        if (strcmp(r->findings[i].code, code) == 0)
            return true;
    return false;
}

static bool copied(const struct es_receipt *r)
{
    return says(r, "copy") || says(r, "copy_own") || says(r, "copy_beats");
}

static void check_accepted(const struct es_receipt *r)
{
    if (r->run.status != ES_RUN_ACCEPTED)
        FAIL("%s: %s", r->findings[0].code, r->findings[0].message);
}

/* Nothing in a receipt tells whose run it was. */
static void check_silence(const struct es_receipt *r, const char *name)
{
    for (size_t i = 0; i < r->n_findings; i++)
        CHECK(strstr(r->findings[i].message, name) == NULL);
}

TEST(a_run_handed_in_again_by_another_waits_for_a_person)
{
    struct world w;
    struct es_arena a;
    struct es_err e = { 0 };
    int64_t *alike;
    size_t n;
    world_begin(&w);
    es_arena_init(&a, SIM_MEM);
    struct es_participant ana = world_join(&w, "Ana Hidden"),
                          ben = world_join(&w, "Ben");
    struct es_track t = truth(&w, 1, &a);
    t = sim_seen(&t, SIM_WATCH, 0, 2, &a);
    struct es_receipt first = hand_in(&w, &ana, &t);
    check_accepted(&first);

    struct es_track x = sim_cut(&t, 0.1, 1, &a);
    x = sim_resampled(&x, 2, &a);
    x = sim_noised(&x, 1, 3, &a);
    struct es_receipt second = hand_in(&w, &ben, &x);
    CHECK_INT(second.run.status, ES_RUN_IN_REVIEW);
    CHECK(says(&second, "copy"));
    check_silence(&second, "Ana");
    world_must(
        es_store_alike(w.store, w.ini.id, second.run.id, &w.a, &alike, &n, &e),
        &e);
    CHECK(n == 1 && alike[0] == first.run.id);

    /* and on another day */
    x = sim_moved(&t, -3 * 86400000LL, 1, &a);
    struct es_receipt third = hand_in(&w, &ben, &x);
    CHECK(says(&third, "copy"));

    /* who takes it back takes along whose run it was alike to */
    struct es_receipt gone;
    world_must(es_runs_withdraw(&w.app, &ana, first.run.id, &w.a, &gone, &e),
               &e);
    world_must(
        es_store_alike(w.store, w.ini.id, second.run.id, &w.a, &alike, &n, &e),
        &e);
    CHECK_INT(n, 0);
    es_arena_release(&a);
    world_end(&w);
}

TEST(ones_own_second_device_overlaps_and_ones_own_old_run_is_old)
{
    struct world w;
    struct es_receipt r;
    struct es_arena a;
    world_begin(&w);
    es_arena_init(&a, SIM_MEM);
    struct es_participant ana = world_join(&w, "Ana");
    struct es_track real = truth(&w, 4, &a);
    struct es_track watch = sim_seen(&real, SIM_WATCH, 0, 5, &a);
    struct es_track phone = sim_seen(&real, SIM_PHONE, 0, 6, &a);
    r = hand_in(&w, &ana, &watch);
    check_accepted(&r);
    r = hand_in(&w, &ana, &phone);
    CHECK(says(&r, "overlaps"));
    CHECK(!copied(&r));
    struct es_track x = sim_moved(&watch, -86400000, 1, &a);
    r = hand_in(&w, &ana, &x);
    CHECK(says(&r, "copy_own"));
    CHECK_INT(r.run.status, ES_RUN_IN_REVIEW);
    es_arena_release(&a);
    world_end(&w);
}

TEST(side_by_side_is_honest_and_so_is_the_same_way_again)
{
    struct world w;
    struct es_receipt r;
    struct es_arena a;
    world_begin(&w);
    es_arena_init(&a, SIM_MEM);
    struct es_participant ana = world_join(&w, "Ana"),
                          ben = world_join(&w, "Ben");
    struct es_track real = truth(&w, 7, &a);
    struct es_track t = sim_seen(&real, SIM_MULTIBAND, 0, 8, &a);
    r = hand_in(&w, &ana, &t);
    check_accepted(&r);
    t = sim_seen(&real, SIM_MULTIBAND, 1, 9, &a);
    r = hand_in(&w, &ben, &t);
    check_accepted(&r);
    real = sim_again(&real, 1.03, 10, &a);
    t = sim_seen(&real, SIM_MULTIBAND, 0, 11, &a);
    t = sim_moved(&t, -2 * 86400000LL, 1, &a);
    r = hand_in(&w, &ana, &t);
    check_accepted(&r);
    es_arena_release(&a);
    world_end(&w);
}

TEST(what_was_taken_back_has_no_copies)
{
    struct world w;
    struct es_arena a;
    struct es_err e = { 0 };
    struct es_receipt r;
    world_begin(&w);
    es_arena_init(&a, SIM_MEM);
    struct es_participant ana = world_join(&w, "Ana"),
                          ben = world_join(&w, "Ben");
    struct es_track t = truth(&w, 12, &a);
    t = sim_seen(&t, SIM_WATCH, 0, 13, &a);
    struct es_receipt first = hand_in(&w, &ana, &t);
    CHECK_INT(es_copies_count(w.app.copies), 1);
    world_must(es_runs_withdraw(&w.app, &ana, first.run.id, &w.a, &r, &e), &e);
    CHECK_INT(es_copies_count(w.app.copies), 0);
    world_must(es_runs_withdraw(&w.app, &ana, first.run.id, &w.a, &r, &e), &e);
    t = sim_resampled(&t, 2, &a);
    r = hand_in(&w, &ben, &t);
    check_accepted(&r);
    es_arena_release(&a);
    world_end(&w);
}

/* The index is made anew of what the store keeps. */
TEST(a_restart_forgets_nothing)
{
    struct world w;
    struct es_arena a;
    struct es_err e = { 0 };
    const char *dir;
    world_begin(&w);
    es_arena_init(&a, SIM_MEM);
    struct es_participant ana = world_join(&w, "Ana"),
                          ben = world_join(&w, "Ben");
    struct es_track t = truth(&w, 14, &a);
    t = sim_seen(&t, SIM_PHONE, 0, 15, &a);
    struct es_receipt first = hand_in(&w, &ana, &t);
    ben.display_name = "Ben"; /* what its strings stand in goes */
    ben.country = ben.category = ben.email = ben.lang = "";
    dir = w.dir;
    int64_t initiative = w.ini.id;
    world_end(&w);

    world_open(&w, dir);
    world_must(es_store_initiative_by_id(w.store, initiative, &w.a, &w.ini, &e),
               &e);
    CHECK_INT(es_copies_count(w.app.copies), 1);
    t = sim_resampled(&t, 3, &a);
    struct es_receipt second = hand_in(&w, &ben, &t);
    CHECK(says(&second, "copy"));
    check_accepted(&first);
    es_arena_release(&a);
    world_end(&w);
}

struct sender {
    struct world *w;
    struct es_participant who;
    struct es_buf file;
    struct es_arena a;
    struct es_receipt receipt;
    enum es_code rc;
};

static void *send_in(void *arg)
{
    struct sender *s = arg;
    struct es_taken got = { 0 };
    struct es_take k = { .who = &s->who,
                         .size = s->file.n,
                         .activity = ES_TAKE_ONLY };
    s->rc = es_memfd_of(es_buf_bytes(&s->file), &k.fd, NULL);
    if (s->rc != ES_OK)
        return NULL;
    s->rc = es_runs_take(&s->w->app, &k, &s->a, &got, NULL);
    close(k.fd);
    if (s->rc == ES_OK)
        s->receipt = got.receipts[0];
    return NULL;
}

/* Neither is in the store when the other is decoded. */
TEST(of_two_copies_at_once_one_sees_the_other)
{
    enum { TWO = 2, ROUNDS = 6 };
    struct world w;
    struct es_arena a;
    struct es_err e = { 0 };
    world_begin(&w);
    es_arena_init(&a, 2 * SIM_MEM);
    struct es_participant who[TWO] = { world_join(&w, "Ana"),
                                       world_join(&w, "Ben") };
    for (int i = 0; i < ROUNDS; i++) {
        struct sender s[TWO] = { 0 };
        pthread_t thread[TWO];
        struct es_track t = truth(&w, 20 + (uint64_t)i, &a);
        /* days apart, or the second round would overlap the first */
        t = sim_moved(&t, -i * 86400000LL, 1, &a);
        t = sim_seen(&t, SIM_WATCH, 0, 30 + (uint64_t)i, &a);
        struct es_track x[TWO] = { t, sim_resampled(&t, 2, &a) };
        for (int k = 0; k < TWO; k++) {
            s[k].w = &w;
            s[k].who = who[k];
            es_arena_init(&s[k].a, 64 << 20);
            es_buf_init(&s[k].file, ES_UPLOAD_MAX);
            world_must(es_gpx_write(&x[k], &s[k].file, &e), &e);
            CHECK_INT(pthread_create(&thread[k], NULL, send_in, &s[k]), 0);
        }
        size_t found = 0;
        for (int k = 0; k < TWO; k++) {
            pthread_join(thread[k], NULL);
            CHECK_INT(s[k].rc, ES_OK);
            found += copied(&s[k].receipt);
        }
        CHECK_INT(found, 1);
        for (int k = 0; k < TWO; k++) {
            es_buf_release(&s[k].file);
            es_arena_release(&s[k].a);
        }
    }
    es_arena_release(&a);
    world_end(&w);
}

TEST(over_the_web_the_second_waits_and_its_reviewer_sees_both)
{
    struct browser b;
    struct es_arena a;
    struct es_buf file;
    struct es_err e = { 0 };
    char token[64], link[64];
    browser_start(&b);
    es_arena_init(&a, SIM_MEM);
    es_buf_init(&file, ES_UPLOAD_MAX);
    browser_join_by_api(&b, token);
    struct es_participant ana = world_join(&b.w, "Ana Hidden");
    struct es_track t = truth(&b.w, 60, &a);
    t = sim_seen(&t, SIM_WATCH, 0, 61, &a);
    struct es_receipt first = hand_in(&b.w, &ana, &t);
    t = sim_resampled(&t, 2, &a);
    world_must(es_gpx_write(&t, &file, &e), &e);
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token,
                          "application/gpx+xml", es_buf_bytes(&file)),
              201);
    json_t *receipt = browser_answer(&b);
    CHECK_STR(browser_text(receipt, "status"), "in_review");
    CHECK_STR(
        browser_text(json_array_get(json_object_get(receipt, "findings"), 0),
                     "code"),
        "copy");
    CHECK(!browser_shows(&b, "Ana"));
    CHECK(!browser_shows(&b, first.run.code));
    browser_sign_in_organiser(&b);
    (void)snprintf(link, sizeof link, "/organise/e/lantern/review/%s",
                   browser_text(receipt, "run"));
    json_decref(receipt);
    CHECK_INT(browser_get(&b, link), 200);
    CHECK(browser_shows(&b, "Beside the run that it may be a copy of"));
    CHECK(browser_shows(&b, "Ana Hidden"));
    (void)snprintf(link, sizeof link, "/review/%lld", (long long)first.run.id);
    CHECK(browser_shows(&b, link));
    es_buf_release(&file);
    es_arena_release(&a);
    browser_stop(&b);
}
