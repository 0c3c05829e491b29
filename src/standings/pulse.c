/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "standings/pulse.h"

#include "base/limits.h"
#include "standings/ids.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Lands: each code of two letters, those without one, and all together. */
enum { NOWHERE = 26 * 26, EVERYWHERE, LANDS };
enum { ACCEPTED = 0, IN_REVIEW = 1 }; /* of es_run_status */
enum { PEOPLE, RUNS, DIST, FIGURES }; /* of a land's row */
enum { CAME, DECIDED };               /* of a row of reviews */

struct row {
    int64_t day, v[FIGURES];
};
struct rows { /* in order of days */
    struct row *v;
    size_t n, cap;
};
struct person {
    int32_t land;
    int32_t sent, counted, waiting;
    int64_t day;
    bool gone;
};

struct es_pulse {
    pthread_rwlock_t lock;
    struct es_arena mem; /* persons */
    struct es_ids people;
    struct rows lands[LANDS], reviews;
    struct es_pulse_stages stages;
};

/* ---- life ---- */

enum es_code es_pulse_new(struct es_pulse **out, struct es_err *e)
{
    struct es_pulse *p = calloc(1, sizeof *p);
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "no memory for figures");
    if (pthread_rwlock_init(&p->lock, NULL) != 0) {
        free(p);
        return es_fail(e, ES_ENOMEM, 0, "figures: lock");
    }
    es_arena_init(&p->mem, SIZE_MAX / 2);
    *out = p;
    return ES_OK;
}

static void forget(struct es_pulse *p)
{
    for (size_t i = 0; i < LANDS; i++)
        free(p->lands[i].v);
    free(p->reviews.v);
    memset(p->lands, 0, sizeof p->lands);
    p->reviews = (struct rows){ 0 };
    p->stages = (struct es_pulse_stages){ 0 };
    es_ids_release(&p->people);
    p->people = (struct es_ids){ 0 };
    es_arena_release(&p->mem);
}

void es_pulse_free(struct es_pulse *p)
{
    if (!p)
        return;
    forget(p);
    pthread_rwlock_destroy(&p->lock);
    free(p);
}

void es_pulse_clear(struct es_pulse *p)
{
    pthread_rwlock_wrlock(&p->lock);
    forget(p);
    es_arena_init(&p->mem, SIZE_MAX / 2);
    pthread_rwlock_unlock(&p->lock);
}

/* ---- rows ---- */

static int32_t land_of(const char *country)
{
    const char *c = country;
    if (!*c)
        return NOWHERE;
    if (strlen(c) != 2 || c[0] < 'A' || c[0] > 'Z' || c[1] < 'A' || c[1] > 'Z')
        return -1;
    return (c[0] - 'A') * 26 + c[1] - 'A';
}

/* The first place whose day is not before `day`. */
static size_t place_of(const struct rows *r, int64_t day)
{
    size_t lo = 0, hi = r->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (r->v[mid].day < day)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The row of a day, made when it isn't there. */
static struct row *row_of(struct rows *r, int64_t day, enum es_code *rc,
                          struct es_err *e)
{
    size_t at = place_of(r, day);
    if (at < r->n && r->v[at].day == day)
        return &r->v[at];
    if (r->n == ES_DAYS_MAX) {
        *rc = es_fail(e, ES_ETOOLARGE, 0, "figures of too many days");
        return NULL;
    }
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 16;
        struct row *v = realloc(r->v, cap * sizeof *v);
        if (!v) {
            *rc = es_fail(e, ES_ENOMEM, 0, "no memory for another day");
            return NULL;
        }
        r->v = v;
        r->cap = cap;
    }
    memmove(&r->v[at + 1], &r->v[at], (r->n - at) * sizeof *r->v);
    r->v[at] = (struct row){ .day = day };
    r->n++;
    return &r->v[at];
}

/* To a land's day and to that of all; neither after a failure. */
static enum es_code count(struct es_pulse *p, int32_t land, int64_t day,
                          const int64_t v[FIGURES], struct es_err *e)
{
    enum es_code rc = ES_OK;
    struct row *here = row_of(&p->lands[land], day, &rc, e);
    struct row *all = here ? row_of(&p->lands[EVERYWHERE], day, &rc, e) : NULL;
    for (size_t i = 0; all && i < FIGURES; i++) {
        here->v[i] += v[i];
        all->v[i] += v[i];
    }
    return rc;
}

/* ---- people ---- */

/* What of the stages a person is; taken away before they change and given back
 * after. */
static void stand(struct es_pulse *p, const struct person *who, int64_t sign)
{
    struct es_pulse_stages *s = &p->stages;
    if (who->gone)
        return;
    s->people += sign;
    s->sent += sign * (who->sent > 0);
    s->counted += sign * (who->counted > 0);
    s->again += sign * (who->counted > 1);
    s->waiting += sign * (who->counted == 0 && who->waiting > 0);
}

