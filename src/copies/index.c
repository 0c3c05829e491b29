/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Chains of entries behind a table of heads, in parts that never move: each
 * new part is larger, up to PART_MAX runs, and a search goes through all. An
 * entry is where its run stands in the part, times ES_MARKS, plus which of its
 * marks it is; so four bytes link it, and nothing else is kept of a mark. That
 * a chain holds others' entries doesn't matter: it takes two of the same run.
 */
#include "copies/copies.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    PART_FIRST = 1 << 10,
    PART_MAX = 1 << 20,
    PARTS = 32,
    LOAD = 3,            /* entries of a chain, about */
    HEADS_MIN = 1 << 20, /* fewer, and two marks would meet by chance */
    SEEN = 1 << 14,      /* places for counting; twice the entries looked at */
    FEW = 3,             /* of a million have a mark that tells much... */
    RARER = 3,           /* ...which weighs as these more */
    AT_ONCE = 6,         /* marks that the same time weighs as much as */
};

static_assert((uint64_t)PART_MAX * ES_MARKS < UINT32_MAX, "an entry's number");
static_assert((uint64_t)(PARTS - 6) * PART_MAX >= ES_COPIES_MAX, "parts");

struct row {
    int64_t run;                 /* 0: dropped */
    uint32_t started_s, ended_s; /* since 1970; both 0: not known */
};

struct part {
    uint32_t *head; /* entries + 1; 0: none */
    uint32_t *next;
    struct row *row;
    uint32_t mask, cap, n;
};

struct es_copies {
    pthread_rwlock_t lock;
    struct part part[PARTS];
    size_t parts, dropped;
};

enum es_code es_copies_new(struct es_copies **out, struct es_err *e)
{
    struct es_copies *c = calloc(1, sizeof *c);
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "copies");
    if (pthread_rwlock_init(&c->lock, NULL) != 0) {
        free(c);
        return es_fail(e, ES_ENOMEM, 0, "copies: lock");
    }
    *out = c;
    return ES_OK;
}

static void part_release(struct part *p)
{
    free(p->head);
    free(p->next);
    free(p->row);
}

void es_copies_free(struct es_copies *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->parts; i++)
        part_release(&c->part[i]);
    pthread_rwlock_destroy(&c->lock);
    free(c);
}

/* ---- adding ---- */

static struct row row_of(int64_t run, const struct es_marks *m)
{
    struct row r = { .run = run };
    int64_t from_s = m->started_ms / 1000;
    if (m->started_ms != ES_NO_TIME && from_s > 0 &&
        from_s + m->lasted_s <= UINT32_MAX) {
        r.started_s = (uint32_t)from_s;
        r.ended_s = (uint32_t)(from_s + m->lasted_s);
    }
    return r;
}

/* The kernel gives the pages as they are first written. */
static enum es_code part_make(struct part *out, uint32_t cap, struct es_err *e)
{
    struct part p = { .cap = cap };
    uint32_t heads = HEADS_MIN;
    while (heads < cap / LOAD * ES_MARKS)
        heads *= 2;
    p.mask = heads - 1;
    p.head = calloc(heads, sizeof *p.head);
    p.next = calloc((size_t)cap * ES_MARKS, sizeof *p.next);
    p.row = calloc(cap, sizeof *p.row);
    if (!p.head || !p.next || !p.row) {
        part_release(&p);
        return es_fail(e, ES_ENOMEM, 0, "copies");
    }
    *out = p;
    return ES_OK;
}

/* The part that has room for one more. */
static enum es_code part_open(struct es_copies *c, struct part **out,
                              struct es_err *e)
{
    struct part *last = c->parts ? &c->part[c->parts - 1] : NULL;
    if (!last || last->n == last->cap) {
        uint32_t cap = !last                   ? PART_FIRST
                       : last->cap == PART_MAX ? PART_MAX
                                               : last->cap * 4;
        if (c->parts == PARTS)
            return es_fail(e, ES_ETOOLARGE, 0, "copies: full");
        enum es_code rc = part_make(&c->part[c->parts], cap, e);
        if (rc != ES_OK)
            return rc;
        last = &c->part[c->parts++];
    }
    *out = last;
    return ES_OK;
}

