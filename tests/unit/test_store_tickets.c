/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tickets as they are kept: the last place goes once, whoever waits longest
 * rises, and what doors tell comes to the same in any order. */
#include "base/limits.h"
#include "base/random.h"
#include "store/tickets.h"
#include "store_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INI = 3, OCC = 11, OTHER = 12, MEM = 64 << 20 };
#define NOW INT64_C(1788000000000)

WRITE(set_up)
{
    (void)blob;
    return es_txn_ticketing_put(tx, arg, e);
}

WRITE(add_one)
{
    (void)blob;
    return es_txn_ticket_add(tx, arg, e);
}

WRITE(give_back)
{
    (void)blob;
    return es_txn_ticket_back(tx, INI, *(int64_t *)arg, NOW, e);
}

WRITE(rise)
{
    (void)blob;
    return es_txn_ticket_rise(tx, INI, OCC, NOW, arg, e);
}

WRITE(show)
{
    (void)blob;
    return es_txn_ticket_shown(tx, arg, e);
}

WRITE(put_door)
{
    (void)blob;
    return es_txn_ticket_door_put(tx, arg, e);
}

static struct es_ticketing ticketing(int64_t places, bool waiting)
{
    return (struct es_ticketing){
        .initiative = INI,
        .occasion = OCC,
        .open = true,
        .places = places,
        .waiting = waiting,
        .closes_ms = NOW + 5,
        .keep_days = 30,
        .choices = "{\"choices\":[{\"id\":1}]}",
        .edited_by = 8,
        .edited_ms = 9,
    };
}

static struct es_ticket ticket(int64_t id)
{
    struct es_ticket t = {
        .initiative = INI,
        .id = id,
        .occasion = OCC,
        .affiliation = (int32_t)(id % 3 + 1),
        .name = "Ada King",
        .words = " ada king",
        .mail = "ada@run.example",
        .lang = "en",
        .created_ms = NOW + id,
        .keep_until_ms = NOW + 100,
    };
    memcpy(t.code, &id, sizeof id);
    memcpy(t.once, &id, sizeof id);
    return t;
}

static struct es_store *begin(struct es_arena *a, int64_t places, bool waiting)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_ticketing t = ticketing(places, waiting);
    es_arena_init(a, MEM);
    CHECK_INT(kit_write(s, set_up, &t), ES_OK);
    return s;
}

static void end(struct es_store *s, struct es_arena *a)
{
    es_arena_release(a);
    es_store_close(s);
}

static struct es_ticketing kept(struct es_store *s, struct es_arena *a)
{
    struct es_ticketing t = { 0 };
    CHECK_INT(es_store_ticketing(s, INI, OCC, a, &t, NULL), ES_OK);
    return t;
}

static enum es_code add(struct es_store *s, int64_t id, int32_t *how)
{
    struct es_ticket t = ticket(id);
    enum es_code rc = kit_write(s, add_one, &t);
    if (rc == ES_OK)
        *how = t.state;
    return rc;
}

TEST(what_there_is_to_register_for_comes_back_as_it_was)
{
    struct es_arena a;
    struct es_store *s = begin(&a, 120, true);
    struct es_ticketing t = kept(s, &a);
    CHECK(t.open && t.waiting);
    CHECK_INT(t.places, 120);
    CHECK_INT(t.closes_ms, NOW + 5);
    CHECK_INT(t.keep_days, 30);
    CHECK_STR(t.choices, "{\"choices\":[{\"id\":1}]}");
    CHECK_INT(t.placed + t.waits, 0);
    CHECK_INT(t.edition, 1);
    CHECK_INT(t.edited_by, 8);
    CHECK_INT(t.edited_ms, 9);

    /* of two who set it up or change it at once the second hears of it */
    struct es_ticketing again = ticketing(7, false);
    CHECK_INT(kit_write(s, set_up, &again), ES_ECONFLICT);
    again.edition = 1;
    CHECK_INT(kit_write(s, set_up, &again), ES_OK);
    CHECK_INT(kit_write(s, set_up, &again), ES_ECONFLICT);
    CHECK_INT(kept(s, &a).places, 7);
    again.occasion = OTHER;
    CHECK_INT(kit_write(s, set_up, &again), ES_ECONFLICT); /* never was */
    CHECK_INT(es_store_ticketing(s, INI, OTHER, &a, &t, NULL), ES_ENOENT);
    end(s, &a);
}

