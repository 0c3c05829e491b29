/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who comes to an event: counted by group, looked for, printed, as a table for
 * a spreadsheet; somebody registered by staff; a place given back for them. */
#include "base/csv.h"
#include "base/num.h"
#include "base/sort.h"
#include "i18n/i18n.h"
#include "web/pages.h"
#include "web/pour.h"
#include "web/programme_console.h"
#include "web/tickets.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 100, PRINTED = 1000, AT_ONCE = 200, COLUMNS = 7, WORDS = 4 };

struct list {
    struct es_event_page p;
    struct es_ticketing t;
    struct es_ticket_choices choices;
    struct es_view_tickets *v;
    struct es_field_errors fe;
    bool by_name; /* the rows, instead of who registered first */
};

static enum es_code load(const struct es_req *q, struct list *k,
                         struct es_err *e)
{
    *k = (struct list){ .v = es_arena_alloc(es_req_arena(q), sizeof *k->v) };
    enum es_code rc = k->v ? es_event_page_load(q, &k->p, e)
                           : es_fail(e, ES_ENOMEM, 0, "tickets");
    return rc == ES_OK ? es_ticketing_of(es_web_of(q)->app, k->p.was.initiative,
                                         k->p.was.id, es_req_arena(q), &k->t,
                                         &k->choices, e)
                       : rc;
}

/* ---- the counts ---- */

static struct es_view_ticket_group *group_of(const struct es_lang *l,
                                             struct list *k, int32_t id)
{
    struct es_view_ticket_totals *t = &k->v->totals;
    const char *label = es_words_affiliation(l, &k->choices, id);
    size_t most = sizeof t->groups / sizeof *t->groups;
    if (!*label) /* it was taken off the form */
        label = es_t(l, ES_T("Others"));
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->groups[i].label, label) == 0)
            return &t->groups[i];
    if (t->n < most)
        t->groups[t->n++].label = label;
    return &t->groups[t->n - 1];
}

static void count_in(struct es_view_ticket_group *g,
                     const struct es_ticket_count *c)
{
    g->came += c->came;
    if (c->state == ES_TICKET_PLACED)
        g->placed += c->n;
    else if (c->state == ES_TICKET_WAITS)
        g->waits += c->n;
    else
        g->back += c->n;
}

static enum es_code totals(struct list *k, struct es_err *e)
{
    const struct es_req *q = k->p.q;
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_view_ticket_totals *t = &k->v->totals;
    struct es_ticket_count *c;
    size_t n;
    enum es_code rc =
        es_store_ticket_counts(es_web_of(q)->app->store, k->p.was.initiative,
                               k->p.was.id, es_req_arena(q), &c, &n, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < k->choices.n; i++)
        (void)group_of(l, k, k->choices.v[i].id);
    t->all.label = es_t(l, ES_T("All together"));
    for (size_t i = 0; i < n; i++) {
        count_in(group_of(l, k, c[i].affiliation), &c[i]);
        count_in(&t->all, &c[i]);
    }
    for (size_t i = 0; i < t->n; i++)
        if (t->groups[i].placed > t->most)
            t->most = t->groups[i].placed;
    return ES_OK;
}

/* ---- the rows ---- */

/* Which of them a list shows: ?show= */
static const struct {
    const char *show, *label;
    int32_t state, came;
} SHOWN[] = {
    { "", ES_T("All who come"), ES_TICKET_PLACED, -1 },
    { "waits", ES_T("Waiting list"), ES_TICKET_WAITS, -1 },
    { "came", ES_T("Who came"), -1, 1 },
    { "missing", ES_T("Who hasn't come"), ES_TICKET_PLACED, 0 },
    { "back", ES_T("Given back"), ES_TICKET_BACK, -1 },
};
enum { N_SHOWN = sizeof SHOWN / sizeof *SHOWN };

static size_t shown_of(const struct es_req *q)
{
    const char *show = es_req_query(q, "show");
    for (size_t i = 0; show && i < N_SHOWN; i++)
        if (strcmp(SHOWN[i].show, show) == 0)
            return i;
    return 0;
}

const char *es_web_ticket_words(const struct es_req *q, const char *asked)
{
    struct es_arena *a = es_req_arena(q);
    const char *words[WORDS];
    const char *s = "";
    size_t n = 0;
    if (!es_text_words(a, asked, words, WORDS, &n))
        return "";
    for (size_t i = 0; s && i < n; i++)
        s = es_arena_fmt(a, "%s%s%s", s, i ? " " : "", words[i]);
    return s ? s : "";
}

