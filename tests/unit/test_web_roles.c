/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Each route as everybody: what comes back is held against who may, and no
 * field that a route doesn't name does anything. The routes are those of the
 * server, so one that is added is tried, too. */
#include "browser.h"
#include "initiative/accounts.h"
#include "initiative/reports.h"
#include "initiative/sessions.h"
#include "programme/press.h"
#include "store/groups.h"
#include "store/parties.h"
#include "store/pictures.h"
#include "store/programme.h"
#include "store/statements.h"
#include "store/tickets.h"
#include "t.h"
#include "web/web_int.h"

#include <stdio.h>
#include <string.h>

enum caller {
    VISITOR,
    ADA,    /* whose run it is */
    BO,     /* another participant */
    CEM,    /* a participant of another initiative */
    HELPER, /* check-in */
    REVIEWER,
    EDITOR,
    OWNER,
    OTHER_OWNER, /* of another initiative */
    PAST,        /* staff whose role has ended */
    GONE,        /* staff whose account has ended */
    OPERATOR,
    CALLERS
};
static const char *const NAMES[CALLERS] = {
    "visitor",
    "owner of the run",
    "other participant",
    "participant elsewhere",
    "check-in",
    "reviewer",
    "editor",
    "owner",
    "owner elsewhere",
    "past staff",
    "ended account",
    "operator",
};
static bool is_person(enum caller c)
{
    return c == ADA || c == BO || c == CEM;
}

/* What is expected, written down apart from the table that the guard reads. */
static bool may(enum caller c, enum es_may what)
{
    switch (what) {
    case ES_MAY_ANYBODY:
    case ES_MAY_MACHINE:
        return true;
    case ES_MAY_PERSON:
    case ES_MAY_TOKEN:
        return is_person(c);
    case ES_MAY_STAFF:
        return c >= HELPER && c != GONE;
    case ES_MAY_SEE:
        return (c >= HELPER && c <= OWNER) || c == OPERATOR;
    case ES_MAY_CHECK_IN:
        return c == HELPER || c == OWNER;
    case ES_MAY_REVIEW:
        return c == REVIEWER || c == OWNER;
    case ES_MAY_EDIT:
        return c == EDITOR || c == OWNER;
    case ES_MAY_OWN:
        return c == OWNER || c == OPERATOR;
    case ES_MAY_OPERATE:
        return c == OPERATOR;
    case ES_MAY_NOBODY:
    case ES_MAY_COUNT:
        break;
    }
    return false;
}

struct stage {
    struct browser b;
    struct es_initiative other;
    struct es_participant people[CALLERS];
    int64_t accounts[CALLERS];
    int64_t spare;     /* an account to be ended */
    struct es_run run; /* Ada's, in review */
    int64_t report;    /* about her name */
    int n;             /* requests */
};

static void must(enum es_code rc, const struct es_err *e)
{
    world_must(rc, e);
}

struct staffing {
    struct es_account a;
    struct es_role_given r;
};
static enum es_code put(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    struct staffing *s = arg;
    (void)blob;
    enum es_code rc = es_txn_account_put(tx, &s->a, e);
    return rc == ES_OK && s->r.role ? es_txn_role_add(tx, &s->r, e) : rc;
}

static int64_t hire(struct stage *s, const char *name, int64_t initiative,
                    enum es_role role)
{
    struct es_err e = { 0 };
    struct staffing t = { { .id = es_id_new(),
                            .name = name,
                            .name_key = name,
                            .mail = "",
                            .lang = "en" },
                          { .initiative = initiative, .role = role } };
    t.r.account = t.a.id;
    must(es_store_write(s->b.w.store,
                        &(struct es_write){ .apply = put, .arg = &t }, &e),
         &e);
    return t.a.id;
}

static enum es_code put_group(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    struct es_group g = { .initiative = *(const int64_t *)arg,
                          .id = 1,
                          .name = "Class 7b",
                          .key = "class 7b" };
    (void)blob;
    return es_txn_group_add(tx, &g, e);
}

