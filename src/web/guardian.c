/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A parent or guardian answers, from the link that was mailed to them. The link
 * itself is the proof; a GET, which scanners of mail send, changes nothing. */
#include "initiative/people.h"
#include "notify/guardian_letter.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

struct asked {
    struct es_initiative ini;
    struct es_participant p;
};

/* Whom the link is about. ES_ENOENT: nobody, or with another contact now. */
static enum es_code whom(const struct es_req *q, struct asked *s,
                         struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    const char *token = es_req_param(q, "token");
    int64_t ini;
    int64_t who;
    if (!es_guardian_token_of(token, &ini, &who))
        return ES_ENOENT;
    enum es_code rc = es_store_initiative_by_id(app->store, ini, a, &s->ini, e);
    if (rc == ES_OK)
        rc = es_store_participant(app->store, ini, who, a, &s->p, e);
    if (rc == ES_OK && (!es_guardian_token_is(app->key, &s->p, token, a) ||
                        s->p.state == ES_PERSON_GONE))
        rc = ES_ENOENT;
    return rc;
}

static enum es_code nobody(const struct es_req *q, struct es_resp *out)
{
    unsigned wait_s = es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_GUESS,
                                    es_web_peer_number(q), es_time_mono_ms());
    return wait_s ? es_web_too_often(q, out, wait_s)
                  : es_web_fail(q, out, 404, "");
}

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct asked *s, enum es_view_answer answer)
{
    struct es_view_guardian v = {
        .frame = es_web_frame(q, NULL),
        .action = es_url_path(es_req_arena(q), "/guardian/%s",
                              es_req_param(q, "token")),
        .about = es_url_path(es_req_arena(q), "/e/%s", s->ini.slug),
        .title = s->ini.title,
        .bib = s->p.bib,
        .answer = answer,
    };
    v.frame.here = es_url_fixed("/"); /* the link stays out of others */
    struct es_out o = es_web_page(q, out);
    es_page_guardian(&o, &v);
    return ES_OK;
}

static enum es_view_answer answer_of(const struct es_participant *p)
{
    return p->guardian == ES_GUARDIAN_AGREED ? ES_VIEW_GUARDIAN_AGREED
                                             : ES_VIEW_GUARDIAN_ASKED;
}

/* GET /guardian/{token} */
static enum es_code guardian(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct asked s;
    enum es_code rc = whom(q, &s, e);
    if (rc == ES_ENOENT)
        return nobody(q, out);
    return rc == ES_OK ? show(q, out, &s, answer_of(&s.p)) : rc;
}

/* POST /guardian/{token}: `do` is agree or refuse */
static enum es_code guardian_say(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct asked s;
    struct es_app *app = es_web_of(q)->app;
    const struct es_leaving how = { .take_away = true, .guardian = true };
    enum es_code rc = whom(q, &s, e);
    if (rc == ES_ENOENT)
        return nobody(q, out);
    if (rc != ES_OK)
        return rc;
    if (strcmp(es_web_given(q, "do"), "refuse") == 0) {
        rc = es_person_leave(app, &s.p, &how, e);
        if (rc != ES_OK && rc != ES_ENOENT)
            return rc;
        es_web_move_up(q, s.ini.id);
        return show(q, out, &s, ES_VIEW_GUARDIAN_REFUSED);
    }
    if (strcmp(es_web_given(q, "do"), "agree") != 0)
        return show(q, out, &s, answer_of(&s.p));
    rc = es_guardian_agreed(app, s.ini.id, s.p.id, e);
    return rc == ES_OK || rc == ES_ECONFLICT /* a moment ago */
               ? show(q, out, &s, ES_VIEW_GUARDIAN_AGREED)
               : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/guardian/{token}", ES_BODY_NONE, ES_WEB_PAGE, guardian },
    { ES_POST, "/guardian/{token}", ES_BODY_FORM, ES_WEB_FORM, guardian_say },
};
const struct es_routes ES_ROUTES_GUARDIAN = { ROUTES,
                                              sizeof ROUTES / sizeof *ROUTES };
