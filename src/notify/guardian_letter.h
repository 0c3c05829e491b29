/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The question to a parent or guardian, and the link with which they answer.
 * It holds no name: whoever mistyped an address has told a stranger nothing
 * but that somebody young wants to take part. */
#ifndef ES_NOTIFY_GUARDIAN_LETTER_H
#define ES_NOTIFY_GUARDIAN_LETTER_H

#include "base/buf.h"
#include "i18n/i18n.h"
#include "store/store.h"

/* All borrowed. */
struct es_guardian_letter {
    const struct es_lang *lang;
    const struct es_initiative *ini;
    const struct es_participant *p;
    const char *origin;
    const uint8_t *key; /* of the instance, 32 bytes */
};
/* "" where memory ran out. */
const char *es_guardian_letter_subject(const struct es_guardian_letter *g,
                                       struct es_arena *a);
void es_guardian_letter_text(const struct es_guardian_letter *g,
                             struct es_arena *a, struct es_buf *b);

/* What stands behind "/guardian/": of this person and this contact alone, so
 * that it dies when another one is given. NULL without memory. */
const char *es_guardian_token(const uint8_t key[32],
                              const struct es_participant *p,
                              struct es_arena *a);
/* Whom a token is said to be of; false: it can be none of ours. Only equal to
 * es_guardian_token of that person it is one (es_guardian_token_is). */
bool es_guardian_token_of(const char *token, int64_t *initiative,
                          int64_t *participant);
bool es_guardian_token_is(const uint8_t key[32], const struct es_participant *p,
                          const char *token, struct es_arena *a);

#endif
