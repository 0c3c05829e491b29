/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Registration and runs on a real store with real decode workers. */
#include "initiative/names.h"
#include "initiative/review.h"
#include "t.h"

#include "ipc/memfd.h"
#include "world.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

static enum es_code take(struct world *w, const struct es_participant *who,
                         int fd, size_t size, const char *key,
                         struct es_receipt *out)
{
    struct es_err e = { 0 };
    struct es_taken got = { 0 };
    struct es_take t = { .who = who,
                         .fd = fd,
                         .size = size,
                         .file_name = "morning.gpx",
                         .activity = ES_TAKE_ONLY,
                         .idempotency_key = key };
    enum es_code rc = es_runs_take(&w->app, &t, &w->a, &got, &e);
    if (rc == ES_OK)
        *out = got.receipts[0];
    return rc;
}

TEST(a_run_goes_all_the_way_and_comes_back_the_same)
{
    struct world w;
    struct es_receipt r = { 0 };
    struct es_receipt again = { 0 };
    size_t size;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    CHECK_INT(p.bib, 1);
    int fd = world_run_fd(&w, 7200, 1001, &size);
    CHECK_INT(take(&w, &p, fd, size, NULL, &r), ES_OK);
    CHECK_INT(r.run.status, ES_RUN_ACCEPTED);
    CHECK_NEAR((double)r.run.counted_mm / 1000, 3000, 6);
    CHECK(!r.repeated);
    CHECK(r.participant_total_mm == r.run.counted_mm);
    CHECK(world_total(&w) == r.run.counted_mm);

    CHECK_INT(take(&w, &p, fd, size, NULL, &again), ES_OK);
    CHECK(again.repeated && again.run.id == r.run.id);
    CHECK_STR(again.run.code, r.run.code);
    CHECK(world_total(&w) == r.run.counted_mm);

    /* The original is kept, byte for byte. */
    struct es_buf kept;
    struct es_err e = { 0 };
    uint8_t hash[ES_HASH];
    world_must(es_store_blob_read(w.store, &again.run.blob, &kept, &e), &e);
    CHECK_INT(kept.n, size);
    es_hash(es_buf_bytes(&kept), hash);
    CHECK(es_hash_equal(hash, again.run.blob.hash));
    es_buf_release(&kept);

    /* And all of it is there after a restart. */
    const char *dir = w.dir;
    int64_t sum = world_total(&w);
    struct es_initiative ini = w.ini;
    world_end(&w);
    world_open(&w, dir);
    w.ini = ini;
    CHECK(world_total(&w) == sum);
    close(fd);
    world_end(&w);
}

/* What came in earlier elsewhere stands in its place; nothing is of tomorrow.
 */
TEST(a_run_received_before_is_older_than_one_received_now)
{
    struct world w;
    struct es_taken first, then, odd;
    struct es_err e = { 0 };
    size_t size[3];
    int fd[3];
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    for (int64_t i = 0; i < 3; i++)
        fd[i] = world_run_fd(&w, 4000 * (i + 2), 1001, &size[i]);
    struct es_take t = {
        .who = &p, .fd = fd[0], .size = size[0], .activity = ES_TAKE_ONLY
    };
    world_must(es_runs_take(&w.app, &t, &w.a, &first, &e), &e);
    t.fd = fd[1];
    t.size = size[1];
    t.received_ms = w.now - 5000000;
    world_must(es_runs_take(&w.app, &t, &w.a, &then, &e), &e);
    CHECK(then.receipts[0].run.received_ms == w.now - 5000000);
    CHECK(then.receipts[0].run.id < first.receipts[0].run.id);
    t.fd = fd[2];
    t.size = size[2];
    t.received_ms = w.now + 86400000;
    world_must(es_runs_take(&w.app, &t, &w.a, &odd, &e), &e);
    CHECK(odd.receipts[0].run.received_ms <= es_time_now_ms());
    CHECK(odd.receipts[0].run.id > first.receipts[0].run.id);
    for (size_t i = 0; i < 3; i++)
        close(fd[i]);
    world_end(&w);
}

