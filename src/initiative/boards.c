/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/boards.h"

#include "i18n/i18n.h"
#include "initiative/names.h"
#include "initiative/settings.h"
#include "track/provenance.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 86400000 };

struct board {
    int64_t initiative;
    char *zone;
    struct es_standings *standings;
    struct es_days *days;
    struct es_timing *timing;
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

static void board_release(struct board *b)
{
    es_standings_free(b->standings);
    es_days_free(b->days);
    es_timing_free(b->timing);
    free(b->zone);
}

void es_boards_free(struct es_boards *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->n; i++)
        board_release(&b->v[i]);
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
        .gone = p->state == ES_PERSON_GONE,
    };
}

static enum es_code load_person(const struct es_participant_sum *row, void *arg,
                                struct es_err *e)
{
    struct es_standings *s = arg;
    struct es_arena a;
    if (row->p.state == ES_PERSON_WAITS)
        return ES_OK;
    es_arena_init(&a, 4096);
    struct es_stander p = es_stander_of(&row->p, &a);
    enum es_code rc = es_standings_join(s, &p, e);
    es_arena_release(&a);
    if (rc == ES_OK && row->runs > 0)
        rc = es_standings_add(s, row->p.id, row->dist_mm, row->time_ms,
                              row->runs);
    if (rc == ES_OK && row->live_mm)
        rc = es_standings_from(s, row->p.id, ES_FROM_LIVE, row->live_mm);
    if (rc == ES_OK && row->reexported_mm)
        rc = es_standings_from(s, row->p.id, ES_FROM_REEXPORT,
                               row->reexported_mm);
    if (rc == ES_OK && row->typed_mm)
        rc = es_standings_from(s, row->p.id, ES_FROM_TYPED, row->typed_mm);
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

static enum es_code load_team_min(struct es_standings *s,
                                  struct es_store *store, int64_t initiative,
                                  struct es_err *e)
{
    struct es_settings settings;
    enum es_code rc = es_settings_of(store, initiative, &settings, NULL, e);
    if (rc == ES_OK)
        es_standings_team_min(s, settings.team_min);
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

/* ---- days ---- */

int64_t es_day_of(const char *zone, int64_t t_ms)
{
    /* The same quarter of an hour as the store's, so that a run leaves the day
     * to which it was added whatever happened between. */
    struct es_date d = es_zone_date(zone, t_ms / ES_QUARTER_MS * ES_QUARTER_MS);
    d.hour = d.minute = d.second = d.ms = 0;
    int64_t midnight = es_time_of(&d);
    return midnight / DAY_MS - (midnight % DAY_MS < 0);
}

static enum es_code load_quarter(int64_t at_ms, int64_t dist_mm, int64_t runs,
                                 void *arg, struct es_err *e)
{
    const struct board *b = arg;
    return es_days_add(b->days, es_day_of(b->zone, at_ms), dist_mm, runs, e);
}

static enum es_code load_days(struct board *b, struct es_store *store,
                              const char *zone, struct es_err *e)
{
    char *copy = strdup(zone);
    if (!copy)
        return es_fail(e, ES_ENOMEM, 0, "zone of a board");
    free(b->zone);
    b->zone = copy;
    es_days_clear(b->days);
    return es_store_each_quarter(store, b->initiative, load_quarter, b, e);
}

/* ---- boards ---- */

enum es_code es_boards_load(struct es_boards *b, struct es_store *store,
                            const struct es_initiative *ini, struct es_err *e)
{
    struct board row = { .initiative = ini->id };
    enum es_code rc = es_standings_new(&row.standings, e);
    if (rc == ES_OK)
        rc = es_days_new(&row.days, e);
    if (rc == ES_OK)
        rc = es_timing_new(ini, &row.timing, e);
    if (rc == ES_OK)
        rc = load_teams(row.standings, store, ini->id, e);
    if (rc == ES_OK)
        rc = load_team_min(row.standings, store, ini->id, e);
    if (rc == ES_OK)
        rc = es_store_each_sum(store, ini->id, load_person, row.standings, e);
    if (rc == ES_OK)
        rc = load_days(&row, store, ini->zone, e);
    if (rc == ES_OK)
        rc = es_timing_load(row.timing, store, e);
    if (rc == ES_OK) {
        pthread_rwlock_wrlock(&b->lock);
        rc = append(b, row, e);
        pthread_rwlock_unlock(&b->lock);
    }
    if (rc != ES_OK)
        board_release(&row);
    return rc;
}

/* Under the lock; NULL when there is none. */
static struct board *find(struct es_boards *b, int64_t initiative)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->v[i].initiative == initiative)
            return &b->v[i];
    return NULL;
}

struct es_standings *es_boards_get(struct es_boards *b, int64_t initiative)
{
    pthread_rwlock_rdlock(&b->lock);
    const struct board *row = find(b, initiative);
    struct es_standings *s = row ? row->standings : NULL;
    pthread_rwlock_unlock(&b->lock);
    return s;
}

struct es_days *es_boards_days(struct es_boards *b, int64_t initiative)
{
    pthread_rwlock_rdlock(&b->lock);
    const struct board *row = find(b, initiative);
    struct es_days *d = row ? row->days : NULL;
    pthread_rwlock_unlock(&b->lock);
    return d;
}

struct es_timing *es_boards_timing(struct es_boards *b, int64_t initiative)
{
    pthread_rwlock_rdlock(&b->lock);
    const struct board *row = find(b, initiative);
    struct es_timing *t = row ? row->timing : NULL;
    pthread_rwlock_unlock(&b->lock);
    return t;
}

enum es_code es_boards_zone(struct es_boards *b, struct es_store *store,
                            const struct es_initiative *ini, struct es_err *e)
{
    enum es_code rc = ES_OK;
    pthread_rwlock_wrlock(&b->lock);
    struct board *row = find(b, ini->id);
    if (row && strcmp(row->zone, ini->zone) != 0)
        rc = load_days(row, store, ini->zone, e);
    pthread_rwlock_unlock(&b->lock);
    return rc;
}

enum es_code es_boards_day_add(struct es_boards *b, const struct es_run *run,
                               int64_t dist_mm, int64_t runs, struct es_err *e)
{
    int64_t at_ms =
        run->started_ms != ES_NO_TIME ? run->started_ms : run->received_ms;
    enum es_code rc = ES_OK;
    pthread_rwlock_rdlock(&b->lock);
    struct board *row = find(b, run->initiative);
    if (!row)
        rc = es_fail(e, ES_ENOENT, 0, "no such board");
    else
        rc = es_days_add(row->days, es_day_of(row->zone, at_ms), dist_mm, runs,
                         e);
    pthread_rwlock_unlock(&b->lock);
    return rc;
}
