/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An event of the programme: what it is, when and where, in each language. */
#include "base/num.h"
#include "web/pages.h"
#include "web/programme_console.h"
#include "web/when.h"

#include <math.h>
#include <string.h>

struct edit {
    struct es_event_page p;
    struct es_when starts, ends; /* as they came, or as they are kept */
    const char *zone;
    const char *when; /* all three as they are kept */
};

/* The name of a text's input in another language: "title_ur". */
static const char *named(const struct edit *k, const char *what, size_t lang)
{
    const char *s = es_arena_fmt(es_req_arena(k->p.q), "%s_%s", what,
                                 es_lang_at(lang)->tag);
    return s ? s : what;
}

static bool is_own(const struct edit *k, size_t i)
{
    return strcmp(es_lang_at(i)->tag, k->p.was.lang) == 0;
}

/* ---- when ---- */

/* Beginning, end and zone are one thing to two who change them at once. */
static const char *when_kept(const struct edit *k)
{
    const struct es_occasion *o = &k->p.was;
    struct es_date s = es_zone_date(o->zone, o->starts_ms);
    struct es_date d = es_zone_date(o->zone, o->ends_ms);
    bool late =
        k->starts.how == ES_LOCAL_TWICE && o->starts_ms == k->starts.last_ms;
    bool later = k->ends.how == ES_LOCAL_TWICE && o->ends_ms == k->ends.last_ms;
    const char *text = es_arena_fmt(
        es_req_arena(k->p.q),
        "%04d-%02d-%02d %02d:%02d%s – %04d-%02d-%02d %02d:%02d%s, %s", s.year,
        s.month, s.day, s.hour, s.minute, late ? "*" : "", d.year, d.month,
        d.day, d.hour, d.minute, later ? "*" : "", o->zone);
    return text ? text : "";
}

static const char *when_given(const struct edit *k)
{
    const struct es_req *q = k->p.q;
    bool late = strcmp(es_web_given(q, "starts_fold"), "last") == 0;
    bool later = strcmp(es_web_given(q, "ends_fold"), "last") == 0;
    const char *text = es_arena_fmt(
        es_req_arena(q), "%s %.5s%s – %s %.5s%s, %s",
        es_web_given(q, "starts_date"), es_web_given(q, "starts_time"),
        late ? "*" : "", es_web_given(q, "ends_date"),
        es_web_given(q, "ends_time"), later ? "*" : "", k->zone);
    return text ? text : "";
}

/* ---- what is kept, and what came ---- */

static enum es_code load(const struct es_req *q, struct edit *k,
                         struct es_err *e)
{
    *k = (struct edit){ .zone = "UTC" };
    enum es_code rc = es_event_page_load(q, &k->p, e);
    if (rc != ES_OK)
        return rc;
    const struct es_occasion *o = &k->p.was;
    k->zone = o->zone;
    k->starts = es_web_when_of(o->zone, o->starts_ms);
    k->ends = es_web_when_of(o->zone, o->ends_ms);
    k->when = when_kept(k);
    return ES_OK;
}

/* All inputs with what is kept; `when` is what came of the times. */
static void add_edits(struct edit *k, const char *when)
{
    const struct es_occasion_body *b = k->p.kept;
    struct es_web_edit *w = &k->p.w;
    const char *kind =
        es_arena_fmt(es_req_arena(k->p.q), "%d", (int)k->p.was.kind);
    es_web_edit_add(w, "what", kind ? kind : "0", ES_EDIT_AS_IT_IS);
    es_web_edit_add(w, "title", k->p.was.title, ES_EDIT_LINE);
    es_web_edit_add(w, "about", b->about, ES_EDIT_LINES);
    es_web_edit_put(w, "when", k->when, when ? when : k->when);
    es_web_edit_add(w, "place", b->place.name, ES_EDIT_LINE);
    es_web_edit_add(w, "address", b->place.address, ES_EDIT_LINES);
    es_web_edit_add(w, "map", b->place.map, ES_EDIT_LINE);
    es_web_edit_add(w, "online", b->online.url, ES_EDIT_LINE);
    es_web_edit_add(w, "registered", b->online.registered ? "1" : "",
                    ES_EDIT_AS_IT_IS);
    for (size_t i = 0; i < ES_LANGS; i++)
        if (!is_own(k, i)) {
            es_web_edit_add(w, named(k, "title", i), b->in[i].title,
                            ES_EDIT_LINE);
            es_web_edit_add(w, named(k, "about", i), b->in[i].about,
                            ES_EDIT_LINES);
        }
}