static void part_add(struct part *p, const struct row *row,
                     const struct es_marks *m)
{
    uint32_t first = p->n * ES_MARKS;
    /* All heads are asked of memory at once. */
    for (size_t i = 0; i < ES_MARKS; i++)
        __builtin_prefetch(&p->head[m->v[i] & p->mask], 1);
    for (uint32_t i = 0; i < ES_MARKS; i++) {
        uint32_t *head = &p->head[m->v[i] & p->mask];
        if (!m->v[i])
            continue;
        p->next[first + i] = *head;
        *head = first + i + 1;
    }
    p->row[p->n++] = *row;
}

enum es_code es_copies_add(struct es_copies *c, int64_t run,
                           const struct es_marks *m, struct es_err *e)
{
    struct part *p = NULL;
    struct row row = row_of(run, m);
    if (!es_marks_any(m))
        return ES_OK;
    pthread_rwlock_wrlock(&c->lock);
    enum es_code rc = part_open(c, &p, e);
    if (rc == ES_OK)
        part_add(p, &row, m);
    pthread_rwlock_unlock(&c->lock);
    return rc;
}

/* ---- dropping, counting ---- */

static bool part_drop(struct part *p, int64_t run, const struct es_marks *m)
{
    for (uint32_t i = 0; i < ES_MARKS; i++) {
        uint32_t at = m->v[i] ? p->head[m->v[i] & p->mask] : 0;
        for (; at != 0; at = p->next[at - 1]) {
            struct row *r = &p->row[(at - 1) / ES_MARKS];
            if (r->run != run)
                continue;
            r->run = 0;
            return true;
        }
    }
    return false;
}

void es_copies_drop(struct es_copies *c, int64_t run, const struct es_marks *m)
{
    pthread_rwlock_wrlock(&c->lock);
    bool done = false;
    for (size_t i = c->parts; i-- > 0 && !done;)
        done = part_drop(&c->part[i], run, m);
    c->dropped += done;
    pthread_rwlock_unlock(&c->lock);
}

size_t es_copies_count(struct es_copies *c)
{
    size_t n = 0;
    pthread_rwlock_rdlock(&c->lock);
    for (size_t i = 0; i < c->parts; i++)
        n += c->part[i].n;
    n -= c->dropped;
    pthread_rwlock_unlock(&c->lock);
    return n;
}

size_t es_copies_bytes(struct es_copies *c)
{
    size_t n = sizeof *c;
    pthread_rwlock_rdlock(&c->lock);
    for (size_t i = 0; i < c->parts; i++) {
        const struct part *p = &c->part[i];
        n += ((size_t)p->mask + 1) * sizeof *p->head +
             p->cap * (ES_MARKS * sizeof *p->next + sizeof *p->row);
    }
    pthread_rwlock_unlock(&c->lock);
    return n;
}

/* ---- finding ---- */

/* Who was met, and how often. */
struct seen {
    uint32_t who; /* the number of the row in its part, + 1; 0: nobody */
    uint8_t part, places, beats;
    uint8_t rare; /* of its marks in common, those that few have */
};

/* What only few have in common tells more than the course of thousands. */
struct found {
    struct es_likeness l;
    int weight;
};

struct search {
    const struct es_marks *m;
    struct row self;
    struct seen *seen;
    size_t left;                       /* entries that may still be looked at */
    struct found found[ES_LIKENESSES]; /* the likeliest first */
    size_t n, max;
};

static void count_in(struct search *s, size_t part, uint32_t row, uint32_t mark,
                     bool rare)
{
    uint64_t key = (uint64_t)part << 32 | row;
    size_t at = (size_t)(key * 0x9e3779b97f4a7c15u >> 40);
    struct seen *k;
    for (;; at++) {
        k = &s->seen[at % SEEN];
        if (k->who == 0 || (k->who == row + 1 && k->part == part))
            break;
    }
    k->who = row + 1;
    k->part = (uint8_t)part;
    k->rare = (uint8_t)(k->rare + rare);
    if (mark < ES_MARKS_PLACE)
        k->places++;
    else
        k->beats++;
}

