/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/programme.h"

#include "base/address.h"
#include "base/random.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

static const int64_t DAY_MS = 86400000;

/* ---- what can't be ---- */

/* "title_ur"; a name that lives as long as the process. */
static const char *field_in(const char *what, size_t lang)
{
    static const char *const TITLES[ES_LANGS] = { "title_en", "title_tr",
                                                  "title_az", "title_ur",
                                                  "title_ar" };
    static const char *const ABOUTS[ES_LANGS] = { "about_en", "about_tr",
                                                  "about_az", "about_ur",
                                                  "about_ar" };
    const char *tag = es_lang_at(lang)->tag;
    const char *const *names = *what == 't' ? TITLES : ABOUTS;
    for (size_t i = 0; i < ES_LANGS; i++)
        if (strcmp(names[i] + 6, tag) == 0)
            return names[i];
    return what;
}

static void too_long(const char *s, const char *field, size_t max,
                     struct es_field_errors *fe)
{
    if (es_utf8_count(es_bytes_str(s)) > max)
        es_field_errors_add(fe, field, "too_long", (double)max);
}

/* Its bytes are counted: of prose the reading is what costs. */
static void too_much(const char *s, const char *field,
                     struct es_field_errors *fe)
{
    if (strlen(s) > ES_OCCASION_ABOUT)
        es_field_errors_add(fe, field, "too_long", ES_OCCASION_ABOUT);
}

static void no_address(const char *s, const char *field,
                       struct es_field_errors *fe)
{
    if (*s && !es_address_ok(s))
        es_field_errors_add(fe, field, "address", NAN);
}

static void check_times(const struct es_occasion *o, struct es_field_errors *fe)
{
    if (!es_zone_known(o->zone))
        es_field_errors_add(fe, "zone", "unknown", NAN);
    if (o->starts_ms == ES_NO_TIME || o->ends_ms == ES_NO_TIME)
        return;
    if (o->ends_ms <= o->starts_ms)
        es_field_errors_add(fe, "ends", "order", NAN);
    else if (o->ends_ms - o->starts_ms > ES_OCCASION_DAYS * DAY_MS)
        es_field_errors_add(fe, "ends", "invalid", NAN);
}

static void check_people(const struct es_occasion_body *b,
                         struct es_field_errors *fe)
{
    for (size_t i = 0; i < b->n_hosts; i++) {
        too_long(b->hosts[i].name, "hosts", ES_FACE_LABEL, fe);
        no_address(b->hosts[i].url, "hosts", fe);
    }
    for (size_t i = 0; i < b->n_speakers; i++) {
        too_long(b->speakers[i].name, "speakers", ES_FACE_LABEL, fe);
        too_long(b->speakers[i].office, "speakers", ES_FACE_LABEL, fe);
    }
    for (size_t i = 0; i < b->n_items; i++) {
        too_long(b->items[i].title, "items", ES_TITLE_MAX, fe);
        too_long(b->items[i].who, "items", ES_FACE_LABEL, fe);
        for (size_t l = 0; l < ES_LANGS; l++)
            too_long(b->items[i].in[l], "items", ES_TITLE_MAX, fe);
    }
}

void es_occasion_check(const struct es_occasion *o,
                       const struct es_occasion_body *b,
                       struct es_field_errors *fe)
{
    if (!*o->title)
        es_field_errors_add(fe, "title", "required", NAN);
    too_long(o->title, "title", ES_TITLE_MAX, fe);
    too_much(b->about, "about", fe);
    for (size_t i = 0; i < ES_LANGS; i++) {
        too_long(b->in[i].title, field_in("title", i), ES_TITLE_MAX, fe);
        too_much(b->in[i].about, field_in("about", i), fe);
    }
    if (o->kind < 0 || o->kind >= ES_OCCASION_KINDS)
        es_field_errors_add(fe, "what", "unknown", NAN);
    check_times(o, fe);
    too_long(b->place.name, "place", ES_FACE_LABEL, fe);
    too_long(b->place.address, "address", ES_NOTE_MAX, fe);
    no_address(b->place.map, "map", fe);
    no_address(b->online.url, "online", fe);
    check_people(b, fe);
    no_address(b->recording.url, "recording", fe);
    too_long(b->recording.transcript, "transcript", ES_FACE_TRANSCRIPT, fe);
}

/* ---- moving ---- */

static int64_t midnight(const char *zone, int64_t t_ms)
{
    struct es_date d = es_zone_date(zone, t_ms);
    d.hour = d.minute = d.second = d.ms = 0;
    return es_time_of(&d);
}

