/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/statement.h"

#include "base/json.h"
#include "base/num.h"
#include "initiative/doc.h"

#include <jansson.h>
#include <string.h>

/* ---- reading ---- */

/* The first member without sense is latched. */
struct node {
    const json_t *o;
    struct es_arena *a;
    enum es_code *rc;
    struct es_err *e;
};

static const char *text(const struct node *n, const char *key)
{
    const json_t *v = json_object_get(n->o, key);
    const char *s = v ? json_string_value(v) : "";
    const char *copy = s ? es_arena_str(n->a, s) : NULL;
    if (!copy && *n->rc == ES_OK)
        *n->rc = es_fail(n->e, s ? ES_ENOMEM : ES_EMALFORMED, 0,
                         "statement: %s", key);
    return copy ? copy : "";
}

/* An id, as a string because JSON's numbers end at 53 bits; 0 when absent. */
static int64_t id(const struct node *n, const char *key)
{
    const json_t *v = json_object_get(n->o, key);
    int64_t out = 0;
    if (v &&
        (!json_is_string(v) ||
         !es_num_i64(es_bytes_str(json_string_value(v)), 1, INT64_MAX, &out)) &&
        *n->rc == ES_OK)
        *n->rc = es_fail(n->e, ES_EMALFORMED, 0, "statement: %s", key);
    return out;
}

static void figures(const struct node *n, struct es_statement_text *t)
{
    const json_t *v = json_object_get(n->o, "figures");
    size_t len = json_array_size(v);
    if (len > ES_STATEMENT_FIGURES) {
        *n->rc = es_fail(n->e, ES_EMALFORMED, 0, "statement: figures");
        return;
    }
    for (size_t i = 0; i < len; i++) {
        struct node one = { json_array_get(v, i), n->a, n->rc, n->e };
        t->figures[i] = (struct es_quoted_figure){
            .label = text(&one, "label"),
            .value = text(&one, "value"),
        };
    }
    t->n_figures = len;
}

enum es_code es_statement_read(const char *json, struct es_arena *a,
                               struct es_statement_text *out, struct es_err *e)
{
    struct es_statement_text t = { 0 };
    enum es_code rc = ES_OK;
    json_error_t je;
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &je);
    if (!json_is_object(root)) {
        json_decref(root);
        return es_fail(e, ES_EMALFORMED, 0, "statement: no JSON object");
    }
    const struct node n = { root, a, &rc, e };
    t.speaker = id(&n, "speaker");
    t.office = id(&n, "office");
    t.event = id(&n, "event");
    t.of = id(&n, "of");
    t.exact = json_is_true(json_object_get(root, "exact"));
    t.lang = text(&n, "lang");
    t.day = text(&n, "day");
    t.words = text(&n, "words");
    t.source = text(&n, "source");
    t.source_url = text(&n, "source_url");
    t.figures_from = text(&n, "figures_from");
    figures(&n, &t);
    json_decref(root);
    if (rc == ES_OK)
        *out = t;
    return rc;
}

/* ---- writing ---- */

/* What is empty is left out. */
void es_statement_write(const struct es_statement_text *t, struct es_buf *out)
{
    es_buf_str(out, "{");
    es_doc_put_id(out, "speaker", t->speaker);
    es_doc_put_id(out, "office", t->office);
    es_doc_put_id(out, "event", t->event);
    es_doc_put_id(out, "of", t->of);
    es_buf_json_b(out, "exact", t->exact);
    es_doc_put(out, "lang", t->lang);
    es_doc_put(out, "day", t->day);
    es_doc_put(out, "words", t->words);
    es_doc_put(out, "source", t->source);
    es_doc_put(out, "source_url", t->source_url);
    es_doc_put(out, "figures_from", t->figures_from);
    if (t->n_figures > 0) {
        es_buf_json_key(out, "figures");
        es_buf_str(out, "[");
        for (size_t i = 0; i < t->n_figures; i++) {
            es_buf_json_comma(out);
            es_buf_str(out, "{");
            es_buf_json_s(out, "label", t->figures[i].label);
            es_buf_json_s(out, "value", t->figures[i].value);
            es_buf_str(out, "}");
        }
        es_buf_str(out, "]");
    }
    es_buf_str(out, "}");
}
