/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Best times over categories: the order against a naive model that sorts, and
 * what rules, reviews and withdrawals make of them. */
#include "t.h"

#include "initiative/boards.h"
#include "initiative/people.h"
#include "initiative/rejudge.h"
#include "initiative/settings.h"
#include "standings/times.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* ---- against a model ---- */

enum { PEOPLE = 200, RUNS = 5, CHANGES = 4000 };

static uint32_t rng = 1;
static uint32_t draw(uint32_t below)
{
    rng = rng * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)rng * below >> 32);
}

static const char *const CATEGORIES[] = { "5 km", "10 km", "Marathon" };

struct model {
    struct {
        bool in, hidden;
        unsigned category;
        int32_t group;
        int64_t ms[RUNS];
    } who[PEOPLE];
};

struct place {
    int64_t id, s;
};

static int by_time(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    if (x->s != y->s)
        return x->s < y->s ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static size_t expected(const struct model *m, unsigned category, int32_t group,
                       struct place *out)
{
    size_t n = 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        int64_t best = 0;
        if (!m->who[i].in || m->who[i].hidden ||
            m->who[i].category != category ||
            (group && m->who[i].group != group))
            continue;
        for (size_t r = 0; r < RUNS; r++) {
            int64_t s = (m->who[i].ms[r] + 500) / 1000;
            if (s && (!best || s < best))
                best = s;
        }
        if (best)
            out[n++] = (struct place){ (int64_t)i + 1, best };
    }
    qsort(out, n, sizeof *out, by_time);
    return n;
}

static void check_order(struct es_times *t, const struct model *m,
                        unsigned category, int32_t group)
{
    struct place want[PEOPLE];
    size_t n_want = expected(m, category, group, want), at = 0;
    int64_t rank = 0;
    struct es_arena a;
    struct es_times_query q = { CATEGORIES[category], group, NULL, 7 };
    es_arena_init(&a, 1 << 20);
    do {
        struct es_time_row *rows;
        size_t n;
        CHECK_INT(es_times_page(t, &q, &a, &rows, &n, &q.cursor, NULL), ES_OK);
        for (size_t i = 0; i < n; i++, at++) {
            CHECK(at < n_want);
            if (at == 0 || want[at].s != want[at - 1].s)
                rank = (int64_t)at + 1;
            CHECK_INT(rows[i].id, want[at].id);
            CHECK_INT(rows[i].time_ms, want[at].s * 1000);
            CHECK_INT(rows[i].rank, rank);
            struct es_time_row own;
            CHECK_INT(es_times_of(t, rows[i].id, &own, NULL), ES_OK);
            if (!group)
                CHECK_INT(own.rank, rank);
            CHECK_INT(m->who[own.id - 1].ms[own.run - 1] / 1000 >= 0, true);
        }
    } while (q.cursor);
    CHECK_INT(at, n_want);
    es_arena_release(&a);
}

static void one_change(struct es_times *t, struct model *m)
{
    size_t i = draw(PEOPLE);
    if (draw(10) == 0 || !m->who[i].in) {
        unsigned category = draw(3);
        if (!m->who[i].in || category != m->who[i].category)
            memset(m->who[i].ms, 0, sizeof m->who[i].ms);
        m->who[i].in = true;
        m->who[i].category = category;
        m->who[i].group = (int32_t[]){ 0, 1, 19, 41 }[draw(4)];
        m->who[i].hidden = draw(6) == 0;
        struct es_timed p = { (int64_t)i + 1, CATEGORIES[category],
                              m->who[i].group, m->who[i].hidden };
        CHECK_INT(es_times_person(t, &p, NULL), ES_OK);
    } else if (draw(50) == 0) {
        m->who[i].in = false;
        es_times_drop(t, (int64_t)i + 1);
    } else {
        size_t r = draw(RUNS);
        /* few different times: many ties */
        m->who[i].ms[r] = draw(4) ? 1200000 + draw(40) * 500 : 0;
        CHECK_INT(es_times_run(t, (int64_t)i + 1, (int64_t)r + 1,
                               m->who[i].ms[r], NULL),
                  ES_OK);
    }
}

