/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The second migration: a store of the first one keeps all it has; names are
 * found, media and routes come back. */
#include "store_kit.h"

#include "base/limits.h"
#include "store/sqlite/migrate.h"

#include <inttypes.h>
#include <unistd.h>

enum { INI = 3 };

/* ---- from the first version ---- */

/* Two measures, as far as a migration looks: FIT, and GPX by OpenTracks. */
#define TEN "00000000000000000000"
#define REST TEN TEN TEN TEN TEN TEN TEN TEN "000000000000"
#define A_FIT "x'0301" REST "00'"
#define A_GPX "x'0302" REST "0a4f70656e547261636b73'"
#define A_TCX "x'0303" REST "0a4f70656e547261636b72'"

static const char FIRST[] =
    "INSERT INTO initiative VALUES (3, 'lantern', 'T', 'P', 'H', 'C', 'en',"
    " 'UTC', 1, 2, 3, 4, 2, 1, '{}', '[]');"
    "INSERT INTO slug VALUES ('lantern', 3);"
    "INSERT INTO participant VALUES (3, 4, 1, 'Leyla', 'AZ', 0, '', 0, 0, '',"
    " '', 'az', '{}', 5);"
    "INSERT INTO run VALUES (3, 9, 4, 'abc', 1, 0, 6, 7, 5000, 5000, 1800, 1,"
    " 0, '', '', '', x'', x'');"
    "INSERT INTO run VALUES (3, 20, 4, 'b', 0, 2, 6, 7, 1, 1, 1, 1, 0, '', '',"
    " '', x'', " A_FIT "), (3, 21, 4, 'c', 0, 2, 6, 7, 1, 1, 1, 1, 0, '', '',"
    " '', x'', " A_GPX "), (3, 22, 4, 'd', 0, 2, 6, 7, 1, 1, 1, 1, 0, '', '',"
    " '', x'', " A_TCX ");"
    "INSERT INTO run_code VALUES ('abc', 3, 9);"
    "INSERT INTO ledger VALUES (3, 4, 10, 9, 5000, 1800, 1, 6, 'system',"
    " 'accepted');"
    "PRAGMA application_id = 1165390708; PRAGMA user_version = 1;";

