/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One blob as a record: encrypted under a key of its own.
 *
 *     "ESb1"  u32 0  u64 length of the plain bytes  24 bytes nonce
 *     32 bytes BLAKE2b-256 of the 40 before it and of the ciphertext
 *     XChaCha20-Poly1305 ciphertext, tag last; those 40 bytes are its
 *     associated data
 *
 * The checksum needs no key, so recovery and backups can tell a whole record
 * from a torn one; the key is nowhere but in the blob's row. */
#ifndef ES_STORE_BLOB_SEAL_H
#define ES_STORE_BLOB_SEAL_H

#include "base/bytes.h"
#include "base/err.h"
#include "store/store.h"

#define ES_SEG_NONCE 24u
#define ES_SEG_FRONT 40u  /* magic, length, nonce */
#define ES_SEG_HEADER 72u /* and the checksum */
#define ES_SEG_TAG 16u

/* The zero state is empty. */
struct es_sealed {
    uint8_t *p; /* header and ciphertext */
    size_t n;
    int64_t length; /* of the plain bytes */
    uint8_t key[32];
};

/* With a fresh key. ES_ENOMEM, ES_ETOOLARGE (ES_UPLOAD_MAX); then *out is
 * empty. */
ES_MUST_CHECK enum es_code es_seal(struct es_bytes plain, struct es_sealed *out,
                                   struct es_err *e);
void es_sealed_release(struct es_sealed *s); /* wipes the key */

/* The plain length that a header of ES_SEG_HEADER bytes claims; false when it
 * is no header. */
bool es_record_length(struct es_bytes header, size_t *plain_n);
/* Whether a record, header and all, is as it was written. */
bool es_record_whole(struct es_bytes record);
/* Decrypts into plain[0 .. record.n - ES_SEG_HEADER - ES_SEG_TAG); false when
 * the key or a byte is wrong. */
bool es_record_open(struct es_bytes record, const uint8_t key[32],
                    uint8_t *plain);

#endif
