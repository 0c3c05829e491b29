/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ATTACKS row 46: names that deceive, and names that only look as if. */
#include "base/limits.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "store/accounts.h"
#include "t.h"
#include "world.h"

#include <string.h>

static struct es_buf out;

static const char *kept(const char *s)
{
    es_buf_release(&out);
    es_buf_init(&out, 1 << 20);
    CHECK(es_text_name(&out, es_bytes_str(s)));
    return es_buf_cstr(&out);
}

TEST(names_of_people_stay_as_they_are)
{
    static const char *const NAMES[] = {
        "Ada Lovelace",
        "Nguyễn Thị Minh Khai",
        "Łukasz Żółć",
        "İpək Əliyeva",
        "عائشہ بنتِ محمدؐ",
        "مُحَمَّدٌ",
        "میری‌جان", /* ZWNJ in Urdu */
        "สมศักดิ์ ตั้งใจ",
        "น้ำ",
        "क्ष्मा श्रीवास्तव",
        "নন্দিতা",
        "ශ්‍රී ලාල්", /* ZWJ in Sinhala */
        "ကြွော့",
        "བསྒྲུབས",
        "שָׁלוֹם",
        "李小龍",
        "김민준",
        "Дмитрий",
        "Ἀριστοτέλης",
        "O’Brien-Smith",
        "Bo 🏃‍♀️", /* ZWJ, selector */
        "👩🏽‍🚀",
        "X Æ A-12",
        "1️⃣",
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        CHECK_STR(kept(NAMES[i]), NAMES[i]);
}

TEST(what_deceives_or_shows_nothing_goes)
{
    static const char *const PAIRS[][2] = {
        { "e\u0301", "é" }, /* NFC */
        { "a\u202eb\u2066c\u200fd\u061ce", "abcde" },
        { "a\u200bb\ufeffc\u00add\u2060e\u180ef", "abcdef" },
        { "ad\u200dmin", "admin" }, /* joins nothing */
        { "\u200dAda\u200c \u200d", "Ada" },
        { "a\ufe0fb\U000e0101c", "abc" },
        { "🏃\ufe0f\ufe0f\ufe0f", "🏃\ufe0f" },
        { "a\uf8ffb", "ab" }, /* nobody's letter */
        { "\u034f\u17b4\u115f", "" },
        { "  a \t\r\n b\u3000\u2800 ", "a b" },
        { "a\u0300\u0301\u0302\u0303\u0304", "\u00e0\u0301\u0302\u0303" },
        { "\u0e01\u0e47\u0e47\u0e47\u0e47\u0e47\u0e47",
          "\u0e01\u0e47\u0e47\u0e47" },
        { "a\xff\x01\x1b[31m", "a\ufffd[31m" },
    };
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
        CHECK_STR(kept(PAIRS[i][0]), PAIRS[i][1]);
    struct es_buf zalgo;
    es_buf_init(&zalgo, 4096);
    es_buf_str(&zalgo, "Z");
    for (uint32_t i = 0; i < 500; i++)
        es_buf_utf8(&zalgo, 0x300 + i % 112);
    CHECK(es_utf8_count(es_bytes_str(kept(es_buf_cstr(&zalgo)))) <= 4);
    es_buf_release(&zalgo);
}

/* What has been cleaned stays as it is, whatever it was. */
TEST(cleaning_twice_is_cleaning_once)
{
    static const uint32_t PIECES[] = { 'a',    ' ',    0x301,   0x200d, 0x200c,
                                       0xfe0f, 0x627,  0x1f3c3, 0xe47,  0xe01,
                                       0x202e, 0x1100, 0x1161,  0xf71,  0xf40 };
    enum { N = sizeof PIECES / sizeof *PIECES };
    for (size_t i = 0; i < (size_t)N * N * N * N; i++) {
        struct es_buf in;
        char once[64];
        es_buf_init(&in, 64);
        for (size_t k = i, d = 0; d < 4; d++, k /= N)
            es_buf_utf8(&in, PIECES[k % N]);
        (void)snprintf(once, sizeof once, "%s", kept(es_buf_cstr(&in)));
        CHECK_STR(kept(once), once);
        es_buf_release(&in);
    }
}

TEST(columns)
{
    CHECK_INT(es_text_columns("Ada"), 3);
    CHECK_INT(es_text_columns("李小龍"), 6);
    CHECK_INT(es_text_columns("มิ"), 1);
    CHECK_INT(es_text_columns("\ufdfd"), 16);
}

static const char *code_of(struct world *w, const char *name)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_joined j;
    struct es_join in = { .display_name = name, .consents = "{\"rules\":2}" };
    enum es_code rc = es_register(&w->app, &w->ini, &in, &w->a, &j, &fe, &e);
    CHECK(rc == ES_OK || rc == ES_EINVAL);
    return rc == ES_OK ? "" : es_field_errors_of(&fe, "display_name");
}