static void first_version(const char *dir)
{
    char path[256];
    sqlite3 *h = NULL;
    (void)snprintf(path, sizeof path, "%s/everystep.db", dir);
    CHECK_INT(sqlite3_open(path, &h), SQLITE_OK);
    CHECK_INT(sqlite3_exec(h, ES_MIGRATIONS[0], NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_exec(h, FIRST, NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_close(h), SQLITE_OK);
}

TEST(store_of_the_first_version_keeps_what_it_has)
{
    const char *dir = t_tmpdir();
    struct es_initiative ini;
    struct es_participant p;
    struct es_run run;
    struct kit_sums t = { 0 };
    struct es_arena a;

    first_version(dir);
    es_arena_init(&a, 1 << 20);
    for (int again = 0; again < 2; again++) {
        struct es_store *s = kit_open(dir);
        CHECK_INT(es_store_initiative(s, "lantern", &a, &ini, NULL), ES_OK);
        CHECK_INT(ini.id, INI);
        CHECK_STR(ini.consents, "[]");
        CHECK_STR(ini.face, "{}");
        CHECK_INT(es_store_participant_by_bib(s, INI, 1, &a, &p, NULL), ES_OK);
        CHECK_STR(p.display_name, "Leyla");
        CHECK_INT(es_store_run_by_code(s, "abc", &a, &run, NULL), ES_OK);
        CHECK_INT(run.counted_mm, 5000);
        CHECK_INT(run.provenance, 4); /* it was typed in */
        for (int i = 0; i < 3; i++) {
            CHECK_INT(es_store_run(s, INI, 20 + i, &a, &run, NULL), ES_OK);
            CHECK_INT(run.provenance, i < 2 ? 2 : 3);
        }
        t = (struct kit_sums){ 0 };
        CHECK_INT(es_store_each_sum(s, INI, kit_add_sum, &t, NULL), ES_OK);
        CHECK_INT(t.mm, 5000);
        CHECK_INT(t.ledger_mm, 5000);
        es_store_close(s);
    }
    es_arena_release(&a);
}

TEST(initiative_without_a_face_has_an_empty_one)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct es_initiative out;
    struct es_arena a;
    int64_t id = INI;

    es_arena_init(&a, 1 << 16);
    kit_world(s, id);
    CHECK_INT(es_store_initiative_by_id(s, id, &a, &out, NULL), ES_OK);
    CHECK_STR(out.face, "{\"colour\":\"#0b6b5d\"}");
    es_arena_release(&a);
    es_store_close(s);
}

/* ---- names ---- */

struct naming {
    int64_t who;
    const char *words[4];
};
WRITE(put_words)
{
    const struct naming *n = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    for (size_t i = 0; rc == ES_OK && i < 4 && n->words[i] != NULL; i++)
        rc = es_txn_word_put(tx, INI, n->words[i], n->who, e);
    return rc;
}

WRITE(drop_words)
{
    const int64_t *who = arg;
    (void)blob;
    return es_txn_words_drop(tx, INI, *who, e);
}

/* The ids that a search finds, as "2 5 ", for up to four words. */
static const char *found(struct es_store *s, const char *const *words,
                         size_t max)
{
    static char out[200];
    struct es_arena a;
    int64_t *id;
    size_t n, n_words = 0, at = 0;

    while (n_words < ES_SEARCH_WORDS && words[n_words] != NULL)
        n_words++;
    es_arena_init(&a, 1 << 20);
    CHECK_INT(es_store_search(s, INI, words, n_words, max, &a, &id, &n, NULL),
              ES_OK);
    out[0] = 0;
    for (size_t i = 0; i < n; i++)
        at +=
            (size_t)snprintf(out + at, sizeof out - at, "%" PRId64 " ", id[i]);
    es_arena_release(&a);
    return out;
}
#define FOUND(s, ...) found(s, (const char *const[5]){ __VA_ARGS__ }, 10)

TEST(people_are_found_by_beginnings_of_words)
{
    struct naming NAMES[] = {
        { 2, { "leyla", "aliyeva" } },
        { 3, { "ali", "veli" } },
        { 5, { "alia", "leylani", "al", "x" } },
        { 6, { "\xd8\xb9\xd8\xa7\xd8\xa6\xd8\xb4\xdb\x81" } },
    };
    struct es_store *s = kit_open(t_tmpdir());
    int64_t two = 2;

    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        for (int again = 0; again < 2; again++)
            CHECK_INT(kit_write(s, put_words, &NAMES[i]), ES_OK);
    CHECK_STR(FOUND(s, "ali"), "3 5 2 ");
    CHECK_STR(FOUND(s, "aliy"), "2 ");
    CHECK_STR(FOUND(s, "al", "leyla"), "2 5 ");
    CHECK_STR(FOUND(s, "leyla", "al"), "2 5 ");
    CHECK_STR(FOUND(s, "l", "a", "x", "al"), "5 ");
    CHECK_STR(FOUND(s, "leyla", "veli"), "");
    CHECK_STR(FOUND(s, "\xd8\xb9\xd8\xa7"), "6 ");
    CHECK_STR(FOUND(s, "\xf4\x8f\xbf\xbd"), "");
    CHECK_STR(FOUND(s, "%"), "");
    CHECK_STR(found(s, (const char *const[5]){ "a" }, 2), "5 3 ");
    CHECK_INT(kit_write(s, drop_words, &two), ES_OK);
    CHECK_STR(FOUND(s, "leyla"), "5 ");
    CHECK_STR(FOUND(s, "ali"), "3 5 ");
    es_store_close(s);
}

TEST(participants_are_walked_in_steps)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_participant *v;
    struct es_arena a;
    size_t n;

    kit_world(s, INI);
    kit_world(s, 100);
    es_arena_init(&a, 1 << 16);
    CHECK_INT(es_store_participants_after(s, INI, 0, 5, &a, &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 1);
    CHECK_INT(v[0].id, INI + 1);
    CHECK_INT(es_store_participants_after(s, INI, INI + 1, 5, &a, &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(es_store_participant_by_bib(s, INI, 2, &a, v, NULL), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

/* ---- media ---- */

WRITE(add_media)
{
    struct es_media *m = arg;
    m->blob = *blob;
    return es_txn_media_add(tx, m, e);
}

WRITE(drop_media)
{
    const int64_t *id = arg;
    (void)blob;
    return es_txn_media_drop(tx, INI, *id, e);
}

static enum es_code media_put(struct es_store *s, struct es_media *m,
                              struct es_bytes bytes)
{
    struct es_write w = { .apply = add_media, .arg = m, .upload = bytes };
    es_store_hash(bytes, w.upload_hash);
    return es_store_write(s, &w, NULL);
}

TEST(media_come_back_and_are_watched_over)
{
    const char *dir = t_tmpdir(), *to = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct es_media m = { .initiative = INI,
                          .id = 8,
                          .kind = "picture",
                          .type = "image/webp",
                          .name = "a.webp",
                          .created_ms = 77 };
    struct es_media out, *all;
    struct es_buf bytes = kit_bytes(9, 5000);
    struct es_verified v;
    struct es_arena a;
    char seg[256];
    size_t n;

    es_arena_init(&a, 1 << 16);
    CHECK_INT(media_put(s, &m, es_buf_bytes(&bytes)), ES_OK);
    CHECK_INT(media_put(s, &m, es_buf_bytes(&bytes)), ES_EEXIST);
    m.id = 9;
    CHECK_INT(media_put(s, &m, es_bytes_str("other")), ES_OK);
    CHECK_INT(es_store_media(s, INI, 8, &a, &out, NULL), ES_OK);
    CHECK_STR(out.kind, "picture");
    CHECK_STR(out.type, "image/webp");
    CHECK_STR(out.name, "a.webp");
    CHECK_INT(out.created_ms, 77);
    CHECK_INT(out.blob.length, 5000);
    kit_check_blob(s, &out.blob, es_buf_bytes(&bytes));
    CHECK_INT(es_store_media(s, INI + 1, 8, &a, &out, NULL), ES_ENOENT);
    CHECK_INT(es_store_media_of(s, INI, &a, &all, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(all[1].id, 9);

    /* In a copy, too, and what is damaged there is told. */
    CHECK_INT(es_store_backup(s, to, NULL), ES_OK);
    es_store_close(s);
    s = kit_open(to);
    CHECK_INT(es_store_verify(s, &v, NULL), ES_OK);
    CHECK_INT(v.blobs, 2);
    CHECK_INT(v.bytes, 5005);
    CHECK_INT(v.damaged, 0);
    CHECK_INT(es_store_media(s, INI, 8, &a, &out, NULL), ES_OK);
    kit_check_blob(s, &out.blob, es_buf_bytes(&bytes));
    (void)snprintf(seg, sizeof seg, "%s/segments/00000001.seg", to);
    CHECK_INT(truncate(seg, 200), 0);
    CHECK_INT(es_store_verify(s, &v, NULL), ES_OK);
    CHECK_INT(v.damaged, 2);
    CHECK_INT(v.first_initiative, INI);
    CHECK_INT(v.first_run, 0);
    CHECK_INT(v.first_media, 8);

    int64_t id = 8;
    CHECK_INT(kit_write(s, drop_media, &id), ES_OK);
    CHECK_INT(kit_write(s, drop_media, &id), ES_ENOENT);
    CHECK_INT(es_store_media(s, INI, 8, &a, &out, NULL), ES_ENOENT);
    es_store_close(s);
    es_buf_release(&bytes);
    es_arena_release(&a);
}

TEST(segment_that_media_name_is_not_swept)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir), *other = kit_open(dir);
    struct es_media m = { .initiative = INI, .id = 8 }, late = m;
    struct es_buf bytes = kit_bytes(9, 5000);
    uint64_t freed = 1;
    int64_t id = 8;

    late.id = 9;
    CHECK_INT(media_put(s, &m, es_buf_bytes(&bytes)), ES_OK);
    CHECK_INT(media_put(other, &late, es_buf_bytes(&bytes)), ES_OK);
    CHECK(late.blob.segment > m.blob.segment); /* the newest always stays */
    es_store_close(other);
    es_store_close(s);
    s = kit_open(dir);
    CHECK_INT(es_store_sweep(s, &freed, NULL), ES_OK);
    CHECK_INT(freed, 0);
    kit_check_blob(s, &m.blob, es_buf_bytes(&bytes));
    CHECK_INT(kit_write(s, drop_media, &id), ES_OK);
    CHECK_INT(es_store_sweep(s, &freed, NULL), ES_OK);
    CHECK(freed >= 5000);
    es_store_close(s);
    es_buf_release(&bytes);
}

/* ---- routes ---- */

WRITE(put_route)
{
    (void)blob;
    return es_txn_route_put(tx, arg, e);
}

WRITE(drop_route)
{
    const struct es_shown_route *r = arg;
    (void)blob;
    return es_txn_route_drop(tx, r->initiative, r->participant, r->run, e);
}

WRITE(add_zone)
{
    (void)blob;
    return es_txn_zone_add(tx, arg, e);
}

/* A person's routes and zones as a write sees them. */
struct shown {
    struct es_arena *a;
    struct es_shown_route *routes;
    struct es_zone *zones;
    size_t n_routes, n_zones;
};
WRITE(read_shown)
{
    struct shown *w = arg;
    (void)blob;
    enum es_code rc =
        es_txn_routes_of(tx, INI, 4, w->a, &w->routes, &w->n_routes, e);
    return rc == ES_OK
               ? es_txn_zones_of(tx, INI, 4, w->a, &w->zones, &w->n_zones, e)
               : rc;
}

TEST(routes_and_zones_come_back)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_arena a;
    struct shown w = { .a = &a };
    struct es_shown_route r = { INI, 4, 50, 6, es_bytes_str("line") }, out;
    struct es_zone z = { INI, 4, 1, es_bytes_str("circle") };

    es_arena_init(&a, 1 << 16);
    CHECK_INT(es_store_route(s, INI, 4, 50, &a, &out, NULL), ES_ENOENT);
    CHECK_INT(kit_write(s, put_route, &r), ES_OK);
    r.line = es_bytes_str("shorter");
    CHECK_INT(kit_write(s, put_route, &r), ES_OK);
    CHECK_INT(es_store_route(s, INI, 4, 50, &a, &out, NULL), ES_OK);
    CHECK(es_bytes_eq(out.line, r.line));
    CHECK_INT(out.shown_ms, 6);
    CHECK_INT(kit_write(s, add_zone, &z), ES_OK);
    CHECK_INT(kit_write(s, add_zone, &z), ES_EEXIST);
    r.participant = 5; /* somebody else's */
    CHECK_INT(kit_write(s, put_route, &r), ES_OK);
    CHECK_INT(kit_write(s, read_shown, &w), ES_OK);
    CHECK_INT(w.n_routes, 1);
    CHECK_INT(w.routes[0].run, 50);
    CHECK_INT(w.n_zones, 1);
    CHECK(es_bytes_eq(w.zones[0].circle, z.circle));
    CHECK_INT(kit_write(s, drop_route, &r), ES_OK);
    CHECK_INT(kit_write(s, drop_route, &r), ES_ENOENT);
    CHECK_INT(es_store_route(s, INI, 4, 50, &a, &out, NULL), ES_OK);
    es_arena_release(&a);
    es_store_close(s);
}
