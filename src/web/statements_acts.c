/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is decided about a statement: approved by the speaker's side, published,
 * taken back, thrown away. */
#include "base/num.h"
#include "web/statements_edit.h"

#define ROOT "/organise/e/{slug}/statements/{statement}"

/* The edition that the form showed. */
static int64_t edition(const struct es_req *q)
{
    int64_t v = 0;
    (void)es_num_i64(es_bytes_str(es_web_given(q, "edition")), 1, INT64_MAX,
                     &v);
    return v;
}

/* What a decision answers, whichever it was. */
static enum es_code answer(struct es_web_writing *k, struct es_resp *out,
                           enum es_code rc, const char *done, struct es_err *e)
{
    switch (rc) {
    case ES_OK:
        return es_web_writing_back(k, out, k->s.id, done);
    case ES_EINVAL:
        return es_web_writing_show(k, out, 422, e);
    case ES_ECONFLICT:
        return es_web_fail(k->q, out, 409,
                           es_t(es_web_lang(k->q, NULL),
                                ES_T("Somebody else has changed it in this "
                                     "moment. Look at it again.")));
    default:
        return rc;
    }
}

static enum es_code begin(const struct es_req *q, struct es_web_writing **out,
                          struct es_err *e)
{
    *out = es_arena_alloc(es_req_arena(q), sizeof **out);
    return *out ? es_web_writing_load(q, *out, e)
                : es_fail(e, ES_ENOMEM, 0, "statement");
}

/* POST .../approve */
static enum es_code approve(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_web_writing *k;
    int64_t how = 0;
    enum es_code rc = begin(q, &k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    (void)es_num_i64(es_bytes_str(es_web_given(q, "how")), 1,
                     ES_APPROVED_HOWS - 1, &how);
    struct es_statement_approval w = {
        .initiative = k->s.initiative,
        .id = k->s.id,
        .edition = edition(q),
        .account = es_web_who(q)->account.id,
        .name = es_web_given(q, "name"),
        .how = (int32_t)how,
        .day = es_web_given(q, "approved_day"),
        .own = *es_web_given(q, "own") != '\0',
    };
    rc =
        es_statement_approve(es_web_of(q)->app, &w, es_req_arena(q), &k->fe, e);
    return answer(k, out, rc, "approved", e);
}

static struct es_statement_act act_of(const struct es_web_writing *k,
                                      const char *field)
{
    return (struct es_statement_act){
        .initiative = k->s.initiative,
        .id = k->s.id,
        .edition = edition(k->q),
        .account = es_web_who(k->q)->account.id,
        .words = es_web_given(k->q, field),
    };
}

/* POST .../publish */
static enum es_code publish(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_web_writing *k;
    enum es_code rc = begin(q, &k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_statement_act w = act_of(k, "note");
    rc =
        es_statement_publish(es_web_of(q)->app, &w, es_req_arena(q), &k->fe, e);
    return answer(k, out, rc, "said", e);
}

/* POST .../take */
static enum es_code take(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_web_writing *k;
    enum es_code rc = begin(q, &k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_statement_act w = act_of(k, "why");
    rc = es_statement_take(es_web_of(q)->app, &w, es_req_arena(q), &k->fe, e);
    return answer(k, out, rc, "taken_back", e);
}

/* POST .../remove: a draft that was never published */
static enum es_code remove_draft(const struct es_req *q, struct es_resp *out,
                                 struct es_err *e)
{
    struct es_web_writing *k;
    enum es_code rc = begin(q, &k, e);
    if (rc == ES_OK)
        rc = es_statement_drop(es_web_of(q)->app, k->s.initiative, k->s.id, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return answer(k, out, rc, "", e);
    const char *path =
        es_url_path(es_req_arena(q), "/organise/e/%s/statements?done=gone",
                    es_web_who(q)->here.slug)
            .checked;
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

static const struct es_route ROUTES[] = {
    { ES_POST, ROOT "/approve", ES_BODY_FORM, ES_WEB_FORM, approve },
    { ES_POST, ROOT "/publish", ES_BODY_FORM, ES_WEB_FORM, publish },
    { ES_POST, ROOT "/take", ES_BODY_FORM, ES_WEB_FORM, take },
    { ES_POST, ROOT "/remove", ES_BODY_FORM, ES_WEB_FORM, remove_draft },
};
const struct es_routes ES_ROUTES_SAID_ACTS = { ROUTES,
                                               sizeof ROUTES / sizeof *ROUTES };