/* Somebody who held an office, and what they said, published: so none of it
 * can be removed by who tries. */
static enum es_code put_said(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    static const char CONTENT[] = "{\"speaker\":\"1\",\"exact\":true,"
                                  "\"lang\":\"en\",\"day\":\"2026-01-01\","
                                  "\"words\":\"We remember.\"}";
    static const char DANA[] = "[{\"lang\":\"en\",\"text\":\"Dana\"}]";
    int64_t ini = *(const int64_t *)arg;
    const struct es_party who = { .initiative = ini,
                                  .id = 1,
                                  .what = ES_PARTY_PERSON,
                                  .names = DANA,
                                  .sort_key = "dana " };
    const struct es_seat seat = { .initiative = ini,
                                  .id = 1,
                                  .party = 1,
                                  .title = DANA,
                                  .country = "",
                                  .from = "",
                                  .to = "" };
    const struct es_statement s = { .initiative = ini,
                                    .id = 1,
                                    .content = CONTENT,
                                    .state = ES_STATEMENT_PUBLISHED,
                                    .version = 1,
                                    .speaker = 1,
                                    .shown_day = "2026-01-01",
                                    .shown_speaker = 1 };
    const struct es_statement_version v = { .initiative = ini,
                                            .statement = 1,
                                            .version = 1,
                                            .content = CONTENT,
                                            .note = "",
                                            .at_ms = 1 };
    (void)blob;
    enum es_code rc = es_txn_party_put(tx, &who, e);
    if (rc == ES_OK)
        rc = es_txn_seat_put(tx, &seat, e);
    if (rc == ES_OK)
        rc = es_txn_statement_put(tx, &s, e);
    return rc == ES_OK ? es_txn_statement_version_add(tx, &v, e) : rc;
}

static enum es_code put_event(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct es_occasion o = { .initiative = *(const int64_t *)arg,
                                   .id = 1,
                                   .state = ES_OCCASION_PUBLISHED,
                                   .starts_ms = 1,
                                   .ends_ms = 2,
                                   .zone = "UTC",
                                   .lang = "en",
                                   .title = "The launch",
                                   .body = "{}" };
    const struct es_ticketing t = { .initiative = o.initiative,
                                    .occasion = 1,
                                    .open = true,
                                    .choices = "{\"choices\":[{\"id\":1}]}" };
    (void)blob;
    enum es_code rc = es_txn_occasion_add(tx, &o, e);
    return rc == ES_OK ? es_txn_ticketing_put(tx, &t, e) : rc;
}

static struct es_participant
join(struct stage *s, const struct es_initiative *ini, const char *name)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_joined j;
    struct es_join in = { .display_name = name, .consents = "{\"rules\":2}" };
    must(es_register(&s->b.w.app, ini, &in, &s->b.w.a, &j, &fe, &e), &e);
    return j.p;
}

