/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passkeys and recovery codes as they are kept. */
#include "initiative/passkeys.h"

#include "auth/cose.h"
#include "base/limits.h"
#include "base/time.h"
#include "device.h"
#include "t.h"
#include "world.h"

#include <pthread.h>
#include <string.h>

static const struct es_passkey_owner ADA = { 0, 11 }, BEN = { 0, 12 };

struct scene {
    struct world w;
    struct es_rp rp;
    struct es_passkey_check check;
    struct device d;
    struct es_err e;
};

static void scene_init(struct scene *s, struct es_passkey_owner owner)
{
    memset(s, 0, sizeof *s);
    world_begin(&s->w);
    CHECK(es_rp_of("https://run.example", &s->rp));
    s->check = (struct es_passkey_check){
        .rp = &s->rp,
        .challenges = es_challenges_new(),
        .of = { .browser = "a browser" },
        .now_ms = 1000,
        .verified = true,
    };
    s->d = device_new(ES_COSE_EDDSA, owner);
}

static void scene_release(struct scene *s)
{
    device_free(&s->d);
    es_challenges_free(s->check.challenges);
    world_end(&s->w);
}

static const char *ask(struct scene *s, enum es_challenge_for what)
{
    uint8_t raw[ES_CHALLENGE];
    s->check.of.what = what;
    es_challenge_make(s->check.challenges, &s->check.of, s->check.now_ms, raw);
    return device_base64((struct es_bytes){ raw, sizeof raw }, &s->w.a);
}

static enum es_code enrol(struct scene *s)
{
    enum es_passkey_fault fault;
    struct es_passkey_text t =
        device_make(&s->d, ask(s, ES_CHALLENGE_REGISTER), &s->w.a);
    struct es_passkey_answer in = { &s->check, &t };
    return es_passkey_enrol(&s->w.app, &in, s->d.owner, "Phone", &s->w.a,
                            &fault, &s->e);
}

static enum es_code enter(struct scene *s, struct es_passkey *out,
                          enum es_passkey_fault *fault)
{
    struct es_passkey_text t =
        device_sign(&s->d, ask(s, ES_CHALLENGE_SIGN_IN), &s->w.a);
    struct es_passkey_answer in = { &s->check, &t };
    return es_passkey_enter(&s->w.app, &in, &s->w.a, out, fault, &s->e);
}

static size_t count_of(struct scene *s, struct es_passkey_owner o)
{
    struct es_passkey *v;
    size_t n = 0;
    world_must(es_store_passkeys_of(s->w.store, o.initiative, o.id, &s->w.a, &v,
                                    &n, &s->e),
               &s->e);
    return n;
}

TEST(one_is_made_and_lets_in)
{
    struct scene s;
    struct es_passkey k;
    enum es_passkey_fault fault;
    scene_init(&s, ADA);
    world_must(enrol(&s), &s.e);
    s.d.count = 1;
    world_must(enter(&s, &k, &fault), &s.e);
    CHECK_INT(k.subject, ADA.id);
    CHECK_INT(k.initiative, 0);
    CHECK_INT(k.used_ms, 0); /* as it was before */
    CHECK_STR(k.name, "Phone");
    s.d.count = 2;
    world_must(enter(&s, &k, &fault), &s.e);
    CHECK_INT(k.sign_count, 1);
    CHECK(k.used_ms > 0);
    scene_release(&s);
}

TEST(a_participant_has_one_as_well)
{
    struct scene s;
    struct es_passkey k;
    enum es_passkey_fault fault;
    struct es_passkey_owner owner = { 5, 9 };
    scene_init(&s, owner);
    s.check.verified = false;
    s.d.flags = UP;
    world_must(enrol(&s), &s.e);
    world_must(enter(&s, &k, &fault), &s.e);
    CHECK_INT(k.initiative, 5);
    CHECK_INT(k.subject, 9);
    world_must(es_passkey_remove(&s.w.app, owner, k.id, &s.e), &s.e);
    scene_release(&s);
}

