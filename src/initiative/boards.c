/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/boards.h"

#include "i18n/i18n.h"
#include "initiative/names.h"
#include "initiative/settings.h"
#include "store/pulse.h"
#include "track/provenance.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 86400000, MOVING_MEM = 16 << 20 };

struct board {
    int64_t initiative;
    char *zone;
    struct es_standings *standings;
    struct es_days *days;
    struct es_pulse *pulse;
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
    es_pulse_free(b->pulse);
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
    /* The same quarter of an hour as the store's, so that what came on a day
     * is on the same one when it is read again. */
    struct es_date d = es_zone_date(zone, t_ms / ES_QUARTER_MS * ES_QUARTER_MS);
    d.hour = d.minute = d.second = d.ms = 0;
    int64_t midnight = es_time_of(&d);
    return midnight / DAY_MS - (midnight % DAY_MS < 0);
}

/* Asking a calendar takes microseconds, and a store has a million moments in
 * some thousand quarters of an hour. */
enum { QUARTERS = 4096 };
struct daybook {
    struct board *board;
    bool alone; /* the days and figures, not the standings */
    struct {
        int64_t quarter, day;
    } known[QUARTERS];
};

static struct daybook *daybook_new(struct board *b, bool alone)
{
    struct daybook *k = malloc(sizeof *k);
    if (!k)
        return NULL;
    k->board = b;
    k->alone = alone;
    for (size_t i = 0; i < QUARTERS; i++)
        k->known[i].quarter = INT64_MIN;
    return k;
}

static int64_t day_in(struct daybook *k, int64_t t_ms)
{
    int64_t quarter = t_ms / ES_QUARTER_MS;
    size_t at = (uint64_t)quarter % QUARTERS;
    if (k->known[at].quarter != quarter) {
        k->known[at].quarter = quarter;
        k->known[at].day = es_day_of(k->board->zone, t_ms);
    }
    return k->known[at].day;
}

/* ---- reading ---- */

static enum es_code load_standing(struct es_standings *s,
                                  const struct es_participant_sum *row,
                                  struct es_err *e)
{
    struct es_arena a;
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

static enum es_code load_person(const struct es_participant_sum *row, void *arg,
                                struct es_err *e)
{
    struct daybook *k = arg;
    if (row->p.state == ES_PERSON_WAITS)
        return ES_OK;
    struct es_pulse_person p = {
        .id = row->p.id,
        .country = row->p.country,
        .day = day_in(k, row->p.created_ms),
        .sent = (int32_t)row->sent,
        .counted = (int32_t)row->runs,
        .waiting = (int32_t)row->waiting,
        .gone = row->p.state == ES_PERSON_GONE,
    };
    enum es_code rc = es_pulse_join(k->board->pulse, &p, e);
    return rc == ES_OK && !k->alone ? load_standing(k->board->standings, row, e)
                                    : rc;
}

static enum es_code load_counted(int64_t participant, int64_t at_ms,
                                 int64_t counted_mm, void *arg,
                                 struct es_err *e)
{
    struct daybook *k = arg;
    int64_t day = day_in(k, at_ms);
    enum es_code rc = es_days_add(k->board->days, day, counted_mm, 1, e);
    if (rc == ES_OK)
        rc = es_pulse_add(k->board->pulse, participant, day, counted_mm, 1, e);
    return rc == ES_ENOENT ? ES_OK : rc; /* of nobody who is there */
}

static enum es_code load_look(int64_t at_ms, int64_t came, int64_t decided,
                              void *arg, struct es_err *e)
{
    struct daybook *k = arg;
    return es_pulse_review(k->board->pulse, day_in(k, at_ms), came, decided, e);
}

/* People, and what they did by day; `alone`: not their standings, which no
 * zone changes. */
static enum es_code load_people(struct board *b, struct es_store *store,
                                bool alone, struct es_err *e)
{
    int64_t files = 0, pictures = 0;
    struct daybook *k = daybook_new(b, alone);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "days of a board");
    es_days_clear(b->days);
    es_pulse_clear(b->pulse);
    enum es_code rc =
        es_store_each_sum(store, b->initiative, load_person, k, e);
    if (rc == ES_OK)
        rc = es_store_each_counted(store, b->initiative, 0, load_counted, k, e);
    if (rc == ES_OK)
        rc = es_store_each_look(store, b->initiative, load_look, k, e);
    if (rc == ES_OK)
        rc = es_store_held(store, b->initiative, 0, &files, &pictures, e);
    if (rc == ES_OK)
        es_pulse_hold(b->pulse, files, pictures);
    free(k);
    return rc;
}

