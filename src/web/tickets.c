/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Registering for an event, and the ticket: its link is all that its holder
 * needs, on any device; a GET, which scanners of mail send, changes nothing. */
#include "web/tickets.h"

#include "base/log.h"
#include "base/random.h"
#include "web/pages.h"
#include "web/web.h"

#include <inttypes.h>
#include <string.h>

enum { ONCE_BITS = 80, ONCE_TEXT = 17, FEW_PLACES = 50 };

/* ---- shared ---- */

size_t es_web_ticket_choices(const struct es_req *q,
                             const struct es_ticket_choices *c,
                             const char *chosen,
                             struct es_view_choice out[ES_TICKET_CHOICES])
{
    const struct es_lang *l = es_web_lang(q, NULL);
    for (size_t i = 0; i < c->n; i++) {
        const char *value =
            es_arena_fmt(es_req_arena(q), "%" PRId32, c->v[i].id);
        out[i] = (struct es_view_choice){
            .value = value ? value : "",
            .label = es_words_affiliation(l, c, c->v[i].id),
            .chosen = value && strcmp(value, chosen) == 0,
        };
    }
    return c->n;
}

struct es_url es_web_ticket_url(const struct es_req *q, int64_t initiative,
                                int64_t id)
{
    struct es_arena *a = es_req_arena(q);
    const char *token =
        es_ticket_token(es_web_of(q)->app->key, initiative, id, a);
    return token ? es_url_path(a, "/ticket/%s", token)
                 : (struct es_url){ NULL };
}

const char *es_web_ticket_code(const struct es_req *q,
                               const struct es_ticket *t)
{
    char code[ES_TICKET_CODE];
    es_ticket_code(es_web_of(q)->app->key, t->initiative, t->id, code);
    return es_ticket_code_told(es_req_arena(q), code);
}

static struct es_url register_url(const struct es_req *q,
                                  const struct es_initiative *ini, int64_t id)
{
    return es_url_path(es_req_arena(q), "/e/%s/programme/%lld/register",
                       ini->slug, (long long)id);
}

enum es_code es_web_event_register(const struct es_req *q,
                                   const struct es_initiative *ini,
                                   const struct es_occasion *o,
                                   struct es_view_event *v, struct es_err *e)
{
    struct es_ticketing t;
    struct es_ticket_choices choices;
    enum es_code rc = es_ticketing_of(es_web_of(q)->app, ini->id, o->id,
                                      es_req_arena(q), &t, &choices, e);
    if (rc != ES_OK)
        return rc;
    enum es_ticketing_now now = es_ticketing_now(&t, o, es_time_now_ms());
    v->full = now == ES_TICKETING_FULL;
    v->waits = now == ES_TICKETING_LIST;
    if (now == ES_TICKETING_OPEN || now == ES_TICKETING_LIST)
        v->registration = register_url(q, ini, o->id);
    return ES_OK;
}

/* ---- the form ---- */

struct form {
    const struct es_req *q;
    struct es_initiative ini;
    struct es_occasion o;
    struct es_occasion_body *b;
    struct es_ticketing t;
    struct es_ticket_choices choices;
    struct es_field_errors fe;
    enum es_ticketing_now now;
};

static enum es_code load(const struct es_req *q, struct form *f,
                         struct es_err *e)
{
    *f = (struct form){ .q = q,
                        .b = es_arena_alloc(es_req_arena(q), sizeof *f->b) };
    if (!f->b)
        return es_fail(e, ES_ENOMEM, 0, "event");
    enum es_code rc = es_web_initiative(q, &f->ini, e);
    if (rc == ES_OK)
        rc = es_web_occasion(q, &f->ini, &f->o, f->b, e);
    if (rc == ES_OK)
        rc = es_ticketing_of(es_web_of(q)->app, f->ini.id, f->o.id,
                             es_req_arena(q), &f->t, &f->choices, e);
    if (rc != ES_OK)
        return rc;
    f->now = es_ticketing_now(&f->t, &f->o, es_time_now_ms());
    return f->now == ES_TICKETING_NONE
               ? es_fail(e, ES_ENOENT, 0, "nobody registers for it")
               : ES_OK;
}

