/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People who change their team, country or name, and who leave; the order by
 * mean. */
#include "base/buf.h"
#include "standings/standings.h"
#include "t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEM = 64 << 20 };

/* The tests' own generator: each run of a test draws the same. */
static uint32_t draw(uint32_t *rng, uint32_t below)
{
    *rng = *rng * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)*rng * below >> 32);
}

static const char *const CATEGORIES[] = { "", "junior", "open", "senior" };
static const char *const COUNTRIES[] = { "", "TR", "PK", "NO", "BR" };

struct model {
    struct es_stander who[512];
    int64_t sum[512][3]; /* mm, ms, runs */
    size_t n;
};

static struct es_standings *fresh(void)
{
    struct es_standings *s = NULL;
    CHECK_INT(es_standings_new(&s, NULL), ES_OK);
    CHECK_INT(es_standings_team(s, 11, "Owls", NULL), ES_OK);
    CHECK_INT(es_standings_team(s, 12, "Moths", NULL), ES_OK);
    CHECK_INT(es_standings_team(s, 13, "Nobody yet", NULL), ES_OK);
    return s;
}

static void join(struct es_standings *s, struct model *m, uint32_t *seed)
{
    static char names[512][16];
    size_t i = m->n++;
    (void)snprintf(names[i], sizeof names[i], "Runner %zu", i);
    m->who[i] = (struct es_stander){
        /* not in the order of joining */
        .id = (int64_t)((i * 7919) % 10007 + 1),
        .bib = (int64_t)i + 1,
        .name = names[i],
        .country = COUNTRIES[draw(seed, 5)],
        .team = (int64_t[]){ 0, 11, 12 }[draw(seed, 3)],
        .category = CATEGORIES[draw(seed, 4)],
        .hidden = draw(seed, 6) == 0,
    };
    CHECK_INT(es_standings_join(s, &m->who[i], NULL), ES_OK);
}

static void add(struct es_standings *s, struct model *m, size_t i,
                const int64_t d[3])
{
    CHECK_INT(es_standings_add(s, m->who[i].id, d[0], d[1], d[2]), ES_OK);
    for (size_t k = 0; k < 3; k++)
        m->sum[i][k] += d[k];
}

/* One change as an initiative sees it: a run comes in, is taken back, or the
 * whole of a person is corrected away. Few different distances: many ties. */
static void change(struct es_standings *s, struct model *m, uint32_t *seed)
{
    size_t i = draw(seed, (uint32_t)m->n);
    int64_t km = 1 + draw(seed, 4);
    int64_t run[3] = { km * 1000000, km * (300000 + draw(seed, 3) * 60000), 1 };
    if (draw(seed, 8) == 0)
        for (size_t k = 0; k < 3; k++)
            run[k] = -m->sum[i][k];
    add(s, m, i, run);
}

/* All that can be listed, as text. */
static void listing(struct es_standings *s, struct es_arena *a,
                    struct es_buf *out)
{
    struct es_totals t;
    es_standings_totals(s, &t);
    es_buf_fmt(out, "%lld %lld %lld %lld\n", (long long)t.dist_mm,
               (long long)t.time_ms, (long long)t.runs,
               (long long)t.participants);
    for (int k = 0; k < 9 + 8; k++) {
        struct es_standing *rows;
        const char *next;
        size_t n;
        struct es_standings_query q = {
            .by = k < 9 ? (enum es_by)(k / 3) : ES_BY_PERSON,
            .metric = k < 9 ? (enum es_metric)(k % 3) : (enum es_metric)(k % 2),
            .category = k < 9 ? "" : CATEGORIES[(k - 9) / 2],
            .limit = 200
        };
        if (q.by == ES_BY_PERSON && q.metric == ES_METRIC_MEAN)
            continue;
        CHECK_INT(es_standings_page(s, &q, a, &rows, &n, &next, NULL), ES_OK);
        for (size_t i = 0; i < n; i++)
            es_buf_fmt(out, "%d %lld %s %s %lld %lld %lld %lld %lld\n", k,
                       (long long)rows[i].rank, rows[i].name, rows[i].country,
                       (long long)rows[i].dist_mm, (long long)rows[i].time_ms,
                       (long long)rows[i].runs, (long long)rows[i].members,
                       (long long)rows[i].from_mm[4]);
    }
    for (int64_t team = 11; team <= 13; team++) {
        struct es_standing self, *rows;
        const char *next;
        size_t n;
        CHECK_INT(es_standings_crew(s, team, NULL, 200, a, &self, &rows, &n,
                                    &next, NULL),
                  ES_OK);
        for (size_t i = 0; i < n; i++)
            es_buf_fmt(out, "%lld %s\n", (long long)team, rows[i].name);
    }
}

