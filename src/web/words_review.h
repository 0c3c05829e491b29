/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Steps, reasons and findings of runs under review, in the reader's words. */
#ifndef ES_WEB_WORDS_REVIEW_H
#define ES_WEB_WORDS_REVIEW_H

#include "web/views_review.h"
#include "web/words.h"

/* A step, by the numbers of es_step_what and es_run_status; "" for others. */
const char *es_words_step(const struct es_lang *l, int32_t what,
                          int32_t status);
enum es_view_mood es_words_step_mood(int32_t what, int32_t status);
const char *es_words_mood_class(enum es_view_mood m);
/* The same as a stable word for programs; "" for others. */
const char *es_words_step_name(int32_t what);
/* Why a run was refused, by a word of es_refusal_at; "" for others. */
const char *es_words_refusal(const struct es_lang *l, const char *reason);
/* Why a run waits, by the numbers of es_queue_why. */
const char *es_words_waits(const struct es_lang *l, int32_t why);
/* A finding in two or three words, for filters. */
const char *es_words_finding_short(const struct es_lang *l, const char *code);

#endif
