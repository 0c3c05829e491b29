/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Classes and clubs from a list: the form, what was read of it, and who is in
 * one. */
#include "web/groups.h"
#include "base/limits.h"
#include "base/num.h"
#include "initiative/people.h"
#include "store/people.h"
#include "web/pages.h"
#include "web/views_groups.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum { GROUPS = 20, MEMBERS = 50, WRONG_SHOWN = 100, SAMPLE = 5 };

static const char *number(const struct es_req *q, int64_t n)
{
    const char *s = es_arena_fmt(es_req_arena(q), "%" PRId64, n);
    return s ? s : "";
}

static struct es_url group_url(const struct es_req *q, int64_t group)
{
    return es_url_path(es_req_arena(q), "/organise/e/%s/groups/%lld",
                       es_web_who(q)->here.slug, (long long)group);
}

/* ---- the form ---- */

static enum es_code rows_view(const struct es_req *q, struct es_view_groups *v,
                              struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_store *store = es_web_of(q)->app->store;
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_group *all;
    int64_t before = 0;
    const char *text = es_req_query(q, "before");
    if (text)
        (void)es_num_i64(es_bytes_str(text), 1, INT64_MAX, &before);
    enum es_code rc =
        es_store_groups(store, ini->id, before, GROUPS, a, &all, &v->n, e);
    struct es_view_group_row *rows =
        rc == ES_OK ? es_arena_array(a, v->n, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "groups");
    for (size_t i = 0; rc == ES_OK && i < v->n; i++) {
        rows[i] = (struct es_view_group_row){ .page = group_url(q, all[i].id),
                                              .name = all[i].name,
                                              .at_ms = all[i].at_ms };
        rc =
            es_store_group_count(store, ini->id, all[i].id, &rows[i].people, e);
    }
    if (rc == ES_OK && v->n == GROUPS)
        v->next = es_url_path(a, "/organise/e/%s/groups?before=%lld", ini->slug,
                              (long long)all[GROUPS - 1].id);
    if (before)
        v->first = v->self;
    v->rows = rows;
    return rc;
}

static const struct es_view_choice *langs_view(const struct es_req *q,
                                               const char *chosen)
{
    struct es_view_choice *c =
        es_arena_array(es_req_arena(q), ES_LANGS, sizeof *c);
    for (size_t i = 0; c && i < ES_LANGS; i++) {
        const struct es_lang *l = es_lang_at(i);
        c[i] = (struct es_view_choice){ .value = l->tag,
                                        .label = l->name,
                                        .chosen = strcmp(l->tag, chosen) == 0 };
    }
    return c;
}

static const char *given_or(const struct es_req *q, const char *name,
                            const char *other)
{
    const char *s = es_web_given(q, name);
    return *s ? s : other;
}

static enum es_code show_form(const struct es_req *q, struct es_resp *out,
                              const struct es_field_errors *fe,
                              struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    bool first = es_req_route(q)->method == ES_GET;
    struct es_settings s;
    struct es_view_groups v = {
        .frame = es_web_frame(q, ini),
        .self = es_url_path(a, "/organise/e/%s/groups", ini->slug),
        .sample = es_url_path(a, "/organise/e/%s/groups/list.csv", ini->slug),
        .people = es_url_path(a, "/organise/e/%s/people", ini->slug),
        .n_errors = fe->n,
        .name = es_web_field(q, "name", fe),
        .csv = es_web_field(q, "csv", fe),
        .pasted = es_web_field(q, "pasted", fe),
        .as_team = first || *es_web_given(q, "as_team"),
        .school = strcmp(es_web_given(q, "who"), "school") == 0,
        .visibility = given_or(q, "visibility", "initials"),
        .zone = ini->zone,
    };
    enum es_code rc =
        es_settings_of(es_web_of(q)->app->store, ini->id, &s, NULL, e);
    if (rc == ES_OK)
        rc = rows_view(q, &v, e);
    if (rc != ES_OK)
        return rc;
    v.consent_age = s.consent_age;
    v.langs = langs_view(q, given_or(q, "lang", ini->lang));
    v.n_langs = v.langs ? ES_LANGS : 0;
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    if (fe->n)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_groups(&o, &v);
    return ES_OK;
}

/* GET /organise/e/{slug}/groups */
static enum es_code groups(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show_form(q, out, &none, e);
}

