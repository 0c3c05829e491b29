/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* store.h, call by call: what is written comes back, what is taken is refused,
 * what fails leaves nothing. */
#include "store_kit.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INI = 1000, WHO = 1001 };

WRITE(put_initiative)
{
    (void)blob;
    return es_txn_initiative_put(tx, arg, e);
}

TEST(initiative_comes_back_whole)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_initiative in = kit_initiative(5, "lantern"), out, *all;
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    CHECK_INT(es_store_initiative(s, "lantern", &a, &out, NULL), ES_ENOENT);
    CHECK_INT(kit_write(s, put_initiative, &in), ES_OK);
    CHECK_INT(es_store_initiative(s, "lantern", &a, &out, NULL), ES_OK);
    CHECK_INT(out.id, 5);
    CHECK_STR(out.slug, in.slug);
    CHECK_STR(out.title, in.title);
    CHECK_STR(out.purpose, in.purpose);
    CHECK_STR(out.holder, in.holder);
    CHECK_STR(out.contact, in.contact);
    CHECK_STR(out.lang, in.lang);
    CHECK_STR(out.zone, in.zone);
    CHECK_INT(out.opens_ms, in.opens_ms);
    CHECK_INT(out.closes_ms, in.closes_ms);
    CHECK_INT(out.goal_mm, in.goal_mm);
    CHECK_INT(out.created_ms, in.created_ms);
    CHECK_INT(out.state, in.state);
    CHECK_INT(out.rules_version, in.rules_version);
    CHECK_STR(out.rules, in.rules);
    CHECK_STR(out.consents, in.consents);
    CHECK_STR(out.face, in.face);

    in.title = "Renamed";
    in.slug = "lantern-2";
    CHECK_INT(kit_write(s, put_initiative, &in), ES_OK);
    CHECK_INT(es_store_initiative_by_id(s, 5, &a, &out, NULL), ES_OK);
    CHECK_STR(out.title, "Renamed");
    /* The old link goes on, and nobody else gets it. */
    CHECK_INT(es_store_initiative(s, "lantern", &a, &out, NULL), ES_OK);
    CHECK_STR(out.slug, "lantern-2");
    struct es_initiative other = kit_initiative(6, "lantern");
    CHECK_INT(kit_write(s, put_initiative, &other), ES_EEXIST);
    CHECK_INT(es_store_initiative_by_id(s, 6, &a, &out, NULL), ES_ENOENT);

    other.slug = "other";
    CHECK_INT(kit_write(s, put_initiative, &other), ES_OK);
    CHECK_INT(es_store_initiatives(s, 10, &a, &all, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(all[0].id, 6);
    CHECK_INT(es_store_initiatives(s, 1, &a, &all, &n, NULL), ES_OK);
    CHECK_INT(n, 1);
    es_arena_release(&a);
    es_store_close(s);
}

WRITE(add_team)
{
    (void)blob;
    return es_txn_team_add(tx, arg, e);
}

TEST(teams_are_found_by_code_without_case)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_team t = { INI, 1, "Falcons", "FaLc0n", false, 0 }, out, *all;
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    CHECK_INT(kit_write(s, add_team, &t), ES_OK);
    CHECK_INT(kit_write(s, add_team, &t), ES_EEXIST);
    t = (struct es_team){ INI, 2, "Others", "fALC0N", false, 0 };
    CHECK_INT(kit_write(s, add_team, &t), ES_EEXIST);
    t.initiative = INI + 1; /* another initiative's codes are its own */
    CHECK_INT(kit_write(s, add_team, &t), ES_OK);
    CHECK_INT(es_store_team_by_code(s, INI, "falC0N", &a, &out, NULL), ES_OK);
    CHECK_INT(out.id, 1);
    CHECK_STR(out.code, "FaLc0n");
    CHECK_STR(out.name, "Falcons");
    CHECK_INT(es_store_team_by_code(s, INI, "x", &a, &out, NULL), ES_ENOENT);
    CHECK_INT(es_store_teams(s, INI, &a, &all, &n, NULL), ES_OK);
    CHECK_INT(n, 1);
    CHECK_INT(es_store_teams(s, 99, &a, &all, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    es_arena_release(&a);
    es_store_close(s);
}

struct joining {
    struct es_participant p;
    int64_t bib;
};
WRITE(add_participant)
{
    struct joining *j = arg;
    (void)blob;
    return es_txn_participant_add(tx, &j->p, &j->bib, e);
}

TEST(bibs_count_up_in_each_initiative)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_participant out;
    struct es_arena a;

    es_arena_init(&a, 1 << 20);
    for (int64_t i = 1; i <= 3; i++) {
        struct joining j = { kit_participant(INI, i), 0 };
        CHECK_INT(kit_write(s, add_participant, &j), ES_OK);
        CHECK_INT(j.bib, i);
        CHECK_INT(kit_write(s, add_participant, &j), ES_EEXIST);
    }
    struct joining j = { kit_participant(INI + 1, 1), 0 };
    CHECK_INT(kit_write(s, add_participant, &j), ES_OK);
    CHECK_INT(j.bib, 1);
    j.p = kit_participant(INI, 4);
    CHECK_INT(kit_write(s, add_participant, &j), ES_OK);
    CHECK_INT(j.bib, 4); /* a refused one has used no bib */

    CHECK_INT(es_store_participant(s, INI, 4, &a, &out, NULL), ES_OK);
    CHECK_INT(out.bib, 4);
    CHECK_STR(out.display_name, j.p.display_name);
    CHECK_STR(out.country, j.p.country);
    CHECK_INT(out.team, j.p.team);
    CHECK_STR(out.category, j.p.category);
    CHECK_INT(out.birth_year, j.p.birth_year);
    CHECK_INT(out.visibility, j.p.visibility);
    CHECK_STR(out.guardian_contact, "");
    CHECK_STR(out.email, j.p.email);
    CHECK_STR(out.lang, j.p.lang);
    CHECK_STR(out.consents, j.p.consents);
    CHECK_INT(out.created_ms, j.p.created_ms);
    CHECK_INT(es_store_participant(s, INI, 9, &a, &out, NULL), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

WRITE(add_credential)
{
    (void)blob;
    return es_txn_credential_add(tx, arg, e);
}
WRITE(drop_credential)
{
    const struct es_credential *c = arg;
    (void)blob;
    return es_txn_credential_drop(tx, c->hash, e);
}

TEST(credentials_expire_and_work_once)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_credential c = { .kind = ES_CRED_LINK,
                               .initiative = INI,
                               .subject = WHO,
                               .created_ms = 10,
                               .expires_ms = 100 },
                         out;
    memset(c.hash, 7, sizeof c.hash);
    const int32_t kind = ES_CRED_LINK;

    CHECK_INT(es_store_credential(s, c.hash, kind, 50, &out, NULL), ES_ENOENT);
    CHECK_INT(kit_write(s, add_credential, &c), ES_OK);
    CHECK_INT(kit_write(s, add_credential, &c), ES_EEXIST);
    CHECK_INT(es_store_credential(s, c.hash, kind, 99, &out, NULL), ES_OK);
    CHECK_INT(out.subject, WHO);
    CHECK_INT(out.initiative, INI);
    CHECK_INT(out.created_ms, 10);
    CHECK_INT(out.expires_ms, 100);
    CHECK_INT(memcmp(out.hash, c.hash, 32), 0);
    CHECK_INT(es_store_credential(s, c.hash, kind, 100, &out, NULL), ES_ENOENT);
    CHECK_INT(es_store_credential(s, c.hash, ES_CRED_TOKEN, 50, &out, NULL),
              ES_ENOENT);
    CHECK_INT(kit_write(s, drop_credential, &c), ES_OK);
    CHECK_INT(kit_write(s, drop_credential, &c), ES_ENOENT);
    c.expires_ms = 0;
    CHECK_INT(kit_write(s, add_credential, &c), ES_OK);
    CHECK_INT(es_store_credential(s, c.hash, kind, INT64_MAX, &out, NULL),
              ES_OK);
    es_store_close(s);
}

static void check_same_run(const struct es_run *x, const struct es_run *y)
{
    CHECK_INT(x->initiative, y->initiative);
    CHECK_INT(x->id, y->id);
    CHECK_INT(x->participant, y->participant);
    CHECK_STR(x->code, y->code);
    CHECK_INT(x->kind, y->kind);
    CHECK_INT(x->status, y->status);
    CHECK_INT(x->received_ms, y->received_ms);
    CHECK_INT(x->started_ms, y->started_ms);
    CHECK_INT(x->dist_mm, y->dist_mm);
    CHECK_INT(x->counted_mm, y->counted_mm);
    CHECK_INT(x->time_ms, y->time_ms);
    CHECK_INT(x->rules_version, y->rules_version);
    CHECK_INT(x->activity, y->activity);
    CHECK_STR(x->file_name, y->file_name);
    CHECK_STR(x->member, y->member);
    CHECK_STR(x->note, y->note);
    CHECK(es_bytes_eq(x->measure, y->measure));
    CHECK(es_bytes_eq(x->findings, y->findings));
    CHECK_INT(x->blob.segment, y->blob.segment);
    CHECK_INT(x->blob.offset, y->blob.offset);
    CHECK_INT(x->blob.length, y->blob.length);
    CHECK_INT(memcmp(x->blob.key, y->blob.key, 32), 0);
    CHECK_INT(memcmp(x->blob.hash, y->blob.hash, 32), 0);
}

TEST(run_and_its_bytes_come_back)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct es_run r = kit_run(INI, WHO, 50, "k3b9"), typed, out;
    struct es_buf bytes = kit_bytes(1, 100000);
    struct es_arena a;

    es_arena_init(&a, 1 << 20);
    CHECK_INT(kit_upload(s, &r, es_buf_bytes(&bytes)), ES_OK);
    CHECK_INT(r.blob.segment, 1);
    typed = kit_run(INI, WHO, 51, "zz00");
    typed.kind = ES_KIND_TYPED;
    typed.status = ES_RUN_IN_REVIEW;
    typed.started_ms = INT64_MIN;
    typed.measure = typed.findings = (struct es_bytes){ NULL, 0 };
    CHECK_INT(kit_upload(s, &typed, (struct es_bytes){ NULL, 0 }), ES_OK);

    for (int again = 0; again < 2; again++) {
        CHECK_INT(es_store_run(s, INI, 50, &a, &out, NULL), ES_OK);
        check_same_run(&out, &r);
        kit_check_blob(s, &out.blob, es_buf_bytes(&bytes));
        CHECK_INT(es_store_run_by_code(s, "k3b9", &a, &out, NULL), ES_OK);
        check_same_run(&out, &r);
        CHECK_INT(
            es_store_run_by_upload(s, INI, WHO, r.blob.hash, 0, &a, &out, NULL),
            ES_OK);
        check_same_run(&out, &r);
        CHECK_INT(es_store_run(s, INI, 51, &a, &out, NULL), ES_OK);
        check_same_run(&out, &typed);
        es_store_close(s);
        s = kit_open(dir);
    }
    CHECK_INT(es_store_run(s, INI, 52, &a, &out, NULL), ES_ENOENT);
    CHECK_INT(es_store_run(s, INI + 1, 50, &a, &out, NULL), ES_ENOENT);
    CHECK_INT(es_store_run_by_code(s, "none", &a, &out, NULL), ES_ENOENT);
    CHECK_INT(
        es_store_run_by_upload(s, INI, WHO, r.blob.hash, 1, &a, &out, NULL),
        ES_ENOENT);
    es_buf_release(&bytes);
    es_arena_release(&a);
    es_store_close(s);
}

WRITE(update_run)
{
    (void)blob;
    return es_txn_run_update(tx, arg, e);
}

TEST(same_bytes_wait_until_withdrawn)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_run first = kit_run(INI, WHO, 50, "a1"), again, out;
    struct es_buf bytes = kit_bytes(2, 5000);
    struct es_arena a;

    es_arena_init(&a, 1 << 20);
    CHECK_INT(kit_upload(s, &first, es_buf_bytes(&bytes)), ES_OK);
    again = kit_run(INI, WHO, 51, "a2");
    CHECK_INT(kit_upload(s, &again, es_buf_bytes(&bytes)), ES_EEXIST);
    CHECK_INT(es_store_run(s, INI, 51, &a, &out, NULL), ES_ENOENT);
    CHECK_INT(es_store_run_by_code(s, "a2", &a, &out, NULL), ES_ENOENT);
    again = kit_run(INI, WHO, 51, "a2");
    again.activity = 1; /* another activity of the same file */
    CHECK_INT(kit_upload(s, &again, es_buf_bytes(&bytes)), ES_OK);
    again = kit_run(INI, WHO, 52, "a1");
    CHECK_INT(kit_upload(s, &again, (struct es_bytes){ NULL, 0 }), ES_EEXIST);

    first.status = ES_RUN_WITHDRAWN;
    first.note = "mine no more";
    first.counted_mm = 1;
    first.time_ms = 2;
    first.rules_version = 4;
    first.findings = (struct es_bytes){ (const uint8_t *)"xyz", 3 };
    CHECK_INT(kit_write(s, update_run, &first), ES_OK);
    CHECK_INT(es_store_run(s, INI, 50, &a, &out, NULL), ES_OK);
    check_same_run(&out, &first);
    CHECK_INT(
        es_store_run_by_upload(s, INI, WHO, first.blob.hash, 0, &a, &out, NULL),
        ES_ENOENT);

    again = kit_run(INI, WHO, 53, "a3");
    CHECK_INT(kit_upload(s, &again, es_buf_bytes(&bytes)), ES_OK);
    first.status = ES_RUN_ACCEPTED; /* its place is another's by now */
    CHECK_INT(kit_write(s, update_run, &first), ES_EEXIST);
    again.status = ES_RUN_WITHDRAWN;
    CHECK_INT(kit_write(s, update_run, &again), ES_OK);
    CHECK_INT(kit_write(s, update_run, &first), ES_OK);
    first.id = 99;
    CHECK_INT(kit_write(s, update_run, &first), ES_ENOENT);
    es_buf_release(&bytes);
    es_arena_release(&a);
    es_store_close(s);
}

