/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The doors of an event: a page that takes codes, and works without a script;
 * with one (js/check-in.ts) also without a network, from the list that it is
 * given here, and tells later who came. */
#include "base/json.h"
#include "base/log.h"
#include "base/num.h"
#include "initiative/edited.h"
#include "web/assets.h"
#include "web/pages.h"
#include "web/tickets.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

enum { ROWS = 20, EVENTS = 40, DOOR_MAX = 40 };
static const int64_t DAY_MS = 86400000;

struct door {
    const struct es_req *q;
    struct es_occasion o;
    struct es_occasion_body *b;
    struct es_ticketing t;
    struct es_ticket_choices choices;
    struct es_field_errors fe;
    struct es_view_check_in *v;
};

static enum es_code load(const struct es_req *q, struct door *d,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    *d = (struct door){ .q = q,
                        .b = es_arena_alloc(a, sizeof *d->b),
                        .v = es_arena_alloc(a, sizeof *d->v) };
    if (!d->b || !d->v)
        return es_fail(e, ES_ENOMEM, 0, "check-in");
    enum es_code rc = es_web_occasion(q, &es_web_who(q)->here, &d->o, d->b, e);
    if (rc == ES_OK)
        rc = es_ticketing_of(es_web_of(q)->app, d->o.initiative, d->o.id, a,
                             &d->t, &d->choices, e);
    return rc == ES_OK && !d->t.edition
               ? es_fail(e, ES_ENOENT, 0, "nobody registers for it")
               : rc;
}

/* ---- which door this is ---- */

/* What the helper called it, else what their browser is called. */
static const char *door_name(const struct es_req *q, const char *given)
{
    struct es_arena *a = es_req_arena(q);
    const char *s = es_edit_words(a, given, false);
    if (!s || !*s)
        s = es_web_browser(q);
    return es_arena_fmt(a, "%.*s", DOOR_MAX * 4, s);
}

/* Without a script a device is known by its session. */
static struct es_ticket_door door_of(const struct door *d, int64_t id,
                                     const char *given)
{
    const char *name = door_name(d->q, given);
    const struct es_who *who = es_web_who(d->q);
    return (struct es_ticket_door){
        .initiative = d->o.initiative,
        .occasion = d->o.id,
        .id = id ? id : who->staff_session.id,
        .name = name ? name : "",
        .account = who->account.id,
        .seen_ms = es_time_now_ms(),
    };
}

static enum es_code doors(struct door *d, struct es_ticket_door **v, size_t *n,
                          struct es_err *e)
{
    return es_store_ticket_doors(es_web_of(d->q)->app->store, d->o.initiative,
                                 d->o.id, es_req_arena(d->q), v, n, e);
}

static const char *name_of(const struct es_ticket_door *v, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].id == id)
            return v[i].name;
    return "";
}

/* ---- the page ---- */

static enum es_code figures(struct door *d, struct es_err *e)
{
    struct es_ticket_count *c;
    size_t n;
    enum es_code rc =
        es_store_ticket_counts(es_web_of(d->q)->app->store, d->o.initiative,
                               d->o.id, es_req_arena(d->q), &c, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        d->v->placed += c[i].state == ES_TICKET_PLACED ? c[i].n : 0;
        d->v->came += c[i].came;
    }
    return rc;
}