static struct es_view_ticket_row row(struct list *k, const struct es_ticket *t)
{
    const struct es_req *q = k->p.q;
    const struct es_lang *l = es_web_lang(q, NULL);
    const char *id = es_arena_fmt(es_req_arena(q), "%" PRId64, t->id);
    return (struct es_view_ticket_row){
        .id = id ? id : "",
        .name = t->name,
        .mail = t->mail,
        .affiliation = es_words_affiliation(l, &k->choices, t->affiliation),
        .state = es_words_ticket_state(l, t->state),
        .code = es_web_ticket_code(q, t),
        .created_ms = t->created_ms,
        .came_ms = t->came_ms,
        .back = t->state == ES_TICKET_BACK,
    };
}

static int by_words(const void *a, const void *b)
{
    const struct es_view_ticket_row *x = a;
    const struct es_view_ticket_row *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->id, y->id);
}

static enum es_code rows(struct list *k, struct es_tickets_ask *ask, bool *more,
                         struct es_err *e)
{
    const struct es_req *q = k->p.q;
    struct es_arena *a = es_req_arena(q);
    struct es_ticket *v;
    size_t most = ask->max++;
    enum es_code rc =
        es_store_tickets(es_web_of(q)->app->store, ask, a, &v, &k->v->n, e);
    if (rc != ES_OK)
        return rc;
    *more = k->v->n > most;
    k->v->n = *more ? most : k->v->n;
    struct es_view_ticket_row *out = es_arena_array(a, k->v->n, sizeof *out);
    if (!out)
        return es_fail(e, ES_ENOMEM, 0, "tickets");
    for (size_t i = 0; i < k->v->n; i++)
        out[i] = row(k, &v[i]);
    if (k->by_name)
        es_sort(out, k->v->n, sizeof *out, by_words);
    k->v->rows = out;
    if (*more)
        ask->after = v[most - 1].id;
    return ES_OK;
}

static struct es_tickets_ask asked(const struct list *k)
{
    const struct es_req *q = k->p.q;
    size_t which = shown_of(q);
    const char *after = es_req_query(q, "after");
    const char *text = es_req_query(q, "q");
    struct es_tickets_ask ask = {
        .initiative = k->p.was.initiative,
        .occasion = k->p.was.id,
        .state = SHOWN[which].state,
        .came = SHOWN[which].came,
        .word = text ? es_web_ticket_words(q, text) : "",
        .max = ROWS,
    };
    if (text && *text)
        ask.state = ask.came = -1; /* whoever it is */
    if (after)
        (void)es_num_i64(es_bytes_str(after), 1, INT64_MAX, &ask.after);
    return ask;
}

static struct es_url tail(const struct list *k, const char *what)
{
    return es_url_path(es_req_arena(k->p.q), "/organise/e/%s/programme/%lld/%s",
                       es_web_who(k->p.q)->here.slug, (long long)k->p.was.id,
                       what);
}

static void ways(struct list *k, const struct es_tickets_ask *ask, bool more)
{
    const struct es_req *q = k->p.q;
    struct es_arena *a = es_req_arena(q);
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_view_tickets *v = k->v;
    size_t which = shown_of(q);
    const char *slug = es_web_who(q)->here.slug;
    long long id = (long long)k->p.was.id;
    for (size_t i = 0; i < N_SHOWN; i++)
        v->shown[v->n_shown++] = (struct es_view_choice){
            .value = SHOWN[i].show,
            .label = es_t(l, SHOWN[i].label),
            .chosen = i == which && !*v->asked,
            .url =
                es_url_path(a, "/organise/e/%s/programme/%lld/tickets?show=%s",
                            slug, id, SHOWN[i].show),
        };
    if (more)
        v->next = es_url_path(
            a, "/organise/e/%s/programme/%lld/tickets?show=%s&q=%s&after=%lld",
            slug, id, SHOWN[which].show, v->asked, (long long)ask->after);
    if (es_req_query(q, "after"))
        v->first = v->shown[which].url;
    v->self = tail(k, "tickets");
    v->csv = tail(k, "tickets.csv");
    v->print = tail(k, "tickets/print");
    v->set_up = tail(k, "registration");
}

static const char *notice(const struct es_req *q)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    const char *done = es_req_query(q, "done");
    if (done && strcmp(done, "added") == 0)
        return es_t(l, ES_T("Registered. Their ticket is here, to be shown or "
                            "passed on:"));
    if (done && strcmp(done, "back") == 0)
        return es_t(l, ES_T("Given back. The place goes to who waits "
                            "longest."));
    return "";
}