struct asked {
    uint8_t hash[32];
    int64_t participant, run;
};
WRITE(ask_other)
{
    struct asked *q = arg;
    (void)blob;
    return es_txn_upload_of_other(tx, INI, q->participant, q->hash, &q->run, e);
}

TEST(other_persons_bytes_are_known)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_run r = kit_run(INI, WHO, 50, "a1");
    struct es_buf bytes = kit_bytes(3, 500);
    struct asked q = { .participant = WHO };

    CHECK_INT(kit_upload(s, &r, es_buf_bytes(&bytes)), ES_OK);
    memcpy(q.hash, r.blob.hash, sizeof q.hash);
    CHECK_INT(kit_write(s, ask_other, &q), ES_ENOENT);
    q.participant = WHO + 1;
    CHECK_INT(kit_write(s, ask_other, &q), ES_OK);
    CHECK_INT(q.run, 50);
    /* One key each: nothing is shared between persons. */
    struct es_run theirs = kit_run(INI, WHO + 1, 51, "a2");
    CHECK_INT(kit_upload(s, &theirs, es_buf_bytes(&bytes)), ES_OK);
    CHECK(memcmp(theirs.blob.key, r.blob.key, 32) != 0);
    CHECK(theirs.blob.offset != r.blob.offset);
    es_buf_release(&bytes);
    es_store_close(s);
}

