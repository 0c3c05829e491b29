/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers that every handler gives: JSON, problems, error pages, the frame. */
#include "base/json.h"
#include "initiative/stage.h"
#include "initiative/texts.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <inttypes.h>
#include <string.h>

const struct es_lang *es_web_lang(const struct es_req *q, bool *chosen)
{
    const struct es_lang *l = es_lang_of(es_req_query(q, "lang"));
    if (chosen)
        *chosen = l != NULL;
    return l ? l : es_lang_accept(es_req_header(q, "Accept-Language"));
}

struct es_reader es_web_reader(const struct es_req *q)
{
    enum es_units u = es_units_of(es_req_query(q, "units"));
    if (u == ES_UNITS)
        u = es_units_of(es_web_cookie(q, ES_COOKIE_UNITS));
    return (struct es_reader){ es_web_lang(q, NULL),
                               u == ES_UNITS ? ES_UNITS_KM : u };
}

const char *es_web_keep_lang(const struct es_req *q, const char *path)
{
    bool chosen;
    const struct es_lang *l = es_web_lang(q, &chosen);
    const char *with = chosen
                           ? es_arena_fmt(es_req_arena(q), "%s%clang=%s", path,
                                          strchr(path, '?') ? '&' : '?', l->tag)
                           : NULL;
    return with ? with : path;
}

const char *es_web_run_path(const struct es_req *q, int64_t run)
{
    const char *path = es_arena_fmt(es_req_arena(q), "/me/runs/%" PRId64, run);
    return path ? path : "/me";
}

const struct es_lang *es_web_speak(const struct es_req *q, struct es_resp *out,
                                   bool *chosen)
{
    const struct es_lang *l = es_web_lang(q, chosen);
    es_resp_header(out, "Content-Language", l->tag);
    es_resp_header(out, "Vary", "Accept-Language");
    return l;
}

struct es_out es_web_page(const struct es_req *q, struct es_resp *out)
{
    bool chosen;
    const struct es_lang *l = es_web_speak(q, out, &chosen);
    const char *policy = es_web_who(q)->policy;
    es_resp_type(out, "text/html; charset=utf-8");
    if (policy)
        es_resp_header(out, "Content-Security-Policy", policy);
    struct es_out o = es_out_of(es_resp_body(out), l);
    o.units = es_web_reader(q).units;
    o.keep_lang = chosen;
    if (es_web_of(q)->kept)
        o.moved = &es_web_of(q)->kept->moved;
    return o;
}

/* The path and query of this request without lang=, for the language switch.
 * What came in is put together again from decoded parts, so it is clean. */
static struct es_url here(const struct es_req *q)
{
    static const char *const KEPT[] = { "by",     "metric", "category",
                                        "cursor", "before", "q",
                                        "around", "age" };
    struct es_arena *a = es_req_arena(q);
    struct es_buf b;
    es_buf_init(&b, ES_HTTP_LINE * 4);
    const char *path = es_req_path(q);
    bool read = es_req_method(q) == ES_GET || es_req_method(q) == ES_HEAD;
    /* In a link "//x" is another host. */
    es_buf_str(&b, read && path[1] != '/' ? path : "/");
    char sep = '?';
    for (size_t i = 0; i < sizeof KEPT / sizeof *KEPT; i++) {
        const char *v = es_req_query(q, KEPT[i]);
        if (!v)
            continue;
        struct es_url part = es_url_path(a, "/%s", v);
        es_buf_fmt(&b, "%c%s=%s", sep, KEPT[i],
                   es_url_is(part) ? part.checked + 1 : "");
        sep = '&';
    }
    const char *text = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return es_url_fixed(text ? text : "/");
}

/* Whether this page is for who organises, not for the public. */
static bool in_console(const struct es_req *q)
{
    return strncmp(es_req_path(q), "/organise", 9) == 0;
}

