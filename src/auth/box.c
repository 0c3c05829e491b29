/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/box.h"

#include <sodium.h>
#include <stdlib.h>

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
};
static_assert(NONCE + TAG == ES_BOX_MORE, "what sealing adds");
static_assert(ES_HASH == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
              "a hash is a key");

static void key_of(const uint8_t key[ES_HASH], const char *purpose,
                   uint8_t own[ES_HASH])
{
    static const struct es_bytes NOTHING = { 0 };
    es_keyed_hash(key, purpose, NOTHING, own);
}

void es_box_seal(const uint8_t key[ES_HASH], const char *purpose,
                 struct es_bytes owner, struct es_bytes plain,
                 struct es_buf *out)
{
    uint8_t own[ES_HASH], nonce[NONCE];
    uint8_t *p = malloc(plain.n + TAG);
    if (!p) {
        out->bad = true;
        return;
    }
    key_of(key, purpose, own);
    es_random_bytes(nonce, sizeof nonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        p, NULL, plain.p, plain.n, owner.p, owner.n, NULL, nonce, own);
    es_buf_add(out, nonce, sizeof nonce);
    es_buf_add(out, p, plain.n + TAG);
    sodium_memzero(own, sizeof own);
    free(p);
}

bool es_box_open(const uint8_t key[ES_HASH], const char *purpose,
                 struct es_bytes owner, struct es_bytes sealed,
                 struct es_buf *out)
{
    uint8_t own[ES_HASH];
    if (sealed.n < ES_BOX_MORE)
        return false;
    size_t n = sealed.n - ES_BOX_MORE;
    uint8_t *p = malloc(n + 1);
    if (!p)
        return false;
    key_of(key, purpose, own);
    bool ok = crypto_aead_xchacha20poly1305_ietf_decrypt(
                  p, NULL, NULL, sealed.p + NONCE, sealed.n - NONCE, owner.p,
                  owner.n, sealed.p, own) == 0;
    if (ok)
        es_buf_add(out, p, n);
    sodium_memzero(own, sizeof own);
    sodium_memzero(p, n);
    free(p);
    return ok && !out->bad;
}