TEST(the_same_file_from_another_person_goes_to_review)
{
    struct world w;
    struct es_receipt r = { 0 };
    size_t size;
    world_begin(&w);
    struct es_participant a = world_join(&w, "Ada");
    struct es_participant b = world_join(&w, "Bo");
    int fd = world_run_fd(&w, 7200, 601, &size);
    CHECK_INT(take(&w, &a, fd, size, NULL, &r), ES_OK);
    int64_t sum = world_total(&w);
    CHECK_INT(take(&w, &b, fd, size, NULL, &r), ES_OK);
    CHECK_INT(r.run.status, ES_RUN_IN_REVIEW);
    CHECK_STR(r.findings[r.n_findings - 1].code, "same_file");
    CHECK(world_total(&w) == sum);
    close(fd);
    world_end(&w);
}

TEST(two_devices_on_one_run_count_once_until_a_person_looks)
{
    struct world w;
    struct es_receipt r = { 0 };
    size_t s1;
    size_t s2;
    size_t s3;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    int watch = world_run_fd(&w, 7200, 1201, &s1);
    int phone = world_run_fd(&w, 7190, 1195, &s2);
    int later = world_run_fd(&w, 5000, 1201, &s3);
    CHECK_INT(take(&w, &p, watch, s1, NULL, &r), ES_OK);
    int64_t sum = world_total(&w);
    CHECK_INT(take(&w, &p, phone, s2, NULL, &r), ES_OK);
    CHECK_INT(r.run.status, ES_RUN_IN_REVIEW);
    CHECK_STR(r.findings[r.n_findings - 1].code, "overlaps");
    CHECK(world_total(&w) == sum);
    CHECK_INT(take(&w, &p, later, s3, NULL, &r), ES_OK);
    CHECK_INT(r.run.status, ES_RUN_ACCEPTED);
    close(watch);
    close(phone);
    close(later);
    world_end(&w);
}

TEST(a_withdrawn_run_leaves_the_total_and_may_come_again)
{
    struct world w;
    struct es_receipt r = { 0 };
    struct es_receipt out = { 0 };
    struct es_err e = { 0 };
    size_t size;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_participant other = world_join(&w, "Bo");
    int fd = world_run_fd(&w, 7200, 601, &size);
    CHECK_INT(take(&w, &p, fd, size, NULL, &r), ES_OK);
    CHECK_INT(es_runs_withdraw(&w.app, &other, r.run.id, &w.a, &out, &e),
              ES_ENOENT);
    world_must(es_runs_withdraw(&w.app, &p, r.run.id, &w.a, &out, &e), &e);
    CHECK_INT(out.run.status, ES_RUN_WITHDRAWN);
    CHECK(world_total(&w) == 0 && out.participant_total_mm == 0);
    world_must(es_runs_withdraw(&w.app, &p, r.run.id, &w.a, &out, &e), &e);
    CHECK(world_total(&w) == 0);
    int64_t first = r.run.id;
    CHECK_INT(take(&w, &p, fd, size, NULL, &r), ES_OK);
    CHECK(!r.repeated && r.run.id != first);
    CHECK(world_total(&w) == r.run.counted_mm);
    close(fd);
    world_end(&w);
}