TEST(a_ticket_comes_back_as_it_was)
{
    struct es_arena a;
    struct es_store *s = begin(&a, 0, false);
    struct es_ticket want = ticket(21), t;
    int32_t how;
    CHECK_INT(add(s, 21, &how), ES_OK);
    CHECK_INT(how, ES_TICKET_PLACED);
    CHECK_INT(es_store_ticket(s, INI, 21, &a, &t, NULL), ES_OK);
    CHECK_STR(t.name, want.name);
    CHECK_STR(t.words, want.words);
    CHECK_STR(t.mail, want.mail);
    CHECK_STR(t.lang, "en");
    CHECK_INT(t.affiliation, want.affiliation);
    CHECK(memcmp(t.code, want.code, 32) == 0);
    CHECK(memcmp(t.once, want.once, 32) == 0);
    CHECK_INT(t.created_ms, NOW + 21);
    CHECK_INT(t.placed_ms, NOW + 21);
    CHECK_INT(t.ended_ms, 0);
    CHECK_INT(t.keep_until_ms, NOW + 100);
    CHECK_INT(t.came_ms, 0);
    CHECK_INT(es_store_ticket_by_code(s, INI, OCC, want.code, &a, &t, NULL),
              ES_OK);
    CHECK_INT(t.id, 21);
    CHECK_INT(es_store_ticket_by_code(s, INI, OTHER, want.code, &a, &t, NULL),
              ES_ENOENT);
    CHECK_INT(es_store_ticket(s, INI + 1, 21, &a, &t, NULL), ES_ENOENT);
    /* the same code or form again takes nobody's place */
    want.id = 22;
    CHECK_INT(kit_write(s, add_one, &want), ES_EEXIST);
    CHECK_INT(kept(s, &a).placed, 1);
    end(s, &a);
}

/* Places, then the list, in the order in which they came. */
TEST(who_comes_later_waits_and_rises_in_order)
{
    struct es_arena a;
    struct es_store *s = begin(&a, 2, true);
    struct es_ticket t;
    int32_t how;
    int64_t id = 101, before;
    for (int64_t i = 101; i <= 105; i++) {
        CHECK_INT(add(s, i, &how), ES_OK);
        CHECK_INT(how, i <= 102 ? ES_TICKET_PLACED : ES_TICKET_WAITS);
    }
    CHECK_INT(kept(s, &a).placed, 2);
    CHECK_INT(kept(s, &a).waits, 3);
    CHECK_INT(es_store_tickets_before(s, INI, OCC, 105, &before, NULL), ES_OK);
    CHECK_INT(before, 2);
    CHECK_INT(kit_write(s, rise, &id), ES_ENOENT); /* no place is free */
    CHECK_INT(id, 101);

    id = 104; /* who waits gives up: the others wait on */
    CHECK_INT(kit_write(s, give_back, &id), ES_OK);
    CHECK_INT(kit_write(s, give_back, &id), ES_ECONFLICT);
    CHECK_INT(kit_write(s, rise, &id), ES_ENOENT);
    id = 101;
    CHECK_INT(kit_write(s, give_back, &id), ES_OK);
    CHECK_INT(kept(s, &a).placed, 1);
    CHECK_INT(kit_write(s, rise, &id), ES_OK);
    CHECK_INT(id, 103);
    CHECK_INT(es_store_ticket(s, INI, 103, &a, &t, NULL), ES_OK);
    CHECK_INT(t.state, ES_TICKET_PLACED);
    CHECK_INT(t.placed_ms, NOW);
    CHECK_INT(kit_write(s, rise, &id), ES_ENOENT);
    CHECK_INT(kept(s, &a).placed, 2);
    CHECK_INT(kept(s, &a).waits, 1);
    id = 99;
    CHECK_INT(kit_write(s, give_back, &id), ES_ENOENT);
    end(s, &a);
}

TEST(without_a_list_full_is_full)
{
    struct es_arena a;
    struct es_store *s = begin(&a, 1, false);
    int32_t how = -1;
    CHECK_INT(add(s, 1, &how), ES_OK);
    CHECK_INT(add(s, 2, &how), ES_ETOOLARGE);
    struct es_ticket t;
    CHECK_INT(es_store_ticket(s, INI, 2, &a, &t, NULL), ES_ENOENT);
    struct es_ticket nowhere = ticket(3);
    nowhere.occasion = OTHER;
    CHECK_INT(kit_write(s, add_one, &nowhere), ES_ETOOLARGE);
    end(s, &a);
}

struct erasing {
    int64_t now_ms;
    size_t max, n;
};

WRITE(erase)
{
    struct erasing *x = arg;
    (void)blob;
    return es_txn_tickets_erase(tx, x->now_ms, x->max, &x->n, e);
}

static enum es_code erase_until(struct es_store *s, int64_t now_ms, size_t max,
                                size_t *n)
{
    struct erasing x = { now_ms, max, 0 };
    enum es_code rc = kit_write(s, erase, &x);
    *n = x.n;
    return rc;
}

