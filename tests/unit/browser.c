/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "browser.h"

#include "initiative/accounts.h"
#include "initiative/sessions.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

void browser_start(struct browser *b)
{
    struct es_err e = { 0 };
    *b = (struct browser){ .peer = "192.0.2.1", .host = "127.0.0.1:8080" };
    world_begin(&b->w);
    struct es_web_config c = { .app = &b->w.app,
                               .listen = "127.0.0.1:8080",
                               .mail = true };
    world_must(es_web_new(&c, &b->web, &e), &e);
}

void browser_stop(struct browser *b)
{
    es_reply_release(&b->r);
    es_web_stop(b->web, 0);
    world_end(&b->w);
}

const char *browser_body(const struct browser *b)
{
    return es_buf_cstr(&b->r.body);
}

/* One cookie of "name=value; ..." into the jar; an older one goes. */
static void keep_cookie(struct browser *b, const char *line, size_t n)
{
    char pair[512];
    char rest[2048] = "";
    size_t len = strcspn(line, ";\n");
    CHECK(len < n && len < sizeof pair);
    memcpy(pair, line, len);
    pair[len] = 0;
    size_t name = strcspn(pair, "=") + 1;
    for (char *p = b->cookies; *p;) {
        size_t m = strcspn(p, ";");
        if (strncmp(p, pair, name) != 0)
            snprintf(rest + strlen(rest), sizeof rest - strlen(rest), "%s%.*s",
                     *rest ? "; " : "", (int)m, p);
        p += m + strspn(p + m, "; ");
    }
    if (pair[name])
        snprintf(rest + strlen(rest), sizeof rest - strlen(rest), "%s%s",
                 *rest ? "; " : "", pair);
    snprintf(b->cookies, sizeof b->cookies, "%s", rest);
}

static void learn(struct browser *b)
{
    const char *head = es_buf_cstr(&b->r.head);
    for (const char *p = head; p && (p = strstr(p, "Set-Cookie: ")); p++)
        keep_cookie(b, p + 12, strlen(p));
    const char *mark = "name=\"csrf\" value=\"";
    const char *p = strstr(browser_body(b), mark);
    if (p)
        snprintf(b->csrf, sizeof b->csrf, "%.64s", p + strlen(mark));
}

int browser_send(struct browser *b, const char *method, const char *path,
                 const char *headers, struct es_bytes payload)
{
    struct es_buf q;
    struct es_err e = { 0 };
    es_buf_init(&q, 64u << 20);
    es_buf_fmt(&q, "%s %s HTTP/1.1\r\nHost: %s\r\n%s%s%s%s", method, path,
               b->host, *b->cookies ? "Cookie: " : "", b->cookies,
               *b->cookies ? "\r\n" : "", headers);
    if (payload.p || strcmp(method, "POST") == 0)
        es_buf_fmt(&q, "Content-Length: %zu\r\n", payload.n);
    es_buf_str(&q, "\r\n");
    es_buf_add(&q, payload.p, payload.n);
    es_reply_release(&b->r);
    world_must(es_web_call(b->web, es_buf_bytes(&q), b->peer, &b->r, &e), &e);
    es_buf_release(&q);
    learn(b);
    return b->r.status;
}

int browser_get(struct browser *b, const char *path)
{
    return browser_send(b, "GET", path, "", (struct es_bytes){ NULL, 0 });
}

int browser_post(struct browser *b, const char *path, const char *fields)
{
    char form[ES_FORM_MAX];
    snprintf(form, sizeof form, "csrf=%s&%s", b->csrf, fields);
    return browser_send(b, "POST", path,
                        "Content-Type: application/x-www-form-urlencoded\r\n"
                        "Origin: null\r\nSec-Fetch-Site: same-origin\r\n",
                        es_bytes_str(form));
}

