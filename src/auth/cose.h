/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public keys of passkeys, and the signatures that fit them. libfido2 lives
 * here only.
 *
 * Source: RFC 9053 sections 2 and 7, RFC 8812 section 2; WebAuthn Level 3
 * section 5.8.5. */
#ifndef ES_AUTH_COSE_H
#define ES_AUTH_COSE_H

#include "base/bytes.h"

/* COSE's own numbers, which are also stored. */
enum es_cose_alg {
    ES_COSE_ES256 = -7,
    ES_COSE_EDDSA = -8,
    ES_COSE_RS256 = -257
};

enum { ES_COSE_RAW = 259 }; /* the longest: 2048 bits of n, 24 of e */
struct es_cose_key {
    enum es_cose_alg alg;
    uint8_t raw[ES_COSE_RAW]; /* x y, x, or n e */
    size_t n;
};

/* The key that r stands before, on P-256, Ed25519 or of 2048 bits. Parameters
 * that it needn't have are skipped; one given twice is none. False: another
 * kind of key, or no key; *out is untouched. */
bool es_cose_read(struct es_rd *r, struct es_cose_key *out);

/* Whether the key's own curve has it. */
bool es_cose_valid(const struct es_cose_key *key);

struct es_signed {
    const char *rp_id;
    struct es_bytes auth_data;  /* well-formed */
    const uint8_t *client_hash; /* SHA-256 of the client's data */
    struct es_bytes signature;
    bool verified; /* the person, by the device */
};
/* Whether the holder of the key signed it, for rp_id, present and, when asked
 * for, verified. False also when there was no memory. */
bool es_cose_signed(const struct es_cose_key *key, const struct es_signed *s);

#endif
