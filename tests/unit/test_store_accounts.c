/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The fourth migration: a store of the third one keeps what it has; accounts,
 * roles, sessions, passkeys, codes, links, reports and decisions come back. */
#include "store_kit.h"

#include "store/accounts.h"
#include "store/people.h"
#include "store/reports.h"
#include "store/signin.h"
#include "store/sqlite/migrate.h"

#include <sqlite3.h>
#include <string.h>

enum { INI = 3, ADA = 21, BEN = 22 };

/* A call inside a write, with what it needs. */
struct call {
    enum es_code (*fn)(struct es_txn *tx, void *arg, struct es_err *e);
    void *arg;
};
WRITE(do_call)
{
    struct call *c = arg;
    (void)blob;
    return c->fn(tx, c->arg, e);
}
#define CALL(name, type, expression)                                           \
    static enum es_code name##_in(struct es_txn *tx, void *arg,                \
                                  struct es_err *e)                            \
    {                                                                          \
        type *x = arg;                                                         \
        return expression;                                                     \
    }                                                                          \
    static enum es_code name(struct es_store *s, const type *x)                \
    {                                                                          \
        type copy = *x;                                                        \
        struct call c = { name##_in, &copy };                                  \
        return kit_write(s, do_call, &c);                                      \
    }

/* ---- from the third version ---- */

static const char THIRD[] =
    "INSERT INTO initiative VALUES (3, 'lantern', 'T', 'P', 'H', 'C', 'en',"
    " 'UTC', 1, 2, 3, 4, 2, 1, '{}', '[]', '{}');"
    "INSERT INTO slug VALUES ('lantern', 3);"
    "INSERT INTO participant VALUES (3, 4, 1, 'Leyla', 'AZ', 0, '', 0, 0, '',"
    " 'Leyla@Example.org', 'az', '{}', 5);"
    "INSERT INTO participant VALUES (3, 5, 2, 'Nino', 'GE', 0, '', 0, 0, '',"
    " '', 'en', '{}', 6);"
    "INSERT INTO credential VALUES (zeroblob(32), 2, 3, 4, 100, 0);"
    "INSERT INTO credential VALUES (CAST(x'01' || zeroblob(31) AS"
    " BLOB), 2, 3, 4, 101, 0);"
    "INSERT INTO credential VALUES (CAST(x'02' || zeroblob(31) AS"
    " BLOB), 4, 0, 0, 102, 0);"
    "PRAGMA application_id = 1165390708; PRAGMA user_version = 3;";

static void third_version(const char *dir)
{
    char path[256];
    sqlite3 *h = NULL;
    (void)snprintf(path, sizeof path, "%s/everystep.db", dir);
    CHECK_INT(sqlite3_open(path, &h), SQLITE_OK);
    for (int i = 0; i < 3; i++)
        CHECK_INT(sqlite3_exec(h, ES_MIGRATIONS[i], NULL, NULL, NULL),
                  SQLITE_OK);
    CHECK_INT(sqlite3_exec(h, THIRD, NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_close(h), SQLITE_OK);
}

TEST(store_of_the_third_version_keeps_what_it_has)
{
    const char *dir = t_tmpdir();
    struct es_initiative ini;
    struct es_participant *p;
    struct es_credential c, *list;
    struct es_arena a;
    uint8_t hash[32] = { 0 };
    size_t n;

    third_version(dir);
    int64_t placed;
    es_arena_init(&a, 1 << 20);
    for (int again = 0; again < 2; again++) {
        struct es_store *s = kit_open(dir);
        CHECK_INT(es_store_initiative(s, "lantern", &a, &ini, NULL), ES_OK);
        CHECK_INT(ini.suspended_ms, 0);
        CHECK_STR(ini.suspended_why, "");
        CHECK_INT(ini.people_max, 0);
        CHECK_INT(
            es_store_mail_who(s, "leyla@EXAMPLE.org", 9, &a, &p, &n, NULL),
            ES_OK);
        CHECK_INT(n, 1);
        CHECK_INT(p[0].id, 4);
        CHECK_INT(p[0].state, ES_PERSON_IN);
        CHECK_INT(es_store_count(s, INI, "placed", &placed, NULL), ES_OK);
        CHECK_INT(placed, 2);
        CHECK_INT(es_store_mail_who(s, "", 9, &a, &p, &n, NULL), ES_OK);
        CHECK_INT(n, 0);
        /* sessions go on, and can be told apart */
        CHECK_INT(es_store_credential(s, hash, ES_CRED_SESSION, 200, &c, NULL),
                  ES_OK);
        CHECK_INT(c.seen_ms, 100);
        CHECK_INT(c.fresh_ms, 100);
        CHECK_INT(c.fresh_by, ES_BY_UNKNOWN);
        CHECK_STR(c.browser, "");
        CHECK_INT(es_store_credentials_of(s, INI, 4, ES_CRED_SESSION, 200, &a,
                                          &list, &n, NULL),
                  ES_OK);
        CHECK_INT(n, 2);
        CHECK(list[0].id != list[1].id && list[0].id > 0 && list[1].id > 0);
        es_store_close(s);
    }
    es_arena_release(&a);
}

/* ---- accounts and roles ---- */

CALL(account_put, struct es_account, es_txn_account_put(tx, x, e))
CALL(role_add, struct es_role_given, es_txn_role_add(tx, x, e))
CALL(role_drop, struct es_role_given,
     es_txn_role_drop(tx, x->initiative, x->account, x->role, e))
CALL(roles_drop, int64_t, es_txn_roles_drop(tx, *x, e))

static struct es_account account(int64_t id, const char *name, const char *key)
{
    return (struct es_account){ .id = id,
                                .name = name,
                                .name_key = key,
                                .mail = "ada@example.org",
                                .lang = "en",
                                .may_create = 3,
                                .created_ms = 7 };
}

TEST(an_account_has_its_name_alone_until_it_ends)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_account ada = account(ADA, "Ada", "ada");
    struct es_account ben = account(BEN, "Ada again", "ada");
    struct es_account out, *all;
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    CHECK_INT(account_put(s, &ada), ES_OK);
    CHECK_INT(account_put(s, &ben), ES_EEXIST);
    CHECK_INT(es_store_account(s, BEN, &a, &out, NULL), ES_ENOENT);
    ada.may_create = 5;
    CHECK_INT(account_put(s, &ada), ES_OK); /* its own name is no conflict */
    CHECK_INT(es_store_account_by_name(s, "ada", &a, &out, NULL), ES_OK);
    CHECK_INT(out.id, ADA);
    CHECK_STR(out.name, "Ada");
    CHECK_STR(out.mail, "ada@example.org");
    CHECK_STR(out.lang, "en");
    CHECK_INT(out.may_create, 5);
    CHECK_INT(out.created_ms, 7);
    CHECK_INT(out.ended_ms, 0);
    ada.name_key = "ada lovelace"; /* the old name is free */
    CHECK_INT(account_put(s, &ada), ES_OK);
    CHECK_INT(account_put(s, &ben), ES_OK);
    ada.ended_ms = 99;
    CHECK_INT(account_put(s, &ada), ES_OK);
    CHECK_INT(es_store_account_by_name(s, "ada lovelace", &a, &out, NULL),
              ES_ENOENT);
    CHECK_INT(es_store_account(s, ADA, &a, &out, NULL), ES_OK);
    CHECK_INT(out.ended_ms, 99);
    CHECK_INT(es_store_accounts(s, 10, &a, &all, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(all[1].id, BEN);
    es_arena_release(&a);
    es_store_close(s);
}

TEST(roles_are_given_once_and_end)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_role_given *v;
    struct es_arena a;
    size_t n;
    static const struct es_role_given GIVEN[] = {
        { 0, ADA, ES_ROLE_OPERATOR, 0, 5 },
        { INI, ADA, ES_ROLE_OWNER, 0, 6 },
        { INI, BEN, ES_ROLE_REVIEWER, ADA, 7 },
        { INI + 1, BEN, ES_ROLE_OWNER, ADA, 8 },
    };

    es_arena_init(&a, 1 << 20);
    for (size_t i = 0; i < 4; i++)
        CHECK_INT(role_add(s, &GIVEN[i]), ES_OK);
    CHECK_INT(role_add(s, &GIVEN[1]), ES_EEXIST);
    CHECK_INT(es_store_staff(s, INI, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(v[0].role, ES_ROLE_OWNER);
    CHECK_INT(v[1].account, BEN);
    CHECK_INT(v[1].given_by, ADA);
    CHECK_INT(v[1].given_ms, 7);
    CHECK_INT(es_store_roles_of(s, BEN, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(v[1].initiative, INI + 1);
    CHECK_INT(role_drop(s, &GIVEN[2]), ES_OK);
    CHECK_INT(role_drop(s, &GIVEN[2]), ES_ENOENT);
    CHECK_INT(roles_drop(s, &(int64_t){ BEN }), ES_OK);
    CHECK_INT(es_store_roles_of(s, BEN, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(es_store_roles_of(s, ADA, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    es_arena_release(&a);
    es_store_close(s);
}

CALL(invite, struct es_invitation, es_txn_invitation_add(tx, x, e))
CALL(invited, struct es_invitation,
     es_txn_invitation_use(tx, x->hash, x->created_ms, e))
CALL(uninvite, struct es_invitation,
     es_txn_invitation_drop(tx, x->initiative, x->id, e))

TEST(an_invitation_works_once_and_not_for_long)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_invitation out, *v;
    struct es_invitation i = { .hash = { 1 },
                               .initiative = INI,
                               .id = 40,
                               .role = ES_ROLE_EDITOR,
                               .name = "Ben",
                               .made_by = ADA,
                               .created_ms = 10,
                               .expires_ms = 20 };
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    CHECK_INT(invite(s, &i), ES_OK);
    CHECK_INT(es_store_invitation(s, i.hash, 19, &a, &out, NULL), ES_OK);
    CHECK_INT(out.role, ES_ROLE_EDITOR);
    CHECK_STR(out.name, "Ben");
    CHECK_INT(es_store_invitation(s, i.hash, 20, &a, &out, NULL), ES_ENOENT);
    CHECK_INT(es_store_invitations(s, INI, 19, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 1);
    CHECK_INT(es_store_invitations(s, INI + 1, 19, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    i.created_ms = 20;
    CHECK_INT(invited(s, &i), ES_ENOENT); /* too late */
    i.created_ms = 19;
    CHECK_INT(invited(s, &i), ES_OK);
    CHECK_INT(invited(s, &i), ES_ENOENT);
    i.hash[0] = 2;
    i.id = 41;
    CHECK_INT(invite(s, &i), ES_OK);
    i.initiative = INI + 1; /* somebody else's */
    CHECK_INT(uninvite(s, &i), ES_ENOENT);
    i.initiative = INI;
    CHECK_INT(uninvite(s, &i), ES_OK);
    CHECK_INT(es_store_invitation(s, i.hash, 19, &a, &out, NULL), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

struct held {
    int64_t initiative, at_ms, people_max;
};
CALL(suspend, struct held,
     es_txn_initiative_suspend(tx, x->initiative, x->at_ms, "asked to", e))
CALL(quota, struct held,
     es_txn_initiative_quota(tx, x->initiative, x->people_max, e))
CALL(ini_put, struct es_initiative, es_txn_initiative_put(tx, x, e))

TEST(what_the_operator_says_stays_when_an_initiative_is_saved)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_initiative ini;
    struct held h = { INI, 77, 500 };
    struct es_arena a;

    es_arena_init(&a, 1 << 20);
    kit_world(s, INI);
    CHECK_INT(es_store_initiative_by_id(s, INI, &a, &ini, NULL), ES_OK);
    CHECK_INT(suspend(s, &h), ES_OK);
    CHECK_INT(quota(s, &h), ES_OK);
    CHECK_INT(ini_put(s, &ini), ES_OK); /* as it was before */
    CHECK_INT(es_store_initiative_by_id(s, INI, &a, &ini, NULL), ES_OK);
    CHECK_INT(ini.suspended_ms, 77);
    CHECK_STR(ini.suspended_why, "asked to");
    CHECK_INT(ini.people_max, 500);
    h.initiative = 999;
    CHECK_INT(suspend(s, &h), ES_ENOENT);
    CHECK_INT(quota(s, &h), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

/* ---- signing in ---- */

CALL(cred_add, struct es_credential, es_txn_credential_add(tx, x, e))
CALL(cred_seen, struct es_credential,
     es_txn_credential_seen(tx, x->hash, x->seen_ms, e))
struct renewal {
    uint8_t old[32], hash[32];
};
CALL(cred_renew, struct renewal,
     es_txn_credential_renew(tx, x->old, x->hash, 60, ES_BY_PASSKEY, e))
CALL(cred_end, struct es_credential,
     es_txn_credential_end(tx, x->initiative, x->subject, x->kind, x->id, e))
CALL(creds_end, struct es_credential,
     es_txn_credentials_end(tx, x->initiative, x->subject, x->kind, x->id, e))
CALL(creds_trim, int64_t, es_txn_credentials_trim(tx, *x, e))

static struct es_credential session(uint8_t hash, int64_t subject)
{
    return (struct es_credential){ .hash = { hash },
                                   .kind = ES_CRED_ORGANISER,
                                   .subject = subject,
                                   .created_ms = 10,
                                   .expires_ms = 1000,
                                   .id = 100 + hash,
                                   .seen_ms = 10,
                                   .idle_ms = 50,
                                   .fresh_ms = 10,
                                   .fresh_by = ES_BY_LINK,
                                   .browser = "Firefox, Linux" };
}

static enum es_code cred_at(struct es_store *s, uint8_t hash, int64_t now,
                            struct es_credential *out)
{
    uint8_t h[32] = { hash };
    return es_store_credential(s, h, ES_CRED_ORGANISER, now, out, NULL);
}

TEST(a_session_ends_when_it_is_left_alone)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_credential c = session(1, ADA), out;

    CHECK_INT(cred_add(s, &c), ES_OK);
    CHECK_INT(cred_at(s, 1, 59, &out), ES_OK);
    CHECK_INT(out.id, 101);
    CHECK_INT(out.idle_ms, 50);
    CHECK_INT(out.fresh_by, ES_BY_LINK);
    CHECK_STR(out.browser, "Firefox, Linux");
    CHECK_INT(cred_at(s, 1, 60, &out), ES_ENOENT);
    c.seen_ms = 40;
    CHECK_INT(cred_seen(s, &c), ES_OK);
    CHECK_INT(cred_at(s, 1, 89, &out), ES_OK);
    c.seen_ms = 30; /* an older request comes later */
    CHECK_INT(cred_seen(s, &c), ES_OK);
    CHECK_INT(cred_at(s, 1, 89, &out), ES_OK);
    c.seen_ms = 990;
    CHECK_INT(cred_seen(s, &c), ES_OK);
    CHECK_INT(cred_at(s, 1, 999, &out), ES_OK);
    CHECK_INT(cred_at(s, 1, 1000, &out), ES_ENOENT); /* absolute */
    CHECK_INT(creds_trim(s, &(int64_t){ 999 }), ES_OK);
    CHECK_INT(cred_at(s, 1, 999, &out), ES_OK);
    CHECK_INT(creds_trim(s, &(int64_t){ 1000 }), ES_OK);
    CHECK_INT(cred_at(s, 1, 999, &out), ES_ENOENT);
    es_store_close(s);
}

TEST(a_renewed_session_is_the_same_with_another_secret)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_credential c = session(1, ADA), out;
    struct renewal r = { { 1 }, { 9 } };

    CHECK_INT(cred_add(s, &c), ES_OK);
    CHECK_INT(cred_renew(s, &r), ES_OK);
    CHECK_INT(cred_at(s, 1, 20, &out), ES_ENOENT);
    CHECK_INT(cred_at(s, 9, 20, &out), ES_OK);
    CHECK_INT(out.id, 101);
    CHECK_INT(out.subject, ADA);
    CHECK_INT(out.created_ms, 10);
    CHECK_INT(out.fresh_ms, 60);
    CHECK_INT(out.fresh_by, ES_BY_PASSKEY);
    CHECK_INT(cred_renew(s, &r), ES_ENOENT);
    es_store_close(s);
}

TEST(sessions_are_listed_and_ended_by_whose_they_are)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_credential *v, out;
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    for (uint8_t i = 1; i <= 4; i++) {
        struct es_credential c = session(i, i == 4 ? BEN : ADA);
        c.seen_ms = 10 + i;
        CHECK_INT(cred_add(s, &c), ES_OK);
    }
    CHECK_INT(es_store_credentials_of(s, 0, ADA, ES_CRED_ORGANISER, 20, &a, &v,
                                      &n, NULL),
              ES_OK);
    CHECK_INT(n, 3);
    CHECK_INT(v[0].id, 103); /* last seen first */
    struct es_credential c = session(1, BEN);
    CHECK_INT(cred_end(s, &c), ES_ENOENT); /* Ada's, not Ben's */
    c.subject = ADA;
    CHECK_INT(cred_end(s, &c), ES_OK);
    CHECK_INT(cred_end(s, &c), ES_ENOENT);
    c.id = 103;
    CHECK_INT(creds_end(s, &c), ES_OK); /* all but this */
    CHECK_INT(cred_at(s, 1, 20, &out), ES_ENOENT);
    CHECK_INT(cred_at(s, 2, 20, &out), ES_ENOENT);
    CHECK_INT(cred_at(s, 3, 20, &out), ES_OK);
    CHECK_INT(cred_at(s, 4, 20, &out), ES_OK);
    es_arena_release(&a);
    es_store_close(s);
}

CALL(key_add, struct es_passkey, es_txn_passkey_add(tx, x, e))
CALL(key_used, struct es_passkey,
     es_txn_passkey_used(tx, x->id, x->sign_count, x->backed_up, x->used_ms, e))
CALL(key_name, struct es_passkey,
     es_txn_passkey_name(tx, x->id, x->initiative, x->subject, x->name, e))
CALL(key_drop, struct es_passkey,
     es_txn_passkey_drop(tx, x->id, x->initiative, x->subject, e))

TEST(a_passkey_is_one_persons)
{
    static const uint8_t ID[] = { 1, 0, 2 }, KEY[] = { 0xa5, 1, 2 };
    struct es_store *s = kit_open(t_tmpdir());
    struct es_passkey out, *v;
    struct es_passkey k = { .id = { ID, sizeof ID },
                            .subject = ADA,
                            .public_key = { KEY, sizeof KEY },
                            .algorithm = -7,
                            .sign_count = 1,
                            .name = "Phone",
                            .may_back_up = true,
                            .backed_up = true,
                            .created_ms = 10 };
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    CHECK_INT(key_add(s, &k), ES_OK);
    k.subject = BEN;
    CHECK_INT(key_add(s, &k), ES_EEXIST);
    CHECK_INT(key_drop(s, &k), ES_ENOENT);
    CHECK_INT(key_name(s, &k), ES_ENOENT);
    k.subject = ADA;
    k.name = "Old phone";
    k.sign_count = 5;
    k.used_ms = 50;
    CHECK_INT(key_used(s, &k), ES_OK);
    CHECK_INT(key_name(s, &k), ES_OK);
    CHECK_INT(es_store_passkey(s, k.id, &a, &out, NULL), ES_OK);
    CHECK_INT(out.subject, ADA);
    CHECK_INT(out.algorithm, -7);
    CHECK_INT(out.sign_count, 5);
    CHECK_INT(out.used_ms, 50);
    CHECK(out.may_back_up && out.backed_up);
    CHECK_STR(out.name, "Old phone");
    CHECK(es_bytes_eq(out.public_key, k.public_key));
    CHECK_INT(es_store_passkeys_of(s, 0, ADA, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 1);
    CHECK_INT(es_store_passkeys_of(s, INI, ADA, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(key_drop(s, &k), ES_OK);
    CHECK_INT(key_used(s, &k), ES_ENOENT);
    CHECK_INT(es_store_passkey(s, k.id, &a, &out, NULL), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

CALL(code_add, struct es_recovery,
     es_txn_recovery_add(tx, x->hash, x->account, x->created_ms, e))
CALL(code_use, struct es_recovery,
     es_txn_recovery_use(tx, x->hash, x->used_ms, e))
CALL(codes_drop, int64_t, es_txn_recovery_drop(tx, *x, e))

TEST(a_recovery_code_works_once)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_recovery c = { { 1 }, ADA, 10, 44 }, out, *v;
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    CHECK_INT(code_add(s, &c), ES_OK);
    c.hash[0] = 2;
    CHECK_INT(code_add(s, &c), ES_OK);
    CHECK_INT(code_use(s, &c), ES_OK);
    CHECK_INT(code_use(s, &c), ES_ENOENT);
    CHECK_INT(es_store_recovery(s, c.hash, &out, NULL), ES_OK);
    CHECK_INT(out.account, ADA);
    CHECK_INT(out.used_ms, 44);
    CHECK_INT(es_store_recoveries(s, ADA, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(v[0].used_ms, 0);
    CHECK_INT(codes_drop(s, &(int64_t){ ADA }), ES_OK);
    CHECK_INT(es_store_recovery(s, c.hash, &out, NULL), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

CALL(mail_add, struct es_mail_link, es_txn_mail_link_add(tx, x, e))
CALL(mail_try, struct es_mail_link, es_txn_mail_link_try(tx, x->hash, e))
CALL(mail_drop, struct es_mail_link, es_txn_mail_link_drop(tx, x->hash, e))
CALL(mails_drop, struct es_mail_link,
     es_txn_mail_links_drop(tx, x->initiative, x->participant, e))
CALL(mails_trim, int64_t, es_txn_mail_links_trim(tx, *x, e))
CALL(mail_set, struct es_mail_link,
     es_txn_mail_set(tx, x->initiative, x->participant, x->address, e))

TEST(a_mailed_link_works_once_and_counts_wrong_codes)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_mail_link out;
    struct es_mail_link m = { .hash = { 1 },
                              .address = "a@example.org",
                              .initiative = INI,
                              .participant = INI + 1,
                              .browser = { 7 },
                              .code = { 8 },
                              .created_ms = 10,
                              .expires_ms = 20 };
    struct es_arena a;

    es_arena_init(&a, 1 << 20);
    CHECK_INT(mail_add(s, &m), ES_OK);
    CHECK_INT(mail_try(s, &m), ES_OK);
    CHECK_INT(mail_try(s, &m), ES_OK);
    CHECK_INT(es_store_mail_link(s, m.hash, 19, &a, &out, NULL), ES_OK);
    CHECK_STR(out.address, "a@example.org");
    CHECK_INT(out.tries, 2);
    CHECK_INT(out.browser[0], 7);
    CHECK_INT(out.code[0], 8);
    CHECK_INT(es_store_mail_link(s, m.hash, 20, &a, &out, NULL), ES_ENOENT);
    CHECK_INT(mail_drop(s, &m), ES_OK);
    CHECK_INT(mail_drop(s, &m), ES_ENOENT);
    CHECK_INT(mail_try(s, &m), ES_ENOENT);
    CHECK_INT(mail_add(s, &m), ES_OK);
    CHECK_INT(mails_drop(s, &m), ES_OK);
    CHECK_INT(mail_drop(s, &m), ES_ENOENT);
    CHECK_INT(mail_add(s, &m), ES_OK);
    CHECK_INT(mails_trim(s, &(int64_t){ 19 }), ES_OK);
    CHECK_INT(es_store_mail_link(s, m.hash, 19, &a, &out, NULL), ES_OK);
    CHECK_INT(mails_trim(s, &(int64_t){ 20 }), ES_OK);
    CHECK_INT(mail_drop(s, &m), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

TEST(people_are_found_by_the_address_they_have_now)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_participant *p, one;
    struct es_mail_link m = { .initiative = INI, .participant = INI + 1 };
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    kit_world(s, INI); /* each with a@example.org */
    kit_world(s, INI + 10);
    CHECK_INT(es_store_mail_who(s, "A@Example.ORG", 9, &a, &p, &n, NULL),
              ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(p[0].id, INI + 11); /* the newest first */
    m.address = "Other@example.org";
    CHECK_INT(mail_set(s, &m), ES_OK);
    CHECK_INT(es_store_mail_who(s, "a@example.org", 9, &a, &p, &n, NULL),
              ES_OK);
    CHECK_INT(n, 1);
    CHECK_INT(es_store_mail_who(s, "other@example.org", 9, &a, &p, &n, NULL),
              ES_OK);
    CHECK_INT(n, 1);
    CHECK_STR(p[0].email, "Other@example.org");
    m.address = "";
    CHECK_INT(mail_set(s, &m), ES_OK);
    CHECK_INT(es_store_mail_who(s, "other@example.org", 9, &a, &p, &n, NULL),
              ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(es_store_participant(s, INI, INI + 1, &a, &one, NULL), ES_OK);
    CHECK_STR(one.email, "");
    m.participant = 999;
    CHECK_INT(mail_set(s, &m), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

/* ---- reports and decisions ---- */

CALL(report_add, struct es_report, es_txn_report_add(tx, x, e))
CALL(report_state, struct es_report,
     es_txn_report_state(tx, x->initiative, x->id, x->state, e))
CALL(decide, struct es_decision, es_txn_decision_add(tx, x, e))

struct about {
    struct es_arena *a;
    int32_t what;
    int64_t which;
    size_t *n;
};
static enum es_code count_same(struct es_txn *tx, const struct about *x,
                               struct es_err *e)
{
    struct es_report *v;
    return es_txn_reports_open(tx, INI, x->what, x->which, x->a, &v, x->n, e);
}
CALL(same, struct about, count_same(tx, x, e))

TEST(reports_wait_until_they_are_answered)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_report out, *v;
    struct es_report r = { .initiative = INI,
                           .what = ES_REPORT_PERSON,
                           .which = 4,
                           .shown = "Leyla",
                           .words = "Not a name.",
                           .mail = "b@example.org",
                           .lang = "az",
                           .at_ms = 10 };
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    for (r.id = 50; r.id < 53; r.id++)
        CHECK_INT(report_add(s, &r), ES_OK);
    struct about about = { &a, ES_REPORT_PERSON, 4, &n };
    CHECK_INT(same(s, &about), ES_OK);
    CHECK_INT(n, 3);
    r.id = 51;
    r.state = ES_REPORT_KEPT;
    CHECK_INT(report_state(s, &r), ES_OK);
    CHECK_INT(same(s, &about), ES_OK);
    CHECK_INT(n, 2);
    about.which = 5;
    CHECK_INT(same(s, &about), ES_OK);
    CHECK_INT(n, 0);
    CHECK_INT(es_store_report(s, INI, 51, &a, &out, NULL), ES_OK);
    CHECK_INT(out.state, ES_REPORT_KEPT);
    CHECK_INT(out.which, 4);
    CHECK_STR(out.shown, "Leyla");
    CHECK_STR(out.words, "Not a name.");
    CHECK_STR(out.mail, "b@example.org");
    CHECK_STR(out.lang, "az");
    CHECK_INT(es_store_reports(s, ES_REPORT_OPEN, 0, 9, &a, &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(v[0].id, 52);
    CHECK_INT(es_store_reports(s, ES_REPORT_OPEN, 52, 9, &a, &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 1);
    r.initiative = INI + 1;
    CHECK_INT(report_state(s, &r), ES_ENOENT);
    es_arena_release(&a);
    es_store_close(s);
}

TEST(decisions_are_read_of_all_or_of_one_initiative)
{
    struct es_store *s = kit_open(t_tmpdir());
    struct es_decision *v;
    struct es_decision d = { .id = 60,
                             .account = ADA,
                             .what = "suspended",
                             .about = "The Lantern Run",
                             .why = "asked to",
                             .at_ms = 10 };
    struct es_arena a;
    size_t n;

    es_arena_init(&a, 1 << 20);
    CHECK_INT(decide(s, &d), ES_OK);
    CHECK_INT(decide(s, &d), ES_EEXIST);
    d.initiative = INI;
    d.id = 61;
    d.which = 4;
    CHECK_INT(decide(s, &d), ES_OK);
    CHECK_INT(es_store_decisions(s, true, 0, 0, 9, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(v[0].id, 61);
    CHECK_INT(v[0].which, 4);
    CHECK_STR(v[1].what, "suspended");
    CHECK_STR(v[1].about, "The Lantern Run");
    CHECK_STR(v[1].why, "asked to");
    CHECK_INT(es_store_decisions(s, false, 0, 0, 9, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 1);
    CHECK_INT(v[0].id, 60);
    CHECK_INT(es_store_decisions(s, true, 0, 61, 9, &a, &v, &n, NULL), ES_OK);
    CHECK_INT(n, 1);
    es_arena_release(&a);
    es_store_close(s);
}