/* People who change again and again stand as if they had joined like that. */
TEST(who_changes_stands_as_if_always_so)
{
    uint32_t seed = 5;
    struct es_standings *s = fresh();
    struct model *m = calloc(1, sizeof *m);
    struct es_arena a;
    struct es_buf is, should;
    CHECK(m != NULL);
    es_standings_team_min(s, 4);
    for (size_t i = 0; i < 60; i++)
        join(s, m, &seed);
    for (size_t i = 0; i < 400; i++) {
        size_t k = draw(&seed, 60);
        struct es_stander *w = &m->who[k];
        change(s, m, &seed);
        CHECK_INT(es_standings_from(s, w->id, 4, 7), ES_OK);
        w->team = (int64_t[]){ 0, 11, 12, 13 }[draw(&seed, 4)];
        w->country = COUNTRIES[draw(&seed, 5)];
        w->category = CATEGORIES[draw(&seed, 4)];
        w->hidden = draw(&seed, 6) == 0;
        w->gone = draw(&seed, 9) == 0;
        CHECK_INT(es_standings_change(s, w, NULL), ES_OK);
    }
    struct es_standings *again = fresh();
    es_standings_team_min(again, 4);
    es_arena_init(&a, MEM);
    for (size_t i = 0; i < 60; i++) {
        struct es_standing self, *rows;
        size_t n;
        CHECK_INT(
            es_standings_of(s, m->who[i].id, 0, &a, &self, &rows, &n, NULL),
            ES_OK);
        CHECK_INT(es_standings_join(again, &m->who[i], NULL), ES_OK);
        CHECK_INT(es_standings_add(again, m->who[i].id, m->sum[i][0],
                                   m->sum[i][1], m->sum[i][2]),
                  ES_OK);
        CHECK_INT(es_standings_from(again, m->who[i].id, 4, self.from_mm[4]),
                  ES_OK);
    }
    es_buf_init(&is, MEM);
    es_buf_init(&should, MEM);
    listing(s, &a, &is);
    listing(again, &a, &should);
    CHECK(is.n > 1000);
    CHECK_STR(es_buf_cstr(&is), es_buf_cstr(&should));

    struct es_stander odd = {
        .id = 1000000, .name = "", .country = "", .category = ""
    };
    CHECK_INT(es_standings_change(s, &odd, NULL), ES_ENOENT);
    odd.id = m->who[0].id;
    odd.team = 99;
    CHECK_INT(es_standings_change(s, &odd, NULL), ES_ENOENT);
    is.n = 0;
    listing(s, &a, &is);
    CHECK_STR(es_buf_cstr(&is), es_buf_cstr(&should));
    es_buf_release(&is);
    es_buf_release(&should);
    es_arena_release(&a);
    es_standings_free(s);
    es_standings_free(again);
    free(m);
}

/* A team of one doesn't win by mean where three are asked for. */
TEST(a_small_team_stands_by_mean_when_it_has_members_enough)
{
    struct es_standings *s = fresh();
    struct es_arena a;
    struct es_standing *rows;
    const char *next;
    size_t n;
    for (int64_t i = 1; i <= 4; i++) {
        struct es_stander p = { .id = i,
                                .bib = i,
                                .name = "P",
                                .country = i < 4 ? "TR" : "PK",
                                .team = i < 4 ? 11 : 12,
                                .category = "" };
        CHECK_INT(es_standings_join(s, &p, NULL), ES_OK);
    }
    CHECK_INT(es_standings_add(s, 1, 6000, 1, 1), ES_OK);
    CHECK_INT(es_standings_add(s, 4, 5000, 1, 1), ES_OK);
    struct es_standings_query q = { ES_BY_TEAM, ES_METRIC_MEAN, NULL, NULL, 1 };
    es_arena_init(&a, MEM);
    CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_OK);
    CHECK_INT(rows[0].id, 12);
    q.cursor = next;
    CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_OK);
    CHECK_INT(rows[0].id, 11);
    CHECK_INT(rows[0].rank, 2);
    CHECK(next == NULL);
    q.cursor = NULL;
    es_standings_team_min(s, 3);
    CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_OK);
    CHECK_INT(rows[0].id, 11);
    CHECK(next == NULL);
    q.by = ES_BY_COUNTRY;
    CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_OK);
    CHECK_STR(rows[0].name, "PK");
    q.by = ES_BY_PERSON;
    CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_EINVAL);
    es_arena_release(&a);
    es_standings_free(s);
}
