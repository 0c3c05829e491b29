/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Standings against a naive model that sorts. */
#include "standings/standings.h"
#include "t.h"

#include <pthread.h>
#include <stdatomic.h>
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

static int by_place(const void *a, const void *b, void *metric)
{
    const struct es_standing *x = a;
    const struct es_standing *y = b;
    bool time = *(const enum es_metric *)metric == ES_METRIC_TIME;
    int64_t vx = time ? x->time_ms : x->dist_mm;
    int64_t vy = time ? y->time_ms : y->dist_mm;
    if (vx != vy)
        return vx > vy ? -1 : 1;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return strcmp(x->name, y->name);
}

static const char *team_name(int64_t id)
{
    return id == 11 ? "Owls" : "Moths";
}

/* The row that person i counts in, made when it isn't there; NULL when the
 * person counts in none. */
static struct es_standing *row_for(const struct es_standings_query *q,
                                   const struct es_stander *p,
                                   struct es_standing *rows, size_t *n)
{
    struct es_standing want = { .country = p->country };
    if (q->by == ES_BY_PERSON) {
        if (p->hidden ||
            (q->category && *q->category && strcmp(q->category, p->category)))
            return NULL;
        want.id = p->id;
        want.bib = p->bib;
        want.name = p->name;
    } else if (q->by == ES_BY_TEAM) {
        want.id = p->team;
        want.name = team_name(p->team);
        want.country = "";
    } else {
        want.name = p->country;
    }
    if (q->by == ES_BY_TEAM ? p->team == 0 : !*want.name)
        return NULL;
    for (size_t i = 0; i < *n; i++)
        if (rows[i].id == want.id && strcmp(rows[i].name, want.name) == 0)
            return &rows[i];
    rows[*n] = want;
    return &rows[(*n)++];
}

static size_t expected(const struct model *m,
                       const struct es_standings_query *q,
                       struct es_standing *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        struct es_standing *r = row_for(q, &m->who[i], rows, &n);
        if (!r)
            continue;
        r->dist_mm += m->sum[i][0];
        r->time_ms += m->sum[i][1];
        r->runs += m->sum[i][2];
        r->members += q->by != ES_BY_PERSON;
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if ((q->metric == ES_METRIC_TIME ? rows[i].time_ms : rows[i].dist_mm) >
            0)
            rows[kept++] = rows[i];
    enum es_metric metric = q->metric;
    qsort_r(rows, kept, sizeof *rows, by_place, &metric);
    for (size_t i = 0; i < kept; i++) {
        bool tie = i > 0 && (metric == ES_METRIC_TIME
                                 ? rows[i].time_ms == rows[i - 1].time_ms
                                 : rows[i].dist_mm == rows[i - 1].dist_mm);
        rows[i].rank = tie ? rows[i - 1].rank : (int64_t)i + 1;
    }
    return kept;
}

static void check_row(const struct es_standing *got,
                      const struct es_standing *want)
{
    CHECK_INT(got->rank, want->rank);
    CHECK_INT(got->id, want->id);
    CHECK_STR(got->name, want->name);
    CHECK_INT(got->dist_mm, want->dist_mm);
    CHECK_INT(got->time_ms, want->time_ms);
    CHECK_INT(got->runs, want->runs);
    CHECK_INT(got->bib, want->bib);
    CHECK_INT(got->members, want->members);
    CHECK_STR(got->country, want->country);
}

/* Page by page, the whole list is the model's. */
static void check_list(struct es_standings *s, const struct model *m,
                       struct es_standings_query q)
{
    struct es_standing want[512];
    struct es_arena a;
    es_arena_init(&a, MEM);
    size_t n_want = expected(m, &q, want);
    size_t seen = 0;
    do {
        struct es_standing *rows = NULL;
        size_t n = 0;
        CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &q.cursor, NULL),
                  ES_OK);
        CHECK(n == q.limit || !q.cursor);
        CHECK(seen + n <= n_want);
        for (size_t i = 0; i < n; i++)
            check_row(&rows[i], &want[seen + i]);
        seen += n;
    } while (q.cursor);
    CHECK_INT(seen, n_want);
    es_arena_release(&a);
}

