/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo/programme.h"

#include "programme/programme.h"

#include <string.h>

enum { MEM = 8 << 20, MOST = 100 };
static const int64_t HOUR_MS = 3600000;

/* Times in hours since the initiative's window opened; those of a body's items
 * in ms since the event starts. */
static const struct event {
    enum es_occasion_kind kind;
    double starts_h, ends_h;
    const char *zone, *title, *body;
} EVENTS[] = {
    { ES_OCCASION_CEREMONY, 16, 17.5, "Europe/Istanbul",
      "The first lamp is lit",
      "{\"about\":\"The Lantern Run begins with one lamp, one page read aloud, "
      "and a message by the chair of the fund.\","
      "\"texts\":{\"tr\":{\"title\":\"İlk lamba yanıyor\"},"
      "\"az\":{\"title\":\"İlk çıraq yanır\"},"
      "\"ur\":{\"title\":\"پہلا چراغ روشن ہوتا ہے\"},"
      "\"ar\":{\"title\":\"يُضاء المصباح الأول\"}},"
      "\"place\":{\"name\":\"Reading room, Harbour Library\"},"
      "\"online\":{\"url\":\"https://meet.lantern.example/first-lamp\"},"
      "\"hosts\":[{\"name\":\"The Lantern Library Fund\",\"role\":\"holder\","
      "\"url\":\"https://fund.lantern.example/\"},"
      "{\"name\":\"Kandil Reading Rooms\",\"role\":\"supporter\","
      "\"url\":\"https://kandil.lantern.example/\"}],"
      "\"speakers\":[{\"name\":\"Nerys Hallow\",\"office\":"
      "\"Chair of The Lantern Library Fund (made up)\"}],"
      "\"items\":[{\"at\":0,\"title\":\"Welcome\"},"
      "{\"at\":900000,\"title\":\"A page, read aloud\"},"
      "{\"at\":2400000,\"title\":\"Message by the chair\",\"who\":"
      "\"Nerys Hallow\"}],"
      "\"recording\":{\"film\":true}}" },
    { ES_OCCASION_EXHIBITION, 20 * 24 + 8, 52 * 24 + 18, "Europe/Istanbul",
      "Lamps of many places",
      "{\"about\":\"Thirty pictures of what people read by: in kitchens, on "
      "boats, under trees. Open every day from nine to six.\","
      "\"texts\":{\"tr\":{\"title\":\"Pek çok yerin lambaları\"},"
      "\"az\":{\"title\":\"Müxtəlif yerlərin çıraqları\"},"
      "\"ur\":{\"title\":\"کئی جگہوں کے چراغ\"},"
      "\"ar\":{\"title\":\"مصابيح من أماكن كثيرة\"}},"
      "\"place\":{\"name\":\"Harbour Library, ground floor\","
      "\"map\":\"https://harbour.lantern.example/map\"},"
      "\"hosts\":[{\"name\":\"Kandil Reading Rooms\",\"role\":\"holder\"}]}" },
    { ES_OCCASION_OTHER, 34 * 24 + 17, 34 * 24 + 18.5, "Europe/Istanbul",
      "An evening of reading aloud",
      "{\"about\":\"Bring **one page** that you like, in any language. Each of "
      "us reads for three minutes.\","
      "\"texts\":{\"tr\":{\"title\":\"Sesli okuma akşamı\"},"
      "\"az\":{\"title\":\"Ucadan oxu axşamı\"},"
      "\"ur\":{\"title\":\"بلند آواز سے پڑھنے کی شام\"},"
      "\"ar\":{\"title\":\"أمسية قراءة جهرية\"}},"
      "\"online\":{\"url\":\"https://meet.lantern.example/evening\","
      "\"registered\":true},"
      "\"hosts\":[{\"name\":\"Harbour Lights Running Club\",\"role\":"
      "\"holder\"}]}" },
    { ES_OCCASION_SEMINAR, 45 * 24 + 7, 45 * 24 + 13, "Europe/Istanbul",
      "Light to read by",
      "{\"about\":\"What a small library needs, by people who keep one: light, "
      "warmth, and somebody who opens the door.\","
      "\"texts\":{\"tr\":{\"title\":\"Okumak için ışık\"},"
      "\"az\":{\"title\":\"Oxumaq üçün işıq\"},"
      "\"ur\":{\"title\":\"پڑھنے کے لیے روشنی\"},"
      "\"ar\":{\"title\":\"ضوء للقراءة\"}},"
      "\"place\":{\"name\":\"Hall 2, Harbour School\","
      "\"map\":\"https://harbour.lantern.example/map\"},"
      "\"online\":{\"url\":\"https://meet.lantern.example/seminar\"},"
      "\"hosts\":[{\"name\":\"The Lantern Library Fund\",\"role\":\"holder\","
      "\"url\":\"https://fund.lantern.example/\"},"
      "{\"name\":\"Kandil Reading Rooms\",\"role\":\"co_host\"},"
      "{\"name\":\"Harbour Lights Running Club\",\"role\":\"supporter\"}],"
      "\"speakers\":[{\"name\":\"Nerys Hallow\",\"office\":"
      "\"Chair of The Lantern Library Fund (made up)\"},"
      "{\"name\":\"Tarık Denizli\",\"office\":"
      "\"Keeper of a library of 900 books (made up)\"},"
      "{\"name\":\"Mahnoor Saleem\",\"office\":"
      "\"Electrician (made up)\"}],"
      "\"items\":[{\"at\":0,\"title\":\"Doors open\"},"
      "{\"at\":1800000,\"title\":\"Nine hundred books and one lamp\",\"who\":"
      "\"Tarık Denizli\"},"
      "{\"at\":7200000,\"title\":\"Lunch\"},"
      "{\"at\":10800000,\"title\":\"A lamp that lasts ten years\",\"who\":"
      "\"Mahnoor Saleem\"},"
      "{\"at\":18000000,\"title\":\"Questions\"}]}" },
};

static enum es_code add(struct es_app *app, const struct es_initiative *ini,
                        const struct event *v, struct es_arena *a,
                        struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    struct es_occasion o = {
        .initiative = ini->id,
        .kind = (int32_t)v->kind,
        .state = ES_OCCASION_PUBLISHED,
        .starts_ms = ini->opens_ms + (int64_t)(v->starts_h * (double)HOUR_MS),
        .ends_ms = ini->opens_ms + (int64_t)(v->ends_h * (double)HOUR_MS),
        .zone = v->zone,
        .lang = ini->lang,
        .title = v->title,
    };
    enum es_code rc = b ? es_occasion_read(v->body, a, b, e)
                        : es_fail(e, ES_ENOMEM, 0, "event");
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < b->n_items; i++)
        b->items[i].at_ms += o.starts_ms;
    return es_occasion_add(app, &o, b, a, &fe, e);
}

enum es_code es_demo_programme(struct es_app *app,
                               const struct es_initiative *ini,
                               struct es_err *e)
{
    struct es_occasions_ask ask = { .initiative = ini->id,
                                    .which = ES_OCCASIONS_ALL,
                                    .drafts = true,
                                    .max = MOST };
    struct es_arena a;
    struct es_occasion *there;
    size_t n = 0;
    es_arena_init(&a, MEM);
    enum es_code rc = es_store_occasions(app->store, &ask, &a, &there, &n, e);
    for (size_t i = 0; rc == ES_OK && i < sizeof EVENTS / sizeof *EVENTS; i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known |= strcmp(there[k].title, EVENTS[i].title) == 0;
        if (!known)
            rc = add(app, ini, &EVENTS[i], &a, e);
    }
    es_arena_release(&a);
    return rc;
}