TEST(refused_then_appealed_then_accepted_by_a_person)
{
    struct world w;
    struct es_receipt r = { 0 };
    struct es_err e = { 0 };
    size_t size;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    int fd = world_run_fd(&w, 40LL * 86400, 601, &size);
    CHECK_INT(take(&w, &p, fd, size, NULL, &r), ES_OK);
    CHECK_INT(r.run.status, ES_RUN_REFUSED);
    CHECK_STR(r.findings[0].code, "before_window");
    CHECK(world_total(&w) == 0);
    struct es_field_errors fe = { 0 };
    struct es_reviewing in = { .initiative = w.ini.id,
                               .run = r.run.id,
                               .account = 7,
                               .act = ES_REVIEW_ACCEPT,
                               .words = "",
                               .seen = -1 };
    CHECK_INT(es_runs_review(&w.app, &in, &w.a, &r, &fe, &e), ES_ECONFLICT);
    world_must(es_runs_appeal(&w.app, &p, r.run.id,
                              "My watch was a month behind.", &w.a, &r, &fe,
                              &e),
               &e);
    CHECK_INT(r.run.status, ES_RUN_IN_REVIEW);
    CHECK_STR(r.findings[0].code, "appealed");
    CHECK_STR(r.findings[0].message, "My watch was a month behind.");
    world_must(es_runs_review(&w.app, &in, &w.a, &r, &fe, &e), &e);
    CHECK_INT(r.run.status, ES_RUN_ACCEPTED);
    CHECK(world_total(&w) == r.run.counted_mm && world_total(&w) > 0);
    world_must(es_runs_withdraw(&w.app, &p, r.run.id, &w.a, &r, &e), &e);
    CHECK(world_total(&w) == 0);
    close(fd);
    world_end(&w);
}

TEST(an_unreadable_file_leaves_nothing_behind)
{
    struct world w;
    struct es_receipt r = { 0 };
    struct es_err e = { 0 };
    struct es_store_stats before;
    struct es_store_stats after;
    int fd;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    static const char JUNK[] = "this is no activity at all";
    world_must(es_memfd_of(es_bytes_str(JUNK), &fd, &e), &e);
    es_store_stats(w.store, &before);
    CHECK_INT(take(&w, &p, fd, sizeof JUNK - 1, NULL, &r), ES_EUNKNOWN);
    es_store_stats(w.store, &after);
    CHECK(before.blob_bytes == after.blob_bytes);
    CHECK(before.writes == after.writes);
    close(fd);
    world_end(&w);
}

struct racer {
    struct world *w;
    const struct es_participant *p;
    int fd;
    size_t size;
    int64_t run;
};

static void *race(void *arg)
{
    struct racer *r = arg;
    struct es_receipt out = { 0 };
    struct es_err e;
    struct es_taken got = { 0 };
    struct es_arena a;
    struct es_take t = { .who = r->p,
                         .fd = r->fd,
                         .size = r->size,
                         .activity = ES_TAKE_ONLY,
                         .idempotency_key = "one" };
    es_arena_init(&a, 64u << 20);
    if (es_runs_take(&r->w->app, &t, &a, &got, &e) == ES_OK) {
        out = got.receipts[0];
        r->run = out.run.id;
    }
    es_arena_release(&a);
    return NULL;
}

TEST(twelve_at_once_make_one_run)
{
    struct world w;
    enum { N = 12 };
    struct racer r[N];
    pthread_t th[N];
    size_t size;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    int fd = world_run_fd(&w, 7200, 601, &size);
    for (size_t i = 0; i < N; i++) {
        r[i] = (struct racer){ &w, &p, fd, size, 0 };
        CHECK_INT(pthread_create(&th[i], NULL, race, &r[i]), 0);
    }
    for (size_t i = 0; i < N; i++) {
        pthread_join(th[i], NULL);
        CHECK(r[i].run != 0 && r[i].run == r[0].run);
    }
    struct es_totals t;
    es_standings_totals(es_app_standings(&w.app, w.ini.id), &t);
    CHECK_INT(t.runs, 1);
    close(fd);
    world_end(&w);
}

