/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A device with one passkey, as a browser presents it: real keys, real
 * signatures (OpenSSL's), and every part of an answer to be got wrong. */
#ifndef ES_TESTS_DEVICE_H
#define ES_TESTS_DEVICE_H

#include "auth/passkey.h"

#include <openssl/evp.h>

enum { UP = 1, UV = 4, BE = 8, BS = 16, AT = 64, ED = 128 };

struct device {
    EVP_PKEY *key;
    int alg;
    uint8_t id[64];
    size_t id_n;
    uint32_t count;
    uint8_t flags;
    struct es_passkey_owner owner;
    const char *rp_id, *origin;
    /* What may be otherwise; NULL: as it should be. */
    const char *type, *more;   /* more members of the client's data */
    const char *json;          /* all of it */
    const char *fmt;           /* of the attestation */
    struct es_bytes statement; /* CBOR */
    struct es_bytes tail;      /* after the authenticator's data */
    bool bad_signature, no_handle;
};

struct device device_new(int alg, struct es_passkey_owner owner);
void device_free(struct device *d);

/* The public key as COSE_Key, appended. */
void device_cose(const struct device *d, struct es_buf *b);

/* What the browser would send for this challenge (base64url). The texts are
 * in the arena. */
struct es_passkey_text device_make(struct device *d, const char *challenge,
                                   struct es_arena *a);
struct es_passkey_text device_sign(struct device *d, const char *challenge,
                                   struct es_arena *a);

char *device_base64(struct es_bytes s, struct es_arena *a);

#endif
