/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signatures that anybody can check: Ed25519 (RFC 8032), and SHA-256. */
#ifndef ES_AUTH_SIGN_H
#define ES_AUTH_SIGN_H

#include "auth/secret.h"
#include "base/buf.h"

enum { ES_SIGN_PUBLIC = 32, ES_SIGNATURE = 64, ES_SHA256 = 32 };

/* The instance's public key for a purpose, made of its own key. */
void es_sign_public(const uint8_t key[ES_HASH], const char *purpose,
                    uint8_t public_key[ES_SIGN_PUBLIC]);
void es_sign(const uint8_t key[ES_HASH], const char *purpose, struct es_bytes s,
             uint8_t signature[ES_SIGNATURE]);
bool es_sign_check(const uint8_t public_key[ES_SIGN_PUBLIC], struct es_bytes s,
                   const uint8_t signature[ES_SIGNATURE]);

void es_sha256(struct es_bytes s, uint8_t hash[ES_SHA256]);

/* Appends n bytes as lower-case hexadecimal digits. */
void es_hex_put(struct es_buf *b, const uint8_t *p, size_t n);
/* Exactly 2 n lower-case digits; false, out untouched, for anything else. */
bool es_hex_read(struct es_bytes text, uint8_t *out, size_t n);

#endif
