/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a passkey signs so that an answer is worth something once, soon, and
 * in the browser that asked. A challenge carries its own proof (a nonce, the
 * time it ends, and a hash of both and of whom it is for under a key of this
 * process), so asking for many of them takes nobody else's away: only those
 * that were answered well are remembered, until they end.
 *
 * Thread-safe. now_ms: monotonic. */
#ifndef ES_AUTH_CHALLENGE_H
#define ES_AUTH_CHALLENGE_H

#include "auth/secret.h"

struct es_challenges;

enum { ES_CHALLENGE = 16 + 8 + ES_HASH };

enum es_challenge_for {
    ES_CHALLENGE_REGISTER,
    ES_CHALLENGE_SIGN_IN,
    ES_CHALLENGE_CONFIRM /* that who is signed in is still there */
};
struct es_challenge_of {
    enum es_challenge_for what;
    const char *browser;     /* a secret that only this browser has */
    struct es_bytes subject; /* for whom; nothing where nobody knows yet */
};

/* NULL when out of memory. */
struct es_challenges *es_challenges_new(void);
void es_challenges_free(struct es_challenges *c);

void es_challenge_make(const struct es_challenges *c,
                       const struct es_challenge_of *of, int64_t now_ms,
                       uint8_t out[ES_CHALLENGE]);
/* Ours, for that, and not yet ended. It may have been spent. */
bool es_challenge_valid(const struct es_challenges *c,
                        const struct es_challenge_of *of, struct es_bytes given,
                        int64_t now_ms);
/* Spends a valid one: true for the first who comes with it. False also when
 * more than ES_CHALLENGES_SPENT were spent within ES_CHALLENGE_S. */
bool es_challenge_spend(struct es_challenges *c,
                        const uint8_t given[ES_CHALLENGE], int64_t now_ms);

#endif
