/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages of the press. */
#include "samples.h"
#include "web/pages.h"

#define DAY INT64_C(1792915200000)

static const struct es_view_choice LANGS[] = {
    { .value = "en", .label = "English", .chosen = true },
    { .value = "ur", .label = "اردو" },
    { .value = "fr", .label = "Français" },
};

static const char BODY[] =
    "One lamp is enough to read by.\n\n## Who runs\n\n- schools\n- libraries";

static struct es_view_release_in *langs(bool staff)
{
    static struct es_view_release_in v[3];
    for (size_t i = 0; i < 3; i++)
        v[i] = (struct es_view_release_in){
            .tag = LANGS[i].value,
            .name = LANGS[i].label,
            .url = path(staff ? "/organise/e/lantern/press/2/ur"
                              : "/e/lantern/press/2/ur"),
            .whole = path("/e/lantern/press/2/ur"),
            .here = i == 0,
            .approved = i < 2,
            .public = i == 0,
            .writer = S("Meriel Dawes"),
            .written_ms = DAY,
        };
    return v;
}

static struct es_view_released row(bool staff)
{
    return (struct es_view_released){
        .url = path(staff ? "/organise/e/lantern/press/2"
                          : "/e/lantern/press/2/en"),
        .title = S("Forty schools light a lamp on 25 October"),
        .lang = "en",
        .dir = "ltr",
        .place = S("Harbour Town"),
        .at_ms = DAY,
        .out = true,
        .in = langs(staff),
        .n_in = 3,
    };
}

static const struct es_view_covered *covered(bool staff)
{
    static struct es_view_covered v;
    v = (struct es_view_covered){
        .publisher = S("The Harbour Gazette"),
        .title = S("Readers run by lamplight"),
        .lang = "en",
        .dir = "ltr",
        .said_in = "English",
        .url = { "https://news.example/lamps" },
        .day_ms = DAY,
        .drop = staff ? path("/organise/e/lantern/press/coverage/5/remove")
                      : NOWHERE,
    };
    return &v;
}

static struct es_view_press press(void)
{
    return (struct es_view_press){
        .frame = frame(false),
        .atom = path("/e/lantern/press.atom"),
        .json = path("/e/lantern/press.json"),
        .kit = path("/e/lantern/press-kit.zip"),
        .zone = "Europe/Istanbul",
    };
}

void sample_press_none(struct es_out *o)
{
    struct es_view_press v = press();
    es_page_press(o, &v);
}

void sample_press(struct es_out *o)
{
    struct es_view_released rows[] = { row(false) };
    struct es_view_press v = press();
    v.rows = rows;
    v.n = 1;
    v.next = path("/e/lantern/press?before=1792915200000-2");
    v.covered = covered(false);
    v.n_covered = 1;
    es_page_press(o, &v);
}

static struct es_view_release release(void)
{
    return (struct es_view_release){
        .frame = frame(false),
        .title = S("Forty schools light a lamp on 25 October"),
        .lang = "en",
        .dir = "ltr",
        .said = es_lang_at(0),
        .line = S("Harbour Town, 25 October 2026"),
        .body = S(BODY),
        .notes = S("The fund was founded in 1998."),
        .contact = S("Meriel Dawes\npress@lantern.example"),
        .ask = S("For the press"),
        .in = langs(false),
        .n_in = 3,
        .canonical = path("/e/lantern/press/2/en"),
        .atom = path("/e/lantern/press.atom"),
        .json = path("/e/lantern/press.json"),
        .all = path("/e/lantern/press"),
        .kit = path("/e/lantern/press-kit.zip"),
        .description = S("One lamp is enough to read by."),
    };
}

void sample_release(struct es_out *o)
{
    struct es_view_release v = release();
    es_page_release(o, &v);
}

void sample_press_edit(struct es_out *o)
{
    struct es_view_released rows[] = { row(true), row(true), row(true) };
    rows[1].at_ms = 0;
    rows[0].n_public = 1;
    rows[2].out = false;
    struct es_view_press_edit v = {
        .frame = frame_console(2),
        .alone = true,
        .invite = path("/organise/e/lantern/staff"),
        .make = path("/organise/e/lantern/press"),
        .cover = path("/organise/e/lantern/press/coverage"),
        .title = { S("Lamps"), S("Please write something here.") },
        .lang = { "en", NULL },
        .langs = LANGS,
        .n_langs = 3,
        .rows = rows,
        .n = 3,
        .next = path("/organise/e/lantern/press?before=7"),
        .covered = covered(true),
        .n_covered = 1,
        .publisher = { S("The Harbour Gazette"), NULL },
        .headline = { S("Readers run"), NULL },
        .url = { S("http://x"), S("Please write a whole web address.") },
        .day = { "2026-10-25", NULL },
        .said_in = { "en", NULL },
        .said_langs = LANGS,
        .page = path("/e/lantern/press"),
        .kit = path("/e/lantern/press-kit.zip"),
        .zone = "Europe/Istanbul",
    };
    es_page_press_edit(o, &v);
}

void sample_release_edit(struct es_out *o)
{
    const struct es_view_more others[] = {
        { "Español", path("/organise/e/lantern/press/2/es") },
        { "العربية", path("/organise/e/lantern/press/2/ar") },
    };
    struct es_view_release_edit v = {
        .frame = frame_console(2),
        .title = S("Forty schools light a lamp on 25 October"),
        .lang = "en",
        .dir = "ltr",
        .all = path("/organise/e/lantern/press"),
        .timed = path("/organise/e/lantern/press/2/time"),
        .at_ms = DAY,
        .at = { .name = "at",
                .date = "2026-10-25",
                .time = "10:00",
                .first = "",
                .last = "" },
        .in = langs(true),
        .n_in = 3,
        .others = others,
        .n_others = 2,
        .zone = "Europe/Istanbul",
    };
    es_page_release_edit(o, &v);
}

static struct es_view_release_text text(void)
{
    return (struct es_view_release_text){
        .frame = frame_console(2),
        .self = path("/organise/e/lantern/press/2/en"),
        .up = path("/organise/e/lantern/press/2"),
        .approve = path("/organise/e/lantern/press/2/en/approve"),
        .reopen = path("/organise/e/lantern/press/2/en/reopen"),
        .remove = path("/organise/e/lantern/press/2/en/remove"),
        .page = path("/e/lantern/press/2/en"),
        .invite = path("/organise/e/lantern/staff"),
        .lang = "en",
        .dir = "ltr",
        .name = "English",
        .was = "0123",
        .edition = "3",
        .title = { S("Forty schools light a lamp"), NULL, NULL },
        .place = { S("Harbour Town"), NULL, NULL },
        .body = { S(BODY), NULL, S("One lamp.") },
        .notes = { S("The fund was founded in 1998."), NULL, NULL },
        .contact = { S("Meriel Dawes"), S("This is too long."), NULL },
        .writer = S("Meriel Dawes"),
        .approver = S("Ines Okafor"),
        .written_ms = DAY,
        .approved_ms = DAY,
        .shown = release(),
        .zone = "Europe/Istanbul",
    };
}

void sample_release_text(struct es_out *o)
{
    struct es_view_release_text v = text();
    es_page_release_text(o, &v);
}

void sample_release_alone(struct es_out *o)
{
    struct es_view_release_text v = text();
    v.alone = v.mine = true;
    es_page_release_text(o, &v);
}

void sample_release_approved(struct es_out *o)
{
    struct es_view_release_text v = text();
    v.approved = true;
    es_page_release_text(o, &v);
}
