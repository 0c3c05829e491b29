/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/tally.h"

#include "base/json.h"

#include <jansson.h>

void es_tally_add(struct es_tally *t, const struct es_touched *run, bool other)
{
    int64_t mm = run->to_mm - run->from_mm;
    t->runs++;
    if (!other)
        return;
    t->touched++;
    t->moved[run->from][run->to]++;
    if (mm > 0)
        t->gained_mm += mm;
    else
        t->lost_mm -= mm;
    if (t->n_first < ES_TOUCHED_MAX)
        t->first[t->n_first++] = *run;
}

/* ---- JSON ---- */

static bool read_amount(const json_t *root, const char *key, int64_t *out)
{
    const json_t *v = json_object_get(root, key);
    if (v && (!json_is_integer(v) || json_integer_value(v) < 0))
        return false;
    *out = json_integer_value(v);
    return true;
}

static bool read_state(const json_t *root, const char *key, int32_t *out)
{
    int64_t v = 0;
    if (!read_amount(root, key, &v) || v >= ES_TALLY_STATES)
        return false;
    *out = (int32_t)v;
    return true;
}

static bool read_moved(const json_t *root, struct es_tally *t)
{
    const json_t *list = json_object_get(root, "moved");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *v = json_array_get(list, i);
        if (i >= ES_TALLY_STATES * ES_TALLY_STATES || !json_is_integer(v) ||
            json_integer_value(v) < 0)
            return false;
        t->moved[i / ES_TALLY_STATES][i % ES_TALLY_STATES] =
            json_integer_value(v);
    }
    return true;
}

static bool read_first(const json_t *root, struct es_tally *t)
{
    const json_t *list = json_object_get(root, "first");
    if (json_array_size(list) > ES_TOUCHED_MAX)
        return false;
    t->n_first = json_array_size(list);
    for (size_t i = 0; i < t->n_first; i++) {
        const json_t *v = json_array_get(list, i);
        struct es_touched *x = &t->first[i];
        if (!read_amount(v, "run", &x->run) ||
            !read_amount(v, "participant", &x->participant) ||
            !read_state(v, "from", &x->from) || !read_state(v, "to", &x->to) ||
            !read_amount(v, "from_mm", &x->from_mm) ||
            !read_amount(v, "to_mm", &x->to_mm))
            return false;
    }
    return true;
}

enum es_code es_tally_read(const char *json, struct es_tally *out,
                           struct es_err *e)
{
    struct es_tally t = { 0 };
    json_error_t je;
    if (!*json) {
        *out = t;
        return ES_OK;
    }
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &je);
    bool ok = json_is_object(root) && read_amount(root, "all", &t.all) &&
              read_amount(root, "runs", &t.runs) &&
              read_amount(root, "touched", &t.touched) &&
              read_amount(root, "gained_mm", &t.gained_mm) &&
              read_amount(root, "lost_mm", &t.lost_mm) &&
              read_moved(root, &t) && read_first(root, &t);
    json_decref(root);
    if (!ok)
        return es_fail(e, ES_EMALFORMED, 0, "a tally has no sense");
    *out = t;
    return ES_OK;
}

static void write_touched(const struct es_touched *x, struct es_buf *out)
{
    es_buf_json_comma(out);
    es_buf_str(out, "{");
    es_buf_json_i(out, "run", x->run);
    es_buf_json_i(out, "participant", x->participant);
    es_buf_json_i(out, "from", x->from);
    es_buf_json_i(out, "to", x->to);
    es_buf_json_i(out, "from_mm", x->from_mm);
    es_buf_json_i(out, "to_mm", x->to_mm);
    es_buf_str(out, "}");
}

void es_tally_write(const struct es_tally *t, struct es_buf *out)
{
    es_buf_str(out, "{");
    es_buf_json_i(out, "all", t->all);
    es_buf_json_i(out, "runs", t->runs);
    es_buf_json_i(out, "touched", t->touched);
    es_buf_json_i(out, "gained_mm", t->gained_mm);
    es_buf_json_i(out, "lost_mm", t->lost_mm);
    es_buf_json_key(out, "moved");
    es_buf_str(out, "[");
    for (size_t i = 0; i < ES_TALLY_STATES * ES_TALLY_STATES; i++)
        es_buf_fmt(
            out, "%s%lld", i ? "," : "",
            (long long)t->moved[i / ES_TALLY_STATES][i % ES_TALLY_STATES]);
    es_buf_str(out, "]");
    es_buf_json_key(out, "first");
    es_buf_str(out, "[");
    for (size_t i = 0; i < t->n_first; i++)
        write_touched(&t->first[i], out);
    es_buf_str(out, "]}");
}
