/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is kept of how people sign in: their sessions, passkeys, recovery codes
 * and the links that were mailed. (initiative, subject) says whose: a
 * participant's, or with the initiative 0 an account's. store.h says what
 * holds for all calls. */
#ifndef ES_STORE_SIGNIN_H
#define ES_STORE_SIGNIN_H

#include "store/store.h"

/* ---- sessions, and other credentials of somebody ---- */

/* Those of a kind that work at now_ms, last seen first. */
ES_MUST_CHECK enum es_code
es_store_credentials_of(struct es_store *s, int64_t initiative, int64_t subject,
                        int32_t kind, int64_t now_ms, struct es_arena *a,
                        struct es_credential **out, size_t *n,
                        struct es_err *e);
/* Never moves back; one that is gone is fine. */
ES_MUST_CHECK enum es_code es_txn_credential_seen(struct es_txn *tx,
                                                  const uint8_t hash[32],
                                                  int64_t seen_ms,
                                                  struct es_err *e);
/* Another secret in place of the old one, and who they are was shown anew;
 * id, age and expiry stay. ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_txn_credential_renew(struct es_txn *tx, const uint8_t old[32],
                        const uint8_t hash[32], int64_t fresh_ms,
                        int32_t fresh_by, struct es_err *e);
/* One, by the id that its list gives. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_credential_end(struct es_txn *tx,
                                                 int64_t initiative,
                                                 int64_t subject, int32_t kind,
                                                 int64_t id, struct es_err *e);
/* All of somebody's of a kind but the one with the id `keep` (0: all). */
ES_MUST_CHECK enum es_code
es_txn_credentials_end(struct es_txn *tx, int64_t initiative, int64_t subject,
                       int32_t kind, int64_t keep, struct es_err *e);
/* Everybody's that work no more. */
ES_MUST_CHECK enum es_code
es_txn_credentials_trim(struct es_txn *tx, int64_t now_ms, struct es_err *e);

/* ---- passkeys ---- */

struct es_passkey {
    struct es_bytes id; /* WebAuthn's credential id, unique on the instance */
    int64_t initiative, subject;
    struct es_bytes public_key; /* COSE_Key, as it was registered */
    int32_t algorithm;          /* of COSE: -7 ES256, -8 EdDSA, -257 RS256 */
    int64_t sign_count;
    const char *name; /* as its owner calls it */
    bool may_back_up; /* fixed when it was made */
    bool backed_up;
    int64_t created_ms, used_ms; /* used 0: never yet */
};
ES_MUST_CHECK enum es_code
es_store_passkey(struct es_store *s, struct es_bytes id, struct es_arena *a,
                 struct es_passkey *out, struct es_err *e);
/* Somebody's, the oldest first. */
ES_MUST_CHECK enum es_code
es_store_passkeys_of(struct es_store *s, int64_t initiative, int64_t subject,
                     struct es_arena *a, struct es_passkey **out, size_t *n,
                     struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_passkey(struct es_txn *tx, struct es_bytes id,
                                          struct es_arena *a,
                                          struct es_passkey *out,
                                          struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_passkeys_of(struct es_txn *tx, int64_t initiative, int64_t subject,
                   struct es_arena *a, struct es_passkey **out, size_t *n,
                   struct es_err *e);
/* ES_EEXIST: somebody has it. */
ES_MUST_CHECK enum es_code es_txn_passkey_add(struct es_txn *tx,
                                              const struct es_passkey *k,
                                              struct es_err *e);
/* ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_txn_passkey_used(struct es_txn *tx, struct es_bytes id, int64_t sign_count,
                    bool backed_up, int64_t used_ms, struct es_err *e);
/* These two: ES_ENOENT also when it is somebody else's. */
ES_MUST_CHECK enum es_code
es_txn_passkey_name(struct es_txn *tx, struct es_bytes id, int64_t initiative,
                    int64_t subject, const char *name, struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_passkey_drop(struct es_txn *tx, struct es_bytes id, int64_t initiative,
                    int64_t subject, struct es_err *e);

/* ---- recovery codes of an account ---- */

struct es_recovery {
    uint8_t hash[32];
    int64_t account;
    int64_t created_ms, used_ms; /* used 0: not yet */
};
/* Also one that was used. */
ES_MUST_CHECK enum es_code es_store_recovery(struct es_store *s,
                                             const uint8_t hash[32],
                                             struct es_recovery *out,
                                             struct es_err *e);
/* All of an account, the unused first. */
ES_MUST_CHECK enum es_code
es_store_recoveries(struct es_store *s, int64_t account, struct es_arena *a,
                    struct es_recovery **out, size_t *n, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_recoveries(struct es_txn *tx, int64_t account,
                                             struct es_arena *a,
                                             struct es_recovery **out,
                                             size_t *n, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_recovery_add(struct es_txn *tx,
                                               const uint8_t hash[32],
                                               int64_t account, int64_t now_ms,
                                               struct es_err *e);
/* Takes it, once: then ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_recovery_use(struct es_txn *tx,
                                               const uint8_t hash[32],
                                               int64_t now_ms,
                                               struct es_err *e);
/* All of an account, before new ones take their place. */
ES_MUST_CHECK enum es_code
es_txn_recovery_drop(struct es_txn *tx, int64_t account, struct es_err *e);

/* ---- by mail ---- */

/* The people, of any initiative, who gave this address, A-Z as a-z; the newest
 * first, at most `max`. */
ES_MUST_CHECK enum es_code es_store_mail_who(struct es_store *s,
                                             const char *address, size_t max,
                                             struct es_arena *a,
                                             struct es_participant **out,
                                             size_t *n, struct es_err *e);
/* Another address of a participant, or "" for none. ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_txn_mail_set(struct es_txn *tx, int64_t initiative, int64_t participant,
                const char *address, struct es_err *e);

struct es_mail_link {
    uint8_t hash[32];    /* of the link's secret */
    const char *address; /* to which it went */
    int64_t initiative, participant;
    uint8_t browser[32]; /* hash of the cookie of the browser that asked */
    uint8_t code[32];    /* hash of what any other has to enter */
    int32_t tries;       /* codes that were wrong */
    int64_t created_ms, expires_ms;
};
/* ES_ENOENT also when it has expired. */
ES_MUST_CHECK enum es_code
es_store_mail_link(struct es_store *s, const uint8_t hash[32], int64_t now_ms,
                   struct es_arena *a, struct es_mail_link *out,
                   struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_mail_link(struct es_txn *tx,
                                            const uint8_t hash[32],
                                            int64_t now_ms, struct es_arena *a,
                                            struct es_mail_link *out,
                                            struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_mail_link_add(struct es_txn *tx,
                                                const struct es_mail_link *m,
                                                struct es_err *e);
/* One more code was wrong. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_mail_link_try(struct es_txn *tx,
                                                const uint8_t hash[32],
                                                struct es_err *e);
/* ES_ENOENT when it was not there: so it works once. */
ES_MUST_CHECK enum es_code es_txn_mail_link_drop(struct es_txn *tx,
                                                 const uint8_t hash[32],
                                                 struct es_err *e);
/* All of a participant: the newest alone works. */
ES_MUST_CHECK enum es_code es_txn_mail_links_drop(struct es_txn *tx,
                                                  int64_t initiative,
                                                  int64_t participant,
                                                  struct es_err *e);
/* Everybody's that have expired. */
ES_MUST_CHECK enum es_code
es_txn_mail_links_trim(struct es_txn *tx, int64_t now_ms, struct es_err *e);

#endif
