/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/doc.h"

#include "base/address.h"
#include "base/json.h"
#include "base/num.h"
#include "base/utf8.h"
#include "i18n/i18n.h"

#include <jansson.h>
#include <string.h>

enum { LANG_MAX = 35 };

struct es_node es_doc_open(struct es_doc *doc, const char *json)
{
    json_error_t je;
    doc->rc = ES_OK;
    doc->root = NULL;
    if (strlen(json) > doc->max)
        doc->rc =
            es_fail(doc->e, ES_EMALFORMED, doc->max, "%s: too long", doc->name);
    else
        doc->root = json_loads(json, JSON_REJECT_DUPLICATES, &je);
    if (doc->rc == ES_OK && !json_is_object((json_t *)doc->root))
        doc->rc =
            es_fail(doc->e, ES_EMALFORMED, 0, "%s: no JSON object", doc->name);
    return (struct es_node){ .o = doc->rc == ES_OK ? doc->root : NULL,
                             .doc = doc };
}

enum es_code es_doc_close(struct es_doc *doc)
{
    json_decref(doc->root);
    doc->root = NULL;
    return doc->rc;
}

void es_node_refuse(const struct es_node *n, const char *key)
{
    struct es_doc *d = n->doc;
    if (d->rc == ES_OK)
        d->rc =
            es_fail(d->e, ES_EMALFORMED, 0, "%s: %s%s", d->name, n->where, key);
}

static const json_t *member(const struct es_node *n, const char *key)
{
    return json_object_get(n->o, key);
}

static const char *keep(const struct es_node *n, const char *s)
{
    struct es_doc *d = n->doc;
    const char *copy = es_arena_str(d->a, s);
    if (!copy && d->rc == ES_OK)
        d->rc = es_fail(d->e, ES_ENOMEM, 0, "no memory for the %s", d->name);
    return copy ? copy : "";
}

const char *es_node_words(const struct es_node *n, const char *key, size_t max,
                          unsigned how)
{
    const json_t *v = member(n, key);
    struct es_buf nfc;
    struct es_buf clean;
    const char *out = "";
    if (v && !json_is_string(v)) {
        es_node_refuse(n, key);
        return out;
    }
    if (!v && !(how & ES_NODE_REQUIRED))
        return out;
    es_buf_init(&nfc, n->doc->max * 3);
    es_buf_init(&clean, n->doc->max * 3);
    if (!es_text_nfc(&nfc, es_bytes_str(v ? json_string_value(v) : "")))
        nfc.bad = true;
    es_text_clean(&clean, es_buf_bytes(&nfc), how & ES_NODE_LINES);
    bool seen = es_text_visible(es_buf_bytes(&clean));
    if (nfc.bad || clean.bad || es_utf8_count(es_buf_bytes(&clean)) > max ||
        ((how & ES_NODE_REQUIRED) && !seen))
        es_node_refuse(n, key);
    else if (seen)
        out = keep(n, es_buf_cstr(&clean));
    es_buf_release(&nfc);
    es_buf_release(&clean);
    return out;
}

const char *es_node_address(const struct es_node *n, const char *key,
                            unsigned how)
{
    const json_t *v = member(n, key);
    const char *s = v ? json_string_value(v) : "";
    if (!s || (*s && !es_address_ok(s)) || (!*s && (how & ES_NODE_REQUIRED))) {
        es_node_refuse(n, key);
        return "";
    }
    return *s ? keep(n, s) : "";
}

const char *es_node_colour(const struct es_node *n, const char *key)
{
    const json_t *v = member(n, key);
    const char *s = v ? json_string_value(v) : "";
    if (s && !*s)
        return "";
    if (!s || s[0] != '#' || strlen(s) != 7 ||
        strspn(s + 1, "0123456789abcdefABCDEF") != 6) {
        es_node_refuse(n, key);
        return "";
    }
    return keep(n, s);
}

const char *es_node_tag(const struct es_node *n, const char *key)
{
    const char *s = json_string_value(member(n, key));
    size_t len = s ? strlen(s) : 0;
    if (len < 2 || len > LANG_MAX ||
        strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                  "0123456789-") != len) {
        es_node_refuse(n, key);
        return "";
    }
    return keep(n, s);
}

int64_t es_node_id(const struct es_node *n, const char *key, unsigned how)
{
    const json_t *v = member(n, key);
    int64_t id = 0;
    if (!v && !(how & ES_NODE_REQUIRED))
        return 0;
    if (!json_is_string(v) ||
        !es_num_i64(es_bytes_str(json_string_value(v)), 1, INT64_MAX, &id))
        es_node_refuse(n, key);
    return id;
}

int64_t es_node_int(const struct es_node *n, const char *key, int64_t min,
                    int64_t max, int64_t none)
{
    const json_t *v = member(n, key);
    int64_t i = json_integer_value(v);
    if (!v)
        return none;
    if (json_is_integer(v) && i >= min && i <= max)
        return i;
    es_node_refuse(n, key);
    return none;
}

bool es_node_flag(const struct es_node *n, const char *key)
{
    const json_t *v = member(n, key);
    if (v && !json_is_boolean(v))
        es_node_refuse(n, key);
    return json_is_true(v);
}

size_t es_node_one_of(const struct es_node *n, const char *key,
                      const char *const *words, size_t n_words)
{
    const char *s = json_string_value(member(n, key));
    for (size_t i = 0; s && i < n_words; i++)
        if (strcmp(s, words[i]) == 0)
            return i;
    es_node_refuse(n, key);
    return 0;
}

bool es_node_enter(const struct es_node *n, const char *key,
                   struct es_node *out)
{
    const json_t *v = member(n, key);
    if (!v)
        return false;
    if (!json_is_object(v))
        es_node_refuse(n, key);
    *out = *n;
    out->o = v;
    (void)snprintf(out->where, sizeof out->where, "%.20s%.30s.", n->where, key);
    return json_is_object(v);
}

size_t es_node_list(const struct es_node *n, const char *key, size_t max)
{
    const json_t *v = member(n, key);
    size_t len = json_array_size(v);
    if (v && (!json_is_array(v) || len > max))
        es_node_refuse(n, key);
    for (size_t i = 0; i < len; i++)
        if (!json_is_object(json_array_get(v, i)))
            es_node_refuse(n, key);
    return n->doc->rc == ES_OK ? len : 0;
}

struct es_node es_node_nth(const struct es_node *n, const char *key, size_t i)
{
    struct es_node out = *n;
    out.o = json_array_get(member(n, key), i);
    (void)snprintf(out.where, sizeof out.where, "%.20s%.16s[%zu].", n->where,
                   key, i);
    return out;
}

void es_doc_put(struct es_buf *b, const char *key, const char *value)
{
    if (*value)
        es_buf_json_s(b, key, value);
}

void es_doc_put_id(struct es_buf *b, const char *key, int64_t id)
{
    if (id != 0)
        es_buf_json_id(b, key, id);
}
