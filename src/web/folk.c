/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who takes part, for who organises: a search, and a page of each person. */
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "initiative/names.h"
#include "initiative/people.h"
#include "initiative/search.h"
#include "store/people.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

enum { ROWS = 50, RUNS = 20 };

static const char *state_of(const struct es_req *q,
                            const struct es_participant *p)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    if (p->state == ES_PERSON_WAITS)
        return es_t(l, ES_T("waits for a place"));
    if (p->state == ES_PERSON_GONE)
        return es_t(l, ES_T("has left"));
    if (p->guardian == ES_GUARDIAN_ASKED)
        return es_t(l, ES_T("a guardian hasn't agreed yet"));
    return "";
}

static struct es_url page_of(const struct es_req *q, int64_t bib)
{
    return es_url_path(es_req_arena(q), "/organise/e/%s/people/%lld",
                       es_web_who(q)->here.slug, (long long)bib);
}

/* ---- the list ---- */

struct es_view_found es_web_found_view(const struct es_req *q,
                                       const struct es_participant *p)
{
    struct es_view_found v = {
        .name = p->display_name,
        .country = *p->country
                       ? es_country_name(es_web_lang(q, NULL), p->country)
                       : "",
        .team = "",
        .state = state_of(q, p),
        .bib = p->bib,
        .since_ms = p->created_ms,
    };
    if (p->state != ES_PERSON_GONE)
        v.url = page_of(q, p->bib);
    return v;
}

static enum es_code find(const struct es_req *q, struct es_view_people *v,
                         struct es_participant **rows, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    int64_t ini = es_web_who(q)->here.id;
    int64_t before = 0;
    const char *text = es_req_query(q, "before");
    if (*v->asked)
        return es_search_people(app, ini, v->asked, ROWS, a, rows, &v->n,
                                &v->more, e);
    if (text && !es_num_i64(es_bytes_str(text), 1, INT64_MAX, &before))
        return es_fail(e, ES_EINVAL, 0, "before");
    enum es_code rc =
        es_store_people(app->store, ini, before, ROWS, a, rows, &v->n, e);
    if (rc == ES_OK && v->n == ROWS)
        v->next = es_url_path(a, "/organise/e/%s/people?before=%lld",
                              es_web_who(q)->here.slug,
                              (long long)(*rows)[ROWS - 1].bib);
    if (before)
        v->first = v->self;
    return rc;
}

/* GET /organise/e/{slug}/people */
static enum es_code people(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_store *store = es_web_of(q)->app->store;
    struct es_arena *a = es_req_arena(q);
    struct es_participant *rows = NULL;
    const char *asked = es_req_query(q, "q");
    struct es_view_people v = {
        .frame = es_web_frame(q, ini),
        .self = es_url_path(a, "/organise/e/%s/people", ini->slug),
        .groups = es_url_path(a, "/organise/e/%s/groups", ini->slug),
        .asked = asked ? asked : "",
        .zone = ini->zone,
    };
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    enum es_code rc = es_store_count(store, ini->id, "placed", &v.placed, e);
    if (rc == ES_OK)
        rc = es_store_count(store, ini->id, "waiting", &v.waits, e);
    if (rc == ES_OK)
        rc = find(q, &v, &rows, e);
    if (rc == ES_EINVAL)
        return es_web_fail(q, out, 400, "");
    struct es_view_found *found =
        rc == ES_OK ? es_arena_array(a, v.n, sizeof *found) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!found)
        return es_fail(e, ES_ENOMEM, 0, "people");
    for (size_t i = 0; i < v.n; i++)
        found[i] = es_web_found_view(q, &rows[i]);
    v.rows = found;
    struct es_out o = es_web_page(q, out);
    es_page_people(&o, &v);
    return ES_OK;
}

/* ---- a person ---- */

static enum es_code person_of(const struct es_req *q, struct es_participant *p,
                              struct es_err *e)
{
    int64_t bib;
    if (!es_req_i64(q, "bib", 1, INT64_MAX, &bib))
        return es_fail(e, ES_ENOENT, 0, "not a bib");
    enum es_code rc = es_store_participant_by_bib(es_web_of(q)->app->store,
                                                  es_web_who(q)->here.id, bib,
                                                  es_req_arena(q), p, e);
    if (rc == ES_OK && p->state == ES_PERSON_GONE)
        rc = es_fail(e, ES_ENOENT, 0, "they are gone");
    return rc;
}

