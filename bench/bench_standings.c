/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Standings of 100,000: a run counted, a rank with its neighbours, a page
 * from the middle; and counting over a flat array as what they replace. */
#include "bench.h"
#include "standings/standings.h"

#include <stdlib.h>

enum { PEOPLE = 100000, PAGE = 50 };

struct world {
    struct es_standings *s;
    uint64_t seed;
    int64_t *dist_mm; /* the flat array, by id - 1 */
};

static uint64_t draw(struct world *w, uint64_t below)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return (w->seed >> 33) % below;
}

static void count_run(void *arg)
{
    struct world *w = arg;
    int64_t id = 1 + (int64_t)draw(w, PEOPLE);
    int64_t mm = 1000000 + (int64_t)draw(w, 20000000);
    if (es_standings_add(w->s, id, mm, mm / 3, 1) != ES_OK)
        abort();
    w->dist_mm[id - 1] += mm;
}

static void rank(void *arg)
{
    struct world *w = arg;
    struct es_standing self, *rows;
    struct es_arena a;
    size_t n;
    es_arena_init(&a, 1 << 20);
    if (es_standings_of(w->s, 1 + (int64_t)draw(w, PEOPLE), 3, &a, &self, &rows,
                        &n, NULL) != ES_OK)
        abort();
    bench_keep(&self);
    es_arena_release(&a);
}

static void rank_flat(void *arg)
{
    struct world *w = arg;
    int64_t mine = w->dist_mm[draw(w, PEOPLE)];
    int64_t place = 1;
    for (size_t i = 0; i < PEOPLE; i++)
        place += w->dist_mm[i] > mine;
    bench_keep(&place);
}

struct reader {
    struct world *w;
    const char *cursor;
};

static void page(void *arg)
{
    const struct reader *r = arg;
    struct es_standings_query q = { .by = ES_BY_PERSON,
                                    .cursor = r->cursor,
                                    .limit = PAGE };
    struct es_standing *rows;
    struct es_arena a;
    const char *next;
    size_t n;
    es_arena_init(&a, 1 << 20);
    if (es_standings_page(r->w->s, &q, &a, &rows, &n, &next, NULL) != ES_OK)
        abort();
    bench_keep(rows);
    es_arena_release(&a);
}

static void populate(struct world *w)
{
    if (es_standings_new(&w->s, NULL) != ES_OK ||
        es_standings_team(w->s, 1, "Team", NULL) != ES_OK)
        abort();
    for (int64_t id = 1; id <= PEOPLE; id++) {
        struct es_stander p = { .id = id,
                                .bib = id,
                                .name = "Somebody",
                                .country = "NO",
                                .team = 1,
                                .category = "open" };
        if (es_standings_join(w->s, &p, NULL) != ES_OK)
            abort();
    }
    for (size_t run = 0; run < 2 * PEOPLE; run++)
        count_run(w);
}

int main(void)
{
    struct world w = { .seed = 1 };
    w.dist_mm = calloc(PEOPLE, sizeof *w.dist_mm);
    if (!w.dist_mm)
        abort();
    populate(&w);

    bench_run("standings, 100 k: count a run", 1, "runs", count_run, &w);
    double ours = bench_run("standings, 100 k: rank", 1, "ranks", rank, &w);
    double flat =
        bench_run("flat array, 100 k: rank", 1, "ranks", rank_flat, &w);
    bench_ratio("rank: flat array / standings", flat, ours);

    struct es_arena a;
    es_arena_init(&a, 1 << 20);
    struct reader r = { &w, NULL };
    for (int i = 0; i < 100; i++) {
        struct es_standings_query q = { .by = ES_BY_PERSON,
                                        .cursor = r.cursor,
                                        .limit = 1 };
        struct es_standing *rows;
        size_t n;
        if (es_standings_page(w.s, &q, &a, &rows, &n, &r.cursor, NULL) != ES_OK)
            abort();
    }
    bench_run("standings, 100 k: a page of 50", PAGE, "rows", page, &r);
    es_arena_release(&a);
    es_standings_free(w.s);
    free(w.dist_mm);
    return 0;
}
