/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes on paper, for who has lost their passkeys. */
#ifndef ES_AUTH_RECOVERY_H
#define ES_AUTH_RECOVERY_H

#include "auth/secret.h"

/* 80 bits each: a code names its account by itself, so who types one types no
 * name that could be tried out, and a stolen store with its key gives none
 * away. "abcd-efgh-jkmn-pqrs" */
enum { ES_RECOVERY_CODES = 10, ES_RECOVERY_TEXT = 20 };

void es_recovery_new(char text[ES_RECOVERY_TEXT]);

/* The hash under the instance's key of what somebody typed: in any case, with
 * or without its hyphens and spaces, and o, i, l as Crockford's alphabet reads
 * them. False when it can't be one; then *hash is untouched. */
bool es_recovery_hash(const uint8_t key[ES_HASH], const char *text,
                      uint8_t hash[ES_HASH]);

#endif