static enum es_code join(struct es_pulse *p, const struct es_pulse_person *who,
                         struct es_err *e)
{
    int32_t land = land_of(who->country);
    const int64_t one[FIGURES] = { [PEOPLE] = 1 };
    if (who->id <= 0 || land < 0)
        return es_fail(e, ES_EINVAL, 0, "not an id or not a country");
    if (es_ids_get(&p->people, who->id))
        return es_fail(e, ES_EEXIST, 0, "this participant is in already");
    enum es_code rc = es_ids_reserve(&p->people, e);
    struct person *row =
        rc == ES_OK ? es_arena_alloc(&p->mem, sizeof *row) : NULL;
    if (rc == ES_OK && !row)
        rc = es_fail(e, ES_ENOMEM, 0, "no memory for another person");
    if (rc == ES_OK && !who->gone)
        rc = count(p, land, who->day, one, e);
    if (rc != ES_OK)
        return rc;
    *row = (struct person){ .land = who->gone ? NOWHERE : land,
                            .sent = who->sent,
                            .counted = who->counted,
                            .waiting = who->waiting,
                            .day = who->day,
                            .gone = who->gone };
    es_ids_put(&p->people, who->id, row);
    stand(p, row, 1);
    return ES_OK;
}

enum es_code es_pulse_join(struct es_pulse *p,
                           const struct es_pulse_person *who, struct es_err *e)
{
    pthread_rwlock_wrlock(&p->lock);
    enum es_code rc = join(p, who, e);
    pthread_rwlock_unlock(&p->lock);
    return rc;
}

enum es_code es_pulse_add(struct es_pulse *p, int64_t person, int64_t day,
                          int64_t dist_mm, int64_t runs, struct es_err *e)
{
    const int64_t v[FIGURES] = { [RUNS] = runs, [DIST] = dist_mm };
    pthread_rwlock_wrlock(&p->lock);
    const struct person *who = es_ids_get(&p->people, person);
    enum es_code rc = who ? count(p, who->land, day, v, e)
                          : es_fail(e, ES_ENOENT, 0, "no such participant");
    pthread_rwlock_unlock(&p->lock);
    return rc;
}

enum es_code es_pulse_turn(struct es_pulse *p, int64_t person, int32_t from,
                           int32_t to)
{
    pthread_rwlock_wrlock(&p->lock);
    struct person *who = es_ids_get(&p->people, person);
    if (who) {
        stand(p, who, -1);
        who->sent += from == ES_NO_RUN;
        who->counted += (to == ACCEPTED) - (from == ACCEPTED);
        who->waiting += (to == IN_REVIEW) - (from == IN_REVIEW);
        stand(p, who, 1);
    }
    pthread_rwlock_unlock(&p->lock);
    return who ? ES_OK : ES_ENOENT;
}

enum es_code es_pulse_review(struct es_pulse *p, int64_t day, int64_t came,
                             int64_t decided, struct es_err *e)
{
    enum es_code rc = ES_OK;
    pthread_rwlock_wrlock(&p->lock);
    struct row *r = row_of(&p->reviews, day, &rc, e);
    if (r) {
        r->v[CAME] += came;
        r->v[DECIDED] += decided;
    }
    pthread_rwlock_unlock(&p->lock);
    return rc;
}

/* The land's rows of these days are made first: then nothing can fail. */
static enum es_code move(struct es_pulse *p, struct person *who, int32_t land,
                         const struct es_pulse_run *runs, size_t n,
                         struct es_err *e)
{
    const int64_t none[FIGURES] = { 0 };
    enum es_code rc = who->gone ? ES_OK : count(p, land, who->day, none, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        rc = count(p, land, runs[i].day, none, e);
        if (rc == ES_OK)
            rc = count(p, who->land, runs[i].day, none, e);
    }
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < n; i++) {
        const int64_t on[FIGURES] = { [RUNS] = 1, [DIST] = runs[i].dist_mm };
        const int64_t off[FIGURES] = { [RUNS] = -1, [DIST] = -runs[i].dist_mm };
        (void)count(p, land, runs[i].day, on, e);
        (void)count(p, who->land, runs[i].day, off, e);
    }
    if (!who->gone) {
        (void)count(p, land, who->day, (const int64_t[FIGURES]){ 1 }, e);
        (void)count(p, who->land, who->day, (const int64_t[FIGURES]){ -1 }, e);
    }
    who->land = land;
    return ES_OK;
}

enum es_code es_pulse_move(struct es_pulse *p, int64_t person,
                           const char *country, const struct es_pulse_run *runs,
                           size_t n, struct es_err *e)
{
    int32_t land = land_of(country);
    enum es_code rc = ES_OK;
    if (land < 0)
        return es_fail(e, ES_EINVAL, 0, "not a country");
    pthread_rwlock_wrlock(&p->lock);
    struct person *who = es_ids_get(&p->people, person);
    if (!who)
        rc = es_fail(e, ES_ENOENT, 0, "no such participant");
    else if (who->land != land)
        rc = move(p, who, land, runs, n, e);
    pthread_rwlock_unlock(&p->lock);
    return rc;
}

