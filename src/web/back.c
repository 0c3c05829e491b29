/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Coming back by mail (auth/mail_link.h). Whoever asks, for whatever address,
 * is told the same, after the same work. */
#include "auth/mail_link.h"
#include "base/limits.h"
#include "base/num.h"
#include "notify/message.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

enum { CODE_HALF = 4 };

/* ---- asking ---- */

static enum es_code show_ask(const struct es_req *q, struct es_resp *out,
                             int status, struct es_view_back v)
{
    v.frame = es_web_frame(q, NULL);
    v.frame.here = es_url_fixed("/back"); /* a secret stays out of links */
    v.address.value = es_web_given(q, "address");
    es_resp_status(out, status);
    struct es_out o = es_web_page(q, out);
    es_page_back(&o, &v);
    return ES_OK;
}

/* Where no mail is sent there is no such page. */
static bool offered(const struct es_req *q)
{
    return es_web_of(q)->mail;
}

/* GET /back */
static enum es_code back(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    (void)e;
    return offered(q) ? show_ask(q, out, 200, (struct es_view_back){ 0 })
                      : es_web_fail(q, out, 404, "");
}

/* A number for an address, A-Z as a-z: the same for who knows it as for who
 * doesn't. */
static uint64_t number_of(const char *address)
{
    char low[ES_MAIL_MAX + 1];
    uint8_t hash[ES_HASH];
    uint64_t n;
    size_t i = 0;
    for (; i < ES_MAIL_MAX && address[i]; i++)
        low[i] = address[i] >= 'A' && address[i] <= 'Z'
                     ? (char)(address[i] - 'A' + 'a')
                     : address[i];
    es_hash((struct es_bytes){ (const uint8_t *)low, i }, hash);
    memcpy(&n, hash, sizeof n);
    return n;
}

/* Seconds to wait; 0: go on. Who asks too much from one place uses nothing of
 * what an address may have, nor of what all may. */
static unsigned too_soon(const struct es_req *q, const char *address)
{
    static const enum es_limited OF_ADDRESS[] = { ES_LIMIT_MAIL_MINUTE,
                                                  ES_LIMIT_MAIL_HOUR };
    struct es_limits *l = es_web_of(q)->app->limits;
    int64_t now_ms = es_time_mono_ms();
    unsigned wait_s =
        es_limit_take(l, ES_LIMIT_MAIL_PEER, es_web_peer_number(q), now_ms);
    for (size_t i = 0; !wait_s && i < 2; i++)
        wait_s = es_limit_take(l, OF_ADDRESS[i], number_of(address), now_ms);
    return wait_s ? wait_s : es_limit_take(l, ES_LIMIT_MAIL_ALL, 0, now_ms);
}

static enum es_code wait_for(const struct es_req *q, struct es_resp *out,
                             unsigned wait_s)
{
    char text[16];
    struct es_view_back v = {
        .address = { NULL,
                     es_t(es_web_lang(q, NULL),
                          ES_T("A link was asked for a short while ago. Look "
                               "into your mail, also among the spam.")) },
        .retry_s = wait_s,
    };
    (void)snprintf(text, sizeof text, "%u", wait_s);
    es_resp_header(out, "Retry-After", text);
    return show_ask(q, out, 429, v);
}

/* The cookie that makes this the browser that asked; the one it has, if it is
 * one of ours. */
static const char *browser_of(const struct es_req *q, struct es_resp *out)
{
    uint8_t hash[ES_HASH];
    char fresh[ES_SECRET_TEXT];
    const char *had = es_web_cookie(q, ES_COOKIE_BACK);
    const char *cookie = had;
    if (!had || !es_secret_hash(es_bytes_str(had), hash)) {
        es_secret_new(fresh, hash);
        cookie = es_arena_str(es_req_arena(q), fresh);
    }
    if (cookie)
        es_web_set_cookie(q, out, ES_COOKIE_BACK, cookie,
                          ES_MAIL_LINK_MS / 1000);
    return cookie;
}