static enum es_code person_teams(const struct es_req *q,
                                 const struct es_participant *p,
                                 struct es_view_someone *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_team *all;
    enum es_code rc = es_store_teams(es_web_of(q)->app->store, p->initiative, a,
                                     &all, &v->n_teams, e);
    struct es_view_choice *c =
        rc == ES_OK ? es_arena_array(a, v->n_teams, sizeof *c) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "teams");
    for (size_t i = 0; i < v->n_teams; i++) {
        const char *id = es_arena_fmt(a, "%" PRId64, all[i].id);
        c[i] = (struct es_view_choice){ .value = id ? id : "",
                                        .label = all[i].name,
                                        .chosen = all[i].id == p->team };
        if (c[i].chosen)
            v->team = all[i].name;
    }
    v->teams = c;
    return ES_OK;
}

static enum es_code person_runs(const struct es_req *q,
                                const struct es_participant *p,
                                struct es_view_someone *v, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_run *runs;
    int64_t before = 0;
    const char *text = es_req_query(q, "before");
    if (text && !es_num_i64(es_bytes_str(text), 1, INT64_MAX, &before))
        before = 0;
    enum es_code rc = es_store_runs_of(app->store, p->initiative, p->id, before,
                                       RUNS, a, &runs, &v->n_runs, e);
    struct es_view_run *view =
        rc == ES_OK ? es_arena_array(a, v->n_runs, sizeof *view) : NULL;
    if (rc == ES_OK && !view)
        rc = es_fail(e, ES_ENOMEM, 0, "runs");
    for (size_t i = 0; rc == ES_OK && i < v->n_runs; i++) {
        struct es_receipt *r = es_arena_alloc(a, sizeof *r);
        rc = r ? es_receipt_of(app, &runs[i], a, r, e)
               : es_fail(e, ES_ENOMEM, 0, "runs");
        if (rc == ES_OK)
            view[i] = es_web_run_view(q, r);
    }
    if (rc == ES_OK && v->n_runs == RUNS)
        v->older = es_url_path(a, "/organise/e/%s/people/%lld?before=%lld",
                               es_web_who(q)->here.slug, (long long)p->bib,
                               (long long)runs[RUNS - 1].id);
    v->runs = view;
    return rc;
}

/* What they agreed to, with the texts as they were then. */
static enum es_code person_agreed(const struct es_req *q,
                                  const struct es_participant *p,
                                  struct es_view_someone *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_consent_text *texts;
    size_t n_texts;
    json_error_t je;
    const char *purpose;
    json_t *version;
    enum es_code rc = es_store_consent_texts(
        es_web_of(q)->app->store, p->initiative, a, &texts, &n_texts, e);
    if (rc != ES_OK)
        return rc;
    json_t *given = json_loads(p->consents, 0, &je);
    struct es_view_agreed *rows =
        es_arena_array(a, json_object_size(given), sizeof *rows);
    json_object_foreach(given, purpose, version)
    {
        char *text = json_dumps(version, JSON_ENCODE_ANY);
        struct es_view_agreed r = {
            .version = es_arena_str(a, text ? text : ""),
            .label = es_arena_str(
                a, es_words_consent(es_web_lang(q, NULL), purpose)),
        };
        free(text);
        for (size_t i = 0; r.version && i < n_texts; i++) {
            if (strcmp(texts[i].purpose, purpose) != 0)
                continue;
            if (strcmp(texts[i].version, r.version) == 0)
                r.label = texts[i].text;
            else if (strlen(texts[i].version) > strlen(r.version) ||
                     strcmp(texts[i].version, r.version) > 0)
                r.old = true;
        }
        if (rows && r.version && r.label)
            rows[v->n_agreed++] = r;
    }
    json_decref(given);
    v->agreed = rows;
    return rows ? ES_OK : es_fail(e, ES_ENOMEM, 0, "consents");
}