TEST(a_key_with_another_body_is_told_apart)
{
    struct world w;
    struct es_receipt r = { 0 };
    size_t s1;
    size_t s2;
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    int one = world_run_fd(&w, 7200, 601, &s1);
    int two = world_run_fd(&w, 90000, 602, &s2);
    CHECK_INT(take(&w, &p, one, s1, "k", &r), ES_OK);
    CHECK_INT(take(&w, &p, two, s2, "k", &r), ES_EEXIST);
    CHECK_INT(take(&w, &p, one, s1, "k", &r), ES_OK);
    CHECK(r.repeated);
    /* bytes that are known already make the key theirs all the same */
    CHECK_INT(take(&w, &p, two, s2, NULL, &r), ES_OK);
    CHECK_INT(take(&w, &p, two, s2, "k", &r), ES_EEXIST);
    CHECK_INT(take(&w, &p, two, s2, "l", &r), ES_OK);
    CHECK(r.repeated);
    CHECK_INT(take(&w, &p, one, s1, "l", &r), ES_EEXIST);
    close(one);
    close(two);
    world_end(&w);
}

TEST(typed_runs_are_judged_and_slips_are_told)
{
    struct world w;
    struct es_receipt r = { 0 };
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_field_errors fe = { 0 };
    struct es_typed t = { .started_ms = w.now - 7200000,
                          .dist_m = 5200,
                          .elapsed_s = 1800,
                          .idempotency_key = "a" };
    world_must(es_runs_type_in(&w.app, &p, &t, &w.a, &r, &fe, &e), &e);
    CHECK_INT(r.run.status, ES_RUN_ACCEPTED);
    CHECK_INT(r.run.counted_mm, 5200000);
    world_must(es_runs_type_in(&w.app, &p, &t, &w.a, &r, &fe, &e), &e);
    CHECK(r.repeated && world_total(&w) == 5200000);

    static const struct {
        double dist_m;
        const char *code;
    } SLIPS[] = { { -1, "too_small" },       { 0, "too_small" },
                  { NAN, "required" },       { 1e9, "too_large" },
                  { INFINITY, "too_large" }, { 0.0004, "too_small" } };
    for (size_t i = 0; i < sizeof SLIPS / sizeof *SLIPS; i++) {
        fe.n = 0;
        t.dist_m = SLIPS[i].dist_m;
        CHECK_INT(es_runs_type_in(&w.app, &p, &t, &w.a, &r, &fe, &e),
                  ES_EINVAL);
        CHECK_STR(es_field_errors_of(&fe, "distance_m"), SLIPS[i].code);
    }
    /* once a speed that nothing can hold, and an answer of 500 */
    fe.n = 0;
    t.dist_m = 5000;
    t.elapsed_s = 1e-300;
    CHECK_INT(es_runs_type_in(&w.app, &p, &t, &w.a, &r, &fe, &e), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "elapsed_s"), "too_small");
    CHECK(world_total(&w) == 5200000);
    world_end(&w);
}

TEST(a_run_far_above_the_history_is_noted_and_counts)
{
    struct world w;
    struct es_receipt r = { 0 };
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_participant p = world_join(&w, "Ada");
    struct es_field_errors fe = { 0 };
    for (int i = 0; i < 7; i++) {
        struct es_typed t = { .started_ms = w.now - (8 - i) * INT64_C(7200000),
                              .dist_m = 5000,
                              .elapsed_s = i < 6 ? 1800 : 900 };
        world_must(es_runs_type_in(&w.app, &p, &t, &w.a, &r, &fe, &e), &e);
        CHECK_INT(r.run.status, ES_RUN_ACCEPTED);
        CHECK_INT(r.run.provenance, ES_FROM_TYPED);
        CHECK_INT(r.n_findings, i < 6 ? 0 : 1);
    }
    CHECK_STR(r.findings[0].code, "faster_than_before");
    CHECK_NEAR(r.findings[0].limit, 5000.0 / 1800, 1e-9);
    world_end(&w);
}

