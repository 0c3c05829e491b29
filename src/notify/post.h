/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sends what waits in mail_out. A try is noted, durably, before it begins: a
 * crash anywhere leaves a mail that is tried again, later and at most
 * ES_MAIL_TRIES times in all, under the same Message-ID. */
#ifndef ES_NOTIFY_POST_H
#define ES_NOTIFY_POST_H

#include "auth/secret.h"
#include "notify/message.h"
#include "notify/smtp.h"
#include "store/store.h"

/* All borrowed. */
struct es_post {
    struct es_store *store;
    const uint8_t *key; /* the instance's, ES_HASH bytes */
    const struct es_smtp *smtp;
    const struct es_mail_sender *from;
    const char *origin;
};

/* Tries what is due, at most ES_MAIL_ROUND. *n: how many there were. Errors
 * are the store's; what the server says goes to the log. */
ES_MUST_CHECK enum es_code es_post_round(const struct es_post *p,
                                         int64_t now_ms, size_t *n,
                                         struct es_err *e);
/* Throws away what has expired. */
ES_MUST_CHECK enum es_code es_post_trim(const struct es_post *p, int64_t now_ms,
                                        struct es_err *e);

#endif
