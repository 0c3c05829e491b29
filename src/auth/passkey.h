/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passkeys: what a browser is asked, and whether what it answers may be
 * believed. Knows no store: who keeps the keys hands them in.
 *
 * Source: WebAuthn Level 3, sections 5.8.1 (client data), 6.1 (authenticator
 * data), 7.1 (registering), 7.2 (signing in). No attestation is asked for:
 * which make of device somebody has is not ours to know. */
#ifndef ES_AUTH_PASSKEY_H
#define ES_AUTH_PASSKEY_H

#include "auth/challenge.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Why an answer isn't believed; the names are for logs. */
#define ES_PASSKEY_FAULTS(X)                                                   \
    X(ES_PASSKEY_OK, "ok")                                                     \
    X(ES_PASSKEY_UNREADABLE, "unreadable")                                     \
    X(ES_PASSKEY_WRONG_TYPE, "wrong_type")                                     \
    X(ES_PASSKEY_WRONG_ORIGIN, "wrong_origin")                                 \
    X(ES_PASSKEY_WRONG_CHALLENGE, "wrong_challenge")                           \
    X(ES_PASSKEY_SPENT, "challenge_spent")                                     \
    X(ES_PASSKEY_WRONG_RP, "wrong_rp")                                         \
    X(ES_PASSKEY_ABSENT, "not_present")                                        \
    X(ES_PASSKEY_UNVERIFIED, "not_verified")                                   \
    X(ES_PASSKEY_WRONG_BACKUP, "wrong_backup_flags")                           \
    X(ES_PASSKEY_WRONG_KEY, "wrong_key")                                       \
    X(ES_PASSKEY_WRONG_ATTESTATION, "wrong_attestation")                       \
    X(ES_PASSKEY_WRONG_OWNER, "wrong_owner")                                   \
    X(ES_PASSKEY_WRONG_SIGNATURE, "wrong_signature")                           \
    X(ES_PASSKEY_UNKNOWN, "unknown")                                           \
    X(ES_PASSKEY_COUNTED_BACK, "counted_back")                                 \
    X(ES_PASSKEY_NO_MEMORY, "no_memory")

enum es_passkey_fault {
#define X(code, name) code,
    ES_PASSKEY_FAULTS(X)
#undef X
};
const char *es_passkey_fault_name(enum es_passkey_fault f);

/* Whom passkeys are for: a site by its name. */
struct es_rp {
    char id[256];     /* "run.example" */
    char origin[300]; /* "https://run.example" */
};
/* Of the configured origin. A number of this machine becomes "localhost" with
 * the same port, for passkeys belong to names. False for another number, and
 * for http off this machine, where browsers have none; *out is untouched. */
bool es_rp_of(const char *origin, struct es_rp *out);

/* Whose a passkey is. An account (initiative 0) or a participant. The handle
 * says it to the device, so that nobody need type a name. */
struct es_passkey_owner {
    int64_t initiative, id;
};
enum { ES_PASSKEY_HANDLE = 16 };
void es_passkey_handle(struct es_passkey_owner o,
                       uint8_t out[ES_PASSKEY_HANDLE]);

/* ---- asking ---- */

struct es_passkey_ask {
    const struct es_rp *rp;
    const uint8_t *challenge; /* ES_CHALLENGE bytes */
    bool verified;            /* the device must ask for finger, face or PIN */
    const struct es_bytes *ids; /* registering: not these again; signing in:
                                   one of these, or any when there are none */
    size_t n_ids;
};
/* The options of navigator.credentials.create, a JSON object with bytes in
 * base64url. `site` and `name` are shown by the device. */
void es_passkey_ask_new(struct es_buf *b, const struct es_passkey_ask *ask,
                        struct es_passkey_owner owner, const char *site,
                        const char *name);
/* Those of navigator.credentials.get. */
void es_passkey_ask_old(struct es_buf *b, const struct es_passkey_ask *ask);

/* ---- believing ---- */

/* An answer as a form brings it, each part in base64url; NULL: not there. */
struct es_passkey_text {
    const char *id, *client_data;
    const char *attestation;                    /* of a new one */
    const char *auth_data, *signature, *handle; /* of one that signs in */
};

/* What must be true of it. */
struct es_passkey_check {
    const struct es_rp *rp;
    struct es_challenges *challenges;
    struct es_challenge_of of;
    int64_t now_ms; /* monotonic */
    bool verified;  /* by finger, face or PIN: staff */
};

struct es_passkey_new { /* the bytes are in the arena */
    struct es_bytes id;
    struct es_bytes key; /* COSE_Key */
    int32_t alg;         /* COSE's number */
    uint32_t sign_count;
    bool may_be_backed_up, backed_up, verified;
};
/* Spends the challenge when the answer is good. That the id is nobody else's
 * on the instance is the store's to refuse. */
ES_MUST_CHECK enum es_passkey_fault
es_passkey_register(const struct es_passkey_check *c,
                    const struct es_passkey_text *t, struct es_arena *a,
                    struct es_passkey_new *out);

/* The id by which a passkey is looked up. False: not one. */
bool es_passkey_id(const char *text, struct es_arena *a, struct es_bytes *out);

/* And back: in base64url; NULL when out of memory. */
const char *es_passkey_id_text(struct es_bytes id, struct es_arena *a);

struct es_passkey_known {
    struct es_bytes id, key;
    uint32_t sign_count;
    bool may_be_backed_up;
    struct es_passkey_owner owner;
};
struct es_passkey_seen { /* what to keep of it */
    uint32_t sign_count;
    bool backed_up, verified;
};
/* Spends the challenge when the answer is good. */
ES_MUST_CHECK enum es_passkey_fault
es_passkey_sign_in(const struct es_passkey_check *c,
                   const struct es_passkey_text *t,
                   const struct es_passkey_known *known, struct es_arena *a,
                   struct es_passkey_seen *out);

#endif
