/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which offices a person held, and who was in a group, for its console page. */
#include "base/num.h"
#include "web/pages.h"
#include "web/parties.h"

#include <math.h>
#include <string.h>

#define ROOT "/organise/e/{slug}/people-and-bodies/{party}/seats"

enum { LISTED = 500 }; /* bodies, or people, to choose among */

/* ---- the rows ---- */

static enum es_code row(const struct es_web_party *k, const struct es_seat *t,
                        struct es_view_seat_row *out, struct es_err *e)
{
    const struct es_req *q = k->q;
    struct es_arena *a = es_req_arena(q);
    struct es_store *store = es_web_of(q)->app->store;
    const char *lang = es_web_lang(q, NULL)->tag;
    struct es_party of = { .names = "[]" };
    struct es_party who = { .names = "[]" };
    enum es_code rc = ES_OK;
    if (t->of && t->of != k->p.id)
        rc = es_store_party(store, k->p.initiative, t->of, a, &of, e);
    if (rc == ES_OK && t->party != k->p.id)
        rc = es_store_party(store, k->p.initiative, t->party, a, &who, e);
    if (rc != ES_OK)
        return rc;
    *out = (struct es_view_seat_row){
        .office = { .title =
                        es_web_named(q, es_many_tell_json(t->title, lang, a)),
                    .body =
                        es_web_named(q, es_many_tell_json(of.names, lang, a)),
                    .country =
                        es_country_name(es_web_lang(q, NULL), t->country),
                    .from_ms = es_day_ms(t->from),
                    .to_ms = es_day_ms(t->to) },
        .who = es_web_named(q, es_many_tell_json(who.names, lang, a)),
    };
    if (k->p.what == ES_PARTY_BODY && t->party != k->p.id)
        return ES_OK; /* changed on the page of who holds it */
    if (of.what == ES_PARTY_GROUP && k->p.what != ES_PARTY_GROUP)
        return ES_OK; /* on the group's */
    const char *slug = es_web_who(q)->here.slug;
    out->change =
        es_url_path(a, "/organise/e/%s/people-and-bodies/%lld?seat=%lld", slug,
                    (long long)k->p.id, (long long)t->id);
    out->remove = es_url_path(
        a, "/organise/e/%s/people-and-bodies/%lld/seats/%lld/remove", slug,
        (long long)k->p.id, (long long)t->id);
    return ES_OK;
}

/* A person's own; of a body and a group, those in it. */
static enum es_code seats_of(const struct es_web_party *k, struct es_seat **out,
                             size_t *n, struct es_err *e)
{
    struct es_store *store = es_web_of(k->q)->app->store;
    struct es_arena *a = es_req_arena(k->q);
    return k->p.what == ES_PARTY_PERSON
               ? es_store_seats(store, k->p.initiative, k->p.id, ES_SEATS_MAX,
                                a, out, n, e)
               : es_store_seats_in(store, k->p.initiative, k->p.id, LISTED, a,
                                   out, n, e);
}

/* ---- the form ---- */

static const char *title_field(const struct es_req *q, const char *lang)
{
    const char *s = es_arena_fmt(es_req_arena(q), "title_%s", lang);
    return s ? s : "title_en";
}

/* Parties of one kind behind those that are there, to choose among. */
static enum es_code choices(const struct es_req *q, int32_t what,
                            int64_t chosen, struct es_view_choice *c, size_t *n,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_party *p = NULL;
    size_t found = 0;
    enum es_code rc =
        es_store_parties(es_web_of(q)->app->store, es_web_who(q)->here.id, what,
                         "", 0, LISTED, a, &p, &found, e);
    for (size_t i = 0; rc == ES_OK && i < found; i++)
        c[(*n)++] = (struct es_view_choice){
            es_web_number(q, p[i].id),
            es_many_tell_json(p[i].names, es_web_lang(q, NULL)->tag, a).text,
            p[i].id == chosen,
            { NULL }
        };
    return rc;
}