TEST(listings_page_from_the_newest)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_run *v;
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    for (int64_t i = 0; i < 30; i++) {
        char code[16];
        (void)snprintf(code, sizeof code, "c%lld", (long long)i);
        struct es_run r = kit_run(INI, WHO + i % 2, 100 + i, code);
        r.status = i % 3 == 0 ? ES_RUN_IN_REVIEW : ES_RUN_ACCEPTED;
        CHECK_INT(kit_upload(s, &r, (struct es_bytes){ NULL, 0 }), ES_OK);
    }
    int64_t before = 0;
    int64_t want = 128;
    do {
        CHECK_INT(es_store_runs_of(s, INI, WHO, before, 4, &a, &v, &n, NULL),
                  ES_OK);
        for (size_t i = 0; i < n; i++, want -= 2)
            CHECK_INT(v[i].id, want);
        if (n > 0)
            before = v[n - 1].id;
    } while (n > 0);
    CHECK_INT(want, 98);
    CHECK_INT(
        es_store_runs_with(s, INI, ES_RUN_IN_REVIEW, 0, 99, &a, &v, &n, NULL),
        ES_OK);
    CHECK_INT(n, 10);
    CHECK_INT(v[0].id, 127);
    CHECK_INT(v[9].id, 100);
    CHECK_INT(
        es_store_runs_with(s, INI, ES_RUN_IN_REVIEW, 127, 3, &a, &v, &n, NULL),
        ES_OK);
    CHECK_INT(n, 3);
    CHECK_INT(v[0].id, 124);
    CHECK_INT(es_store_runs_of(s, INI, WHO, 0, SIZE_MAX, &a, &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 15);
    es_arena_release(&a);
    es_store_close(s);
}

