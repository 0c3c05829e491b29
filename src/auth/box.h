/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bytes that only this instance can read: sealed with a key made of its own
 * and of the purpose. What they belong to is sealed in, so that no row's bytes
 * can stand in for another's. */
#ifndef ES_AUTH_BOX_H
#define ES_AUTH_BOX_H

#include "auth/secret.h"
#include "base/buf.h"

/* Appends XChaCha20-Poly1305 of `plain` with its nonce: ES_BOX_MORE bytes
 * longer. out->bad when there was no memory. */
#define ES_BOX_MORE 40u
void es_box_seal(const uint8_t key[ES_HASH], const char *purpose,
                 struct es_bytes owner, struct es_bytes plain,
                 struct es_buf *out);
/* Appends the plain bytes. False when a byte, the owner or the key is another;
 * then *out is as before. */
bool es_box_open(const uint8_t key[ES_HASH], const char *purpose,
                 struct es_bytes owner, struct es_bytes sealed,
                 struct es_buf *out);

#endif
