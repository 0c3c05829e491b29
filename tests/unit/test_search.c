/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People are found by name and bib, as they show themselves. */
#include "t.h"

#include "base/limits.h"
#include "initiative/search.h"
#include "world.h"

#include <sqlite3.h>
#include <string.h>

static struct es_participant join_as(struct world *w, const char *name,
                                     const char *visibility)
{
    struct es_err e = { 0 };
    struct es_field_errors fe;
    struct es_joined j;
    struct es_join in = { .display_name = name,
                          .visibility = visibility,
                          .consents = "{\"rules\":2}" };
    world_must(es_register(&w->app, &w->ini, &in, &w->a, &j, &fe, &e), &e);
    return j.p;
}

static void ran(struct world *w, const struct es_participant *p, int64_t mm)
{
    CHECK_INT(es_standings_add(es_app_standings(&w->app, w->ini.id), p->id, mm,
                               mm, 1),
              ES_OK);
}

/* The rows as "rank name; ", with "more" behind them. */
static const char *asked(struct world *w, const char *text, size_t max)
{
    static char out[500];
    struct es_standing *rows;
    struct es_err e = { 0 };
    size_t n, at = 0;
    bool more;
    world_must(
        es_search(&w->app, w->ini.id, text, max, &w->a, &rows, &n, &more, &e),
        &e);
    out[0] = 0;
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, "%lld %s; ",
                               (long long)rows[i].rank, rows[i].name);
    if (more)
        (void)snprintf(out + at, sizeof out - at, "more");
    return out;
}

static void crowd(struct world *w)
{
    struct es_participant ada = join_as(w, "Ada Lovelace", "name");
    struct es_participant adam = join_as(w, "Adam \u015eahin", "name");
    struct es_participant hidden = join_as(w, "Adalet Gizli", "hidden");
    struct es_participant shy = join_as(w, "Adnan Yavuz", "initials");
    join_as(w, "\u0639\u0627\u0626\u0634\u06c1 \u062e\u0627\u0646", "name");
    ran(w, &adam, 9000);
    ran(w, &hidden, 8000);
    ran(w, &shy, 7000);
    ran(w, &ada, 5000);
}

TEST(names_and_bibs_find_people_with_their_rank)
{
    struct world w;
    world_begin(&w);
    crowd(&w);
    CHECK_STR(asked(&w, "ada", 10), "1 Adam \u015eahin; 3 Ada Lovelace; ");
    CHECK_STR(asked(&w, "LOVE ada", 10), "3 Ada Lovelace; ");
    CHECK_STR(asked(&w, "sahin", 10), "1 Adam \u015eahin; ");
    CHECK_STR(asked(&w, "\u0639\u0627\u064a\u0634\u0647", 10),
              "0 \u0639\u0627\u0626\u0634\u06c1 \u062e\u0627\u0646; ");
    CHECK_STR(asked(&w, "1", 10), "3 Ada Lovelace; ");
    CHECK_STR(asked(&w, " \u06f2 ", 10), "1 Adam \u015eahin; ");
    CHECK_STR(asked(&w, "ada", 1), "1 Adam \u015eahin; more");
    CHECK_STR(asked(&w, "lovelacex", 10), "");
    world_end(&w);
}

TEST(who_hides_is_not_found_and_initials_only_as_such)
{
    struct world w;
    world_begin(&w);
    crowd(&w);
    CHECK_STR(asked(&w, "adalet", 10), "");
    CHECK_STR(asked(&w, "gizli", 10), "");
    CHECK_STR(asked(&w, "3", 10), "");
    CHECK_STR(asked(&w, "adnan", 10), "");
    CHECK_STR(asked(&w, "yavuz", 10), "");
    CHECK_STR(asked(&w, "a y", 10), "2 A. Y.; ");
    CHECK_STR(asked(&w, "4", 10), "2 A. Y.; ");
    world_end(&w);
}

TEST(strange_questions_find_nobody)
{
    static const char *const STRANGE[] = { "",
                                           "   ",
                                           "%",
                                           "_",
                                           "' OR 1=1",
                                           "\x01",
                                           "\xff\xfe",
                                           "99999999999999999999999",
                                           "-1",
                                           "0",
                                           "\u202e\u200f",
                                           "* NEAR /* --" };
    struct world w;
    struct es_standing *rows;
    struct es_buf b;
    size_t n;
    bool more;

    world_begin(&w);
    crowd(&w);
    for (size_t i = 0; i < sizeof STRANGE / sizeof *STRANGE; i++)
        if (i != 8) /* "-1" is bib 1 with a dash before it */
            CHECK_STR(asked(&w, STRANGE[i], 10), "");
    es_buf_init(&b, 1 << 12);
    for (size_t i = 0; i < ES_QUERY_MAX + 1; i++)
        es_buf_str(&b, "\u0627");
    CHECK_INT(es_search(&w.app, w.ini.id, es_buf_cstr(&b), 5, &w.a, &rows, &n,
                        &more, NULL),
              ES_EINVAL);
    es_buf_release(&b);
    CHECK_INT(es_search(&w.app, 1, "ada", 5, &w.a, &rows, &n, &more, NULL),
              ES_ENOENT);
    world_end(&w);
}

static void sql(const char *dir, const char *text)
{
    char path[256];
    sqlite3 *h = NULL;
    (void)snprintf(path, sizeof path, "%s/everystep.db", dir);
    CHECK_INT(sqlite3_open(path, &h), SQLITE_OK);
    CHECK_INT(sqlite3_exec(h, text, NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_close(h), SQLITE_OK);
}

/* A store from before names could be searched, and one in which the filling
 * was cut short. */
TEST(older_stores_are_made_searchable_when_opened)
{
    static const char *const BEFORE[] = {
        "DELETE FROM name_word; DELETE FROM meta WHERE key = 'words2'",
        "DELETE FROM name_word WHERE word < 'l';"
        " DELETE FROM meta WHERE key = 'words2'",
    };
    struct world w;
    world_begin(&w);
    crowd(&w);
    const char *dir = w.dir;
    struct es_initiative ini = w.ini;
    for (size_t i = 0; i < sizeof BEFORE / sizeof *BEFORE; i++) {
        world_end(&w);
        sql(dir, BEFORE[i]);
        world_open(&w, dir);
        w.ini = ini;
        CHECK_STR(asked(&w, "lovelace", 10), "0 Ada Lovelace; ");
        CHECK_STR(asked(&w, "ada", 10), "0 Ada Lovelace; 0 Adam \u015eahin; ");
        CHECK_STR(asked(&w, "gizli", 10), "");
    }
    world_end(&w);
}