static void check_all(struct es_standings *s, const struct model *m,
                      size_t limit)
{
    for (int metric = 0; metric < 2; metric++) {
        struct es_standings_query q = { .metric = (enum es_metric)metric,
                                        .limit = limit };
        for (size_t c = 0; c < 4; c++) {
            q.category = CATEGORIES[c];
            check_list(s, m, q);
        }
        q.category = NULL;
        q.by = ES_BY_TEAM;
        check_list(s, m, q);
        q.by = ES_BY_COUNTRY;
        check_list(s, m, q);
    }
    struct es_totals got, want = { .participants = (int64_t)m->n };
    for (size_t i = 0; i < m->n; i++) {
        want.dist_mm += m->sum[i][0];
        want.time_ms += m->sum[i][1];
        want.runs += m->sum[i][2];
    }
    es_standings_totals(s, &got);
    CHECK_INT(got.dist_mm, want.dist_mm);
    CHECK_INT(got.time_ms, want.time_ms);
    CHECK_INT(got.runs, want.runs);
    CHECK_INT(got.participants, want.participants);
}

static void check_neighbours(struct es_standings *s, const struct model *m,
                             size_t i, size_t around)
{
    struct es_standing want[512], self, *rows;
    struct es_arena a;
    es_arena_init(&a, MEM);
    struct es_standings_query q = { .by = ES_BY_PERSON };
    size_t n_want = expected(m, &q, want);
    size_t n = 0, at = 0;
    CHECK_INT(
        es_standings_of(s, m->who[i].id, around, &a, &self, &rows, &n, NULL),
        ES_OK);
    while (at < n_want && want[at].id != m->who[i].id)
        at++;
    if (at == n_want) {
        CHECK(m->who[i].hidden || m->sum[i][0] == 0);
        CHECK_INT(self.rank, 0);
        CHECK_INT(self.dist_mm, m->sum[i][0]);
        CHECK_INT(n, 0);
    } else {
        check_row(&self, &want[at]);
        size_t from = at < around ? 0 : at - around;
        size_t to = at + around + 1 < n_want ? at + around + 1 : n_want;
        CHECK_INT(n, to - from);
        for (size_t k = 0; k < n; k++)
            check_row(&rows[k], &want[from + k]);
    }
    es_arena_release(&a);
}

TEST(lists_are_what_a_sort_gives)
{
    for (uint32_t seed = 1; seed <= 4; seed++) {
        uint32_t rng = seed;
        struct es_standings *s = fresh();
        struct model *m = calloc(1, sizeof *m);
        CHECK(m);
        check_all(s, m, 3);
        for (int op = 0; op < 3000; op++) {
            if (m->n < 512 && (m->n == 0 || draw(&rng, 6) == 0))
                join(s, m, &rng);
            else
                change(s, m, &rng);
            if (op % 200 == 0)
                check_all(s, m, 1 + draw(&rng, 40));
            if (op % 10 == 0)
                check_neighbours(s, m, draw(&rng, (uint32_t)m->n),
                                 draw(&rng, 6));
        }
        check_all(s, m, 1);
        check_all(s, m, ES_STANDINGS_PAGE_MAX);
        free(m);
        es_standings_free(s);
    }
}

/* While others move between the pages, whoever stays is on one page exactly;
 * the cursor's own row may even vanish. */