static const char *trimmed(const struct es_req *q, const char *name)
{
    const char *s = es_web_given(q, name);
    size_t n = strlen(s);
    while (n > 0 && s[n - 1] == ' ')
        n--;
    while (n > 0 && *s == ' ')
        s++, n--;
    const char *copy = es_arena_strn(es_req_arena(q), s, n);
    return copy ? copy : "";
}

/* POST /back */
static enum es_code back_post(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    const char *address = trimmed(q, "address");
    const struct es_lang *l = es_web_lang(q, NULL);
    if (!offered(q))
        return es_web_fail(q, out, 404, "");
    if (!es_mail_address_ok(address))
        return show_ask(
            q, out, 422,
            (struct es_view_back){
                .address.error =
                    es_t(l, ES_T("One mail address, as name@example.org.")) });
    unsigned wait_s = too_soon(q, address);
    if (wait_s)
        return wait_for(q, out, wait_s);
    struct es_link_asking ask = { address, l->tag, browser_of(q, out),
                                  es_time_now_ms() };
    if (!ask.browser)
        return es_fail(e, ES_ENOMEM, 0, "a cookie");
    enum es_code rc = es_mail_link_ask(es_web_of(q)->app->store,
                                       es_web_of(q)->app->key, &ask, e);
    return rc == ES_OK
               ? es_resp_redirect(out, es_web_keep_lang(q, "/back/sent"))
               : rc;
}

/* ---- coming back ---- */

struct coming {
    struct es_mail_link link;
    enum es_mail_proof proof;
    bool here;
    const char *error; /* at the code */
    struct es_view_choose choose;
};

static const char *code_wrong(const struct es_req *q)
{
    return es_t(es_web_lang(q, NULL),
                ES_T("This isn't the code. After five wrong ones a new link is "
                     "needed."));
}

static enum es_code prove(const struct es_req *q, const struct coming *c,
                          const char *code, bool take,
                          enum es_mail_answer *said, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_mail_given g = { &c->link, c->proof, code, take,
                               es_time_now_ms() };
    return es_mail_link_prove(app->store, app->key, &g, said, e);
}

/* Their names, for who has shown that the address is theirs. */
static enum es_code choices(const struct es_req *q,
                            const struct es_participant *p, size_t n,
                            struct es_view_choose *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_family *v = es_arena_array(a, n, sizeof *v);
    enum es_code rc = v ? ES_OK : es_fail(e, ES_ENOMEM, 0, "a family");
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_initiative ini;
        rc = es_store_initiative_by_id(es_web_of(q)->app->store,
                                       p[i].initiative, a, &ini, e);
        const char *id = es_arena_fmt(a, "%lld", (long long)p[i].id);
        if (rc == ES_OK)
            v[i] = (struct es_view_family){ id ? id : "", p[i].display_name,
                                            ini.title };
    }
    *out = (struct es_view_choose){ v, rc == ES_OK ? n : 0,
                                    es_web_given(q, "code") };
    return rc;
}

/* Whose page it is: the only one, or who was chosen. NULL: not told yet. */
static const struct es_participant *
chosen(const struct es_req *q, const struct es_participant *p, size_t n)
{
    int64_t id = 0;
    if (n == 1)
        return p;
    (void)es_num_i64(es_bytes_str(es_web_given(q, "who")), 1, INT64_MAX, &id);
    for (size_t i = 0; i < n; i++)
        if (p[i].id == id)
            return &p[i];
    return NULL;
}

static enum es_code let_in(const struct es_req *q, struct es_resp *out,
                           const struct es_participant *p, struct es_err *e)
{
    struct es_web_signing as = { p->initiative, p->id, ES_BY_MAIL };
    enum es_code rc = es_web_sign_in(q, out, &as, e);
    if (rc != ES_OK)
        return rc;
    es_web_set_cookie(q, out, ES_COOKIE_BACK, NULL, 0);
    return es_resp_redirect(out, es_web_keep_lang(q, "/me"));
}

