/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Teams: one's own, and all of them for who organises. */
#include "initiative/teams.h"
#include "base/num.h"
#include "initiative/names.h"
#include "initiative/people.h"
#include "store/people.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <string.h>

enum { MATES = 50, ROWS = 50 };

static const char *number(const struct es_req *q, int64_t n)
{
    const char *s = es_arena_fmt(es_req_arena(q), "%" PRId64, n);
    return s ? s : "";
}

static bool ticked(const struct es_req *q, const char *name)
{
    return strcmp(es_web_given(q, name), "1") == 0;
}

/* ---- one's own ---- */

/* The members from ?after= on, as the public sees them; who leads sees whom
 * they lead. */
static enum es_code mates(const struct es_req *q, const struct es_team *t,
                          struct es_view_my_team *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_participant *me = &es_web_who(q)->p;
    struct es_participant *p;
    int64_t after = 0;
    const char *text = es_req_query(q, "after");
    if (text)
        (void)es_num_i64(es_bytes_str(text), 1, INT64_MAX, &after);
    enum es_code rc =
        es_store_members(es_web_of(q)->app->store, t->initiative, t->id, after,
                         MATES, a, &p, &v->n_mates, e);
    struct es_view_mate *rows =
        rc == ES_OK ? es_arena_array(a, v->n_mates, sizeof *rows) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "members");
    for (size_t i = 0; i < v->n_mates; i++) {
        const char *name = es_public_name(&p[i], a);
        const char *bib = number(q, p[i].bib);
        rows[i] = (struct es_view_mate){
            .name = name ? name : es_arena_fmt(a, "#%s", bib),
            .bib = bib,
            .captain = p[i].id == t->captain,
            .me = p[i].id == me->id,
        };
    }
    if (v->n_mates == MATES)
        v->next =
            es_url_path(a, "/me/team?after=%lld", (long long)p[MATES - 1].bib);
    v->mates = rows;
    return ES_OK;
}

static enum es_code own_team(const struct es_req *q, const struct es_team *t,
                             struct es_view_my_team *v, struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_arena *a = es_req_arena(q);
    v->name = t->name;
    v->open = t->open;
    v->captain = t->captain == who->p.id;
    v->page = es_web_team_url(q, who->ini.slug, t->id);
    if (v->captain || t->open) {
        v->code = t->code;
        v->invite = es_arena_fmt(a, "%s/e/%s/join?code=%s",
                                 es_web_of(q)->origin, who->ini.slug, t->code);
        v->invite = v->invite ? v->invite : "";
        v->qr = es_web_qr(q, v->invite);
    }
    if (es_req_route(q)->method == ES_GET || !*v->name_field.value)
        v->name_field.value = t->name;
    return mates(q, t, v, e);
}

static enum es_code show_own(const struct es_req *q, struct es_resp *out,
                             const struct es_field_errors *fe, struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_store *store = es_web_of(q)->app->store;
    struct es_settings s;
    struct es_team t;
    struct es_view_my_team v = {
        .frame = es_web_frame(q, &who->ini),
        .self = es_url_fixed("/me/team"),
        .change = es_url_fixed("/me/team"),
        .remove = es_url_fixed("/me/team/member"),
        .leave = es_url_fixed("/me/team/leave"),
        .make = es_url_fixed("/me/team/make"),
        .join = es_url_fixed("/me/details"),
        .me = es_url_fixed("/me"),
        .name = "",
        .code = "",
        .invite = "",
        .name_field = es_web_field(q, "name", fe),
    };
    enum es_code rc = es_settings_of(store, who->ini.id, &s, NULL, e);
    v.makes = rc == ES_OK && s.teams_by_all;
    if (rc == ES_OK && who->p.team) {
        rc = es_store_team(store, who->ini.id, who->p.team, es_req_arena(q), &t,
                           e);
        if (rc == ES_OK)
            rc = own_team(q, &t, &v, e);
    }
    if (rc != ES_OK)
        return rc;
    if (fe->n)
        es_resp_status(out, 422);
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    struct es_out o = es_web_page(q, out);
    es_page_my_team(&o, &v);
    return ES_OK;
}

