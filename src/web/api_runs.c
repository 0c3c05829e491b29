/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The API's runs: hand in, look, withdraw, appeal. */
#include "auth/secret.h"
#include "base/json.h"
#include "base/num.h"
#include "track/measure_json.h"
#include "web/record.h"
#include "web/review.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>

enum { KEY_MAX = 255 };

static const char *const STATUS[] = { "accepted", "in_review", "refused",
                                      "withdrawn" };
static const char *const KIND[] = { "file", "typed", "live" };

void es_web_receipt_json(const struct es_req *q, struct es_buf *b,
                         const struct es_receipt *r)
{
    const struct es_web *w = es_web_of(q);
    bool counts = r->run.status == ES_RUN_ACCEPTED;
    es_buf_json_id(b, "run", r->run.id);
    es_buf_json_s(b, "code", r->run.code);
    es_buf_json_s(b, "status", STATUS[r->run.status & 3]);
    es_buf_json_s(b, "kind", KIND[r->run.kind % 3]);
    es_buf_json_s(b, "provenance",
                  es_provenance_name((enum es_provenance)r->run.provenance));
    es_buf_json_t(b, "received_at", r->run.received_ms);
    es_findings_json(b, "findings", r->findings, r->n_findings);
    es_buf_json_key(b, "measure");
    es_buf_str(b, "{");
    es_measure_json(b, &r->measure);
    es_buf_str(b, "}");
    es_buf_json_n(b, "counted_m",
                  counts ? (double)r->run.counted_mm / 1000 : 0);
    es_buf_json_n(b, "counted_s", counts ? (double)r->run.time_ms / 1000 : 0);
    es_buf_json_n(b, "participant_total_m",
                  (double)r->participant_total_mm / 1000);
    es_buf_json_key(b, "url");
    es_buf_fmt(b, "\"%s/r/%s\"", w->origin, r->run.code);
}

/* sha256: of the file that was handed in, or NULL. */
static enum es_code receipt_answer(const struct es_req *q, struct es_resp *out,
                                   const struct es_receipt *r,
                                   const char *sha256)
{
    struct es_buf *b = es_web_json(out, r->repeated ? 200 : 201);
    es_web_receipt_json(q, b, r);
    if (sha256)
        es_buf_json_s(b, "sha256", sha256);
    es_web_json_end(b);
    return ES_OK;
}

/* Who it was stays with the initiative: a participant learns the role. */
static void step_json(struct es_buf *b, const struct es_step *s)
{
    static const char *const ROLES[ES_ROLES] = { "",         "operator",
                                                 "owner",    "editor",
                                                 "reviewer", "check_in" };
    bool theirs = s->what == ES_STEP_ANSWERED || s->what == ES_STEP_APPEALED ||
                  s->what == ES_STEP_WITHDRAWN;
    es_buf_json_comma(b);
    es_buf_str(b, "{");
    es_buf_json_id(b, "step", s->id);
    es_buf_json_s(b, "what", es_words_step_name(s->what));
    es_buf_json_s(b, "status", STATUS[s->status & 3]);
    es_buf_json_s(b, "by",
                  theirs       ? "participant"
                  : s->account ? "staff"
                               : "rules");
    if (s->account && s->role > 0 && s->role < ES_ROLES)
        es_buf_json_s(b, "role", ROLES[s->role]);
    if (*s->reason)
        es_buf_json_s(b, "reason", s->reason);
    if (*s->words)
        es_buf_json_s(b, "words", s->words);
    es_buf_json_i(b, "rules_version", s->rules_version);
    es_buf_json_t(b, "at", s->at_ms);
    es_buf_str(b, "}");
}

