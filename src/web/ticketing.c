/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How people register for an event: whether, how many, as whom, until when. */
#include "base/num.h"
#include "web/pages.h"
#include "web/programme_console.h"
#include "web/tickets.h"
#include "web/when.h"

#include <inttypes.h>
#include <string.h>

struct edit {
    struct es_event_page p;
    struct es_ticketing t; /* as it is kept, then as it is to be */
    struct es_ticket_choices kept, choices;
    struct es_when closes; /* as it came, or as it is kept; t_ms 0: not set */
    const char *closes_text, *choices_text; /* as they are kept */
};

static const char *number(const struct es_req *q, int64_t n)
{
    const char *s = es_arena_fmt(es_req_arena(q), "%" PRId64, n);
    return s ? s : "";
}

/* ---- as one text, to be compared ---- */

static const char *closes_of(const struct edit *k, int64_t t_ms)
{
    const char *zone = k->p.was.zone;
    if (!t_ms)
        return "";
    struct es_date d = es_zone_date(zone, t_ms);
    const char *s =
        es_arena_fmt(es_req_arena(k->p.q), "%04d-%02d-%02d %02d:%02d", d.year,
                     d.month, d.day, d.hour, d.minute);
    return s ? s : "";
}

static const char *closes_given(const struct edit *k)
{
    const char *day = es_web_given(k->p.q, "closes_date");
    const char *clock = es_web_given(k->p.q, "closes_time");
    const char *s = *day || *clock ? es_arena_fmt(es_req_arena(k->p.q),
                                                  "%s %.5s", day, clock)
                                   : "";
    return s ? s : "";
}

static const char *text_of(const struct edit *k,
                           const struct es_ticket_choices *c)
{
    struct es_arena *a = es_req_arena(k->p.q);
    const struct es_lang *l = es_web_lang(k->p.q, NULL);
    const char *s = "";
    for (size_t i = 0; s && i < c->n; i++)
        s = es_arena_fmt(a, "%s%s%s", s, i ? ", " : "",
                         es_words_affiliation(l, c, c->v[i].id));
    return s ? s : "";
}

/* ---- what came ---- */

/* One of before keeps its number, and with it whom it stands for. */
static int32_t id_of(const struct edit *k, const char *name, int32_t next)
{
    for (size_t i = 0; i < k->kept.n; i++)
        if (strcmp(k->kept.v[i].name, name) == 0)
            return k->kept.v[i].id;
    return next;
}

static int32_t next_id(const struct es_ticket_choices *a,
                       const struct es_ticket_choices *b)
{
    int32_t next = ES_AFFILIATION_OWN;
    for (size_t i = 0; i < a->n; i++)
        if (a->v[i].id >= next)
            next = a->v[i].id + 1;
    for (size_t i = 0; i < b->n; i++)
        if (b->v[i].id >= next)
            next = b->v[i].id + 1;
    return next;
}

static void add_choice(struct edit *k, int32_t id, const char *name)
{
    struct es_ticket_choices *c = &k->choices;
    if (es_ticket_choices_have(c, id))
        return;
    if (c->n == ES_TICKET_CHOICES) {
        es_field_errors_add(&k->p.fe, "choices", "too_many_choices",
                            ES_TICKET_CHOICES);
        return;
    }
    c->v[c->n++] = (struct es_ticket_choice){ id, name };
}

/* Those with a name of ours that were ticked, then a line each of the others.
 */
static void read_choices(struct edit *k)
{
    const struct es_req *q = k->p.q;
    struct es_arena *a = es_req_arena(q);
    const char *own = es_edit_words(a, es_web_given(q, "own"), true);
    k->choices.n = 0;
    for (int32_t id = 1; id <= ES_AFFILIATION_PRESS; id++) {
        const char *name = es_arena_fmt(a, "choice_%d", (int)id);
        if (name && *es_web_given(q, name))
            add_choice(k, id, "");
    }
    for (const char *at = own ? own : ""; *at;) {
        size_t len = strcspn(at, "\n");
        const char *line = es_edit_words(a, es_arena_strn(a, at, len), false);
        if (line && *line)
            add_choice(k, id_of(k, line, next_id(&k->kept, &k->choices)), line);
        at += len + (at[len] == '\n');
    }
}