TEST(paging_while_others_move)
{
    for (uint32_t seed = 1; seed <= 20; seed++) {
        uint32_t rng = seed;
        struct es_standings *s = fresh();
        struct model *m = calloc(1, sizeof *m);
        CHECK(m);
        while (m->n < 300)
            join(s, m, &rng);
        for (int i = 0; i < 1500; i++)
            change(s, m, &rng);
        struct es_standing before[512];
        struct es_standings_query q = { .by = ES_BY_PERSON, .limit = 7 };
        size_t n_before = expected(m, &q, before);
        bool moved[512] = { false };
        int seen[512] = { 0 };
        struct es_arena a;
        es_arena_init(&a, MEM);
        do {
            struct es_standing *rows;
            size_t n;
            CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &q.cursor, NULL),
                      ES_OK);
            for (size_t i = 0; i < n; i++)
                seen[rows[i].bib - 1]++;
            for (int k = 0; k < 3; k++) {
                size_t i = draw(&rng, (uint32_t)m->n);
                /* every other time the row that the cursor names */
                if (k == 0 && n > 0 && draw(&rng, 2))
                    i = (size_t)rows[n - 1].bib - 1;
                int64_t gone[3] = { -m->sum[i][0], -m->sum[i][1],
                                    -m->sum[i][2] };
                int64_t more[3] = { 1000000, 300000, 1 };
                add(s, m, i, draw(&rng, 2) ? more : gone);
                moved[i] = true;
            }
        } while (q.cursor);
        for (size_t i = 0; i < n_before; i++)
            if (!moved[before[i].bib - 1])
                CHECK_INT(seen[before[i].bib - 1], 1);
        es_arena_release(&a);
        free(m);
        es_standings_free(s);
    }
}

TEST(who_is_corrected_to_zero_stands_nowhere)
{
    struct es_standings *s = fresh();
    struct es_stander p = { .id = 5,
                            .bib = 1,
                            .name = "Ada",
                            .country = "TR",
                            .team = 11,
                            .category = "open" };
    struct es_arena a;
    es_arena_init(&a, MEM);
    CHECK_INT(es_standings_join(s, &p, NULL), ES_OK);
    CHECK_INT(es_standings_add(s, 5, 3000000, 900000, 1), ES_OK);
    CHECK_INT(es_standings_add(s, 5, -3000000, -900000, -1), ES_OK);
    for (int by = 0; by < 3; by++) {
        struct es_standings_query q = { .by = (enum es_by)by, .limit = 10 };
        struct es_standing *rows;
        const char *next;
        size_t n = 1;
        CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_OK);
        CHECK_INT(n, 0);
        CHECK(!next);
    }
    struct es_totals t;
    es_standings_totals(s, &t);
    CHECK_INT(t.dist_mm, 0);
    CHECK_INT(t.runs, 0);
    CHECK_INT(t.participants, 1);
    es_arena_release(&a);
    es_standings_free(s);
}

/* Their kilometres help their team; their name helps nobody find them. */
TEST(the_hidden_count_and_stand_nowhere)
{
    struct es_standings *s = fresh();
    struct es_stander p = { .id = 5,
                            .bib = 1,
                            .name = "Ada",
                            .country = "TR",
                            .team = 11,
                            .category = "open",
                            .hidden = true };
    struct es_arena a;
    es_arena_init(&a, MEM);
    CHECK_INT(es_standings_join(s, &p, NULL), ES_OK);
    CHECK_INT(es_standings_add(s, 5, 3000000, 900000, 1), ES_OK);
    const size_t want[] = { 0, 1, 1 };
    for (int by = 0; by < 3; by++) {
        struct es_standings_query q = { .by = (enum es_by)by, .limit = 10 };
        struct es_standing *rows;
        const char *next;
        size_t n;
        CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_OK);
        CHECK_INT(n, want[by]);
        if (n)
            CHECK_INT(rows[0].dist_mm, 3000000);
    }
    struct es_standing self, *rows;
    size_t n;
    CHECK_INT(es_standings_of(s, 5, 3, &a, &self, &rows, &n, NULL), ES_OK);
    CHECK_INT(self.rank, 0);
    CHECK_INT(self.dist_mm, 3000000);
    CHECK_INT(n, 0);
    es_arena_release(&a);
    es_standings_free(s);
}