static enum es_code show_doors(struct door *d, int64_t came_door,
                               struct es_err *e)
{
    struct es_ticket_door *all;
    size_t n;
    enum es_code rc = doors(d, &all, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_door *v = es_arena_array(es_req_arena(d->q), n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "doors");
    for (size_t i = 0; i < n; i++)
        v[i] = (struct es_view_door){ all[i].name, all[i].shown, all[i].first,
                                      all[i].seen_ms };
    d->v->doors = v;
    d->v->n_doors = n;
    d->v->first_door = name_of(all, n, came_door);
    return ES_OK;
}

/* Those whose names were looked for. */
static enum es_code found(struct door *d, struct es_err *e)
{
    const struct es_req *q = d->q;
    const struct es_lang *l = es_web_lang(q, NULL);
    const char *text = es_req_query(q, "q");
    struct es_ticket *v;
    d->v->asked = text ? text : "";
    if (!*d->v->asked)
        return ES_OK;
    struct es_tickets_ask ask = { .initiative = d->o.initiative,
                                  .occasion = d->o.id,
                                  .state = -1,
                                  .came = -1,
                                  .word = es_web_ticket_words(q, text),
                                  .max = ROWS };
    enum es_code rc = es_store_tickets(es_web_of(q)->app->store, &ask,
                                       es_req_arena(q), &v, &d->v->n, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_ticket_row *rows =
        es_arena_array(es_req_arena(q), d->v->n, sizeof *rows);
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "tickets");
    for (size_t i = 0; i < d->v->n; i++) {
        const char *id = es_arena_fmt(es_req_arena(q), "%" PRId64, v[i].id);
        rows[i] = (struct es_view_ticket_row){
            .id = id ? id : "",
            .name = v[i].name,
            .mail = "",
            .affiliation =
                es_words_affiliation(l, &d->choices, v[i].affiliation),
            .state = es_words_ticket_state(l, v[i].state),
            .code = "",
            .created_ms = v[i].created_ms,
            .came_ms = v[i].came_ms,
        };
    }
    d->v->rows = rows;
    return ES_OK;
}

static struct es_url tail(const struct door *d, const char *what)
{
    const char *slug = es_web_who(d->q)->here.slug;
    struct es_arena *a = es_req_arena(d->q);
    long long id = (long long)d->o.id;
    return *what ? es_url_path(a, "/organise/e/%s/check-in/%lld/%s", slug, id,
                               what)
                 : es_url_path(a, "/organise/e/%s/check-in/%lld", slug, id);
}

/* `t`: the ticket just shown, or NULL; `said` of it. */
static enum es_code show(struct door *d, struct es_resp *out,
                         const struct es_ticket *t, enum es_view_at_door said,
                         struct es_err *e)
{
    const struct es_req *q = d->q;
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_view_check_in *v = d->v;
    const char *event = es_arena_fmt(a, "%" PRId64, d->o.id);
    *v = (struct es_view_check_in){
        .frame = es_web_frame(q, ini),
        .row = es_web_event_row(q, ini, &d->o, d->b),
        .action = tail(d, ""),
        .list = tail(d, "list"),
        .shown = tail(d, "shown"),
        .worker = es_url_fixed("/check-in-worker.js"),
        .others = es_url_path(a, "/organise/e/%s/check-in", ini->slug),
        .event = event ? event : "",
        .ends_ms = d->o.ends_ms,
        .code = es_web_field(q, "code", &d->fe),
        .door = es_web_field(q, "door", &d->fe),
        .said = said,
        .name = t ? t->name : "",
        .affiliation = "",
        .ticket = "",
        .first_ms = t ? t->came_ms : 0,
        .first_door = "",
        .asked = "",
    };
    if (t) {
        const char *id = es_arena_fmt(a, "%" PRId64, t->id);
        v->affiliation = es_words_affiliation(es_web_lang(q, NULL), &d->choices,
                                              t->affiliation);
        v->ticket = id ? id : "";
        v->code.value = ""; /* for the next */
    }
    enum es_code rc = figures(d, e);
    if (rc == ES_OK)
        rc = show_doors(d, t ? t->came_door : 0, e);
    if (rc == ES_OK)
        rc = found(d, e);
    if (rc != ES_OK)
        return rc;
    if (d->fe.n)
        es_resp_status(out, 422);
    es_resp_header(out, "Permissions-Policy",
                   "camera=(self), microphone=(), payment=()");
    struct es_out o = es_web_page(q, out);
    es_page_check_in(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/check-in/{event} */
static enum es_code page(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct door *d = es_arena_alloc(es_req_arena(q), sizeof *d);
    enum es_code rc = d ? load(q, d, e) : es_fail(e, ES_ENOMEM, 0, "check-in");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? show(d, out, NULL, ES_DOOR_NOTHING, e) : rc;
}

/* ---- one ticket ---- */

/* By its code, or by the number that a list showed. ES_ENOENT with d->fe. */
static enum es_code which(struct door *d, struct es_ticket *t, struct es_err *e)
{
    const struct es_req *q = d->q;
    struct es_store *store = es_web_of(q)->app->store;
    const char *typed = es_web_given(q, "code");
    char code[ES_TICKET_CODE];
    uint8_t hash[ES_HASH];
    int64_t id;
    enum es_code rc = ES_ENOENT;
    if (es_num_i64(es_bytes_str(es_web_given(q, "ticket")), 1, INT64_MAX,
                   &id)) {
        rc = es_store_ticket(store, d->o.initiative, id, es_req_arena(q), t, e);
        if (rc == ES_OK && t->occasion != d->o.id)
            rc = es_fail(e, ES_ENOENT, 0, "of another event");
    } else if (es_ticket_code_read(typed, code)) {
        es_ticket_code_hash(d->o.id, code, hash);
        rc = es_store_ticket_by_code(store, d->o.initiative, d->o.id, hash,
                                     es_req_arena(q), t, e);
    } else if (*typed) {
        es_field_errors_add(&d->fe, "code", "mistyped", NAN);
    } else {
        es_field_errors_add(&d->fe, "code", "required", NAN);
    }
    if (rc == ES_ENOENT && !d->fe.n)
        es_field_errors_add(&d->fe, "code", "unknown", NAN);
    return rc;
}

static enum es_view_at_door judge(const struct es_ticket *t, bool admit)
{
    if (t->came_ms)
        return ES_DOOR_AGAIN;
    if (t->state == ES_TICKET_PLACED || admit)
        return ES_DOOR_WELCOME;
    return t->state == ES_TICKET_WAITS ? ES_DOOR_WAITS : ES_DOOR_BACK;
}

/* Keeps that it was shown; *t as it is then. */
static enum es_code keep(struct door *d, struct es_ticket *t,
                         enum es_view_at_door *said, struct es_err *e)
{
    struct es_app *app = es_web_of(d->q)->app;
    struct es_ticket_door door = door_of(d, 0, es_web_given(d->q, "door"));
    struct es_door_shown one = { .ticket = t->id, .at_ms = door.seen_ms };
    enum es_code rc = es_tickets_shown(app, &door, &one, 1, e);
    if (rc == ES_OK)
        rc = es_store_ticket(app->store, d->o.initiative, t->id,
                             es_req_arena(d->q), t, e);
    /* another door may have been quicker */
    if (rc == ES_OK && *said == ES_DOOR_WELCOME &&
        (t->came_door != door.id || t->came_ms != one.at_ms))
        *said = ES_DOOR_AGAIN;
    return rc;
}

/* POST to it: `code`, or `ticket` of a list; `do` admit lets in who has no
 * place */
static enum es_code take(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct door *d = es_arena_alloc(es_req_arena(q), sizeof *d);
    struct es_ticket t;
    enum es_code rc = d ? load(q, d, e) : es_fail(e, ES_ENOMEM, 0, "check-in");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    rc = which(d, &t, e);
    if (rc == ES_ENOENT)
        return show(d, out, NULL, ES_DOOR_NOTHING, e);
    if (rc != ES_OK)
        return rc;
    enum es_view_at_door said =
        judge(&t, strcmp(es_web_given(q, "do"), "admit") == 0);
    if (said == ES_DOOR_WELCOME || said == ES_DOOR_AGAIN)
        rc = keep(d, &t, &said, e);
    return rc == ES_OK ? show(d, out, &t, said, e) : rc;
}

/* ---- for a device that may be without a network ---- */

/* SHA-256, which browsers can make, of the code and the event. */
static void hash_in_pages(const struct door *d, const struct es_ticket *t,
                          char out[ES_SHA256_HEX])
{
    char code[ES_TICKET_CODE];
    char of[48];
    es_ticket_code(es_web_of(d->q)->app->key, t->initiative, t->id, code);
    (void)snprintf(of, sizeof of, "%" PRId64 "-%s", d->o.id, code);
    es_sha256_hex(es_bytes_str(of), out);
}

static void put_ticket(const struct door *d, struct es_buf *b,
                       const struct es_ticket *t)
{
    char hash[ES_SHA256_HEX];
    hash_in_pages(d, t, hash);
    es_buf_json_comma(b);
    es_buf_str(b, "{");
    es_buf_json_id(b, "id", t->id);
    es_buf_json_s(b, "code", hash);
    es_buf_json_s(b, "name", t->name);
    es_buf_json_s(b, "as",
                  es_words_affiliation(es_web_lang(d->q, NULL), &d->choices,
                                       t->affiliation));
    es_buf_json_i(b, "state", t->state);
    es_buf_json_i(b, "came_ms", t->came_ms);
    es_buf_json_id(b, "door", t->came_door);
    es_buf_str(b, "}");
}

static enum es_code put_tickets(struct door *d, struct es_buf *b,
                                struct es_err *e)
{
    struct es_tickets_ask ask = { .initiative = d->o.initiative,
                                  .occasion = d->o.id,
                                  .state = -1,
                                  .came = -1,
                                  .word = "",
                                  .max = 500 };
    enum es_code rc = ES_OK;
    size_t n = ask.max;
    es_buf_json_key(b, "tickets");
    es_buf_str(b, "[");
    while (rc == ES_OK && n == ask.max) {
        struct es_ticket *v;
        struct es_arena a;
        es_arena_init(&a, ES_REQ_ARENA);
        rc = es_store_tickets(es_web_of(d->q)->app->store, &ask, &a, &v, &n, e);
        for (size_t i = 0; rc == ES_OK && i < n; i++) {
            put_ticket(d, b, &v[i]);
            ask.after = v[i].id;
        }
        es_arena_release(&a);
    }
    es_buf_str(b, "]");
    return rc;
}

/* GET .../check-in/{event}/list: everybody who has a ticket, codes as hashes */
static enum es_code list(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct door *d = es_arena_alloc(es_req_arena(q), sizeof *d);
    struct es_ticket_door *v;
    size_t n;
    enum es_code rc = d ? load(q, d, e) : es_fail(e, ES_ENOMEM, 0, "check-in");
    if (rc == ES_ENOENT)
        return es_web_problem(out, 404, "not_found", "");
    if (rc == ES_OK)
        rc = doors(d, &v, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_web_json(out, 200);
    es_buf_json_i(b, "now_ms", es_time_now_ms());
    es_buf_json_key(b, "doors");
    es_buf_str(b, "[");
    for (size_t i = 0; i < n; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_buf_json_id(b, "id", v[i].id);
        es_buf_json_s(b, "name", v[i].name);
        es_buf_json_i(b, "shown", v[i].shown);
        es_buf_json_i(b, "first", v[i].first);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
    rc = put_tickets(d, b, e);
    es_web_json_end(b);
    return rc;
}

/* GET .../check-in/{event}/token: what its POST needs; the page that is kept on
 * the device may be older than that. */
static enum es_code token(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    (void)e;
    struct es_buf *b = es_web_json(out, 200);
    es_buf_json_s(b, "csrf", es_web_who(q)->csrf);
    es_web_json_end(b);
    es_resp_no_gzip(out);
    return ES_OK;
}

static int64_t id_in(const json_t *v)
{
    const char *s = json_string_value(v);
    int64_t id = 0;
    if (s)
        (void)es_num_i64(es_bytes_str(s), 1, INT64_MAX, &id);
    return id;
}

/* Into *n of v; false: it has no sense. A clock that is a day ahead or more is
 * wrong, and would hide who came first. */
static bool read_shown(const json_t *root, struct es_door_shown *v, size_t *n)
{
    const json_t *all = json_object_get(root, "shown");
    int64_t latest = es_time_now_ms() + DAY_MS;
    size_t many = json_array_size(all);
    if (!json_is_array(all) || many > ES_TICKETS_TOLD)
        return false;
    for (*n = 0; *n < many; (*n)++) {
        const json_t *one = json_array_get(all, *n);
        v[*n] = (struct es_door_shown){
            .ticket = id_in(json_object_get(one, "ticket")),
            .at_ms = json_integer_value(json_object_get(one, "at_ms")),
        };
        if (!v[*n].ticket || v[*n].at_ms <= 0 || v[*n].at_ms > latest)
            return false;
    }
    return true;
}

/* POST .../check-in/{event}/shown {door, name, shown: [{ticket, at_ms}]}: the
 * same again changes nothing, so who isn't sure tells it again. */
static enum es_code shown(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    json_error_t je;
    struct es_arena *a = es_req_arena(q);
    struct door *d = es_arena_alloc(a, sizeof *d);
    struct es_door_shown *v = es_arena_array(a, ES_TICKETS_TOLD, sizeof *v);
    struct es_bytes body = es_req_body(q);
    size_t n = 0;
    enum es_code rc =
        d && v ? load(q, d, e) : es_fail(e, ES_ENOMEM, 0, "check-in");
    if (rc == ES_ENOENT)
        return es_web_problem(out, 404, "not_found", "");
    if (rc != ES_OK)
        return rc;
    json_t *root =
        json_loadb((const char *)body.p, body.n, JSON_REJECT_DUPLICATES, &je);
    int64_t id = id_in(json_object_get(root, "door"));
    bool good = id && read_shown(root, v, &n);
    const char *name = json_string_value(json_object_get(root, "name"));
    struct es_ticket_door door = door_of(d, id, name ? name : "");
    json_decref(root);
    if (!good)
        return es_web_problem(out, 400, "bad_report",
                              "door and shown are needed.");
    rc = es_tickets_shown(es_web_of(q)->app, &door, v, n, e);
    if (rc == ES_ETOOLARGE)
        return es_web_problem(out, 409, "too_many_doors", "");
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_web_json(out, 200);
    es_buf_json_i(b, "now_ms", es_time_now_ms());
    es_buf_json_i(b, "kept", (int64_t)n);
    es_web_json_end(b);
    return ES_OK;
}

/* GET /check-in-worker.js: at the top, so that it may look after any such page;
 * each registers it for its own alone. */
static enum es_code worker(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    const struct es_asset *as = es_asset_of("check-in-worker.js");
    (void)e;
    if (!as)
        return es_web_fail(q, out, 404, "");
    es_resp_type(out, as->type);
    es_resp_cache(out, "no-cache");
    es_resp_static(out, as->bytes, as->gz);
    return ES_OK;
}

/* ---- which event ---- */

static enum es_code add_rows(const struct es_req *q, enum es_occasions of,
                             struct es_view_event_row *rows, size_t *n,
                             struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_store *store = es_web_of(q)->app->store;
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    struct es_occasions_ask ask = { .initiative = ini->id,
                                    .which = of,
                                    .now_ms = es_time_now_ms(),
                                    .max = EVENTS };
    struct es_occasion *v;
    size_t found_n;
    enum es_code rc = b ? es_store_occasions(store, &ask, a, &v, &found_n, e)
                        : es_fail(e, ES_ENOMEM, 0, "events");
    for (size_t i = 0; rc == ES_OK && i < found_n && *n < EVENTS; i++) {
        struct es_ticketing t;
        rc = es_store_ticketing(store, ini->id, v[i].id, a, &t, e);
        if (rc == ES_ENOENT) {
            rc = ES_OK;
            continue;
        }
        if (rc == ES_OK)
            rc = es_occasion_read(v[i].body, a, b, e);
        if (rc != ES_OK)
            return rc;
        rows[*n] = es_web_event_row(q, ini, &v[i], b);
        rows[(*n)++].url = es_url_path(a, "/organise/e/%s/check-in/%lld",
                                       ini->slug, (long long)v[i].id);
    }
    return rc;
}

/* GET /organise/e/{slug}/check-in */
static enum es_code events(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_view_event_row *rows =
        es_arena_array(es_req_arena(q), EVENTS, sizeof *rows);
    struct es_view_check_ins v = {
        .frame = es_web_frame(q, &es_web_who(q)->here),
        .rows = rows,
    };
    enum es_code rc = rows ? add_rows(q, ES_OCCASIONS_NOW, rows, &v.n, e)
                           : es_fail(e, ES_ENOMEM, 0, "events");
    if (rc == ES_OK)
        rc = add_rows(q, ES_OCCASIONS_COMING, rows, &v.n, e);
    if (rc != ES_OK)
        return rc;
    struct es_out o = es_web_page(q, out);
    es_page_check_ins(&o, &v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/check-in", ES_BODY_NONE, ES_WEB_PAGE,
      events },
    { ES_GET, "/organise/e/{slug}/check-in/{event}", ES_BODY_NONE, ES_WEB_PAGE,
      page },
    { ES_POST, "/organise/e/{slug}/check-in/{event}", ES_BODY_FORM, ES_WEB_FORM,
      take },
    { ES_GET, "/organise/e/{slug}/check-in/{event}/list", ES_BODY_NONE,
      ES_WEB_PAGE, list },
    { ES_GET, "/organise/e/{slug}/check-in/{event}/token", ES_BODY_NONE,
      ES_WEB_PAGE, token },
    { ES_POST, "/organise/e/{slug}/check-in/{event}/shown", ES_BODY_JSON,
      ES_WEB_FORM, shown },
    { ES_GET, "/check-in-worker.js", ES_BODY_NONE, ES_ROUTE_INLINE, worker },
};
const struct es_routes ES_ROUTES_CHECK_IN = { ROUTES,
                                              sizeof ROUTES / sizeof *ROUTES };