TEST(an_id_is_one_person_s)
{
    struct scene s;
    scene_init(&s, ADA);
    world_must(enrol(&s), &s.e);
    CHECK_INT(enrol(&s), ES_EEXIST);
    s.d.owner = BEN;
    CHECK_INT(enrol(&s), ES_EEXIST);
    CHECK_INT(count_of(&s, BEN), 0);
    scene_release(&s);
}

TEST(unknown_and_unbelieved_are_refused_alike)
{
    struct scene s;
    struct es_passkey k;
    enum es_passkey_fault fault;
    scene_init(&s, ADA);
    CHECK_INT(enter(&s, &k, &fault), ES_EDENIED);
    CHECK_INT(fault, ES_PASSKEY_UNKNOWN);
    world_must(enrol(&s), &s.e);
    s.d.bad_signature = true;
    CHECK_INT(enter(&s, &k, &fault), ES_EDENIED);
    CHECK_INT(fault, ES_PASSKEY_WRONG_SIGNATURE);
    s.d.bad_signature = false;
    s.d.origin = "https://evil.example";
    CHECK_INT(enter(&s, &k, &fault), ES_EDENIED);
    scene_release(&s);
}

TEST(an_unbelieved_one_is_not_kept)
{
    struct scene s;
    scene_init(&s, ADA);
    s.d.flags = UP;
    CHECK_INT(enrol(&s), ES_EDENIED);
    CHECK_INT(count_of(&s, ADA), 0);
    scene_release(&s);
}

TEST(a_copy_of_a_device_is_noticed)
{
    struct scene s;
    struct es_passkey k;
    enum es_passkey_fault fault;
    scene_init(&s, ADA);
    s.d.count = 7;
    world_must(enrol(&s), &s.e);
    s.d.count = 8;
    world_must(enter(&s, &k, &fault), &s.e);
    CHECK_INT(enter(&s, &k, &fault), ES_EDENIED);
    CHECK_INT(fault, ES_PASSKEY_COUNTED_BACK);
    scene_release(&s);
}

TEST(one_that_was_removed_lets_nobody_in)
{
    struct scene s;
    struct es_passkey k;
    enum es_passkey_fault fault;
    struct device first;
    scene_init(&s, ADA);
    world_must(enrol(&s), &s.e);
    first = s.d;
    s.d = device_new(ES_COSE_ES256, ADA);
    world_must(enrol(&s), &s.e);
    struct es_bytes id = { first.id, first.id_n };
    CHECK_INT(es_passkey_remove(&s.w.app, BEN, id, &s.e), ES_ENOENT);
    world_must(es_passkey_remove(&s.w.app, ADA, id, &s.e), &s.e);
    CHECK_INT(es_passkey_remove(&s.w.app, ADA, id, &s.e), ES_ENOENT);
    world_must(enter(&s, &k, &fault), &s.e);
    device_free(&s.d);
    s.d = first;
    CHECK_INT(enter(&s, &k, &fault), ES_EDENIED);
    CHECK_INT(fault, ES_PASSKEY_UNKNOWN);
    scene_release(&s);
}

TEST(nobody_shuts_themselves_out)
{
    struct scene s;
    int64_t who;
    char codes[ES_RECOVERY_CODES][ES_RECOVERY_TEXT];
    scene_init(&s, ADA);
    world_must(enrol(&s), &s.e);
    struct es_bytes id = { s.d.id, s.d.id_n };
    CHECK_INT(es_passkey_remove(&s.w.app, ADA, id, &s.e), ES_ECONFLICT);
    world_must(es_recovery_make(&s.w.app, ADA.id, codes, &s.e), &s.e);
    for (size_t i = 0; i < ES_RECOVERY_CODES; i++)
        world_must(es_recovery_enter(&s.w.app, codes[i], &who, &s.e), &s.e);
    CHECK_INT(es_passkey_remove(&s.w.app, ADA, id, &s.e), ES_ECONFLICT);
    world_must(es_recovery_make(&s.w.app, ADA.id, codes, &s.e), &s.e);
    world_must(es_passkey_remove(&s.w.app, ADA, id, &s.e), &s.e);
    CHECK_INT(count_of(&s, ADA), 0);
    scene_release(&s);
}