static enum es_code show(struct list *k, struct es_resp *out, int status,
                         struct es_err *e)
{
    const struct es_req *q = k->p.q;
    struct es_view_tickets *v = k->v;
    const char *text = es_req_query(q, "q");
    const char *made = es_req_query(q, "ticket");
    struct es_tickets_ask ask = asked(k);
    bool more = false;
    int64_t id;
    *v = (struct es_view_tickets){
        .frame = es_web_frame(q, &es_web_who(q)->here),
        .head = es_event_page_head(&k->p, "tickets"),
        .row = es_web_event_row(q, &es_web_who(q)->here, &k->p.was, k->p.kept),
        .asked = text ? text : "",
        .zone = k->p.was.zone,
        .ready = k->t.edition > 0,
        .n_errors = k->fe.n,
        .name = es_web_field(q, "name", &k->fe),
    };
    v->n_choices = es_web_ticket_choices(
        q, &k->choices, es_web_given(q, "affiliation"), v->choices);
    enum es_code rc = totals(k, e);
    if (rc == ES_OK)
        rc = rows(k, &ask, &more, e);
    if (rc != ES_OK)
        return rc;
    ways(k, &ask, more);
    v->frame.notice = notice(q);
    if (made && es_num_i64(es_bytes_str(made), 1, INT64_MAX, &id))
        v->link = es_web_ticket_url(q, k->p.was.initiative, id);
    es_resp_status(out, status);
    struct es_out o = es_web_page(q, out);
    es_page_tickets(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/programme/{event}/tickets */
static enum es_code tickets(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct list *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc = k ? load(q, k, e) : es_fail(e, ES_ENOMEM, 0, "tickets");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? show(k, out, 200, e) : rc;
}

/* ---- on paper ---- */

/* GET .../tickets/print: by name, a sheet to tick off */
static enum es_code print(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct list *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    bool more = false;
    enum es_code rc = k ? load(q, k, e) : es_fail(e, ES_ENOMEM, 0, "tickets");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_tickets_ask ask = { .initiative = k->p.was.initiative,
                                  .occasion = k->p.was.id,
                                  .state = ES_TICKET_PLACED,
                                  .came = -1,
                                  .word = "",
                                  .max = PRINTED };
    const char *after = es_req_query(q, "after");
    if (after)
        (void)es_num_i64(es_bytes_str(after), 1, INT64_MAX, &ask.after);
    *k->v = (struct es_view_tickets){
        .frame = es_web_frame(q, &es_web_who(q)->here),
        .head = es_event_page_head(&k->p, "tickets"),
        .row = es_web_event_row(q, &es_web_who(q)->here, &k->p.was, k->p.kept),
        .asked = "",
        .zone = k->p.was.zone,
        .self = tail(k, "tickets"),
    };
    k->by_name = true;
    rc = totals(k, e);
    if (rc == ES_OK)
        rc = rows(k, &ask, &more, e);
    if (rc != ES_OK)
        return rc;
    if (more)
        k->v->next = es_url_path(
            es_req_arena(q),
            "/organise/e/%s/programme/%lld/tickets/print?after=%lld",
            es_web_who(q)->here.slug, (long long)k->p.was.id,
            (long long)ask.after);
    struct es_out o = es_web_page(q, out);
    es_page_tickets_print(&o, k->v);
    return ES_OK;
}

/* ---- as a table ---- */

struct pouring {
    struct es_store *store;
    const struct es_lang *lang;
    const struct es_ticket_choices *choices;
    struct es_tickets_ask ask;
    bool begun; /* its head is out */
};

static const char *moment(int64_t t_ms, char out[ES_TIME_TEXT])
{
    return t_ms ? es_time_text(t_ms, out) : "";
}

static enum es_code more(void *arg, struct es_buf *b, bool *done,
                         struct es_err *e)
{
    static const char *const STATES[] = { "place", "waits", "back" };
    static const char *const HEAD[COLUMNS] = {
        "ticket", "name", "mail", "affiliation", "state", "registered", "came"
    };
    struct pouring *p = arg;
    struct es_arena a;
    struct es_ticket *v;
    size_t n;
    char at[2][ES_TIME_TEXT];
    if (!p->begun) {
        es_buf_str(b, "\ufeff"); /* or spreadsheets take it for another code */
        es_buf_csv(b, HEAD, COLUMNS);
        p->begun = true;
    }
    es_arena_init(&a, ES_REQ_ARENA);
    enum es_code rc = es_store_tickets(p->store, &p->ask, &a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        const char *id = es_arena_fmt(&a, "%" PRId64, v[i].id);
        const char *row[COLUMNS] = {
            id,
            v[i].name,
            v[i].mail,
            es_words_affiliation(p->lang, p->choices, v[i].affiliation),
            v[i].state >= 0 && v[i].state < 3 ? STATES[v[i].state] : "",
            moment(v[i].created_ms, at[0]),
            moment(v[i].came_ms, at[1]),
        };
        es_buf_csv(b, row, COLUMNS);
        p->ask.after = v[i].id;
    }
    es_arena_release(&a);
    *done = n < AT_ONCE;
    return rc;
}

/* GET .../tickets.csv: all but those given back */
static enum es_code csv(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    struct list *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc = k ? load(q, k, e) : es_fail(e, ES_ENOMEM, 0, "tickets");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct pouring *p = malloc(sizeof *p);
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "tickets");
    *p = (struct pouring){ .store = es_web_of(q)->app->store,
                           .lang = es_web_lang(q, NULL),
                           .choices = &k->choices,
                           .ask = { .initiative = k->p.was.initiative,
                                    .occasion = k->p.was.id,
                                    .state = -1,
                                    .came = -1,
                                    .word = "",
                                    .max = AT_ONCE } };
    es_resp_type(out, "text/csv; charset=utf-8; header=present");
    es_resp_cache(out, "no-store");
    es_web_attach(q, out, es_web_who(q)->here.slug, "-tickets.csv");
    return es_web_pour(q, out, more, p, e);
}

/* ---- by staff ---- */

static enum es_code done(const struct list *k, struct es_resp *out,
                         const char *what, int64_t id)
{
    const char *path = es_arena_fmt(
        es_req_arena(k->p.q),
        "/organise/e/%s/programme/%" PRId64 "/tickets?done=%s&ticket=%" PRId64,
        es_web_who(k->p.q)->here.slug, k->p.was.id, what, id);
    return es_resp_redirect(
        out, es_web_keep_lang(k->p.q, path ? path : "/organise"));
}

static enum es_code add(struct list *k, struct es_resp *out, struct es_err *e)
{
    const struct es_req *q = k->p.q;
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_ticket t;
    struct es_ticket_ask in = { .name = es_req_form(q, "name"),
                                .affiliation = es_req_form(q, "affiliation"),
                                .lang = k->p.was.lang,
                                .by_staff = true };
    enum es_code rc = es_ticket_take(es_web_of(q)->app, &k->p.was, &in,
                                     es_req_arena(q), &t, &k->fe, e);
    if (rc == ES_EINVAL)
        return show(k, out, 422, e);
    if (rc == ES_ETOOLARGE)
        return es_web_fail(q, out, 409,
                           es_t(l, ES_T("All places of this event are "
                                        "taken.")));
    if (rc == ES_EDENIED)
        return es_web_fail(q, out, 409,
                           es_t(l, ES_T("Set up the registration first.")));
    return rc == ES_OK ? done(k, out, "added", t.id) : rc;
}

static enum es_code give_back(struct list *k, struct es_resp *out,
                              struct es_err *e)
{
    const struct es_req *q = k->p.q;
    struct es_ticket t;
    int64_t id;
    if (!es_num_i64(es_bytes_str(es_web_given(q, "ticket")), 1, INT64_MAX, &id))
        return es_web_fail(q, out, 404, "");
    enum es_code rc =
        es_store_ticket(es_web_of(q)->app->store, k->p.was.initiative, id,
                        es_req_arena(q), &t, e);
    if (rc == ES_ENOENT || (rc == ES_OK && t.occasion != k->p.was.id))
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = es_ticket_back(es_web_of(q)->app, &k->p.was, id, e);
    return rc == ES_OK || rc == ES_ECONFLICT ? done(k, out, "back", 0) : rc;
}

/* POST .../tickets: `do` is add or back */
static enum es_code change(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct list *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc = k ? load(q, k, e) : es_fail(e, ES_ENOMEM, 0, "tickets");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    if (strcmp(es_web_given(q, "do"), "back") == 0)
        return give_back(k, out, e);
    return add(k, out, e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/programme/{event}/tickets", ES_BODY_NONE,
      ES_WEB_PAGE, tickets },
    { ES_POST, "/organise/e/{slug}/programme/{event}/tickets", ES_BODY_FORM,
      ES_WEB_FORM, change },
    { ES_GET, "/organise/e/{slug}/programme/{event}/tickets/print",
      ES_BODY_NONE, ES_WEB_PAGE, print },
    { ES_GET, "/organise/e/{slug}/programme/{event}/tickets.csv", ES_BODY_NONE,
      ES_WEB_PAGE, csv },
};
const struct es_routes ES_ROUTES_TICKET_LIST = { ROUTES, sizeof ROUTES /
                                                             sizeof *ROUTES };