/* The receipt with what has happened to the run, and what can be done. */
static enum es_code story_answer(const struct es_req *q, struct es_resp *out,
                                 struct es_receipt *r, struct es_err *e)
{
    enum es_code rc =
        es_receipt_steps(es_web_of(q)->app, r, es_req_arena(q), e);
    if (rc != ES_OK)
        return rc;
    struct es_steps_state s = es_steps_state(r->steps, r->n_steps);
    struct es_buf *b = es_web_json(out, 200);
    es_web_receipt_json(q, b, r);
    es_buf_json_key(b, "steps");
    es_buf_str(b, "[");
    for (size_t i = 0; i < r->n_steps; i++)
        step_json(b, &r->steps[i]);
    es_buf_str(b, "]");
    es_buf_json_b(b, "can_appeal", r->run.status == ES_RUN_REFUSED && !s.final);
    es_buf_json_b(b, "asked", r->run.status == ES_RUN_IN_REVIEW && s.asked);
    es_web_json_end(b);
    return ES_OK;
}

int es_web_take_status(enum es_code rc)
{
    switch (rc) {
    case ES_EDENIED:
        return 409;
    case ES_EBUSY:
    case ES_EWORKER:
    case ES_ENOMEM:
    case ES_ETIMEOUT:
        return 503;
    case ES_ETOOLARGE:
        return 413;
    case ES_EIO:
    case ES_EINTERNAL:
        return 500;
    default:
        return 422;
    }
}

/* The file can't be used: what, where, what to do. */
static enum es_code file_problem(const struct es_req *q, struct es_resp *out,
                                 enum es_code rc, const struct es_err *e)
{
    const struct es_lang *l = es_web_speak(q, out, NULL);
    struct es_buf *b =
        es_web_problem_begin(out, es_web_take_status(rc), es_code_name(rc),
                             es_words_file_error(l, rc), e->msg);
    es_buf_json_i(b, "at", (int64_t)e->at);
    es_web_json_end(b);
    if (es_web_take_status(rc) == 503)
        es_resp_header(out, "Retry-After", "5");
    return ES_OK;
}