/* Signs in who has proved it, and said who they are; else ES_MAIL_WRONG or
 * ES_MAIL_GONE, or what there is to choose. *done: out is answered. */
static enum es_code come(const struct es_req *q, struct es_resp *out,
                         struct coming *c, enum es_mail_answer *said,
                         bool *done, struct es_err *e)
{
    struct es_participant *p;
    size_t n = 0;
    const char *code = es_web_given(q, "code");
    *done = false;
    enum es_code rc = prove(q, c, code, false, said, e);
    if (rc != ES_OK || *said != ES_MAIL_RIGHT)
        return rc;
    rc = es_store_mail_who(es_web_of(q)->app->store, c->link.address,
                           ES_MAIL_FAMILY, es_req_arena(q), &p, &n, e);
    if (rc != ES_OK)
        return rc;
    if (n == 0) { /* a code that was guessed: there was no mail */
        *said = ES_MAIL_WRONG;
        return ES_OK;
    }
    const struct es_participant *who = chosen(q, p, n);
    if (!who)
        return choices(q, p, n, &c->choose, e);
    rc = prove(q, c, code, true, said, e);
    if (rc != ES_OK || *said != ES_MAIL_RIGHT)
        return rc;
    *done = true;
    return let_in(q, out, who, e);
}

/* The answer to a wrong code costs an address one of its guesses. */
static unsigned wrong(const struct es_req *q)
{
    return es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_GUESS,
                         es_web_peer_number(q), es_time_mono_ms());
}

static enum es_code gone(const struct es_req *q, struct es_resp *out)
{
    return offered(q)
               ? show_ask(q, out, 410, (struct es_view_back){ .gone = true })
               : es_web_gone(q, out);
}

typedef enum es_code show_fn(const struct es_req *q, struct es_resp *out,
                             const struct coming *c, struct es_err *e);

static enum es_code come_or_show(const struct es_req *q, struct es_resp *out,
                                 struct coming *c, show_fn *show,
                                 struct es_err *e)
{
    enum es_mail_answer said;
    bool done;
    enum es_code rc = come(q, out, c, &said, &done, e);
    if (rc != ES_OK || done)
        return rc;
    if (said == ES_MAIL_GONE)
        return gone(q, out);
    if (said == ES_MAIL_WRONG) {
        unsigned wait_s = wrong(q);
        if (wait_s)
            return es_web_too_often(q, out, wait_s);
        c->error = code_wrong(q);
        es_resp_status(out, 422);
    }
    return show(q, out, c, e);
}

/* ---- in the browser that asked ---- */

static enum es_code show_sent(const struct es_req *q, struct es_resp *out,
                              const struct coming *c, struct es_err *e)
{
    char code[ES_MAIL_CODE_TEXT];
    struct es_arena *a = es_req_arena(q);
    es_mail_link_shown(es_web_of(q)->app->key, &c->link, code);
    const char *shown = es_arena_fmt(a, "%.4s %s", code, code + CODE_HALF);
    if (!shown)
        return es_fail(e, ES_ENOMEM, 0, "a code");
    struct es_view_sent v = {
        .frame = es_web_frame(q, NULL),
        .address = c->link.address,
        .shown = shown,
        .code = { "", c->error },
        .choose = c->choose,
    };
    v.frame.here = es_url_fixed("/back/sent");
    es_resp_no_gzip(out);
    struct es_out o = es_web_page(q, out);
    es_page_back_sent(&o, &v);
    return ES_OK;
}

static enum es_code asked(const struct es_req *q, struct coming *c,
                          struct es_err *e)
{
    *c = (struct coming){ .proof = ES_PROOF_MAILED, .here = true };
    return es_mail_link_asked(es_web_of(q)->app->store,
                              es_web_cookie(q, ES_COOKIE_BACK),
                              es_time_now_ms(), es_req_arena(q), &c->link, e);
}

