/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/parties.h"

#include "base/num.h"
#include "base/random.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/edited.h"
#include "initiative/media.h"

#include <math.h>
#include <string.h>

enum { DAY_TEXT = 10, SORT_WORDS = 12 };

/* ---- days ---- */

int64_t es_day_ms(const char *s)
{
    struct es_date d = { 0 };
    int64_t y, m, day;
    if (strlen(s) != DAY_TEXT || s[4] != '-' || s[7] != '-' ||
        !es_num_i64((struct es_bytes){ (const uint8_t *)s, 4 }, 1, 9999, &y) ||
        !es_num_i64((struct es_bytes){ (const uint8_t *)s + 5, 2 }, 1, 12,
                    &m) ||
        !es_num_i64((struct es_bytes){ (const uint8_t *)s + 8, 2 }, 1, 31,
                    &day))
        return ES_NO_TIME;
    d.year = (int)y;
    d.month = (int)m;
    d.day = (int)day;
    return es_time_of(&d);
}

bool es_day_ok(const char *s)
{
    return es_day_ms(s) != ES_NO_TIME;
}

/* ---- parties ---- */

/* Each name cleaned, the empty ones left out. */
static enum es_code take_names(const struct es_many *in, const char *field,
                               struct es_arena *a, struct es_many *out,
                               struct es_field_errors *fe, struct es_err *e)
{
    out->n = 0;
    for (size_t i = 0; i < in->n; i++) {
        const char *s = es_edit_words(a, in->v[i].text, false);
        if (!s)
            return es_fail(e, ES_ENOMEM, 0, "names");
        if (es_utf8_count(es_bytes_str(s)) > ES_FACE_LABEL)
            es_field_errors_add(fe, field, "too_long", ES_FACE_LABEL);
        if (!es_many_put(out, in->v[i].lang, s))
            es_field_errors_add(fe, field, "invalid", NAN);
    }
    return ES_OK;
}

/* The first name folded, so that lists stand in an order that people expect. */
static const char *sort_key(const struct es_many *names, struct es_arena *a)
{
    const char *words[SORT_WORDS];
    size_t n = 0;
    const char *out = "";
    if (!es_text_words(a, names->v[0].text, words, SORT_WORDS, &n))
        return NULL;
    for (size_t i = 0; out && i < n; i++)
        out = es_arena_fmt(a, "%s%s ", out, words[i]);
    return out;
}

static enum es_code party_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_party_put(tx, arg, e);
}

enum es_code es_party_keep(struct es_app *app, const struct es_party_want *w,
                           struct es_arena *a, int64_t *id,
                           struct es_field_errors *fe, struct es_err *e)
{
    struct es_many names;
    struct es_party p = {
        .initiative = w->initiative,
        .id = w->id ? w->id : es_id_new(),
        .what = w->what,
        .kind = w->what == ES_PARTY_BODY ? w->kind : 0,
        .portrait = w->portrait,
        .edition = w->edition,
    };
    enum es_code rc = take_names(w->names, "name", a, &names, fe, e);
    if (rc == ES_OK && !names.n && !fe->n)
        es_field_errors_add(fe, "name", "required", NAN);
    if (w->kind < 0 || w->kind >= ES_PARTY_KINDS)
        es_field_errors_add(fe, "kind", "invalid", NAN);
    if (rc == ES_OK && fe->n)
        rc = es_fail(e, ES_EINVAL, 0, "fields");
    if (rc != ES_OK)
        return rc;
    p.names = es_many_json(&names, a);
    p.sort_key = sort_key(&names, a);
    if (!p.names || !p.sort_key)
        return es_fail(e, ES_ENOMEM, 0, "names");
    rc = es_store_write(
        app->store, &(struct es_write){ .apply = party_apply, .arg = &p }, e);
    if (rc == ES_OK)
        *id = p.id;
    return rc;
}

static enum es_code drop_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct es_party *p = arg;
    (void)blob;
    return es_txn_party_drop(tx, p->initiative, p->id, e);
}

enum es_code es_party_drop(struct es_app *app, int64_t initiative, int64_t id,
                           struct es_arena *a, struct es_err *e)
{
    struct es_party p;
    enum es_code rc = es_store_party(app->store, initiative, id, a, &p, e);
    if (rc == ES_OK)
        rc = es_store_write(
            app->store, &(struct es_write){ .apply = drop_apply, .arg = &p },
            e);
    if (rc == ES_OK && p.portrait)
        rc = es_media_drop(app, initiative, p.portrait, e);
    return rc;
}

/* ---- seats ---- */

static void check_period(const struct es_seat_want *w,
                         struct es_field_errors *fe)
{
    bool from = !*w->from || es_day_ok(w->from);
    bool to = !*w->to || es_day_ok(w->to);
    if (!from)
        es_field_errors_add(fe, "from", "date", NAN);
    if (!to)
        es_field_errors_add(fe, "to", "date", NAN);
    if (from && to && *w->from && *w->to && strcmp(w->to, w->from) < 0)
        es_field_errors_add(fe, "to", "before_start", NAN);
}

struct seating {
    struct es_seat seat;
    bool title;        /* it has one */
    const char *field; /* what has no sense: found inside */
};

/* A person sits in a body, with a title, or in none; whoever is no group sits
 * in a group. */