TEST(names_are_erased_when_their_time_is_over)
{
    struct es_arena a;
    struct es_store *s = begin(&a, 0, false);
    struct es_ticket *v;
    struct es_ticket_count *c;
    int32_t how;
    size_t n;
    for (int64_t i = 1; i <= 5; i++)
        CHECK_INT(add(s, i, &how), ES_OK);
    struct es_ticket longer = ticket(6);
    longer.keep_until_ms = NOW + 200;
    CHECK_INT(kit_write(s, add_one, &longer), ES_OK);
    struct es_tickets_ask ask = { .initiative = INI,
                                  .occasion = OCC,
                                  .state = -1,
                                  .came = -1,
                                  .word = "",
                                  .max = 50 };
    CHECK_INT(erase_until(s, NOW + 99, 3, &n), ES_OK);
    CHECK_INT((int64_t)n, 0);
    CHECK_INT(erase_until(s, NOW + 100, 3, &n), ES_OK);
    CHECK_INT((int64_t)n, 3);
    CHECK_INT(erase_until(s, NOW + 100, 3, &n), ES_OK);
    CHECK_INT((int64_t)n, 2);
    CHECK_INT(es_store_tickets(s, &ask, &a, &v, &n, NULL), ES_OK);
    CHECK_INT((int64_t)n, 6);
    for (size_t i = 0; i < n; i++) {
        CHECK_STR(v[i].name, v[i].id == 6 ? "Ada King" : "");
        CHECK_STR(v[i].mail, v[i].id == 6 ? "ada@run.example" : "");
        CHECK_STR(v[i].words, v[i].id == 6 ? " ada king" : "");
    }
    /* the counts stay */
    CHECK_INT(es_store_ticket_counts(s, INI, OCC, &a, &c, &n, NULL), ES_OK);
    CHECK_INT((int64_t)n, 3);
    CHECK_INT(c[0].n + c[1].n + c[2].n, 6);
    end(s, &a);
}

/* ---- lists ---- */

static size_t count(struct es_store *s, struct es_tickets_ask ask)
{
    struct es_ticket *v;
    struct es_arena a;
    size_t n, all = 0;
    es_arena_init(&a, MEM);
    do {
        CHECK_INT(es_store_tickets(s, &ask, &a, &v, &n, NULL), ES_OK);
        for (size_t i = 0; i < n; i++) {
            CHECK(v[i].id > ask.after);
            ask.after = v[i].id;
        }
        all += n;
    } while (n == ask.max);
    es_arena_release(&a);
    return all;
}

static struct es_ticket_shown shown(int64_t id, int64_t at, int64_t door)
{
    return (struct es_ticket_shown){ INI, OCC, id, at, door, NOW };
}

TEST(lists_are_of_whom_one_asks_for)
{
    struct es_arena a;
    struct es_store *s = begin(&a, 20, true);
    int32_t how;
    int64_t gone = 5;
    for (int64_t i = 1; i <= 30; i++) {
        struct es_ticket t = ticket(i);
        if (i % 10 == 0)
            t.words = " grace m hopper";
        CHECK_INT(kit_write(s, add_one, &t), ES_OK);
    }
    struct es_ticket_shown one = shown(7, NOW, 1);
    CHECK_INT(kit_write(s, show, &one), ES_OK);
    CHECK_INT(kit_write(s, give_back, &gone), ES_OK);
    CHECK_INT(add(s, 31, &how), ES_OK);
    struct es_tickets_ask all = {
        .initiative = INI, .occasion = OCC, .state = -1, .came = -1, .word = ""
    };
    for (all.max = 1; all.max < 40; all.max += 7) {
        struct es_tickets_ask k = all;
        CHECK_INT((int64_t)count(s, k), 30);
        k.state = ES_TICKET_BACK;
        CHECK_INT((int64_t)count(s, k), 1);
        k.state = ES_TICKET_WAITS;
        CHECK_INT((int64_t)count(s, k), 10);
        k = all;
        k.affiliation = 2;
        CHECK_INT((int64_t)count(s, k), 11);
        k = all;
        k.word = "hop";
        CHECK_INT((int64_t)count(s, k), 3);
        k.word = "opper";
        CHECK_INT((int64_t)count(s, k), 0);
        k.word = "grace m";
        CHECK_INT((int64_t)count(s, k), 3);
        k = all;
        k.came = 1;
        CHECK_INT((int64_t)count(s, k), 1);
        k.came = 0;
        CHECK_INT((int64_t)count(s, k), 29);
    }
    end(s, &a);
}

/* ---- doors ---- */

/* Each batch of records, in any order and told again and again, leaves what
 * the whole has: the first showing, all of them, and each door's part. */