static void stage_begin(struct stage *s)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_receipt r;
    memset(s, 0, sizeof *s);
    browser_start(&s->b);
    struct world *w = &s->b.w;
    s->other = w->ini;
    s->other.id = es_id_new();
    s->other.slug = "harbour";
    s->other.title = "The Harbour Mile";
    must(es_initiative_save(&w->app, &s->other, &e), &e);
    s->people[ADA] = join(s, &w->ini, "Ada");
    s->people[BO] = join(s, &w->ini, "Bo");
    s->people[CEM] = join(s, &s->other, "Cem");
    s->accounts[HELPER] = hire(s, "helper", w->ini.id, ES_ROLE_CHECK_IN);
    s->accounts[REVIEWER] = hire(s, "reviewer", w->ini.id, ES_ROLE_REVIEWER);
    s->accounts[EDITOR] = hire(s, "editor", w->ini.id, ES_ROLE_EDITOR);
    s->accounts[OWNER] = hire(s, "owner", w->ini.id, ES_ROLE_OWNER);
    s->accounts[OTHER_OWNER] = hire(s, "other", s->other.id, ES_ROLE_OWNER);
    s->accounts[PAST] = hire(s, "past", w->ini.id, ES_ROLE_REVIEWER);
    s->accounts[GONE] = hire(s, "gone", w->ini.id, ES_ROLE_REVIEWER);
    s->accounts[OPERATOR] = hire(s, "operator", 0, ES_ROLE_OPERATOR);
    s->spare = hire(s, "spare", 0, ES_ROLE_NONE);
    must(es_store_write(
             w->store,
             &(struct es_write){ .apply = put_group, .arg = &w->ini.id }, &e),
         &e);
    must(es_store_write(
             w->store,
             &(struct es_write){ .apply = put_said, .arg = &w->ini.id }, &e),
         &e);
    must(es_store_write(
             w->store,
             &(struct es_write){ .apply = put_event, .arg = &w->ini.id }, &e),
         &e);
    must(es_role_end(&w->app, s->accounts[OWNER], w->ini.id, s->accounts[PAST],
                     ES_ROLE_REVIEWER, &e),
         &e);
    must(es_account_end(&w->app, s->accounts[OPERATOR], s->accounts[GONE], &e),
         &e);
    const struct es_picture_size picture = { 1, 1, es_bytes_str("jpeg") };
    struct es_typed t = { .started_ms = w->now - 90000000,
                          .dist_m = 120000,
                          .elapsed_s = 50000,
                          .picture = &picture };
    must(es_runs_type_in(&w->app, &s->people[ADA], &t, &w->a, &r, &fe, &e), &e);
    CHECK_INT(r.run.status, ES_RUN_IN_REVIEW);
    s->run = r.run;
    struct es_reporting about = { .initiative = w->ini.id,
                                  .what = ES_REPORT_PERSON,
                                  .which = s->people[ADA].id,
                                  .shown = "Ada",
                                  .wrong = "identity",
                                  .words = "",
                                  .mail = "",
                                  .lang = "en" };
    int64_t release;
    must(es_release_new(&w->app, w->ini.id, s->accounts[EDITOR], "en",
                        "Lamps are lit", &release, &fe, &e),
         &e);
    CHECK_INT(release, 1);
    must(es_report_add(&w->app, &about, &w->a, &s->report, &fe, &e), &e);
}

/* ---- one request ---- */

static const char FORM_COOKIE[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* The session that this caller would have, new for each request. */
static void dress(struct stage *s, enum caller c)
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT] = "";
    struct es_session_ask ask = { .kind = ES_CRED_ORGANISER,
                                  .subject = s->accounts[c],
                                  .by = ES_BY_LINK };
    if (is_person(c)) {
        ask.kind = ES_CRED_SESSION;
        ask.initiative = s->people[c].initiative;
        ask.subject = s->people[c].id;
    }
    if (c != VISITOR)
        must(es_session_open(&s->b.w.app, &ask, secret, &e), &e);
    snprintf(s->b.cookies, sizeof s->b.cookies, "__Host-es-form=%s%s%s",
             FORM_COOKIE,
             c == VISITOR   ? ""
             : is_person(c) ? "; __Host-es="
                            : "; __Host-es-organiser=",
             secret);
    es_csrf_token(s->b.w.app.key, FORM_COOKIE, s->b.csrf);
}

static void token_of(struct stage *s, enum caller c, char line[128])
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    line[0] = 0;
    if (!is_person(c))
        return;
    must(es_credential_issue(&s->b.w.app, ES_CRED_TOKEN,
                             s->people[c].initiative, s->people[c].id, 60000,
                             secret, &e),
         &e);
    snprintf(line, 128, "Authorization: Bearer %s\r\n", secret);
}

