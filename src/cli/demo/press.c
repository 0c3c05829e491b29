/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo/press.h"

#include "programme/press.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)

/* Nobody's accounts: who wrote and who approved is nobody who is still there.
 */
enum { PRESS_MEM = 1 << 20, WRITER = 1, READER = 2, TEXTS = 3 };

struct text {
    const char *lang, *title, *place, *body, *notes;
};

#define CONTACT                                                                \
    "Ines Okafor, The Lantern Library Fund (made up)\npress@lantern.example"

static const struct {
    int64_t after_ms; /* behind the opening */
    struct text v[TEXTS];
} RELEASES[] = {
    { 9 * HOUR_MS,
      { { "en", "Sixty days of running for a lamp in every small library",
          "Harbour Town",
          "Today the Lantern Run opens. For sixty days people run and walk "
          "where they are, and every kilometre counts towards one distance. "
          "**Each hundred kilometres become one reading lamp** for a library "
          "that has none.\n\n"
          "\u201cWhere the evening is dark, a book stays closed,\u201d says "
          "Nerys Hallow, chair of the fund. \u201cNobody has to be fast, and "
          "nobody is last.\u201d\n\n"
          "# Who can take part\n\n"
          "- anybody, anywhere, with a watch, a phone or neither\n"
          "- schools and clubs, as teams\n\n"
          "A name is enough to join. Runs are checked by the same rules for "
          "all, and each receipt says what counted and why.",
          "The fund, its people and their runs are made up: this is a "
          "demonstration." },
        { "tr", "Her küçük kütüphaneye bir lamba için altmış gün koşu",
          "Liman Kenti",
          "Fener Koşusu bugün başlıyor. Altmış gün boyunca insanlar "
          "bulundukları yerde koşuyor ve yürüyor; her kilometre ortak bir "
          "mesafeye ekleniyor. **Her yüz kilometre**, lambası olmayan bir "
          "kütüphane için **bir okuma lambası** oluyor.\n\n"
          "\u201cAkşamın karanlık olduğu yerde kitap kapalı kalır,\u201d "
          "diyor fonun başkanı Nerys Hallow. \u201cKimse hızlı olmak zorunda "
          "değil, kimse de sonuncu değil.\u201d",
          "Fon, kişiler ve koşuları uydurmadır: bu bir gösterimdir." },
        { "ur", "ہر چھوٹے کتب خانے میں ایک چراغ کے لیے ساٹھ دن کی دوڑ",
          "بندرگاہ شہر",
          "چراغ دوڑ آج شروع ہوتی ہے۔ ساٹھ دن تک لوگ جہاں ہیں وہیں دوڑتے اور "
          "چلتے ہیں، اور ہر کلومیٹر ایک مشترک فاصلے میں شمار ہوتا ہے۔ **ہر سو "
          "کلومیٹر ایک چراغ بنتے ہیں**، ایسے کتب خانے کے لیے جس کے پاس کوئی "
          "نہیں۔\n\n"
          "فنڈ کی صدر نیرس ہیلو کہتی ہیں: \u201cجہاں شام اندھیری ہو وہاں "
          "کتاب بند رہتی ہے۔ کسی کو تیز ہونا ضروری نہیں، اور کوئی آخری "
          "نہیں۔\u201d",
          "فنڈ، اس کے لوگ اور ان کی دوڑیں فرضی ہیں: یہ ایک نمونہ ہے۔" } } },
    { 21 * DAY_MS + 10 * HOUR_MS,
      { { "en", "The first lamps of the Lantern Run are lit", "Harbour Town",
          "Three weeks after it opened, the first lamps that the Lantern Run "
          "has brought together are on their way to small libraries. The "
          "distance grows each day, and its page shows it as it grows.\n\n"
          "Reading evenings by the new light are held by the libraries "
          "themselves; whoever wants to hold one writes to the fund.",
          "The distance of this moment, and how many take part, stand in the "
          "press kit." } } },
};
enum { N_RELEASES = sizeof RELEASES / sizeof *RELEASES };

struct desk {
    struct es_app *app;
    const struct es_initiative *ini;
    struct es_release_read r;
    struct es_arena a;
};

/* `id` of what is there; ES_ENOENT. */
static enum es_code look(struct desk *d, int64_t id, struct es_err *e)
{
    return es_release_all(d->app, d->ini->id, id, &d->a, &d->r, e);
}

static enum es_code write_text(struct desk *d, int64_t id, const struct text *t,
                               struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    const struct es_release_text *there = es_release_in(&d->r, t->lang);
    if (there && there->state == ES_RELEASE_APPROVED)
        return ES_OK;
    struct es_release_text text = {
        .initiative = d->ini->id,
        .release = id,
        .lang = t->lang,
        .title = t->title,
        .place = t->place,
        .body = t->body,
        .notes = t->notes,
        .contact = CONTACT,
        .edition = there ? there->edition : 0,
        .written_by = WRITER,
    };
    struct es_release_deed deed = { .initiative = d->ini->id,
                                    .release = id,
                                    .account = READER,
                                    .lang = t->lang,
                                    .edition = text.edition + 1 };
    enum es_code rc = es_release_keep(d->app, &text, &fe, e);
    return rc == ES_OK ? es_release_approve(d->app, &deed, &fe, e) : rc;
}

static enum es_code release(struct desk *d, size_t i, struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    int64_t id = (int64_t)i + 1;
    enum es_code rc = look(d, id, e);
    if (rc == ES_ENOENT)
        rc = es_release_new(d->app, d->ini->id, WRITER, RELEASES[i].v[0].lang,
                            RELEASES[i].v[0].title, &id, &fe, e);
    if (rc == ES_OK)
        rc = look(d, id, e);
    for (size_t t = 0; rc == ES_OK && t < TEXTS && RELEASES[i].v[t].lang; t++)
        rc = write_text(d, id, &RELEASES[i].v[t], e);
    struct es_release_deed deed = { .initiative = d->ini->id,
                                    .release = id,
                                    .account = READER };
    if (rc == ES_OK && d->r.r.publish_ms == 0)
        rc = es_release_time(d->app, &deed,
                             d->ini->opens_ms + RELEASES[i].after_ms, e);
    return rc;
}

static enum es_code coverage(struct desk *d, struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_coverage *there;
    struct es_coverage c = {
        .initiative = d->ini->id,
        .day_ms = d->ini->opens_ms + 2 * DAY_MS,
        .publisher = "The Harbour Gazette (made up)",
        .title = "A town that runs for reading light",
        .url = "https://gazette.example/reading-light",
        .lang = "en",
    };
    size_t n = 0;
    enum es_code rc =
        es_store_coverage(d->app->store, d->ini->id, 1, &d->a, &there, &n, e);
    return rc == ES_OK && n == 0 ? es_coverage_put(d->app, &c, &fe, e) : rc;
}

enum es_code es_demo_press(struct es_app *app, const struct es_initiative *ini,
                           struct es_err *e)
{
    struct desk d = { .app = app, .ini = ini };
    enum es_code rc = ES_OK;
    es_arena_init(&d.a, PRESS_MEM);
    for (size_t i = 0; rc == ES_OK && i < N_RELEASES; i++)
        rc = release(&d, i, e);
    if (rc == ES_OK)
        rc = coverage(&d, e);
    es_arena_release(&d.a);
    return rc;
}
