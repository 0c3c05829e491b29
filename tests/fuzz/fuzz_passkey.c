/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a browser answers, in the form that its first byte says: an attestation
 * object, a device's data, a client's, a public key. Nothing that the fuzzer
 * makes up is ever signed. */
#include "auth/cbor.h"
#include "auth/client.h"
#include "auth/cose.h"
#include "auth/passkey.h"
#include "base/time.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static struct es_challenges *challenges;
static const struct es_rp RP = { "run.example", "https://run.example" };

static char *base64(struct es_bytes s, struct es_arena *a)
{
    size_t n = sodium_base64_ENCODED_LEN(
        s.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = es_arena_alloc(a, n);
    assert(out);
    return sodium_bin2base64(out, n, s.p, s.n,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* The client's part as it should be, so that what follows is read. */
static char *client(const struct es_passkey_check *c, const char *type,
                    struct es_arena *a)
{
    uint8_t raw[ES_CHALLENGE];
    es_challenge_make(c->challenges, &c->of, c->now_ms, raw);
    return base64(es_bytes_str(es_arena_fmt(
                      a,
                      "{\"type\":\"%s\",\"challenge\":\"%s\","
                      "\"origin\":\"https://run.example\"}",
                      type, base64((struct es_bytes){ raw, sizeof raw }, a))),
                  a);
}

static void registers(const struct es_passkey_check *c, struct es_bytes in,
                      struct es_arena *a)
{
    struct es_passkey_new made;
    struct es_passkey_text t = {
        .id = "AAECAwQFBgcICQoLDA0ODw",
        .client_data = client(c, "webauthn.create", a),
        .attestation = base64(in, a),
    };
    if (es_passkey_register(c, &t, a, &made) == ES_PASSKEY_OK) {
        struct es_cose_key key;
        struct es_rd r;
        es_rd_init(&r, made.key);
        assert(es_cose_read(&r, &key) && es_rd_left(&r) == 0);
        assert(key.alg == made.alg && es_cose_valid(&key));
    }
}

static void signs_in(const struct es_passkey_check *c, struct es_bytes in,
                     struct es_arena *a)
{
    /* {1: 1, 3: -8, -1: 6, -2: the base point of Ed25519} */
    static const uint8_t KEY[] = {
        0xa4, 1,    1,    3,    0x27, 0x20, 6,    0x21, 0x58, 32,   0x58,
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    };
    static const uint8_t ID[16] = { 0, 1, 2,  3,  4,  5,  6,  7,
                                    8, 9, 10, 11, 12, 13, 14, 15 };
    struct es_passkey_known known = {
        .id = { ID, sizeof ID },
        .key = { KEY, sizeof KEY },
        .owner = { 0, 1 },
    };
    struct es_passkey_seen seen;
    struct es_passkey_text t = {
        .id = "AAECAwQFBgcICQoLDA0ODw",
        .client_data = client(c, "webauthn.get", a),
        .auth_data = base64(in, a),
        .signature = base64((struct es_bytes){ KEY, sizeof KEY }, a),
        .handle = "AAAAAAAAAAAAAAAAAAAAAQ",
    };
    assert(es_passkey_sign_in(c, &t, &known, a, &seen) != ES_PASSKEY_OK);
}

static void reads(struct es_bytes in, struct es_arena *a)
{
    struct es_client_data d;
    struct es_cose_key key;
    struct es_rd r;
    if (es_client_data_read(in, a, &d))
        assert(d.type && d.challenge && d.origin);
    es_rd_init(&r, in);
    if (es_cose_read(&r, &key)) {
        assert(r.at <= in.n && key.n <= sizeof key.raw);
        (void)es_cose_valid(&key);
    }
    es_rd_init(&r, in);
    if (es_cbor_skip(&r))
        assert(r.at <= in.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct es_arena a;
    if (n == 0)
        return 0;
    if (!challenges)
        challenges = es_challenges_new();
    assert(challenges);
    const struct es_passkey_check c = {
        .rp = &RP,
        .challenges = challenges,
        .of = { ES_CHALLENGE_SIGN_IN, "fuzz", { 0 } },
        .now_ms = es_time_mono_ms(),
        .verified = p[0] & 4,
    };
    struct es_bytes in = { p + 1, n - 1 };
    es_arena_init(&a, 1u << 20);
    if (p[0] % 4 == 0)
        registers(&c, in, &a);
    else if (p[0] % 4 == 1)
        signs_in(&c, in, &a);
    else
        reads(in, &a);
    es_arena_release(&a);
    return 0;
}
