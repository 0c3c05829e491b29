/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/routes.h"

#include "auth/box.h"

#include <string.h>

static const char ROUTE[] = "route", ZONE[] = "circle"; /* purposes of keys */
enum { SEALED_MAX = 16384 };

struct owner {
    uint8_t bytes[24];
};

/* What a sealed row belongs to. */
static struct owner owner_of(int64_t initiative, int64_t participant,
                             int64_t id)
{
    struct owner o;
    int64_t ids[] = { initiative, participant, id };
    for (size_t i = 0; i < sizeof o.bytes; i++)
        o.bytes[i] = (uint8_t)((uint64_t)ids[i / 8] >> i % 8 * 8);
    return o;
}

static struct es_bytes owner_bytes(const struct owner *o)
{
    return (struct es_bytes){ o->bytes, sizeof o->bytes };
}

/* ---- sealed rows ---- */

static enum es_code open_route(const struct es_app *app,
                               const struct es_shown_route *row,
                               struct es_arena *a, struct es_course *out,
                               struct es_err *e)
{
    struct owner o = owner_of(row->initiative, row->participant, row->run);
    struct es_buf plain;
    struct es_rd r;
    enum es_code rc = ES_OK;
    es_buf_init(&plain, SEALED_MAX);
    if (!es_box_open(app->key, ROUTE, owner_bytes(&o), row->line, &plain))
        rc = es_fail(e, ES_EIO, 0, "a shown route is damaged");
    es_rd_init(&r, es_buf_bytes(&plain));
    if (rc == ES_OK)
        rc = es_course_get(&r, a, out, e);
    es_buf_release(&plain);
    return rc;
}

static enum es_code put_route(const struct es_app *app, struct es_txn *tx,
                              struct es_shown_route *row,
                              const struct es_course *route, struct es_err *e)
{
    struct owner o = owner_of(row->initiative, row->participant, row->run);
    struct es_buf plain, sealed;
    es_buf_init(&plain, SEALED_MAX);
    es_buf_init(&sealed, SEALED_MAX);
    es_course_put(&plain, route);
    es_box_seal(app->key, ROUTE, owner_bytes(&o), es_buf_bytes(&plain),
                &sealed);
    row->line = es_buf_bytes(&sealed);
    enum es_code rc = plain.bad || sealed.bad
                          ? es_fail(e, ES_ENOMEM, 0, "no memory for a route")
                          : es_txn_route_put(tx, row, e);
    es_buf_release(&plain);
    es_buf_release(&sealed);
    row->line = (struct es_bytes){ 0 };
    return rc;
}

static enum es_code open_zone(const struct es_app *app,
                              const struct es_zone *row, struct es_circle *out,
                              struct es_err *e)
{
    struct owner o = owner_of(row->initiative, row->participant, row->id);
    struct es_buf plain;
    es_buf_init(&plain, SEALED_MAX);
    enum es_code rc =
        es_box_open(app->key, ZONE, owner_bytes(&o), row->circle, &plain)
            ? es_circle_get(es_buf_bytes(&plain), out, e)
            : es_fail(e, ES_EIO, 0, "a hidden zone is damaged");
    es_buf_release(&plain);
    return rc;
}

static enum es_code add_zone(const struct es_app *app, struct es_txn *tx,
                             const struct es_participant *who,
                             const struct es_circle *c, struct es_err *e)
{
    struct es_zone row = { who->initiative, who->id, es_id_new(), { 0 } };
    struct owner o = owner_of(row.initiative, row.participant, row.id);
    struct es_buf plain, sealed;
    es_buf_init(&plain, SEALED_MAX);
    es_buf_init(&sealed, SEALED_MAX);
    es_circle_put(&plain, c);
    es_box_seal(app->key, ZONE, owner_bytes(&o), es_buf_bytes(&plain), &sealed);
    row.circle = es_buf_bytes(&sealed);
    enum es_code rc = plain.bad || sealed.bad
                          ? es_fail(e, ES_ENOMEM, 0, "no memory for a zone")
                          : es_txn_zone_add(tx, &row, e);
    es_buf_release(&plain);
    es_buf_release(&sealed);
    return rc;
}