/* ---- reading a list ---- */

static const struct es_req_file *file_of(const struct es_req *q)
{
    size_t n;
    const struct es_req_file *f = es_req_files(q, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(f[i].field, "csv") == 0 && f[i].size > 0)
            return &f[i];
    return NULL;
}

/* The bytes of the file, else what was pasted; in the draft's arena, for the
 * list points into them. */
static enum es_code bytes_of(const struct es_req *q, struct es_draft *d,
                             struct es_bytes *out, struct es_field_errors *fe,
                             struct es_err *e)
{
    const struct es_req_file *f = file_of(q);
    const char *pasted = es_web_given(q, "pasted");
    *out = es_bytes_str(pasted);
    if (!f) {
        if (!*pasted)
            es_field_errors_add(fe, "csv", "required", NAN);
        return ES_OK;
    }
    if (f->size > ES_GROUP_MAX) {
        es_field_errors_add(fe, "csv", "too_large", ES_GROUP_MAX);
        return ES_OK;
    }
    uint8_t *p = es_arena_alloc(&d->mem, f->size);
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "a list");
    for (size_t n = 0; n < f->size;) {
        ssize_t got = pread(f->fd, p + n, f->size - n, (off_t)n);
        if (got <= 0)
            return es_fail(e, ES_EIO, 0, "a list");
        n += (size_t)got;
    }
    *out = (struct es_bytes){ p, f->size };
    return ES_OK;
}

static const char *kept(struct es_draft *d, const char *s, bool *ok)
{
    const char *copy = es_arena_str(&d->mem, s);
    *ok = *ok && copy;
    return copy ? copy : "";
}

static enum es_code asked(const struct es_req *q, struct es_draft *d,
                          struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    bool ok = true;
    d->ask = (struct es_group_ask){
        .name = kept(d, es_web_given(q, "name"), &ok),
        .as_team = strcmp(es_web_given(q, "as_team"), "1") == 0,
        .school = strcmp(es_web_given(q, "who"), "school") == 0,
        .visibility = kept(d, given_or(q, "visibility", "initials"), &ok),
        .lang = kept(d, given_or(q, "lang", who->here.lang), &ok),
        .account = who->account.id,
    };
    return ok ? ES_OK : es_fail(e, ES_ENOMEM, 0, "a list");
}

static enum es_code read_list(const struct es_req *q, struct es_draft *d,
                              struct es_field_errors *fe, struct es_err *e)
{
    struct es_bytes csv;
    const char *field = file_of(q) ? "csv" : "pasted";
    enum es_code rc = asked(q, d, e);
    if (rc == ES_OK)
        rc = bytes_of(q, d, &csv, fe, e);
    if (rc != ES_OK || fe->n)
        return rc;
    rc = es_group_read(es_web_of(q)->app, &es_web_who(q)->here, &d->ask, csv,
                       &d->mem, &d->list, fe, e);
    if (rc == ES_OK && d->list.fault == ES_LIST_EMPTY)
        es_field_errors_add(fe, field, "empty_list", NAN);
    if (rc == ES_OK && d->list.fault == ES_LIST_NO_NAMES)
        es_field_errors_add(fe, field, "no_names", NAN);
    if (rc == ES_OK && d->list.fault == ES_LIST_LONG)
        es_field_errors_add(fe, field, "too_many", ES_GROUP_LINES);
    return rc == ES_EINVAL ? ES_OK : rc;
}