static enum es_code keep_zone(struct board *b, const char *zone,
                              struct es_err *e)
{
    char *copy = strdup(zone);
    if (!copy)
        return es_fail(e, ES_ENOMEM, 0, "zone of a board");
    free(b->zone);
    b->zone = copy;
    return ES_OK;
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
        rc = es_pulse_new(&row.pulse, e);
    if (rc == ES_OK)
        rc = keep_zone(&row, ini->zone, e);
    if (rc == ES_OK)
        rc = es_timing_new(ini, &row.timing, e);
    if (rc == ES_OK)
        rc = load_teams(row.standings, store, ini->id, e);
    if (rc == ES_OK)
        rc = load_team_min(row.standings, store, ini->id, e);
    if (rc == ES_OK)
        rc = load_people(&row, store, false, e);
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

struct es_pulse *es_boards_pulse(struct es_boards *b, int64_t initiative)
{
    pthread_rwlock_rdlock(&b->lock);
    const struct board *row = find(b, initiative);
    struct es_pulse *p = row ? row->pulse : NULL;
    pthread_rwlock_unlock(&b->lock);
    return p;
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
    bool changed = row && strcmp(row->zone, ini->zone) != 0;
    if (changed)
        rc = keep_zone(row, ini->zone, e);
    if (changed && rc == ES_OK)
        rc = load_people(row, store, true, e);
    pthread_rwlock_unlock(&b->lock);
    return rc;
}

enum es_code es_boards_join(struct es_boards *b, const struct es_participant *p,
                            struct es_err *e)
{
    struct es_arena a;
    enum es_code rc = ES_OK;
    es_arena_init(&a, 4096);
    pthread_rwlock_rdlock(&b->lock);
    const struct board *row = find(b, p->initiative);
    if (!row)
        rc = es_fail(e, ES_ENOENT, 0, "no such board");
    if (rc == ES_OK) {
        struct es_stander s = es_stander_of(p, &a);
        rc = es_standings_join(row->standings, &s, e);
    }
    if (rc == ES_OK) {
        struct es_pulse_person who = { .id = p->id,
                                       .country = p->country,
                                       .day = es_day_of(row->zone,
                                                        p->created_ms) };
        rc = es_pulse_join(row->pulse, &who, e);
    }
    pthread_rwlock_unlock(&b->lock);
    es_arena_release(&a);
    return rc;
}

struct moving {
    const char *zone;
    struct es_arena *a;
    struct es_pulse_run *v;
    size_t n, cap;
};

static enum es_code gather(int64_t participant, int64_t at_ms,
                           int64_t counted_mm, void *arg, struct es_err *e)
{
    struct moving *m = arg;
    (void)participant;
    if (m->n == m->cap) {
        size_t had = m->cap * sizeof *m->v;
        size_t cap = m->cap ? 2 * m->cap : 64;
        void *v = es_arena_grow(m->a, m->v, had, cap * sizeof *m->v);
        if (!v)
            return es_fail(e, ES_ENOMEM, 0, "runs of somebody who moves");
        m->v = v;
        m->cap = cap;
    }
    m->v[m->n++] =
        (struct es_pulse_run){ es_day_of(m->zone, at_ms), counted_mm };
    return ES_OK;
}

/* Who left is of no country, and what stays of theirs neither. */
static enum es_code move_pulse(const struct board *row, struct es_store *store,
                               const struct es_participant *p,
                               struct es_arena *a, struct es_err *e)
{
    bool gone = p->state == ES_PERSON_GONE;
    struct moving m = { .zone = row->zone, .a = a };
    enum es_code rc =
        es_store_each_counted(store, p->initiative, p->id, gather, &m, e);
    if (rc == ES_OK)
        rc = es_pulse_move(row->pulse, p->id, gone ? "" : p->country, m.v, m.n,
                           e);
    return rc == ES_OK && gone ? es_pulse_leave(row->pulse, p->id) : rc;
}

enum es_code es_boards_change(struct es_boards *b, struct es_store *store,
                              const struct es_participant *p, struct es_err *e)
{
    struct es_arena a;
    enum es_code rc = ES_OK;
    es_arena_init(&a, MOVING_MEM);
    pthread_rwlock_rdlock(&b->lock);
    const struct board *row = find(b, p->initiative);
    if (!row)
        rc = es_fail(e, ES_ENOENT, 0, "no such board");
    if (rc == ES_OK) {
        struct es_stander s = es_stander_of(p, &a);
        rc = es_standings_change(row->standings, &s, e);
    }
    if (rc == ES_OK)
        rc = move_pulse(row, store, p, &a, e);
    pthread_rwlock_unlock(&b->lock);
    es_arena_release(&a);
    return rc;
}

enum es_code es_boards_day_add(struct es_boards *b, const struct es_run *run,
                               int64_t dist_mm, int64_t runs, struct es_err *e)
{
    int64_t at_ms =
        run->started_ms != ES_NO_TIME ? run->started_ms : run->received_ms;
    enum es_code rc = ES_OK;
    pthread_rwlock_rdlock(&b->lock);
    const struct board *row = find(b, run->initiative);
    int64_t day = row ? es_day_of(row->zone, at_ms) : 0;
    if (!row)
        rc = es_fail(e, ES_ENOENT, 0, "no such board");
    else
        rc = es_days_add(row->days, day, dist_mm, runs, e);
    if (rc == ES_OK)
        rc = es_pulse_add(row->pulse, run->participant, day, dist_mm, runs, e);
    pthread_rwlock_unlock(&b->lock);
    return rc;
}

enum es_code es_boards_turn(struct es_boards *b, const struct es_run *run,
                            int32_t was, const struct es_turn *t,
                            struct es_err *e)
{
    bool came = run->status == ES_RUN_IN_REVIEW &&
                (t->what == ES_STEP_RECEIVED || t->what == ES_STEP_JUDGED ||
                 t->what == ES_STEP_APPEALED);
    bool decided = t->what == ES_STEP_ACCEPTED || t->what == ES_STEP_REFUSED ||
                   t->what == ES_STEP_GRANTED || t->what == ES_STEP_UPHELD;
    enum es_code rc = ES_OK;
    pthread_rwlock_rdlock(&b->lock);
    const struct board *row = find(b, run->initiative);
    if (!row)
        rc = es_fail(e, ES_ENOENT, 0, "no such board");
    if (rc == ES_OK)
        rc = es_pulse_turn(row->pulse, run->participant, was, run->status);
    if (rc == ES_OK && (came || decided))
        rc = es_pulse_review(row->pulse, es_day_of(row->zone, t->at_ms), came,
                             decided, e);
    pthread_rwlock_unlock(&b->lock);
    return rc;
}