/* ---- showing ---- */

struct showing {
    struct es_app *app;
    const struct es_participant *who;
    int64_t run;
    struct es_course whole; /* as the file has it */
    struct es_arena *a;
    struct es_circle zones[ES_ZONES_MAX];
    size_t n_zones, n_old; /* those from n_old on are new */
    enum es_route_end end;
};

static enum es_code read_zones(struct showing *s, struct es_txn *tx,
                               struct es_err *e)
{
    struct es_zone *rows;
    size_t n;
    enum es_code rc =
        es_txn_zones_of(tx, s->who->initiative, s->who->id, s->a, &rows, &n, e);
    if (rc == ES_OK && n > ES_ZONES_MAX)
        rc = es_fail(e, ES_EIO, 0, "%zu zones", n);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = open_zone(s->app, &rows[i], &s->zones[i], e);
    s->n_zones = s->n_old = n;
    return rc;
}

/* A zone for an end that is at no place known so far. */
static enum es_code know_end(struct showing *s, struct es_txn *tx,
                             struct es_geo_point end, struct es_err *e)
{
    for (size_t i = 0; i < s->n_zones; i++)
        if (es_circle_holds(&s->zones[i], end))
            return ES_OK;
    if (s->n_zones == ES_ZONES_MAX) {
        s->end = ES_ROUTE_MANY;
        return ES_OK;
    }
    s->zones[s->n_zones] =
        es_circle_of(s->app->key, s->who->initiative, s->who->id, end);
    return add_zone(s->app, tx, s->who, &s->zones[s->n_zones++], e);
}

/* Trims what is shown already by the zones that are new. */
static enum es_code trim_others(struct showing *s, struct es_txn *tx,
                                struct es_err *e)
{
    struct es_shown_route *rows;
    size_t n = 0;
    enum es_code rc = ES_OK;
    if (s->n_zones > s->n_old)
        rc = es_txn_routes_of(tx, s->who->initiative, s->who->id, s->a, &rows,
                              &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_course r;
        rc = open_route(s->app, &rows[i], s->a, &r, e);
        if (rc != ES_OK)
            break;
        size_t before = r.n;
        es_course_trim(&r, s->zones + s->n_old, s->n_zones - s->n_old);
        if (r.n == 0)
            rc = es_txn_route_drop(tx, rows[i].initiative, rows[i].participant,
                                   rows[i].run, e);
        else if (r.n < before)
            rc = put_route(s->app, tx, &rows[i], &r, e);
    }
    return rc;
}

static enum es_code put_shown(struct showing *s, struct es_txn *tx,
                              struct es_err *e)
{
    struct es_course r = { .n = s->whole.n };
    struct es_shown_route row = {
        s->who->initiative, s->who->id, s->run, es_time_now_ms(), { 0 }
    };
    r.v = es_arena_array(s->a, r.n, sizeof *r.v);
    if (!r.v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a route");
    memcpy(r.v, s->whole.v, r.n * sizeof *r.v);
    es_course_trim(&r, s->zones, s->n_zones);
    s->end = r.n > 0 ? ES_ROUTE_SHOWN : ES_ROUTE_NOTHING;
    if (r.n > 0)
        return put_route(s->app, tx, &row, &r, e);
    enum es_code rc =
        es_txn_route_drop(tx, row.initiative, row.participant, row.run, e);
    return rc == ES_ENOENT ? ES_OK : rc;
}

/* May be tried again: begins from nothing each time. */
static enum es_code show_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    struct showing *s = arg;
    struct es_geo_point ends[ES_ENDS_MAX];
    struct es_run now;
    (void)blob;
    enum es_code rc = es_txn_run(tx, s->who->initiative, s->run, s->a, &now, e);
    if (rc == ES_OK && now.status == ES_RUN_WITHDRAWN)
        rc = es_fail(e, ES_ENOENT, 0, "taken back meanwhile");
    if (rc == ES_OK)
        rc = read_zones(s, tx, e);
    s->end = ES_ROUTE_SHOWN;
    size_t n = es_course_ends(&s->whole, ends);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = know_end(s, tx, ends[i], e);
    if (rc == ES_OK)
        rc = trim_others(s, tx, e);
    if (rc == ES_OK && s->end == ES_ROUTE_SHOWN)
        rc = put_shown(s, tx, e);
    return rc;
}