static const char *guardian_words(const struct es_req *q, int32_t how)
{
    static const char *const WORDS[] = {
        [ES_GUARDIAN_NONE] = NULL,
        [ES_GUARDIAN_DECLARED] = ES_T("Said to agree, reachable at:"),
        [ES_GUARDIAN_ASKED] = ES_T("Asked by mail:"),
        [ES_GUARDIAN_AGREED] = ES_T("Agreed by mail:"),
        [ES_GUARDIAN_SCHOOL] = ES_T("The school says that it has the consent."),
    };
    return how > 0 && how <= ES_GUARDIAN_SCHOOL
               ? es_t(es_web_lang(q, NULL), WORDS[how])
               : "";
}

static void person_given(const struct es_req *q, const struct es_participant *p,
                         const struct es_settings *s, struct es_view_someone *v)
{
    struct es_arena *a = es_req_arena(q);
    const char *shown = es_public_name(p, a);
    const char *year =
        p->birth_year ? es_arena_fmt(a, "%d", p->birth_year) : NULL;
    v->name = p->display_name;
    v->shown = shown ? shown : "";
    v->country =
        *p->country ? es_country_name(es_web_lang(q, NULL), p->country) : "";
    v->team = "";
    v->category = p->category;
    v->age = year ? year : es_words_ages(a, es_web_reader(q), s, p->age_group);
    v->mail = p->email;
    v->guardian = guardian_words(q, p->guardian);
    v->guardian_contact = p->guardian_contact;
    v->state = state_of(q, p);
    v->bib = p->bib;
    v->since_ms = p->created_ms;
    v->hidden = (p->visibility & ES_VIS_STAFF) != 0;
    if (p->state == ES_PERSON_IN && p->visibility != ES_VIS_HIDDEN)
        v->page = es_web_person_url(q, es_web_who(q)->here.slug, p->bib);
}

static void person_acts(const struct es_req *q, int64_t bib,
                        struct es_view_someone *v)
{
    struct es_arena *a = es_req_arena(q);
    const char *slug = es_web_who(q)->here.slug;
    long long n = (long long)bib;
    v->link = es_url_path(a, "/organise/e/%s/people/%lld/link", slug, n);
    v->hide = es_url_path(a, "/organise/e/%s/people/%lld/hide", slug, n);
    v->move = es_url_path(a, "/organise/e/%s/people/%lld/team", slug, n);
    v->remove = es_url_path(a, "/organise/e/%s/people/%lld/remove", slug, n);
    v->back = es_url_path(a, "/organise/e/%s/people", slug);
}

