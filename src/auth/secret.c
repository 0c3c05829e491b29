/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/secret.h"

#include <sodium.h>
#include <string.h>

void es_hash(struct es_bytes s, uint8_t hash[ES_HASH])
{
    crypto_generichash(hash, ES_HASH, s.p, s.n, NULL, 0);
}

void es_sha256_text(struct es_bytes s, char out[ES_SHA256_TEXT])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, s.p, s.n);
    sodium_bin2base64(out, ES_SHA256_TEXT, hash, sizeof hash,
                      sodium_base64_VARIANT_ORIGINAL);
}

void es_sha256_hex(struct es_bytes s, char out[ES_SHA256_HEX])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, s.p, s.n);
    sodium_bin2hex(out, ES_SHA256_HEX, hash, sizeof hash);
}

void es_secret_new(char text[ES_SECRET_TEXT], uint8_t hash[ES_HASH])
{
    es_random_code(text, ES_SECRET_TEXT, ES_SECRET_BITS);
    es_hash(es_bytes_str(text), hash);
}

char es_secret_letter(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        c = (uint8_t)(c - 'A' + 'a');
    if (c == 'o')
        return '0';
    if (c == 'i' || c == 'l')
        return '1';
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z' && c != 'u'))
        return (char)c;
    return 0;
}

bool es_secret_hash(struct es_bytes text, uint8_t hash[ES_HASH])
{
    char own[ES_SECRET_TEXT];
    if (text.n != ES_SECRET_TEXT - 1)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        own[i] = es_secret_letter(text.p[i]);
        if (!own[i])
            return false;
    }
    es_hash((struct es_bytes){ (const uint8_t *)own, text.n }, hash);
    return true;
}

void es_keyed_hash(const uint8_t key[ES_HASH], const char *purpose,
                   struct es_bytes s, uint8_t hash[ES_HASH])
{
    crypto_generichash_state st;
    crypto_generichash_init(&st, key, ES_HASH, ES_HASH);
    /* The NUL keeps ("ab", "c") apart from ("a", "bc"). */
    crypto_generichash_update(&st, (const uint8_t *)purpose,
                              strlen(purpose) + 1);
    crypto_generichash_update(&st, s.p, s.n);
    crypto_generichash_final(&st, hash, ES_HASH);
}

bool es_hash_equal(const uint8_t a[ES_HASH], const uint8_t b[ES_HASH])
{
    return sodium_memcmp(a, b, ES_HASH) == 0;
}

void es_csrf_token(const uint8_t key[ES_HASH], const char *cookie,
                   char out[ES_CSRF_TEXT])
{
    uint8_t mac[ES_HASH];
    es_keyed_hash(key, "csrf", es_bytes_str(cookie), mac);
    sodium_bin2hex(out, ES_CSRF_TEXT, mac, sizeof mac);
}

bool es_csrf_valid(const uint8_t key[ES_HASH], const char *cookie,
                   const char *token)
{
    char want[ES_CSRF_TEXT];
    if (!cookie || !*cookie || !token || strlen(token) != ES_CSRF_TEXT - 1)
        return false;
    es_csrf_token(key, cookie, want);
    return sodium_memcmp(want, token, ES_CSRF_TEXT - 1) == 0;
}