static enum es_code decode(struct showing *s, const struct es_run *run,
                           struct es_err *e)
{
    struct es_buf file = { 0 };
    enum es_code rc = es_store_blob_read(s->app->store, &run->blob, &file, e);
    if (rc == ES_OK)
        rc = es_ingest_route(s->app->ingest, es_buf_bytes(&file), run->activity,
                             s->a, &s->whole, e);
    es_buf_release(&file);
    return rc;
}

enum es_code es_route_show(struct es_app *app, const struct es_participant *who,
                           int64_t run_id, struct es_arena *a,
                           enum es_route_end *end, struct es_err *e)
{
    struct es_run run;
    struct showing *s = es_arena_alloc(a, sizeof *s);
    if (!s)
        return es_fail(e, ES_ENOMEM, 0, "no memory to show a route");
    *s = (struct showing){ .app = app, .who = who, .run = run_id, .a = a };
    enum es_code rc =
        es_store_run(app->store, who->initiative, run_id, a, &run, e);
    if (rc == ES_OK &&
        (run.participant != who->id || run.status == ES_RUN_WITHDRAWN))
        rc = es_fail(e, ES_ENOENT, 0, "no such run");
    if (rc != ES_OK)
        return rc;
    if (who->visibility == ES_VIS_HIDDEN || run.blob.segment == 0) {
        *end =
            who->visibility == ES_VIS_HIDDEN ? ES_ROUTE_HIDDEN : ES_ROUTE_GONE;
        return ES_OK;
    }
    rc = decode(s, &run, e);
    s->end = ES_ROUTE_NOTHING;
    if (rc == ES_OK && s->whole.n > 0)
        rc = es_store_write(
            app->store, &(struct es_write){ .apply = show_apply, .arg = s }, e);
    if (rc == ES_OK)
        *end = s->end;
    return rc;
}

/* ---- hiding, looking ---- */

struct hiding {
    const struct es_participant *who;
    int64_t run;
};

static enum es_code hide_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct hiding *h = arg;
    (void)blob;
    return es_txn_route_drop(tx, h->who->initiative, h->who->id, h->run, e);
}

enum es_code es_route_hide(struct es_app *app, const struct es_participant *who,
                           int64_t run, struct es_err *e)
{
    struct hiding h = { who, run };
    struct es_err why = { 0 };
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = hide_apply, .arg = &h }, &why);
    if (rc == ES_ENOENT)
        return ES_OK;
    return rc == ES_OK ? ES_OK : es_fail(e, rc, why.at, "%s", why.msg);
}

enum es_code es_route_shape(struct es_app *app, const struct es_run *run,
                            struct es_arena *a, struct es_shape *out,
                            struct es_err *e)
{
    struct es_shown_route row;
    struct es_shape shape = { 0 };
    struct es_course r = { 0 };
    enum es_code rc = es_store_route(app->store, run->initiative,
                                     run->participant, run->id, a, &row, e);
    if (rc == ES_ENOENT || (rc == ES_OK && run->status == ES_RUN_WITHDRAWN)) {
        *out = shape;
        return ES_OK;
    }
    if (rc == ES_OK)
        rc = open_route(app, &row, a, &r, e);
    if (rc != ES_OK)
        return rc;
    struct es_geo_spot *v = es_arena_array(a, r.n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a shape");
    if (r.n > 0)
        es_geo_draw(r.v, r.n, ES_SHAPE_SPAN, v, &shape.wide, &shape.high);
    shape.v = v;
    shape.n = r.n;
    *out = shape;
    return ES_OK;
}
