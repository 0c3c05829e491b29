/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/drafts.h"

#include "base/limits.h"
#include "base/random.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    DRAFTS = 32,
    ALL_BYTES = 96 << 20, /* the largest list takes some 12 MiB */
    DRAFT_BYTES = 32 << 20,
    LIFE_MS = 3600000
};

struct es_drafts {
    pthread_mutex_t lock;
    struct es_draft *v[DRAFTS]; /* the oldest first */
    size_t n;
};

struct es_drafts *es_drafts_new(void)
{
    struct es_drafts *d = calloc(1, sizeof *d);
    if (d && pthread_mutex_init(&d->lock, NULL) != 0) {
        free(d);
        return NULL;
    }
    return d;
}

struct es_draft *es_draft_new(int64_t account, int64_t initiative)
{
    struct es_draft *draft = calloc(1, sizeof *draft);
    if (!draft)
        return NULL;
    draft->id = es_id_new();
    draft->account = account;
    draft->initiative = initiative;
    es_arena_init(&draft->mem, DRAFT_BYTES);
    return draft;
}

void es_draft_free(struct es_draft *draft)
{
    if (!draft)
        return;
    es_arena_release(&draft->mem);
    free(draft);
}

void es_drafts_free(struct es_drafts *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->n; i++)
        es_draft_free(d->v[i]);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

/* Whoever still reads it frees it. */
static void drop(struct es_drafts *d, size_t i)
{
    struct es_draft *draft = d->v[i];
    for (size_t k = i + 1; k < d->n; k++)
        d->v[k - 1] = d->v[k];
    d->n--;
    draft->dropped = true;
    if (draft->users == 0)
        es_draft_free(draft);
}

static void trim(struct es_drafts *d, int64_t now_ms)
{
    size_t i = 0;
    while (i < d->n)
        if (d->v[i]->until_ms <= now_ms)
            drop(d, i);
        else
            i++;
}

void es_drafts_keep(struct es_drafts *d, struct es_draft *draft, int64_t now_ms)
{
    size_t bytes = draft->mem.used;
    pthread_mutex_lock(&d->lock);
    trim(d, now_ms);
    for (size_t i = 0; i < d->n; i++)
        bytes += d->v[i]->mem.used;
    while (d->n == DRAFTS || (d->n > 0 && bytes > ALL_BYTES)) {
        bytes -= d->v[0]->mem.used;
        drop(d, 0);
    }
    draft->until_ms = now_ms + LIFE_MS;
    d->v[d->n++] = draft;
    pthread_mutex_unlock(&d->lock);
}

struct es_draft *es_drafts_take(struct es_drafts *d, int64_t id,
                                int64_t account, int64_t initiative,
                                int64_t now_ms)
{
    struct es_draft *found = NULL;
    pthread_mutex_lock(&d->lock);
    trim(d, now_ms);
    for (size_t i = 0; i < d->n && !found; i++)
        if (d->v[i]->id == id && d->v[i]->account == account &&
            d->v[i]->initiative == initiative)
            found = d->v[i];
    if (found)
        found->users++;
    pthread_mutex_unlock(&d->lock);
    return found;
}

void es_drafts_give(struct es_drafts *d, struct es_draft *draft)
{
    if (!draft)
        return;
    pthread_mutex_lock(&d->lock);
    bool gone = --draft->users == 0 && draft->dropped;
    pthread_mutex_unlock(&d->lock);
    if (gone)
        es_draft_free(draft);
}

void es_drafts_done(struct es_drafts *d, struct es_draft *draft,
                    const struct es_group_done *done)
{
    pthread_mutex_lock(&d->lock);
    draft->done = *done;
    pthread_mutex_unlock(&d->lock);
}

struct es_group_done es_drafts_result(struct es_drafts *d,
                                      const struct es_draft *draft)
{
    pthread_mutex_lock(&d->lock);
    struct es_group_done done = draft->done;
    pthread_mutex_unlock(&d->lock);
    return done;
}
