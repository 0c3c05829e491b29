/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where somebody is signed in, and how who isn't gets in. */
#include "base/num.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <string.h>

/* ---- who isn't signed in ---- */

enum es_code es_web_enter(const struct es_req *q, struct es_resp *out)
{
    struct es_view_enter v = { .frame = es_web_frame(q, NULL) };
    const char *sample =
        es_arena_fmt(es_req_arena(q), "%s/p/…", es_web_of(q)->origin);
    v.sample = sample ? sample : "";
    es_resp_status(out, 403);
    struct es_out o = es_web_page(q, out);
    es_page_enter(&o, &v);
    return ES_OK;
}

/* ---- the list ---- */

static struct es_view_session session_view(const struct es_req *q,
                                           const struct es_credential *c,
                                           const struct es_credential *own)
{
    const char *id = es_arena_fmt(es_req_arena(q), "%" PRId64, c->id);
    return (struct es_view_session){
        .id = id ? id : "",
        .browser = c->browser,
        .how = es_words_signed_by(es_web_lang(q, NULL), c->fresh_by),
        .since_ms = c->created_ms,
        .seen_ms = c->seen_ms,
        .fresh_ms = c->fresh_ms,
        .here = c->id == own->id,
    };
}

static enum es_code list(const struct es_req *q, struct es_resp *out,
                         const struct es_credential *own,
                         struct es_view_sessions *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_credential *all;
    enum es_code rc = es_sessions_of(es_web_of(q)->app, own, a, &all, &v->n, e);
    struct es_view_session *rows =
        rc == ES_OK ? es_arena_array(a, v->n, sizeof *rows) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "sessions");
    for (size_t i = 0; i < v->n; i++)
        rows[i] = session_view(q, &all[i], own);
    v->rows = rows;
    v->frame.notice =
        es_words_done(es_web_lang(q, NULL), es_req_query(q, "done"));
    struct es_out o = es_web_page(q, out);
    es_page_sessions(&o, v);
    return ES_OK;
}

/* GET /me/sessions */
static enum es_code mine(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_view_sessions v = {
        .frame = es_web_frame(q, &who->ini),
        .zone = who->ini.zone,
        .back = es_url_fixed("/me"),
        .end = es_url_fixed("/me/sessions/end"),
        .secrets = es_url_fixed("/me/sessions/secrets"),
    };
    return list(q, out, &who->session, &v, e);
}

/* GET /organise/sessions */
static enum es_code staffs(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_view_sessions v = {
        .frame = es_web_frame(q, NULL),
        .zone = "UTC",
        .back = es_url_fixed("/organise"),
        .end = es_url_fixed("/organise/sessions/end"),
    };
    return list(q, out, &es_web_who(q)->staff_session, &v, e);
}

/* The one that `session` names, or "others". */
static enum es_code end(const struct es_req *q, struct es_resp *out,
                        const struct es_credential *own, const char *path,
                        struct es_err *e)
{
    int64_t id = 0;
    const char *given = es_web_given(q, "session");
    bool others = strcmp(given, "others") == 0;
    if (!others && !es_num_i64(es_bytes_str(given), 1, INT64_MAX, &id))
        return es_web_fail(q, out, 400, "");
    enum es_code rc = es_session_end(es_web_of(q)->app, own, id, e);
    if (rc != ES_OK && rc != ES_ENOENT) /* it had ended by itself */
        return rc;
    const char *to = es_arena_fmt(es_req_arena(q), "%s?done=%s", path,
                                  others ? "sessions_ended" : "session_ended");
    return es_resp_redirect(out, es_web_keep_lang(q, to ? to : path));
}

/* POST /me/sessions/end */
static enum es_code mine_end(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    return end(q, out, &es_web_who(q)->session, "/me/sessions", e);
}

/* POST /organise/sessions/end */
static enum es_code staffs_end(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    return end(q, out, &es_web_who(q)->staff_session, "/organise/sessions", e);
}

/* POST /me/sessions/secrets: shown like those of who has just joined. */
static enum es_code secrets(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    char link[ES_SECRET_TEXT];
    char token[ES_SECRET_TEXT];
    enum es_code rc = es_secrets_replace(
        es_web_of(q)->app, &es_web_who(q)->session, link, token, e);
    return rc == ES_OK ? es_web_show_secrets(q, out, link, token) : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/me/sessions", ES_BODY_NONE, ES_WEB_PAGE, mine },
    { ES_POST, "/me/sessions/end", ES_BODY_FORM, ES_WEB_FORM, mine_end },
    { ES_POST, "/me/sessions/secrets", ES_BODY_FORM, ES_WEB_FORM, secrets },
    { ES_GET, "/organise/sessions", ES_BODY_NONE, ES_WEB_PAGE, staffs },
    { ES_POST, "/organise/sessions/end", ES_BODY_FORM, ES_WEB_FORM,
      staffs_end },
};
const struct es_routes ES_ROUTES_SESSIONS = { ROUTES,
                                              sizeof ROUTES / sizeof *ROUTES };
