/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Secrets that a person or a program holds; we keep only their hashes. */
#ifndef ES_AUTH_SECRET_H
#define ES_AUTH_SECRET_H

#include "base/random.h"

#include <stdbool.h>

enum { ES_HASH = 32 };

/* A new secret of 160 random bits as text, and its hash. */
void es_secret_new(char text[ES_SECRET_TEXT], uint8_t hash[ES_HASH]);

/* The hash of a secret that somebody presents. False when it can't be one of
 * ours (wrong length or alphabet); then *hash is untouched. Upper case and
 * the look-alikes o, i, l are read as Crockford's alphabet says. */
bool es_secret_hash(struct es_bytes text, uint8_t hash[ES_HASH]);

/* One character as Crockford's alphabet writes it; 0 when it has no place
 * there. */
char es_secret_letter(uint8_t c);

/* BLAKE2b-256 of any bytes: uploads, request bodies. */
void es_hash(struct es_bytes s, uint8_t hash[ES_HASH]);

/* SHA-256 in base64, as a browser's policies name content. */
#define ES_SHA256_TEXT 45
void es_sha256_text(struct es_bytes s, char out[ES_SHA256_TEXT]);

/* SHA-256 in hexadecimal digits, as sha256sum prints it. */
#define ES_SHA256_HEX 65
void es_sha256_hex(struct es_bytes s, char out[ES_SHA256_HEX]);

/* BLAKE2b-256 with a key: what only this instance can make. `purpose` keeps
 * one use from serving as another. */
void es_keyed_hash(const uint8_t key[ES_HASH], const char *purpose,
                   struct es_bytes s, uint8_t hash[ES_HASH]);

/* Equal, in a time that doesn't depend on where they differ. */
bool es_hash_equal(const uint8_t a[ES_HASH], const uint8_t b[ES_HASH]);

/* CSRF token (64 hex characters) for the cookie value that the browser holds,
 * and its check. Source: OWASP, signed double-submit cookie. */
#define ES_CSRF_TEXT 65
void es_csrf_token(const uint8_t key[ES_HASH], const char *cookie,
                   char out[ES_CSRF_TEXT]);
bool es_csrf_valid(const uint8_t key[ES_HASH], const char *cookie,
                   const char *token);

#endif
