/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/challenge.h"

#include "base/limits.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { NONCE = 16, ENDS = 8 };

struct spent {
    uint8_t nonce[NONCE];
    int64_t ends_ms; /* 0: free */
};

struct es_challenges {
    uint8_t key[ES_HASH];
    pthread_mutex_t lock;
    struct spent spent[ES_CHALLENGES_SPENT];
};

struct es_challenges *es_challenges_new(void)
{
    struct es_challenges *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    if (pthread_mutex_init(&c->lock, NULL) != 0) {
        free(c);
        return NULL;
    }
    es_random_bytes(c->key, sizeof c->key);
    return c;
}

void es_challenges_free(struct es_challenges *c)
{
    if (!c)
        return;
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* What ties a challenge to its purpose, browser and subject. Each is hashed to
 * a length of its own first: no two can be told for one another. */
static void proof(const struct es_challenges *c,
                  const struct es_challenge_of *of,
                  const uint8_t head[NONCE + ENDS], uint8_t out[ES_HASH])
{
    uint8_t all[NONCE + ENDS + 1 + 2 * ES_HASH];
    memcpy(all, head, NONCE + ENDS);
    all[NONCE + ENDS] = (uint8_t)of->what;
    es_hash(es_bytes_str(of->browser), all + NONCE + ENDS + 1);
    es_hash(of->subject, all + NONCE + ENDS + 1 + ES_HASH);
    es_keyed_hash(c->key, "challenge", (struct es_bytes){ all, sizeof all },
                  out);
}

void es_challenge_make(const struct es_challenges *c,
                       const struct es_challenge_of *of, int64_t now_ms,
                       uint8_t out[ES_CHALLENGE])
{
    uint64_t ends = (uint64_t)now_ms + ES_CHALLENGE_S * 1000u;
    es_random_bytes(out, NONCE);
    for (size_t i = 0; i < ENDS; i++)
        out[NONCE + i] = (uint8_t)(ends >> 8 * i);
    proof(c, of, out, out + NONCE + ENDS);
}

static int64_t ends_of(const uint8_t given[ES_CHALLENGE])
{
    struct es_rd r;
    es_rd_init(&r, (struct es_bytes){ given + NONCE, ENDS });
    return (int64_t)es_rd_u64le(&r);
}

bool es_challenge_valid(const struct es_challenges *c,
                        const struct es_challenge_of *of, struct es_bytes given,
                        int64_t now_ms)
{
    uint8_t want[ES_HASH];
    if (given.n != ES_CHALLENGE || !*of->browser)
        return false;
    proof(c, of, given.p, want);
    return es_hash_equal(want, given.p + NONCE + ENDS) &&
           now_ms < ends_of(given.p);
}

bool es_challenge_spend(struct es_challenges *c,
                        const uint8_t given[ES_CHALLENGE], int64_t now_ms)
{
    struct spent *room = NULL;
    bool first = true;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; first && i < ES_CHALLENGES_SPENT; i++) {
        struct spent *s = &c->spent[i];
        if (s->ends_ms <= now_ms)
            room = room ? room : s;
        else if (memcmp(s->nonce, given, NONCE) == 0)
            first = false;
    }
    if (first && room) {
        memcpy(room->nonce, given, NONCE);
        room->ends_ms = ends_of(given);
    }
    pthread_mutex_unlock(&c->lock);
    return first && room;
}