TEST(what_doors_tell_comes_to_the_same_in_any_order)
{
    enum { TICKETS = 12, RECORDS = 60, ROUNDS = 6 };
    struct es_ticket_shown r[RECORDS];
    int64_t first[TICKETS + 1], door[TICKETS + 1];
    uint64_t seed = 7;
    memset(first, 0, sizeof first);
    memset(door, 0, sizeof door);
    for (size_t i = 0; i < RECORDS; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t id = (int64_t)(seed >> 33) % TICKETS + 1;
        int64_t at = NOW + (int64_t)(seed >> 45) % 7;
        r[i] = shown(id, at, (int64_t)i % 4 + 1);
        if (!first[id] || at < first[id] ||
            (at == first[id] && r[i].door < door[id])) {
            first[id] = at;
            door[id] = r[i].door;
        }
    }
    for (int round = 0; round < ROUNDS; round++) {
        struct es_arena a;
        struct es_store *s = begin(&a, 0, false);
        struct es_ticket t;
        int32_t how;
        for (int64_t i = 1; i <= TICKETS; i++)
            CHECK_INT(add(s, i, &how), ES_OK);
        for (size_t i = RECORDS - 1; i > 0; i--) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            size_t j = (size_t)(seed >> 33) % (i + 1);
            struct es_ticket_shown tmp = r[i];
            r[i] = r[j];
            r[j] = tmp;
        }
        for (size_t i = 0; i < RECORDS + 20; i++)
            CHECK_INT(kit_write(s, show, &r[i % RECORDS]), ES_OK);
        for (int64_t i = 1; i <= TICKETS; i++) {
            struct es_ticket_shown *v;
            size_t n;
            CHECK_INT(es_store_ticket(s, INI, i, &a, &t, NULL), ES_OK);
            CHECK_INT(t.came_ms, first[i]);
            CHECK_INT(t.came_door, first[i] ? door[i] : 0);
            CHECK_INT(es_store_ticket_shows(s, INI, OCC, i, RECORDS, &a, &v, &n,
                                            NULL),
                      ES_OK);
            CHECK((n > 0) == (first[i] > 0));
            CHECK(n == 0 || v[0].at_ms == first[i]);
            for (size_t k = 1; k < n; k++)
                CHECK(v[k - 1].at_ms < v[k].at_ms ||
                      (v[k - 1].at_ms == v[k].at_ms &&
                       v[k - 1].door < v[k].door));
        }
        end(s, &a);
    }
}

TEST(a_door_has_its_name_and_its_figures)
{
    struct es_arena a;
    struct es_store *s = begin(&a, 0, false);
    struct es_ticket_door d = { .initiative = INI,
                                .occasion = OCC,
                                .id = 77,
                                .name = "Main entrance",
                                .account = 4,
                                .seen_ms = NOW };
    struct es_ticket_door *v;
    int32_t how;
    size_t n;
    for (int64_t i = 1; i <= 3; i++)
        CHECK_INT(add(s, i, &how), ES_OK);
    CHECK_INT(kit_write(s, put_door, &d), ES_OK);
    d.id = 78;
    d.name = "Garden";
    CHECK_INT(kit_write(s, put_door, &d), ES_OK);
    struct es_ticket_shown r[] = { shown(1, NOW + 2, 77), shown(1, NOW + 1, 78),
                                   shown(2, NOW + 3, 77), shown(2, NOW + 4, 77),
                                   shown(3, NOW + 5, 78) };
    for (size_t i = 0; i < sizeof r / sizeof *r; i++)
        CHECK_INT(kit_write(s, show, &r[i]), ES_OK);
    struct es_ticket_shown stranger = shown(9, NOW, 77);
    CHECK_INT(kit_write(s, show, &stranger), ES_ENOENT);
    stranger = shown(1, NOW, 77);
    stranger.occasion = OTHER;
    CHECK_INT(kit_write(s, show, &stranger), ES_ENOENT);
    d.name = "Garden gate";
    d.seen_ms = NOW + 9;
    CHECK_INT(kit_write(s, put_door, &d), ES_OK);
    CHECK_INT(es_store_ticket_doors(s, INI, OCC, &a, &v, &n, NULL), ES_OK);
    CHECK_INT((int64_t)n, 2);
    CHECK_STR(v[0].name, "Main entrance");
    CHECK_INT(v[0].shown, 3);
    CHECK_INT(v[0].first, 1);
    CHECK_STR(v[1].name, "Garden gate");
    CHECK_INT(v[1].shown, 2);
    CHECK_INT(v[1].first, 2);
    CHECK_INT(v[1].seen_ms, NOW + 9);
    for (d.id = 100; d.id < 100 + ES_TICKET_DOORS - 2; d.id++)
        CHECK_INT(kit_write(s, put_door, &d), ES_OK);
    CHECK_INT(kit_write(s, put_door, &d), ES_ETOOLARGE);
    d.id = 77;
    CHECK_INT(kit_write(s, put_door, &d), ES_OK);
    end(s, &a);
}