static enum es_code add_team(struct es_txn *tx, const struct es_blob *blob,
                             void *team, struct es_err *e)
{
    (void)blob;
    return es_txn_team_add(tx, team, e);
}

static enum es_code add_account(struct es_txn *tx, const struct es_blob *blob,
                                void *account, struct es_err *e)
{
    (void)blob;
    return es_txn_account_put(tx, account, e);
}

/* Who is staff may run along under their own name. */
TEST(nobody_passes_for_somebody_of_staff)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_joined j;
    world_begin(&w);
    struct es_account clara = { .id = es_id_new(),
                                .name = "Clara Fields",
                                .name_key = "clara fields",
                                .mail = "",
                                .lang = "en",
                                .created_ms = w.now };
    world_must(es_store_write(
                   w.store,
                   &(struct es_write){ .apply = add_account, .arg = &clara },
                   &e),
               &e);
    CHECK_STR(code_of(&w, "Сlara Fiе1ds"), "reserved"); /* Cyrillic */
    struct es_join in = { .display_name = "Clara Fields",
                          .consents = "{\"rules\":2}",
                          .account = clara.id };
    world_must(es_register(&w.app, &w.ini, &in, &w.a, &j, &fe, &e), &e);
    clara.ended_ms = w.now;
    world_must(es_store_write(
                   w.store,
                   &(struct es_write){ .apply = add_account, .arg = &clara },
                   &e),
               &e);
    CHECK_STR(code_of(&w, "Clara Fields"), "");
    world_end(&w);
}

TEST(nobody_passes_for_the_staff_or_a_team)
{
    static const char *const TAKEN[] = {
        "Admin",           "admin",
        "АDMIN", /* Cyrillic A */
        "Аdmіn", /* Cyrillic A and i */
        "Adm1n",           "Ａｄｍｉｎ",
        "𝐀𝐝𝐦𝐢𝐧",           "A d m i n",
        "A.d.m.i.n",       "-=Admin=-",
        "ÀDMÎN",           "adrnin",
        "Admin 2",         "The Admin",
        "✅ Administrator", "ADMINISTRATOR",
        "Everystep",       "Еverystep Support",
        "Organizer",       "Orgаniser",
        "Official Team",   "Support",
        "Yönetici",        "YÖNETİCİ",
        "təşkilatçı",      "مشرف",
        "انتظامیہ",        "The Lantern Run",
        "Thе Lantern Run", "the lantern circle",
        "Reading Owls",    "Reаding 0wls",
    };
    static const char *const FREE[] = {
        "Ada",
        "Adamina",
        "Pervez Musharraf",
        "پرویز مشرف",
        "Martin Staff",
        "Lantern",
        "Admire",
        "Sam Owls",
        "Holly Support-Jones",
        "🏃",
        "李小龍",
        "Root Beer",
        "Ida Minister",
    };
    struct world w;
    struct es_err e = { 0 };
    world_begin(&w);
    struct es_team owls = { w.ini.id, es_id_new(), "Reading Owls",
                            "OWLS",   false,       0 };
    world_must(
        es_store_write(
            w.store, &(struct es_write){ .apply = add_team, .arg = &owls }, &e),
        &e);
    for (size_t i = 0; i < sizeof TAKEN / sizeof *TAKEN; i++)
        if (strcmp(code_of(&w, TAKEN[i]), "reserved") != 0)
            FAIL("%s may be had", TAKEN[i]);
    for (size_t i = 0; i < sizeof FREE / sizeof *FREE; i++)
        if (strcmp(code_of(&w, FREE[i]), "") != 0)
            FAIL("%s: %s", FREE[i], code_of(&w, FREE[i]));
    CHECK_STR(code_of(&w, "\ufdfd\ufdfd\ufdfd\ufdfd\ufdfd"), "too_wide");
    world_end(&w);
}