static void read_closes(struct edit *k)
{
    const char *given = closes_given(k);
    k->closes = (struct es_when){ .t_ms = 0 };
    if (!*given)
        return;
    k->closes = es_web_when(k->p.q, "closes", k->p.was.zone, &k->p.fe);
}

static int64_t whole(struct edit *k, const char *name, int64_t none)
{
    const char *s = es_web_edit_kept(&k->p.w, name);
    int64_t v = none;
    if (*s && !es_num_i64(es_bytes_str(s), 0, ES_TICKETS_MAX, &v))
        v = -1; /* es_ticketing_save says so at its field */
    return v;
}

/* ---- loading, merging ---- */

static enum es_code load(const struct es_req *q, struct edit *k,
                         struct es_err *e)
{
    *k = (struct edit){ .closes = { .t_ms = 0 } };
    enum es_code rc = es_event_page_load(q, &k->p, e);
    if (rc == ES_OK)
        rc = es_ticketing_of(es_web_of(q)->app, k->p.was.initiative,
                             k->p.was.id, es_req_arena(q), &k->t, &k->kept, e);
    if (rc != ES_OK)
        return rc;
    k->choices = k->kept;
    k->closes_text = closes_of(k, k->t.closes_ms);
    k->choices_text = text_of(k, &k->kept);
    if (k->t.closes_ms)
        k->closes = es_web_when_of(k->p.was.zone, k->t.closes_ms);
    k->p.was.edited_by = k->t.edited_by;
    return ES_OK;
}

static void add_edits(struct edit *k, const char *closes, const char *choices)
{
    const struct es_req *q = k->p.q;
    struct es_web_edit *w = &k->p.w;
    es_web_edit_add(w, "open", k->t.open ? "1" : "", ES_EDIT_AS_IT_IS);
    es_web_edit_add(w, "places", k->t.places ? number(q, k->t.places) : "",
                    ES_EDIT_LINE);
    es_web_edit_add(w, "waiting", k->t.waiting ? "1" : "", ES_EDIT_AS_IT_IS);
    es_web_edit_put(w, "closes", k->closes_text, closes);
    es_web_edit_add(w, "keep_days", number(q, k->t.keep_days), ES_EDIT_LINE);
    es_web_edit_put(w, "choices", k->choices_text, choices);
}

/* What is to be kept, into the record. */
static void apply(struct edit *k, const char *closes, const char *choices)
{
    const struct es_web_edit *w = &k->p.w;
    k->t.open = *es_web_edit_kept(w, "open");
    k->t.waiting = *es_web_edit_kept(w, "waiting");
    k->t.places = whole(k, "places", 0);
    k->t.keep_days = whole(k, "keep_days", -1);
    k->t.edited_by = es_web_who(k->p.q)->account.id;
    if (strcmp(es_web_edit_kept(w, "closes"), closes) == 0)
        k->t.closes_ms = k->closes.t_ms;
    else
        k->p.fe.n = 0; /* they were about a time that isn't taken */
    if (strcmp(es_web_edit_kept(w, "choices"), choices) != 0)
        k->choices = k->kept;
}

/* ---- showing ---- */

static void show_choices(const struct edit *k, struct es_view_ticketing *v)
{
    const struct es_lang *l = es_web_lang(k->p.q, NULL);
    for (int32_t id = 1; id <= ES_AFFILIATION_PRESS; id++)
        v->built_in[id - 1] = (struct es_view_choice){
            .value = number(k->p.q, id),
            .label = es_words_affiliation(l, &k->choices, id),
            .chosen = es_ticket_choices_have(&k->choices, id),
        };
    v->own = "";
    for (size_t i = 0; i < k->choices.n; i++) {
        const char *more =
            es_arena_fmt(es_req_arena(k->p.q), "%s%s%s", v->own,
                         *v->own ? "\n" : "", k->choices.v[i].name);
        if (*k->choices.v[i].name && more)
            v->own = more;
    }
}