TEST(what_cannot_be_is_refused)
{
    struct es_standings *s = fresh();
    const struct es_stander good = {
        .id = 5, .name = "Ada", .country = "TR", .team = 11, .category = ""
    };
    struct es_stander p = good;
    p.team = 99;
    CHECK_INT(es_standings_join(s, &p, NULL), ES_ENOENT);
    const char *const bad[] = { "T", "tr", "TRY", "T1", "\xc3\x87" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        p = good;
        p.country = bad[i];
        CHECK_INT(es_standings_join(s, &p, NULL), ES_EINVAL);
    }
    p = good;
    p.id = 0;
    CHECK_INT(es_standings_join(s, &p, NULL), ES_EINVAL);
    CHECK_INT(es_standings_add(s, 5, 1, 1, 1), ES_ENOENT);
    CHECK_INT(es_standings_join(s, &good, NULL), ES_OK);
    CHECK_INT(es_standings_join(s, &good, NULL), ES_EEXIST);
    CHECK_INT(es_standings_team(s, -1, "x", NULL), ES_EINVAL);
    struct es_totals t;
    es_standings_totals(s, &t);
    CHECK_INT(t.participants, 1);

    struct es_arena a;
    es_arena_init(&a, MEM);
    struct es_standing self, *rows;
    size_t n;
    CHECK_INT(es_standings_of(s, 6, 3, &a, &self, &rows, &n, NULL), ES_ENOENT);
    es_arena_release(&a);
    es_standings_free(s);
}

TEST(a_team_takes_a_new_name)
{
    struct es_standings *s = fresh();
    struct es_stander p = {
        .id = 5, .name = "Ada", .country = "", .team = 11, .category = ""
    };
    CHECK_INT(es_standings_join(s, &p, NULL), ES_OK);
    CHECK_INT(es_standings_add(s, 5, 1000, 1000, 1), ES_OK);
    CHECK_INT(es_standings_team(s, 11, "Barn owls", NULL), ES_OK);
    struct es_standings_query q = { .by = ES_BY_TEAM, .limit = 10 };
    struct es_arena a;
    struct es_standing *rows;
    const char *next;
    size_t n;
    es_arena_init(&a, MEM);
    CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_OK);
    CHECK_INT(n, 1);
    CHECK_STR(rows[0].name, "Barn owls");
    es_arena_release(&a);
    es_standings_free(s);
}

/* Every single wrong digit, every truncation, and the cursor of another list:
 * refused, outputs untouched. */
TEST(forged_cursors)
{
    uint32_t rng = 9;
    struct es_standings *s = fresh();
    struct model *m = calloc(1, sizeof *m);
    CHECK(m);
    while (m->n < 50)
        join(s, m, &rng);
    for (int i = 0; i < 200; i++)
        change(s, m, &rng);
    struct es_arena a;
    es_arena_init(&a, MEM);
    struct es_standings_query q = { .by = ES_BY_PERSON, .limit = 5 };
    struct es_standing *rows;
    const char *good;
    size_t n;
    CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &good, NULL), ES_OK);
    CHECK(good);

    struct es_standing *const untouched = rows;
    const char *next = good;
    char bad[64];
    q.cursor = bad;
    for (size_t i = 0; i <= strlen(good); i++) {
        for (int how = 0; how < 4; how++) {
            (void)snprintf(bad, sizeof bad, "%s", good);
            bad[i] = how == 0 ? 0 : "0fG"[how - 1];
            if (strcmp(bad, good) == 0)
                continue;
            CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL),
                      ES_EINVAL);
            CHECK(rows == untouched && n == 5 && next == good);
        }
    }
    q.cursor = good;
    q.metric = ES_METRIC_TIME;
    CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_EINVAL);
    q.metric = ES_METRIC_DISTANCE;
    q.by = ES_BY_TEAM;
    CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_EINVAL);
    q.cursor = NULL;
    q.category = "open";
    CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_EINVAL);
    es_arena_release(&a);
    free(m);
    es_standings_free(s);
}