static const char *kept(const struct edit *k, const char *name)
{
    return es_web_edit_kept(&k->p.w, name);
}

static void read_when(struct edit *k)
{
    const struct es_req *q = k->p.q;
    k->zone = es_web_given(q, "zone");
    const char *zone = es_zone_known(k->zone) ? k->zone : "UTC";
    k->starts = es_web_when(q, "starts", zone, &k->p.fe);
    k->ends = es_web_when(q, "ends", zone, &k->p.fe);
}

/* What is to be kept, into the event. */
static void apply(struct edit *k, const char *when)
{
    struct es_occasion *o = &k->p.o;
    struct es_occasion_body *b = k->p.b;
    int64_t kind = -1;
    (void)es_num_i64(es_bytes_str(kept(k, "what")), 0, ES_OCCASION_KINDS - 1,
                     &kind);
    o->kind = (int32_t)kind;
    o->title = kept(k, "title");
    b->about = kept(k, "about");
    if (strcmp(kept(k, "when"), when) == 0) {
        o->zone = k->zone;
        o->starts_ms = k->starts.t_ms;
        o->ends_ms = k->ends.t_ms;
        if (o->starts_ms != ES_NO_TIME)
            es_occasion_follow(b, &k->p.was, o);
    } else {
        k->p.fe.n = 0; /* they were about times that aren't taken */
    }
    b->place.name = kept(k, "place");
    b->place.address = kept(k, "address");
    b->place.map = kept(k, "map");
    b->online.url = kept(k, "online");
    b->online.registered = *kept(k, "registered");
    for (size_t i = 0; i < ES_LANGS; i++)
        if (!is_own(k, i)) {
            b->in[i].title = kept(k, named(k, "title", i));
            b->in[i].about = kept(k, named(k, "about", i));
        }
}

/* ---- showing ---- */

static void choices(const struct edit *k, struct es_view_event_edit *v)
{
    const struct es_lang *l = es_web_lang(k->p.q, NULL);
    for (size_t i = 0; i < ES_OCCASION_KINDS; i++) {
        const char *value = es_arena_fmt(es_req_arena(k->p.q), "%zu", i);
        v->kinds[i] = (struct es_view_choice){
            .value = value ? value : "",
            .label = es_words_occasion(l, (int32_t)i),
            .chosen = value && strcmp(value, v->kind.value) == 0,
        };
    }
    v->zones = es_zones(&v->n_zones);
    for (size_t i = 0; i < v->n_zones; i++)
        if (strcmp(v->zones[i], v->zone) == 0)
            v->zone_listed = true;
}

static struct es_view_edited field(const struct edit *k, const char *name)
{
    return es_event_page_field(&k->p, name);
}

static void texts(const struct edit *k, struct es_view_event_edit *v)
{
    const struct es_lang *own = es_lang_of(k->p.was.lang);
    v->lang = k->p.was.lang;
    v->lang_name = own ? own->name : k->p.was.lang;
    v->title = field(k, "title");
    v->about = field(k, "about");
    for (size_t i = 0; i < ES_LANGS; i++) {
        const struct es_lang *l = es_lang_at(i);
        if (is_own(k, i))
            continue;
        v->others[v->n_others++] = (struct es_view_event_text){
            .lang = l->tag,
            .dir = l->dir,
            .name = l->name,
            .names = { named(k, "title", i), named(k, "about", i) },
            .title = field(k, named(k, "title", i)),
            .about = field(k, named(k, "about", i)),
        };
    }
}

