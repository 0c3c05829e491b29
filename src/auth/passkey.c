/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/passkey.h"

#include "auth/cbor.h"
#include "auth/client.h"
#include "auth/cose.h"
#include "base/limits.h"

#include <sodium.h>
#include <string.h>

/* Authenticator data, WebAuthn section 6.1. */
enum { RP_HASH = 32, AAGUID = 16, FIXED = RP_HASH + 1 + 4 };
enum {
    FLAG_UP = 1u << 0,
    FLAG_UV = 1u << 2,
    FLAG_BE = 1u << 3,
    FLAG_BS = 1u << 4,
    FLAG_AT = 1u << 6,
    FLAG_ED = 1u << 7
};

struct auth_data {
    const uint8_t *rp_hash;
    uint8_t flags;
    uint32_t sign_count;
    struct es_bytes id, key; /* of a new passkey */
    struct es_cose_key cose;
};

const char *es_passkey_fault_name(enum es_passkey_fault f)
{
    static const char *const NAMES[] = {
#define X(code, name) [code] = name,
        ES_PASSKEY_FAULTS(X)
#undef X
    };
    return NAMES[f];
}

void es_passkey_handle(struct es_passkey_owner o,
                       uint8_t out[ES_PASSKEY_HANDLE])
{
    for (unsigned i = 0; i < 8; i++) {
        out[i] = (uint8_t)((uint64_t)o.initiative >> (56 - 8 * i));
        out[8 + i] = (uint8_t)((uint64_t)o.id >> (56 - 8 * i));
    }
}

/* ---- reading ---- */

/* False also for padding, another alphabet, bits left over, and what is longer
 * than such a thing ever is. */
