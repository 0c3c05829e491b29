/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages of the exhibition. */
#include "samples.h"
#include "web/pages.h"

#define DAY INT64_C(1792915200000)

static struct es_view_above above(void)
{
    return (struct es_view_above){
        .title = S("Lamps of a century"),
        .about = S("What people read by, from 1921 on.\n\nFrom the archive of "
                   "the library."),
        .lang = "en",
        .dir = "ltr",
        .event = S("Evening of the readers"),
        .event_lang = "en",
        .zone = "Asia/Baku",
        .event_ms = DAY,
    };
}

static struct es_view_shot shot(void)
{
    return (struct es_view_shot){
        .url = path("/e/lantern/exhibition/7"),
        .src = path("/e/lantern/media/2"),
        .set = "/e/lantern/media/2 480w, /e/lantern/media/1 960w",
        .w = 1600,
        .h = 1067,
        .alt = S("A lamp on a sill, seen from the street"),
        .caption = S("The lamp of the first reading room"),
        .credit = S("Meriel Dawes"),
        .taken = S("spring of 1921"),
        .place = S("Port Ilse"),
        .warning = "",
        .licence = S("May be used when the name is given (CC BY 4.0)"),
        .terms = path("/e/lantern"),
    };
}

static struct es_view_exhibition wall(void)
{
    static struct es_view_shot v[5];
    for (size_t i = 0; i < N(v); i++)
        v[i] = shot();
    v[1].warning = S("A house that was hit");
    v[2].caption = "";
    v[3].place = v[3].taken = "";
    return (struct es_view_exhibition){
        .frame = frame(false),
        .above = above(),
        .shots = v,
        .n = N(v),
        .total = 5000,
        .grid = path("/e/lantern/exhibition"),
        .strip = path("/e/lantern/exhibition?view=one"),
        .first = path("/e/lantern/exhibition"),
        .previous = path("/e/lantern/exhibition?before=7"),
        .next = path("/e/lantern/exhibition?after=12"),
        .play = path("/e/lantern/exhibition/7?play=1"),
    };
}

void sample_exhibition(struct es_out *o)
{
    struct es_view_exhibition v = wall();
    es_page_exhibition(o, &v);
}

void sample_exhibition_strip(struct es_out *o)
{
    struct es_view_exhibition v = wall();
    v.one_by_one = true;
    es_page_exhibition(o, &v);
}

void sample_exhibition_none(struct es_out *o)
{
    struct es_view_exhibition v = {
        .frame = frame(false),
        .above = { "", "", "en", "", "", "", "UTC", 0 },
        .edit = path("/organise/e/lantern/exhibition"),
    };
    es_page_exhibition(o, &v);
}

void sample_exhibition_picture(struct es_out *o)
{
    struct es_view_picture v = {
        .frame = frame(false),
        .above = above(),
        .shot = shot(),
        .at = 7,
        .total = 340,
        .all = path("/e/lantern/exhibition"),
        .previous = path("/e/lantern/exhibition/6"),
        .next = path("/e/lantern/exhibition/8"),
        .play = path("/e/lantern/exhibition/7?play=1"),
        .edit = path("/organise/e/lantern/exhibition/7"),
    };
    es_page_exhibition_picture(o, &v);
}

void sample_exhibition_playing(struct es_out *o)
{
    struct es_view_picture v = {
        .frame = frame(false),
        .above = above(),
        .shot = shot(),
        .at = 7,
        .total = 340,
        .all = path("/e/lantern/exhibition"),
        .previous = path("/e/lantern/exhibition/6"),
        .next = path("/e/lantern/exhibition/8"),
        .pause = path("/e/lantern/exhibition/7"),
    };
    v.shot.warning = S("A house that was hit");
    es_page_exhibition_picture(o, &v);
}