/* What others chose, as it reads on the form. */
static void in_words(const struct edit *k, struct es_view_event_edit *v)
{
    const struct es_lang *l = es_web_lang(k->p.q, NULL);
    const char *other = v->registered.theirs;
    int64_t kind;
    if (v->kind.theirs && es_num_i64(es_bytes_str(v->kind.theirs), 0,
                                     ES_OCCASION_KINDS - 1, &kind))
        v->kind.theirs = es_words_occasion(l, (int32_t)kind);
    if (other)
        v->registered.theirs =
            es_t(l, *other ? ES_T("Only who has registered sees this link.")
                           : ES_T("Everybody sees this link."));
}

static enum es_code show(struct edit *k, struct es_resp *out, int status,
                         struct es_err *e)
{
    const struct es_req *q = k->p.q;
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_view_event_edit *v = es_arena_alloc(a, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "event");
    *v = (struct es_view_event_edit){
        .frame = es_web_frame(q, ini),
        .head = es_event_page_head(&k->p, ""),
        .action = k->p.is_new ? es_url_path(a, "/organise/e/%s/programme/new",
                                            ini->slug)
                              : es_url_path(a, "/organise/e/%s/programme/%lld",
                                            ini->slug, (long long)k->p.was.id),
        .was = es_web_edit_stamp(&k->p.w),
        .n_errors = k->p.fe.n,
        .kind = field(k, "what"),
        .when = field(k, "when"),
        .place = field(k, "place"),
        .address = field(k, "address"),
        .map = field(k, "map"),
        .online = field(k, "online"),
        .registered = field(k, "registered"),
        .starts = es_web_when_view(q, "starts", k->zone, &k->starts, &k->p.fe),
        .ends = es_web_when_view(q, "ends", k->zone, &k->ends, &k->p.fe),
        .zone = k->zone,
        .zone_error = es_say_of_field(es_web_reader(q), a, &k->p.fe, "zone"),
    };
    choices(k, v);
    texts(k, v);
    in_words(k, v);
    v->frame.notice = es_event_page_notice(&k->p);
    es_resp_status(out, status);
    struct es_out o = es_web_page(q, out);
    es_page_event_edit(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/programme/new and .../{event} */
static enum es_code form(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct edit *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "event");
    enum es_code rc = load(q, k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    add_edits(k, NULL);
    return show(k, out, 200, e);
}

/* POST to the same */
static enum es_code keep(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct edit *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc = ES_ECONFLICT;
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "event");
    for (int i = 0; rc == ES_ECONFLICT && i < ES_EVENT_TRIES; i++) {
        rc = load(q, k, e);
        if (rc == ES_ENOENT)
            return es_web_fail(q, out, 404, "");
        if (rc != ES_OK)
            return rc;
        read_when(k);
        const char *when = when_given(k);
        add_edits(k, when);
        if (es_event_page_merge(&k->p))
            return show(k, out, 409, e);
        apply(k, when);
        if (!k->p.fe.n)
            rc = es_event_page_keep(&k->p, e);
        else
            es_occasion_check(&k->p.o, k->p.b, &k->p.fe);
        if (k->p.fe.n)
            return show(k, out, 422, e);
    }
    if (rc == ES_EBUSY)
        return es_web_fail(q, out, 409,
                           es_t(es_web_lang(q, NULL),
                                ES_T("There are as many events as there may "
                                     "be.")));
    return rc == ES_OK ? es_event_page_done(&k->p, out, "",
                                            k->p.is_new ? "event_new" : "kept")
                       : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/programme/new", ES_BODY_NONE, ES_WEB_PAGE,
      form },
    { ES_POST, "/organise/e/{slug}/programme/new", ES_BODY_FORM, ES_WEB_FORM,
      keep },
    { ES_GET, "/organise/e/{slug}/programme/{event}", ES_BODY_NONE, ES_WEB_PAGE,
      form },
    { ES_POST, "/organise/e/{slug}/programme/{event}", ES_BODY_FORM,
      ES_WEB_FORM, keep },
};
const struct es_routes ES_ROUTES_PROGRAMME_EDIT = {
    ROUTES, sizeof ROUTES / sizeof *ROUTES
};
