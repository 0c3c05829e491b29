/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How people come to an initiative, change, and leave; their teams. store.h
 * says what holds for all calls. */
#ifndef ES_STORE_PEOPLE_H
#define ES_STORE_PEOPLE_H

#include "store/store.h"

/* ---- what is asked of who registers ---- */

/* The settings as JSON and which change of them it is, 1 the first. ES_ENOENT:
 * nobody has changed the defaults. */
ES_MUST_CHECK enum es_code
es_store_registration(struct es_store *s, int64_t initiative,
                      struct es_arena *a, int64_t *version,
                      const char **settings, struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_registration(struct es_txn *tx, int64_t initiative, struct es_arena *a,
                    int64_t *version, const char **settings, struct es_err *e);
/* In place of the version `from` (0: of none). ES_ECONFLICT: there is another
 * one by now. */
ES_MUST_CHECK enum es_code
es_txn_registration_put(struct es_txn *tx, int64_t initiative, int64_t from,
                        const char *settings, struct es_err *e);
/* es_initiative.consents, alone. */
ES_MUST_CHECK enum es_code es_txn_consents_put(struct es_txn *tx,
                                               int64_t initiative,
                                               const char *consents,
                                               struct es_err *e);
/* A text as it was put before people; one of that version stays as it is. */
struct es_consent_text {
    const char *purpose, *version, *text;
    int64_t at_ms;
};
ES_MUST_CHECK enum es_code
es_txn_consent_text_add(struct es_txn *tx, int64_t initiative,
                        const struct es_consent_text *t, struct es_err *e);
/* By purpose, the oldest first. */
ES_MUST_CHECK enum es_code es_store_consent_texts(struct es_store *s,
                                                  int64_t initiative,
                                                  struct es_arena *a,
                                                  struct es_consent_text **out,
                                                  size_t *n, struct es_err *e);

/* ---- places ---- */

/* Counters of an initiative: "placed" are those who are in, "waiting" those
 * who wait. Nothing counted is 0. */
ES_MUST_CHECK enum es_code es_store_count(struct es_store *s,
                                          int64_t initiative, const char *name,
                                          int64_t *out, struct es_err *e);
/* Adds; *out (may be NULL) is what it is then. */
ES_MUST_CHECK enum es_code es_txn_count_add(struct es_txn *tx,
                                            int64_t initiative,
                                            const char *name, int64_t by,
                                            int64_t *out, struct es_err *e);
/* Who waits longest. ES_ENOENT: nobody. */
ES_MUST_CHECK enum es_code
es_txn_waiting_first(struct es_txn *tx, int64_t initiative, struct es_arena *a,
                     struct es_participant *out, struct es_err *e);
/* How many wait with smaller bibs. */
ES_MUST_CHECK enum es_code es_store_waiting_before(struct es_store *s,
                                                   int64_t initiative,
                                                   int64_t bib, int64_t *out,
                                                   struct es_err *e);

/* ---- people ---- */

ES_MUST_CHECK enum es_code es_txn_participant(struct es_txn *tx,
                                              int64_t initiative, int64_t id,
                                              struct es_arena *a,
                                              struct es_participant *out,
                                              struct es_err *e);
/* All but bib and created_ms. ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_txn_participant_put(struct es_txn *tx, const struct es_participant *p,
                       struct es_err *e);
/* With bibs below `before` (0: from the highest), the highest first; at most
 * `max`. Also those who wait and those who are gone. */
ES_MUST_CHECK enum es_code es_store_people(struct es_store *s,
                                           int64_t initiative, int64_t before,
                                           size_t max, struct es_arena *a,
                                           struct es_participant **out,
                                           size_t *n, struct es_err *e);
/* Takes from a run all that tells of its person but what counts, also what was
 * said of it and its picture; `measure` is
 * what stands for it then. Its bytes: es_txn_blob_erase. */
ES_MUST_CHECK enum es_code es_txn_run_blank(struct es_txn *tx,
                                            int64_t initiative, int64_t run,
                                            struct es_bytes measure,
                                            struct es_err *e);
/* All that hangs on a person but their runs: ways in, words, routes, zones,
 * keys, what was shown of them in reports; the teams they led have no captain.
 * Then the row is blank. It keeps its bib. */
ES_MUST_CHECK enum es_code es_txn_person_blank(struct es_txn *tx,
                                               int64_t initiative, int64_t id,
                                               struct es_err *e);

/* ---- teams ---- */

ES_MUST_CHECK enum es_code es_store_team(struct es_store *s, int64_t initiative,
                                         int64_t id, struct es_arena *a,
                                         struct es_team *out, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_team(struct es_txn *tx, int64_t initiative,
                                       int64_t id, struct es_arena *a,
                                       struct es_team *out, struct es_err *e);
/* Name, code, open, captain. ES_ENOENT; ES_EEXIST: another has the code. */
ES_MUST_CHECK enum es_code
es_txn_team_put(struct es_txn *tx, const struct es_team *t, struct es_err *e);
/* Its members with bibs above `after`, in their order; at most `max`. */
ES_MUST_CHECK enum es_code
es_store_members(struct es_store *s, int64_t initiative, int64_t team,
                 int64_t after, size_t max, struct es_arena *a,
                 struct es_participant **out, size_t *n, struct es_err *e);

#endif