/* All chains one step, then all one more: their memory is asked for at once,
 * where one after the other would wait for each. */
static void part_search(struct search *s, const struct part *p, size_t part)
{
    uint32_t rows[ES_MARKS][ES_COPIES_CHAIN], at[ES_MARKS];
    size_t n[ES_MARKS] = { 0 };
    for (size_t i = 0; i < ES_MARKS; i++)
        __builtin_prefetch(&p->head[s->m->v[i] & p->mask]);
    for (size_t i = 0; i < ES_MARKS; i++) {
        at[i] = s->m->v[i] ? p->head[s->m->v[i] & p->mask] : 0;
        __builtin_prefetch(&p->next[at[i] ? at[i] - 1 : 0]);
    }
    bool more = true;
    for (size_t hop = 0; more && hop < ES_COPIES_CHAIN; hop++) {
        more = false;
        for (size_t i = 0; i < ES_MARKS; i++) {
            if (at[i] == 0 || s->left == 0)
                continue;
            if ((at[i] - 1) % ES_MARKS == i) {
                rows[i][n[i]++] = (at[i] - 1) / ES_MARKS;
                s->left--;
            }
            at[i] = p->next[at[i] - 1];
            __builtin_prefetch(&p->next[at[i] ? at[i] - 1 : 0]);
            more = true;
        }
    }
    for (uint32_t i = 0; i < ES_MARKS; i++)
        for (size_t k = 0; k < n[i]; k++)
            count_in(s, part, rows[i][k], i, n[i] <= FEW);
}

static bool same_time(const struct row *a, const struct row *b)
{
    return a->ended_s > 0 && b->ended_s > 0 && a->started_s < b->ended_s &&
           b->started_s < a->ended_s;
}

static bool likelier(const struct found *a, const struct found *b)
{
    return a->weight != b->weight ? a->weight > b->weight : a->l.run > b->l.run;
}

/* Into the list, which stays in order and as long as it may be. */
static void place(struct search *s, const struct found *k)
{
    size_t at = s->n;
    while (at > 0 && likelier(k, &s->found[at - 1]))
        at--;
    if (at >= s->max)
        return;
    size_t stay = s->n < s->max ? s->n++ : s->max - 1;
    memmove(&s->found[at + 1], &s->found[at], (stay - at) * sizeof *k);
    s->found[at] = *k;
}

static void note(struct search *s, const struct es_copies *c,
                 const struct seen *k)
{
    const struct row *r = &c->part[k->part].row[k->who - 1];
    struct found f = { .l = { r->run, k->places, k->beats,
                              same_time(&s->self, r) } };
    f.weight = k->places + k->beats + RARER * k->rare;
    f.weight += f.l.same_time ? AT_ONCE : 0;
    if (r->run != 0)
        place(s, &f);
}

enum es_code es_copies_find(struct es_copies *c, const struct es_marks *m,
                            struct es_likeness *out, size_t max, size_t *n,
                            struct es_err *e)
{
    struct search s = { .m = m, .self = row_of(0, m), .left = SEEN / 2 };
    s.max = max < ES_LIKENESSES ? max : ES_LIKENESSES;
    s.seen = calloc(SEEN, sizeof *s.seen);
    if (!s.seen)
        return es_fail(e, ES_ENOMEM, 0, "copies");
    pthread_rwlock_rdlock(&c->lock);
    for (size_t i = c->parts; i-- > 0;)
        part_search(&s, &c->part[i], i);
    for (size_t i = 0; i < SEEN; i++)
        if (s.seen[i].places + s.seen[i].beats >= 2)
            note(&s, c, &s.seen[i]);
    pthread_rwlock_unlock(&c->lock);
    free(s.seen);
    for (size_t i = 0; i < s.n; i++)
        out[i] = s.found[i].l;
    *n = s.n;
    return ES_OK;
}
