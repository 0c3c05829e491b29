/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A statement's way: written, approved by the speaker's side, published, and
 * where it must be, corrected with a note or taken back. Each step is noted
 * with who took it. What was published stays readable, version by version.
 *
 * A change of the words is a new draft, which the speaker's side approves
 * again; until it is published the public reads the version of before. */
#ifndef ES_PROGRAMME_STATEMENTS_H
#define ES_PROGRAMME_STATEMENTS_H

#include "initiative/registration.h"
#include "programme/statement.h"
#include "store/statements.h"

/* Field errors name the inputs of the console's form: speaker, office, of,
 * lang, day, words, source_url, figures, figures_from, event; of an approval
 * name, how, day, own; of a publication note; of taking back why. */

/* From the lines of a form, "what it counts: the figure", cleaned. What can't
 * be read is an error at "figures". */
ES_MUST_CHECK enum es_code es_figures_read(const char *lines,
                                           struct es_arena *a,
                                           struct es_statement_text *out,
                                           struct es_field_errors *fe,
                                           struct es_err *e);
/* The lines again, in `a`; "" when out of memory. */
const char *es_figures_lines(const struct es_statement_text *t,
                             struct es_arena *a);

/* Keeps a draft: id 0 is a new one. A draft may lack anything but what it has
 * must make sense. ES_EINVAL with `fe` filled; ES_ECONFLICT: it was changed
 * since `edition` was read; ES_ENOENT. */
struct es_statement_want {
    int64_t initiative, id, edition;
    int64_t account; /* who writes */
    const struct es_statement_text *text;
};
ES_MUST_CHECK enum es_code es_statement_keep(struct es_app *app,
                                             const struct es_statement_want *w,
                                             struct es_arena *a, int64_t *id,
                                             struct es_field_errors *fe,
                                             struct es_err *e);

/* Notes that the speaker's side approved the draft as it is. Who notes it is
 * somebody else than who wrote it last, or says that it is their side's word
 * (`own`). ES_EINVAL with `fe` filled, also of the draft's own fields where
 * something lacks; ES_ECONFLICT: it isn't a draft, or another one by now. */
struct es_statement_approval {
    int64_t initiative, id, edition, account;
    const char *name; /* who of the speaker's side */
    int32_t how;      /* es_approved_how */
    const char *day;
    bool own;
};
ES_MUST_CHECK enum es_code
es_statement_approve(struct es_app *app, const struct es_statement_approval *w,
                     struct es_arena *a, struct es_field_errors *fe,
                     struct es_err *e);

/* Publishes what was approved; where a version was published before, `words`
 * is the note of what was corrected. ES_EINVAL with `fe` filled: "note", "of"
 * (what it translates isn't published), "speaker" (unknown);
 * ES_ECONFLICT as above. */
struct es_statement_act {
    int64_t initiative, id, edition, account;
    const char *words; /* a note, a reason */
};
ES_MUST_CHECK enum es_code
es_statement_publish(struct es_app *app, const struct es_statement_act *w,
                     struct es_arena *a, struct es_field_errors *fe,
                     struct es_err *e);
/* Takes what is published back, with its translations; its page says why.
 * ES_EINVAL: "why". ES_ECONFLICT: the public doesn't see it. */
ES_MUST_CHECK enum es_code es_statement_take(struct es_app *app,
                                             const struct es_statement_act *w,
                                             struct es_arena *a,
                                             struct es_field_errors *fe,
                                             struct es_err *e);
/* Throws a draft away that was never published. ES_ECONFLICT: it was;
 * ES_ENOENT. */
ES_MUST_CHECK enum es_code es_statement_drop(struct es_app *app,
                                             int64_t initiative, int64_t id,
                                             struct es_err *e);

/* What is lacking before it can be approved, as field errors. */
ES_MUST_CHECK enum es_code
es_statement_lacks(struct es_app *app, int64_t initiative,
                   const struct es_statement_text *t, struct es_arena *a,
                   struct es_field_errors *fe, struct es_err *e);

#endif
