/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/sign.h"

#include <sodium.h>
#include <string.h>

static_assert(ES_SIGN_PUBLIC == crypto_sign_PUBLICKEYBYTES, "Ed25519");
static_assert(ES_SIGNATURE == crypto_sign_BYTES, "Ed25519");
static_assert(ES_HASH == crypto_sign_SEEDBYTES, "a hash is a seed");

static void pair_of(const uint8_t key[ES_HASH], const char *purpose,
                    uint8_t public_key[ES_SIGN_PUBLIC],
                    uint8_t secret[crypto_sign_SECRETKEYBYTES])
{
    uint8_t seed[ES_HASH];
    es_keyed_hash(key, purpose, (struct es_bytes){ NULL, 0 }, seed);
    (void)crypto_sign_seed_keypair(public_key, secret, seed);
    sodium_memzero(seed, sizeof seed);
}

void es_sign_public(const uint8_t key[ES_HASH], const char *purpose,
                    uint8_t public_key[ES_SIGN_PUBLIC])
{
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    pair_of(key, purpose, public_key, secret);
    sodium_memzero(secret, sizeof secret);
}

void es_sign(const uint8_t key[ES_HASH], const char *purpose, struct es_bytes s,
             uint8_t signature[ES_SIGNATURE])
{
    uint8_t public_key[ES_SIGN_PUBLIC];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    pair_of(key, purpose, public_key, secret);
    (void)crypto_sign_detached(signature, NULL, s.p, s.n, secret);
    sodium_memzero(secret, sizeof secret);
}

bool es_sign_check(const uint8_t public_key[ES_SIGN_PUBLIC], struct es_bytes s,
                   const uint8_t signature[ES_SIGNATURE])
{
    return crypto_sign_verify_detached(signature, s.p, s.n, public_key) == 0;
}

void es_sha256(struct es_bytes s, uint8_t hash[ES_SHA256])
{
    (void)crypto_hash_sha256(hash, s.p, s.n);
}

static const char HEX[] = "0123456789abcdef";

void es_hex_put(struct es_buf *b, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char two[2] = { HEX[p[i] >> 4], HEX[p[i] & 15] };
        es_buf_add(b, two, 2);
    }
}

bool es_hex_read(struct es_bytes text, uint8_t *out, size_t n)
{
    if (text.n != 2 * n)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!memchr(HEX, text.p[i], 16))
            return false;
    for (size_t i = 0; i < n; i++) {
        const char *high = memchr(HEX, text.p[2 * i], 16);
        const char *low = memchr(HEX, text.p[2 * i + 1], 16);
        out[i] = (uint8_t)((high - HEX) << 4 | (low - HEX));
    }
    return true;
}