/* "/e/{slug}/join" with something that is there; a secret never is. */
static void fill(const struct stage *s, const char *pattern, char *out,
                 size_t cap)
{
    const struct {
        const char *name, *text;
        int64_t number;
    } VALUES[] = {
        { "slug", "lantern", 0 },
        { "run", NULL, s->run.id },
        { "code", s->run.code, 0 },
        { "bib", "1", 0 },
        { "name", "style.css", 0 },
        { "account", NULL, s->spare },
        { "report", NULL, s->report },
        { "finding", "typed_long", 0 },
        { "lang", "en", 0 },
        { "secret", "0123456789abcdefghjkmnpqrstvwxyz", 0 },
    };
    size_t n = 0;
    while (*pattern) {
        if (*pattern != '{') {
            out[n++] = *pattern++;
            continue;
        }
        size_t len = strcspn(pattern, "}") - 1;
        size_t i = 0;
        for (; i < sizeof VALUES / sizeof *VALUES; i++)
            if (strlen(VALUES[i].name) == len &&
                memcmp(VALUES[i].name, pattern + 1, len) == 0)
                break;
        bool known = i < sizeof VALUES / sizeof *VALUES;
        if (known && VALUES[i].text)
            n += (size_t)snprintf(out + n, cap - n, "%s", VALUES[i].text);
        else
            n += (size_t)snprintf(out + n, cap - n, "%lld",
                                  known ? (long long)VALUES[i].number : 1LL);
        pattern += len + 2;
    }
    out[n] = 0;
}

static const char *method_of(const struct es_route *r)
{
    static const char *const METHODS[] = {
        [ES_GET] = "GET", [ES_HEAD] = "HEAD",   [ES_POST] = "POST",
        [ES_PUT] = "PUT", [ES_PATCH] = "PATCH", [ES_DELETE] = "DELETE"
    };
    return METHODS[r->method];
}

static int ask(struct stage *s, const struct es_route *r, enum caller c,
               const char *query, const char *fields)
{
    char path[300];
    char peer[32];
    char token[128];
    char headers[512];
    char form[2048];
    dress(s, c);
    token_of(s, c, token);
    fill(s, r->pattern, path, sizeof path);
    snprintf(path + strlen(path), sizeof path - strlen(path), "%s", query);
    /* Each from elsewhere: limits by address are tried in their own tests. */
    s->n++;
    snprintf(peer, sizeof peer, "10.%d.%d.%d", s->n >> 16 & 255,
             s->n >> 8 & 255, s->n & 255);
    s->b.peer = peer;
    /* what is no form brings the token beside it */
    if (r->body != ES_BODY_FORM && (r->flags & ES_WEB_FORM))
        snprintf(token, sizeof token, "X-CSRF-Token: %s\r\n", s->b.csrf);
    snprintf(headers, sizeof headers, "%s%s", token,
             r->body == ES_BODY_FORM
                 ? "Content-Type: application/x-www-form-urlencoded\r\n"
                   "Sec-Fetch-Site: same-origin\r\n"
             : r->body != ES_BODY_NONE ? "Content-Type: application/json\r\n"
                                       : "");
    snprintf(form, sizeof form, "csrf=%s%s%s", s->b.csrf, *fields ? "&" : "",
             fields);
    struct es_bytes body = { NULL, 0 };
    if (r->body == ES_BODY_FORM)
        body = es_bytes_str(form);
    else if (r->body != ES_BODY_NONE)
        body = es_bytes_str(*fields == '{' ? fields : "{}");
    int status = browser_send(&s->b, method_of(r), path, headers, body);
    s->b.peer = "192.0.2.1";
    return status;
}

static enum es_code hang(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    struct es_picture p = { .initiative = *(const int64_t *)arg,
                            .id = 1,
                            .state = ES_PICTURE_SHOWN,
                            .name = "",
                            .alt = "A lamp",
                            .caption = "",
                            .credit = "",
                            .taken = "",
                            .place = "",
                            .warning = "" };
    (void)blob;
    enum es_code rc = es_txn_picture_drop(tx, p.initiative, p.id, e);
    return rc == ES_OK || rc == ES_ENOENT ? es_txn_picture_add(tx, &p, e) : rc;
}

