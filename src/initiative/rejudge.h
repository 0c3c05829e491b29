/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Other rules: drafted, tried on all runs without touching them, put in force,
 * and the runs judged again by them.
 *
 * A change lives in the store (store/rule_changes.h). What is to be done for it
 * is done beside everything else, by one thread, in steps: a step is one short
 * transaction that judges the runs of some people and notes how far it came. A
 * process that dies loses nothing but the step in hand, and the next one goes
 * on. Uploads that come meanwhile are judged by the new rules from the commit
 * of the change on. */
#ifndef ES_INITIATIVE_REJUDGE_H
#define ES_INITIATIVE_REJUDGE_H

#include "initiative/app.h"
#include "initiative/rules.h"
#include "initiative/tally.h"
#include "store/rule_changes.h"

struct es_rejudge;

/* Starts the thread, which goes on with what is open in the store. */
ES_MUST_CHECK enum es_code
es_rejudge_start(struct es_app *app, struct es_rejudge **out, struct es_err *e);
/* Ends after the step in hand. NULL is legal. */
void es_rejudge_stop(struct es_rejudge *r);
/* There may be something to do. NULL is legal. */
void es_rejudge_wake(struct es_rejudge *r);

/* One step of what is open, in the thread of who calls; *more is false when
 * there was nothing to do. */
ES_MUST_CHECK enum es_code es_rejudge_step(struct es_app *app, bool *more,
                                           struct es_err *e);

/* Rules and their window, as somebody wants them. */
struct es_draft {
    int64_t initiative;
    int32_t from_version; /* the rules that it was made from */
    struct es_rules rules;
    int64_t opens_ms, closes_ms;
    const char *zone;
    int64_t account;
    const char *who;
};

/* Keeps a draft, in the place of one that there may be, and has it tried on
 * the runs. ES_ECONFLICT: the rules are other ones by now, or runs are still
 * being judged by those in force. */
ES_MUST_CHECK enum es_code
es_rules_draft(struct es_app *app, const struct es_draft *d, struct es_err *e);
/* Forgets it; ES_ENOENT. */
ES_MUST_CHECK enum es_code es_rules_drop(struct es_app *app, int64_t initiative,
                                         int32_t version, struct es_err *e);
/* Puts the draft of that version in force, as of now, and has all runs judged
 * by it. drafted_ms: the draft's, as it was looked at. ES_ENOENT, ES_ECONFLICT:
 * it is another one by now. */
ES_MUST_CHECK enum es_code es_rules_commit(struct es_app *app,
                                           int64_t initiative, int32_t version,
                                           int64_t drafted_ms, int64_t account,
                                           const char *who, const char *why,
                                           struct es_err *e);

/* Whether two sheets with their windows say the same. */
bool es_rules_same(const struct es_rules *a, const struct es_rules *b);

#endif
