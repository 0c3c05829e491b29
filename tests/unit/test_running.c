/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who runs at this moment. */
#include "t.h"

#include "base/limits.h"
#include "initiative/running.h"

enum { MIN = 60000, KM = 1000000 };
static const int64_t NOON = 1000000000;

static struct es_running *fresh(void)
{
    struct es_running *r;
    CHECK_INT(es_running_new(&r, NULL), ES_OK);
    return r;
}

static struct es_participant who(int64_t id, int64_t initiative)
{
    return (struct es_participant){ .id = id, .initiative = initiative };
}

static void is(struct es_running *r, int64_t initiative, int64_t now_ms,
               int64_t people, int64_t dist_mm)
{
    struct es_running_now got = es_running_count(r, initiative, now_ms);
    CHECK_INT(got.people, people);
    CHECK_INT(got.dist_mm, dist_mm);
}

TEST(each_counts_once_with_how_far_they_are_in_their_initiative)
{
    struct es_running *r = fresh();
    struct es_participant ada = who(1, 7), bo = who(2, 7), cy = who(3, 8);
    is(r, 7, NOON, 0, 0);
    es_running_tell(r, &ada, 2 * KM, NOON);
    es_running_tell(r, &bo, 5 * KM, NOON);
    es_running_tell(r, &cy, 9 * KM, NOON);
    es_running_tell(r, &ada, 2 * KM + 90000, NOON + 30000);
    is(r, 7, NOON + 30000, 2, 7 * KM + 90000);
    is(r, 8, NOON + 30000, 1, 9 * KM);
    /* another run, from its start */
    es_running_tell(r, &ada, 0, NOON + MIN);
    is(r, 7, NOON + MIN, 2, 5 * KM);
    es_running_free(r);
}

TEST(it_ends_when_they_say_so_or_by_itself)
{
    struct es_running *r = fresh();
    struct es_participant ada = who(1, 7), bo = who(2, 7);
    es_running_tell(r, &ada, KM, NOON);
    es_running_tell(r, &bo, KM, NOON);
    CHECK(es_running_end(r, &ada));
    CHECK(!es_running_end(r, &ada));
    is(r, 7, NOON, 1, KM);
    is(r, 7, NOON + 2 * MIN, 1, KM);
    is(r, 7, NOON + 3 * MIN, 0, 0); /* nothing more was heard */
    es_running_tell(r, &bo, 2 * KM, NOON + 4 * MIN);
    is(r, 7, NOON + 4 * MIN, 1, 2 * KM);
    es_running_free(r);
}

TEST(a_phone_that_lies_there_counts_no_more_until_it_moves)
{
    struct es_running *r = fresh();
    struct es_participant ada = who(1, 7);
    int64_t t = NOON;
    for (; t <= NOON + 14 * MIN; t += 30000)
        es_running_tell(r, &ada, 3 * KM, t);
    is(r, 7, t, 1, 3 * KM);
    for (; t <= NOON + 16 * MIN; t += 30000)
        es_running_tell(r, &ada, 3 * KM, t);
    is(r, 7, t, 0, 0);
    es_running_tell(r, &ada, 3 * KM + 80000, t);
    is(r, 7, t, 1, 3 * KM + 80000);
    es_running_free(r);
}

TEST(what_nobody_can_have_run_does_not_count)
{
    struct es_running *r = fresh();
    struct es_participant ada = who(1, 7);
    es_running_tell(r, &ada, 900 * (int64_t)KM, NOON);
    is(r, 7, NOON, 1, 50 * KM);
    es_running_tell(r, &ada, 900 * (int64_t)KM, NOON + 30000);
    is(r, 7, NOON + 30000, 1, 50 * KM + 350000);
    es_running_free(r);
}

TEST(hidden_waiting_and_unagreed_people_are_not_counted)
{
    struct es_participant p = who(1, 7);
    CHECK(es_running_may(&p));
    p.visibility = ES_VIS_HIDDEN;
    CHECK(!es_running_may(&p));
    p = who(1, 7);
    p.state = ES_PERSON_WAITS;
    CHECK(!es_running_may(&p));
    p = who(1, 7);
    p.guardian = ES_GUARDIAN_ASKED;
    CHECK(!es_running_may(&p));
    p.guardian = ES_GUARDIAN_AGREED;
    CHECK(es_running_may(&p));
}

TEST(no_more_than_its_room_and_room_again_when_they_are_gone)
{
    struct es_running *r = fresh();
    for (int64_t i = 1; i <= ES_RUNNING_MAX; i++) {
        struct es_participant p = who(i, 7);
        es_running_tell(r, &p, 1000, NOON);
    }
    struct es_participant late = who(ES_RUNNING_MAX + 1, 7);
    es_running_tell(r, &late, 1000, NOON + MIN);
    is(r, 7, NOON + MIN, ES_RUNNING_MAX, ES_RUNNING_MAX * INT64_C(1000));
    es_running_tell(r, &late, 1000, NOON + 3 * MIN);
    is(r, 7, NOON + 3 * MIN, 1, 1000);
    es_running_free(r);
}
