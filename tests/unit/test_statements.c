/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A statement's way: nobody's words are published without their side's word
 * and without who they are; what was published stays. */
#include "programme/statements.h"

#include "base/random.h"
#include "base/time.h"
#include "programme/parties.h"
#include "store/programme.h"
#include "t.h"
#include "world.h"

enum { WRITER = 11, OTHER = 12 };

struct stage {
    struct world w;
    int64_t who, other;
    struct es_field_errors fe;
    struct es_err e;
};

static int64_t person(struct stage *k, const char *name)
{
    struct es_many m = { .n = 0 };
    int64_t id = 0;
    CHECK(es_many_put(&m, "en", name));
    struct es_party_want want = { .initiative = k->w.ini.id,
                                  .what = ES_PARTY_PERSON,
                                  .names = &m };
    CHECK_INT(es_party_keep(&k->w.app, &want, &k->w.a, &id, &k->fe, &k->e),
              ES_OK);
    return id;
}

static void begin(struct stage *k)
{
    *k = (struct stage){ .who = 0 };
    world_begin(&k->w);
    k->who = person(k, "Ada Example");
    k->other = person(k, "Bela Example");
}

static enum es_code put_event(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_occasion_add(tx, arg, e);
}

/* An event of that number. */
static void event(struct stage *k, int64_t id, int32_t state)
{
    struct es_err e = { 0 };
    struct es_occasion o = { .initiative = k->w.ini.id,
                             .id = id,
                             .state = state,
                             .starts_ms = 1000,
                             .ends_ms = 2000,
                             .zone = "UTC",
                             .lang = "en",
                             .title = "An evening to remember",
                             .body = "{}" };
    world_must(
        es_store_write(k->w.store,
                       &(struct es_write){ .apply = put_event, .arg = &o }, &e),
        &e);
}

static struct es_statement_text said(const struct stage *k, const char *words)
{
    return (struct es_statement_text){ .speaker = k->who,
                                       .exact = true,
                                       .lang = "en",
                                       .day = "2026-03-01",
                                       .words = words,
                                       .source = "",
                                       .source_url = "",
                                       .figures_from = "" };
}

static struct es_statement row(struct stage *k, int64_t id)
{
    struct es_statement s;
    CHECK_INT(
        es_store_statement(k->w.store, k->w.ini.id, id, &k->w.a, &s, NULL),
        ES_OK);
    return s;
}

static enum es_code keep(struct stage *k, int64_t *id,
                         const struct es_statement_text *t)
{
    struct es_statement_want want = { .initiative = k->w.ini.id,
                                      .id = *id,
                                      .edition = *id ? row(k, *id).edition : 0,
                                      .account = WRITER,
                                      .text = t };
    k->fe.n = 0;
    return es_statement_keep(&k->w.app, &want, &k->w.a, id, &k->fe, &k->e);
}

static enum es_code approve(struct stage *k, int64_t id, int64_t account,
                            bool own)
{
    struct es_statement_approval w = { .initiative = k->w.ini.id,
                                       .id = id,
                                       .edition = row(k, id).edition,
                                       .account = account,
                                       .name = "Her office",
                                       .how = ES_APPROVED_LETTER,
                                       .day = "2026-03-02",
                                       .own = own };
    k->fe.n = 0;
    return es_statement_approve(&k->w.app, &w, &k->w.a, &k->fe, &k->e);
}

static enum es_code publish(struct stage *k, int64_t id, const char *note)
{
    struct es_statement_act w = { .initiative = k->w.ini.id,
                                  .id = id,
                                  .edition = row(k, id).edition,
                                  .account = OTHER,
                                  .words = note };
    k->fe.n = 0;
    return es_statement_publish(&k->w.app, &w, &k->w.a, &k->fe, &k->e);
}

