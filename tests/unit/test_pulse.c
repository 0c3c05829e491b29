/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How it goes, counted: days, countries and stages agree with each other
 * whatever comes, is corrected, moves or leaves. */
#include "t.h"

#include "standings/pulse.h"

#include <string.h>

enum { ACCEPTED, IN_REVIEW, REFUSED, WITHDRAWN };

struct bed {
    struct es_pulse *p;
    struct es_arena a;
};

static void begin(struct bed *b)
{
    es_arena_init(&b->a, 16 << 20);
    CHECK_INT(es_pulse_new(&b->p, NULL), ES_OK);
}

static void end(struct bed *b)
{
    es_pulse_free(b->p);
    es_arena_release(&b->a);
}

static void joins(struct bed *b, int64_t id, const char *country, int64_t day)
{
    struct es_pulse_person who = { .id = id, .country = country, .day = day };
    CHECK_INT(es_pulse_join(b->p, &who, NULL), ES_OK);
}

static struct es_pulse_stages stages(struct bed *b)
{
    struct es_pulse_stages s;
    es_pulse_stages(b->p, &s);
    return s;
}

static struct es_pulse_day *days(struct bed *b, const char *country, size_t *n)
{
    struct es_pulse_day *v;
    CHECK_INT(
        es_pulse_days(b->p, country, INT64_MIN, INT64_MAX, &b->a, &v, n, NULL),
        ES_OK);
    return v;
}

/* Each country's days make its sums, and those of all make everybody's. */
static void check_sums(struct bed *b)
{
    struct es_pulse_land *lands, all = { "", 0, 0, 0 };
    size_t n, n_all;
    CHECK_INT(es_pulse_lands(b->p, &b->a, &lands, &n, NULL), ES_OK);
    for (size_t i = 0; i < n; i++) {
        size_t n_days;
        const struct es_pulse_day *v = days(b, lands[i].country, &n_days);
        struct es_pulse_land sum = { "", 0, 0, 0 };
        for (size_t k = 0; k < n_days; k++) {
            CHECK(k == 0 || v[k - 1].day < v[k].day);
            sum.people += v[k].people;
            sum.runs += v[k].runs;
            sum.dist_mm += v[k].dist_mm;
        }
        CHECK_INT(sum.people, lands[i].people);
        CHECK_INT(sum.runs, lands[i].runs);
        CHECK_INT(sum.dist_mm, lands[i].dist_mm);
        all.people += sum.people;
        all.runs += sum.runs;
        all.dist_mm += sum.dist_mm;
    }
    const struct es_pulse_day *v = days(b, NULL, &n_all);
    for (size_t i = 0; i < n_all; i++) {
        all.people -= v[i].people;
        all.runs -= v[i].runs;
        all.dist_mm -= v[i].dist_mm;
    }
    CHECK_INT(all.people, 0);
    CHECK_INT(all.runs, 0);
    CHECK_INT(all.dist_mm, 0);
    CHECK(stages(b).sent <= stages(b).people);
    CHECK(stages(b).counted + stages(b).waiting <= stages(b).sent);
    CHECK(stages(b).again <= stages(b).counted);
}

TEST(days_and_countries_count_who_joined_and_what_was_run)
{
    struct bed b;
    size_t n;
    begin(&b);
    joins(&b, 1, "TR", 10);
    joins(&b, 2, "TR", 12);
    joins(&b, 3, "", 12);
    CHECK_INT(es_pulse_add(b.p, 1, 11, 5000, 1, NULL), ES_OK);
    CHECK_INT(es_pulse_add(b.p, 3, 11, 7000, 1, NULL), ES_OK);
    CHECK_INT(es_pulse_add(b.p, 3, -4, 1000, 1, NULL), ES_OK);
    const struct es_pulse_day *v = days(&b, NULL, &n);
    CHECK_INT(n, 4);
    CHECK_INT(v[0].day, -4);
    CHECK_INT(v[2].runs, 2);
    CHECK_INT(v[2].dist_mm, 12000);
    CHECK_INT(v[3].people, 2);
    v = days(&b, "TR", &n);
    CHECK_INT(n, 3);
    CHECK_INT(v[1].dist_mm, 5000);
    (void)days(&b, "AZ", &n);
    CHECK_INT(n, 0);
    check_sums(&b);
    /* what is taken back leaves no empty day */
    CHECK_INT(es_pulse_add(b.p, 3, -4, -1000, -1, NULL), ES_OK);
    v = days(&b, "", &n);
    CHECK_INT(n, 2);
    CHECK_INT(v[0].day, 11);
    check_sums(&b);
    end(&b);
}

TEST(who_cannot_be_is_refused)
{
    struct bed b;
    begin(&b);
    struct es_pulse_person who = { .id = 1, .country = "tr" };
    CHECK_INT(es_pulse_join(b.p, &who, NULL), ES_EINVAL);
    who = (struct es_pulse_person){ .id = 0, .country = "TR" };
    CHECK_INT(es_pulse_join(b.p, &who, NULL), ES_EINVAL);
    joins(&b, 1, "TR", 1);
    who.id = 1;
    CHECK_INT(es_pulse_join(b.p, &who, NULL), ES_EEXIST);
    CHECK_INT(es_pulse_add(b.p, 9, 1, 1, 1, NULL), ES_ENOENT);
    CHECK_INT(es_pulse_turn(b.p, 9, ES_NO_RUN, ACCEPTED), ES_ENOENT);
    CHECK_INT(es_pulse_leave(b.p, 9), ES_ENOENT);
    CHECK_INT(es_pulse_move(b.p, 1, "Turkey", NULL, 0, NULL), ES_EINVAL);
    CHECK_INT(stages(&b).people, 1);
    end(&b);
}