TEST(the_order_is_that_of_a_sorted_list)
{
    static struct model m;
    struct es_times *t;
    CHECK_INT(es_times_new(&t, NULL), ES_OK);
    for (size_t i = 0; i < CHANGES; i++) {
        one_change(t, &m);
        if (i % 200 != 199)
            continue;
        for (unsigned c = 0; c < 3; c++)
            for (size_t g = 0; g < 4; g++)
                check_order(t, &m, c, (int32_t[]){ 0, 1, 19, 41 }[g]);
    }
    es_times_free(t);
}

TEST(what_is_not_there_stands_nowhere)
{
    struct es_times *t;
    struct es_time_row *rows = NULL;
    struct es_arena a;
    const char *next;
    size_t n;
    es_arena_init(&a, 1 << 16);
    CHECK_INT(es_times_new(&t, NULL), ES_OK);
    CHECK_INT(es_times_run(t, 5, 1, 1000, NULL), ES_ENOENT);
    es_times_drop(t, 5);
    CHECK_INT(es_times_of(t, 5, &(struct es_time_row){ 0 }, NULL), ES_ENOENT);
    struct es_times_query q = { "no such", 0, NULL, 10 };
    CHECK_INT(es_times_page(t, &q, &a, &rows, &n, &next, NULL), ES_OK);
    CHECK_INT(n, 0);
    CHECK(next == NULL);
    q.cursor = "2000000000000000100000000000000010000000";
    CHECK_INT(es_times_page(t, &q, &a, &rows, &n, &next, NULL), ES_EINVAL);
    es_times_free(t);
    es_times_free(NULL);
    es_arena_release(&a);
}

/* ---- in an initiative ---- */

static void rules_with(struct world *w, const char *json)
{
    struct es_err e = { 0 };
    w->ini.rules = json;
    world_must(es_initiative_save(&w->app, &w->ini, &e), &e);
}

static struct es_participant joins(struct world *w, const char *name,
                                   const char *category)
{
    struct es_err e = { 0 };
    struct es_joined j;
    struct es_field_errors fe = { .n = 0 };
    struct es_join in = { .display_name = name,
                          .category = category,
                          .consents = "{\"rules\": 2}" };
    world_must(es_register(&w->app, &w->ini, &in, &w->a, &j, &fe, &e), &e);
    return j.p;
}

static int64_t ran(struct world *w, const struct es_participant *p, double km,
                   double pace_s, int64_t days_ago)
{
    struct es_err e = { 0 };
    struct es_receipt r;
    struct es_field_errors fe = { .n = 0 };
    struct es_typed t = { .started_ms = w->now - days_ago * 86400000,
                          .dist_m = km * 1000,
                          .elapsed_s = km * pace_s };
    world_must(es_runs_type_in(&w->app, p, &t, &w->a, &r, &fe, &e), &e);
    return r.run.id;
}

static int64_t rank_of(struct world *w, const struct es_participant *p,
                       int64_t *time_ms)
{
    struct es_time_row row = { 0 };
    enum es_code rc =
        es_times_of(es_app_times(&w->app, w->ini.id), p->id, &row, NULL);
    CHECK(rc == ES_OK || rc == ES_ENOENT);
    *time_ms = row.time_ms;
    return row.rank;
}

#define RANK(w, p, rank, s)                                                    \
    do {                                                                       \
        int64_t ms_;                                                           \
        CHECK_INT(rank_of(w, p, &ms_), rank);                                  \
        CHECK_INT(ms_, (int64_t)(s)*1000);                                     \
    } while (0)

#define SHEET                                                                  \
    "{\"categories\": [{\"name\": \"5 km\", \"dist_mm\": 5000000},"            \
    " {\"name\": \"10 km\", \"dist_mm\": 10000000}, \"Every step\"]}"