/* GET /me/team */
static enum es_code own(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show_own(q, out, &none, e);
}

static enum es_code back_own(const struct es_req *q, struct es_resp *out)
{
    return es_resp_redirect(out, es_web_keep_lang(q, "/me/team?done=kept"));
}

/* Somebody else leads it by now, or teams are made by organisers alone. */
static enum es_code not_yours(const struct es_req *q, struct es_resp *out)
{
    return es_web_fail(
        q, out, 409,
        es_t(es_web_lang(q, NULL), ES_T("Only who leads a team can do that.")));
}

/* POST /me/team: the captain's changes */
static enum es_code own_change(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_field_errors fe = { 0 };
    struct es_team t;
    struct es_team_want want = { .name = es_web_given(q, "name"),
                                 .open = ticked(q, "open"),
                                 .new_code = ticked(q, "new_code"),
                                 .captain = who->p.id };
    enum es_code rc =
        es_team_change(es_web_of(q)->app, &who->ini, who->p.team, who->p.id,
                       &want, es_req_arena(q), &t, &fe, e);
    if (rc == ES_EINVAL)
        return show_own(q, out, &fe, e);
    if (rc == ES_EDENIED || rc == ES_ENOENT)
        return not_yours(q, out);
    return rc == ES_OK ? back_own(q, out) : rc;
}

