/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ending what isn't necessary of the messages, from a link in each. The link
 * itself is the proof: no cookie, no token of a form. A mail program may send
 * the POST on its own (RFC 8058); a GET, which scanners of mail send, changes
 * nothing. */
#include "base/time.h"
#include "notify/letter.h"
#include "web/pages.h"
#include "web/views_letters.h"
#include "web/web_int.h"

struct stopping {
    int64_t initiative, participant, stopped_ms;
};

static enum es_code put_stop(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    const struct stopping *s = arg;
    (void)blob;
    return es_txn_mail_stop(tx, s->initiative, s->participant, s->stopped_ms,
                            e);
}

/* Whose link it is. ES_ENOENT: nobody's. */
static enum es_code whose(const struct es_req *q, struct stopping *s,
                          struct es_initiative *ini, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_participant p;
    if (!es_letter_stop_of(app->key, es_req_param(q, "token"), &s->initiative,
                           &s->participant))
        return ES_ENOENT;
    enum es_code rc =
        es_store_initiative_by_id(app->store, s->initiative, a, ini, e);
    if (rc == ES_OK)
        rc = es_store_participant(app->store, s->initiative, s->participant, a,
                                  &p, e);
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
                         const struct es_initiative *ini, bool stopped)
{
    struct es_view_stop v = {
        .frame = es_web_frame(q, NULL),
        .action =
            es_url_path(es_req_arena(q), "/stop/%s", es_req_param(q, "token")),
        .title = ini->title,
        .stopped = stopped,
    };
    v.frame.here = es_url_fixed("/"); /* the link stays out of others */
    struct es_out o = es_web_page(q, out);
    es_page_stop(&o, &v);
    return ES_OK;
}

/* GET /stop/{token} */
static enum es_code stop_page(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct stopping s;
    struct es_initiative ini;
    struct es_mail_state state;
    enum es_code rc = whose(q, &s, &ini, e);
    if (rc == ES_OK)
        rc = es_store_mail_state(es_web_of(q)->app->store, s.initiative,
                                 s.participant, es_req_arena(q), &state, e);
    if (rc == ES_ENOENT)
        return nobody(q, out);
    return rc == ES_OK ? show(q, out, &ini, state.stopped_ms != 0) : rc;
}

/* POST /stop/{token}; with `again` they want them after all */
static enum es_code stop(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct stopping s;
    struct es_initiative ini;
    enum es_code rc = whose(q, &s, &ini, e);
    if (rc == ES_ENOENT)
        return nobody(q, out);
    s.stopped_ms = *es_web_given(q, "again") ? 0 : es_time_now_ms();
    if (rc == ES_OK)
        rc = es_store_write(es_web_of(q)->app->store,
                            &(struct es_write){ .apply = put_stop, .arg = &s },
                            e);
    return rc == ES_OK ? show(q, out, &ini, s.stopped_ms != 0) : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/stop/{token}", ES_BODY_NONE, ES_WEB_PAGE, stop_page },
    { ES_POST, "/stop/{token}", ES_BODY_FORM, ES_WEB_PAGE, stop },
};
const struct es_routes ES_ROUTES_STOP = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