struct es_view_frame es_web_frame(const struct es_req *q,
                                  const struct es_initiative *ini)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_who *who = es_web_who(q);
    struct es_view_frame f = {
        .here = here(q),
        .title = "",
        .title_lang = "",
        .csrf = who->csrf ? who->csrf : "",
        .notice = "",
        .insecure = es_web_of(q)->insecure,
        .mail = es_web_of(q)->mail,
        .kept = es_web_of(q)->kept != NULL,
    };
    if (f.kept)
        f.not_in = es_web_of(q)->kept->not_in;
    if (!ini && who->person)
        ini = &who->ini;
    if (ini) {
        struct es_told told = es_texts_told(ini, es_web_lang(q, NULL)->tag, a);
        f.title = told.title;
        f.title_lang = told.title_lang;
        if (ini->state == ES_INI_DRAFT && who->staff && !in_console(q))
            f.notice = es_t(es_web_lang(q, NULL),
                            ES_T("A preview: only those who organise it see "
                                 "this page before it is published."));
        f.alone = ini->alone;
        f.initiative =
            es_url_path(a, ini->alone ? "/e/%s/programme" : "/e/%s", ini->slug);
        if (!f.alone)
            f.board = es_url_path(a, "/e/%s/leaderboard", ini->slug);
        if (!f.kept && !f.alone)
            f.join = es_url_path(a, "/e/%s/join", ini->slug);
    }
    es_web_style(q, ini, &f);
    if (es_web_of(q)->has_imprint && !f.kept)
        f.imprint = es_url_fixed("/imprint");
    if (who->person)
        f.me = es_url_fixed("/me");
    if (who->staff)
        f.review = es_url_fixed("/organise");
    es_web_console(q, &f);
    return f;
}

enum es_code es_web_initiative(const struct es_req *q,
                               struct es_initiative *out, struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    bool draft = who->has_here && who->here.state == ES_INI_DRAFT;
    if (!who->has_here || (draft && !*es_web_roles(q, who->here.id)))
        return es_fail(e, ES_ENOENT, 0, "none, or a draft");
    *out = who->here;
    return ES_OK;
}

enum es_view_phase es_web_phase(const struct es_initiative *ini)
{
    struct es_initiative seen = *ini;
    if (seen.state == ES_INI_DRAFT) /* as it will be */
        seen.state = ES_INI_PUBLISHED;
    enum es_initiative_state s = es_stage(&seen, es_time_now_ms());
    return s >= ES_INI_CLOSED ? ES_PHASE_OVER
           : s == ES_INI_OPEN ? ES_PHASE_OPEN
                              : ES_PHASE_SOON;
}

struct es_view_total es_web_total(const struct es_req *q,
                                  const struct es_initiative *ini)
{
    struct es_totals t = { 0 };
    struct es_standings *s = es_app_standings(es_web_of(q)->app, ini->id);
    if (s)
        es_standings_totals(s, &t);
    return (struct es_view_total){ t.dist_mm, ini->goal_mm, t.participants,
                                   t.runs };
}

/* ---- JSON ---- */

struct es_buf *es_web_json(struct es_resp *out, int status)
{
    struct es_buf *b = es_resp_body(out);
    es_resp_status(out, status);
    es_resp_type(out, "application/json");
    es_buf_clear(b);
    es_buf_str(b, "{");
    return b;
}

void es_web_json_end(struct es_buf *b)
{
    es_buf_str(b, "}\n");
}

struct es_buf *es_web_problem_begin(struct es_resp *out, int status,
                                    const char *code, const char *title,
                                    const char *detail)
{
    struct es_buf *b = es_web_json(out, status);
    es_resp_type(out, "application/problem+json");
    es_buf_json_s(b, "type", "about:blank");
    es_buf_json_i(b, "status", status);
    es_buf_json_s(b, "code", code);
    es_buf_json_s(b, "title", title);
    if (detail && *detail)
        es_buf_json_s(b, "detail", detail);
    return b;
}

enum es_code es_web_problem(struct es_resp *out, int status, const char *code,
                            const char *detail)
{
    es_web_json_end(es_web_problem_begin(out, status, code, code, detail));
    return ES_OK;
}

