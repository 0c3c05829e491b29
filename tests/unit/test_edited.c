/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two people write into one form. */
#include "initiative/edited.h"
#include "t.h"
#include "world.h"

#include <string.h>

enum { FIELDS = 3 };

/* What was kept when the form was opened; then what others kept, what the
 * sender sent, and what must come of it. */
static const struct {
    const char *was, *now, *mine, *keep;
    bool theirs, clash;
} CASES[] = {
    { "a", "a", "a", "a", false, false }, /* nobody */
    { "a", "a", "b", "b", false, false }, /* only me */
    { "a", "c", "a", "c", false, false }, /* only they */
    { "a", "c", "c", "c", false, false }, /* both the same */
    { "a", "c", "b", "b", false, true },  /* both */
    { "a", "c", "b", "c", true, false },  /* ... and I take theirs */
    { "a", "c", "", "", false, true },    /* I emptied what they wrote on */
    { "a", "", "b", "b", false, true },   /* they emptied it */
    { "", "c", "", "c", false, false },   /* new, of theirs */
    { "", "", "b", "b", false, false },   /* new, of mine */
    { "a", "a", "b", "a", true, false },  /* taken back */
};

TEST(what_two_write_is_both_kept_or_both_shown)
{
    struct es_arena a;
    es_arena_init(&a, 1 << 16);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct es_edit was[FIELDS];
        struct es_edit v[FIELDS];
        for (size_t k = 0; k < FIELDS; k++) { /* the others stay as they are */
            was[k] = (struct es_edit){ .name = "xyz" + k, .now = "same" };
            v[k] = (struct es_edit){ .name = "xyz" + k,
                                     .now = "same",
                                     .mine = "same" };
        }
        was[1].now = CASES[i].was;
        v[1].now = CASES[i].now;
        v[1].mine = CASES[i].mine;
        v[1].theirs = CASES[i].theirs;
        size_t n = es_edit_merge(v, FIELDS, es_edit_stamp(&a, was, FIELDS));
        CHECK_INT((int64_t)n, CASES[i].clash);
        CHECK(v[1].clash == CASES[i].clash);
        CHECK_STR(v[1].keep, CASES[i].keep);
        CHECK_STR(v[0].keep, "same");
        CHECK(!v[0].clash && !v[2].clash);
    }
    es_arena_release(&a);
}

/* A form that was sent again after its sender saw both: theirs is what it was
 * opened from now. */
TEST(who_saw_both_decides)
{
    struct es_arena a;
    es_arena_init(&a, 1 << 16);
    struct es_edit v = { .name = "title", .now = "theirs", .mine = "mine" };
    CHECK_INT((int64_t)es_edit_merge(&v, 1, NULL), 1);
    CHECK_INT((int64_t)es_edit_merge(&v, 1, es_edit_stamp(&a, &v, 1)), 0);
    CHECK_STR(v.keep, "mine");
    es_arena_release(&a);
}

TEST(a_stamp_of_something_else_vouches_for_nothing)
{
    static const char *const BAD[] = { "", "0", "zzzzzzzzzzzz",
                                       "000000000000000000000000" };
    struct es_arena a;
    es_arena_init(&a, 1 << 16);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct es_edit v = { .name = "title", .now = "now", .mine = "mine" };
        CHECK_INT((int64_t)es_edit_merge(&v, 1, BAD[i]), 1);
        v.mine = "now";
        CHECK_INT((int64_t)es_edit_merge(&v, 1, BAD[i]), 0);
    }
    /* the same words at another field aren't the same */
    struct es_edit one = { .name = "title", .now = "x" };
    struct es_edit two = { .name = "holder", .now = "x" };
    CHECK(strcmp(es_edit_stamp(&a, &one, 1), es_edit_stamp(&a, &two, 1)) != 0);
    es_arena_release(&a);
}

/* As a browser sends it back: other line ends, the same text. */
TEST(what_was_not_touched_is_no_change)
{
    struct es_arena a;
    es_arena_init(&a, 1 << 16);
    const char *kept = es_edit_words(&a, "One\n\nTwo  e\xcc\x81", true);
    CHECK_STR(kept, "One\n\nTwo \xc3\xa9");
    CHECK_STR(es_edit_words(&a, "One\r\n\r\nTwo e\xcc\x81 \r\n", true), kept);
    CHECK_STR(es_edit_words(&a, " \xe2\x80\x8f\n ", true), "");
    CHECK_STR(es_edit_words(&a, "A\r\nB", false), "A B");
    es_arena_release(&a);
}

/* Between reading and writing somebody else wrote: the second is told. */
TEST(a_write_over_what_was_not_seen_is_refused)
{
    struct world w;
    struct es_err e = { 0 };
    struct es_initiative one;
    struct es_initiative two;
    struct es_initiative now;
    world_begin(&w);
    world_must(es_store_initiative(w.store, "lantern", &w.a, &one, &e), &e);
    two = one;
    CHECK(one.edition >= 1);
    one.title = "By the first";
    two.title = "By the second";
    CHECK_INT(es_initiative_save(&w.app, &one, &e), ES_OK);
    CHECK_INT(es_initiative_save(&w.app, &two, &e), ES_ECONFLICT);
    world_must(es_store_initiative(w.store, "lantern", &w.a, &now, &e), &e);
    CHECK_STR(now.title, "By the first");
    CHECK_INT(now.edition, two.edition + 1);
    two.edition = now.edition;
    CHECK_INT(es_initiative_save(&w.app, &two, &e), ES_OK);
    world_end(&w);
}
