/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What somebody said in public, as it is kept: the words, and all that tells
 * whose they are. Kept as the JSON of es_statement.content. */
#ifndef ES_PROGRAMME_STATEMENT_H
#define ES_PROGRAMME_STATEMENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

/* A figure as the speaker gave it: their word, never the platform's; no
 * number, so nothing can add it up. */
struct es_quoted_figure {
    const char *label, *value;
};

/* Strings are NFC, cleaned (base/utf8.h), never NULL. */
struct es_statement_text {
    int64_t speaker;  /* a party; 0: not known yet */
    int64_t office;   /* a seat; 0: whichever they held on that day */
    int64_t event;    /* at which it was said; 0: none */
    int64_t of;       /* the statement that this translates; 0: none */
    bool exact;       /* word for word; else a summary */
    const char *lang; /* of the words, BCP 47 */
    const char *day;  /* "2026-08-25" or "" */
    const char *words;
    const char *source, *source_url; /* where it is documented */
    const char *figures_from;        /* whom the speaker names for them */
    struct es_quoted_figure figures[ES_STATEMENT_FIGURES];
    size_t n_figures;
};

/* From the JSON; strings in `a`. ES_EMALFORMED names the member, ES_ENOMEM;
 * *out is untouched then. */
ES_MUST_CHECK enum es_code es_statement_read(const char *json,
                                             struct es_arena *a,
                                             struct es_statement_text *out,
                                             struct es_err *e);
/* Appends what es_statement_read reads back as the same. */
void es_statement_write(const struct es_statement_text *t, struct es_buf *out);

#endif