enum es_code es_web_problem_fields(const struct es_req *q, struct es_resp *out,
                                   const struct es_field_errors *fe)
{
    struct es_reader r = { es_web_speak(q, out, NULL), ES_UNITS_KM };
    struct es_buf *b =
        es_web_problem_begin(out, 422, "invalid_fields", "invalid_fields",
                             "Some fields need mending.");
    es_buf_json_key(b, "errors");
    es_buf_str(b, "[");
    for (size_t i = 0; i < fe->n; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_buf_json_s(b, "field", fe->v[i].field);
        es_buf_json_s(b, "code", fe->v[i].code);
        es_buf_json_s(b, "message",
                      es_words_field_error(es_req_arena(q), r, fe->v[i].field,
                                           fe->v[i].code, fe->v[i].limit));
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
    es_web_json_end(b);
    return ES_OK;
}

/* ---- failures ---- */

static const char *code_of_status(int status)
{
    static const struct {
        int status;
        const char *code;
    } CODES[] = {
        { 400, "bad_request" },        { 401, "token_missing" },
        { 403, "forbidden" },          { 404, "not_found" },
        { 405, "method_not_allowed" }, { 409, "conflict" },
        { 411, "length_required" },    { 413, "too_large" },
        { 415, "unsupported_type" },   { 421, "wrong_host" },
        { 422, "unprocessable" },      { 429, "too_often" },
        { 503, "unavailable" },
    };
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
        if (CODES[i].status == status)
            return CODES[i].code;
    return status >= 500 ? "internal" : "bad_request";
}

static bool is_api(const struct es_req *q)
{
    return strncmp(es_req_path(q), "/api/", 5) == 0;
}

static void error_page(const struct es_req *q, struct es_resp *out, int status,
                       struct es_view_error v)
{
    v.frame = es_web_frame(q, NULL);
    v.status = status;
    v.detail = v.detail ? v.detail : "";
    v.said = v.said ? v.said : "";
    v.request_id = es_req_id(q);
    es_resp_status(out, status);
    es_buf_clear(es_resp_body(out));
    struct es_out o = es_web_page(q, out);
    es_page_error(&o, &v);
}

enum es_code es_web_fail(const struct es_req *q, struct es_resp *out,
                         int status, const char *detail)
{
    if (is_api(q))
        return es_web_problem(out, status, code_of_status(status), detail);
    error_page(q, out, status, (struct es_view_error){ .detail = detail });
    return ES_OK;
}

enum es_code es_web_suspended(const struct es_req *q, struct es_resp *out,
                              const struct es_initiative *ini)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_view_error v = {
        .title = es_t(l, ES_T("This initiative is paused")),
        .detail =
            es_t(l, ES_T("Who runs this server has paused this initiative. "
                         "What was collected is kept.")),
        .said = ini ? ini->suspended_why : "",
    };
    if (!is_api(q)) {
        error_page(q, out, 403, v);
        return ES_OK;
    }
    const char *all = es_arena_fmt(es_req_arena(q), "%s %s", v.detail, v.said);
    return es_web_problem(out, 403, code_of_status(403), all ? all : v.detail);
}

enum es_code es_web_final(const struct es_req *q, struct es_resp *out)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_view_error v = {
        .title = es_t(l, ES_T("The results are final")),
        .detail = es_t(l, ES_T("Runs are no longer taken, taken back or "
                               "decided. Whoever finds a mistake writes to "
                               "those who hold this initiative.")),
        .said = "",
    };
    if (is_api(q))
        return es_web_problem(out, 409, "final", v.detail);
    error_page(q, out, 409, v);
    return ES_OK;
}

void es_web_error_page(const struct es_req *q, int status, struct es_resp *out)
{
    if (is_api(q))
        (void)es_web_problem(out, status, code_of_status(status), NULL);
    else
        error_page(q, out, status,
                   (struct es_view_error){ .retry_s = status == 503 ? 5 : 0 });
}

enum es_code es_web_too_often(const struct es_req *q, struct es_resp *out,
                              unsigned wait_s)
{
    char text[16];
    (void)snprintf(text, sizeof text, "%u", wait_s);
    es_resp_header(out, "Retry-After", text);
    if (is_api(q))
        return es_web_problem(out, 429, "too_often",
                              "Too many requests; see Retry-After.");
    error_page(q, out, 429, (struct es_view_error){ .retry_s = wait_s });
    return ES_OK;
}

static const char *later(const struct es_req *q, struct es_resp *out,
                         unsigned wait_s, const char *words)
{
    char text[16];
    struct es_buf b;
    (void)snprintf(text, sizeof text, "%u", wait_s);
    es_resp_header(out, "Retry-After", text);
    es_resp_status(out, 429);
    es_buf_init(&b, 128);
    es_buf_shown(&b, es_web_reader(q), es_duration((int64_t)wait_s * 1000));
    const char *said = es_t_fill(es_req_arena(q), words, es_buf_cstr(&b), NULL);
    es_buf_release(&b);
    return said;
}

const char *es_web_later(const struct es_req *q, struct es_resp *out,
                         unsigned wait_s)
{
    return later(
        q, out, wait_s,
        es_t(es_web_lang(q, NULL),
             ES_T("Very many people are coming from your network just now. "
                  "What you entered is kept: please send it again in {1}.")));
}

const char *es_web_later_files(const struct es_req *q, struct es_resp *out,
                               unsigned wait_s)
{
    return later(q, out, wait_s,
                 es_t(es_web_lang(q, NULL),
                      ES_T("You have sent very many files in a short time, so "
                           "this one was not taken. Please choose it again in "
                           "{1}.")));
}

uint64_t es_web_peer_number(const struct es_req *q)
{
    uint64_t v[2];
    memcpy(v, es_req_peer_key(q), sizeof v);
    return v[0] ^ (v[1] * 0x9e3779b97f4a7c15u);
}