static enum es_code take(struct stage *k, int64_t id, const char *why)
{
    struct es_statement_act w = { .initiative = k->w.ini.id,
                                  .id = id,
                                  .edition = row(k, id).edition,
                                  .account = OTHER,
                                  .words = why };
    k->fe.n = 0;
    return es_statement_take(&k->w.app, &w, &k->w.a, &k->fe, &k->e);
}

static int64_t published(struct stage *k, const struct es_statement_text *t)
{
    int64_t id = 0;
    CHECK_INT(keep(k, &id, t), ES_OK);
    CHECK_INT(approve(k, id, OTHER, false), ES_OK);
    CHECK_INT(publish(k, id, ""), ES_OK);
    return id;
}

static bool public_sees(struct stage *k, int64_t id, struct es_said *out)
{
    return es_store_said(k->w.store, k->w.ini.id, id, &k->w.a, out, NULL) ==
           ES_OK;
}

/* ---- as it is kept ---- */

TEST(statement_comes_back_as_it_was)
{
    struct stage k;
    struct es_statement_text back;
    struct es_buf b;
    begin(&k);
    struct es_statement_text t = said(&k, "We \"remember\".\n\n<All> of us.");
    t.office = INT64_MAX;
    t.event = 5;
    t.of = 6;
    t.source = "A record";
    t.source_url = "https://example.org/record";
    t.figures_from = "the register of 1990";
    CHECK_INT(es_figures_read("Inhabitants: 7,000\n of them: children: 1 of 7\n"
                              "\nگھر： ۱۲",
                              &k.w.a, &t, &k.fe, &k.e),
              ES_OK);
    CHECK_INT(k.fe.n, 0);
    CHECK_INT(t.n_figures, 3);
    CHECK_STR(t.figures[1].label, "of them: children");
    CHECK_STR(t.figures[1].value, "1 of 7");
    CHECK_STR(t.figures[2].value, "۱۲"); /* as they said it */
    es_buf_init(&b, ES_STATEMENT_MAX);
    es_statement_write(&t, &b);
    CHECK_INT(es_statement_read(es_buf_cstr(&b), &k.w.a, &back, NULL), ES_OK);
    CHECK_INT(back.office, INT64_MAX);
    CHECK_INT(back.event, 5);
    CHECK_INT(back.of, 6);
    CHECK(back.exact);
    CHECK_STR(back.words, t.words);
    CHECK_STR(back.source_url, t.source_url);
    CHECK_STR(back.figures_from, t.figures_from);
    CHECK_STR(es_figures_lines(&back, &k.w.a),
              "Inhabitants: 7,000\nof them: children: 1 of 7\nگھر: ۱۲");
    es_buf_release(&b);
    world_end(&k.w);
}

TEST(figures_that_cannot_be_read_are_told)
{
    struct stage k;
    struct es_statement_text t = { 0 };
    struct es_buf many;
    begin(&k);
    CHECK_INT(es_figures_read("Inhabitants 7000", &k.w.a, &t, &k.fe, &k.e),
              ES_OK);
    CHECK_STR(es_field_errors_of(&k.fe, "figures"), "figure_line");
    k.fe.n = 0;
    CHECK_INT(es_figures_read(": 7", &k.w.a, &t, &k.fe, &k.e), ES_OK);
    CHECK_INT(k.fe.n, 1);
    k.fe.n = 0;
    es_buf_init(&many, 4096);
    for (int i = 0; i <= ES_STATEMENT_FIGURES; i++)
        es_buf_str(&many, "a: 1\n");
    CHECK_INT(es_figures_read(es_buf_cstr(&many), &k.w.a, &t, &k.fe, &k.e),
              ES_OK);
    CHECK_STR(es_field_errors_of(&k.fe, "figures"), "too_many");
    es_buf_release(&many);
    world_end(&k.w);
}

/* ---- its way ---- */