static enum es_code seat_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    struct seating *g = arg;
    const struct es_seat *t = &g->seat;
    int32_t who = 0;
    int32_t of = 0;
    (void)blob;
    g->field = "party";
    enum es_code rc = es_txn_party_what(tx, t->initiative, t->party, &who, e);
    if (rc == ES_OK && t->of) {
        g->field = "of";
        rc = es_txn_party_what(tx, t->initiative, t->of, &of, e);
    }
    if (rc == ES_ENOENT ||
        (rc == ES_OK && (who == ES_PARTY_GROUP || of == ES_PARTY_PERSON ||
                         (who == ES_PARTY_BODY && of != ES_PARTY_GROUP))))
        return es_fail(e, ES_EINVAL, 0, "%s", g->field);
    g->field = "title";
    if (rc == ES_OK && !g->title && of != ES_PARTY_GROUP)
        return es_fail(e, ES_EINVAL, 0, "%s", g->field);
    g->field = NULL;
    return rc == ES_OK ? es_txn_seat_put(tx, t, e) : rc;
}

static enum es_code seat_room(struct es_app *app, const struct es_seat_want *w,
                              struct es_arena *a, struct es_err *e)
{
    struct es_seat *v;
    size_t n = 0;
    enum es_code rc = es_store_seats(app->store, w->initiative, w->party,
                                     ES_SEATS_MAX, a, &v, &n, e);
    if (rc == ES_OK && n >= ES_SEATS_MAX && !w->id)
        rc = es_fail(e, ES_ETOOLARGE, 0, "no more seats");
    if (rc == ES_OK && w->of)
        rc = es_store_seats_in(app->store, w->initiative, w->of,
                               ES_STORE_LIST_MAX, a, &v, &n, e);
    if (rc == ES_OK && w->of && n >= ES_STORE_LIST_MAX - 1 && !w->id)
        rc = es_fail(e, ES_ETOOLARGE, 0, "no more seats");
    return rc;
}

enum es_code es_seat_keep(struct es_app *app, const struct es_seat_want *w,
                          struct es_arena *a, int64_t *id,
                          struct es_field_errors *fe, struct es_err *e)
{
    struct es_many title;
    struct seating g = { .seat = { .initiative = w->initiative,
                                   .id = w->id ? w->id : es_id_new(),
                                   .party = w->party,
                                   .of = w->of,
                                   .country = w->country,
                                   .from = w->from,
                                   .to = w->to } };
    enum es_code rc = seat_room(app, w, a, e);
    if (rc == ES_OK)
        rc = take_names(w->title, "title", a, &title, fe, e);
    if (*w->country && !es_country_known(w->country))
        es_field_errors_add(fe, "country", "unknown", NAN);
    check_period(w, fe);
    if (rc == ES_OK && fe->n)
        rc = es_fail(e, ES_EINVAL, 0, "fields");
    if (rc != ES_OK)
        return rc;
    g.seat.title = es_many_json(&title, a);
    g.title = title.n > 0;
    if (!g.seat.title)
        return es_fail(e, ES_ENOMEM, 0, "title");
    rc = es_store_write(
        app->store, &(struct es_write){ .apply = seat_apply, .arg = &g }, e);
    if (rc == ES_EINVAL && strcmp(g.field, "title") == 0)
        es_field_errors_add(fe, "title", "required", NAN);
    else if (rc == ES_EINVAL)
        es_field_errors_add(fe, g.field, "unknown", NAN);
    if (rc == ES_OK)
        *id = g.seat.id;
    return rc;
}

static enum es_code unseat_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    const struct es_seat *t = arg;
    (void)blob;
    return es_txn_seat_drop(tx, t->initiative, t->id, e);
}

enum es_code es_seat_drop(struct es_app *app, int64_t initiative, int64_t id,
                          struct es_err *e)
{
    struct es_seat t = { .initiative = initiative, .id = id };
    return es_store_write(
        app->store, &(struct es_write){ .apply = unseat_apply, .arg = &t }, e);
}

/* ---- offices, told ---- */

enum es_code es_offices(struct es_app *app, int64_t initiative, int64_t person,
                        const char *lang, struct es_arena *a,
                        struct es_office_told **out, size_t *n,
                        struct es_err *e)
{
    struct es_seat *v = NULL;
    size_t found = 0;
    size_t kept = 0;
    enum es_code rc = es_store_seats(app->store, initiative, person,
                                     ES_SEATS_MAX, a, &v, &found, e);
    struct es_office_told *told =
        rc == ES_OK ? es_arena_array(a, found, sizeof *told) : NULL;
    if (rc == ES_OK && !told)
        rc = es_fail(e, ES_ENOMEM, 0, "offices");
    for (size_t i = 0; rc == ES_OK && i < found; i++) {
        struct es_party body = { .names = "[]", .what = ES_PARTY_BODY };
        if (v[i].of)
            rc = es_store_party(app->store, initiative, v[i].of, a, &body, e);
        if (rc != ES_OK || body.what == ES_PARTY_GROUP)
            continue;
        told[kept++] = (struct es_office_told){
            .id = v[i].id,
            .title = es_many_tell_json(v[i].title, lang, a),
            .body = es_many_tell_json(body.names, lang, a),
            .country = v[i].country,
            .from = v[i].from,
            .to = v[i].to,
        };
    }
    if (rc != ES_OK)
        return rc;
    *out = told;
    *n = kept;
    return ES_OK;
}

const struct es_office_told *es_office_held(const struct es_office_told *v,
                                            size_t n, const char *day,
                                            int64_t chosen)
{
    const struct es_office_told *held = NULL;
    for (size_t i = 0; *day && i < n; i++) {
        const struct es_office_told *t = &v[i];
        bool then = (!*t->from || strcmp(t->from, day) <= 0) &&
                    (!*t->to || strcmp(day, t->to) <= 0);
        if (then && (!held || t->id == chosen))
            held = t;
    }
    return held;
}
