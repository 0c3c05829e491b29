/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From codes to what a reader understands: states, reasons, errors. Strings
 * are constants of the catalogue. */
#ifndef ES_WEB_WORDS_H
#define ES_WEB_WORDS_H

#include "base/err.h"
#include "initiative/settings.h"
#include "web/views.h"

const char *es_words_phase(const struct es_lang *l, enum es_view_phase p);
const char *es_words_status(const struct es_lang *l, enum es_view_status s);
const char *es_words_role(const struct es_lang *l, enum es_view_role r);
/* A heading for a receipt, in words that fit the state. */
const char *es_words_verdict(const struct es_lang *l,
                             const struct es_view_run *r);
const char *es_words_effect(const struct es_lang *l, enum es_view_effect e);
const char *es_words_sport(const struct es_lang *l, const char *sport);
/* How fast, in the usual unit of the sport, and what that is called. */
struct es_shown es_words_tempo(const char *sport, int64_t dist_mm,
                               int64_t time_ms);
const char *es_words_tempo_name(const struct es_lang *l, const char *sport);
const char *es_words_format(const struct es_lang *l, const char *format);
/* "Typed in", and what it means in a sentence; "" for nowhere. */
const char *es_words_from(const struct es_lang *l, enum es_view_from f);
const char *es_words_from_means(const struct es_lang *l, enum es_view_from f);
/* Per cent, cut; 1 of what is there at all. */
struct es_shown es_words_share(int64_t part, int64_t whole);
const char *es_words_best(const struct es_lang *l, const char *name);
/* Where the distance comes from and why from there, a sentence; NULL for a
 * reason that we have no words for. */
const char *es_words_measured(const struct es_lang *l, const char *why);
/* "First place" to "Third place" in words; "" for all others. */
const char *es_words_place(const struct es_lang *l, int64_t rank);

/* A purpose of consent that we have words for; the purpose itself else. */
const char *es_words_consent(const struct es_lang *l, const char *purpose);

/* An age group as it is stored (es_participant.age_group): "18 to 39", "60 and
 * over"; "" for none. In the arena. */
const char *es_words_ages(struct es_arena *a, struct es_reader r,
                          const struct es_settings *s, int32_t group);

/* What is wrong with a field: `code` as struct es_field_error has it, `limit`
 * NAN where there is none. In the arena. */
const char *es_words_field_error(struct es_arena *a, struct es_reader r,
                                 const char *field, const char *code,
                                 double limit);
/* Why a file could not be taken. */
const char *es_words_file_error(const struct es_lang *l, enum es_code code);
/* The title of an error page, and what to do next. */
const char *es_words_error_title(const struct es_lang *l, int64_t status);
const char *es_words_error_next(const struct es_lang *l, int64_t status);

/* Writes a reason as a sentence with its figures, escaped. A code that we
 * have no words for writes its English message. */
void es_words_finding(struct es_out *o, const struct es_view_finding *f,
                      const char *zone);
/* The words of a person that came with it (an appeal, a decision); "" else. */
const char *es_words_said(const struct es_view_finding *f);
bool es_words_has_span(const struct es_view_finding *f); /* part of the run? */

/* Class names for the style sheet. */
const char *es_words_status_class(enum es_view_status s);
const char *es_words_effect_class(enum es_view_effect e);

/* The head of a column of distances, and the label of a field for one. */
const char *es_words_distance_column(struct es_reader r);
/* The heading of a run's splits. */
const char *es_words_each_unit(struct es_reader r);
/* The heading of a chart whose bars stand for so many days. */
const char *es_words_bar(const struct es_lang *l, int64_t days);
const char *es_words_distance_field(const struct es_lang *l, enum es_units u);

/* What somebody of staff is; by the numbers of enum es_role. */
const char *es_words_staff(const struct es_lang *l, int64_t role);
/* How somebody signed in; by the numbers of enum es_signed_by. */
const char *es_words_signed_by(const struct es_lang *l, int64_t by);

/* What people of staff decided, by es_decision's word; the word for others. */
const char *es_words_decision(const struct es_lang *l, const char *what);
/* The sentence of what was just done, by a stable word; "" for others. */
const char *es_words_done(const struct es_lang *l, const char *done);

/* What a tone of the palette is used for. */
const char *es_words_tone(const struct es_lang *l, enum es_tone t);

/* Thousandths of the goal, 0..1000. */
int64_t es_words_permille(int64_t part, int64_t whole);
/* A distance between two people: metres while it is less than a kilometre. */
struct es_shown es_words_gap(int64_t gap_mm);
/* Hours, the last one begun. */
int64_t es_words_hours(int64_t left_ms);
/* Where the way to the goal (pages/part_progress.html) runs at that part of
 * it: the height in its drawing. */
int64_t es_words_way_y(int64_t permille);
/* A percentage with its sign and {1} for the figure, for JavaScript. */
const char *es_words_percent(const struct es_lang *l);
/* The name that JavaScript's Intl has for a language's digits. */
const char *es_words_digits(const struct es_lang *l);
/* A tail shorter than this is no row: two decimals of a kilometre would show
 * it as the kilometre before, once more. */
enum { ES_WORDS_SPLIT_MM = 10000 };
/* For a select: ES_WORDS_COUNTRIES rows in the language's order. */
#define ES_WORDS_COUNTRIES ((size_t)249)
const struct es_country *es_words_countries(const struct es_lang *l);

#endif