TEST(numbers_are_read_as_the_language_writes_them)
{
    struct es_field_errors fe = { 0 };
    struct es_typed t;
    struct es_typed_text text = { "2026-05-17", "07:30", "12,5", "1:02:03",
                                  ES_UNITS_KM };
    es_typed_read(&text, "tr", "UTC", &t, &fe);
    CHECK_INT(fe.n, 0);
    CHECK_NEAR(t.dist_m, 12500, 1e-6);
    text.units = ES_UNITS_MI;
    es_typed_read(&text, "tr", "UTC", &t, &fe);
    CHECK_NEAR(t.dist_m, 20116.8, 1e-6);
    CHECK_NEAR(t.elapsed_s, 3723, 1e-6);
    CHECK(t.started_ms == 1779003000000);
    text = (struct es_typed_text){ "", "", "NaN", "soon", ES_UNITS_MI };
    es_typed_read(&text, "en", "UTC", &t, &fe);
    CHECK_STR(es_field_errors_of(&fe, "date"), "required");
    CHECK_STR(es_field_errors_of(&fe, "distance"), "invalid");
    CHECK_STR(es_field_errors_of(&fe, "duration"), "invalid");
}

static const char *join_error(struct world *w, struct es_join in,
                              const char *field)
{
    struct es_err e = { 0 };
    static struct es_field_errors fe;
    struct es_joined j;
    if (!in.consents)
        in.consents = "{\"rules\":2}";
    enum es_code rc = es_register(&w->app, &w->ini, &in, &w->a, &j, &fe, &e);
    return rc == ES_OK ? NULL : es_field_errors_of(&fe, field);
}

TEST(a_name_that_nobody_sees_is_no_name)
{
    static const char *const NAMES[] = {
        "\xe3\x85\xa4",                 /* U+3164 Hangul filler */
        "\xe2\xa0\x80 \xef\xbe\xa0",    /* U+2800, U+FFA0 */
        "\xe2\x80\x8d\xe2\x80\x8c",     /* joiners with nothing to join */
        "\xcc\x81\xcc\x81\xef\xb8\x8f", /* accents of no letter */
    };
    struct world w;
    world_begin(&w);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        CHECK_STR(join_error(&w, (struct es_join){ .display_name = NAMES[i] },
                             "display_name"),
                  "required");
    world_end(&w);
}

TEST(each_slip_of_registration_has_its_answer)
{
    struct world w;
    char name[301];
    world_begin(&w);
    memset(name, 'x', 300);
    name[300] = 0;
    CHECK_STR(
        join_error(&w, (struct es_join){ .display_name = "" }, "display_name"),
        "required");
    CHECK_STR(join_error(&w, (struct es_join){ .display_name = name },
                         "display_name"),
              "too_long");
    CHECK_STR(join_error(&w,
                         (struct es_join){ .display_name = "\xe2\x80\xae " },
                         "display_name"),
              "required");
    CHECK_STR(
        join_error(&w, (struct es_join){ .display_name = "A", .country = "XX" },
                   "country"),
        "unknown");
    CHECK_STR(join_error(&w,
                         (struct es_join){ .display_name = "A",
                                           .email = "a@b.c, d@e.f" },
                         "email"),
              "invalid");
    CHECK_STR(
        join_error(&w,
                   (struct es_join){ .display_name = "A", .team_code = "nope" },
                   "team_code"),
        "unknown");
    CHECK_STR(join_error(
                  &w, (struct es_join){ .display_name = "A", .consents = "{}" },
                  "consents"),
              "required");
    CHECK_STR(join_error(&w,
                         (struct es_join){ .display_name = "A",
                                           .consents = "{\"rules\":1}" },
                         "consents"),
              "outdated");
    CHECK_STR(join_error(
                  &w,
                  (struct es_join){ .display_name = "A", .birth_year = "2018" },
                  "guardian_contact"),
              "required");
    CHECK_STR(
        join_error(&w,
                   (struct es_join){ .display_name = "A", .birth_year = "18" },
                   "birth_year"),
        "invalid");
    CHECK(join_error(&w, (struct es_join){ .display_name = "A" }, "x") == NULL);
    world_end(&w);
}