static const char *new_once(const struct es_req *q)
{
    char once[ONCE_TEXT];
    const char *given = es_web_given(q, "once");
    if (*given)
        return given;
    es_random_code(once, sizeof once, ONCE_BITS);
    const char *s = es_arena_str(es_req_arena(q), once);
    return s ? s : "";
}

static enum es_code show_form(struct form *f, struct es_resp *out,
                              unsigned wait_s, struct es_err *e)
{
    const struct es_req *q = f->q;
    struct es_view_register *v = es_arena_alloc(es_req_arena(q), sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "register");
    int64_t left = f->t.places - f->t.placed;
    *v = (struct es_view_register){
        .frame = es_web_frame(q, &f->ini),
        .row = es_web_event_row(q, &f->ini, &f->o, f->b),
        .action = register_url(q, &f->ini, f->o.id),
        .once = new_once(q),
        .n_errors = f->fe.n,
        .waits = f->now == ES_TICKETING_LIST,
        .left = f->t.places && left <= FEW_PLACES ? left : -1,
        .closes_ms = es_ticketing_closes(&f->t, &f->o),
        .keep_until_ms = f->o.ends_ms + f->t.keep_days * 86400000,
        .name = es_web_field(q, "name", &f->fe),
        .mail = es_web_field(q, "mail", &f->fe),
        .keep = es_web_field(q, "keep", &f->fe),
    };
    v->affiliation_error = es_web_field(q, "affiliation", &f->fe).error;
    v->n_choices = es_web_ticket_choices(
        q, &f->choices, es_web_given(q, "affiliation"), v->choices);
    if (f->fe.n)
        es_resp_status(out, 422);
    if (wait_s)
        v->frame.notice = es_web_later(q, out, wait_s);
    struct es_out o = es_web_page(q, out);
    es_page_register(&o, v);
    return ES_OK;
}

static enum es_code not_now(const struct form *f, struct es_resp *out)
{
    const struct es_lang *l = es_web_lang(f->q, NULL);
    return es_web_fail(
        f->q, out, 409,
        f->now == ES_TICKETING_FULL
            ? es_t(l, ES_T("All places of this event are taken."))
            : es_t(l, ES_T("Registration for this event is over.")));
}

static bool may_now(const struct form *f)
{
    return f->now == ES_TICKETING_OPEN || f->now == ES_TICKETING_LIST;
}

/* GET /e/{slug}/programme/{event}/register */
static enum es_code form(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct form *f = es_arena_alloc(es_req_arena(q), sizeof *f);
    enum es_code rc = f ? load(q, f, e) : es_fail(e, ES_ENOMEM, 0, "register");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    return may_now(f) ? show_form(f, out, 0, e) : not_now(f, out);
}

static enum es_code to_ticket(const struct es_req *q, struct es_resp *out,
                              const struct es_ticket *t)
{
    struct es_url u = es_web_ticket_url(q, t->initiative, t->id);
    const char *path =
        u.checked ? es_arena_fmt(es_req_arena(q), "%s?done=ticket", u.checked)
                  : NULL;
    return es_resp_redirect(out, es_web_keep_lang(q, path ? path : "/"));
}

/* POST to it */
static enum es_code take(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct form *f = es_arena_alloc(es_req_arena(q), sizeof *f);
    struct es_ticket t;
    enum es_code rc = f ? load(q, f, e) : es_fail(e, ES_ENOMEM, 0, "register");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    unsigned wait_s = es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_JOIN,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return show_form(f, out, wait_s, e);
    struct es_ticket_ask in = {
        .name = es_req_form(q, "name"),
        .mail = es_req_form(q, "mail"),
        .affiliation = es_req_form(q, "affiliation"),
        .lang = es_web_lang(q, NULL)->tag,
        .keep = es_req_form(q, "keep"),
        .once = es_req_form(q, "once"),
    };
    rc = es_ticket_take(es_web_of(q)->app, &f->o, &in, es_req_arena(q), &t,
                        &f->fe, e);
    if (rc == ES_EINVAL)
        return show_form(f, out, 0, e);
    if (rc == ES_ETOOLARGE)
        f->now = ES_TICKETING_FULL; /* in this moment */
    if (rc == ES_ETOOLARGE || rc == ES_EDENIED)
        return not_now(f, out);
    return rc == ES_OK ? to_ticket(q, out, &t) : rc;
}