/* As it was before, whatever an allowed request did. */
static void mend(struct stage *s)
{
    struct es_err e = { 0 };
    struct es_account who;
    struct world *w = &s->b.w;
    must(es_initiative_suspend(&w->app, 0, w->ini.id, NULL, &e), &e);
    must(es_store_account(w->store, s->spare, &w->a, &who, &e), &e);
    if (who.ended_ms)
        s->spare = hire(s, "spare", 0, ES_ROLE_NONE);
    must(es_store_write(w->store,
                        &(struct es_write){ .apply = hang, .arg = &w->ini.id },
                        &e),
         &e);
}

#define EACH_ROUTE(s, r)                                                       \
    for (size_t t_ = 0; t_ < (s)->b.web->n_tables; t_++)                       \
        for (const struct es_route *r = (s)->b.web->tables[t_].p;              \
             r < (s)->b.web->tables[t_].p + (s)->b.web->tables[t_].n; r++)

/* ---- the tests ---- */

/* The least that paths which begin so ask for, whatever the table says. */
static void check_row(const struct es_access *a)
{
    static const struct {
        const char *begins;
        enum es_may may;
    } LEAST[] = {
        { "/operate", ES_MAY_OPERATE },
        { "/organise/e/{slug}/staff", ES_MAY_OWN },
        { "/organise/e/{slug}/reports", ES_MAY_OWN },
        { "/organise/e/{slug}/rules", ES_MAY_EDIT },
        { "/organise/e/{slug}/look", ES_MAY_EDIT },
        { "/organise/e/{slug}/messages", ES_MAY_EDIT },
        { "/organise/e/{slug}/stage", ES_MAY_OWN },
        { "/organise/e/{slug}/page", ES_MAY_EDIT },
        { "/organise/e/{slug}/hosts", ES_MAY_EDIT },
        { "/organise/e/{slug}/press", ES_MAY_EDIT },
        { "/organise/e/{slug}/goal", ES_MAY_EDIT },
        { "/organise/e/{slug}/programme", ES_MAY_EDIT },
        { "/ticket", ES_MAY_ANYBODY },
        { "/organise/e/{slug}/check-in", ES_MAY_CHECK_IN },
        { "/check-in-worker.js", ES_MAY_ANYBODY },
        { "/organise/e/{slug}/figures", ES_MAY_SEE },
        { "/organise/e/{slug}/review", ES_MAY_REVIEW },
        { "/organise/e/{slug}/log", ES_MAY_REVIEW },
        { "/organise/e/{slug}/exhibition", ES_MAY_EDIT },
        { "/organise/e/{slug}/media", ES_MAY_EDIT },
        { "/organise/e/{slug}/runs/", ES_MAY_REVIEW },
        { "/organise/e/{slug}/results", ES_MAY_OWN },
        { "/organise/e/{slug}/registration", ES_MAY_EDIT },
        { "/organise/e/{slug}/teams", ES_MAY_EDIT },
        { "/organise/e/{slug}/groups", ES_MAY_OWN },
        { "/organise/e/{slug}/people-and-bodies", ES_MAY_EDIT },
        { "/organise/e/{slug}/statements", ES_MAY_EDIT },
        { "/organise/e/{slug}/people", ES_MAY_OWN },
        { "/organise/e/{slug}", ES_MAY_SEE },
        { "/organise/sign-in",
          ES_MAY_ANYBODY }, /* ...which one may be out of */
        { "/organise/recover", ES_MAY_ANYBODY },
        { "/organise", ES_MAY_STAFF },
        { "/metrics", ES_MAY_MACHINE },
        { "/me/sign-in", ES_MAY_ANYBODY },
        { "/me", ES_MAY_PERSON },
        { "/joined", ES_MAY_PERSON },
        { "/api/v1/runs", ES_MAY_TOKEN },
    };
    /* what only we say of a run, a person, an account */
    static const char *const OURS[] = { "status",      "counted_m",
                                        "initiative",  "participant",
                                        "bib",         "kind",
                                        "is_operator", "created_ms" };
    for (size_t i = 0; i < sizeof LEAST / sizeof *LEAST; i++)
        if (strncmp(a->pattern, LEAST[i].begins, strlen(LEAST[i].begins)) ==
            0) {
            if (a->may != LEAST[i].may)
                FAIL("%s asks for too little, or too much", a->pattern);
            break;
        }
    for (size_t i = 0; i < sizeof OURS / sizeof *OURS; i++)
        if (es_access_field(a, OURS[i]))
            FAIL("%s takes %s", a->pattern, OURS[i]);
}

