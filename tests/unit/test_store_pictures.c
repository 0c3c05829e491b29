/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An exhibition as it is kept: pictures come back as they were, their order
 * stands whatever is moved, pages of 5,000 are found without reading them, and
 * what is full takes no more. */
#include "base/limits.h"
#include "store/pictures.h"
#include "store/sqlite/sql.h"
#include "store_kit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { INI = 3, OTHER = 4, MEM = 32 << 20, PAGE = 24 };

static struct es_picture picture(int64_t id)
{
    return (struct es_picture){
        .initiative = INI,
        .id = id,
        .state = ES_PICTURE_SHOWN,
        .bytes = 1000,
        .width = 1600,
        .height = 1200,
        .licence = ES_LICENCE_BY_SA,
        .name = "IMG_1.jpg",
        .alt = "A lamp",
        .caption = "The first lamp",
        .credit = "Meriel Dawes",
        .taken = "spring of 1921",
        .place = "Port Ilse",
        .warning = "A ruin",
        .created_ms = 7,
        .edited_by = 8,
        .edited_ms = 9,
    };
}

WRITE(put_one)
{
    (void)blob;
    return es_txn_picture_add(tx, arg, e);
}

WRITE(change_one)
{
    (void)blob;
    return es_txn_picture_put(tx, arg, e);
}

WRITE(drop_one)
{
    const struct es_picture *p = arg;
    (void)blob;
    return es_txn_picture_drop(tx, p->initiative, p->id, e);
}

WRITE(put_words)
{
    (void)blob;
    return es_txn_exhibition_put(tx, arg, e);
}

struct moving {
    int64_t id, before;
};

WRITE(move_one)
{
    const struct moving *m = arg;
    (void)blob;
    return es_txn_picture_move(tx, INI, m->id, m->before, e);
}

static void add(struct es_store *s, int64_t id)
{
    struct es_picture p = picture(id);
    CHECK_INT(kit_write(s, put_one, &p), ES_OK);
}

static void move(struct es_store *s, int64_t id, int64_t before)
{
    struct moving m = { id, before };
    CHECK_INT(kit_write(s, move_one, &m), ES_OK);
}

/* "3 1 2" */
static const char *order(struct es_store *s)
{
    static char text[400];
    struct es_pictures_ask ask = { .initiative = INI,
                                   .drafts = true,
                                   .max = 50 };
    struct es_picture *v;
    struct es_arena a;
    size_t n, at = 0;
    es_arena_init(&a, MEM);
    CHECK_INT(es_store_pictures(s, &ask, &a, &v, &n, NULL), ES_OK);
    text[0] = '\0';
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%lld",
                               i ? " " : "", (long long)v[i].id);
    es_arena_release(&a);
    return text;
}

