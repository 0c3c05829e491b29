/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/blob/seal.h"

#include "base/limits.h"

#include <sodium.h>

static_assert(ES_SEG_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES,
              "the record's layout");
static_assert(ES_SEG_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
              "the record's layout");
static_assert(sizeof((struct es_sealed){ 0 }.key) ==
                  crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
              "the record's layout");

static const uint8_t MAGIC[8] = { 'E', 'S', 'b', '1', 0, 0, 0, 0 };

void es_store_hash(struct es_bytes s, uint8_t out[32])
{
    (void)crypto_generichash(out, 32, s.p, s.n, NULL, 0);
}

static void checksum(const uint8_t *front, struct es_bytes cipher,
                     uint8_t out[32])
{
    crypto_generichash_state st;
    (void)crypto_generichash_init(&st, NULL, 0, 32);
    (void)crypto_generichash_update(&st, front, ES_SEG_FRONT);
    (void)crypto_generichash_update(&st, cipher.p, cipher.n);
    (void)crypto_generichash_final(&st, out, 32);
}

enum es_code es_seal(struct es_bytes plain, struct es_sealed *out,
                     struct es_err *e)
{
    *out = (struct es_sealed){ 0 };
    if (plain.n > ES_UPLOAD_MAX)
        return es_fail(e, ES_ETOOLARGE, 0, "blob of %zu bytes", plain.n);
    size_t cipher_n = plain.n + ES_SEG_TAG;
    uint8_t *p = malloc(ES_SEG_HEADER + cipher_n);
    if (p == NULL)
        return es_fail(e, ES_ENOMEM, 0, "sealing %zu bytes", plain.n);

    memcpy(p, MAGIC, sizeof MAGIC);
    for (unsigned i = 0; i < 8; i++)
        p[8 + i] = (uint8_t)((uint64_t)plain.n >> (8 * i));
    randombytes_buf(p + 16, ES_SEG_NONCE);
    crypto_aead_xchacha20poly1305_ietf_keygen(out->key);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        p + ES_SEG_HEADER, NULL, plain.p, plain.n, p, ES_SEG_FRONT, NULL,
        p + 16, out->key);
    checksum(p, (struct es_bytes){ p + ES_SEG_HEADER, cipher_n },
             p + ES_SEG_FRONT);
    out->p = p;
    out->n = ES_SEG_HEADER + cipher_n;
    out->length = (int64_t)plain.n;
    return ES_OK;
}

void es_sealed_release(struct es_sealed *s)
{
    free(s->p);
    sodium_memzero(s, sizeof *s);
}

bool es_record_length(struct es_bytes header, size_t *plain_n)
{
    struct es_rd r;
    const uint8_t *magic = NULL;

    es_rd_init(&r, header);
    (void)es_rd_take(&r, sizeof MAGIC, &magic);
    uint64_t n = es_rd_u64le(&r);
    if (r.bad || memcmp(magic, MAGIC, sizeof MAGIC) != 0 || n > ES_UPLOAD_MAX)
        return false;
    *plain_n = (size_t)n;
    return true;
}

bool es_record_whole(struct es_bytes record)
{
    uint8_t sum[32];
    if (record.n < ES_SEG_HEADER + ES_SEG_TAG)
        return false;
    checksum(
        record.p,
        (struct es_bytes){ record.p + ES_SEG_HEADER, record.n - ES_SEG_HEADER },
        sum);
    return memcmp(sum, record.p + ES_SEG_FRONT, sizeof sum) == 0;
}

bool es_record_open(struct es_bytes record, const uint8_t key[32],
                    uint8_t *plain)
{
    return record.n >= ES_SEG_HEADER + ES_SEG_TAG &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(
               plain, NULL, NULL, record.p + ES_SEG_HEADER,
               record.n - ES_SEG_HEADER, record.p, ES_SEG_FRONT, record.p + 16,
               key) == 0;
}
