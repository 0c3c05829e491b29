/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/rules.h"

#include "base/json.h"
#include "base/utf8.h"

#include <jansson.h>
#include <string.h>

static const char *const BASIS[] = { "elapsed", "timer", "moving" };

enum { DAY_MS = 86400000, HUNDRED_KM_MM = 100000000 };

struct es_rules es_rules_default(void)
{
    return (struct es_rules){
        .sports = { ES_SPORT_RUNNING, ES_SPORT_WALKING, ES_SPORT_HIKING },
        .n_sports = 3,
        .time_basis = ES_TIME_ELAPSED,
        .typed = true,
        .typed_max_mm = HUNDRED_KM_MM,
        .grace_ms = 7 * (int64_t)DAY_MS,
    };
}

static bool read_amount(const json_t *root, const char *key, int64_t *out)
{
    const json_t *v = json_object_get(root, key);
    if (!v)
        return true;
    if (!json_is_integer(v) || json_integer_value(v) < 0)
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

static bool read_sports(const json_t *root, struct es_rules *r)
{
    const json_t *list = json_object_get(root, "sports");
    if (!list)
        return true;
    if (!json_is_array(list) || json_array_size(list) > ES_RULE_SPORTS_MAX)
        return false;
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

static bool read_categories(const json_t *root, struct es_rules *r)
{
    const json_t *list = json_object_get(root, "categories");
    if (!list)
        return true;
    if (!json_is_array(list) || json_array_size(list) > ES_RULE_CATEGORIES_MAX)
        return false;
    r->n_categories = json_array_size(list);
    for (size_t i = 0; i < r->n_categories; i++) {
        const json_t *v = json_array_get(list, i);
        size_t n = json_string_length(v);
        if (n == 0 || n >= ES_RULE_CATEGORY_TEXT)
            return false;
        memcpy(r->categories[i], json_string_value(v), n);
        r->categories[i][n] = 0;
    }
    return true;
}

static bool read_basis(const json_t *root, struct es_rules *r)
{
    const json_t *v = json_object_get(root, "time");
    if (!v)
        return true;
    for (size_t i = 0; json_is_string(v) && i < 3; i++) {
        if (strcmp(json_string_value(v), BASIS[i]) == 0) {
            r->time_basis = (enum es_time_basis)i;
            return true;
        }
    }
    return false;
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
              read_categories(root, &r) && read_basis(root, &r) &&
              read_flag(root, "typed", &r.typed) &&
              read_flag(root, "typed_review", &r.typed_review) &&
              read_amount(root, "run_cap_mm", &r.run_cap_mm) &&
              read_amount(root, "typed_max_mm", &r.typed_max_mm) &&
              read_amount(root, "grace_ms", &r.grace_ms);
    json_decref(root);
    if (!ok)
        return es_fail(e, ES_EMALFORMED, 0, "rules: a member has no sense");
    *out = r;
    return ES_OK;
}

void es_rules_write(const struct es_rules *r, struct es_buf *out)
{
    es_buf_str(out, "{");
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
        es_buf_json_str(out, es_bytes_str(r->categories[i]));
    }
    es_buf_str(out, "]");
    es_buf_json_s(out, "time", BASIS[r->time_basis]);
    es_buf_json_b(out, "typed", r->typed);
    es_buf_json_b(out, "typed_review", r->typed_review);
    es_buf_json_i(out, "run_cap_mm", r->run_cap_mm);
    es_buf_json_i(out, "typed_max_mm", r->typed_max_mm);
    es_buf_json_i(out, "grace_ms", r->grace_ms);
    es_buf_str(out, "}");
}