void es_occasion_follow(struct es_occasion_body *b,
                        const struct es_occasion *was,
                        const struct es_occasion *now)
{
    int64_t by_ms = midnight(now->zone, now->starts_ms) -
                    midnight(was->zone, was->starts_ms);
    for (size_t i = 0; i < b->n_items; i++) {
        struct es_occasion_item *it = &b->items[i];
        if (it->at_ms == ES_NO_TIME)
            continue;
        struct es_date d = es_zone_date(was->zone, it->at_ms);
        d = es_date_of(es_time_of(&d) + by_ms);
        it->at_ms = es_zone_time(now->zone, &d);
    }
}

/* ---- keeping ---- */

bool es_occasion_moved(const struct es_occasion *was,
                       const struct es_occasion_body *was_body,
                       const struct es_occasion *now,
                       const struct es_occasion_body *now_body)
{
    if (was->state == ES_OCCASION_DRAFT)
        return false;
    return was->state != now->state || was->starts_ms != now->starts_ms ||
           was->ends_ms != now->ends_ms || strcmp(was->zone, now->zone) != 0 ||
           strcmp(was->title, now->title) != 0 ||
           strcmp(was_body->place.name, now_body->place.name) != 0 ||
           strcmp(was_body->place.address, now_body->place.address) != 0 ||
           strcmp(was_body->online.url, now_body->online.url) != 0;
}

static enum es_code write_body(struct es_occasion *o,
                               const struct es_occasion_body *b,
                               struct es_arena *a, struct es_err *e)
{
    struct es_buf json;
    es_buf_init(&json, ES_OCCASION_MAX);
    es_occasion_write(b, &json);
    o->body = json.bad ? NULL : es_arena_str(a, es_buf_cstr(&json));
    enum es_code rc = json.bad  ? es_fail(e, ES_ETOOLARGE, 0, "event")
                      : o->body ? ES_OK
                                : es_fail(e, ES_ENOMEM, 0, "event");
    es_buf_release(&json);
    return rc;
}

static enum es_code add(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_occasion_add(tx, arg, e);
}

static enum es_code put(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_occasion_put(tx, arg, e);
}

static enum es_code checked(const struct es_occasion *o,
                            const struct es_occasion_body *b,
                            struct es_field_errors *fe, struct es_err *e)
{
    es_occasion_check(o, b, fe);
    return fe->n ? es_fail(e, ES_EINVAL, 0, "event") : ES_OK;
}

enum es_code es_occasion_add(struct es_app *app, struct es_occasion *o,
                             const struct es_occasion_body *b,
                             struct es_arena *a, struct es_field_errors *fe,
                             struct es_err *e)
{
    enum es_code rc = checked(o, b, fe, e);
    if (rc == ES_OK)
        rc = write_body(o, b, a, e);
    if (rc != ES_OK)
        return rc;
    o->id = es_id_new();
    o->sequence = 0;
    o->created_ms = o->edited_ms = es_time_now_ms();
    return es_store_write(app->store,
                          &(struct es_write){ .apply = add, .arg = o }, e);
}

enum es_code es_occasion_save(struct es_app *app, const struct es_occasion *was,
                              struct es_occasion *o,
                              const struct es_occasion_body *b,
                              struct es_arena *a, struct es_field_errors *fe,
                              struct es_err *e)
{
    struct es_occasion_body *before = es_arena_alloc(a, sizeof *before);
    enum es_code rc =
        before ? checked(o, b, fe, e) : es_fail(e, ES_ENOMEM, 0, "event");
    if (rc == ES_OK)
        rc = es_occasion_read(was->body, a, before, e);
    if (rc == ES_OK)
        rc = write_body(o, b, a, e);
    if (rc != ES_OK)
        return rc;
    o->sequence = was->sequence + es_occasion_moved(was, before, o, b);
    o->edition = was->edition;
    o->edited_ms = es_time_now_ms();
    return es_store_write(app->store,
                          &(struct es_write){ .apply = put, .arg = o }, e);
}

struct dropping {
    int64_t initiative, id;
};

static enum es_code drop(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    const struct dropping *d = arg;
    (void)blob;
    return es_txn_occasion_drop(tx, d->initiative, d->id, e);
}

enum es_code es_occasion_drop(struct es_app *app, int64_t initiative,
                              int64_t id, struct es_err *e)
{
    struct dropping d = { initiative, id };
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = drop, .arg = &d }, e);
    return rc == ES_ENOENT ? es_fail(e, ES_ECONFLICT, 0, "no draft") : rc;
}