/* The seat that ?seat= names, or an empty one. */
static struct es_seat edited(const struct es_web_party *k,
                             const struct es_seat *v, size_t n)
{
    const char *s =
        k->seating ? es_web_given(k->q, "seat") : es_req_query(k->q, "seat");
    int64_t id = 0;
    if (s && es_num_i64(es_bytes_str(s), 1, INT64_MAX, &id))
        for (size_t i = 0; i < n; i++)
            if (v[i].id == id)
                return v[i];
    return (
        struct es_seat){ .title = "[]", .country = "", .from = "", .to = "" };
}

static struct es_view_field field(const struct es_web_party *k,
                                  const char *name, const char *kept)
{
    static const struct es_field_errors NONE;
    if (k->seating)
        return es_web_field(k->q, name, &k->fe);
    struct es_view_field f = es_web_field(k->q, name, &NONE);
    f.value = kept;
    return f;
}

static void titles(const struct es_web_party *k, const struct es_seat *t,
                   struct es_view_seat_form *f)
{
    struct es_many m = { .n = 0 };
    struct es_err e;
    bool read = es_many_read(t->title, es_req_arena(k->q), &m, &e) == ES_OK;
    for (size_t i = 0; i < ES_LANGS; i++) {
        const struct es_lang *l = es_lang_at(i);
        const char *name = title_field(k->q, l->tag);
        struct es_view_field v =
            field(k, name, read ? es_many_in(&m, l->tag) : "");
        f->titles[i] = (struct es_view_name_field){
            name, l->name, l->tag, l->dir, { v.value, NULL, NULL }
        };
    }
}

static enum es_code form(const struct es_web_party *k, const struct es_seat *t,
                         struct es_view_seat_form *f, struct es_err *e)
{
    const struct es_req *q = k->q;
    struct es_arena *a = es_req_arena(q);
    bool group = k->p.what == ES_PARTY_GROUP;
    struct es_view_choice *c = es_arena_array(a, (size_t)LISTED * 2, sizeof *c);
    int64_t chosen = group ? t->party : t->of;
    size_t n = 0;
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "choices");
    *f = (struct es_view_seat_form){
        .action = es_url_path(a, "/organise/e/%s/people-and-bodies/%lld/seats",
                              es_web_who(q)->here.slug, (long long)k->p.id),
        .seat = t->id ? es_web_number(q, t->id) : "",
        .of = field(k, "of", t->of ? es_web_number(q, t->of) : ""),
        .party = field(k, "party", t->party ? es_web_number(q, t->party) : ""),
        .title = field(k, "title", ""),
        .country = field(k, "country", t->country),
        .from = field(k, "from", t->from),
        .to = field(k, "to", t->to),
    };
    if (t->id)
        f->cancel = es_web_party_url(q, k->p.id);
    titles(k, t, f);
    if (k->seating)
        (void)es_num_i64(es_bytes_str(es_web_given(q, group ? "party" : "of")),
                         0, INT64_MAX, &chosen);
    enum es_code rc =
        group ? choices(q, ES_PARTY_PERSON, chosen, c, &n, e) : ES_OK;
    if (rc == ES_OK)
        rc = choices(q, ES_PARTY_BODY, chosen, c, &n, e);
    *(group ? &f->who : &f->bodies) = c;
    *(group ? &f->n_who : &f->n_bodies) = n;
    return rc;
}

enum es_code es_web_seats(struct es_web_party *k, struct es_view_party *v,
                          struct es_err *e)
{
    struct es_seat *t = NULL;
    size_t n = 0;
    enum es_code rc = seats_of(k, &t, &n, e);
    struct es_view_seat_row *rows =
        rc == ES_OK ? es_arena_array(es_req_arena(k->q), n, sizeof *rows)
                    : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "seats");
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = row(k, &t[i], &rows[i], e);
    if (rc != ES_OK)
        return rc;
    v->seats = rows;
    v->n_seats = n;
    if (k->p.what == ES_PARTY_BODY)
        return ES_OK;
    const struct es_seat one = edited(k, t, n);
    return form(k, &one, &v->seat, e);
}

