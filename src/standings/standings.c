/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "standings/standings.h"

#include "base/random.h"
#include "standings/cursor.h"
#include "standings/ids.h"
#include "standings/order.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { METRICS = 2, COUNTRIES = 26 * 26, AROUND_MAX = 50 };

struct category {
    struct category *next;
    const char *name;
    struct es_order order[METRICS];
};

/* Where a person stands in their team; where a team or a country stands by
 * mean. */
struct crew_place {
    struct es_order_node node;
    const struct entry *who;
};

/* One that can stand: a person, a team or a country. */
struct entry {
    int64_t id; /* a country's: its place in the alphabet of codes */
    int64_t bib, members;
    int64_t sum[METRICS]; /* by es_metric: mm, ms */
    int64_t runs;
    int64_t from_mm[ES_STANDINGS_FROM];
    const char *name, *country;
    bool hidden, gone;
    struct category *category;   /* of a person, or NULL */
    struct entry *team, *nation; /* of a person, or NULL */
    struct crew_place *place;    /* of a person in a team, or NULL */
    struct es_order crew;        /* of a team, by distance */
    struct crew_place *mean;     /* of a team or a country */
    struct es_order_node general[METRICS], special[METRICS];
};

struct es_standings {
    pthread_rwlock_t lock;
    uint64_t seed;       /* of the priorities; splitmix64 */
    struct es_arena mem; /* entries, names, categories */
    struct es_ids people, teams;
    struct entry *nations[COUNTRIES];
    struct category *categories;
    struct es_order order[3][METRICS]; /* by es_by */
    struct es_order mean[3];
    int64_t team_min; /* members */
    struct es_totals totals;
};

/* ---- life ---- */

