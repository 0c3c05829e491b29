/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "device.h"

#include "auth/cose.h"
#include "t.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

static EVP_PKEY *make_key(int alg)
{
    if (alg == ES_COSE_ES256)
        return EVP_EC_gen("P-256");
    if (alg == ES_COSE_RS256)
        return EVP_RSA_gen(2048);
    return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

struct device device_new(int alg, struct es_passkey_owner owner)
{
    struct device d = {
        .key = make_key(alg),
        .alg = alg,
        .id_n = 32,
        .flags = UP | UV,
        .owner = owner,
        .rp_id = "run.example",
        .origin = "https://run.example",
    };
    es_random_bytes(d.id, d.id_n);
    CHECK(d.key != NULL);
    return d;
}

void device_free(struct device *d)
{
    EVP_PKEY_free(d->key);
    d->key = NULL;
}

/* ---- CBOR, written ---- */

static void head(struct es_buf *b, unsigned major, size_t n)
{
    uint8_t first = (uint8_t)(major << 5);
    if (n < 24) {
        es_buf_u8(b, (uint8_t)(first | n));
        return;
    }
    es_buf_u8(b, (uint8_t)(first | 25));
    es_buf_u8(b, (uint8_t)(n >> 8));
    es_buf_u8(b, (uint8_t)n);
}

static void text(struct es_buf *b, const char *s)
{
    head(b, 3, strlen(s));
    es_buf_str(b, s);
}

static void bytes(struct es_buf *b, struct es_bytes s)
{
    head(b, 2, s.n);
    es_buf_add(b, s.p, s.n);
}

static void number(struct es_buf *b, int v)
{
    if (v >= 0)
        head(b, 0, (size_t)v);
    else
        head(b, 1, (size_t)(-1 - v));
}

static struct es_bytes number_of(const EVP_PKEY *key, const char *name,
                                 uint8_t *out, int n)
{
    BIGNUM *v = NULL;
    CHECK_INT(EVP_PKEY_get_bn_param(key, name, &v), 1);
    CHECK_INT(BN_bn2binpad(v, out, n), n);
    BN_free(v);
    return (struct es_bytes){ out, (size_t)n };
}

void device_cose(const struct device *d, struct es_buf *b)
{
    uint8_t x[256], y[32];
    size_t n = 32;
    bool ec = d->alg == ES_COSE_ES256, rsa = d->alg == ES_COSE_RS256;
    head(b, 5, ec ? 5 : 4);
    number(b, 1);
    number(b, ec ? 2 : rsa ? 3 : 1);
    number(b, 3);
    number(b, d->alg);
    number(b, -1);
    if (rsa) {
        bytes(b, number_of(d->key, OSSL_PKEY_PARAM_RSA_N, x, 256));
        number(b, -2);
        bytes(b, number_of(d->key, OSSL_PKEY_PARAM_RSA_E, y, 3));
        return;
    }
    number(b, ec ? 1 : 6);
    number(b, -2);
    if (!ec) {
        CHECK_INT(EVP_PKEY_get_raw_public_key(d->key, x, &n), 1);
        bytes(b, (struct es_bytes){ x, n });
        return;
    }
    bytes(b, number_of(d->key, OSSL_PKEY_PARAM_EC_PUB_X, x, 32));
    number(b, -3);
    bytes(b, number_of(d->key, OSSL_PKEY_PARAM_EC_PUB_Y, y, 32));
}

/* ---- the answer ---- */

char *device_base64(struct es_bytes s, struct es_arena *a)
{
    size_t n = sodium_base64_ENCODED_LEN(
        s.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = es_arena_alloc(a, n);
    sodium_bin2base64(out, n, s.p, s.n,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return out;
}

static void auth_data(const struct device *d, bool attested, struct es_buf *b)
{
    uint8_t hash[32];
    SHA256((const uint8_t *)d->rp_id, strlen(d->rp_id), hash);
    es_buf_add(b, hash, sizeof hash);
    es_buf_u8(b, (uint8_t)(d->flags | (attested ? AT : 0)));
    for (int i = 24; i >= 0; i -= 8)
        es_buf_u8(b, (uint8_t)(d->count >> i));
    if (attested) {
        for (int i = 0; i < 16; i++)
            es_buf_u8(b, 0);
        es_buf_u8(b, (uint8_t)(d->id_n >> 8));
        es_buf_u8(b, (uint8_t)d->id_n);
        es_buf_add(b, d->id, d->id_n);
        device_cose(d, b);
    }
    es_buf_add(b, d->tail.p, d->tail.n);
}

static const char *client_data(const struct device *d, const char *type,
                               const char *challenge, struct es_arena *a)
{
    return d->json
               ? d->json
               : es_arena_fmt(a,
                              "{\"type\":\"%s\",\"challenge\":\"%s\","
                              "\"origin\":\"%s\"%s}",
                              d->type ? d->type : type, challenge, d->origin,
                              d->more ? d->more : ",\"crossOrigin\":false");
}

static struct es_passkey_text begin(const struct device *d, const char *client,
                                    struct es_arena *a)
{
    return (struct es_passkey_text){
        .id = device_base64((struct es_bytes){ d->id, d->id_n }, a),
        .client_data = device_base64(es_bytes_str(client), a),
    };
}

struct es_passkey_text device_make(struct device *d, const char *challenge,
                                   struct es_arena *a)
{
    struct es_buf data, object;
    es_buf_init(&data, 4096);
    es_buf_init(&object, 8192);
    auth_data(d, true, &data);
    head(&object, 5, 3);
    text(&object, "fmt");
    text(&object, d->fmt ? d->fmt : "none");
    text(&object, "attStmt");
    if (d->statement.n)
        es_buf_add(&object, d->statement.p, d->statement.n);
    else
        head(&object, 5, 0);
    text(&object, "authData");
    bytes(&object, es_buf_bytes(&data));
    struct es_passkey_text t =
        begin(d, client_data(d, "webauthn.create", challenge, a), a);
    t.attestation = device_base64(es_buf_bytes(&object), a);
    es_buf_release(&data);
    es_buf_release(&object);
    return t;
}

static struct es_bytes sign(const struct device *d, struct es_bytes message,
                            uint8_t *out, size_t room)
{
    EVP_MD_CTX *cx = EVP_MD_CTX_new();
    const EVP_MD *md = d->alg == ES_COSE_EDDSA ? NULL : EVP_sha256();
    CHECK_INT(EVP_DigestSignInit(cx, NULL, md, NULL, d->key), 1);
    CHECK_INT(EVP_DigestSign(cx, out, &room, message.p, message.n), 1);
    EVP_MD_CTX_free(cx);
    return (struct es_bytes){ out, room };
}

struct es_passkey_text device_sign(struct device *d, const char *challenge,
                                   struct es_arena *a)
{
    uint8_t hash[32], signature[512], handle[ES_PASSKEY_HANDLE];
    struct es_buf data;
    const char *client = client_data(d, "webauthn.get", challenge, a);
    es_buf_init(&data, 4096);
    auth_data(d, false, &data);
    struct es_passkey_text t = begin(d, client, a);
    t.auth_data = device_base64(es_buf_bytes(&data), a);
    SHA256((const uint8_t *)client, strlen(client), hash);
    es_buf_add(&data, hash, sizeof hash);
    struct es_bytes s =
        sign(d, es_buf_bytes(&data), signature, sizeof signature);
    if (d->bad_signature)
        signature[s.n - 1] ^= 1;
    t.signature = device_base64(s, a);
    es_passkey_handle(d->owner, handle);
    t.handle =
        d->no_handle
            ? NULL
            : device_base64((struct es_bytes){ handle, sizeof handle }, a);
    es_buf_release(&data);
    return t;
}