TEST(statement_of_an_unknown_speaker_is_never_published)
{
    struct stage k;
    struct es_said seen;
    int64_t id = 0;
    begin(&k);
    struct es_statement_text t = said(&k, "Words.");
    t.speaker = 0;
    CHECK_INT(keep(&k, &id, &t), ES_OK); /* a draft may wait for who it was */
    CHECK_INT(approve(&k, id, OTHER, false), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "speaker"), "required");
    CHECK_INT(publish(&k, id, ""), ES_ECONFLICT);
    CHECK(!public_sees(&k, id, &seen));
    t.speaker = 424242; /* nobody */
    CHECK_INT(keep(&k, &id, &t), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "speaker"), "unknown");
    t.speaker = k.who;
    CHECK_INT(keep(&k, &id, &t), ES_OK);
    CHECK_INT(approve(&k, id, OTHER, false), ES_OK);
    CHECK_INT(publish(&k, id, ""), ES_OK);
    CHECK(public_sees(&k, id, &seen));
    /* and who has spoken stays */
    CHECK_INT(es_party_drop(&k.w.app, k.w.ini.id, k.who, &k.w.a, &k.e),
              ES_ECONFLICT);
    world_end(&k.w);
}

TEST(nothing_is_published_without_the_speakers_side)
{
    struct stage k;
    struct es_said seen;
    struct es_statement_step *steps;
    size_t n;
    int64_t id = 0;
    begin(&k);
    struct es_statement_text t = said(&k, "Words.");
    CHECK_INT(keep(&k, &id, &t), ES_OK);
    CHECK_INT(id, 1);
    CHECK_INT(publish(&k, id, ""), ES_ECONFLICT);
    CHECK_INT(approve(&k, id, WRITER, false), ES_EINVAL); /* one's own words */
    CHECK_STR(es_field_errors_of(&k.fe, "own"), "own_words");
    CHECK_INT(approve(&k, id, WRITER, true), ES_OK);
    /* another word is another statement: its approval is gone */
    t.words = "Other words.";
    CHECK_INT(keep(&k, &id, &t), ES_OK);
    CHECK_INT(row(&k, id).state, ES_STATEMENT_DRAFT);
    CHECK_INT(row(&k, id).approval, 0);
    CHECK_INT(publish(&k, id, ""), ES_ECONFLICT);
    CHECK_INT(approve(&k, id, OTHER, false), ES_OK);
    CHECK_INT(approve(&k, id, OTHER, false), ES_ECONFLICT); /* once */
    CHECK_INT(publish(&k, id, ""), ES_OK);
    CHECK(public_sees(&k, id, &seen));
    CHECK_INT(es_store_statement_steps(k.w.store, k.w.ini.id, id, 10, &k.w.a,
                                       &steps, &n, NULL),
              ES_OK);
    CHECK_INT(n, 5); /* wrote, approved, wrote, approved, published */
    CHECK_INT(steps[1].what, ES_STATEMENT_APPROVES);
    CHECK_INT(steps[1].id, seen.v.approval);
    CHECK_INT(steps[1].account, OTHER);
    CHECK(!steps[1].own);
    CHECK_STR(steps[1].name, "Her office");
    CHECK_INT(steps[1].how, ES_APPROVED_LETTER);
    CHECK_STR(steps[1].day, "2026-03-02");
    CHECK(steps[3].own);
    world_end(&k.w);
}

TEST(approval_says_who_how_and_when)
{
    struct stage k;
    int64_t id = 0;
    begin(&k);
    struct es_statement_text t = said(&k, "Words.");
    CHECK_INT(keep(&k, &id, &t), ES_OK);
    struct es_statement_approval w = { .initiative = k.w.ini.id,
                                       .id = id,
                                       .edition = row(&k, id).edition,
                                       .account = OTHER,
                                       .name = " ",
                                       .how = ES_APPROVED_UNSAID,
                                       .day = "" };
    CHECK_INT(es_statement_approve(&k.w.app, &w, &k.w.a, &k.fe, &k.e),
              ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "name"), "required");
    CHECK_STR(es_field_errors_of(&k.fe, "how"), "required");
    CHECK_STR(es_field_errors_of(&k.fe, "approved_day"), "required");
    w.name = "Her office";
    w.how = ES_APPROVED_MAIL;
    w.day = "2026-03-02";
    w.edition--; /* somebody wrote since */
    k.fe.n = 0;
    CHECK_INT(es_statement_approve(&k.w.app, &w, &k.w.a, &k.fe, &k.e),
              ES_ECONFLICT);
    world_end(&k.w);
}