enum es_code es_standings_new(struct es_standings **out, struct es_err *e)
{
    struct es_standings *s = calloc(1, sizeof *s);
    pthread_rwlockattr_t attr;
    if (!s || pthread_rwlockattr_init(&attr) != 0)
        goto fail;
    /* Receipts wait for es_standings_add: a crowd of readers must not. */
    (void)pthread_rwlockattr_setkind_np(
        &attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    int bad = pthread_rwlock_init(&s->lock, &attr);
    pthread_rwlockattr_destroy(&attr);
    if (bad)
        goto fail;
    es_arena_init(&s->mem, SIZE_MAX / 2);
    s->seed = es_random_u64();
    s->team_min = 1;
    *out = s;
    return ES_OK;
fail:
    free(s);
    return es_fail(e, ES_ENOMEM, 0, "no memory for standings");
}

void es_standings_free(struct es_standings *s)
{
    if (!s)
        return;
    es_ids_release(&s->people);
    es_ids_release(&s->teams);
    es_arena_release(&s->mem);
    pthread_rwlock_destroy(&s->lock);
    free(s);
}

/* Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195. */
static uint32_t next_prio(struct es_standings *s)
{
    uint64_t x = s->seed += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return (uint32_t)((x ^ x >> 31) >> 32);
}

/* ---- who is in ---- */

static enum es_code no_memory(struct es_err *e)
{
    return es_fail(e, ES_ENOMEM, 0, "no memory for another entry");
}

static bool mean_make(struct es_standings *s, struct crew_place **out)
{
    struct crew_place *m = es_arena_alloc(&s->mem, sizeof *m);
    if (m)
        *m = (struct crew_place){ .who = NULL };
    *out = m;
    return m != NULL;
}

static enum es_code team_put(struct es_standings *s, int64_t id,
                             const char *name, struct es_err *e)
{
    struct entry *team = es_ids_get(&s->teams, id);
    if (team && strcmp(team->name, name) == 0)
        return ES_OK;
    const char *copy = es_arena_str(&s->mem, name);
    if (!copy)
        return no_memory(e);
    if (team) {
        team->name = copy;
        return ES_OK;
    }
    enum es_code rc = es_ids_reserve(&s->teams, e);
    if (rc != ES_OK)
        return rc;
    team = es_arena_alloc(&s->mem, sizeof *team);
    if (!team || !mean_make(s, &team->mean))
        return no_memory(e);
    *team = (struct entry){
        .id = id, .name = copy, .country = "", .mean = team->mean
    };
    team->mean->who = team;
    es_ids_put(&s->teams, id, team);
    return ES_OK;
}

enum es_code es_standings_team(struct es_standings *s, int64_t id,
                               const char *name, struct es_err *e)
{
    if (id <= 0)
        return es_fail(e, ES_EINVAL, 0, "a team's id must be positive");
    pthread_rwlock_wrlock(&s->lock);
    enum es_code rc = team_put(s, id, name, e);
    pthread_rwlock_unlock(&s->lock);
    return rc;
}

/* 0..675 in the order of the alphabet, or -1. */
static int country_index(const char *code)
{
    if (strlen(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' ||
        code[1] > 'Z')
        return -1;
    return (code[0] - 'A') * 26 + code[1] - 'A';
}

static struct entry *nation_of(struct es_standings *s, int index)
{
    struct entry *nation = s->nations[index];
    if (nation)
        return nation;
    char code[] = { (char)('A' + index / 26), (char)('A' + index % 26), 0 };
    const char *name = es_arena_str(&s->mem, code);
    nation = es_arena_alloc(&s->mem, sizeof *nation);
    if (!name || !nation || !mean_make(s, &nation->mean))
        return NULL;
    *nation = (struct entry){
        .id = index, .name = name, .country = name, .mean = nation->mean
    };
    nation->mean->who = nation;
    s->nations[index] = nation;
    return nation;
}

static struct category *category_find(const struct es_standings *s,
                                      const char *name)
{
    struct category *c = s->categories;
    while (c && strcmp(c->name, name) != 0)
        c = c->next;
    return c;
}

static struct category *category_of(struct es_standings *s, const char *name)
{
    struct category *c = category_find(s, name);
    if (c)
        return c;
    const char *copy = es_arena_str(&s->mem, name);
    c = es_arena_alloc(&s->mem, sizeof *c);
    if (!copy || !c)
        return NULL;
    *c = (struct category){ .next = s->categories, .name = copy };
    s->categories = c;
    return c;
}

static void place(struct es_standings *s, struct es_order *order,
                  struct es_order_node *at, const struct entry *who,
                  int64_t value)
{
    bool stands = at->size > 0;
    if (stands && at->value == value)
        return;
    if (stands)
        es_order_remove(order, at);
    at->value = value;
    at->id = who->id;
    if (value > 0)
        es_order_insert(order, at, next_prio(s));
}

/* A mean of a team with too few is none. */
static void place_mean(struct es_standings *s, struct entry *who, enum es_by by)
{
    int64_t least = by == ES_BY_TEAM ? s->team_min : 1;
    int64_t mean = who->members > 0 && who->members >= least
                       ? who->sum[ES_METRIC_DISTANCE] / who->members
                       : 0;
    place(s, &s->mean[by], &who->mean->node, who, mean);
}

/* After a change of a person, or of what they ran. */
static void place_means(struct es_standings *s, const struct entry *person)
{
    if (person->team)
        place_mean(s, person->team, ES_BY_TEAM);
    if (person->nation)
        place_mean(s, person->nation, ES_BY_COUNTRY);
}

/* Looks up and allocates all that the person needs; changes nothing that
 * shows. */
static enum es_code person_make(struct es_standings *s,
                                const struct es_stander *p, struct entry *out,
                                struct es_err *e)
{
    int country = p->gone ? -1 : country_index(p->country);
    if (p->id <= 0 || (country < 0 && *p->country && !p->gone))
        return es_fail(e, ES_EINVAL, 0, "not an id or not a country");
    struct entry in = { .id = p->id,
                        .bib = p->bib,
                        .hidden = p->hidden || p->gone,
                        .gone = p->gone };
    if (!p->gone)
        in.team = es_ids_get(&s->teams, p->team);
    if (p->team != 0 && !in.team && !p->gone)
        return es_fail(e, ES_ENOENT, 0, "no such team");
    if (country >= 0 && !(in.nation = nation_of(s, country)))
        return no_memory(e);
    if (*p->category && !(in.category = category_of(s, p->category)))
        return no_memory(e);
    if (in.team && !(in.place = es_arena_alloc(&s->mem, sizeof *in.place)))
        return no_memory(e);
    if (in.place)
        *in.place = (struct crew_place){ .who = NULL };
    in.country = in.nation ? in.nation->name : "";
    in.name = es_arena_str(&s->mem, p->name);
    if (!in.name)
        return no_memory(e);
    *out = in;
    return ES_OK;
}

/* Counts a person in (1) or out (-1). */
static void count_in(struct es_standings *s, const struct entry *who, int way)
{
    if (!who->gone)
        s->totals.participants += way;
    if (who->team)
        who->team->members += way;
    if (who->nation)
        who->nation->members += way;
}

enum es_code es_standings_join(struct es_standings *s,
                               const struct es_stander *p, struct es_err *e)
{
    struct entry made;
    struct entry *person = NULL;
    pthread_rwlock_wrlock(&s->lock);
    enum es_code rc =
        es_ids_get(&s->people, p->id)
            ? es_fail(e, ES_EEXIST, 0, "this participant is in already")
            : es_ids_reserve(&s->people, e);
    if (rc == ES_OK)
        rc = person_make(s, p, &made, e);
    if (rc == ES_OK && !(person = es_arena_alloc(&s->mem, sizeof *person)))
        rc = no_memory(e);
    if (rc == ES_OK) {
        *person = made;
        if (person->place)
            person->place->who = person;
        es_ids_put(&s->people, p->id, person);
        count_in(s, person, 1);
        place_means(s, person);
    }
    pthread_rwlock_unlock(&s->lock);
    return rc;
}

enum es_code es_standings_rename(struct es_standings *s, int64_t participant,
                                 const char *name, struct es_err *e)
{
    enum es_code rc = ES_OK;
    pthread_rwlock_wrlock(&s->lock);
    struct entry *who = es_ids_get(&s->people, participant);
    const char *copy = who ? es_arena_str(&s->mem, name) : NULL;
    if (!who)
        rc = es_fail(e, ES_ENOENT, 0, "no such participant");
    else if (!copy)
        rc = no_memory(e);
    else
        who->name = copy;
    pthread_rwlock_unlock(&s->lock);
    return rc;
}

/* ---- what they ran ---- */

static void entry_add(struct es_standings *s, struct entry *who, enum es_by by,
                      const int64_t delta[METRICS], int64_t runs)
{
    who->runs += runs;
    for (size_t m = 0; m < METRICS; m++) {
        who->sum[m] += delta[m];
        if (who->hidden)
            continue;
        place(s, &s->order[by][m], &who->general[m], who, who->sum[m]);
        if (who->category)
            place(s, &who->category->order[m], &who->special[m], who,
                  who->sum[m]);
    }
    if (who->place && !who->hidden)
        place(s, &who->team->crew, &who->place->node, who,
              who->sum[ES_METRIC_DISTANCE]);
}

enum es_code es_standings_add(struct es_standings *s, int64_t participant,
                              int64_t dist_mm, int64_t time_ms, int64_t runs)
{
    const int64_t delta[METRICS] = {
        [ES_METRIC_DISTANCE] = dist_mm, [ES_METRIC_TIME] = time_ms
    };
    pthread_rwlock_wrlock(&s->lock);
    struct entry *person = es_ids_get(&s->people, participant);
    if (person) {
        entry_add(s, person, ES_BY_PERSON, delta, runs);
        if (person->team)
            entry_add(s, person->team, ES_BY_TEAM, delta, runs);
        if (person->nation)
            entry_add(s, person->nation, ES_BY_COUNTRY, delta, runs);
        place_means(s, person);
        s->totals.dist_mm += dist_mm;
        s->totals.time_ms += time_ms;
        s->totals.runs += runs;
    }
    pthread_rwlock_unlock(&s->lock);
    return person ? ES_OK : ES_ENOENT;
}

/* Moves all that the person ran in (1) or out (-1) of team and country. */
static void carry(struct es_standings *s, struct entry *person, int way)
{
    int64_t delta[METRICS];
    struct entry *groups[] = { person->team, person->nation };
    static const enum es_by BY[] = { ES_BY_TEAM, ES_BY_COUNTRY };
    for (size_t m = 0; m < METRICS; m++)
        delta[m] = way * person->sum[m];
    for (size_t i = 0; i < 2; i++) {
        if (!groups[i])
            continue;
        entry_add(s, groups[i], BY[i], delta, way * person->runs);
        for (size_t f = 0; f < ES_STANDINGS_FROM; f++)
            groups[i]->from_mm[f] += way * person->from_mm[f];
    }
    count_in(s, person, way);
    place_means(s, person);
}

/* Out of every order in which a person stands. */
static void unplace(struct es_standings *s, struct entry *person)
{
    for (size_t m = 0; m < METRICS; m++) {
        place(s, &s->order[ES_BY_PERSON][m], &person->general[m], person, 0);
        if (person->category)
            place(s, &person->category->order[m], &person->special[m], person,
                  0);
    }
    if (person->place)
        place(s, &person->team->crew, &person->place->node, person, 0);
}

enum es_code es_standings_change(struct es_standings *s,
                                 const struct es_stander *p, struct es_err *e)
{
    static const int64_t NOTHING[METRICS];
    struct entry now;
    pthread_rwlock_wrlock(&s->lock);
    struct entry *person = es_ids_get(&s->people, p->id);
    enum es_code rc = person ? person_make(s, p, &now, e)
                             : es_fail(e, ES_ENOENT, 0, "no such participant");
    if (rc == ES_OK) {
        carry(s, person, -1);
        unplace(s, person);
        person->bib = now.bib;
        person->name = now.name;
        person->country = now.country;
        person->hidden = now.hidden;
        person->gone = now.gone;
        person->category = now.category;
        person->team = now.team;
        person->nation = now.nation;
        person->place = now.place;
        if (person->place)
            person->place->who = person;
        carry(s, person, 1);
        entry_add(s, person, ES_BY_PERSON, NOTHING, 0);
    }
    pthread_rwlock_unlock(&s->lock);
    return rc;
}

static void place_team(void *team, void *arg)
{
    place_mean(arg, team, ES_BY_TEAM);
}

void es_standings_team_min(struct es_standings *s, int64_t members)
{
    pthread_rwlock_wrlock(&s->lock);
    if (s->team_min != members) {
        s->team_min = members < 1 ? 1 : members;
        es_ids_each(&s->teams, place_team, s);
    }
    pthread_rwlock_unlock(&s->lock);
}

enum es_code es_standings_from(struct es_standings *s, int64_t participant,
                               int32_t provenance, int64_t dist_mm)
{
    if (provenance < 0 || provenance >= ES_STANDINGS_FROM)
        return ES_OK;
    pthread_rwlock_wrlock(&s->lock);
    struct entry *person = es_ids_get(&s->people, participant);
    if (person) {
        person->from_mm[provenance] += dist_mm;
        if (person->team)
            person->team->from_mm[provenance] += dist_mm;
        if (person->nation)
            person->nation->from_mm[provenance] += dist_mm;
    }
    pthread_rwlock_unlock(&s->lock);
    return person ? ES_OK : ES_ENOENT;
}

/* ---- reading ---- */

void es_standings_totals(struct es_standings *s, struct es_totals *out)
{
    pthread_rwlock_rdlock(&s->lock);
    *out = s->totals;
    pthread_rwlock_unlock(&s->lock);
}

/* Which of an entry's nodes an order is made of. */
enum kind { GENERAL, SPECIAL, CREW };

static const struct entry *owner(const struct es_order_node *node,
                                 enum es_metric metric, enum kind kind)
{
    if (kind == CREW) /* the node is its first member */
        return ((const struct crew_place *)(const void *)node)->who;
    size_t offset = kind == SPECIAL ? offsetof(struct entry, special)
                                    : offsetof(struct entry, general);
    offset += (size_t)metric * sizeof *node;
    return (const void *)((const char *)node - offset);
}

/* The row but for its rank. */
static bool row_of(const struct entry *who, enum es_by by, struct es_arena *a,
                   struct es_standing *row)
{
    struct es_standing r = {
        .id = by == ES_BY_COUNTRY ? 0 : who->id,
        .name = es_arena_str(a, who->name),
        .dist_mm = who->sum[ES_METRIC_DISTANCE],
        .time_ms = who->sum[ES_METRIC_TIME],
        .runs = who->runs,
        .bib = who->bib,
        .members = who->members,
        .country = es_arena_str(a, who->country),
    };
    if (!r.name || !r.country)
        return false;
    memcpy(r.from_mm, who->from_mm, sizeof r.from_mm);
    *row = r;
    return true;
}

/* Which of the orders a reader looks at. */
struct view {
    const struct es_order *order;
    enum es_by by;
    enum es_metric metric;
    enum kind kind;
};

struct rows {
    struct es_standing *v;
    size_t n;
};

/* The rows from the place `from` on, at most `want`; false without memory. */
static bool rows_of(const struct view *v, size_t from, size_t want,
                    struct es_arena *a, struct rows *out)
{
    const struct es_order_node *nodes[ES_STANDINGS_PAGE_MAX];
    assert(want <= ES_STANDINGS_PAGE_MAX);
    size_t n = es_order_slice(v->order, from, nodes, want);
    struct es_standing *rows = es_arena_array(a, n, sizeof *rows);
    if (!rows)
        return false;
    for (size_t i = 0; i < n; i++) {
        int64_t value = nodes[i]->value;
        if (!row_of(owner(nodes[i], v->metric, v->kind), v->by, a, &rows[i]))
            return false;
        if (i == 0)
            rows[i].rank =
                1 + (int64_t)es_order_before(v->order, value, INT64_MIN);
        else if (value == nodes[i - 1]->value)
            rows[i].rank = rows[i - 1].rank;
        else
            rows[i].rank = (int64_t)(from + i + 1);
    }
    *out = (struct rows){ rows, n };
    return true;
}

/* Checks the query; *after is the key behind which its page begins. */
static enum es_code query_start(const struct es_standings_query *q,
                                struct es_cursor *after, struct es_err *e)
{
    if ((unsigned)q->by > ES_BY_COUNTRY ||
        (unsigned)q->metric > ES_METRIC_MEAN ||
        (q->metric == ES_METRIC_MEAN && q->by == ES_BY_PERSON))
        return es_fail(e, ES_EINVAL, 0, "no such standings");
    if (q->category && *q->category && q->by != ES_BY_PERSON)
        return es_fail(e, ES_EINVAL, 0, "only persons have a category");
    *after = (struct es_cursor){
        .by = q->by, .metric = q->metric, .value = INT64_MAX, .id = -1
    };
    if (q->cursor && (!es_cursor_read(q->cursor, after) || after->by != q->by ||
                      after->metric != q->metric))
        return es_fail(e, ES_EINVAL, 0, "not a cursor of these standings");
    return ES_OK;
}

/* The cursor for what follows the place `last`, or NULL at the end. */
static bool next_of(const struct view *v, size_t last, struct es_arena *a,
                    const char **next)
{
    char text[ES_CURSOR_TEXT];
    const struct es_order_node *node[2];
    *next = NULL;
    if (es_order_slice(v->order, last, node, 2) < 2)
        return true;
    es_cursor_write(&(struct es_cursor){ .by = v->by,
                                         .metric = v->metric,
                                         .value = node[0]->value,
                                         .id = node[0]->id },
                    text);
    *next = es_arena_str(a, text);
    return *next != NULL;
}

static const struct es_order *order_of(const struct es_standings *s,
                                       const struct es_standings_query *q)
{
    static const struct es_order nobody;
    if (q->metric == ES_METRIC_MEAN)
        return &s->mean[q->by];
    if (!q->category || !*q->category)
        return &s->order[q->by][q->metric];
    const struct category *c = category_find(s, q->category);
    return c ? &c->order[q->metric] : &nobody;
}

/* The rows behind a key, and the cursor behind them; false without memory. */
static bool page_of(const struct view *v, const struct es_cursor *after,
                    size_t limit, struct es_arena *a, struct rows *out,
                    const char **next)
{
    size_t want = limit < 1 ? 1 : limit;
    if (want > ES_STANDINGS_PAGE_MAX)
        want = ES_STANDINGS_PAGE_MAX;
    size_t from = es_order_before(v->order, after->value, after->id + 1);
    *next = NULL;
    return rows_of(v, from, want, a, out) &&
           (out->n == 0 || next_of(v, from + out->n - 1, a, next));
}

enum es_code es_standings_page(struct es_standings *s,
                               const struct es_standings_query *q,
                               struct es_arena *a, struct es_standing **rows,
                               size_t *n, const char **next, struct es_err *e)
{
    struct es_cursor after;
    enum es_code rc = query_start(q, &after, e);
    if (rc != ES_OK)
        return rc;

    pthread_rwlock_rdlock(&s->lock);
    struct view v = { .order = order_of(s, q),
                      .by = q->by,
                      .metric = q->metric,
                      .kind = q->metric == ES_METRIC_MEAN   ? CREW
                              : q->category && *q->category ? SPECIAL
                                                            : GENERAL };
    struct rows found;
    const char *cursor = NULL;
    bool done = page_of(&v, &after, q->limit, a, &found, &cursor);
    pthread_rwlock_unlock(&s->lock);
    if (!done)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a page");
    *rows = found.v;
    *n = found.n;
    *next = cursor;
    return ES_OK;
}

/* es_standings_of under the lock; false without memory. */
static bool surroundings(const struct es_standings *s, const struct entry *who,
                         size_t around, struct es_arena *a,
                         struct es_standing *self, struct rows *out)
{
    struct view v = { .order = &s->order[ES_BY_PERSON][ES_METRIC_DISTANCE],
                      .by = ES_BY_PERSON,
                      .metric = ES_METRIC_DISTANCE };
    *out = (struct rows){ 0 };
    if (!row_of(who, ES_BY_PERSON, a, self))
        return false;
    const struct es_order_node *at = &who->general[ES_METRIC_DISTANCE];
    if (at->size == 0)
        return true;
    self->rank = 1 + (int64_t)es_order_before(v.order, at->value, INT64_MIN);
    size_t place = es_order_before(v.order, at->value, at->id);
    size_t before = place < around ? place : around;
    return rows_of(&v, place - before, before + 1 + around, a, out);
}

enum es_code es_standings_of(struct es_standings *s, int64_t participant,
                             size_t around, struct es_arena *a,
                             struct es_standing *self,
                             struct es_standing **rows, size_t *n,
                             struct es_err *e)
{
    struct es_standing own;
    struct rows found;
    if (around > AROUND_MAX)
        around = AROUND_MAX;
    pthread_rwlock_rdlock(&s->lock);
    const struct entry *who = es_ids_get(&s->people, participant);
    bool done = who && surroundings(s, who, around, a, &own, &found);
    pthread_rwlock_unlock(&s->lock);
    if (!who)
        return es_fail(e, ES_ENOENT, 0, "no such participant");
    if (!done)
        return es_fail(e, ES_ENOMEM, 0, "no memory for the neighbours");
    *self = own;
    *rows = found.v;
    *n = found.n;
    return ES_OK;
}

/* Highest first; of equals the smaller id, as they stand. */
static int by_distance(const void *l, const void *r)
{
    const struct entry *a = *(struct entry *const *)l;
    const struct entry *b = *(struct entry *const *)r;
    int64_t mm_a = a->sum[ES_METRIC_DISTANCE];
    int64_t mm_b = b->sum[ES_METRIC_DISTANCE];
    if (mm_a != mm_b)
        return mm_a < mm_b ? 1 : -1;
    return (a->id > b->id) - (a->id < b->id);
}

static bool pick_rows(const struct es_standings *s, const int64_t *people,
                      size_t n, size_t limit, struct es_arena *a,
                      struct rows *out)
{
    const struct es_order *order = &s->order[ES_BY_PERSON][ES_METRIC_DISTANCE];
    const struct entry **found = es_arena_array(a, n, sizeof(struct entry *));
    size_t n_found = 0;

    if (!found)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct entry *who = es_ids_get(&s->people, people[i]);
        if (who && !who->hidden)
            found[n_found++] = who;
    }
    qsort(found, n_found, sizeof(struct entry *), by_distance);
    out->n = n_found < limit ? n_found : limit;
    out->v = es_arena_array(a, out->n, sizeof *out->v);
    for (size_t i = 0; out->v && i < out->n; i++) {
        const struct es_order_node *at = &found[i]->general[ES_METRIC_DISTANCE];
        if (!row_of(found[i], ES_BY_PERSON, a, &out->v[i]))
            return false;
        if (at->size > 0)
            out->v[i].rank =
                1 + (int64_t)es_order_before(order, at->value, INT64_MIN);
    }
    return out->v != NULL;
}

enum es_code es_standings_pick(struct es_standings *s, const int64_t *people,
                               size_t n, size_t limit, struct es_arena *a,
                               struct es_standing **rows, size_t *n_rows,
                               struct es_err *e)
{
    struct rows found;
    pthread_rwlock_rdlock(&s->lock);
    bool done = pick_rows(s, people, n, limit, a, &found);
    pthread_rwlock_unlock(&s->lock);
    if (!done)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a search");
    *rows = found.v;
    *n_rows = found.n;
    return ES_OK;
}

enum es_code es_standings_crew(struct es_standings *s, int64_t team,
                               const char *cursor, size_t limit,
                               struct es_arena *a, struct es_standing *self,
                               struct es_standing **rows, size_t *n,
                               const char **next, struct es_err *e)
{
    const struct es_standings_query q = { .cursor = cursor };
    struct es_cursor after;
    struct es_standing own = { 0 };
    struct rows found;
    const char *more = NULL;
    enum es_code rc = query_start(&q, &after, e);
    if (rc != ES_OK)
        return rc;
    pthread_rwlock_rdlock(&s->lock);
    const struct entry *t = es_ids_get(&s->teams, team);
    bool done = false;
    if (t) {
        struct view v = { .order = &t->crew, .kind = CREW };
        done = row_of(t, ES_BY_TEAM, a, &own) &&
               page_of(&v, &after, limit, a, &found, &more);
    }
    if (done && t->general[ES_METRIC_DISTANCE].size > 0)
        own.rank = 1 + (int64_t)es_order_before(
                           &s->order[ES_BY_TEAM][ES_METRIC_DISTANCE],
                           own.dist_mm, INT64_MIN);
    pthread_rwlock_unlock(&s->lock);
    if (!t)
        return es_fail(e, ES_ENOENT, 0, "no such team");
    if (!done)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a team");
    *self = own;
    *rows = found.v;
    *n = found.n;
    *next = more;
    return ES_OK;
}