/* Whatever the arena holds, a page is whole or an error. */
TEST(a_small_arena)
{
    uint32_t rng = 3;
    struct es_standings *s = fresh();
    struct model *m = calloc(1, sizeof *m);
    CHECK(m);
    while (m->n < 20)
        join(s, m, &rng);
    for (int i = 0; i < 100; i++)
        change(s, m, &rng);
    struct es_standings_query q = { .by = ES_BY_PERSON, .limit = 5 };
    size_t fits = 0;
    for (size_t max = 0; max < 2048; max += 16) {
        struct es_arena a;
        es_arena_init(&a, max);
        struct es_standing *rows = NULL;
        const char *next = NULL;
        size_t n = 0;
        enum es_code rc = es_standings_page(s, &q, &a, &rows, &n, &next, NULL);
        CHECK(rc == ES_OK || rc == ES_ENOMEM);
        CHECK_INT(n, rc == ES_OK ? 5 : 0);
        CHECK((rc == ES_OK) == (next != NULL));
        fits += rc == ES_OK;
        es_arena_release(&a);
    }
    CHECK(fits > 0);
    free(m);
    es_standings_free(s);
}

/* Every priority is drawn, none hangs on the values: rising, falling and equal
 * distances give the right ranks for 100,000 persons. */
TEST(a_hundred_thousand)
{
    enum { N = 100000 };
    struct es_standings *s = fresh();
    for (int64_t i = 1; i <= N; i++) {
        struct es_stander p = { .id = i,
                                .bib = i,
                                .name = "A",
                                .country = "NO",
                                .team = 12,
                                .category = "open" };
        CHECK_INT(es_standings_join(s, &p, NULL), ES_OK);
        CHECK_INT(es_standings_add(s, i, i * 10, 2 * N - i, 1), ES_OK);
    }
    struct es_arena a;
    es_arena_init(&a, MEM);
    for (int64_t i = 1; i <= N; i += 4999) {
        struct es_standing self, *rows;
        size_t n;
        CHECK_INT(es_standings_of(s, i, 2, &a, &self, &rows, &n, NULL), ES_OK);
        CHECK_INT(self.rank, N + 1 - i);
        CHECK_INT(rows[n - 1].id, i > 2 ? i - 2 : 1);
    }
    struct es_standings_query q = { .by = ES_BY_PERSON,
                                    .metric = ES_METRIC_TIME,
                                    .limit = 200 };
    int64_t seen = 0;
    do { /* the arena holds the cursor: it is left to grow */
        struct es_standing *rows;
        size_t n;
        CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &q.cursor, NULL),
                  ES_OK);
        for (size_t i = 0; i < n; i++)
            CHECK_INT(rows[i].id, ++seen);
    } while (q.cursor);
    CHECK_INT(seen, N);
    es_arena_release(&a);
    es_standings_free(s);
}

struct crowd {
    struct es_standings *s;
    _Atomic bool stop;
    _Atomic int writers;
};

enum { CROWD = 64, EACH = 2000 };

/* Each writer has persons of its own: the end is the same in every order. */
static void *write_some(void *arg)
{
    struct crowd *c = arg;
    uint32_t which = (uint32_t)atomic_fetch_add(&c->writers, 1);
    uint32_t rng = which + 1;
    for (int i = 0; i < EACH; i++) {
        int64_t id = 1 + which * (CROWD / 2) + draw(&rng, CROWD / 2);
        if (es_standings_add(c->s, id, 1000 + draw(&rng, 3), 500, 1) != ES_OK)
            return c;
    }
    return NULL;
}