TEST(a_child_is_shown_by_initials_and_the_hidden_nowhere)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    struct es_standing *rows;
    const char *next;
    size_t n;
    world_begin(&w);
    struct es_join child = { .display_name = "Mina Tarn Okoro",
                             .birth_year = "2018",
                             .guardian_contact = "parent@example.org",
                             .consents = "{\"rules\":2}" };
    world_must(es_register(&w.app, &w.ini, &child, &w.a, &j, &fe, &e), &e);
    CHECK_STR(es_public_name(&j.p, &w.a), "M. T. O.");
    struct es_join hidden = { .display_name = "Nobody",
                              .visibility = "hidden",
                              .consents = "{\"rules\":2}" };
    world_must(es_register(&w.app, &w.ini, &hidden, &w.a, &j, &fe, &e), &e);
    CHECK(es_public_name(&j.p, &w.a) == NULL);
    struct es_receipt r = { 0 };
    struct es_typed t = { .started_ms = w.now - 7200000,
                          .dist_m = 1000,
                          .elapsed_s = 600 };
    fe.n = 0;
    world_must(es_runs_type_in(&w.app, &j.p, &t, &w.a, &r, &fe, &e), &e);
    CHECK(r.participant_total_mm == 1000000);
    struct es_standings_query q = { .limit = 10 };
    world_must(es_standings_page(es_app_standings(&w.app, w.ini.id), &q, &w.a,
                                 &rows, &n, &next, &e),
               &e);
    CHECK_INT(n, 0);
    CHECK(world_total(&w) == 1000000);
    world_end(&w);
}

TEST(an_initiative_that_makes_no_sense_is_not_kept)
{
    static const struct {
        const char *consents, *msg;
    } CASES[] = {
        { "", "consents" },
        { "{}", "consents" },
        { "[{\"version\":1}]", "consents" },
        { "[{\"purpose\":\"\",\"version\":1}]", "consents" },
        { "[{\"purpose\":\"rules\"}]", "consents" },
        { "[{\"purpose\":\"rules\",\"version\":1}]", NULL },
        { "[]", NULL },
    };
    struct world w;
    world_begin(&w);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct es_err e = { 0 };
        w.ini.consents = CASES[i].consents;
        enum es_code rc = es_initiative_save(&w.app, &w.ini, &e);
        CHECK_INT(rc, CASES[i].msg ? ES_EINVAL : ES_OK);
        CHECK_STR(e.msg, CASES[i].msg ? CASES[i].msg : "");
    }
    struct es_err e = { 0 };
    w.ini.zone = "Asia/Baku";
    CHECK_INT(es_initiative_save(&w.app, &w.ini, &e), ES_OK);
    w.ini.zone = "Moon/Tranquility";
    CHECK_INT(es_initiative_save(&w.app, &w.ini, &e), ES_EINVAL);
    CHECK_STR(e.msg, "zone");
    world_end(&w);
}

TEST(a_secret_opens_its_own_door_and_once_means_once)
{
    struct world w;
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    struct es_credential c;
    world_begin(&w);
    world_must(
        es_credential_issue(&w.app, ES_CRED_SETUP, 0, 0, 60000, secret, &e),
        &e);
    CHECK_INT(es_credential_who(&w.app, secret, ES_CRED_SESSION, &c, &e),
              ES_ENOENT);
    world_must(es_credential_use(&w.app, secret, ES_CRED_SETUP, &e), &e);
    CHECK_INT(es_credential_use(&w.app, secret, ES_CRED_SETUP, &e), ES_ENOENT);
    CHECK_INT(es_credential_who(&w.app, "", ES_CRED_SETUP, &c, &e), ES_ENOENT);
    CHECK_INT(es_credential_who(&w.app, NULL, ES_CRED_SETUP, &c, &e),
              ES_ENOENT);
    world_end(&w);
}