static enum es_code several(struct es_resp *out, const struct es_taken *t)
{
    struct es_buf *b = es_web_problem_begin(
        out, 422, "several_activities", "several_activities",
        "The file holds several activities: send it again with ?activity=N.");
    es_buf_json_key(b, "activities");
    es_buf_str(b, "[");
    for (size_t i = 0; i < t->n_offers; i++) {
        const struct es_offer *o = &t->offers[i];
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_buf_json_i(b, "activity", o->activity);
        es_buf_json_s(b, "member", o->member);
        if (o->code == ES_OK) {
            es_buf_json_s(b, "sport", es_sport_name(o->m.sport));
            es_buf_json_t(b, "started_at", o->m.started_ms);
            es_buf_json_n(b, "distance_m", o->m.dist_m);
            es_buf_json_n(b, "elapsed_s", o->m.counted_s);
        } else {
            es_buf_json_s(b, "error", es_code_name(o->code));
        }
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
    es_web_json_end(b);
    return ES_OK;
}

static enum es_code key_reused(struct es_resp *out)
{
    return es_web_problem(out, 422, "idempotency_key_reused",
                          "This Idempotency-Key came with another body.");
}

/* SHA-256 of the body, which es_runs_take has sealed. */
static enum es_code hash_body(int fd, size_t n, char out[ES_SHA256_HEX],
                              struct es_err *e)
{
    void *p = mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        return es_fail(e, ES_ENOMEM, 0, "can't map the upload");
    es_sha256_hex((struct es_bytes){ p, n }, out);
    munmap(p, n);
    return ES_OK;
}

enum es_code es_web_take_file(const struct es_req *q, struct es_resp *out,
                              const char *key, const char *recording,
                              struct es_err *e)
{
    struct es_taken got = { 0 };
    char sha256[ES_SHA256_HEX];
    struct es_take t = {
        .who = &es_web_who(q)->p,
        .activity = ES_TAKE_ONLY,
        .idempotency_key = key,
        .recording = recording,
    };
    const char *activity = es_req_query(q, "activity");
    if (activity &&
        !es_num_i64(es_bytes_str(activity), 0, INT32_MAX, &t.activity))
        return es_web_problem(out, 400, "bad_activity",
                              "activity is a number from 0.");
    t.fd = es_req_body_fd(q, &t.size);
    if (t.fd < 0 || t.size == 0) {
        (void)es_fail(e, ES_EEMPTY, 0, "the file is empty");
        return file_problem(q, out, ES_EEMPTY, e);
    }
    enum es_code rc =
        es_runs_take(es_web_of(q)->app, &t, es_req_arena(q), &got, e);
    if (rc == ES_ECONFLICT)
        return several(out, &got);
    if (rc == ES_EEXIST)
        return key_reused(out);
    if (rc == ES_ENOENT)
        return es_web_problem(out, 422, "no_such_activity", e->msg);
    if (rc != ES_OK && es_web_take_status(rc) != 500)
        return file_problem(q, out, rc, e);
    if (rc == ES_OK)
        rc = hash_body(t.fd, t.size, sha256, e);
    if (rc != ES_OK)
        return rc;
    return receipt_answer(q, out, &got.receipts[0], sha256);
}

static double number_of(const json_t *root, const char *key,
                        struct es_field_errors *fe)
{
    const json_t *v = json_object_get(root, key);
    if (!v || json_is_null(v))
        return NAN;
    if (json_is_number(v))
        return json_number_value(v);
    es_field_errors_add(fe, key, "invalid", NAN);
    return NAN;
}

static const char *string_of(const json_t *root, const char *key,
                             struct es_field_errors *fe)
{
    const json_t *v = json_object_get(root, key);
    if (!v || json_is_null(v))
        return NULL;
    if (json_is_string(v) &&
        strlen(json_string_value(v)) == json_string_length(v))
        return json_string_value(v);
    es_field_errors_add(fe, key, "invalid", NAN);
    return NULL;
}

static enum es_code typed_from_json(const struct es_req *q, struct es_resp *out,
                                    const json_t *root, const char *key,
                                    struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_receipt r;
    struct es_typed t = { .started_ms = ES_NO_TIME, .idempotency_key = key };
    const char *start = string_of(root, "started_at", &fe);
    if (start && !es_time_parse(es_bytes_str(start), &t.started_ms))
        es_field_errors_add(&fe, "started_at", "invalid", NAN);
    t.dist_m = number_of(root, "distance_m", &fe);
    t.elapsed_s = number_of(root, "elapsed_s", &fe);
    t.sport = string_of(root, "sport", &fe);
    t.note = string_of(root, "note", &fe);
    if (fe.n)
        return es_web_problem_fields(q, out, &fe);
    es_hash(es_req_body(q), t.body_hash);
    enum es_code rc = es_runs_type_in(es_web_of(q)->app, &es_web_who(q)->p, &t,
                                      es_req_arena(q), &r, &fe, e);
    if (rc == ES_EINVAL)
        return es_web_problem_fields(q, out, &fe);
    if (rc == ES_EEXIST)
        return key_reused(out);
    if (rc == ES_EDENIED)
        return es_web_problem(out, 409, "final", "The results are final.");
    return rc == ES_OK ? receipt_answer(q, out, &r, NULL) : rc;
}

static enum es_code take_typed(const struct es_req *q, struct es_resp *out,
                               const char *key, struct es_err *e)
{
    json_error_t je;
    struct es_bytes body = es_req_body(q);
    json_t *root =
        json_loadb((const char *)body.p, body.n, JSON_REJECT_DUPLICATES, &je);
    enum es_code rc;
    if (!json_is_object(root))
        rc = es_web_problem(out, 400, "bad_json",
                            root ? "The body is not a JSON object." : je.text);
    else
        rc = typed_from_json(q, out, root, key, e);
    json_decref(root);
    return rc;
}

unsigned es_web_upload_wait(const struct es_req *q)
{
    return es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_UPLOAD,
                         (uint64_t)es_web_who(q)->p.id, es_time_mono_ms());
}

/* POST /api/v1/runs: a file, or JSON for a typed-in run. */
static enum es_code api_run_add(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    const char *key = es_req_header(q, "Idempotency-Key");
    if (key && (!*key || strlen(key) > KEY_MAX))
        return es_web_problem(out, 400, "bad_idempotency_key",
                              "Idempotency-Key has 1 to 255 characters.");
    unsigned wait_s = es_web_upload_wait(q);
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    return es_req_body(q).p ? take_typed(q, out, key, e)
                            : es_web_take_file(q, out, key, NULL, e);
}

