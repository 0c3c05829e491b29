/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/many.h"

#include "base/json.h"

#include <jansson.h>
#include <string.h>

enum { TAG_MAX = 35 };

static bool tag_ok(const char *s)
{
    size_t n = strlen(s);
    return n >= 2 && n <= TAG_MAX &&
           strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789-") == n;
}

enum es_code es_many_read(const char *json, struct es_arena *a,
                          struct es_many *out, struct es_err *e)
{
    struct es_many m = { .n = 0 };
    json_error_t je;
    enum es_code rc = ES_OK;
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &je);
    size_t n = json_array_size(root);
    if (!json_is_array(root) || n > ES_MANY_MAX)
        rc = es_fail(e, ES_EMALFORMED, 0, "names: no list");
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        const json_t *o = json_array_get(root, i);
        const char *lang = json_string_value(json_object_get(o, "lang"));
        const char *text = json_string_value(json_object_get(o, "text"));
        if (!lang || !text || !*text || !tag_ok(lang)) {
            rc = es_fail(e, ES_EMALFORMED, 0, "names[%zu]", i);
            break;
        }
        m.v[i].lang = es_arena_str(a, lang);
        m.v[i].text = es_arena_str(a, text);
        if (!m.v[i].lang || !m.v[i].text)
            rc = es_fail(e, ES_ENOMEM, 0, "names");
        m.n++;
    }
    json_decref(root);
    if (rc == ES_OK)
        *out = m;
    return rc;
}

void es_many_write(const struct es_many *m, struct es_buf *out)
{
    es_buf_str(out, "[");
    for (size_t i = 0; i < m->n; i++) {
        es_buf_json_comma(out);
        es_buf_str(out, "{");
        es_buf_json_s(out, "lang", m->v[i].lang);
        es_buf_json_s(out, "text", m->v[i].text);
        es_buf_str(out, "}");
    }
    es_buf_str(out, "]");
}

const char *es_many_json(const struct es_many *m, struct es_arena *a)
{
    struct es_buf b;
    es_buf_init(&b, ES_MANY_BYTES);
    es_many_write(m, &b);
    const char *s = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return s;
}

static size_t find(const struct es_many *m, const char *lang)
{
    size_t i = 0;
    while (i < m->n && strcmp(m->v[i].lang, lang) != 0)
        i++;
    return i;
}

const char *es_many_in(const struct es_many *m, const char *lang)
{
    size_t i = find(m, lang);
    return i < m->n ? m->v[i].text : "";
}

bool es_many_put(struct es_many *m, const char *lang, const char *text)
{
    size_t i = find(m, lang);
    if (*text) {
        if (i == ES_MANY_MAX)
            return false;
        m->v[i].lang = lang;
        m->v[i].text = text;
        m->n += i == m->n;
    } else if (i < m->n) {
        m->n--;
        memmove(m->v + i, m->v + i + 1, (m->n - i) * sizeof *m->v);
    }
    return true;
}

struct es_many_told es_many_tell(const struct es_many *m, const char *lang)
{
    size_t i = find(m, lang);
    if (i == m->n)
        i = 0;
    return m->n ? (struct es_many_told){ m->v[i].text, m->v[i].lang }
                : (struct es_many_told){ "", "" };
}

struct es_many_told es_many_tell_json(const char *json, const char *lang,
                                      struct es_arena *a)
{
    struct es_many m;
    return es_many_read(json, a, &m, NULL) == ES_OK
               ? es_many_tell(&m, lang)
               : (struct es_many_told){ "", "" };
}
