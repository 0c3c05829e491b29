/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Versions of an initiative's rules, and what judging runs again needs.
 * store.h says what holds for all calls. */
#ifndef ES_STORE_RULE_CHANGES_H
#define ES_STORE_RULE_CHANGES_H

#include "store/store.h"

/* Stored numbers: never renumber. */
enum es_change_state {
    ES_CHANGE_DRAFT = 0, /* not in force; ended: it is known whom it touches */
    ES_CHANGE_JUDGING = 1, /* in force; runs are being judged again */
    ES_CHANGE_DONE = 2
};
struct es_rule_change {
    int64_t initiative;
    int32_t version; /* of the rules that it makes */
    int32_t state;   /* es_change_state */
    int64_t account; /* who made it; 0: nobody of staff */
    const char *who; /* their name at that time */
    const char *why;
    int64_t at_ms;    /* drafted, then in force since */
    int64_t ended_ms; /* 0: not all runs were looked at */
    int64_t opens_ms, closes_ms;
    const char *zone;
    const char *rules; /* JSON, initiative/rules.h */
    int64_t after;     /* the last participant whose runs were looked at */
    const char *tally; /* JSON, initiative/tally.h */
};
ES_MUST_CHECK enum es_code
es_store_rule_change(struct es_store *s, int64_t initiative, int32_t version,
                     struct es_arena *a, struct es_rule_change *out,
                     struct es_err *e);
/* Newest first; at most `max`. */
ES_MUST_CHECK enum es_code es_store_rule_changes(struct es_store *s,
                                                 int64_t initiative, size_t max,
                                                 struct es_arena *a,
                                                 struct es_rule_change **out,
                                                 size_t *n, struct es_err *e);
/* Those of all initiatives for which runs are still to be looked at. */
ES_MUST_CHECK enum es_code
es_store_rule_changes_open(struct es_store *s, size_t max, struct es_arena *a,
                           struct es_rule_change **out, size_t *n,
                           struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_rule_change(struct es_txn *tx, int64_t initiative, int32_t version,
                   struct es_arena *a, struct es_rule_change *out,
                   struct es_err *e);
/* Adds it, or puts it in the place of that version. */
ES_MUST_CHECK enum es_code
es_txn_rule_change_put(struct es_txn *tx, const struct es_rule_change *c,
                       struct es_err *e);
/* A draft that nobody wants any more; ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_rule_change_drop(struct es_txn *tx,
                                                   int64_t initiative,
                                                   int32_t version,
                                                   struct es_err *e);

ES_MUST_CHECK enum es_code es_txn_initiative(struct es_txn *tx, int64_t id,
                                             struct es_arena *a,
                                             struct es_initiative *out,
                                             struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_rules_version(struct es_txn *tx,
                                                int64_t initiative,
                                                int64_t *version,
                                                struct es_err *e);

/* ---- the runs ---- */

/* Participants who have runs, with ids above `after`, in their order. */
ES_MUST_CHECK enum es_code
es_store_runners_after(struct es_store *s, int64_t initiative, int64_t after,
                       size_t max, struct es_arena *a, int64_t **out, size_t *n,
                       struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_runners_after(struct es_txn *tx, int64_t initiative, int64_t after,
                     size_t max, struct es_arena *a, int64_t **out, size_t *n,
                     struct es_err *e);
/* All runs of an initiative, whatever became of them. */
ES_MUST_CHECK enum es_code es_store_runs_count(struct es_store *s,
                                               int64_t initiative, int64_t *n,
                                               struct es_err *e);
/* All runs of a person, newest first. */
ES_MUST_CHECK enum es_code es_txn_runs_of(struct es_txn *tx, int64_t initiative,
                                          int64_t participant,
                                          struct es_arena *a,
                                          struct es_run **out, size_t *n,
                                          struct es_err *e);
/* Status, counted_mm, time_ms, findings and rules_version of a run that was
 * not and is not withdrawn. */
ES_MUST_CHECK enum es_code
es_txn_run_judged(struct es_txn *tx, const struct es_run *r, struct es_err *e);
/* Whether a picture was brought as evidence of a run. */
ES_MUST_CHECK enum es_code es_txn_run_pictured(struct es_txn *tx,
                                               int64_t initiative, int64_t run,
                                               bool *out, struct es_err *e);
ES_MUST_CHECK enum es_code es_store_run_pictured(struct es_store *s,
                                                 int64_t initiative,
                                                 int64_t run, bool *out,
                                                 struct es_err *e);

/* What a run would count alone, beside the person's others. */
struct es_share_row {
    int64_t run, started_ms, day, alone_mm;
    int64_t counted_mm; /* read only: as it counts now */
};
/* Of the accepted runs of a person. */
ES_MUST_CHECK enum es_code es_txn_shares(struct es_txn *tx, int64_t initiative,
                                         int64_t participant,
                                         struct es_arena *a,
                                         struct es_share_row **out, size_t *n,
                                         struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_share_put(struct es_txn *tx, int64_t initiative, int64_t participant,
                 const struct es_share_row *s, struct es_err *e);

#endif