/* ---- the ticket ---- */

struct holding {
    struct es_initiative ini;
    struct es_occasion o;
    struct es_occasion_body *b;
    struct es_ticket t;
    struct es_ticketing ing;
    struct es_ticket_choices choices;
};

/* ES_ENOENT: no link of ours. */
static enum es_code held(const struct es_req *q, struct holding *h,
                         struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    int64_t ini;
    int64_t id;
    h->b = es_arena_alloc(a, sizeof *h->b);
    if (!h->b)
        return es_fail(e, ES_ENOMEM, 0, "ticket");
    if (!es_ticket_token_of(app->key, es_req_param(q, "token"), &ini, &id))
        return es_fail(e, ES_ENOENT, 0, "not a link of ours");
    enum es_code rc = es_store_ticket(app->store, ini, id, a, &h->t, e);
    if (rc == ES_OK)
        rc = es_store_initiative_by_id(app->store, ini, a, &h->ini, e);
    if (rc == ES_OK)
        rc = es_store_occasion(app->store, ini, h->t.occasion, a, &h->o, e);
    if (rc == ES_OK)
        rc = es_occasion_read(h->o.body, a, h->b, e);
    return rc == ES_OK
               ? es_ticketing_of(app, ini, h->o.id, a, &h->ing, &h->choices, e)
               : rc;
}

static enum es_code nobody(const struct es_req *q, struct es_resp *out)
{
    unsigned wait_s = es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_GUESS,
                                    es_web_peer_number(q), es_time_mono_ms());
    return wait_s ? es_web_too_often(q, out, wait_s)
                  : es_web_fail(q, out, 404,
                                es_t(es_web_lang(q, NULL),
                                     ES_T("This ticket is not known here. Was "
                                          "its link copied whole?")));
}

static void online(const struct es_req *q, const struct holding *h,
                   struct es_view_ticket *v)
{
    const char *url = h->b->online.url;
    const char *host = strstr(url, "://");
    v->online_host = "";
    if (!host || h->t.state != ES_TICKET_PLACED ||
        v->row.when == ES_OCCASION_CALLED_OFF ||
        v->row.when == ES_OCCASION_OVER)
        return;
    (void)es_url_foreign(es_req_arena(q), url, &v->online);
    v->online_host =
        es_arena_strn(es_req_arena(q), host + 3, strcspn(host + 3, "/?#"));
}

