/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/texts.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "initiative/edited.h"

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

/* One text of a language; false when it can't be one. */
static bool member(const json_t *o, const char *key, size_t max, bool lines,
                   struct es_arena *a, const char **out)
{
    const json_t *v = json_object_get(o, key);
    *out = "";
    if (!v)
        return true;
    if (!json_is_string(v) || json_string_length(v) > ES_PROSE_MAX)
        return false;
    *out = es_edit_words(a, json_string_value(v), lines);
    return *out && (lines || es_utf8_count(es_bytes_str(*out)) <= max);
}

static bool read_one(const char *lang, const json_t *o, struct es_arena *a,
                     struct es_text *t)
{
    t->lang = es_arena_str(a, lang);
    return t->lang && tag_ok(lang) && json_is_object(o) &&
           member(o, "title", ES_TITLE_MAX, false, a, &t->title) &&
           member(o, "purpose", ES_PROSE_MAX, true, a, &t->purpose) &&
           member(o, "holder", ES_FACE_LABEL, false, a, &t->holder);
}

enum es_code es_texts_read(const char *json, struct es_arena *a,
                           struct es_texts *out, struct es_err *e)
{
    struct es_texts t = { .n = 0 };
    json_error_t je;
    const char *lang;
    json_t *o;
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &je);
    bool ok = json_is_object(root);
    if (ok)
        json_object_foreach(root, lang, o)
        {
            struct es_text one;
            if (t.n == ES_TEXTS_LANGS || !read_one(lang, o, a, &one)) {
                ok = false;
                break;
            }
            if (*one.title || *one.purpose || *one.holder)
                t.v[t.n++] = one;
        }
    json_decref(root);
    if (!ok)
        return es_fail(e, ES_EMALFORMED, 0, "texts: a language has no sense");
    *out = t;
    return ES_OK;
}

static void put(struct es_buf *b, const char *key, const char *value)
{
    if (*value)
        es_buf_json_s(b, key, value);
}

void es_texts_write(const struct es_texts *t, struct es_buf *out)
{
    es_buf_str(out, "{");
    for (size_t i = 0; i < t->n; i++) {
        const struct es_text *v = &t->v[i];
        if (!*v->title && !*v->purpose && !*v->holder)
            continue;
        es_buf_json_key(out, v->lang);
        es_buf_str(out, "{");
        put(out, "title", v->title);
        put(out, "purpose", v->purpose);
        put(out, "holder", v->holder);
        es_buf_str(out, "}");
    }
    es_buf_str(out, "}");
}

const struct es_text *es_texts_in(const struct es_texts *t, const char *lang)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->v[i].lang, lang) == 0)
            return &t->v[i];
    return NULL;
}

struct es_told es_texts_told(const struct es_initiative *ini, const char *lang,
                             struct es_arena *a)
{
    struct es_told told = { ini->title, ini->lang,   ini->purpose,
                            ini->lang,  ini->holder, ini->lang };
    struct es_texts t;
    struct es_err e;
    /* nearly all have none: then nothing is read */
    if (!ini->texts || strlen(ini->texts) <= 2 ||
        strcmp(ini->lang, lang) == 0 ||
        es_texts_read(ini->texts, a, &t, &e) != ES_OK)
        return told;
    const struct es_text *v = es_texts_in(&t, lang);
    if (v && *v->title) {
        told.title = v->title;
        told.title_lang = v->lang;
    }
    if (v && *v->purpose) {
        told.purpose = v->purpose;
        told.purpose_lang = v->lang;
    }
    if (v && *v->holder) {
        told.holder = v->holder;
        told.holder_lang = v->lang;
    }
    return told;
}
