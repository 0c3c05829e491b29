/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people said in public: as it is being written, as it was published, and
 * who approved it. store.h says what holds for all calls; days are
 * "2026-08-25". */
#ifndef ES_STORE_STATEMENTS_H
#define ES_STORE_STATEMENTS_H

#include "store/store.h"

/* Of what is being written. Stored numbers: never renumber. */
enum es_statement_state {
    ES_STATEMENT_DRAFT = 0,
    ES_STATEMENT_APPROVED = 1,  /* by the speaker's side */
    ES_STATEMENT_PUBLISHED = 2, /* the version that was published last */
    ES_STATEMENT_TAKEN = 3,     /* taken back: its page says why */
    ES_STATEMENT_STATES
};
struct es_statement {
    int64_t initiative;
    int64_t id;          /* 1, 2, 3 of its initiative */
    const char *content; /* JSON: programme/statement.h */
    int32_t state;       /* es_statement_state */
    int32_t version;     /* published last; 0: none */
    int64_t writer, written_ms;
    int64_t approval; /* step; 0: none */
    int64_t edition;  /* as it was read; 0: it is new */
    int64_t speaker;  /* in `content` */
    /* As the public sees it; "" and 0 while it doesn't. */
    const char *shown_day;
    int64_t shown_speaker, shown_event, shown_of;
};
struct es_statement_version {
    int64_t initiative, statement;
    int32_t version;
    const char *content;
    const char *note; /* what was corrected; "" of the first */
    int64_t at_ms, approval;
};

/* Stored numbers: never renumber. */
enum es_statement_did {
    ES_STATEMENT_WROTE = 1,
    ES_STATEMENT_APPROVES = 2,
    ES_STATEMENT_PUBLISHES = 3,
    ES_STATEMENT_CORRECTS = 4,
    ES_STATEMENT_TAKES = 5
};
/* How the speaker's side gave its word. Stored numbers: never renumber. */
enum es_approved_how {
    ES_APPROVED_UNSAID = 0,
    ES_APPROVED_LETTER = 1,
    ES_APPROVED_MAIL = 2,
    ES_APPROVED_CALL = 3,
    ES_APPROVED_MET = 4,
    ES_APPROVED_SOURCE = 5, /* they published these words themselves */
    ES_APPROVED_HOWS
};
struct es_statement_step {
    int64_t initiative, statement, id;
    int32_t what;    /* es_statement_did */
    int64_t account; /* who did it; 0: who has the machine */
    int32_t version;
    const char *name;  /* of an approval: who of the speaker's side gave it, */
    int32_t how;       /* es_approved_how, */
    const char *day;   /* when, */
    bool own;          /* and whether who noted it had written the words */
    const char *words; /* a correction's note, why it was taken back */
    int64_t at_ms;
};

/* ---- reading ---- */

ES_MUST_CHECK enum es_code es_store_statement(struct es_store *s,
                                              int64_t initiative, int64_t id,
                                              struct es_arena *a,
                                              struct es_statement *out,
                                              struct es_err *e);
/* All of them for who writes, ids below `before` (0: from the newest), of one
 * state or of any (-1); at most `max`. */
ES_MUST_CHECK enum es_code
es_store_statements(struct es_store *s, int64_t initiative, int32_t state,
                    int64_t before, size_t max, struct es_arena *a,
                    struct es_statement **out, size_t *n, struct es_err *e);

/* What the public reads of one: its row and its newest version. */
struct es_said {
    struct es_statement s;
    struct es_statement_version v;
};
/* ES_ENOENT also for one that was never published or was taken back. */
ES_MUST_CHECK enum es_code es_store_said(struct es_store *s, int64_t initiative,
                                         int64_t id, struct es_arena *a,
                                         struct es_said *out, struct es_err *e);
/* Those that are no translation, the newest day first, behind (day, id); ("",
 * 0) begins. Of one speaker or at one event where these aren't 0. */
struct es_wall {
    int64_t initiative, speaker, event;
    const char *day;
    int64_t id;
    size_t max;
};
ES_MUST_CHECK enum es_code
es_store_wall(struct es_store *s, const struct es_wall *w, struct es_arena *a,
              struct es_said **out, size_t *n, struct es_err *e);
/* Its translations that the public reads, in the order of their ids. */
ES_MUST_CHECK enum es_code es_store_translations(struct es_store *s,
                                                 int64_t initiative, int64_t of,
                                                 size_t max, struct es_arena *a,
                                                 struct es_said **out,
                                                 size_t *n, struct es_err *e);
/* Newest first. */
ES_MUST_CHECK enum es_code
es_store_statement_versions(struct es_store *s, int64_t initiative,
                            int64_t statement, size_t max, struct es_arena *a,
                            struct es_statement_version **out, size_t *n,
                            struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_statement_steps(struct es_store *s, int64_t initiative,
                         int64_t statement, size_t max, struct es_arena *a,
                         struct es_statement_step **out, size_t *n,
                         struct es_err *e);

/* ---- writing ---- */

ES_MUST_CHECK enum es_code es_txn_statement(struct es_txn *tx,
                                            int64_t initiative, int64_t id,
                                            struct es_arena *a,
                                            struct es_statement *out,
                                            struct es_err *e);
/* The id of the next one. */
ES_MUST_CHECK enum es_code es_txn_statement_next(struct es_txn *tx,
                                                 int64_t initiative,
                                                 int64_t *id, struct es_err *e);
/* New, or in place of the edition that was read. ES_ECONFLICT: there is another
 * one by now. */
ES_MUST_CHECK enum es_code es_txn_statement_put(struct es_txn *tx,
                                                const struct es_statement *s,
                                                struct es_err *e);
/* One that was never published, with its steps. ES_ENOENT; ES_ECONFLICT: it
 * was. */
ES_MUST_CHECK enum es_code es_txn_statement_drop(struct es_txn *tx,
                                                 int64_t initiative, int64_t id,
                                                 struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_statement_version_add(
    struct es_txn *tx, const struct es_statement_version *v, struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_statement_step_add(struct es_txn *tx, const struct es_statement_step *t,
                          struct es_err *e);
/* Takes one back from the public with its translations, and notes it with each.
 * ES_ENOENT: the public doesn't see it. */
ES_MUST_CHECK enum es_code
es_txn_statement_take(struct es_txn *tx, const struct es_statement_step *why,
                      struct es_err *e);

#endif
