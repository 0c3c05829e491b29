/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Joining, and the personal link. */
#include "initiative/settings.h"
#include "store/people.h"
#include "web/pages.h"
#include "web/record.h"
#include "web/web_int.h"

#include <string.h>

enum { NEW_COOKIE_S = 600 };

/* ---- the form ---- */

/* How many places are left, and whether there is a list for who comes later. */
static enum es_code places(const struct es_req *q,
                           const struct es_initiative *ini,
                           struct es_view_join *v, struct es_err *e)
{
    const struct es_settings *s = &v->about.asked;
    int64_t all = es_settings_places(s, ini);
    int64_t placed = 0;
    v->left = -1;
    v->closes_ms = s->closes_ms;
    if (all == 0)
        return ES_OK;
    enum es_code rc =
        es_store_count(es_web_of(q)->app->store, ini->id, "placed", &placed, e);
    v->left = placed < all ? all - placed : 0;
    v->waits = v->left == 0 && s->waiting;
    return rc;
}

static enum es_code show_form(const struct es_req *q, struct es_resp *out,
                              const struct es_initiative *ini,
                              const struct es_field_errors *fe, unsigned wait_s,
                              struct es_err *e)
{
    struct es_view_join *v = es_arena_alloc(es_req_arena(q), sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "join");
    *v = (struct es_view_join){
        .frame = es_web_frame(q, ini),
        .action = es_url_path(es_req_arena(q), "/e/%s/join", ini->slug),
        .n_errors = fe->n,
        .zone = ini->zone,
    };
    enum es_code rc = es_web_about(q, ini, NULL, fe, &v->about, e);
    if (rc == ES_OK)
        rc = places(q, ini, v, e);
    if (rc != ES_OK)
        return rc;
    if (fe->n)
        es_resp_status(out, 422);
    if (wait_s)
        v->frame.notice = es_web_later(q, out, wait_s);
    struct es_out o = es_web_page(q, out);
    es_page_join(&o, v);
    return ES_OK;
}

static enum es_code closed(const struct es_req *q, struct es_resp *out)
{
    return es_web_fail(q, out, 409,
                       es_t(es_web_lang(q, NULL),
                            ES_T("This initiative takes no new participants "
                                 "now.")));
}

/* GET /e/{slug}/join */
static enum es_code join(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_initiative ini;
    struct es_field_errors none = { 0 };
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_settings settings;
    rc = es_settings_of(es_web_of(q)->app->store, ini.id, &settings, NULL, e);
    if (rc != ES_OK)
        return rc;
    if (!es_settings_open(&settings, &ini, es_time_now_ms()))
        return closed(q, out);
    return show_form(q, out, &ini, &none, 0, e);
}

/* The secrets are shown on the next page, so that a reload doesn't join
 * twice: they travel in a short-lived cookie that only we can read. */
enum es_code es_web_show_secrets(const struct es_req *q, struct es_resp *out,
                                 const char *link, const char *token)
{
    char both[ES_SECRET_TEXT * 2 + 1];
    (void)snprintf(both, sizeof both, "%s.%s", link, token);
    es_web_set_cookie(q, out, ES_COOKIE_JOINED, both, NEW_COOKIE_S);
    return es_resp_redirect(out, es_web_keep_lang(q, "/joined"));
}

static enum es_code joined_next(const struct es_req *q, struct es_resp *out,
                                const struct es_joined *j, struct es_err *e)
{
    struct es_web_signing as = { .initiative = j->p.initiative,
                                 .subject = j->p.id,
                                 .by = ES_BY_JOINING };
    enum es_code rc = es_web_sign_in(q, out, &as, e);
    if (rc != ES_OK)
        return rc;
    return es_web_show_secrets(q, out, j->link, j->token);
}

/* POST /e/{slug}/join */
static enum es_code join_post(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_initiative ini;
    struct es_field_errors fe = { 0 };
    struct es_joined joined;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    unsigned wait_s = es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_JOIN,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return show_form(q, out, &ini, &fe, wait_s, e);
    struct es_join in = es_web_entered(q);
    rc = es_register(es_web_of(q)->app, &ini, &in, es_req_arena(q), &joined,
                     &fe, e);
    if (rc == ES_EINVAL)
        return show_form(q, out, &ini, &fe, 0, e);
    if (rc == ES_EDENIED)
        return closed(q, out);
    if (rc == ES_ETOOLARGE)
        return es_web_fail(
            q, out, 409,
            es_t(es_web_lang(q, NULL), ES_T("All places of this initiative are "
                                            "taken.")));
    return rc == ES_OK ? joined_next(q, out, &joined, e) : rc;
}

