/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Searching 100,000 people by name and bib, from the words typed to ranked
 * rows: a whole name, a few letters of two words, one letter that a twentieth
 * of all have, a bib; and walking all names as what the index replaces. */
#include "base/random.h"
#include "bench.h"
#include "initiative/names.h"
#include "initiative/search.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PEOPLE = 100000, STEP = 1000, ROWS = 50, INI = 1 };

static const char *const SYLLABLES[] = { "a",  "be", "ci", "da", "el",
                                         "fa", "gu", "ha", "il", "ja",
                                         "ka", "le", "mi", "na", "or",
                                         "pe", "ra", "se", "ta", "ul" };

struct world {
    struct es_store *store;
    struct es_app app;
    uint64_t seed;
};

static const char *draw(struct world *w)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return SYLLABLES[(w->seed >> 33) % (sizeof SYLLABLES / sizeof *SYLLABLES)];
}

static void must(enum es_code rc, const struct es_err *e)
{
    if (rc == ES_OK)
        return;
    fprintf(stderr, "bench_search: %s\n", e->msg);
    abort();
}

static enum es_code add_people(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    struct world *w = arg;
    char name[64];
    int64_t bib;
    enum es_code rc = ES_OK;
    (void)blob;
    for (int i = 0; rc == ES_OK && i < STEP; i++) {
        (void)snprintf(name, sizeof name, "%s%s%s %s%s%s%s", draw(w), draw(w),
                       draw(w), draw(w), draw(w), draw(w), draw(w));
        struct es_participant p = { .initiative = INI,
                                    .id = es_id_new(),
                                    .display_name = name,
                                    .country = "IS",
                                    .category = "",
                                    .lang = "en",
                                    .consents = "{}" };
        rc = es_txn_participant_add(tx, &p, &bib, e);
        if (rc == ES_OK)
            rc = es_names_put(tx, &p, e);
    }
    return rc;
}

static enum es_code add_initiative(struct es_txn *tx,
                                   const struct es_blob *blob, void *arg,
                                   struct es_err *e)
{
    (void)blob;
    return es_txn_initiative_put(tx, arg, e);
}

static void populate(struct world *w, const char *dir)
{
    struct es_err e = { 0 };
    struct es_initiative ini = { .id = INI,
                                 .slug = "bench",
                                 .title = "Bench",
                                 .lang = "en",
                                 .zone = "UTC",
                                 .closes_ms = 1,
                                 .rules = "{}",
                                 .consents = "[]" };
    must(es_store_open(dir, &w->store, &e), &e);
    must(es_store_write(
             w->store,
             &(struct es_write){ .apply = add_initiative, .arg = &ini }, &e),
         &e);
    for (int i = 0; i < PEOPLE / STEP; i++)
        must(es_store_write(w->store,
                            &(struct es_write){ .apply = add_people, .arg = w },
                            &e),
             &e);
    must(es_app_open(&w->app, w->store, NULL, &e), &e);
}

/* One question, the answer in rows. */
struct question {
    struct world *w;
    const char *text;
    size_t found;
};

static void ask(void *arg)
{
    struct question *q = arg;
    struct es_standing *rows;
    struct es_arena a;
    struct es_err e = { 0 };
    bool more;
    es_arena_init(&a, 4 << 20);
    must(es_search(&q->w->app, INI, q->text, ROWS, &a, &rows, &q->found, &more,
                   &e),
         &e);
    bench_keep(rows);
    es_arena_release(&a);
}

static enum es_code compare(const struct es_participant_sum *row, void *arg,
                            struct es_err *e)
{
    struct question *q = arg;
    (void)e;
    q->found += strstr(row->p.display_name, q->text) != NULL;
    return ES_OK;
}

static void walk(void *arg)
{
    struct question *q = arg;
    struct es_err e = { 0 };
    q->found = 0;
    must(es_store_each_sum(q->w->store, INI, compare, q, &e), &e);
}

static int unlink_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int main(void)
{
    static const struct {
        const char *name, *text;
    } ASKED[] = {
        { "search, 100 k: two whole words", "abeci daelfagu" },
        { "search, 100 k: letters of two words", "kale mina" },
        { "search, 100 k: three letters", "bec" },
        { "search, 100 k: one letter", "k" },
        { "search, 100 k: one letter of each", "k m" },
        { "search, 100 k: a bib", "54321" },
    };
    struct world w = { .seed = 1 };
    char dir[200];
    const char *tmp = getenv("TMPDIR");
    double one = 0;

    (void)snprintf(dir, sizeof dir, "%s/bench_search.XXXXXX", tmp ? tmp : ".");
    if (mkdtemp(dir) == NULL)
        return 1;
    populate(&w, dir);
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++) {
        struct question q = { &w, ASKED[i].text, 0 };
        double s = bench_run(ASKED[i].name, 0, "", ask, &q);
        if (i == 1)
            one = s;
    }
    struct question q = { &w, "kale", 0 };
    double all = bench_run("walking 100 k names", 0, "", walk, &q);
    bench_ratio("search: walking / index", all, one);
    es_app_close(&w.app);
    es_store_close(w.store);
    return nftw(dir, unlink_one, 8, FTW_DEPTH | FTW_PHYS) != 0;
}
