/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What anybody reports as wrong, and what is decided about it. Whoever calls
 * has seen to it that the one who decides may. */
#ifndef ES_INITIATIVE_REPORTS_H
#define ES_INITIATIVE_REPORTS_H

#include "initiative/registration.h"
#include "store/reports.h"

/* What is wrong, as stable words: "identity", "insulting", "private", "child",
 * "other"; NULL past the end. */
const char *es_wrong_at(size_t i);

struct es_reporting {
    int64_t initiative;
    int32_t what;                            /* es_reported */
    int64_t which;                           /* 0: the initiative itself */
    const char *shown;                       /* what can be read there now */
    const char *wrong, *words, *mail, *lang; /* as entered */
};
/* Keeps a report; *id is its number. When ES_REPORTS_SAME about the same thing
 * are open, nothing is added and *id is the oldest one's. ES_EINVAL with `fe`
 * (fields "wrong", "words", "mail"). */
ES_MUST_CHECK enum es_code es_report_add(struct es_app *app,
                                         const struct es_reporting *in,
                                         struct es_arena *a, int64_t *id,
                                         struct es_field_errors *fe,
                                         struct es_err *e);
/* By its number alone. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_report_find(struct es_app *app, int64_t id,
                                          struct es_arena *a,
                                          struct es_report *out,
                                          struct es_err *e);
/* What is wrong with it (es_wrong_at), and in which words. */
const char *es_report_wrong(const struct es_report *r, struct es_arena *a);
const char *es_report_words(const struct es_report *r);

/* ---- deciding ---- */

enum es_act {
    ES_ACT_KEEP,  /* leave it as it is */
    ES_ACT_HIDE,  /* a person's name gives way to their bib */
    ES_ACT_SHOW,  /* a name that was hidden is shown again */
    ES_ACT_TAKE,  /* a picture, or the launch message, is taken down */
    ES_ACT_PAUSE, /* the whole initiative is paused */
    ES_ACTS
};
/* Whether it can be done about such a thing, in such a state. */
bool es_act_fits(const struct es_report *r, enum es_act act);

struct es_deciding {
    int64_t by; /* account */
    const struct es_report *report;
    enum es_act act;
    const char *why; /* clean, not empty, at most ES_WHY_MAX */
};
/* Does it, notes it in the log of decisions, and closes all open reports about
 * the same thing, in one write; for each of them with an address the outbox
 * gets a "decided" with "{report} {decision}" in decimal. ES_ECONFLICT: it has
 * been decided meanwhile, or the act doesn't fit; ES_ENOENT: what was reported
 * is gone. */
ES_MUST_CHECK enum es_code es_report_decide(struct es_app *app,
                                            const struct es_deciding *in,
                                            struct es_err *e);
/* The newest decision about what was reported, later than the report.
 * ES_ENOENT: none yet. */
ES_MUST_CHECK enum es_code es_report_decided(struct es_app *app,
                                             const struct es_report *r,
                                             struct es_arena *a,
                                             struct es_decision *out,
                                             struct es_err *e);
/* The decision by which people of staff took a name down. ES_ENOENT: none. */
ES_MUST_CHECK enum es_code es_name_taken_down(struct es_app *app,
                                              const struct es_participant *p,
                                              struct es_arena *a,
                                              struct es_decision *out,
                                              struct es_err *e);

#endif