/* A team's members as a sort says, page by page, and its own row. */
static void check_crew(struct es_standings *s, const struct model *m,
                       int64_t team, size_t limit)
{
    struct es_standing self, *rows;
    const char *cursor = NULL;
    struct es_arena a;
    size_t n, seen = 0, want = 0;
    int64_t sum = 0, members = 0, last = INT64_MAX;

    es_arena_init(&a, MEM);
    do {
        CHECK_INT(es_standings_crew(s, team, cursor, limit, &a, &self, &rows,
                                    &n, &cursor, NULL),
                  ES_OK);
        for (size_t i = 0; i < n; i++, seen++) {
            size_t ahead = 0;
            for (size_t k = 0; k < m->n; k++)
                ahead += m->who[k].team == team && !m->who[k].hidden &&
                         m->sum[k][0] > rows[i].dist_mm;
            CHECK_INT(rows[i].rank, ahead + 1);
            CHECK(rows[i].dist_mm > 0 && rows[i].dist_mm <= last);
            last = rows[i].dist_mm;
            CHECK_STR(m->who[rows[i].bib - 1].name, rows[i].name);
            CHECK_INT(m->who[rows[i].bib - 1].team, team);
        }
    } while (cursor != NULL);
    for (size_t k = 0; k < m->n; k++) {
        if (m->who[k].team != team)
            continue;
        sum += m->sum[k][0];
        members++;
        want += !m->who[k].hidden && m->sum[k][0] > 0;
    }
    CHECK_INT(seen, want);
    CHECK_INT(self.id, team);
    CHECK_INT(self.dist_mm, sum);
    CHECK_INT(self.members, members);
    es_arena_release(&a);
}

TEST(teams_show_their_members_in_order)
{
    struct es_standings *s = fresh();
    struct model m = { 0 };
    uint32_t seed = 5;
    struct es_standing self, *rows;
    const char *next;
    struct es_arena a;
    size_t n;

    for (int round = 0; round < 6; round++) {
        for (int i = 0; i < 20; i++)
            join(s, &m, &seed);
        for (int i = 0; i < 60; i++)
            change(s, &m, &seed);
        check_crew(s, &m, 11, 3);
        check_crew(s, &m, 12, 200);
        check_crew(s, &m, 13, 5);
    }
    es_arena_init(&a, MEM);
    CHECK_INT(
        es_standings_crew(s, 13, NULL, 5, &a, &self, &rows, &n, &next, NULL),
        ES_OK);
    CHECK_INT(self.rank, 0);
    CHECK_INT(
        es_standings_crew(s, 99, NULL, 5, &a, &self, &rows, &n, &next, NULL),
        ES_ENOENT);
    CHECK_INT(
        es_standings_crew(s, 11, "zz", 5, &a, &self, &rows, &n, &next, NULL),
        ES_EINVAL);
    es_arena_release(&a);
    es_standings_free(s);
}