/* POST /organise/e/{slug}/groups: nothing is stored */
static enum es_code groups_read(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_field_errors fe = { 0 };
    struct es_draft *d = es_draft_new(who->account.id, who->here.id);
    if (!d)
        return es_fail(e, ES_ENOMEM, 0, "a list");
    enum es_code rc = read_list(q, d, &fe, e);
    if (rc != ES_OK || fe.n) {
        es_draft_free(d);
        return rc == ES_OK ? show_form(q, out, &fe, e) : rc;
    }
    const char *path =
        es_arena_fmt(es_req_arena(q), "/organise/e/%s/groups/preview/%" PRId64,
                     who->here.slug, d->id);
    es_drafts_keep(es_web_of(q)->drafts, d, es_time_mono_ms());
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* ---- what was read ---- */

struct es_draft *es_web_draft(const struct es_req *q)
{
    const struct es_who *who = es_web_who(q);
    int64_t id;
    return es_req_i64(q, "draft", 1, INT64_MAX, &id)
               ? es_drafts_take(es_web_of(q)->drafts, id, who->account.id,
                                who->here.id, es_time_mono_ms())
               : NULL;
}

enum es_code es_web_draft_gone(const struct es_req *q, struct es_resp *out)
{
    return es_web_fail(
        q, out, 410,
        es_t(es_web_lang(q, NULL),
             ES_T("This list isn't here any more: it is kept for an hour, and "
                  "not at all once the server starts anew. Please bring it "
                  "again; nobody is registered twice.")));
}

const char *es_web_line_why(const struct es_req *q,
                            const struct es_group_line *l, size_t i)
{
    static const char *const FAULTS[] = {
        [ES_CSV_GOOD] = "",
        [ES_CSV_LONG] = ES_T("This line is too long to be one person's."),
        [ES_CSV_WIDE] = ES_T("This line has too many columns."),
        [ES_CSV_QUOTES] = ES_T("A quotation mark in this line isn't closed, or "
                               "words follow it."),
        [ES_CSV_LETTERS] =
            ES_T("Letters of this line can't be read. Save the list as “CSV "
                 "UTF-8” and bring it again."),
    };
    const struct es_lang *lang = es_web_lang(q, NULL);
    struct es_arena *a = es_req_arena(q);
    if (l->fault)
        return i == 0 ? es_t(lang, FAULTS[l->fault]) : NULL;
    if (i < l->n_errors)
        return es_words_field_error(a, es_web_reader(q), l->errors[i].field,
                                    l->errors[i].code, l->errors[i].limit);
    if (l->like && i == l->n_errors)
        return es_t_fill(a,
                         es_t(lang, ES_T("Line {1} tells of the same name and "
                                         "age. If they are two, write one a "
                                         "little differently.")),
                         number(q, l->like), NULL);
    return NULL;
}

/* The cell that an error is about; NULL: none, or an empty one. */
static const char *cell_of(const struct es_req *q,
                           const struct es_group_line *l, size_t i,
                           const char **column)
{
    static const struct {
        const char *field;
        enum es_group_column column;
    } CELLS[] = {
        { "country", ES_GROUP_COUNTRY },
        { "category", ES_GROUP_CATEGORY },
        { "birth_year", ES_GROUP_BIRTH_YEAR },
        { "age_group", ES_GROUP_AGE },
        { "email", ES_GROUP_MAIL },
        { "team_code", ES_GROUP_TEAM_CODE },
        { "guardian_contact", ES_GROUP_GUARDIAN },
    };
    for (size_t k = 0; i < l->n_errors && k < sizeof CELLS / sizeof *CELLS; k++)
        if (strcmp(CELLS[k].field, l->errors[i].field) == 0 &&
            *l->v[CELLS[k].column]) {
            *column = es_t(es_web_lang(q, NULL),
                           es_group_column_name(CELLS[k].column));
            return l->v[CELLS[k].column];
        }
    return NULL;
}

static struct es_view_group_line wrong_line(const struct es_req *q,
                                            const struct es_group_line *l)
{
    struct es_view_group_line v = { .line = l->line, .name = l->name };
    const char *why;
    const char *column;
    while (v.n_why < ES_VIEW_LINE_WHY &&
           (why = es_web_line_why(q, l, v.n_why))) {
        const char *cell = cell_of(q, l, v.n_why, &column);
        v.why[v.n_why++] =
            cell ? es_t_fill(es_req_arena(q),
                             es_t(es_web_lang(q, NULL), ES_T("{1} “{2}”: {3}")),
                             column, cell, why, NULL)
                 : why;
    }
    return v;
}

/* What else is known of them, as it was read. */
static struct es_view_group_line good_line(const struct es_req *q,
                                           const struct es_group_line *l)
{
    static const enum es_group_column SHOWN[] = { ES_GROUP_BIRTH_YEAR,
                                                  ES_GROUP_AGE,
                                                  ES_GROUP_CATEGORY };
    struct es_view_group_line v = { .line = l->line, .name = l->name };
    if (*l->country)
        v.why[v.n_why++] = es_country_name(es_web_lang(q, NULL), l->country);
    for (size_t i = 0; i < 3 && v.n_why < ES_VIEW_LINE_WHY; i++)
        if (*l->v[SHOWN[i]])
            v.why[v.n_why++] = l->v[SHOWN[i]];
    return v;
}

static enum es_code lines_view(const struct es_req *q,
                               const struct es_group_list *list,
                               struct es_view_group_preview *v,
                               struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_group_line *wrong =
        es_arena_array(a, WRONG_SHOWN, sizeof *wrong);
    struct es_view_group_line *good = es_arena_array(a, SAMPLE, sizeof *good);
    if (!wrong || !good)
        return es_fail(e, ES_ENOMEM, 0, "a list");
    for (size_t i = 0; i < list->n; i++) {
        const struct es_group_line *l = &list->v[i];
        if (l->state == ES_LINE_WRONG && v->n_lines < WRONG_SHOWN)
            wrong[v->n_lines++] = wrong_line(q, l);
        if (l->state == ES_LINE_GOOD && v->n_sample < SAMPLE)
            good[v->n_sample++] = good_line(q, l);
    }
    v->lines = wrong;
    v->sample = good;
    return ES_OK;
}

/* GET /organise/e/{slug}/groups/preview/{draft} */
static enum es_code preview(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_web *w = es_web_of(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_draft *d = es_web_draft(q);
    if (!d)
        return es_web_draft_gone(q, out);
    const struct es_group_list *list = &d->list;
    struct es_group_done done = es_drafts_result(w->drafts, d);
    struct es_view_group_preview v = {
        .frame = es_web_frame(q, ini),
        .action = es_url_path(a, "/organise/e/%s/groups/preview/%lld",
                              ini->slug, (long long)d->id),
        .wrong_csv =
            es_url_path(a, "/organise/e/%s/groups/preview/%lld/wrong.csv",
                        ini->slug, (long long)d->id),
        .back = es_url_path(a, "/organise/e/%s/groups", ini->slug),
        .name = d->ask.name,
        .good = (int64_t)list->n_good,
        .there = (int64_t)list->n_there,
        .wrong = (int64_t)list->n_wrong,
        .places = list->left,
        .waiting = list->waiting,
        .as_team = d->ask.as_team,
        .school = d->ask.school,
        .unused = list->unused,
        .n_unused = list->n_unused,
    };
    if (done.group)
        v.group = group_url(q, done.group);
    enum es_code rc = lines_view(q, list, &v, e);
    if (rc == ES_OK) {
        struct es_out o = es_web_page(q, out);
        es_page_group_preview(&o, &v);
    }
    es_drafts_give(w->drafts, d);
    return rc;
}

/* ---- registering ---- */

static enum es_code registered(const struct es_req *q, struct es_resp *out,
                               struct es_draft *d, struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_group_done done = { 0 };
    struct es_web *w = es_web_of(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    const struct es_lang *lang = es_web_lang(q, NULL);
    enum es_code rc =
        es_group_register(w->app, ini, &d->ask, &d->list, &done, &fe, e);
    if (rc == ES_EDENIED)
        return es_web_fail(q, out, 409,
                           es_t(lang, ES_T("This initiative takes no new "
                                           "participants now.")));
    if (rc == ES_EINVAL && fe.n)
        return es_web_fail(q, out, 409,
                           es_say_of_field(es_web_reader(q), es_req_arena(q),
                                           &fe, fe.v[0].field));
    if (rc == ES_ETOOLARGE)
        return es_web_fail(
            q, out, 409,
            es_t(lang, ES_T("There are as many teams as can be.")));
    if (rc != ES_OK)
        return rc;
    es_drafts_done(w->drafts, d, &done);
    const char *path = es_arena_fmt(
        es_req_arena(q), "/organise/e/%s/groups/%" PRId64 "?from=%" PRId64,
        ini->slug, done.group, d->id);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* POST /organise/e/{slug}/groups/preview/{draft}: registers them */
static enum es_code preview_take(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct es_draft *d = es_web_draft(q);
    if (!d)
        return es_web_draft_gone(q, out);
    enum es_code rc = registered(q, out, d, e);
    es_drafts_give(es_web_of(q)->drafts, d);
    return rc;
}

/* ---- a group ---- */

enum es_code es_web_group(const struct es_req *q, struct es_group *g,
                          struct es_err *e)
{
    int64_t id;
    if (!es_req_i64(q, "group", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "not a group");
    return es_store_group(es_web_of(q)->app->store, es_web_who(q)->here.id, id,
                          es_req_arena(q), g, e);
}

static enum es_code members(const struct es_req *q, const struct es_group *g,
                            struct es_view_group *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_participant *p;
    int64_t after = 0;
    const char *text = es_req_query(q, "after");
    if (text)
        (void)es_num_i64(es_bytes_str(text), 1, INT64_MAX, &after);
    enum es_code rc =
        es_store_group_people(es_web_of(q)->app->store, ini->id, g->id, after,
                              MEMBERS, a, &p, &v->n, e);
    struct es_view_found *rows =
        rc == ES_OK ? es_arena_array(a, v->n, sizeof *rows) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "a group");
    for (size_t i = 0; i < v->n; i++)
        rows[i] = es_web_found_view(q, &p[i]);
    v->rows = rows;
    if (v->n == MEMBERS)
        v->next =
            es_url_path(a, "/organise/e/%s/groups/%lld?after=%lld", ini->slug,
                        (long long)g->id, (long long)p[MEMBERS - 1].id);
    if (after)
        v->first = group_url(q, g->id);
    return ES_OK;
}

/* What the registration came to, as long as its list is there. */
static void done_view(const struct es_req *q, int64_t group,
                      struct es_view_group *v)
{
    struct es_web *w = es_web_of(q);
    const struct es_who *who = es_web_who(q);
    const char *text = es_req_query(q, "from");
    int64_t id;
    if (!text || !es_num_i64(es_bytes_str(text), 1, INT64_MAX, &id))
        return;
    struct es_draft *d = es_drafts_take(w->drafts, id, who->account.id,
                                        who->here.id, es_time_mono_ms());
    if (!d)
        return;
    struct es_group_done done = es_drafts_result(w->drafts, d);
    v->done = done.group == group;
    v->in = done.in;
    v->waits = done.waits;
    v->there = done.there;
    v->full = done.full;
    v->wrong = done.wrong + (int64_t)d->list.n_wrong;
    v->wrong_csv = es_url_path(es_req_arena(q),
                               "/organise/e/%s/groups/preview/%lld/wrong.csv",
                               who->here.slug, (long long)id);
    es_drafts_give(w->drafts, d);
}

/* GET /organise/e/{slug}/groups/{group} */
static enum es_code group(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_group g;
    enum es_code rc = es_web_group(q, &g, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    long long id = (long long)g.id;
    struct es_view_group v = {
        .frame = es_web_frame(q, ini),
        .links =
            es_url_path(a, "/organise/e/%s/groups/%lld/links", ini->slug, id),
        .links_csv = es_url_path(a, "/organise/e/%s/groups/%lld/links.csv",
                                 ini->slug, id),
        .back = es_url_path(a, "/organise/e/%s/groups", ini->slug),
        .name = g.name,
    };
    if (g.team)
        v.team = es_web_team_url(q, ini->slug, g.team);
    rc = es_store_group_count(es_web_of(q)->app->store, ini->id, g.id,
                              &v.people, e);
    if (rc == ES_OK)
        rc = members(q, &g, &v, e);
    if (rc != ES_OK)
        return rc;
    done_view(q, g.id, &v);
    struct es_out o = es_web_page(q, out);
    es_page_group(&o, &v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/groups", ES_BODY_NONE, ES_WEB_PAGE, groups },
    { ES_POST, "/organise/e/{slug}/groups", ES_BODY_FORM,
      ES_WEB_FORM | ES_ROUTE_FILES, groups_read },
    { ES_GET, "/organise/e/{slug}/groups/preview/{draft}", ES_BODY_NONE,
      ES_WEB_PAGE, preview },
    { ES_POST, "/organise/e/{slug}/groups/preview/{draft}", ES_BODY_FORM,
      ES_WEB_FORM, preview_take },
    { ES_GET, "/organise/e/{slug}/groups/{group}", ES_BODY_NONE, ES_WEB_PAGE,
      group },
};
const struct es_routes ES_ROUTES_GROUPS = { ROUTES,
                                            sizeof ROUTES / sizeof *ROUTES };
