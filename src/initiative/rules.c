/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/rules.h"

#include "base/json.h"
#include "base/utf8.h"

#include <jansson.h>
#include <string.h>

static const char *const BASIS[] = { "elapsed", "timer", "moving" };
static const char *const WINDOW[] = { "zone", "local" };
static const char *const COUNT[] = { "every", "first", "longest" };
static const char *const PROOF[] = { "none", "picture", "person" };

enum { DAY_MS = 86400000, HUNDRED_KM_MM = 100000000 };

struct es_rules es_rules_default(void)
{
    return (struct es_rules){
        .sports = { ES_SPORT_RUNNING, ES_SPORT_WALKING, ES_SPORT_HIKING },
        .n_sports = 3,
        .time_basis = ES_TIME_ELAPSED,
        .tolerance_bp = 100,
        .typed = true,
        .treadmill = true,
        .typed_max_mm = HUNDRED_KM_MM,
        .grace_ms = 7 * (int64_t)DAY_MS,
    };
}

bool es_rules_share(const struct es_rules *r)
{
    return r->day_cap_mm > 0 || r->count != ES_COUNT_EVERY;
}

const struct es_category *es_category_of(const struct es_rules *r,
                                         const char *name)
{
    for (size_t i = 0; i < r->n_categories; i++)
        if (strcmp(r->categories[i].name, name) == 0)
            return &r->categories[i];
    return NULL;
}

/* ---- reading ---- */

static bool read_amount(const json_t *root, const char *key, int64_t max,
                        int64_t *out)
{
    const json_t *v = json_object_get(root, key);
    if (!v)
        return true;
    if (!json_is_integer(v) || json_integer_value(v) < 0 ||
        json_integer_value(v) > max)
        return false;
    *out = json_integer_value(v);
    return true;
}

static bool read_flag(const json_t *root, const char *key, bool *out)
{
    const json_t *v = json_object_get(root, key);
    if (!v)
        return true;
    if (!json_is_boolean(v))
        return false;
    *out = json_is_true(v);
    return true;
}

/* One of n words, as its place among them. */
static bool read_word(const json_t *root, const char *key,
                      const char *const *words, size_t n, int *out)
{
    const json_t *v = json_object_get(root, key);
    if (!v)
        return true;
    for (size_t i = 0; json_is_string(v) && i < n; i++) {
        if (strcmp(json_string_value(v), words[i]) == 0) {
            *out = (int)i;
            return true;
        }
    }
    return false;
}

static bool read_sports(const json_t *root, struct es_rules *r)
{
    const json_t *list = json_object_get(root, "sports");
    if (!list)
        return true;
    if (!json_is_array(list) || json_array_size(list) > ES_RULE_SPORTS_MAX)
        return false;
    memset(r->sports, 0, sizeof r->sports);
    r->n_sports = json_array_size(list);
    for (size_t i = 0; i < r->n_sports; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (!name)
            return false;
        r->sports[i] = es_sport_of(es_bytes_str(name));
        if (strcmp(es_sport_name(r->sports[i]), name) != 0)
            return false;
    }
    return true;
}

/* A name alone was a category before they had distances. */
static bool read_category(const json_t *v, struct es_category *out)
{
    const json_t *name = json_is_object(v) ? json_object_get(v, "name") : v;
    size_t n = json_string_length(name);
    if (n == 0 || n >= ES_RULE_CATEGORY_TEXT)
        return false;
    memcpy(out->name, json_string_value(name), n);
    return !json_is_object(v) ||
           read_amount(v, "dist_mm", ES_RULE_DIST_MAX_MM, &out->dist_mm);
}

static bool read_categories(const json_t *root, struct es_rules *r)
{
    const json_t *list = json_object_get(root, "categories");
    if (!list)
        return true;
    if (!json_is_array(list) || json_array_size(list) > ES_RULE_CATEGORIES_MAX)
        return false;
    r->n_categories = json_array_size(list);
    for (size_t i = 0; i < r->n_categories; i++)
        if (!read_category(json_array_get(list, i), &r->categories[i]))
            return false;
    return true;
}