/* GET /back/sent */
static enum es_code sent(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct coming c;
    enum es_code rc = asked(q, &c, e);
    if (rc == ES_ENOENT)
        return es_resp_redirect(out, es_web_keep_lang(q, "/back"));
    return rc == ES_OK ? show_sent(q, out, &c, e) : rc;
}

/* POST /back/sent: the code that stands in the mail */
static enum es_code sent_post(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct coming c;
    enum es_code rc = asked(q, &c, e);
    if (rc == ES_ENOENT)
        return gone(q, out);
    return rc == ES_OK ? come_or_show(q, out, &c, show_sent, e) : rc;
}

/* ---- by the link ---- */

static enum es_code show_link(const struct es_req *q, struct es_resp *out,
                              const struct coming *c, struct es_err *e)
{
    struct es_view_back_link v = {
        .frame = es_web_frame(q, NULL),
        .action =
            es_url_path(es_req_arena(q), "/back/%s", es_req_param(q, "secret")),
        .here = c->here,
        .code = { "", c->error },
        .choose = c->choose,
    };
    (void)e;
    v.frame.here = es_url_fixed("/back"); /* a secret stays out of links */
    struct es_out o = es_web_page(q, out);
    es_page_back_link(&o, &v);
    return ES_OK;
}

/* The link of the path. One that has no tries left is as gone as any. */
static enum es_code by_link(const struct es_req *q, struct coming *c,
                            struct es_err *e)
{
    *c = (struct coming){ 0 };
    enum es_code rc =
        es_mail_link_find(es_web_of(q)->app->store, es_req_param(q, "secret"),
                          es_web_cookie(q, ES_COOKIE_BACK), es_time_now_ms(),
                          es_req_arena(q), &c->link, &c->here, e);
    c->proof = c->here ? ES_PROOF_BROWSER : ES_PROOF_SHOWN;
    if (rc == ES_OK && c->link.tries >= ES_MAIL_LINK_TRIES)
        return es_fail(e, ES_ENOENT, 0, "tried too often");
    return rc;
}

static enum es_code link_gone(const struct es_req *q, struct es_resp *out)
{
    uint8_t hash[ES_HASH];
    if (!es_secret_hash(es_bytes_str(es_req_param(q, "secret")), hash))
        return es_web_fail(q, out, 404, ""); /* no link of any time */
    unsigned wait_s = wrong(q);
    return wait_s ? es_web_too_often(q, out, wait_s) : gone(q, out);
}

/* GET /back/{secret}: a button, so that a mail scanner signs nobody in. */
static enum es_code link_show(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct coming c;
    enum es_code rc = by_link(q, &c, e);
    if (rc == ES_ENOENT)
        return link_gone(q, out);
    return rc == ES_OK ? show_link(q, out, &c, e) : rc;
}

/* POST /back/{secret} */
static enum es_code link_use(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct coming c;
    enum es_code rc = by_link(q, &c, e);
    if (rc == ES_ENOENT)
        return link_gone(q, out);
    return rc == ES_OK ? come_or_show(q, out, &c, show_link, e) : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/back", ES_BODY_NONE, ES_WEB_PAGE, back },
    { ES_POST, "/back", ES_BODY_FORM, ES_WEB_FORM, back_post },
    { ES_GET, "/back/sent", ES_BODY_NONE, ES_WEB_PAGE, sent },
    { ES_POST, "/back/sent", ES_BODY_FORM, ES_WEB_FORM, sent_post },
    { ES_GET, "/back/{secret}", ES_BODY_NONE, ES_WEB_PAGE, link_show },
    { ES_POST, "/back/{secret}", ES_BODY_FORM, ES_WEB_FORM, link_use },
};
const struct es_routes ES_ROUTES_BACK = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