TEST(each_route_is_in_the_table_and_each_row_is_a_route)
{
    struct stage s;
    size_t routes = 0;
    size_t rows = 0;
    stage_begin(&s);
    EACH_ROUTE(&s, r)
    {
        const struct es_access *a = es_access_of(r->method, r->pattern);
        if (!a)
            FAIL("nobody may: %s %s", method_of(r), r->pattern);
        if (a->may == ES_MAY_NOBODY)
            FAIL("says nobody: %s %s", method_of(r), r->pattern);
        check_row(a);
        /* who it is is read, or it can't be asked for */
        bool cookies = r->flags & (ES_WEB_PAGE | ES_WEB_FORM);
        if (a->may == ES_MAY_TOKEN)
            CHECK(r->flags & ES_WEB_TOKEN);
        else if (a->may > ES_MAY_MACHINE)
            CHECK(cookies);
        /* but one: a mail program sends it, and the address is the proof */
        if (r->body == ES_BODY_FORM && strcmp(r->pattern, "/stop/{token}") != 0)
            CHECK(r->flags & ES_WEB_FORM);
        /* who is asked once more brings a form again; a file can't be */
        if (a->flags & (ES_ACCESS_FRESH | ES_ACCESS_ASKS))
            CHECK(r->body == ES_BODY_FORM && !(r->flags & ES_ROUTE_FILES) &&
                  a->may >= ES_MAY_STAFF);
        routes++;
    }
    while (es_access_at(rows))
        rows++;
    CHECK_INT(rows, routes);
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < i; k++)
            CHECK(es_access_at(i)->method != es_access_at(k)->method ||
                  strcmp(es_access_at(i)->pattern, es_access_at(k)->pattern) !=
                      0);
    browser_stop(&s.b);
}

/* What a caller gets who may not; the same as for what never was. */
static int denial(const struct es_access *a)
{
    if (a->may == ES_MAY_TOKEN)
        return 401;
    if (a->may == ES_MAY_PERSON)
        return 403;
    /* pages that all of staff have: to where they sign in */
    return a->may == ES_MAY_STAFF && a->method == ES_GET ? 303 : 404;
}

static void check_answer(struct stage *s, const struct es_route *r,
                         enum caller c)
{
    const struct es_access *a = es_access_of(r->method, r->pattern);
    bool own = strstr(r->pattern, "{run}") != NULL &&
               (a->may == ES_MAY_PERSON || a->may == ES_MAY_TOKEN);
    int status = ask(s, r, c, "", "");
    bool ok;
    if (!may(c, a->may))
        ok = status == denial(a) &&
             (status != 303 ||
              strstr(es_buf_cstr(&s->b.r.head), "/organise/sign-in?"));
    else if (own && c != ADA)
        ok = status == 404; /* another's run: as if it never was */
    else if (a->may == ES_MAY_ANYBODY || a->may == ES_MAY_MACHINE)
        ok = status < 500;
    else
        /* an `id` that isn't given is nobody's, no signature proves nothing */
        ok = status < 500 && status != 401 &&
             (status != 403 || es_access_field(a, "signature") ||
              es_access_field(a, "attestation")) &&
             (status != 404 || es_access_field(a, "id") ||
              /* it went with the run that Ada has withdrawn by then */
              strstr(r->pattern, "/runs/{run}/picture") ||
              /* nobody brought its bytes */
              strstr(r->pattern, "/{picture}/file") ||
              /* what was typed in has none */
              strstr(r->pattern, "/runs/{run}/file"));
    if (!ok)
        FAIL("%s %s as %s: %d %s", method_of(r), r->pattern, NAMES[c], status,
             es_buf_cstr(&s->b.r.head));
    /* a participant's own initiative stands around their page */
    if (status == 404 && a->may >= ES_MAY_STAFF && !is_person(c))
        CHECK(!browser_shows(&s->b, "The Lantern Run"));
}