static bool decode(const char *text, size_t max, struct es_arena *a,
                   struct es_bytes *out)
{
    size_t n, len = text ? strlen(text) : 0;
    if (len == 0 || len > (max * 4 + 2) / 3)
        return false;
    uint8_t *p = es_arena_alloc(a, len);
    if (!p || sodium_base642bin(p, len, text, len, NULL, &n, NULL,
                                sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    *out = (struct es_bytes){ p, n };
    return true;
}

bool es_passkey_id(const char *text, struct es_arena *a, struct es_bytes *out)
{
    return decode(text, ES_PASSKEY_ID_MAX, a, out);
}

const char *es_passkey_id_text(struct es_bytes id, struct es_arena *a)
{
    size_t n = sodium_base64_ENCODED_LEN(
        id.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = es_arena_alloc(a, n);
    return text ? sodium_bin2base64(text, n, id.p, id.n,
                                    sodium_base64_VARIANT_URLSAFE_NO_PADDING)
                : NULL;
}

static uint32_t u32be(struct es_rd *r)
{
    uint32_t high = es_rd_u16be(r);
    return high << 16 | es_rd_u16be(r);
}

/* The passkey that it tells of: AAGUID, id, key. */
static bool read_attested(struct es_rd *r, struct auth_data *d)
{
    const uint8_t *p;
    (void)es_rd_skip(r, AAGUID);
    size_t n = es_rd_u16be(r);
    if (n == 0 || n > ES_PASSKEY_ID_MAX || !es_rd_take(r, n, &p))
        return false;
    d->id = (struct es_bytes){ p, n };
    size_t from = r->at;
    if (!es_cose_read(r, &d->cose))
        return false;
    d->key = (struct es_bytes){ r->p + from, r->at - from };
    return true;
}

/* False unless it is whole and nothing follows. */
static bool read_auth_data(struct es_bytes in, struct auth_data *d)
{
    struct es_rd r;
    uint64_t pairs;
    es_rd_init(&r, in);
    if (!es_rd_take(&r, RP_HASH, &d->rp_hash))
        return false;
    d->flags = es_rd_u8(&r);
    d->sign_count = u32be(&r);
    if (r.bad || ((d->flags & FLAG_AT) && !read_attested(&r, d)))
        return false;
    if (d->flags & FLAG_ED) {
        struct es_rd map = r;
        if (!es_cbor_map(&map, &pairs) || !es_cbor_skip(&r))
            return false;
    }
    return !r.bad && es_rd_left(&r) == 0;
}

/* The attestation object: a map of fmt, attStmt and authData. */
struct attestation {
    struct es_bytes fmt, auth_data;
    bool empty; /* the statement */
    unsigned seen;
};

static bool read_member(struct es_rd *r, struct attestation *t)
{
    struct es_rd ahead = *r;
    struct es_bytes name;
    uint64_t pairs;
    unsigned bit = 0;
    if (!es_cbor_string(&ahead, ES_CBOR_TEXT, &name))
        return es_cbor_skip(r) && es_cbor_skip(r);
    *r = ahead;
    if (es_bytes_eq(name, es_bytes_str("fmt")))
        bit = 1;
    else if (es_bytes_eq(name, es_bytes_str("attStmt")))
        bit = 2;
    else if (es_bytes_eq(name, es_bytes_str("authData")))
        bit = 4;
    if (t->seen & bit)
        return false;
    t->seen |= bit;
    if (bit == 1)
        return es_cbor_string(r, ES_CBOR_TEXT, &t->fmt);
    if (bit == 4)
        return es_cbor_string(r, ES_CBOR_BYTES, &t->auth_data);
    if (bit == 2) {
        if (!es_cbor_map(&ahead, &pairs))
            return false;
        t->empty = pairs == 0;
    }
    return es_cbor_skip(r);
}

static bool read_attestation(struct es_bytes in, struct attestation *t)
{
    enum { ALL = 7 };
    struct es_rd r;
    uint64_t pairs;
    es_rd_init(&r, in);
    if (!es_cbor_map(&r, &pairs))
        return false;
    for (uint64_t i = 0; i < pairs; i++)
        if (!read_member(&r, t))
            return false;
    return t->seen == ALL && es_rd_left(&r) == 0;
}

/* ---- believing ---- */

static enum es_passkey_fault check_client(const struct es_passkey_check *c,
                                          struct es_bytes json,
                                          const char *type, struct es_arena *a,
                                          struct es_bytes *challenge)
{
    struct es_client_data d = { 0 };
    if (!es_client_data_read(json, a, &d) ||
        !decode(d.challenge, ES_CHALLENGE, a, challenge))
        return ES_PASSKEY_UNREADABLE;
    if (strcmp(d.type, type) != 0)
        return ES_PASSKEY_WRONG_TYPE;
    if (strcmp(d.origin, c->rp->origin) != 0 || d.cross_origin)
        return ES_PASSKEY_WRONG_ORIGIN;
    return es_challenge_valid(c->challenges, &c->of, *challenge, c->now_ms)
               ? ES_PASSKEY_OK
               : ES_PASSKEY_WRONG_CHALLENGE;
}

static enum es_passkey_fault check_auth_data(const struct es_passkey_check *c,
                                             const struct auth_data *d)
{
    uint8_t hash[RP_HASH];
    crypto_hash_sha256(hash, (const uint8_t *)c->rp->id, strlen(c->rp->id));
    if (!es_hash_equal(hash, d->rp_hash))
        return ES_PASSKEY_WRONG_RP;
    if (!(d->flags & FLAG_UP))
        return ES_PASSKEY_ABSENT;
    if (c->verified && !(d->flags & FLAG_UV))
        return ES_PASSKEY_UNVERIFIED;
    if ((d->flags & FLAG_BS) && !(d->flags & FLAG_BE))
        return ES_PASSKEY_WRONG_BACKUP;
    return ES_PASSKEY_OK;
}

static enum es_passkey_fault spend(const struct es_passkey_check *c,
                                   struct es_bytes challenge)
{
    return es_challenge_spend(c->challenges, challenge.p, c->now_ms)
               ? ES_PASSKEY_OK
               : ES_PASSKEY_SPENT;
}

enum es_passkey_fault es_passkey_register(const struct es_passkey_check *c,
                                          const struct es_passkey_text *t,
                                          struct es_arena *a,
                                          struct es_passkey_new *out)
{
    struct es_bytes id, client, object, challenge;
    struct attestation at = { 0 };
    struct auth_data d = { 0 };
    if (!es_passkey_id(t->id, a, &id) ||
        !decode(t->client_data, ES_PASSKEY_BYTES, a, &client) ||
        !decode(t->attestation, ES_PASSKEY_BYTES, a, &object))
        return ES_PASSKEY_UNREADABLE;
    enum es_passkey_fault f =
        check_client(c, client, "webauthn.create", a, &challenge);
    if (f != ES_PASSKEY_OK)
        return f;
    if (!read_attestation(object, &at))
        return ES_PASSKEY_UNREADABLE;
    if (!es_bytes_eq(at.fmt, es_bytes_str("none")) || !at.empty)
        return ES_PASSKEY_WRONG_ATTESTATION;
    if (!read_auth_data(at.auth_data, &d))
        return ES_PASSKEY_UNREADABLE;
    f = check_auth_data(c, &d);
    if (f != ES_PASSKEY_OK)
        return f;
    if (!(d.flags & FLAG_AT) || !es_bytes_eq(d.id, id))
        return ES_PASSKEY_UNREADABLE;
    if (!es_cose_valid(&d.cose))
        return ES_PASSKEY_WRONG_KEY;
    f = spend(c, challenge);
    if (f != ES_PASSKEY_OK)
        return f;
    *out = (struct es_passkey_new){
        .id = id,
        .key = d.key,
        .alg = d.cose.alg,
        .sign_count = d.sign_count,
        .may_be_backed_up = d.flags & FLAG_BE,
        .backed_up = d.flags & FLAG_BS,
        .verified = d.flags & FLAG_UV,
    };
    return ES_PASSKEY_OK;
}

/* Whether the device says that it is theirs whose we hold it to be. Who is
 * asked by name needn't say it again. */
static bool owner_fits(const struct es_passkey_check *c, const char *text,
                       const struct es_passkey_known *known, struct es_arena *a)
{
    uint8_t want[ES_PASSKEY_HANDLE];
    struct es_bytes given;
    if (c->of.what == ES_CHALLENGE_CONFIRM && (!text || !*text))
        return true;
    es_passkey_handle(known->owner, want);
    return decode(text, ES_PASSKEY_HANDLE, a, &given) &&
           es_bytes_eq(given, (struct es_bytes){ want, sizeof want });
}

static bool signature_fits(const struct es_passkey_check *c,
                           const struct es_passkey_known *known,
                           struct es_bytes auth_data, struct es_bytes client,
                           struct es_bytes signature)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    struct es_cose_key key;
    struct es_rd r;
    es_rd_init(&r, known->key);
    crypto_hash_sha256(hash, client.p, client.n);
    return es_cose_read(&r, &key) &&
           es_cose_signed(&key, &(struct es_signed){
                                    .rp_id = c->rp->id,
                                    .auth_data = auth_data,
                                    .client_hash = hash,
                                    .signature = signature,
                                    .verified = c->verified,
                                });
}

/* A device without a counter says 0 for ever. */
static bool counts_on(uint32_t was, uint32_t now)
{
    return (was == 0 && now == 0) || now > was;
}

enum es_passkey_fault es_passkey_sign_in(const struct es_passkey_check *c,
                                         const struct es_passkey_text *t,
                                         const struct es_passkey_known *known,
                                         struct es_arena *a,
                                         struct es_passkey_seen *out)
{
    struct es_bytes id, client, auth_data, signature, challenge;
    struct auth_data d = { 0 };
    if (!es_passkey_id(t->id, a, &id) ||
        !decode(t->client_data, ES_PASSKEY_BYTES, a, &client) ||
        !decode(t->auth_data, ES_PASSKEY_BYTES, a, &auth_data) ||
        !decode(t->signature, ES_PASSKEY_BYTES, a, &signature))
        return ES_PASSKEY_UNREADABLE;
    if (!es_bytes_eq(id, known->id) || !owner_fits(c, t->handle, known, a))
        return ES_PASSKEY_WRONG_OWNER;
    enum es_passkey_fault f =
        check_client(c, client, "webauthn.get", a, &challenge);
    if (f != ES_PASSKEY_OK)
        return f;
    if (!read_auth_data(auth_data, &d) || (d.flags & FLAG_AT))
        return ES_PASSKEY_UNREADABLE;
    f = check_auth_data(c, &d);
    if (f != ES_PASSKEY_OK)
        return f;
    if (!(d.flags & FLAG_BE) == known->may_be_backed_up)
        return ES_PASSKEY_WRONG_BACKUP;
    if (!signature_fits(c, known, auth_data, client, signature))
        return ES_PASSKEY_WRONG_SIGNATURE;
    if (!counts_on(known->sign_count, d.sign_count))
        return ES_PASSKEY_COUNTED_BACK;
    f = spend(c, challenge);
    if (f != ES_PASSKEY_OK)
        return f;
    *out = (struct es_passkey_seen){
        .sign_count = d.sign_count,
        .backed_up = d.flags & FLAG_BS,
        .verified = d.flags & FLAG_UV,
    };
    return ES_PASSKEY_OK;
}