/* POST /me/team/make */
static enum es_code own_make(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_app *app = es_web_of(q)->app;
    struct es_field_errors fe = { 0 };
    struct es_settings s;
    struct es_team t;
    struct es_team_want want = { .name = es_web_given(q, "name"),
                                 .open = ticked(q, "open"),
                                 .captain = who->p.id };
    enum es_code rc = es_settings_of(app->store, who->ini.id, &s, NULL, e);
    if (rc == ES_OK && (!s.teams_by_all || who->p.team))
        return not_yours(q, out);
    unsigned wait_s = es_limit_take(app->limits, ES_LIMIT_JOIN,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    if (rc == ES_OK)
        rc = es_team_make(app, &who->ini, &want, es_req_arena(q), &t, &fe, e);
    if (rc == ES_EINVAL)
        return show_own(q, out, &fe, e);
    if (rc == ES_ETOOLARGE)
        return es_web_fail(q, out, 409,
                           es_t(es_web_lang(q, NULL),
                                ES_T("There are as many teams as can be.")));
    return rc == ES_OK ? back_own(q, out) : rc;
}

/* Hands the team to a member. */
static enum es_code hand_over(const struct es_req *q,
                              const struct es_participant *to, struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_field_errors fe;
    struct es_team t;
    enum es_code rc = es_store_team(es_web_of(q)->app->store, who->ini.id,
                                    who->p.team, es_req_arena(q), &t, e);
    if (rc != ES_OK)
        return rc;
    struct es_team_want want = { t.name, t.open, false, to->id };
    return es_team_change(es_web_of(q)->app, &who->ini, t.id, who->p.id, &want,
                          es_req_arena(q), &t, &fe, e);
}

/* Takes a member out; only of the team that one leads. */
static enum es_code take_out(const struct es_req *q,
                             const struct es_participant *m, struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_team t;
    enum es_code rc = es_store_team(es_web_of(q)->app->store, who->ini.id,
                                    who->p.team, es_req_arena(q), &t, e);
    if (rc == ES_OK && t.captain != who->p.id)
        rc = es_fail(e, ES_EDENIED, 0, "another leads it");
    if (rc == ES_OK)
        rc = es_person_team(es_web_of(q)->app, who->ini.id, m->id, t.id, 0, e);
    return rc;
}

/* POST /me/team/member: `what` is captain or remove */
static enum es_code own_member(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_participant m;
    int64_t bib;
    enum es_code rc = ES_ENOENT;
    if (who->p.team &&
        es_num_i64(es_bytes_str(es_web_given(q, "member")), 1, INT64_MAX, &bib))
        rc = es_store_participant_by_bib(es_web_of(q)->app->store, who->ini.id,
                                         bib, es_req_arena(q), &m, e);
    if (rc == ES_OK && strcmp(es_web_given(q, "what"), "captain") == 0)
        rc = hand_over(q, &m, e);
    else if (rc == ES_OK)
        rc = take_out(q, &m, e);
    if (rc == ES_ENOENT || rc == ES_EDENIED || rc == ES_EINVAL)
        return not_yours(q, out);
    return rc == ES_OK || rc == ES_ECONFLICT ? back_own(q, out) : rc;
}

/* POST /me/team/leave */
static enum es_code own_leave(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    enum es_code rc = es_person_team(es_web_of(q)->app, who->ini.id, who->p.id,
                                     who->p.team, 0, e);
    return rc == ES_OK || rc == ES_ECONFLICT ? back_own(q, out) : rc;
}

/* ---- all of them ---- */

static int64_t members_of(const struct es_req *q, int64_t team)
{
    struct es_standing self = { 0 };
    struct es_standing *rows;
    const char *next;
    size_t n;
    struct es_err e = { 0 };
    struct es_standings *s =
        es_app_standings(es_web_of(q)->app, es_web_who(q)->here.id);
    return s && es_standings_crew(s, team, NULL, 1, es_req_arena(q), &self,
                                  &rows, &n, &next, &e) == ES_OK
               ? self.members
               : 0;
}

static const char *bib_of(const struct es_req *q, int64_t person)
{
    struct es_participant p;
    struct es_err e = { 0 };
    return person && es_store_participant(es_web_of(q)->app->store,
                                          es_web_who(q)->here.id, person,
                                          es_req_arena(q), &p, &e) == ES_OK
               ? number(q, p.bib)
               : "";
}

static enum es_code list(const struct es_req *q, struct es_view_teams *v,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_team *all;
    size_t n;
    int64_t from = 0;
    const char *text = es_req_query(q, "from");
    if (text)
        (void)es_num_i64(es_bytes_str(text), 0, INT32_MAX, &from);
    enum es_code rc =
        es_store_teams(es_web_of(q)->app->store, ini->id, a, &all, &n, e);
    struct es_view_team_row *rows =
        rc == ES_OK ? es_arena_array(a, ROWS, sizeof *rows) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "teams");
    for (size_t i = (size_t)from; i < n && v->n < ROWS; i++)
        rows[v->n++] = (struct es_view_team_row){
            .change = es_url_path(a, "/organise/e/%s/teams/%lld", ini->slug,
                                  (long long)all[i].id),
            .page = es_web_team_url(q, ini->slug, all[i].id),
            .id = number(q, all[i].id),
            .name = all[i].name,
            .code = all[i].code,
            .captain = bib_of(q, all[i].captain),
            .open = all[i].open,
            .members = members_of(q, all[i].id),
        };
    if (from)
        v->first = es_url_path(a, "/organise/e/%s/teams", ini->slug);
    if ((size_t)from + v->n < n)
        v->next = es_url_path(a, "/organise/e/%s/teams?from=%lld", ini->slug,
                              (long long)from + ROWS);
    v->rows = rows;
    return ES_OK;
}

static enum es_code show_all(const struct es_req *q, struct es_resp *out,
                             const struct es_field_errors *fe,
                             const char *error, struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    struct es_view_teams v = {
        .frame = es_web_frame(q, ini),
        .make = es_url_path(es_req_arena(q), "/organise/e/%s/teams", ini->slug),
        .name = es_web_field(q, "name", fe),
        .error = error,
    };
    v.frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    if (*error) /* of another form than this one */
        v.name.value = "";
    enum es_code rc = list(q, &v, e);
    if (rc != ES_OK)
        return rc;
    if (fe->n || *error)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_teams(&o, &v);
    return ES_OK;
}

/* GET /organise/e/{slug}/teams */
static enum es_code teams(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_field_errors none = { 0 };
    return show_all(q, out, &none, "", e);
}

