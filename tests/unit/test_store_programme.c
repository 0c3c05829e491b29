/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The programme as it is kept: each event comes back as it was, lists go on
 * where they ended, and two who change one at once don't overwrite each other.
 */
#include "base/limits.h"
#include "store/programme.h"
#include "store_kit.h"

#include <string.h>

enum { INI = 3, OTHER = 4, MEM = 32 << 20 };
#define HOUR INT64_C(3600000)
#define NOW INT64_C(1788000000000)

static struct es_occasion occasion(int64_t id, int64_t starts_ms)
{
    return (struct es_occasion){
        .initiative = INI,
        .id = id,
        .kind = ES_OCCASION_COMMEMORATION,
        .state = ES_OCCASION_PUBLISHED,
        .starts_ms = starts_ms,
        .ends_ms = starts_ms + HOUR,
        .zone = "Asia/Baku",
        .lang = "az",
        .title = "Anma m\xc9\x99rasimi",
        .body = "{\"about\":\"x\"}",
        .sequence = 2,
        .created_ms = 7,
        .edited_by = 8,
        .edited_ms = 9,
    };
}

WRITE(put_one)
{
    (void)blob;
    return es_txn_occasion_add(tx, arg, e);
}

WRITE(change_one)
{
    (void)blob;
    return es_txn_occasion_put(tx, arg, e);
}

WRITE(drop_one)
{
    const struct es_occasion *o = arg;
    (void)blob;
    return es_txn_occasion_drop(tx, o->initiative, o->id, e);
}

static void add(struct es_store *s, struct es_occasion o)
{
    CHECK_INT(kit_write(s, put_one, &o), ES_OK);
}

TEST(an_event_comes_back_as_it_was)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_occasion o = occasion(11, NOW), back;
    struct es_arena a;
    es_arena_init(&a, MEM);
    add(s, o);
    CHECK_INT(kit_write(s, put_one, &o), ES_EEXIST);
    CHECK_INT(es_store_occasion(s, INI, 11, &a, &back, NULL), ES_OK);
    CHECK_INT(back.kind, ES_OCCASION_COMMEMORATION);
    CHECK_INT(back.state, ES_OCCASION_PUBLISHED);
    CHECK_INT(back.starts_ms, NOW);
    CHECK_INT(back.ends_ms, NOW + HOUR);
    CHECK_STR(back.zone, "Asia/Baku");
    CHECK_STR(back.lang, "az");
    CHECK_STR(back.title, o.title);
    CHECK_STR(back.body, o.body);
    CHECK_INT(back.sequence, 2);
    CHECK_INT(back.created_ms, 7);
    CHECK_INT(back.edition, 1);
    CHECK_INT(back.edited_by, 8);
    CHECK_INT(back.edited_ms, 9);
    CHECK_INT(es_store_occasion(s, OTHER, 11, &a, &back, NULL), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

/* Who read an earlier edition changes nothing, nor does who changes one that
 * is gone. */
TEST(of_two_who_change_one_the_second_hears_of_it)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_occasion o = occasion(11, NOW), back;
    struct es_arena a;
    es_arena_init(&a, MEM);
    o.state = ES_OCCASION_DRAFT;
    add(s, o);
    o.edition = 1;
    o.title = "Second";
    CHECK_INT(kit_write(s, change_one, &o), ES_OK);
    o.title = "Third";
    CHECK_INT(kit_write(s, change_one, &o), ES_ECONFLICT);
    CHECK_INT(es_store_occasion(s, INI, 11, &a, &back, NULL), ES_OK);
    CHECK_STR(back.title, "Second");
    CHECK_INT(back.edition, 2);
    CHECK_INT(back.created_ms, 7);
    CHECK_INT(kit_write(s, drop_one, &o), ES_OK);
    CHECK_INT(kit_write(s, drop_one, &o), ES_ENOENT);
    o.edition = 2;
    CHECK_INT(kit_write(s, change_one, &o), ES_ECONFLICT);
    es_arena_release(&a);
    es_store_close(s);
}

