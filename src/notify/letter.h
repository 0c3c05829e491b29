/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a message to a participant says: pure, so that it can be shown before.
 * It holds no name that a participant gave, and no secret: whoever mistyped an
 * address has told a stranger nothing but that somebody takes part. */
#ifndef ES_NOTIFY_LETTER_H
#define ES_NOTIFY_LETTER_H

#include "base/buf.h"
#include "i18n/i18n.h"
#include "store/letters.h"

/* The consent (its purpose) without which only what is necessary is sent. */
#define ES_LETTER_PURPOSE "mail"

/* Whether a kind goes also to who agreed to nothing: it is part of what they
 * asked for. */
bool es_letter_necessary(int32_t kind);
/* Whether {purpose: version}, as registration wrote it, has this purpose. */
bool es_letter_agreed(const char *consents);

/* All borrowed. */
struct es_letter_say {
    int32_t kind;
    const struct es_lang *lang;
    const struct es_initiative *ini;
    const char *origin;
    int64_t bib;
    bool hidden;              /* they stand on no public page */
    bool waits;               /* for a place */
    const struct es_run *run; /* of the kinds about one; else NULL */
    int64_t dist_mm, runs;    /* what counts, of ES_LETTER_FINAL */
    const char *own;          /* what the organiser adds, or "" */
    const char *stop;         /* as in es_mail; NULL: necessary */
};
/* "" where memory ran out. */
const char *es_letter_subject(const struct es_letter_say *s,
                              struct es_arena *a);
void es_letter_text(const struct es_letter_say *s, struct es_arena *a,
                    struct es_buf *b);

/* Where somebody ends what isn't necessary: "{origin}/stop/..."; NULL without
 * memory. And whom such an address is of: false for one that isn't ours. */
const char *es_letter_stop(const uint8_t key[32], const char *origin,
                           int64_t initiative, int64_t participant,
                           struct es_arena *a);
bool es_letter_stop_of(const uint8_t key[32], const char *token,
                       int64_t *initiative, int64_t *participant);

#endif