TEST(correction_is_noted_and_the_earlier_version_kept)
{
    struct stage k;
    struct es_said seen;
    struct es_statement_version *v;
    struct es_statement_text t = { 0 }, back;
    size_t n;
    begin(&k);
    t = said(&k, "Seven thousand.");
    int64_t id = published(&k, &t);
    t.words = "Six thousand.";
    CHECK_INT(keep(&k, &id, &t), ES_OK);
    CHECK(public_sees(&k, id, &seen)); /* still the version of before */
    CHECK_INT(es_statement_read(seen.v.content, &k.w.a, &back, NULL), ES_OK);
    CHECK_STR(back.words, "Seven thousand.");
    CHECK_INT(approve(&k, id, OTHER, false), ES_OK);
    CHECK_INT(publish(&k, id, " "), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "note"), "required");
    CHECK_INT(publish(&k, id, "The number was misheard."), ES_OK);
    CHECK(public_sees(&k, id, &seen));
    CHECK_INT(seen.v.version, 2);
    CHECK_STR(seen.v.note, "The number was misheard.");
    CHECK_INT(es_store_statement_versions(k.w.store, k.w.ini.id, id, 10, &k.w.a,
                                          &v, &n, NULL),
              ES_OK);
    CHECK_INT(n, 2);
    CHECK_INT(es_statement_read(v[1].content, &k.w.a, &back, NULL), ES_OK);
    CHECK_STR(back.words, "Seven thousand.");
    CHECK_STR(v[1].note, "");
    /* what was published can't be thrown away */
    CHECK_INT(es_statement_drop(&k.w.app, k.w.ini.id, id, &k.e), ES_ECONFLICT);
    world_end(&k.w);
}

TEST(what_is_taken_back_is_gone_with_its_translations)
{
    struct stage k;
    struct es_said seen;
    begin(&k);
    struct es_statement_text t = said(&k, "We remember.");
    int64_t id = published(&k, &t);
    t.lang = "tr";
    t.words = "Hatırlıyoruz.";
    t.of = id;
    int64_t tr = published(&k, &t);
    CHECK(public_sees(&k, tr, &seen));
    CHECK_INT(take(&k, id, ""), ES_EINVAL);
    CHECK_INT(take(&k, id, "The speaker asked for it."), ES_OK);
    CHECK(!public_sees(&k, id, &seen));
    CHECK(!public_sees(&k, tr, &seen));
    CHECK_INT(row(&k, tr).state, ES_STATEMENT_TAKEN);
    CHECK_INT(take(&k, id, "Again."), ES_ECONFLICT);
    world_end(&k.w);
}

TEST(translation_is_of_the_same_speaker_and_comes_after)
{
    struct stage k;
    int64_t id = 0;
    int64_t tr = 0;
    begin(&k);
    struct es_statement_text t = said(&k, "We remember.");
    CHECK_INT(keep(&k, &id, &t), ES_OK);
    t.lang = "ur";
    t.words = "ہمیں یاد ہے۔";
    t.of = id;
    t.speaker = k.other;
    CHECK_INT(keep(&k, &tr, &t), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "of"), "other_speaker");
    t.speaker = k.who;
    CHECK_INT(keep(&k, &tr, &t), ES_OK);
    CHECK_INT(approve(&k, tr, OTHER, false), ES_OK);
    CHECK_INT(publish(&k, tr, ""), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "of"), "not_published");
    CHECK_INT(approve(&k, id, OTHER, false), ES_OK);
    CHECK_INT(publish(&k, id, ""), ES_OK);
    CHECK_INT(publish(&k, tr, ""), ES_OK);
    t.of = tr; /* of a translation nothing is translated */
    int64_t third = 0;
    CHECK_INT(keep(&k, &third, &t), ES_EINVAL);
    world_end(&k.w);
}