/* ---- keeping ---- */

static int64_t id_given(const struct es_req *q, const char *name)
{
    int64_t id = 0;
    (void)es_num_i64(es_bytes_str(es_web_given(q, name)), 1, INT64_MAX, &id);
    return id;
}

/* The seat that is to be changed is one of this party. */
static enum es_code check_own(const struct es_web_party *k, int64_t seat,
                              struct es_err *e)
{
    struct es_seat *t;
    size_t n;
    if (!seat)
        return ES_OK;
    enum es_code rc = seats_of(k, &t, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (t[i].id == seat)
            return ES_OK;
    return rc == ES_OK ? es_fail(e, ES_ENOENT, 0, "another's") : rc;
}

/* POST .../people-and-bodies/{party}/seats */
static enum es_code seat_keep(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_web_party *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    struct es_many title = { .n = 0 };
    int64_t id;
    enum es_code rc =
        k ? es_web_party_load(q, k, e) : es_fail(e, ES_ENOMEM, 0, "party");
    if (rc == ES_OK)
        rc = check_own(k, id_given(q, "seat"), e);
    if (rc == ES_ENOENT || (rc == ES_OK && k->p.what == ES_PARTY_BODY))
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    bool group = k->p.what == ES_PARTY_GROUP;
    for (size_t i = 0; i < ES_LANGS; i++)
        if (!es_many_put(&title, es_lang_at(i)->tag,
                         es_web_given(q, title_field(q, es_lang_at(i)->tag))))
            return es_fail(e, ES_EINTERNAL, 0, "languages");
    struct es_seat_want want = {
        .initiative = k->p.initiative,
        .id = id_given(q, "seat"),
        .party = group ? id_given(q, "party") : k->p.id,
        .of = group ? k->p.id : id_given(q, "of"),
        .title = &title,
        .country = es_web_given(q, "country"),
        .from = es_web_given(q, "from"),
        .to = es_web_given(q, "to"),
    };
    k->seating = true;
    rc =
        es_seat_keep(es_web_of(q)->app, &want, es_req_arena(q), &id, &k->fe, e);
    if (rc == ES_EINVAL)
        return es_web_party_show(k, out, 422, e);
    if (rc == ES_ETOOLARGE)
        return es_web_fail(q, out, 409,
                           es_t(es_web_lang(q, NULL),
                                ES_T("There are as many here as can be.")));
    return rc == ES_OK ? es_web_party_back(q, out, k->p.id, "kept") : rc;
}

/* POST .../people-and-bodies/{party}/seats/{seat}/remove */
static enum es_code seat_remove(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    struct es_web_party *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    int64_t seat = 0;
    enum es_code rc =
        k ? es_web_party_load(q, k, e) : es_fail(e, ES_ENOMEM, 0, "party");
    if (rc == ES_OK && !es_req_i64(q, "seat", 1, INT64_MAX, &seat))
        rc = es_fail(e, ES_ENOENT, 0, "no number");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = check_own(k, seat, e);
    if (rc == ES_OK)
        rc = es_seat_drop(es_web_of(q)->app, k->p.initiative, seat, e);
    /* gone already: a second press of the button */
    return rc == ES_OK || rc == ES_ENOENT
               ? es_web_party_back(q, out, k->p.id, "gone")
               : rc;
}

static const struct es_route ROUTES[] = {
    { ES_POST, ROOT, ES_BODY_FORM, ES_WEB_FORM, seat_keep },
    { ES_POST, ROOT "/{seat}/remove", ES_BODY_FORM, ES_WEB_FORM, seat_remove },
};
const struct es_routes ES_ROUTES_SEATS = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