/* What people know of can't vanish from under them. */
TEST(only_a_draft_is_taken_away)
{
    struct es_store *s = kit_open(t_tmpdir());
    for (int32_t how = 0; how < ES_OCCASION_STATES; how++) {
        struct es_occasion o = occasion(20 + how, NOW);
        o.state = how;
        add(s, o);
        CHECK_INT(kit_write(s, drop_one, &o),
                  how == ES_OCCASION_DRAFT ? ES_OK : ES_ENOENT);
    }
    es_store_close(s);
}

static size_t count(struct es_store *s, struct es_occasions_ask ask,
                    int64_t *first, int64_t *last)
{
    struct es_occasion *v;
    struct es_arena a;
    size_t n, all = 0;
    bool descends = ask.which == ES_OCCASIONS_PAST;
    int64_t before = descends ? INT64_MAX : INT64_MIN;
    es_arena_init(&a, MEM);
    do {
        CHECK_INT(es_store_occasions(s, &ask, &a, &v, &n, NULL), ES_OK);
        for (size_t i = 0; i < n; i++) {
            CHECK(descends ? v[i].starts_ms <= before
                           : v[i].starts_ms >= before);
            before = v[i].starts_ms;
            if (all++ == 0)
                *first = v[i].id;
            *last = v[i].id;
            ask.from_ms = v[i].starts_ms;
            ask.from_id = v[i].id;
        }
    } while (n == ask.max);
    es_arena_release(&a);
    return all;
}

/* 60 events, two at each hour around now, of which one lasts long: each list
 * holds each of its own once, whatever the length of a page. */
TEST(lists_go_on_where_they_ended)
{
    struct es_store *s = kit_open(t_tmpdir());
    int64_t first, last, n;
    for (int64_t i = 0; i < 60; i++) {
        struct es_occasion o = occasion(100 + i, NOW + (i / 2 - 15) * HOUR);
        if (i == 0)
            o.ends_ms = NOW + 1000 * HOUR; /* an exhibition */
        if (i == 59)
            o.state = ES_OCCASION_DRAFT;
        add(s, o);
    }
    struct es_occasion other = occasion(1, NOW);
    other.initiative = OTHER;
    add(s, other);
    for (size_t max = 1; max <= 61; max += 6) {
        struct es_occasions_ask ask = { .initiative = INI,
                                        .now_ms = NOW,
                                        .max = max };
        ask.which = ES_OCCASIONS_NOW;
        CHECK_INT((int64_t)count(s, ask, &first, &last), 3);
        CHECK_INT(first, 100);
        CHECK_INT(last, 131);
        ask.which = ES_OCCASIONS_COMING;
        CHECK_INT((int64_t)count(s, ask, &first, &last), 27);
        CHECK_INT(first, 132);
        CHECK_INT(last, 158);
        ask.which = ES_OCCASIONS_PAST;
        CHECK_INT((int64_t)count(s, ask, &first, &last), 29);
        CHECK_INT(first, 129);
        CHECK_INT(last, 101);
        ask.which = ES_OCCASIONS_ALL;
        CHECK_INT((int64_t)count(s, ask, &first, &last), 59);
        ask.drafts = true;
        CHECK_INT((int64_t)count(s, ask, &first, &last), 60);
        CHECK_INT(last, 159);
    }
    CHECK_INT(es_store_occasion_count(s, INI, &n, NULL), ES_OK);
    CHECK_INT(n, 60);
    es_store_close(s);
}

WRITE(fill)
{
    struct es_occasion *o = arg;
    (void)blob;
    for (int64_t i = 0; i < ES_OCCASIONS_MAX; i++) {
        o->id = i + 1;
        enum es_code rc = es_txn_occasion_add(tx, o, e);
        if (rc != ES_OK)
            return rc;
    }
    return ES_OK;
}

TEST(a_programme_ends_somewhere)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_occasion o = occasion(1, NOW);
    CHECK_INT(kit_write(s, fill, &o), ES_OK);
    o.id = ES_OCCASIONS_MAX + 1;
    CHECK_INT(kit_write(s, put_one, &o), ES_EBUSY);
    o.initiative = OTHER;
    CHECK_INT(kit_write(s, put_one, &o), ES_OK);
    es_store_close(s);
}
