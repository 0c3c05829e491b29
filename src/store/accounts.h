/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is kept of people of staff: their accounts, their roles, the links that
 * invite them. store.h says what holds for all calls. */
#ifndef ES_STORE_ACCOUNTS_H
#define ES_STORE_ACCOUNTS_H

#include "store/store.h"

/* ---- accounts ---- */

struct es_account {
    int64_t id;
    const char *name;
    const char *name_key; /* the name as names are compared; unique among those
                             who are still there */
    const char *mail;     /* "" when none */
    const char *lang;
    int64_t may_create; /* initiatives in all */
    int64_t created_ms;
    int64_t ended_ms; /* 0 while it stands; for ever else */
};

/* Also one that has ended. */
ES_MUST_CHECK enum es_code es_store_account(struct es_store *s, int64_t id,
                                            struct es_arena *a,
                                            struct es_account *out,
                                            struct es_err *e);
/* Only one that stands. */
ES_MUST_CHECK enum es_code es_store_account_by_name(struct es_store *s,
                                                    const char *name_key,
                                                    struct es_arena *a,
                                                    struct es_account *out,
                                                    struct es_err *e);
/* All, the oldest first, also those that have ended; at most `max`. */
ES_MUST_CHECK enum es_code es_store_accounts(struct es_store *s, size_t max,
                                             struct es_arena *a,
                                             struct es_account **out, size_t *n,
                                             struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_account(struct es_txn *tx, int64_t id,
                                          struct es_arena *a,
                                          struct es_account *out,
                                          struct es_err *e);
/* Inserts or updates by id; created_ms stays. ES_EEXIST: another who stands
 * has this name. An account with ended_ms lets its name go. */
ES_MUST_CHECK enum es_code es_txn_account_put(struct es_txn *tx,
                                              const struct es_account *c,
                                              struct es_err *e);

/* ---- roles ---- */

/* Stored numbers: never renumber. */
enum es_role {
    ES_ROLE_NONE = 0,
    ES_ROLE_OPERATOR = 1, /* of the instance: initiative 0 */
    ES_ROLE_OWNER = 2,    /* the others: of one initiative */
    ES_ROLE_EDITOR = 3,
    ES_ROLE_REVIEWER = 4,
    ES_ROLE_CHECK_IN = 5
};
enum { ES_ROLES = 6 };

struct es_role_given {
    int64_t initiative, account;
    int32_t role;     /* es_role */
    int64_t given_by; /* an account; 0: who has the machine */
    int64_t given_ms;
};
/* An account's, in the order of initiatives. */
ES_MUST_CHECK enum es_code
es_store_roles_of(struct es_store *s, int64_t account, struct es_arena *a,
                  struct es_role_given **out, size_t *n, struct es_err *e);
/* An initiative's (0: the instance's), in the order of roles. */
ES_MUST_CHECK enum es_code
es_store_staff(struct es_store *s, int64_t initiative, struct es_arena *a,
               struct es_role_given **out, size_t *n, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_staff(struct es_txn *tx, int64_t initiative,
                                        struct es_arena *a,
                                        struct es_role_given **out, size_t *n,
                                        struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_roles_of(struct es_txn *tx, int64_t account,
                                           struct es_arena *a,
                                           struct es_role_given **out,
                                           size_t *n, struct es_err *e);
/* ES_EEXIST. */
ES_MUST_CHECK enum es_code es_txn_role_add(struct es_txn *tx,
                                           const struct es_role_given *r,
                                           struct es_err *e);
/* ES_ENOENT. Who asks sees to it that the last owner stays. */
ES_MUST_CHECK enum es_code es_txn_role_drop(struct es_txn *tx,
                                            int64_t initiative, int64_t account,
                                            int32_t role, struct es_err *e);
/* All of an account. */
ES_MUST_CHECK enum es_code es_txn_roles_drop(struct es_txn *tx, int64_t account,
                                             struct es_err *e);

/* ---- invitations ---- */

struct es_invitation {
    uint8_t hash[32]; /* of the link's secret */
    int64_t initiative, id;
    int32_t role;
    const char *name; /* for whom, as who made it calls them */
    int64_t made_by;  /* an account */
    int64_t created_ms, expires_ms;
};
/* ES_ENOENT also when it has expired or was used. */
ES_MUST_CHECK enum es_code
es_store_invitation(struct es_store *s, const uint8_t hash[32], int64_t now_ms,
                    struct es_arena *a, struct es_invitation *out,
                    struct es_err *e);
/* An initiative's that can still be used, the oldest first. */
ES_MUST_CHECK enum es_code
es_store_invitations(struct es_store *s, int64_t initiative, int64_t now_ms,
                     struct es_arena *a, struct es_invitation **out, size_t *n,
                     struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_invitation_add(struct es_txn *tx,
                                                 const struct es_invitation *i,
                                                 struct es_err *e);
/* Takes it, once: then ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_invitation_use(struct es_txn *tx,
                                                 const uint8_t hash[32],
                                                 int64_t now_ms,
                                                 struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_invitation_drop(struct es_txn *tx,
                                                  int64_t initiative,
                                                  int64_t id, struct es_err *e);

/* ---- what the operator says of an initiative ---- */

/* suspended_ms 0: goes on. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_initiative_suspend(struct es_txn *tx,
                                                     int64_t initiative,
                                                     int64_t suspended_ms,
                                                     const char *why,
                                                     struct es_err *e);
/* people_max 0: as many as come. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_initiative_quota(struct es_txn *tx,
                                                   int64_t initiative,
                                                   int64_t people_max,
                                                   struct es_err *e);

#endif