/* GET /joined: bib and personal link, for ten minutes after joining. */
static enum es_code joined(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_who *who = es_web_who(q);
    const char *both = es_web_cookie(q, ES_COOKIE_JOINED);
    if (!both || strlen(both) != 2 * (ES_SECRET_TEXT - 1) + 1)
        return es_resp_redirect(out, es_web_keep_lang(q, "/me"));
    const char *link = es_arena_strn(a, both, ES_SECRET_TEXT - 1);
    struct es_view_joined v = {
        .frame = es_web_frame(q, &who->ini),
        .name = who->p.display_name,
        .bib = who->p.bib,
        .link_url = es_url_path(a, "/p/%s", link ? link : ""),
        .token = both + ES_SECRET_TEXT,
        .guardian_asked = who->p.guardian == ES_GUARDIAN_ASKED,
    };
    if (who->p.state != ES_PERSON_WAITS)
        v.recorder = es_web_recorder(q, &who->ini);
    v.link = es_arena_fmt(a, "%s/p/%s", es_web_of(q)->origin, link ? link : "");
    if (!v.link)
        v.link = "";
    v.qr = es_web_qr(q, v.link);
    if (who->p.state == ES_PERSON_WAITS) {
        enum es_code rc = es_store_waiting_before(
            es_web_of(q)->app->store, who->ini.id, who->p.bib, &v.waits, e);
        if (rc != ES_OK)
            return rc;
        v.waits++;
    }
    es_resp_no_gzip(out);
    struct es_out o = es_web_page(q, out);
    es_page_joined(&o, &v);
    return ES_OK;
}

/* ---- the personal link ---- */

static enum es_code who_of_link(const struct es_req *q, struct es_resp *out,
                                struct es_credential *c, bool *answered,
                                struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    enum es_code rc =
        es_credential_who(app, es_req_param(q, "secret"), ES_CRED_LINK, c, e);
    *answered = rc == ES_ENOENT;
    if (rc != ES_ENOENT)
        return rc;
    unsigned wait_s = es_limit_take(app->limits, ES_LIMIT_GUESS,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    return es_web_fail(q, out, 404,
                       es_t(es_web_lang(q, NULL),
                            ES_T("This personal link is not known here. Was "
                                 "it copied whole?")));
}

/* GET /p/{secret}: a button, so that a mail scanner signs nobody in. */
static enum es_code link_show(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_credential c;
    struct es_participant p;
    struct es_initiative ini;
    bool answered;
    struct es_arena *a = es_req_arena(q);
    struct es_store *store = es_web_of(q)->app->store;
    enum es_code rc = who_of_link(q, out, &c, &answered, e);
    if (answered || rc != ES_OK)
        return rc;
    rc = es_store_participant(store, c.initiative, c.subject, a, &p, e);
    if (rc == ES_OK)
        rc = es_store_initiative_by_id(store, c.initiative, a, &ini, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_link v = {
        .frame = es_web_frame(q, &ini),
        .action = es_url_path(a, "/p/%s", es_req_param(q, "secret")),
        .name = p.display_name,
    };
    v.frame.here = es_url_fixed("/"); /* the secret stays out of other links */
    struct es_out o = es_web_page(q, out);
    es_page_link(&o, &v);
    return ES_OK;
}

/* POST /p/{secret} */
static enum es_code link_use(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_credential c;
    bool answered;
    enum es_code rc = who_of_link(q, out, &c, &answered, e);
    if (answered || rc != ES_OK)
        return rc;
    struct es_web_signing as = { .initiative = c.initiative,
                                 .subject = c.subject,
                                 .by = ES_BY_LINK };
    rc = es_web_sign_in(q, out, &as, e);
    return rc == ES_OK ? es_resp_redirect(out, es_web_keep_lang(q, "/me")) : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/join", ES_BODY_NONE, ES_WEB_PAGE | ES_WEB_WHOLE,
      join },
    { ES_POST, "/e/{slug}/join", ES_BODY_FORM, ES_WEB_FORM | ES_WEB_WHOLE,
      join_post },
    { ES_GET, "/joined", ES_BODY_NONE, ES_WEB_PAGE, joined },
    { ES_GET, "/p/{secret}", ES_BODY_NONE, ES_WEB_PAGE, link_show },
    { ES_POST, "/p/{secret}", ES_BODY_FORM, ES_WEB_FORM, link_use },
};
const struct es_routes ES_ROUTES_JOIN = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