TEST(a_picture_comes_back_as_it_was)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_picture p = picture(11), back;
    struct es_arena a;
    es_arena_init(&a, MEM);
    add(s, 11);
    CHECK_INT(kit_write(s, put_one, &p), ES_EEXIST);
    CHECK_INT(es_store_picture(s, INI, 11, &a, &back, NULL), ES_OK);
    CHECK_INT(back.state, ES_PICTURE_SHOWN);
    CHECK(back.rank > 0);
    CHECK_INT(back.bytes, 1000);
    CHECK_INT(back.width, 1600);
    CHECK_INT(back.height, 1200);
    CHECK_INT(back.licence, ES_LICENCE_BY_SA);
    CHECK_STR(back.name, p.name);
    CHECK_STR(back.alt, p.alt);
    CHECK_STR(back.caption, p.caption);
    CHECK_STR(back.credit, p.credit);
    CHECK_STR(back.taken, p.taken);
    CHECK_STR(back.place, p.place);
    CHECK_STR(back.warning, p.warning);
    CHECK_INT(back.created_ms, 7);
    CHECK_INT(back.edition, 1);
    CHECK_INT(back.edited_by, 8);
    CHECK_INT(es_store_picture(s, OTHER, 11, &a, &back, NULL), ES_ENOENT);
    /* Of two who change it the second hears of it. */
    p.edition = 1;
    p.alt = "Two lamps";
    CHECK_INT(kit_write(s, change_one, &p), ES_OK);
    CHECK_INT(kit_write(s, change_one, &p), ES_ECONFLICT);
    CHECK_INT(kit_write(s, drop_one, &p), ES_OK);
    CHECK_INT(kit_write(s, drop_one, &p), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

TEST(what_stands_above_has_editions)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_exhibition back;
    struct es_exhibition x = { .initiative = INI,
                               .occasion = 5,
                               .lang = "az",
                               .title = "Lamps",
                               .about = "Of a century",
                               .edited_by = 2,
                               .edited_ms = 3 };
    struct es_arena a;
    es_arena_init(&a, MEM);
    CHECK_INT(es_store_exhibition(s, INI, &a, &back, NULL), ES_ENOENT);
    CHECK_INT(kit_write(s, put_words, &x), ES_OK);
    CHECK_INT(kit_write(s, put_words, &x), ES_ECONFLICT);
    CHECK_INT(es_store_exhibition(s, INI, &a, &back, NULL), ES_OK);
    CHECK_INT(back.occasion, 5);
    CHECK_STR(back.lang, "az");
    CHECK_STR(back.title, "Lamps");
    CHECK_STR(back.about, "Of a century");
    CHECK_INT(back.edition, 1);
    x.edition = 1;
    CHECK_INT(kit_write(s, put_words, &x), ES_OK);
    es_arena_release(&a);
    es_store_close(s);
}

TEST(order_stands_whatever_is_moved)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct moving gone = { 99, 1 };
    for (int64_t id = 1; id <= 5; id++)
        add(s, id);
    CHECK_STR(order(s), "1 2 3 4 5");
    move(s, 5, 1);
    CHECK_STR(order(s), "5 1 2 3 4");
    move(s, 1, 0);
    CHECK_STR(order(s), "5 2 3 4 1");
    move(s, 3, 3);
    move(s, 4, 3);
    CHECK_STR(order(s), "5 2 4 3 1");
    CHECK_INT(kit_write(s, move_one, &gone), ES_ENOENT);
    gone = (struct moving){ 1, 99 };
    CHECK_INT(kit_write(s, move_one, &gone), ES_ENOENT);
    /* Until there is no number left between two, and beyond. */
    for (int i = 0; i < 60; i++)
        move(s, i % 2 ? 3 : 4, i % 2 ? 4 : 3);
    CHECK_STR(order(s), "5 2 3 4 1");
    es_store_close(s);
}

WRITE(fill)
{
    struct es_picture *p = arg;
    (void)blob;
    for (int64_t i = 0; i < ES_PICTURES_MAX; i++) {
        p->id = i + 1;
        p->state = i % 100 == 7 ? ES_PICTURE_DRAFT : ES_PICTURE_SHOWN;
        enum es_code rc = es_txn_picture_add(tx, p, e);
        if (rc != ES_OK)
            return rc;
    }
    return ES_OK;
}

/* All of them, page by page, forwards or backwards. */
static size_t walk(struct es_store *s, bool drafts, bool backwards)
{
    struct es_pictures_ask ask = {
        .initiative = INI, .drafts = drafts, .backwards = backwards, .max = PAGE
    };
    size_t all = 0, n = PAGE;
    while (n == PAGE) {
        struct es_picture *v;
        struct es_arena a;
        es_arena_init(&a, MEM);
        CHECK_INT(es_store_pictures(s, &ask, &a, &v, &n, NULL), ES_OK);
        for (size_t i = 0; i < n; i++) {
            CHECK(drafts || v[i].state == ES_PICTURE_SHOWN);
            CHECK(ask.from == 0 ||
                  (backwards ? v[i].rank < ask.from : v[i].rank > ask.from));
            ask.from = v[i].rank;
        }
        all += n;
        es_arena_release(&a);
    }
    return all;
}