static const char *yes_or_no(const struct es_req *q, const char *theirs)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    return !theirs ? NULL : es_t(l, *theirs ? ES_T("Yes") : ES_T("No"));
}

static enum es_code show(struct edit *k, struct es_resp *out, int status,
                         struct es_err *e)
{
    const struct es_req *q = k->p.q;
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_view_ticketing *v = es_arena_alloc(a, sizeof *v);
    long long id = (long long)k->p.was.id;
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "registration");
    *v = (struct es_view_ticketing){
        .frame = es_web_frame(q, ini),
        .head = es_event_page_head(&k->p, "registration"),
        .action = es_url_path(a, "/organise/e/%s/programme/%lld/registration",
                              ini->slug, id),
        .tickets = es_url_path(a, "/organise/e/%s/programme/%lld/tickets",
                               ini->slug, id),
        .was = es_web_edit_stamp(&k->p.w),
        .zone = k->p.was.zone,
        .n_errors = k->p.fe.n,
        .kept = k->t.edition > 0,
        .open = es_event_page_field(&k->p, "open"),
        .places = es_event_page_field(&k->p, "places"),
        .waiting = es_event_page_field(&k->p, "waiting"),
        .closes = es_event_page_field(&k->p, "closes"),
        .keep_days = es_event_page_field(&k->p, "keep_days"),
        .choices = es_event_page_field(&k->p, "choices"),
        .closes_date = "",
        .closes_time = "",
        .placed = k->t.placed,
        .waits = k->t.waits,
    };
    if (k->closes.t_ms) {
        struct es_view_when w =
            es_web_when_view(q, "closes", k->p.was.zone, &k->closes, &k->p.fe);
        v->closes_date = w.date;
        v->closes_time = w.time;
        v->closes_error = w.error;
    }
    if (k->t.open && k->p.was.state == ES_OCCASION_PUBLISHED)
        v->form =
            es_url_path(a, "/e/%s/programme/%lld/register", ini->slug, id);
    v->open.theirs = yes_or_no(q, v->open.theirs);
    v->waiting.theirs = yes_or_no(q, v->waiting.theirs);
    show_choices(k, v);
    v->frame.notice = es_event_page_notice(&k->p);
    es_resp_status(out, status);
    struct es_out o = es_web_page(q, out);
    es_page_event_registration(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/programme/{event}/registration */
static enum es_code form(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct edit *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc =
        k ? load(q, k, e) : es_fail(e, ES_ENOMEM, 0, "registration");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    add_edits(k, k->closes_text, k->choices_text);
    return show(k, out, 200, e);
}

/* POST to it */
static enum es_code keep(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct edit *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc = ES_ECONFLICT;
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "registration");
    for (int i = 0; rc == ES_ECONFLICT && i < ES_EVENT_TRIES; i++) {
        rc = load(q, k, e);
        if (rc == ES_ENOENT)
            return es_web_fail(q, out, 404, "");
        if (rc != ES_OK)
            return rc;
        read_choices(k);
        read_closes(k);
        const char *closes = closes_given(k);
        const char *choices = text_of(k, &k->choices);
        add_edits(k, closes, choices);
        if (es_event_page_merge(&k->p))
            return show(k, out, 409, e);
        apply(k, closes, choices);
        if (!k->p.fe.n)
            rc = es_ticketing_save(es_web_of(q)->app, &k->t, &k->p.was,
                                   &k->choices, es_req_arena(q), NULL, &k->p.fe,
                                   e);
        if (k->p.fe.n)
            return show(k, out, 422, e);
    }
    return rc == ES_OK ? es_event_page_done(&k->p, out, "registration", "kept")
                       : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/programme/{event}/registration", ES_BODY_NONE,
      ES_WEB_PAGE, form },
    { ES_POST, "/organise/e/{slug}/programme/{event}/registration",
      ES_BODY_FORM, ES_WEB_FORM, keep },
};
const struct es_routes ES_ROUTES_TICKETING = { ROUTES,
                                               sizeof ROUTES / sizeof *ROUTES };