TEST(there_are_only_so_many)
{
    struct scene s;
    scene_init(&s, ADA);
    for (size_t i = 0; i < ES_PASSKEYS_MAX; i++) {
        s.d.id[0] = (uint8_t)i;
        world_must(enrol(&s), &s.e);
    }
    s.d.id[0] = ES_PASSKEYS_MAX;
    CHECK_INT(enrol(&s), ES_ETOOLARGE);
    scene_release(&s);
}

/* ---- recovery codes ---- */

TEST(ten_codes_each_once)
{
    struct scene s;
    struct es_recovery_state st;
    int64_t who = 0;
    char codes[ES_RECOVERY_CODES][ES_RECOVERY_TEXT];
    scene_init(&s, ADA);
    world_must(es_recovery_make(&s.w.app, ADA.id, codes, &s.e), &s.e);
    world_must(es_recovery_state_of(&s.w.app, ADA.id, &s.w.a, &st, &s.e), &s.e);
    CHECK_INT(st.left, 10);
    CHECK_INT(st.used_ms, 0);
    world_must(es_recovery_enter(&s.w.app, codes[3], &who, &s.e), &s.e);
    CHECK_INT(who, ADA.id);
    CHECK_INT(es_recovery_enter(&s.w.app, codes[3], &who, &s.e), ES_EDENIED);
    world_must(es_recovery_state_of(&s.w.app, ADA.id, &s.w.a, &st, &s.e), &s.e);
    CHECK_INT(st.left, 9);
    CHECK(st.used_ms > 0);
    scene_release(&s);
}

TEST(codes_that_are_none)
{
    struct scene s;
    int64_t who = 77;
    char codes[ES_RECOVERY_CODES][ES_RECOVERY_TEXT];
    char old[ES_RECOVERY_TEXT];
    scene_init(&s, ADA);
    CHECK_INT(es_recovery_enter(&s.w.app, "", &who, &s.e), ES_EDENIED);
    CHECK_INT(es_recovery_enter(&s.w.app, NULL, &who, &s.e), ES_EDENIED);
    CHECK_INT(es_recovery_enter(&s.w.app, "aaaa-bbbb-cccc-dddd", &who, &s.e),
              ES_EDENIED);
    world_must(es_recovery_make(&s.w.app, ADA.id, codes, &s.e), &s.e);
    memcpy(old, codes[0], sizeof old);
    world_must(es_recovery_make(&s.w.app, BEN.id, codes, &s.e), &s.e);
    world_must(es_recovery_make(&s.w.app, ADA.id, codes, &s.e), &s.e);
    CHECK_INT(es_recovery_enter(&s.w.app, old, &who, &s.e), ES_EDENIED);
    CHECK_INT(who, 77);
    scene_release(&s);
}

struct race {
    struct es_app *app;
    const char *code;
    enum es_code rc;
};

static void *run_race(void *arg)
{
    struct race *r = arg;
    int64_t who;
    r->rc = es_recovery_enter(r->app, r->code, &who, NULL);
    return NULL;
}

TEST(one_of_many_at_once_uses_a_code)
{
    enum { RUNNERS = 8 };
    struct scene s;
    struct race r[RUNNERS];
    pthread_t t[RUNNERS];
    int won = 0;
    char codes[ES_RECOVERY_CODES][ES_RECOVERY_TEXT];
    scene_init(&s, ADA);
    world_must(es_recovery_make(&s.w.app, ADA.id, codes, &s.e), &s.e);
    for (int i = 0; i < RUNNERS; i++) {
        r[i] = (struct race){ &s.w.app, codes[0], ES_OK };
        CHECK_INT(pthread_create(&t[i], NULL, run_race, &r[i]), 0);
    }
    for (int i = 0; i < RUNNERS; i++) {
        pthread_join(t[i], NULL);
        CHECK(r[i].rc == ES_OK || r[i].rc == ES_EDENIED);
        won += r[i].rc == ES_OK;
    }
    CHECK_INT(won, 1);
    scene_release(&s);
}