TEST(stages_follow_each_run)
{
    struct bed b;
    begin(&b);
    for (int64_t i = 1; i <= 4; i++)
        joins(&b, i, "PK", 1);
    CHECK_INT(stages(&b).people, 4);
    CHECK_INT(stages(&b).sent, 0);
    es_pulse_turn(b.p, 1, ES_NO_RUN, IN_REVIEW);
    es_pulse_turn(b.p, 2, ES_NO_RUN, REFUSED);
    es_pulse_turn(b.p, 3, ES_NO_RUN, ACCEPTED);
    CHECK_INT(stages(&b).sent, 3);
    CHECK_INT(stages(&b).counted, 1);
    CHECK_INT(stages(&b).waiting, 1);
    es_pulse_turn(b.p, 1, IN_REVIEW, ACCEPTED);
    CHECK_INT(stages(&b).counted, 2);
    CHECK_INT(stages(&b).waiting, 0);
    es_pulse_turn(b.p, 2, REFUSED, IN_REVIEW); /* appealed */
    CHECK_INT(stages(&b).waiting, 1);
    es_pulse_turn(b.p, 2, IN_REVIEW, WITHDRAWN);
    CHECK_INT(stages(&b).waiting, 0);
    CHECK_INT(stages(&b).sent, 3); /* they got that far */
    es_pulse_turn(b.p, 3, ES_NO_RUN, ACCEPTED);
    CHECK_INT(stages(&b).again, 1);
    es_pulse_turn(b.p, 3, ACCEPTED, WITHDRAWN);
    es_pulse_turn(b.p, 3, ACCEPTED, IN_REVIEW);
    CHECK_INT(stages(&b).again, 0);
    CHECK_INT(stages(&b).counted, 1);
    CHECK_INT(stages(&b).waiting, 1);
    check_sums(&b);
    end(&b);
}

TEST(who_moves_takes_their_runs_along_and_who_leaves_is_not_counted)
{
    struct bed b;
    size_t n;
    begin(&b);
    joins(&b, 1, "TR", 3);
    joins(&b, 2, "TR", 3);
    const struct es_pulse_run ran[] = { { 4, 5000 }, { 6, 8000 } };
    for (size_t i = 0; i < 2; i++) {
        CHECK_INT(es_pulse_add(b.p, 1, ran[i].day, ran[i].dist_mm, 1, NULL),
                  ES_OK);
        es_pulse_turn(b.p, 1, ES_NO_RUN, ACCEPTED);
    }
    CHECK_INT(es_pulse_move(b.p, 1, "AZ", ran, 2, NULL), ES_OK);
    CHECK_INT(es_pulse_move(b.p, 1, "AZ", ran, 2, NULL), ES_OK); /* is so */
    const struct es_pulse_day *v = days(&b, "AZ", &n);
    CHECK_INT(n, 3);
    CHECK_INT(v[0].people, 1);
    CHECK_INT(v[2].dist_mm, 8000);
    (void)days(&b, "TR", &n);
    CHECK_INT(n, 1);
    check_sums(&b);
    /* their run stays in the total, and they are nobody's any more */
    CHECK_INT(es_pulse_move(b.p, 1, "", ran, 2, NULL), ES_OK);
    CHECK_INT(es_pulse_leave(b.p, 1), ES_OK);
    CHECK_INT(es_pulse_leave(b.p, 1), ES_OK);
    CHECK_INT(stages(&b).people, 1);
    CHECK_INT(stages(&b).sent, 0);
    v = days(&b, "", &n);
    CHECK_INT(n, 2);
    CHECK_INT(v[0].people, 0);
    CHECK_INT(v[0].runs, 1);
    v = days(&b, NULL, &n);
    CHECK_INT(v[0].people, 1);
    check_sums(&b);
    /* as it is when it is read again */
    struct es_pulse_person gone = { .id = 5, .country = "", .gone = true };
    CHECK_INT(es_pulse_join(b.p, &gone, NULL), ES_OK);
    CHECK_INT(es_pulse_add(b.p, 5, 4, 100, 1, NULL), ES_OK);
    CHECK_INT(stages(&b).people, 1);
    check_sums(&b);
    end(&b);
}

TEST(reviews_and_bytes_are_forgotten_with_all_else)
{
    struct bed b;
    struct es_pulse_look *v;
    size_t n;
    begin(&b);
    CHECK_INT(es_pulse_review(b.p, 7, 2, 0, NULL), ES_OK);
    CHECK_INT(es_pulse_review(b.p, 8, 0, 1, NULL), ES_OK);
    CHECK_INT(es_pulse_review(b.p, 7, 1, 1, NULL), ES_OK);
    es_pulse_hold(b.p, 5000, 300);
    es_pulse_hold(b.p, 0, -100);
    CHECK_INT(es_pulse_looks(b.p, INT64_MIN, INT64_MAX, &b.a, &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(v[0].came, 3);
    CHECK_INT(v[0].decided, 1);
    CHECK_INT(stages(&b).files, 5000);
    CHECK_INT(stages(&b).pictures, 200);
    joins(&b, 1, "TR", 3);
    es_pulse_clear(b.p);
    CHECK_INT(es_pulse_looks(b.p, INT64_MIN, INT64_MAX, &b.a, &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(stages(&b).files, 0);
    joins(&b, 1, "TR", 3);
    CHECK_INT(stages(&b).people, 1);
    end(&b);
    es_pulse_free(NULL);
}
