/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/cose.h"

#include "auth/cbor.h"
#include "auth/secret.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <string.h>

static_assert(ES_COSE_ES256 == COSE_ES256, "COSE");
static_assert(ES_COSE_EDDSA == COSE_EDDSA, "COSE");
static_assert(ES_COSE_RS256 == COSE_RS256, "COSE");

enum { KTY_OKP = 1, KTY_EC2 = 2, KTY_RSA = 3, P256 = 1, ED25519 = 6 };
enum { FIELD_BYTES = 32, RSA_N = 256, RSA_E = 3 };

/* A key's parameters by their labels: 1, 3, -1, -2, -3. */
struct parts {
    int64_t kty, alg, crv;
    struct es_bytes n, x, y; /* n stands where a curve's name does */
    unsigned seen;
};

static bool once(struct parts *k, unsigned bit)
{
    bool first = !(k->seen & 1u << bit);
    k->seen |= 1u << bit;
    return first;
}

/* -1 is a number for curves and bytes for RSA, as -3 may be a bool. */
static bool read_curve(struct es_rd *r, struct parts *k)
{
    struct es_rd ahead = *r;
    if (es_cbor_int(&ahead, &k->crv)) {
        *r = ahead;
        return true;
    }
    return es_cbor_string(r, ES_CBOR_BYTES, &k->n);
}

static bool read_part(struct es_rd *r, struct parts *k)
{
    struct es_rd ahead = *r;
    int64_t label;
    if (!es_cbor_int(&ahead, &label))
        return es_cbor_skip(r) && es_cbor_skip(r);
    *r = ahead;
    switch (label) {
    case 1:
        return once(k, 0) && es_cbor_int(r, &k->kty);
    case 3:
        return once(k, 1) && es_cbor_int(r, &k->alg);
    case -1:
        return once(k, 2) && read_curve(r, k);
    case -2:
        return once(k, 3) && es_cbor_string(r, ES_CBOR_BYTES, &k->x);
    case -3:
        return once(k, 4) && es_cbor_string(r, ES_CBOR_BYTES, &k->y);
    default:
        return es_cbor_skip(r);
    }
}

static bool add(struct es_cose_key *key, struct es_bytes s, size_t n)
{
    if (s.n != n)
        return false;
    memcpy(key->raw + key->n, s.p, n);
    key->n += n;
    return true;
}

static bool key_of(const struct parts *k, struct es_cose_key *key)
{
    *key = (struct es_cose_key){ .alg = ES_COSE_ES256 };
    if (k->alg == ES_COSE_ES256)
        return k->kty == KTY_EC2 && k->crv == P256 &&
               add(key, k->x, FIELD_BYTES) && add(key, k->y, FIELD_BYTES);
    key->alg = ES_COSE_EDDSA;
    if (k->alg == ES_COSE_EDDSA)
        return k->kty == KTY_OKP && k->crv == ED25519 &&
               add(key, k->x, FIELD_BYTES);
    key->alg = ES_COSE_RS256;
    return k->alg == ES_COSE_RS256 && k->kty == KTY_RSA &&
           add(key, k->n, RSA_N) && add(key, k->x, RSA_E);
}

bool es_cose_read(struct es_rd *r, struct es_cose_key *out)
{
    struct parts k = { 0 };
    struct es_cose_key key;
    uint64_t pairs;
    if (!es_cbor_map(r, &pairs))
        return false;
    for (uint64_t i = 0; i < pairs; i++)
        if (!read_part(r, &k))
            return false;
    if (!key_of(&k, &key))
        return false;
    *out = key;
    return true;
}

/* libfido2's form of a key; exactly one is there. */
struct fido_key {
    es256_pk_t *es256;
    eddsa_pk_t *eddsa;
    rs256_pk_t *rs256;
};

static void release(struct fido_key *f)
{
    es256_pk_free(&f->es256);
    eddsa_pk_free(&f->eddsa);
    rs256_pk_free(&f->rs256);
}

/* The key as fido_assert_verify takes it; NULL: it is on no curve. */
static const void *load(const struct es_cose_key *key, struct fido_key *f)
{
    const void *pk = NULL;
    int rc = FIDO_ERR_INTERNAL;
    switch (key->alg) {
    case ES_COSE_ES256:
        pk = f->es256 = es256_pk_new();
        rc = pk ? es256_pk_from_ptr(f->es256, key->raw, key->n) : rc;
        break;
    case ES_COSE_EDDSA:
        pk = f->eddsa = eddsa_pk_new();
        rc = pk ? eddsa_pk_from_ptr(f->eddsa, key->raw, key->n) : rc;
        break;
    case ES_COSE_RS256:
        pk = f->rs256 = rs256_pk_new();
        rc = pk ? rs256_pk_from_ptr(f->rs256, key->raw, key->n) : rc;
        break;
    }
    return rc == FIDO_OK ? pk : NULL;
}

bool es_cose_valid(const struct es_cose_key *key)
{
    struct fido_key f = { 0 };
    bool ok = load(key, &f) != NULL;
    release(&f);
    return ok;
}

bool es_cose_signed(const struct es_cose_key *key, const struct es_signed *s)
{
    struct fido_key f = { 0 };
    fido_assert_t *as = fido_assert_new();
    const void *pk = load(key, &f);
    fido_opt_t uv = s->verified ? FIDO_OPT_TRUE : FIDO_OPT_OMIT;
    bool ok =
        as && pk &&
        fido_assert_set_clientdata_hash(as, s->client_hash, ES_HASH) ==
            FIDO_OK &&
        fido_assert_set_rp(as, s->rp_id) == FIDO_OK &&
        fido_assert_set_count(as, 1) == FIDO_OK &&
        fido_assert_set_authdata_raw(as, 0, s->auth_data.p, s->auth_data.n) ==
            FIDO_OK &&
        fido_assert_set_up(as, FIDO_OPT_TRUE) == FIDO_OK &&
        fido_assert_set_uv(as, uv) == FIDO_OK &&
        fido_assert_set_sig(as, 0, s->signature.p, s->signature.n) == FIDO_OK &&
        fido_assert_verify(as, 0, key->alg, pk) == FIDO_OK;
    fido_assert_free(&as);
    release(&f);
    return ok;
}
