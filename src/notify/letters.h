/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Messages to participants, and to who reported something, from the event to
 * the mail server.
 *
 * What happened stands in the outbox, what is to be said to everybody follows
 * from an initiative's dates and state. Both become rows of store/letters.h in
 * the same transaction that remembers how far was read, and a row is one for an
 * event and a person: whenever we are killed, none is lost or written twice.
 * Handing one over can't be so exact: a try is noted before it begins, and one
 * that we don't live to see the answer of is made again, under the same
 * Message-ID. What it says is made when it goes out, of how things are then. */
#ifndef ES_NOTIFY_LETTERS_H
#define ES_NOTIFY_LETTERS_H

#include "notify/post.h"
#include "store/letters.h"

struct es_letters {
    const struct es_post *post;
    int32_t per_minute; /* so many go out at most; 0: ES_LETTER_PACE */
    /* Its own; begins as 0. */
    int64_t next_ms; /* the pace: none before */
    int64_t hold_ms; /* the server fails: none before */
    int64_t look_ms; /* at what initiatives have to say */
};
/* One look at everything: short, but for the mails it sends (*n of them, some
 * may have failed). Errors are the store's. */
ES_MUST_CHECK enum es_code es_letters_round(struct es_letters *l,
                                            int64_t now_ms, size_t *n,
                                            struct es_err *e);

#endif