enum es_code es_pulse_leave(struct es_pulse *p, int64_t person)
{
    struct es_err e;
    pthread_rwlock_wrlock(&p->lock);
    struct person *who = es_ids_get(&p->people, person);
    if (who && !who->gone) {
        stand(p, who, -1);
        /* Its row is there: they joined on it. */
        (void)count(p, who->land, who->day, (const int64_t[FIGURES]){ -1 }, &e);
        who->gone = true;
    }
    pthread_rwlock_unlock(&p->lock);
    return who ? ES_OK : ES_ENOENT;
}

void es_pulse_hold(struct es_pulse *p, int64_t files, int64_t pictures)
{
    pthread_rwlock_wrlock(&p->lock);
    p->stages.files += files;
    p->stages.pictures += pictures;
    pthread_rwlock_unlock(&p->lock);
}

/* ---- asking ---- */

static bool empty(const struct row *r)
{
    return r->v[0] == 0 && r->v[1] == 0 && r->v[2] == 0;
}

/* Copies of the rows between two days that aren't empty; NULL: no memory. */
static struct row *between(const struct rows *r, int64_t first, int64_t last,
                           struct es_arena *a, size_t *n)
{
    size_t from = place_of(r, first);
    size_t to = last == INT64_MAX ? r->n : place_of(r, last + 1);
    size_t most = to > from ? to - from : 0;
    struct row *v = es_arena_array(a, most, sizeof *v);
    *n = 0;
    for (size_t i = 0; v && i < most; i++)
        if (!empty(&r->v[from + i]))
            v[(*n)++] = r->v[from + i];
    return v;
}

enum es_code es_pulse_days(struct es_pulse *p, const char *country,
                           int64_t first, int64_t last, struct es_arena *a,
                           struct es_pulse_day **out, size_t *n,
                           struct es_err *e)
{
    int32_t land = country ? land_of(country) : EVERYWHERE;
    size_t kept = 0;
    if (land < 0)
        return es_fail(e, ES_EINVAL, 0, "not a country");
    pthread_rwlock_rdlock(&p->lock);
    const struct row *r = between(&p->lands[land], first, last, a, &kept);
    pthread_rwlock_unlock(&p->lock);
    struct es_pulse_day *v = r ? es_arena_array(a, kept, sizeof *v) : NULL;
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for figures");
    for (size_t i = 0; i < kept; i++)
        v[i] = (struct es_pulse_day){ r[i].day, r[i].v[PEOPLE], r[i].v[RUNS],
                                      r[i].v[DIST] };
    *out = v;
    *n = kept;
    return ES_OK;
}

enum es_code es_pulse_looks(struct es_pulse *p, int64_t first, int64_t last,
                            struct es_arena *a, struct es_pulse_look **out,
                            size_t *n, struct es_err *e)
{
    size_t kept = 0;
    pthread_rwlock_rdlock(&p->lock);
    const struct row *r = between(&p->reviews, first, last, a, &kept);
    pthread_rwlock_unlock(&p->lock);
    struct es_pulse_look *v = r ? es_arena_array(a, kept, sizeof *v) : NULL;
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for figures");
    for (size_t i = 0; i < kept; i++)
        v[i] =
            (struct es_pulse_look){ r[i].day, r[i].v[CAME], r[i].v[DECIDED] };
    *out = v;
    *n = kept;
    return ES_OK;
}

/* The sums of a land; false where there is nothing. */
static bool land_sum(const struct rows *r, struct es_pulse_land *out)
{
    for (size_t i = 0; i < r->n; i++) {
        out->people += r->v[i].v[PEOPLE];
        out->runs += r->v[i].v[RUNS];
        out->dist_mm += r->v[i].v[DIST];
    }
    return out->people || out->runs || out->dist_mm;
}

enum es_code es_pulse_lands(struct es_pulse *p, struct es_arena *a,
                            struct es_pulse_land **out, size_t *n,
                            struct es_err *e)
{
    struct es_pulse_land *v = es_arena_array(a, EVERYWHERE, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for figures");
    size_t kept = 0;
    pthread_rwlock_rdlock(&p->lock);
    for (int i = -1; i < NOWHERE; i++) {
        struct es_pulse_land sum = { "", 0, 0, 0 };
        if (i >= 0) {
            sum.country[0] = (char)('A' + i / 26);
            sum.country[1] = (char)('A' + i % 26);
        }
        if (land_sum(&p->lands[i < 0 ? NOWHERE : i], &sum))
            v[kept++] = sum;
    }
    pthread_rwlock_unlock(&p->lock);
    *out = v;
    *n = kept;
    return ES_OK;
}

void es_pulse_stages(struct es_pulse *p, struct es_pulse_stages *out)
{
    pthread_rwlock_rdlock(&p->lock);
    *out = p->stages;
    pthread_rwlock_unlock(&p->lock);
}