static const char *done_words(const struct es_req *q, const struct es_ticket *t)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    const char *done = es_req_query(q, "done");
    if (!done)
        return "";
    if (strcmp(done, "back") == 0 && t->state == ES_TICKET_BACK)
        return es_t(l, ES_T("Thank you. Your place goes to somebody else."));
    if (strcmp(done, "ticket") == 0 && t->state == ES_TICKET_PLACED)
        return es_t(l, ES_T("You are registered. Keep this page: its address "
                            "is your ticket."));
    if (strcmp(done, "ticket") == 0 && t->state == ES_TICKET_WAITS)
        return es_t(l, ES_T("You are on the waiting list. Keep this page: it "
                            "says when you have a place."));
    return "";
}

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct holding *h, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_ticket *v = es_arena_alloc(a, sizeof *v);
    int64_t before = 0;
    enum es_code rc = v ? ES_OK : es_fail(e, ES_ENOMEM, 0, "ticket");
    if (rc == ES_OK && h->t.state == ES_TICKET_WAITS)
        rc = es_store_tickets_before(es_web_of(q)->app->store, h->ini.id,
                                     h->o.id, h->t.id, &before, e);
    if (rc != ES_OK)
        return rc;
    struct es_url self = es_web_ticket_url(q, h->ini.id, h->t.id);
    *v = (struct es_view_ticket){
        .frame = es_web_frame(q, &h->ini),
        .row = es_web_event_row(q, &h->ini, &h->o, h->b),
        .action = self,
        .name = h->t.name,
        .affiliation = es_words_affiliation(es_web_lang(q, NULL), &h->choices,
                                            h->t.affiliation),
        .code = es_web_ticket_code(q, &h->t),
        .state = h->t.state,
        .in_line = before + 1,
        .came_ms = h->t.came_ms,
        .keep_until_ms = h->t.keep_until_ms,
        .place = h->b->place.name,
        .address = h->b->place.address,
        .ics = es_url_path(a, "/e/%s/programme/%lld/event.ics", h->ini.slug,
                           (long long)h->o.id),
        .link = es_arena_fmt(a, "%s%s", es_web_of(q)->origin,
                             self.checked ? self.checked : ""),
    };
    char code[ES_TICKET_CODE];
    if (es_ticket_code_read(v->code, code) && h->t.state == ES_TICKET_PLACED)
        v->qr = es_web_qr(q, code);
    v->may_give_back = h->t.state != ES_TICKET_BACK && h->t.came_ms == 0 &&
                       v->row.when != ES_OCCASION_OVER;
    v->frame.notice = done_words(q, &h->t);
    v->link = v->link ? v->link : "";
    online(q, h, v);
    es_resp_no_gzip(out); /* a secret stands beside the address that asked */
    struct es_out o = es_web_page(q, out);
    es_page_ticket(&o, v);
    return ES_OK;
}

/* GET /ticket/{token} */
static enum es_code ticket(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct holding *h = es_arena_alloc(es_req_arena(q), sizeof *h);
    enum es_code rc = h ? held(q, h, e) : es_fail(e, ES_ENOMEM, 0, "ticket");
    if (rc == ES_ENOENT)
        return nobody(q, out);
    return rc == ES_OK ? show(q, out, h, e) : rc;
}

/* POST to it: `do` is back */
static enum es_code ticket_say(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct holding *h = es_arena_alloc(es_req_arena(q), sizeof *h);
    enum es_code rc = h ? held(q, h, e) : es_fail(e, ES_ENOMEM, 0, "ticket");
    if (rc == ES_ENOENT)
        return nobody(q, out);
    if (rc != ES_OK)
        return rc;
    if (strcmp(es_web_given(q, "do"), "back") != 0)
        return es_web_fail(q, out, 400, "");
    if (h->t.came_ms || es_time_now_ms() >= h->o.ends_ms)
        return es_web_fail(q, out, 409,
                           es_t(es_web_lang(q, NULL),
                                ES_T("It is too late to give it back.")));
    rc = es_ticket_back(es_web_of(q)->app, &h->o, h->t.id, e);
    if (rc != ES_OK && rc != ES_ECONFLICT) /* a moment ago is as good */
        return rc;
    struct es_url u = es_web_ticket_url(q, h->ini.id, h->t.id);
    const char *path =
        u.checked ? es_arena_fmt(es_req_arena(q), "%s?done=back", u.checked)
                  : NULL;
    return es_resp_redirect(out, es_web_keep_lang(q, path ? path : "/"));
}

void es_web_erase(struct es_web *w)
{
    struct es_err e = { 0 };
    size_t n = 0;
    if (es_tickets_erase(w->app, es_time_now_ms(), &n, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "tickets.erase", "%s", e.msg);
    else if (n)
        es_log(ES_LOG_INFO, "tickets.erase", "%zu", n);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/programme/{event}/register", ES_BODY_NONE,
      ES_WEB_PAGE | ES_WEB_WHOLE, form },
    { ES_POST, "/e/{slug}/programme/{event}/register", ES_BODY_FORM,
      ES_WEB_FORM | ES_WEB_WHOLE, take },
    { ES_GET, "/ticket/{token}", ES_BODY_NONE, ES_WEB_PAGE, ticket },
    { ES_POST, "/ticket/{token}", ES_BODY_FORM, ES_WEB_FORM, ticket_say },
};
const struct es_routes ES_ROUTES_TICKETS = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