TEST(each_route_answers_everybody_as_the_table_says)
{
    struct stage s;
    stage_begin(&s);
    mend(&s);
    EACH_ROUTE(&s, r)
    {
        const struct es_access *a = es_access_of(r->method, r->pattern);
        int first = 0;
        for (int c = 0; c < CALLERS; c++) {
            check_answer(&s, r, (enum caller)c);
            if (a->may != ES_MAY_ANYBODY || r->method != ES_GET)
                continue;
            /* what is for all is the same for all */
            first = c == 0 ? s.b.r.status : first;
            if (s.b.r.status != first)
                FAIL("%s as %s: %d, not %d", r->pattern, NAMES[c], s.b.r.status,
                     first);
        }
        mend(&s);
    }
    CHECK(s.n > 800);
    browser_stop(&s.b);
}

/* Who may do something, to try it with too much. */
static enum caller allowed_one(const struct es_access *a)
{
    if (a->may == ES_MAY_OPERATE)
        return OPERATOR;
    if (a->may >= ES_MAY_STAFF)
        return OWNER;
    return a->may == ES_MAY_ANYBODY ? VISITOR : ADA;
}

static const char *const EXTRA[] = { "role=admin",    "status=accepted",
                                     "counted_m=1",   "initiative=1",
                                     "participant=1", "account=1",
                                     "may_create=9",  "bib=1",
                                     "kind=0",        "is_operator=1" };

TEST(a_field_that_a_form_does_not_name_is_refused)
{
    struct stage s;
    size_t tried = 0;
    stage_begin(&s);
    EACH_ROUTE(&s, r)
    {
        const struct es_access *a = es_access_of(r->method, r->pattern);
        if (r->body != ES_BODY_FORM)
            continue;
        for (size_t i = 0; i < sizeof EXTRA / sizeof *EXTRA; i++) {
            char name[32];
            snprintf(name, sizeof name, "%.*s", (int)strcspn(EXTRA[i], "="),
                     EXTRA[i]);
            if (es_access_field(a, name))
                continue;
            int status = ask(&s, r, allowed_one(a), "", EXTRA[i]);
            if (status != 400)
                FAIL("%s with %s: %d", r->pattern, EXTRA[i], status);
            tried++;
        }
        /* and what it names comes once */
        if (a->fields && !strchr(a->fields, '*')) {
            char twice[128];
            int len = (int)strcspn(a->fields, " ");
            snprintf(twice, sizeof twice, "%.*s=1&%.*s=2", len, a->fields, len,
                     a->fields);
            CHECK_INT(ask(&s, r, allowed_one(a), "", twice), 400);
        }
    }
    CHECK(tried > 200);
    CHECK(world_total(&s.b.w) == 0);
    browser_stop(&s.b);
}

TEST(a_query_that_a_page_does_not_know_changes_nothing)
{
    static const char QUERY[] =
        "?role=admin&status=accepted&counted_m=1&initiative=1&account=1";
    struct stage s;
    struct es_err e = { 0 };
    struct es_role_given *v;
    size_t n;
    stage_begin(&s);
    EACH_ROUTE(&s, r)
    {
        const struct es_access *a = es_access_of(r->method, r->pattern);
        if (r->method != ES_GET)
            continue;
        int plain = ask(&s, r, allowed_one(a), "", "");
        CHECK_INT(ask(&s, r, allowed_one(a), QUERY, ""), plain);
    }
    CHECK(world_total(&s.b.w) == 0);
    must(
        es_store_roles_of(s.b.w.store, s.accounts[OWNER], &s.b.w.a, &v, &n, &e),
        &e);
    CHECK_INT(n, 1);
    CHECK_INT(v[0].role, ES_ROLE_OWNER);
    browser_stop(&s.b);
}