/* The highest of some people, as a sort says. */
TEST(the_highest_of_some_people)
{
    struct es_standings *s = fresh();
    struct model m = { 0 };
    uint32_t seed = 9;
    struct es_standing *rows;
    struct es_arena a;
    int64_t ids[62];
    size_t n, shown = 0;

    for (int i = 0; i < 60; i++)
        join(s, &m, &seed);
    for (int i = 0; i < 90; i++)
        change(s, &m, &seed);
    for (size_t i = 0; i < m.n; i++) {
        ids[i] = m.who[i].id;
        shown += !m.who[i].hidden;
    }
    ids[60] = 999999; /* nobody */
    ids[61] = -1;
    es_arena_init(&a, MEM);
    CHECK_INT(es_standings_pick(s, ids, 62, 100, &a, &rows, &n, NULL), ES_OK);
    CHECK_INT(n, shown);
    for (size_t i = 0; i < n; i++) {
        const int64_t *sum = m.sum[rows[i].bib - 1];
        size_t ahead = 0;
        for (size_t k = 0; k < m.n; k++)
            ahead += !m.who[k].hidden && m.sum[k][0] > sum[0];
        CHECK_INT(rows[i].dist_mm, sum[0]);
        CHECK_INT(rows[i].rank, sum[0] > 0 ? ahead + 1 : 0);
        CHECK(i == 0 || rows[i].dist_mm <= rows[i - 1].dist_mm);
    }
    CHECK_INT(es_standings_pick(s, ids, 62, 3, &a, &rows, &n, NULL), ES_OK);
    CHECK_INT(n, 3);
    CHECK_INT(es_standings_pick(s, ids, 0, 3, &a, &rows, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    es_arena_release(&a);
    es_standings_free(s);
}

/* At any moment a page is in order and ranked right. */
static void *read_some(void *arg)
{
    struct crowd *c = arg;
    while (!atomic_load(&c->stop)) {
        struct es_standings_query q = { .by = ES_BY_PERSON, .limit = 20 };
        struct es_standing *rows;
        const char *next;
        size_t n;
        struct es_arena a;
        es_arena_init(&a, MEM);
        if (es_standings_page(c->s, &q, &a, &rows, &n, &next, NULL) != ES_OK)
            return c;
        for (size_t i = 1; i < n; i++)
            if (rows[i].dist_mm > rows[i - 1].dist_mm ||
                rows[i].rank < rows[i - 1].rank)
                return c;
        es_arena_release(&a);
        struct es_totals t;
        es_standings_totals(c->s, &t);
        if (t.time_ms != t.runs * 500)
            return c;
    }
    return NULL;
}

TEST(readers_and_writers)
{
    struct crowd c = { .s = fresh() };
    for (int64_t i = 1; i <= CROWD; i++) {
        struct es_stander p = { .id = i,
                                .name = "A",
                                .country = "NO",
                                .team = 12,
                                .category = "open" };
        CHECK_INT(es_standings_join(c.s, &p, NULL), ES_OK);
    }
    pthread_t readers[2], writers[2];
    for (int i = 0; i < 2; i++) {
        CHECK_INT(pthread_create(&readers[i], NULL, read_some, &c), 0);
        CHECK_INT(pthread_create(&writers[i], NULL, write_some, &c), 0);
    }
    void *failed;
    for (int i = 0; i < 2; i++) {
        CHECK_INT(pthread_join(writers[i], &failed), 0);
        CHECK(!failed);
    }
    atomic_store(&c.stop, true);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(pthread_join(readers[i], &failed), 0);
        CHECK(!failed);
    }
    struct es_totals t;
    es_standings_totals(c.s, &t);
    CHECK_INT(t.runs, 2 * EACH);
    es_standings_free(c.s);
}

TEST(rows_know_what_their_distance_is_made_of)
{
    struct es_standings *s = fresh();
    struct es_standing self, *rows;
    struct es_arena a;
    const char *next;
    size_t n;
    struct es_stander who = { .id = 5,
                              .bib = 1,
                              .name = "A",
                              .country = "TR",
                              .team = 11,
                              .category = "" };
    CHECK_INT(es_standings_join(s, &who, NULL), ES_OK);
    CHECK_INT(es_standings_add(s, 5, 9000, 100, 2), ES_OK);
    CHECK_INT(es_standings_from(s, 5, 4, 2000), ES_OK);
    CHECK_INT(es_standings_from(s, 5, 3, 1000), ES_OK);
    CHECK_INT(es_standings_from(s, 5, 3, -1000), ES_OK);
    CHECK_INT(es_standings_from(s, 5, ES_STANDINGS_FROM, 7), ES_OK);
    CHECK_INT(es_standings_from(s, 5, -1, 7), ES_OK);
    CHECK_INT(es_standings_from(s, 6, 4, 2000), ES_ENOENT);
    es_arena_init(&a, MEM);
    for (int by = ES_BY_PERSON; by <= ES_BY_COUNTRY; by++) {
        struct es_standings_query q = { .by = (enum es_by)by, .limit = 5 };
        CHECK_INT(es_standings_page(s, &q, &a, &rows, &n, &next, NULL), ES_OK);
        CHECK_INT(n, 1);
        CHECK_INT(rows[0].from_mm[4], 2000);
        CHECK_INT(rows[0].from_mm[3], 0);
    }
    CHECK_INT(es_standings_of(s, 5, 0, &a, &self, &rows, &n, NULL), ES_OK);
    CHECK_INT(self.from_mm[4], 2000);
    CHECK_INT(self.dist_mm, 9000);
    es_arena_release(&a);
    es_standings_free(s);
}