/* GET /api/v1/runs/{run} */
static enum es_code api_run(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_run run;
    struct es_receipt r;
    enum es_code rc = es_web_own_run(q, &run, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, NULL);
    if (rc == ES_OK)
        rc = es_receipt_of(es_web_of(q)->app, &run, es_req_arena(q), &r, e);
    return rc == ES_OK ? story_answer(q, out, &r, e) : rc;
}

/* DELETE /api/v1/runs/{run} */
static enum es_code api_run_withdraw(const struct es_req *q,
                                     struct es_resp *out, struct es_err *e)
{
    struct es_run run;
    struct es_receipt r;
    enum es_code rc = es_web_own_run(q, &run, e);
    if (rc == ES_OK)
        rc = es_runs_withdraw(es_web_of(q)->app, &es_web_who(q)->p, run.id,
                              es_req_arena(q), &r, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, NULL);
    return rc == ES_OK ? story_answer(q, out, &r, e) : rc;
}

typedef enum es_code say_fn(struct es_app *app,
                            const struct es_participant *who, int64_t run,
                            const char *words, struct es_arena *a,
                            struct es_receipt *out, struct es_field_errors *fe,
                            struct es_err *e);

/* {words} about a run of theirs; `late` is the problem when it is too late. */
static enum es_code say(const struct es_req *q, struct es_resp *out, say_fn *fn,
                        const char *late, struct es_err *e)
{
    struct es_run run;
    struct es_receipt r;
    json_error_t je;
    struct es_bytes body = es_req_body(q);
    struct es_field_errors fe = { 0 };
    enum es_code rc = es_web_own_run(q, &run, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, NULL);
    if (rc != ES_OK)
        return rc;
    json_t *root =
        json_loadb((const char *)body.p, body.n, JSON_REJECT_DUPLICATES, &je);
    const char *words = string_of(root, "words", &fe);
    if (!json_is_object(root) || fe.n) {
        json_decref(root);
        return fe.n ? es_web_problem_fields(q, out, &fe)
                    : es_web_problem(out, 400, "bad_json",
                                     "The body is not a JSON object.");
    }
    rc = fn(es_web_of(q)->app, &es_web_who(q)->p, run.id, words,
            es_req_arena(q), &r, &fe, e);
    json_decref(root);
    if (rc == ES_EINVAL)
        return es_web_problem_fields(q, out, &fe);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, NULL);
    if (rc == ES_ECONFLICT)
        return es_web_problem(out, 409, late, e->msg);
    return rc == ES_OK ? story_answer(q, out, &r, e) : rc;
}

/* POST /api/v1/runs/{run}/appeal {words} */
static enum es_code api_run_appeal(const struct es_req *q, struct es_resp *out,
                                   struct es_err *e)
{
    return say(q, out, es_runs_appeal, "not_refused", e);
}

/* POST /api/v1/runs/{run}/answer {words} */
static enum es_code api_run_answer(const struct es_req *q, struct es_resp *out,
                                   struct es_err *e)
{
    return say(q, out, es_runs_answer, "not_asked", e);
}

static const struct es_route ROUTES[] = {
    { ES_POST, "/api/v1/runs", ES_BODY_RAW, ES_WEB_TOKEN, api_run_add },
    { ES_GET, "/api/v1/runs/{run}", ES_BODY_NONE, ES_WEB_TOKEN, api_run },
    { ES_DELETE, "/api/v1/runs/{run}", ES_BODY_NONE, ES_WEB_TOKEN,
      api_run_withdraw },
    { ES_POST, "/api/v1/runs/{run}/appeal", ES_BODY_JSON, ES_WEB_TOKEN,
      api_run_appeal },
    { ES_POST, "/api/v1/runs/{run}/answer", ES_BODY_JSON, ES_WEB_TOKEN,
      api_run_answer },
};
const struct es_routes ES_ROUTES_API_RUNS = { ROUTES,
                                              sizeof ROUTES / sizeof *ROUTES };
