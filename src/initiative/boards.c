/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/boards.h"

#include "initiative/app.h"

#include <pthread.h>
#include <stdlib.h>

struct board {
    int64_t initiative;
    struct es_standings *standings;
};

struct es_boards {
    pthread_rwlock_t lock;
    struct board *v;
    size_t n, cap;
};

enum es_code es_boards_new(struct es_boards **out, struct es_err *e)
{
    struct es_boards *b = calloc(1, sizeof *b);
    if (!b)
        return es_fail(e, ES_ENOMEM, 0, "boards");
    if (pthread_rwlock_init(&b->lock, NULL) != 0) {
        free(b);
        return es_fail(e, ES_ENOMEM, 0, "boards: lock");
    }
    *out = b;
    return ES_OK;
}

void es_boards_free(struct es_boards *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->n; i++)
        es_standings_free(b->v[i].standings);
    free(b->v);
    pthread_rwlock_destroy(&b->lock);
    free(b);
}

struct es_stander es_stander_of(const struct es_participant *p,
                                struct es_arena *a)
{
    const char *name = es_public_name(p, a);
    return (struct es_stander){
        .id = p->id,
        .bib = p->bib,
        .name = name ? name : "",
        .country = p->country,
        .team = p->team,
        .category = p->category,
        .hidden = name == NULL,
    };
}

static enum es_code load_person(const struct es_participant_sum *row, void *arg,
                                struct es_err *e)
{
    struct es_standings *s = arg;
    struct es_arena a;
    es_arena_init(&a, 4096);
    struct es_stander p = es_stander_of(&row->p, &a);
    enum es_code rc = es_standings_join(s, &p, e);
    es_arena_release(&a);
    if (rc == ES_OK && row->runs > 0)
        rc = es_standings_add(s, row->p.id, row->dist_mm, row->time_ms,
                              row->runs);
    return rc;
}

static enum es_code load_teams(struct es_standings *s, struct es_store *store,
                               int64_t initiative, struct es_err *e)
{
    struct es_arena a;
    struct es_team *v;
    size_t n;
    es_arena_init(&a, 64u << 20);
    enum es_code rc = es_store_teams(store, initiative, &a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = es_standings_team(s, v[i].id, v[i].name, e);
    es_arena_release(&a);
    return rc;
}

static enum es_code append(struct es_boards *b, struct board row,
                           struct es_err *e)
{
    if (b->n == b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 8;
        struct board *v = realloc(b->v, cap * sizeof *v);
        if (!v)
            return es_fail(e, ES_ENOMEM, 0, "boards");
        b->v = v;
        b->cap = cap;
    }
    b->v[b->n++] = row;
    return ES_OK;
}

enum es_code es_boards_load(struct es_boards *b, struct es_store *store,
                            int64_t initiative, struct es_err *e)
{
    struct board row = { initiative, NULL };
    enum es_code rc = es_standings_new(&row.standings, e);
    if (rc == ES_OK)
        rc = load_teams(row.standings, store, initiative, e);
    if (rc == ES_OK)
        rc =
            es_store_each_sum(store, initiative, load_person, row.standings, e);
    if (rc == ES_OK) {
        pthread_rwlock_wrlock(&b->lock);
        rc = append(b, row, e);
        pthread_rwlock_unlock(&b->lock);
    }
    if (rc != ES_OK)
        es_standings_free(row.standings);
    return rc;
}

struct es_standings *es_boards_get(struct es_boards *b, int64_t initiative)
{
    struct es_standings *s = NULL;
    pthread_rwlock_rdlock(&b->lock);
    for (size_t i = 0; i < b->n && !s; i++)
        if (b->v[i].initiative == initiative)
            s = b->v[i].standings;
    pthread_rwlock_unlock(&b->lock);
    return s;
}