struct shown {
    const char *link; /* a new one; NULL */
    const struct es_field_errors *hide, *remove;
};

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct es_participant *p, const struct shown *s,
                         struct es_err *e)
{
    static const struct es_field_errors NONE;
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_arena *a = es_req_arena(q);
    struct es_settings settings;
    struct es_view_someone *v = es_arena_alloc(a, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "a person");
    *v = (struct es_view_someone){ .frame = es_web_frame(q, ini),
                                   .zone = ini->zone };
    enum es_code rc =
        es_settings_of(es_web_of(q)->app->store, ini->id, &settings, NULL, e);
    if (rc != ES_OK)
        return rc;
    person_given(q, p, &settings, v);
    person_acts(q, p->bib, v);
    v->why_hide = es_web_field(q, "why", s->hide ? s->hide : &NONE);
    v->why_remove = es_web_field(q, "why", s->remove ? s->remove : &NONE);
    if (!s->hide)
        v->why_hide.value = "";
    if (!s->remove)
        v->why_remove.value = "";
    v->new_link = s->link ? s->link : "";
    if (s->link)
        v->qr = es_web_qr(q, s->link);
    v->frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    rc = person_teams(q, p, v, e);
    if (rc == ES_OK)
        rc = person_runs(q, p, v, e);
    if (rc == ES_OK)
        rc = person_agreed(q, p, v, e);
    if (rc != ES_OK)
        return rc;
    if (s->hide || s->remove)
        es_resp_status(out, 422);
    if (s->link)
        es_resp_no_gzip(out);
    struct es_out o = es_web_page(q, out);
    es_page_someone(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/people/{bib} */
static enum es_code person(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_participant p;
    enum es_code rc = person_of(q, &p, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? show(q, out, &p, &(struct shown){ NULL }, e) : rc;
}

/* ---- acting ---- */

static enum es_code back(const struct es_req *q, struct es_resp *out,
                         const struct es_participant *p)
{
    const char *path =
        p ? es_arena_fmt(es_req_arena(q),
                         "/organise/e/%s/people/%lld?done=kept",
                         es_web_who(q)->here.slug, (long long)p->bib)
          : es_arena_fmt(es_req_arena(q),
                         "/organise/e/%s/people?done=person_removed",
                         es_web_who(q)->here.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* POST .../people/{bib}/link */
static enum es_code new_link(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_participant p;
    char secret[ES_SECRET_TEXT];
    enum es_code rc = person_of(q, &p, e);
    if (rc == ES_OK)
        rc = es_person_link(es_web_of(q)->app, p.initiative, p.id, secret, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    const char *link =
        es_arena_fmt(es_req_arena(q), "%s/p/%s", es_web_of(q)->origin, secret);
    return link ? show(q, out, &p, &(struct shown){ .link = link }, e)
                : es_fail(e, ES_ENOMEM, 0, "a link");
}

/* A reason, cleaned; NULL with an error at the field. */
static const char *reason(const struct es_req *q, struct es_field_errors *fe)
{
    struct es_buf b;
    es_buf_init(&b, ES_FORM_MAX);
    es_text_clean(&b, es_bytes_str(es_web_given(q, "why")), false);
    const char *why =
        b.bad ? NULL : es_arena_str(es_req_arena(q), es_buf_cstr(&b));
    es_buf_release(&b);
    if (!why || !es_text_visible(es_bytes_str(why)))
        es_field_errors_add(fe, "why", "required", NAN);
    else if (es_utf8_count(es_bytes_str(why)) > ES_WHY_MAX)
        es_field_errors_add(fe, "why", "too_long", ES_WHY_MAX);
    return fe->n ? NULL : why;
}

/* POST .../people/{bib}/hide */
static enum es_code hide(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_participant p;
    struct es_field_errors fe = { 0 };
    const char *why = reason(q, &fe);
    enum es_code rc = person_of(q, &p, e);
    if (rc == ES_OK && !why)
        return show(q, out, &p, &(struct shown){ .hide = &fe }, e);
    if (rc == ES_OK)
        rc = es_person_hide(es_web_of(q)->app, es_web_who(q)->account.id, &p,
                            strcmp(es_web_given(q, "hide"), "1") == 0, why, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK || rc == ES_ECONFLICT ? back(q, out, &p) : rc;
}

/* POST .../people/{bib}/team */
static enum es_code move(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_participant p;
    int64_t team;
    if (!es_num_i64(es_bytes_str(es_web_given(q, "team")), 0, INT64_MAX, &team))
        return es_web_fail(q, out, 400, "");
    enum es_code rc = person_of(q, &p, e);
    if (rc == ES_OK)
        rc = es_person_team(es_web_of(q)->app, p.initiative, p.id, -1, team, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? back(q, out, &p) : rc;
}

/* POST .../people/{bib}/remove */
static enum es_code removed(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_participant p;
    struct es_field_errors fe = { 0 };
    const char *why = reason(q, &fe);
    enum es_code rc = person_of(q, &p, e);
    if (rc == ES_OK && !why)
        return show(q, out, &p, &(struct shown){ .remove = &fe }, e);
    const struct es_leaving how = { .take_away = true,
                                    .account = es_web_who(q)->account.id,
                                    .why = why };
    if (rc == ES_OK)
        rc = es_person_leave(es_web_of(q)->app, &p, &how, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    es_web_move_up(q, p.initiative);
    return back(q, out, NULL);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/people", ES_BODY_NONE, ES_WEB_PAGE, people },
    { ES_GET, "/organise/e/{slug}/people/{bib}", ES_BODY_NONE, ES_WEB_PAGE,
      person },
    { ES_POST, "/organise/e/{slug}/people/{bib}/link", ES_BODY_FORM,
      ES_WEB_FORM, new_link },
    { ES_POST, "/organise/e/{slug}/people/{bib}/hide", ES_BODY_FORM,
      ES_WEB_FORM, hide },
    { ES_POST, "/organise/e/{slug}/people/{bib}/team", ES_BODY_FORM,
      ES_WEB_FORM, move },
    { ES_POST, "/organise/e/{slug}/people/{bib}/remove", ES_BODY_FORM,
      ES_WEB_FORM, removed },
};
const struct es_routes ES_ROUTES_FOLK = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
