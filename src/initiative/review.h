/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Runs before a person: what staff decides, what the participant says to it,
 * who is looking at what, and how many wait. */
#ifndef ES_INITIATIVE_REVIEW_H
#define ES_INITIATIVE_REVIEW_H

#include "initiative/runs.h"
#include "initiative/steps.h"
#include "store/accounts.h"
#include "track/course.h"

/* ---- deciding ---- */

/* Why a run may be refused: stable words; "other" asks for words of one's own.
 * NULL past the end. */
const char *es_refusal_at(size_t i);

enum es_review_act { ES_REVIEW_ACCEPT, ES_REVIEW_REFUSE, ES_REVIEW_ASK };

struct es_reviewing {
    int64_t initiative, run;
    int64_t account; /* who decides */
    int32_t role;    /* es_role in which */
    enum es_review_act act;
    const char *reason; /* of es_refusal_at, when refusing */
    const char *words;  /* what the participant reads; "" where none are due */
    int64_t seen;       /* es_steps_state.last as they saw it; -1: whatever */
};

/* Decides, or asks. A run in review can be accepted, refused, asked about; with
 * `seen` an accepted one can be refused still, and a refused one accepted.
 * ES_ECONFLICT  it was withdrawn, or somebody did something to it since
 * ES_EDENIED    they refused it themselves: another person decides the appeal
 * ES_EINVAL     with errors of the fields reason and words */
ES_MUST_CHECK enum es_code
es_runs_review(struct es_app *app, const struct es_reviewing *in,
               struct es_arena *a, struct es_receipt *out,
               struct es_field_errors *fe, struct es_err *e);

/* The steps of a receipt's run, into it. */
ES_MUST_CHECK enum es_code es_receipt_steps(struct es_app *app,
                                            struct es_receipt *r,
                                            struct es_arena *a,
                                            struct es_err *e);

/* Who may review there, each account once. */
ES_MUST_CHECK enum es_code es_reviewers(struct es_app *app, int64_t initiative,
                                        struct es_arena *a, int64_t **out,
                                        size_t *n, struct es_err *e);

/* ---- where it went ---- */

/* The route of a run, decoded again from the encrypted original, for somebody
 * of staff who reviews; that they were shown it becomes a step, once an hour.
 * n 0: it has no positions, or its bytes are gone. Errors of decoding too. */
ES_MUST_CHECK enum es_code
es_review_route(struct es_app *app, const struct es_run *run, int64_t account,
                int32_t role, struct es_arena *a, struct es_course *out,
                struct es_err *e);

/* ---- many at once ---- */

/* Whether runs that wait for this finding and no other may be accepted
 * together: it says nothing against the runner. */
bool es_finding_harmless(const char *code);
/* Accepts those of them that came no later than `until` (a run's id), at most
 * ES_BULK_MAX; one that somebody decides meanwhile is passed over. */
enum { ES_BULK_MAX = 500 };
struct es_bulk {
    int64_t initiative, account;
    int32_t role;
    const char *code;
    int64_t until;
};
ES_MUST_CHECK enum es_code es_review_bulk(struct es_app *app,
                                          const struct es_bulk *in,
                                          size_t *accepted, struct es_err *e);

/* ---- in memory ---- */

struct es_desk; /* one of an app; thread-safe */
ES_MUST_CHECK enum es_code es_desk_new(struct es_desk **out, struct es_err *e);
void es_desk_free(struct es_desk *d); /* NULL is legal */

/* Says that an account is looking at a run, and who else is: 0, nobody. Kept
 * ES_CLAIM_MS after they looked last; a decision ends it. */
#define ES_CLAIM_MS 600000
int64_t es_desk_claim(struct es_desk *d, int64_t run, int64_t account,
                      int64_t now_ms);
int64_t es_desk_other(struct es_desk *d, int64_t run, int64_t account,
                      int64_t now_ms);
void es_desk_leave(struct es_desk *d, int64_t run);
/* The queue of an initiative has changed: it is counted again. */
void es_desk_moved(struct es_desk *d, int64_t initiative);

/* How many runs wait, of each why and of each finding; counted again after a
 * change, and else every two seconds. In `a`. */
ES_MUST_CHECK enum es_code
es_review_counts(struct es_app *app, int64_t initiative, struct es_arena *a,
                 struct es_queue_count **out, size_t *n, struct es_err *e);

/* At the start: finds out what those wait for that were put into the queue by
 * a migration. */
ES_MUST_CHECK enum es_code es_review_sort(struct es_app *app, struct es_err *e);

#endif