TEST(drafts_that_make_no_sense_are_not_kept)
{
    struct stage k;
    struct es_buf b;
    int64_t id = 0;
    begin(&k);
    struct es_statement_text t = said(&k, "Words.");
    t.lang = "klingon";
    CHECK_INT(keep(&k, &id, &t), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "lang"), "unknown");
    t = said(&k, "Words.");
    t.event = 7; /* there is none */
    CHECK_INT(keep(&k, &id, &t), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "event"), "unknown");
    t = said(&k, "Words.");
    t.day = "2026-02-30";
    CHECK_INT(keep(&k, &id, &t), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "day"), "date");
    t = said(&k, "Words.");
    t.source_url = "javascript:alert(1)";
    CHECK_INT(keep(&k, &id, &t), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "source_url"), "address");
    t = said(&k, "Words.");
    t.office = 99;
    CHECK_INT(keep(&k, &id, &t), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "office"), "not_then");
    es_buf_init(&b, 1 << 20);
    for (int i = 0; i <= ES_STATEMENT_WORDS; i++)
        es_buf_str(&b, "ی");
    t = said(&k, es_buf_cstr(&b));
    CHECK_INT(keep(&k, &id, &t), ES_EINVAL);
    CHECK_STR(es_field_errors_of(&k.fe, "words"), "too_long");
    es_buf_release(&b);
    CHECK_INT(id, 0);
    world_end(&k.w);
}

/* ---- the wall ---- */

static size_t wall(struct stage *k, struct es_wall w, struct es_said **out)
{
    size_t n = 0;
    w.initiative = k->w.ini.id;
    CHECK_INT(es_store_wall(k->w.store, &w, &k->w.a, out, &n, NULL), ES_OK);
    return n;
}

TEST(wall_has_the_newest_day_first_page_by_page)
{
    static const char *const DAYS[] = { "2026-01-03", "2026-01-01",
                                        "2026-01-02", "2026-01-02" };
    struct stage k;
    struct es_said *v;
    int64_t draft = 0;
    begin(&k);
    event(&k, 7, ES_OCCASION_PUBLISHED);
    for (size_t i = 0; i < 4; i++) {
        struct es_statement_text t = said(&k, "Words.");
        t.day = DAYS[i];
        t.speaker = i == 1 ? k.other : k.who;
        t.event = i == 3 ? 7 : 0;
        CHECK_INT(published(&k, &t), (int64_t)i + 1);
    }
    struct es_statement_text t = said(&k, "Not yet.");
    CHECK_INT(keep(&k, &draft, &t), ES_OK);
    CHECK_INT(wall(&k, (struct es_wall){ .max = 3 }, &v), 3);
    CHECK_INT(v[0].s.id, 1);
    CHECK_INT(v[1].s.id, 4);
    CHECK_INT(v[2].s.id, 3);
    CHECK_INT(wall(&k,
                   (struct es_wall){
                       .max = 3, .day = v[2].s.shown_day, .id = v[2].s.id },
                   &v),
              1);
    CHECK_INT(v[0].s.id, 2);
    CHECK_INT(wall(&k, (struct es_wall){ .max = 9, .speaker = k.other }, &v),
              1);
    CHECK_INT(wall(&k, (struct es_wall){ .max = 9, .event = 7 }, &v), 1);
    CHECK_INT(v[0].s.id, 4);
    CHECK_INT(es_statement_drop(&k.w.app, k.w.ini.id, draft, &k.e), ES_OK);
    CHECK_INT(es_statement_drop(&k.w.app, k.w.ini.id, draft, &k.e), ES_ENOENT);
    world_end(&k.w);
}