static struct es_view_hanging hanging(void)
{
    static const struct es_view_choice LANGS[] = {
        { .value = "en", .label = "English", .chosen = true },
        { .value = "ur", .label = "اردو" },
    };
    static struct es_view_choice occasions[1];
    static struct es_view_hung v[3];
    occasions[0] =
        (struct es_view_choice){ .value = "5",
                                 .label = S("Evening of the readers") };
    static const char *const IDS[] = { "7", "8", "9" };
    for (size_t i = 0; i < N(v); i++)
        v[i] = (struct es_view_hung){
            .edit = path("/organise/e/lantern/exhibition/7"),
            .src = path("/organise/e/lantern/exhibition/7/file"),
            .move = path("/organise/e/lantern/exhibition/7/move"),
            .w = 1600,
            .h = 1067,
            .id = IDS[i],
            .alt = i == 2 ? "" : S("A lamp on a sill, seen from the street"),
            .caption = i == 2 ? "" : S("The lamp of the first reading room"),
            .name = S("IMG_20260412_190233.jpg"),
            .shown = i == 0,
            .warned = i == 1,
            .first = i == 0,
            .last = i == 2,
        };
    return (struct es_view_hanging){
        .frame = frame(true),
        .rows = v,
        .n = N(v),
        .total = 3,
        .shown = 1,
        .bytes = 3 << 20,
        .self = path("/organise/e/lantern/exhibition"),
        .bring = path("/organise/e/lantern/exhibition/pictures"),
        .page = path("/e/lantern/exhibition"),
        .lacking = path("/organise/e/lantern/exhibition/8"),
        .next = path("/organise/e/lantern/exhibition?after=9"),
        .after = "",
        .pictures = { "", NULL },
        .was = "",
        .own_lang = "en",
        .title = { S("Lamps of a century"), NULL, NULL },
        .about = { S("What people read by."), NULL, NULL },
        .lang = { "en", NULL, NULL },
        .occasion = { "", NULL, NULL },
        .langs = LANGS,
        .n_langs = N(LANGS),
        .occasions = occasions,
        .n_occasions = 1,
    };
}

void sample_hanging(struct es_out *o)
{
    struct es_view_hanging v = hanging();
    es_page_hanging(o, &v);
}

void sample_hanging_errors(struct es_out *o)
{
    struct es_view_refused refused[] = {
        { S("holiday.heic"), S("This is not a picture that we can use: send a "
                               "JPEG, PNG or WebP.") },
        { S("IMG_2.jpg"), S("This picture is damaged.") },
    };
    struct es_view_hanging v = hanging();
    v.refused = refused;
    v.n_refused = N(refused);
    v.taken = 5;
    v.words_open = true;
    v.title = (struct es_view_edited){ S("Lamps"),
                                       S("Too long: at most 120 characters."),
                                       S("Lamps of a century") };
    v.pictures.error = S("Please choose a picture first.");
    es_page_hanging(o, &v);
}

void sample_hung_edit(struct es_out *o)
{
    struct es_view_hung_edit v = {
        .frame = frame(true),
        .action = path("/organise/e/lantern/exhibition/7"),
        .all = path("/organise/e/lantern/exhibition"),
        .src = path("/organise/e/lantern/exhibition/7/file"),
        .remove = path("/organise/e/lantern/exhibition/7/remove"),
        .was = "",
        .own_lang = "en",
        .name = S("IMG_20260412_190233.jpg"),
        .w = 1600,
        .h = 1067,
        .n_errors = 1,
        .alt = { "", S("People who can't see it need this: what does it show?"),
                 NULL },
        .caption = { S("The lamp of the first reading room"), NULL,
                     S("The lamp") },
        .credit = { S("Meriel Dawes"), NULL, NULL },
        .taken = { S("spring of 1921"), NULL, NULL },
        .place = { S("Port Ilse"), NULL, NULL },
        .licence = { "1", NULL, NULL },
        .warning = { "", NULL, NULL },
    };
    static const char *const NUMBERS[ES_LICENCES] = { "0", "1", "2", "3",
                                                      "4", "5", "6" };
    for (size_t i = 0; i < ES_LICENCES; i++)
        v.licences[i] = (struct es_view_choice){
            .value = NUMBERS[i],
            .label = S("May be used when the name is given"),
            .chosen = i == 1,
        };
    es_page_hung_edit(o, &v);
}