struct idem {
    const char *key;
    uint8_t hash[32];
    int64_t run;
};
WRITE(idem_put)
{
    struct idem *i = arg;
    (void)blob;
    return es_txn_idem_put(tx, INI, WHO, i->key, i->hash, i->run, 5, e);
}
WRITE(idem_get)
{
    struct idem *i = arg;
    (void)blob;
    return es_txn_idem_get(tx, INI, WHO, i->key, i->hash, &i->run, e);
}

TEST(idempotency_keys_answer_with_the_first_run)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct idem i = { .key = "k-1", .run = 77 }, got = { .key = "k-1" };

    memset(i.hash, 3, sizeof i.hash);
    CHECK_INT(kit_write(s, idem_get, &got), ES_ENOENT);
    CHECK_INT(kit_write(s, idem_put, &i), ES_OK);
    CHECK_INT(kit_write(s, idem_put, &i), ES_EEXIST);
    CHECK_INT(kit_write(s, idem_get, &got), ES_OK);
    CHECK_INT(got.run, 77);
    CHECK_INT(memcmp(got.hash, i.hash, 32), 0);
    es_store_close(s);
}

WRITE(meta_put)
{
    const struct es_bytes *v = arg;
    (void)blob;
    return es_txn_meta_put(tx, "server_key", *v, e);
}