static bool read_choices(const json_t *root, struct es_rules *r)
{
    int window = (int)r->window, count = (int)r->count,
        basis = (int)r->time_basis, typed = (int)r->typed_proof,
        treadmill = (int)r->treadmill_proof;
    bool looked_at = false; /* before evidence had kinds */
    bool ok = read_word(root, "window", WINDOW, 2, &window) &&
              read_word(root, "count", COUNT, 3, &count) &&
              read_word(root, "time", BASIS, 3, &basis) &&
              read_flag(root, "typed_review", &looked_at);
    if (looked_at)
        typed = ES_PROOF_PERSON;
    ok = ok && read_word(root, "typed_proof", PROOF, 3, &typed) &&
         read_word(root, "treadmill_proof", PROOF, 3, &treadmill);
    r->window = (enum es_window)window;
    r->count = (enum es_runs_count)count;
    r->time_basis = (enum es_time_basis)basis;
    r->typed_proof = (enum es_proof)typed;
    r->treadmill_proof = (enum es_proof)treadmill;
    return ok;
}

static bool read_amounts(const json_t *root, struct es_rules *r)
{
    const int64_t dist = ES_RULE_DIST_MAX_MM;
    int64_t tolerance_bp = r->tolerance_bp;
    bool ok = read_amount(root, "tolerance_bp", ES_RULE_TOLERANCE_MAX_BP,
                          &tolerance_bp) &&
              read_amount(root, "run_cap_mm", dist, &r->run_cap_mm) &&
              read_amount(root, "day_cap_mm", dist, &r->day_cap_mm) &&
              read_amount(root, "typed_max_mm", dist, &r->typed_max_mm) &&
              read_amount(root, "review_over_mm", dist, &r->review_over_mm) &&
              read_amount(root, "review_pace_ms", ES_RULE_PACE_MAX_MS,
                          &r->review_pace_ms) &&
              read_amount(root, "grace_ms", ES_RULE_GRACE_MAX_MS, &r->grace_ms);
    r->tolerance_bp = (int32_t)tolerance_bp;
    return ok;
}

enum es_code es_rules_read(const char *json, struct es_rules *out,
                           struct es_err *e)
{
    struct es_rules r = es_rules_default();
    json_error_t je;
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &je);
    if (!root)
        return es_fail(e, ES_EMALFORMED, (size_t)je.position, "rules: %s",
                       je.text);
    bool ok = json_is_object(root) && read_sports(root, &r) &&
              read_categories(root, &r) && read_choices(root, &r) &&
              read_flag(root, "typed", &r.typed) &&
              read_flag(root, "treadmill", &r.treadmill) &&
              read_amounts(root, &r);
    json_decref(root);
    if (!ok)
        return es_fail(e, ES_EMALFORMED, 0, "rules: a member has no sense");
    *out = r;
    return ES_OK;
}

/* ---- writing ---- */

static void write_lists(const struct es_rules *r, struct es_buf *out)
{
    es_buf_json_key(out, "sports");
    es_buf_str(out, "[");
    for (size_t i = 0; i < r->n_sports; i++) {
        es_buf_json_comma(out);
        es_buf_json_str(out, es_bytes_str(es_sport_name(r->sports[i])));
    }
    es_buf_str(out, "]");
    es_buf_json_key(out, "categories");
    es_buf_str(out, "[");
    for (size_t i = 0; i < r->n_categories; i++) {
        es_buf_json_comma(out);
        es_buf_str(out, "{");
        es_buf_json_s(out, "name", r->categories[i].name);
        es_buf_json_i(out, "dist_mm", r->categories[i].dist_mm);
        es_buf_str(out, "}");
    }
    es_buf_str(out, "]");
}

void es_rules_write(const struct es_rules *r, struct es_buf *out)
{
    es_buf_str(out, "{");
    write_lists(r, out);
    es_buf_json_s(out, "window", WINDOW[r->window]);
    es_buf_json_s(out, "count", COUNT[r->count]);
    es_buf_json_s(out, "time", BASIS[r->time_basis]);
    es_buf_json_i(out, "tolerance_bp", r->tolerance_bp);
    es_buf_json_i(out, "run_cap_mm", r->run_cap_mm);
    es_buf_json_i(out, "day_cap_mm", r->day_cap_mm);
    es_buf_json_b(out, "typed", r->typed);
    es_buf_json_s(out, "typed_proof", PROOF[r->typed_proof]);
    es_buf_json_i(out, "typed_max_mm", r->typed_max_mm);
    es_buf_json_b(out, "treadmill", r->treadmill);
    es_buf_json_s(out, "treadmill_proof", PROOF[r->treadmill_proof]);
    es_buf_json_i(out, "review_over_mm", r->review_over_mm);
    es_buf_json_i(out, "review_pace_ms", r->review_pace_ms);
    es_buf_json_i(out, "grace_ms", r->grace_ms);
    es_buf_str(out, "}");
}