static enum es_code back_all(const struct es_req *q, struct es_resp *out)
{
    const char *path =
        es_arena_fmt(es_req_arena(q), "/organise/e/%s/teams?done=kept",
                     es_web_who(q)->here.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

/* POST /organise/e/{slug}/teams */
static enum es_code teams_make(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_team t;
    struct es_team_want want = { .name = es_web_given(q, "name"),
                                 .open = ticked(q, "open") };
    enum es_code rc = es_team_make(es_web_of(q)->app, &es_web_who(q)->here,
                                   &want, es_req_arena(q), &t, &fe, e);
    if (rc == ES_EINVAL)
        return show_all(q, out, &fe, "", e);
    if (rc == ES_ETOOLARGE)
        return es_web_fail(q, out, 409,
                           es_t(es_web_lang(q, NULL),
                                ES_T("There are as many teams as can be.")));
    return rc == ES_OK ? back_all(q, out) : rc;
}

/* The captain that was named by their bib; 0: none. */
static enum es_code captain_of(const struct es_req *q, int64_t *out,
                               struct es_err *e)
{
    struct es_participant p;
    int64_t bib;
    const char *text = es_web_given(q, "captain");
    *out = 0;
    if (!*text)
        return ES_OK;
    if (!es_num_i64(es_bytes_str(text), 1, INT64_MAX, &bib))
        return es_fail(e, ES_ENOENT, 0, "not a bib");
    enum es_code rc = es_store_participant_by_bib(es_web_of(q)->app->store,
                                                  es_web_who(q)->here.id, bib,
                                                  es_req_arena(q), &p, e);
    if (rc == ES_OK)
        *out = p.id;
    return rc;
}

/* POST /organise/e/{slug}/teams/{team} */
static enum es_code team_change(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    static const struct es_field_errors NONE;
    struct es_field_errors fe = { 0 };
    struct es_team t;
    int64_t id;
    struct es_team_want want = { .name = es_web_given(q, "name"),
                                 .open = ticked(q, "open"),
                                 .new_code = ticked(q, "new_code") };
    if (!es_req_i64(q, "team", 1, INT64_MAX, &id))
        return es_web_fail(q, out, 404, "");
    enum es_code rc = captain_of(q, &want.captain, e);
    if (rc == ES_ENOENT) {
        es_field_errors_add(&fe, "captain", "unknown", 0);
        rc = ES_EINVAL;
    }
    if (rc == ES_OK)
        rc = es_team_change(es_web_of(q)->app, &es_web_who(q)->here, id, 0,
                            &want, es_req_arena(q), &t, &fe, e);
    if (rc == ES_EINVAL)
        return show_all(q, out, &NONE,
                        es_say_of_field(es_web_reader(q), es_req_arena(q), &fe,
                                        fe.v[0].field),
                        e);
    if (rc == ES_ENOENT) /* gone since the page was loaded */
        return es_web_fail(q, out, 409, "");
    return rc == ES_OK ? back_all(q, out) : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/me/team", ES_BODY_NONE, ES_WEB_PAGE, own },
    { ES_POST, "/me/team", ES_BODY_FORM, ES_WEB_FORM, own_change },
    { ES_POST, "/me/team/make", ES_BODY_FORM, ES_WEB_FORM, own_make },
    { ES_POST, "/me/team/member", ES_BODY_FORM, ES_WEB_FORM, own_member },
    { ES_POST, "/me/team/leave", ES_BODY_FORM, ES_WEB_FORM, own_leave },
    { ES_GET, "/organise/e/{slug}/teams", ES_BODY_NONE, ES_WEB_PAGE, teams },
    { ES_POST, "/organise/e/{slug}/teams", ES_BODY_FORM, ES_WEB_FORM,
      teams_make },
    { ES_POST, "/organise/e/{slug}/teams/{team}", ES_BODY_FORM, ES_WEB_FORM,
      team_change },
};
const struct es_routes ES_ROUTES_TEAMS = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