TEST(what_is_taken_back_gives_way_to_the_next_best)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_receipt r;
    world_begin(&w);
    rules_with(&w, SHEET);
    struct es_participant a = joins(&w, "Aylin", "5 km");
    struct es_participant b = joins(&w, "Bo", "5 km");
    struct es_participant c = joins(&w, "Cem", "10 km");
    struct es_participant d = joins(&w, "Dai", "Every step");

    ran(&w, &a, 5, 330, 1);
    int64_t fast = ran(&w, &a, 5, 300, 2);
    ran(&w, &b, 5, 310, 1);
    ran(&w, &b, 4, 250, 2); /* too short */
    ran(&w, &c, 10, 300, 1);
    ran(&w, &d, 5, 300, 1);
    RANK(&w, &a, 1, 1500);
    RANK(&w, &b, 2, 1550);
    RANK(&w, &c, 1, 3000);
    RANK(&w, &d, 0, 0);

    /* what is taken back counts no more, and the next best does */
    world_must(es_runs_withdraw(&w.app, &a, fast, &w.a, &r, &e), &e);
    RANK(&w, &b, 1, 1550);
    RANK(&w, &a, 2, 1650);

    /* the same figures after a start from the store alone */
    es_app_close(&w.app);
    world_must(es_app_open(&w.app, w.store, w.ingest, &e), &e);
    RANK(&w, &b, 1, 1550);
    RANK(&w, &a, 2, 1650);
    RANK(&w, &c, 1, 3000);
    world_end(&w);
}

/* Those who stand among their age group, the fastest first. */
static size_t of_age(struct world *w, int32_t group, struct es_time_row **rows)
{
    struct es_err e = { 0 };
    struct es_times_query q = { "5 km", group, NULL, 10 };
    const char *next;
    size_t n = 0;
    world_must(es_times_page(es_app_times(&w->app, w->ini.id), &q, &w->a, rows,
                             &n, &next, &e),
               &e);
    return n;
}

/* Who registers chooses an age group, or gives a year of birth. */
static void ask_for_age(struct world *w, bool group)
{
    struct es_err e = { 0 };
    struct es_settings was;
    struct es_settings_change c = { .initiative = w->ini.id,
                                    .settings = es_settings_default() };
    const struct es_consent_edit rules = {
        "rules", "By the rules.", "By the rules.", "", true, false
    };
    world_must(es_settings_of(w->store, w->ini.id, &was, &c.from, &e), &e);
    c.settings.age_group = group;
    c.consents[0] = rules;
    c.n_consents = 1;
    world_must(es_settings_save(&w->app, &c, &w->a, &e), &e);
    world_must(
        es_store_initiative_by_id(w->store, w->ini.id, &w->a, &w->ini, &e), &e);
}

TEST(an_age_group_has_its_own_order_and_who_leaves_is_in_none)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_joined j;
    struct es_field_errors fe = { .n = 0 };
    struct es_time_row *rows;
    const struct es_leaving leave = { .take_away = false };
    world_begin(&w);
    rules_with(&w, SHEET);
    struct es_participant a = joins(&w, "Aylin", "5 km");
    struct es_join in = { .display_name = "Bo",
                          .category = "5 km",
                          .birth_year = "1950",
                          .consents = "{\"rules\": 2}" };
    /* a year of birth is never shown, so nobody stands by it */
    world_must(es_register(&w.app, &w.ini, &in, &w.a, &j, &fe, &e), &e);
    CHECK_INT(j.p.age_group, 61); /* from 60 on */
    ran(&w, &j.p, 5, 300, 1);
    CHECK_INT(of_age(&w, 61, &rows), 0);
    world_must(es_person_leave(&w.app, &j.p, &leave, &e), &e);
    ask_for_age(&w, true);
    in.birth_year = NULL;
    in.age_group = "60";
    world_must(es_register(&w.app, &w.ini, &in, &w.a, &j, &fe, &e), &e);
    ran(&w, &a, 5, 300, 1);
    ran(&w, &j.p, 5, 310, 1);
    RANK(&w, &j.p, 2, 1550);
    CHECK_INT(of_age(&w, 61, &rows), 1);
    CHECK(rows[0].id == j.p.id && rows[0].rank == 1);
    CHECK_INT(of_age(&w, 19, &rows), 0);
    world_must(es_person_leave(&w.app, &a, &leave, &e), &e);
    RANK(&w, &a, 0, 0);
    RANK(&w, &j.p, 1, 1550);
    world_end(&w);
}

