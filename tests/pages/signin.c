/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages on which people sign in. */
#include "samples.h"

#include "web/pages.h"

static struct es_view_frame frame_staff(void)
{
    struct es_view_frame f = frame(false);
    f.title = "";
    f.initiative = f.board = f.join = NOWHERE;
    f.review = path("/organise");
    return f;
}

static struct es_view_ask an_ask(const char *at)
{
    return (struct es_view_ask){ .then = "",
                                 .action = path(at),
                                 .ask = path("/organise/sign-in/ask"),
                                 .there_text = "",
                                 .name = "" };
}

void sample_sign_in(struct es_out *o)
{
    struct es_view_sign_in v = { .frame = frame_staff(),
                                 .ask = an_ask("/organise/sign-in"),
                                 .recover = path("/organise/recover"),
                                 .code = { "", NULL } };
    v.ask.then = "/organise/passkeys";
    es_page_sign_in(o, &v);
}

void sample_sign_in_errors(struct es_out *o)
{
    struct es_view_sign_in v = { .frame = frame_staff(),
                                 .ask = an_ask("/organise/sign-in"),
                                 .recover = path("/organise/recover"),
                                 .code = { S("abcd-efgh"), S("Not right.") } };
    v.ask.error = S("It opens nothing.");
    es_page_sign_in(o, &v);
}

void sample_sign_in_me(struct es_out *o)
{
    struct es_view_sign_in_me v = { .frame = frame(false),
                                    .ask = an_ask("/e/lantern/sign-in") };
    es_page_sign_in_me(o, &v);
}

void sample_sign_in_nowhere(struct es_out *o)
{
    struct es_view_sign_in_me v = { .frame = frame(false),
                                    .ask = an_ask("/e/lantern/sign-in") };
    v.ask.where = ES_VIEW_PASSKEYS_NONE;
    es_page_sign_in_me(o, &v);
}

static void confirm_with(struct es_out *o, bool has)
{
    const struct es_view_kept_field rows[] = {
        { "why", S("We look into a complaint.\n\"Soon\" more.") },
    };
    struct es_view_confirm v = {
        .frame = frame_staff(),
        .kept = { path("/operate/e/lantern/suspend"), "501", rows, N(rows) },
        .ask = an_ask("/organise/confirm"),
        .has = has,
        .has_codes = true,
        .code = { has ? "" : S("abcd-efgh"), has ? NULL : S("Not right.") },
        .back = path("/operate"),
    };
    v.ask.kept = &v.kept;
    v.frame.resend = v.kept.action;
    es_page_confirm(o, &v);
}

void sample_confirm(struct es_out *o)
{
    confirm_with(o, true);
}

void sample_confirm_without(struct es_out *o)
{
    confirm_with(o, false);
}

static struct es_view_passkeys_page some(bool staff)
{
    struct es_view_passkeys_page v = {
        .frame = staff ? frame_staff() : frame(true),
        .staff = staff,
        .zone = "UTC",
        .ask = an_ask(staff ? "/organise/passkeys" : "/me/passkeys"),
        .remove = path("/organise/passkeys/remove"),
        .rename = path("/organise/passkeys/rename"),
        .codes = path("/organise/codes"),
        .code_used_ms = ES_NO_TIME,
        .back = path("/organise"),
    };
    v.ask.make = v.ask.named = true;
    v.ask.name = S("Firefox, Android");
    return v;
}

void sample_passkeys(struct es_out *o)
{
    const struct es_view_passkey rows[] = {
        { "AAAA",
          S("Firefox, Android"),
          1767250800000,
          1767337200000,
          true,
          "called-0",
          { S("Firefox, Android"), NULL } },
        { "AQID",
          S("A key in the drawer"),
          1767250800000,
          ES_NO_TIME,
          false,
          "called-1",
          { S("A key"), S("Please give it a name.") } },
    };
    struct es_view_passkeys_page v = some(true);
    v.rows = rows;
    v.n = N(rows);
    v.codes_left = 9;
    v.code_used_ms = 1767337200000;
    v.remove_error = S("This is your only way in.");
    es_page_passkeys(o, &v);
}

void sample_passkeys_none(struct es_out *o)
{
    struct es_view_passkeys_page v = some(true);
    es_page_passkeys(o, &v);
}

void sample_passkeys_me(struct es_out *o)
{
    struct es_view_passkeys_page v = some(false);
    v.ask.error = S("The passkey was not kept.");
    es_page_passkeys(o, &v);
}

void sample_codes(struct es_out *o)
{
    static const char *const CODES[] = { "abcd-efgh-jkmn-pqrs",
                                         "0123-4567-89ab-cdef",
                                         "ghjk-mnpq-rstv-wxyz" };
    struct es_view_codes v = {
        .frame = frame_staff(),
        .codes = CODES,
        .n = N(CODES),
        .text = "abcd-efgh-jkmn-pqrs\n0123-4567-89ab-cdef\n",
        .back = path("/organise/passkeys"),
    };
    es_page_codes(o, &v);
}
