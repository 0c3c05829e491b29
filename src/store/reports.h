/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What anybody reports as wrong, and what people of staff decided. store.h
 * says what holds for all calls. */
#ifndef ES_STORE_REPORTS_H
#define ES_STORE_REPORTS_H

#include "store/store.h"

/* Stored numbers: never renumber. */
enum es_reported {
    ES_REPORT_PERSON = 1,  /* which: a participant */
    ES_REPORT_RUN = 2,     /* a run */
    ES_REPORT_PICTURE = 3, /* media */
    ES_REPORT_TEXT = 4,    /* the initiative's own words; 0 */
    ES_REPORT_STATEMENT = 5,
    ES_REPORT_TEAM = 6 /* a team */
};
/* Stored numbers: never renumber. */
enum es_report_state {
    ES_REPORT_OPEN = 0,
    ES_REPORT_KEPT = 1, /* what was reported stays as it is */
    ES_REPORT_ACTED = 2 /* something was done about it */
};
struct es_report {
    int64_t initiative, id;
    int32_t what;      /* es_reported */
    int64_t which;     /* 0: the initiative itself */
    const char *shown; /* what could be read there when it was reported */
    const char *words; /* of who reports; initiative/reports.h: what kind of
                          wrong it is stands before them */
    const char *mail;  /* of who reports, "" when they gave none */
    const char *lang;  /* in which they read */
    int64_t at_ms;
    int32_t state; /* es_report_state */
};
ES_MUST_CHECK enum es_code
es_store_report(struct es_store *s, int64_t initiative, int64_t id,
                struct es_arena *a, struct es_report *out, struct es_err *e);
/* Of all initiatives, newest first, with ids below `before` (0: from the
 * newest); at most `max`. */
ES_MUST_CHECK enum es_code es_store_reports(struct es_store *s, int32_t state,
                                            int64_t before, size_t max,
                                            struct es_arena *a,
                                            struct es_report **out, size_t *n,
                                            struct es_err *e);
/* The same of one initiative. */
ES_MUST_CHECK enum es_code
es_store_reports_in(struct es_store *s, int64_t initiative, int32_t state,
                    int64_t before, size_t max, struct es_arena *a,
                    struct es_report **out, size_t *n, struct es_err *e);
/* The open ones about one thing, oldest first. */
ES_MUST_CHECK enum es_code
es_txn_reports_open(struct es_txn *tx, int64_t initiative, int32_t what,
                    int64_t which, struct es_arena *a, struct es_report **out,
                    size_t *n, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_report_add(struct es_txn *tx,
                                             const struct es_report *r,
                                             struct es_err *e);
/* ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_report_state(struct es_txn *tx,
                                               int64_t initiative, int64_t id,
                                               int32_t state, struct es_err *e);

/* ---- decisions: added, never changed ---- */

struct es_decision {
    int64_t initiative, id; /* initiative 0: about the instance */
    int64_t account;        /* who decided; 0: who has the machine */
    const char *what;       /* "role.given", "suspended", ... stable words */
    int64_t which;          /* what it is about; 0: the initiative */
    const char *about;      /* the same in words: a name, a role */
    const char *why;        /* as they gave it; may be "" */
    int64_t at_ms;
};
ES_MUST_CHECK enum es_code es_txn_decision_add(struct es_txn *tx,
                                               const struct es_decision *d,
                                               struct es_err *e);
/* Newest first, with ids below `before` (0: from the newest), at most `max`;
 * of one initiative, or with `all` of everything. */
ES_MUST_CHECK enum es_code
es_store_decisions(struct es_store *s, bool all, int64_t initiative,
                   int64_t before, size_t max, struct es_arena *a,
                   struct es_decision **out, size_t *n, struct es_err *e);
/* About one thing of an initiative, with ids above `after`, newest first; at
 * most `max`. */
ES_MUST_CHECK enum es_code
es_store_decisions_about(struct es_store *s, int64_t initiative, int64_t which,
                         int64_t after, size_t max, struct es_arena *a,
                         struct es_decision **out, size_t *n, struct es_err *e);

#endif