TEST(json_with_too_much_does_no_more)
{
    struct stage s;
    struct es_err e = { 0 };
    struct es_participant p;
    stage_begin(&s);
    EACH_ROUTE(&s, r)
    {
        if (r->method != ES_POST)
            continue;
        if (strstr(r->pattern, "/participants")) {
            CHECK_INT(ask(&s, r, VISITOR, "",
                          "{\"display_name\":\"Eve\",\"consents\":{\"rules\":2}"
                          ",\"bib\":1,\"role\":\"admin\",\"team\":1,"
                          "\"status\":\"accepted\",\"counted_m\":1}"),
                      201);
            must(es_store_participant_by_bib(s.b.w.store, s.b.w.ini.id, 3,
                                             &s.b.w.a, &p, &e),
                 &e);
            CHECK_STR(p.display_name, "Eve");
            CHECK_INT(p.team, 0);
        }
        if (strcmp(r->pattern, "/api/v1/runs") == 0) {
            char when[32];
            char body[256];
            struct es_date d = es_date_of(s.b.w.now - 86400000);
            snprintf(when, sizeof when, "%04d-%02d-%02dT06:00:00Z", d.year,
                     d.month, d.day);
            snprintf(body, sizeof body,
                     "{\"started_at\":\"%s\",\"distance_m\":120000,"
                     "\"elapsed_s\":50000,\"status\":\"accepted\","
                     "\"counted_m\":1,\"participant\":\"1\"}",
                     when);
            CHECK_INT(ask(&s, r, BO, "", body), 201);
            CHECK(browser_shows(&s.b, "\"status\":\"in_review\""));
        }
    }
    CHECK(world_total(&s.b.w) == 0);
    browser_stop(&s.b);
}

static const struct es_route *route_of(struct stage *s, enum es_method m,
                                       const char *pattern)
{
    EACH_ROUTE(s, r)
    {
        if (r->method == m && strcmp(r->pattern, pattern) == 0)
            return r;
    }
    FAIL("no route %s", pattern);
    return NULL;
}

TEST(an_owner_sees_nothing_of_another_initiative)
{
    struct stage s;
    stage_begin(&s);
    const struct es_route *home = route_of(&s, ES_GET, "/organise");
    CHECK_INT(ask(&s, home, OTHER_OWNER, "", ""), 200);
    CHECK(browser_shows(&s.b, "The Harbour Mile"));
    CHECK(!browser_shows(&s.b, "The Lantern Run"));
    CHECK(!browser_shows(&s.b, "Ada"));
    CHECK_INT(ask(&s, home, OWNER, "", ""), 200);
    CHECK(browser_shows(&s.b, "The Lantern Run"));
    CHECK(browser_shows(&s.b, "1 run waits"));
    CHECK(!browser_shows(&s.b, "The Harbour Mile"));
    /* an editor is no reviewer */
    CHECK_INT(ask(&s, home, EDITOR, "", ""), 200);
    CHECK(!browser_shows(&s.b, "run waits"));
    browser_stop(&s.b);
}

/* A run of one initiative by the path of another is none. */
TEST(a_run_is_not_decided_through_another_initiative)
{
    struct stage s;
    char path[128];
    stage_begin(&s);
    dress(&s, OTHER_OWNER);
    snprintf(path, sizeof path, "/organise/e/harbour/review/%lld/accept",
             (long long)s.run.id);
    CHECK_INT(browser_post(&s.b, path, "seen=1"), 404);
    CHECK(world_total(&s.b.w) == 0);
    browser_stop(&s.b);
}