TEST(other_age_groups_put_everybody_into_theirs)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_joined j;
    struct es_field_errors fe = { .n = 0 };
    struct es_time_row *rows;
    struct es_participant p;
    struct es_settings_change c = {
        .settings = es_settings_default(),
        .consents = { { "rules", "Rules.", "Rules.", "", true, false } },
        .n_consents = 1,
    };
    world_begin(&w);
    rules_with(&w, SHEET);
    c.initiative = w.ini.id;
    c.settings.age_group = true;
    world_must(es_settings_save(&w.app, &c, &w.a, &e), &e);
    c.from = 1;
    struct es_participant a = joins(&w, "Aylin", "5 km"); /* gave no age */
    struct es_join in = { .display_name = "Bo",
                          .category = "5 km",
                          .age_group = "60",
                          .consents = "{\"rules\": 2}" };
    world_must(es_register(&w.app, &w.ini, &in, &w.a, &j, &fe, &e), &e);
    ran(&w, &a, 5, 300, 1);
    ran(&w, &j.p, 5, 310, 1);
    CHECK_INT(of_age(&w, 61, &rows), 1);
    c.settings.ages[2] = 35;
    c.settings.ages[3] = 70;
    world_must(es_settings_save(&w.app, &c, &w.a, &e), &e);
    CHECK_INT(of_age(&w, 61, &rows), 0);
    CHECK_INT(of_age(&w, 71, &rows), 0);
    CHECK_INT(of_age(&w, 36, &rows), 1); /* 60 stands in it */
    CHECK(rows[0].id == j.p.id && rows[0].time_ms == 1550000);
    world_must(es_store_participant(w.store, w.ini.id, j.p.id, &w.a, &p, &e),
               &e);
    CHECK_INT(p.age_group, 36);
    world_must(es_store_participant(w.store, w.ini.id, a.id, &w.a, &p, &e), &e);
    CHECK_INT(p.age_group, 0);
    world_end(&w);
}

/* Another distance of a category comes into force with the rules. */
TEST(other_rules_give_other_times)
{
    struct world w;
    struct es_err e = { 0 };
    bool more = true;
    world_begin(&w);
    rules_with(&w, SHEET);
    struct es_participant a = joins(&w, "Aylin", "5 km");
    struct es_participant b = joins(&w, "Bo", "5 km");
    ran(&w, &a, 5, 300, 1);
    ran(&w, &b, 8, 320, 1);
    RANK(&w, &a, 1, 1500);
    RANK(&w, &b, 2, 2560);

    struct es_draft draft = { .initiative = w.ini.id,
                              .from_version = w.ini.rules_version,
                              .opens_ms = w.ini.opens_ms,
                              .closes_ms = w.ini.closes_ms,
                              .zone = w.ini.zone,
                              .who = "Owner" };
    world_must(es_rules_read(w.ini.rules, &draft.rules, &e), &e);
    draft.rules.categories[0].dist_mm = 8000000;
    world_must(es_rules_draft(&w.app, &draft, &e), &e);
    while (more)
        world_must(es_rejudge_step(&w.app, &more, &e), &e);
    struct es_rule_change ch;
    world_must(es_store_rule_change(w.store, w.ini.id, w.ini.rules_version + 1,
                                    &w.a, &ch, &e),
               &e);
    world_must(es_rules_commit(&w.app, w.ini.id, ch.version, ch.at_ms, 0,
                               "Owner", "longer", &e),
               &e);
    for (more = true; more;)
        world_must(es_rejudge_step(&w.app, &more, &e), &e);
    RANK(&w, &a, 0, 0);
    RANK(&w, &b, 1, 2560);
    world_end(&w);
}