TEST(meta_is_replaced)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_bytes v = { (const uint8_t *)"a\0b", 3 }, got;
    struct es_arena a;

    es_arena_init(&a, 4096);
    CHECK_INT(es_store_meta(s, "server_key", &a, &got, NULL), ES_ENOENT);
    CHECK_INT(kit_write(s, meta_put, &v), ES_OK);
    CHECK_INT(es_store_meta(s, "server_key", &a, &got, NULL), ES_OK);
    CHECK(es_bytes_eq(got, v));
    v.n = 0;
    CHECK_INT(kit_write(s, meta_put, &v), ES_OK);
    CHECK_INT(es_store_meta(s, "server_key", &a, &got, NULL), ES_OK);
    CHECK_INT(got.n, 0);
    es_arena_release(&a);
    es_store_close(s);
}

struct outbox_note {
    const char *kind;
    int64_t trim;
};
WRITE(outbox_write)
{
    const struct outbox_note *o = arg;
    (void)blob;
    if (o->kind == NULL)
        return es_txn_outbox_trim(tx, o->trim, e);
    return es_txn_outbox_add(tx, INI, o->kind, es_bytes_str(o->kind), e);
}

TEST(outbox_tells_other_processes)
{
    const char *dir = t_tmpdir();
    struct es_store *web = kit_open(dir), *cli = kit_open(dir);
    struct es_outbox_entry *v;
    struct es_arena a;
    int64_t last = -1;
    size_t n;

    es_arena_init(&a, 1 << 16);
    CHECK_INT(es_store_outbox_last(web, &last, NULL), ES_OK);
    CHECK_INT(last, 0);
    CHECK_INT(kit_write(web, outbox_write, &(struct outbox_note){ "one", 0 }),
              ES_OK);
    CHECK_INT(kit_write(cli, outbox_write, &(struct outbox_note){ "two", 0 }),
              ES_OK);
    CHECK_INT(es_store_outbox_after(web, 0, 10, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK(v[0].own && !v[1].own);
    CHECK(v[0].id < v[1].id);
    CHECK_STR(v[1].kind, "two");
    CHECK(es_bytes_eq(v[1].payload, es_bytes_str("two")));
    CHECK_INT(v[1].initiative, INI);
    int64_t seen = v[1].id;
    CHECK_INT(es_store_outbox_after(web, seen, 10, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(kit_write(web, outbox_write, &(struct outbox_note){ NULL, seen }),
              ES_OK);
    CHECK_INT(es_store_outbox_after(web, 0, 10, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    /* Trimmed or not, ids go on rising. */
    CHECK_INT(kit_write(cli, outbox_write, &(struct outbox_note){ "six", 0 }),
              ES_OK);
    CHECK_INT(es_store_outbox_last(web, &last, NULL), ES_OK);
    CHECK(last > seen);
    es_arena_release(&a);
    es_store_close(cli);
    es_store_close(web);
}

WRITE(half_then_fail)
{
    struct es_initiative i = kit_initiative(INI, "half");
    (void)blob;
    (void)arg;
    if (es_txn_initiative_put(tx, &i, e) != ES_OK)
        return ES_EINTERNAL;
    return es_fail(e, ES_EDENIED, 42, "on second thoughts");
}

TEST(failed_write_is_undone_and_says_why)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_initiative out;
    struct es_err e = { 0 };
    struct es_arena a;
    struct es_write w = { .apply = half_then_fail };

    es_arena_init(&a, 1 << 16);
    CHECK_INT(es_store_write(s, &w, &e), ES_EDENIED);
    CHECK_STR(e.msg, "on second thoughts");
    CHECK_INT(e.at, 42);
    CHECK_INT(es_store_initiative(s, "half", &a, &out, NULL), ES_ENOENT);
    CHECK_INT(es_store_initiative_by_id(s, INI, &a, &out, NULL), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

TEST(sums_of_runs_and_ledger)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_participant_sum one;
    struct es_arena a;
    int64_t mm = 0, ms = 0;

    es_arena_init(&a, 1 << 16);
    kit_world(s, INI); /* with WHO */
    struct joining j = { kit_participant(INI, WHO + 1), 0 };
    CHECK_INT(kit_write(s, add_participant, &j), ES_OK);
    for (int64_t i = 0; i < 9; i++) {
        char code[16];
        (void)snprintf(code, sizeof code, "c%lld", (long long)i);
        struct es_run r = kit_run(INI, WHO, 100 + i, code);
        r.status = (int32_t)(i % 3); /* accepted, in review, refused */
        CHECK_INT(kit_upload(s, &r, (struct es_bytes){ NULL, 0 }), ES_OK);
        mm += r.status == ES_RUN_ACCEPTED ? r.counted_mm : 0;
        ms += r.status == ES_RUN_ACCEPTED ? r.time_ms : 0;
    }
    struct kit_sums t = { 0 };
    CHECK_INT(es_store_each_sum(s, INI, kit_add_sum, &t, NULL), ES_OK);
    CHECK_INT(t.people, 2);
    CHECK_INT(t.mm, mm);
    CHECK_INT(t.ms, ms);
    CHECK_INT(t.runs, 3);
    CHECK_INT(t.ledger_mm, mm);
    CHECK_INT(t.ledger_ms, ms);
    CHECK_INT(t.ledger_runs, 3);
    t = (struct kit_sums){ .stop = ES_ENOENT };
    CHECK_INT(es_store_each_sum(s, INI, kit_add_sum, &t, NULL), ES_ENOENT);
    CHECK_INT(t.people, 1);
    CHECK_INT(es_store_sum_of(s, INI, WHO, &a, &one, NULL), ES_OK);
    CHECK_INT(one.dist_mm, mm);
    CHECK_INT(one.ledger_runs, 3);
    CHECK_INT(one.p.bib, 1);
    CHECK_INT(es_store_sum_of(s, INI, 9, &a, &one, NULL), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

struct erasure {
    int64_t run;
};
WRITE(erase)
{
    const struct erasure *x = arg;
    (void)blob;
    return es_txn_blob_erase(tx, INI, x->run, e);
}

/* Whether the needle stands anywhere in the file. */
static bool file_has(const char *path, const uint8_t *needle, size_t n)
{
    struct es_buf b;
    bool found = false;
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    es_buf_init(&b, 64 << 20);
    uint8_t part[4096];
    for (size_t got; (got = fread(part, 1, sizeof part, f)) > 0;)
        es_buf_add(&b, part, got);
    fclose(f);
    CHECK(!b.bad);
    if (b.n > 0)
        found = memmem(b.p, b.n, needle, n) != NULL;
    es_buf_release(&b);
    return found;
}

TEST(erased_bytes_are_gone)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct es_run r = kit_run(INI, WHO, 50, "a1"), out;
    struct es_buf bytes = kit_bytes(4, 3000), got = { 0 };
    struct es_arena a;
    char seg[256];

    (void)snprintf(seg, sizeof seg, "%s/segments/00000001.seg", dir);
    es_arena_init(&a, 1 << 16);
    CHECK_INT(kit_upload(s, &r, es_buf_bytes(&bytes)), ES_OK);
    CHECK(!file_has(seg, bytes.p, 64)); /* encrypted */
    CHECK(!file_has(seg, r.blob.key, 32));
    CHECK_INT(kit_write(s, erase, &(struct erasure){ 50 }), ES_OK);
    CHECK_INT(kit_write(s, erase, &(struct erasure){ 50 }), ES_ENOENT);
    CHECK_INT(es_store_run(s, INI, 50, &a, &out, NULL), ES_OK);
    CHECK_INT(out.blob.segment, 0);
    CHECK_INT(es_store_blob_read(s, &out.blob, &got, NULL), ES_ENOENT);
    CHECK(got.p == NULL);
    memset(r.blob.key, 0, sizeof r.blob.key); /* the key is what opens it */
    CHECK_INT(es_store_blob_read(s, &r.blob, &got, NULL), ES_EIO);
    es_store_close(s);
    es_buf_release(&bytes);
    es_arena_release(&a);
}

TEST(erased_key_leaves_the_file)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct es_run r = kit_run(INI, WHO, 50, "a1");
    struct es_buf bytes = kit_bytes(4, 3000);
    char db[256];

    (void)snprintf(db, sizeof db, "%s/everystep.db", dir);
    CHECK_INT(kit_upload(s, &r, es_buf_bytes(&bytes)), ES_OK);
    es_store_close(s); /* the log is moved into the database */
    CHECK(file_has(db, r.blob.key, 32));
    s = kit_open(dir);
    CHECK_INT(kit_write(s, erase, &(struct erasure){ 50 }), ES_OK);
    es_store_close(s);
    CHECK(!file_has(db, r.blob.key, 32));
    es_buf_release(&bytes);
}