int browser_api(struct browser *b, const char *method, const char *path,
                const char *token, const char *type, struct es_bytes payload)
{
    char headers[512];
    snprintf(headers, sizeof headers, "%s%s%s%s%s%s",
             token ? "Authorization: Bearer " : "", token ? token : "",
             token ? "\r\n" : "", type ? "Content-Type: " : "",
             type ? type : "", type ? "\r\n" : "");
    return browser_send(b, method, path, headers, payload);
}

json_t *browser_answer(const struct browser *b)
{
    json_error_t je;
    json_t *v = json_loadb((const char *)b->r.body.p, b->r.body.n, 0, &je);
    if (!v)
        FAIL("not JSON: %s: %s", je.text, browser_body(b));
    return v;
}

const char *browser_text(const json_t *v, const char *key)
{
    const char *s = json_string_value(json_object_get(v, key));
    return s ? s : "(none)";
}

bool browser_shows(const struct browser *b, const char *what)
{
    return strstr(browser_body(b), what) != NULL;
}

void browser_join_by_api(struct browser *b, char token[64])
{
    static const char JOIN[] =
        "{\"display_name\":\"Ada\",\"country\":\"IS\",\"consents\":"
        "{\"rules\":2}}";
    CHECK_INT(browser_api(b, "POST", "/api/v1/initiatives/lantern/participants",
                          NULL, "application/json", es_bytes_str(JOIN)),
              201);
    json_t *v = browser_answer(b);
    CHECK_INT(json_integer_value(json_object_get(v, "bib")), 1);
    CHECK(json_is_string(json_object_get(v, "participant")));
    CHECK(strncmp(browser_text(v, "link"), "http://127.0.0.1:8080/p/", 24) ==
          0);
    snprintf(token, 64, "%s", browser_text(v, "token"));
    json_decref(v);
}

void browser_join_by_form(struct browser *b)
{
    CHECK_INT(browser_get(b, "/e/lantern/join"), 200);
    CHECK_INT(
        browser_post(b, "/e/lantern/join", "display_name=&consent_rules=2"),
        422);
    CHECK(browser_shows(b, "aria-invalid=\"true\""));
    CHECK_INT(
        browser_post(b, "/e/lantern/join",
                     "display_name=Bo+%F0%9F%8F%83&country=TR&consent_rules=2"),
        303);
    CHECK_INT(browser_get(b, "/joined"), 200);
    CHECK(browser_shows(b, "http://127.0.0.1:8080/p/"));
}

/* As if the personal link had been opened here. */
void browser_sign_in(struct browser *b, const struct es_participant *p)
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    world_must(es_credential_issue(&b->w.app, ES_CRED_SESSION, p->initiative,
                                   p->id, 60000, secret, &e),
               &e);
    snprintf(b->cookies, sizeof b->cookies, "__Host-es=%s", secret);
}

void browser_sign_in_organiser(struct browser *b)
{
    browser_sign_in_staff(b, "Olga");
}

void browser_sign_in_staff(struct browser *b, const char *name)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_account who;
    struct es_newcomer in = { name, "en" };
    char secret[ES_SECRET_TEXT];
    world_must(es_setup_link(&b->w.app, NULL, 60000, secret, &e), &e);
    world_must(es_setup_take(&b->w.app, secret, &in, &b->w.a, &who, &fe, &e),
               &e);
    struct es_session_ask ask = { .kind = ES_CRED_ORGANISER,
                                  .subject = who.id,
                                  .by = ES_BY_LINK };
    world_must(es_session_open(&b->w.app, &ask, secret, &e), &e);
    snprintf(b->cookies, sizeof b->cookies, "__Host-es-organiser=%s", secret);
}

struct es_receipt browser_type_in(struct browser *b,
                                  const struct es_participant *p, int64_t ago_s)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_receipt r;
    struct es_typed t = { .started_ms = b->w.now - ago_s * 1000,
                          .dist_m = 5000,
                          .elapsed_s = 1800 };
    world_must(es_runs_type_in(&b->w.app, p, &t, &b->w.a, &r, &fe, &e), &e);
    return r;
}
