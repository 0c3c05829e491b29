/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_WEB_WORDS_PROGRAMME_H
#define ES_WEB_WORDS_PROGRAMME_H

#include "i18n/i18n.h"

/* What an event of the programme is, by enum es_occasion_kind; how it stands,
 * in a sentence, by enum es_occasion_state. */
const char *es_words_occasion(const struct es_lang *l, int32_t kind);
const char *es_words_occasion_state(const struct es_lang *l, int32_t state);

/* What was just done to one; es_words_done for all else. */
const char *es_words_occasion_done(const struct es_lang *l, const char *done);

#endif