TEST(five_thousand_are_paged_and_no_more_are_taken)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_picture p = picture(1), back;
    struct es_pictures_sum sum;
    struct es_arena a;
    int64_t at;
    es_arena_init(&a, MEM);
    CHECK_INT(kit_write(s, fill, &p), ES_OK);
    CHECK_INT((int64_t)walk(s, false, false), 4950);
    CHECK_INT((int64_t)walk(s, false, true), 4950);
    CHECK_INT((int64_t)walk(s, true, false), 5000);
    CHECK_INT(es_store_pictures_sum(s, INI, &sum, NULL), ES_OK);
    CHECK_INT(sum.n, 5000);
    CHECK_INT(sum.shown, 4950);
    CHECK_INT(sum.bytes, 5000000);
    CHECK_INT(es_store_picture_lacking(s, INI, 0, &a, &back, NULL), ES_OK);
    CHECK_INT(back.id, 8);
    CHECK_INT(es_store_picture(s, INI, 5000, &a, &back, NULL), ES_OK);
    CHECK_INT(es_store_picture_place(s, INI, back.rank, &at, NULL), ES_OK);
    CHECK_INT(at, 4950);
    p.id = ES_PICTURES_MAX + 1;
    CHECK_INT(kit_write(s, put_one, &p), ES_ECONFLICT);
    p.id = 1;
    CHECK_INT(kit_write(s, drop_one, &p), ES_OK);
    p.id = ES_PICTURES_MAX + 1;
    CHECK_INT(kit_write(s, put_one, &p), ES_OK);
    p.initiative = OTHER;
    CHECK_INT(kit_write(s, put_one, &p), ES_OK);
    es_arena_release(&a);
    es_store_close(s);
}

TEST(the_last_byte_of_the_quota_is_the_last)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_picture p = picture(1);
    p.bytes = ES_PICTURES_QUOTA - 10;
    CHECK_INT(kit_write(s, put_one, &p), ES_OK);
    p.id = 2;
    p.bytes = 11;
    CHECK_INT(kit_write(s, put_one, &p), ES_ECONFLICT);
    p.bytes = 10;
    CHECK_INT(kit_write(s, put_one, &p), ES_OK);
    p.id = 3;
    p.bytes = 1;
    CHECK_INT(kit_write(s, put_one, &p), ES_ECONFLICT);
    es_store_close(s);
}

/* A page is found by its place in an index, and sorts nothing. */
TEST(pages_are_found_by_an_index)
{
    static const struct {
        enum es_query q;
        const char *plan;
    } PLANS[] = {
        { ES_Q_PICTURES_SHOWN, "USING INDEX picture_shown" },
        { ES_Q_PICTURES_SHOWN_BACK, "USING INDEX picture_shown" },
        { ES_Q_PICTURES, "USING INDEX picture_order" },
        { ES_Q_PICTURES_BACK, "USING INDEX picture_order" },
        { ES_Q_PICTURE_PLACE, "USING COVERING INDEX picture_shown" },
        { ES_Q_PICTURES_SUM, "USING COVERING INDEX picture_room" },
        { ES_Q_PICTURE_LAST, "USING COVERING INDEX picture_order" },
    };
    const char *dir = t_tmpdir();
    struct es_store *store = kit_open(dir);
    sqlite3 *db = NULL;
    char path[512], text[2048];
    (void)snprintf(path, sizeof path, "%s/everystep.db", dir);
    CHECK_INT(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL),
              SQLITE_OK);
    for (size_t i = 0; i < sizeof PLANS / sizeof *PLANS; i++) {
        sqlite3_stmt *st = NULL;
        size_t lines = 0;
        (void)snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s",
                       ES_SQL[PLANS[i].q]);
        CHECK_INT(sqlite3_prepare_v2(db, text, -1, &st, NULL), SQLITE_OK);
        while (sqlite3_step(st) == SQLITE_ROW) {
            const char *line = (const char *)sqlite3_column_text(st, 3);
            if (!strstr(line, PLANS[i].plan))
                FAIL("%s: %s", line, ES_SQL[PLANS[i].q]);
            lines++;
        }
        CHECK_INT((int64_t)lines, 1); /* and no "USE TEMP B-TREE" */
        sqlite3_finalize(st);
    }
    sqlite3_close(db);
    es_store_close(store);
}
