/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words about who speaks in public, and what became of what they said. */
#ifndef ES_WEB_WORDS_STATEMENTS_H
#define ES_WEB_WORDS_STATEMENTS_H

#include "web/views_statements.h"

/* By the numbers of enum es_party_kind, es_statement_state, es_approved_how,
 * es_statement_did. "" beyond them. */
const char *es_words_body(const struct es_lang *l, int64_t kind);
const char *es_words_statement_state(const struct es_lang *l, int64_t state);
const char *es_words_approved(const struct es_lang *l, int64_t how);
const char *es_words_statement_did(const struct es_lang *l, int64_t did);

/* "25 August 2020 to 1 May 2024", "since 25 August 2020"; nothing where
 * neither day is known. */
void es_words_period(struct es_out *o, int64_t from_ms, int64_t to_ms);

#endif
