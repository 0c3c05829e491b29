/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A name or a title in several languages, kept as JSON:
 * [{"lang": "en", "text": "Ministry of Culture"}, ...]. The first is the one
 * for readers in whose language there is none. */
#ifndef ES_PROGRAMME_MANY_H
#define ES_PROGRAMME_MANY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

struct es_many {
    struct {
        const char *lang, *text; /* BCP 47; never "" */
    } v[ES_MANY_MAX];
    size_t n;
};

/* From the JSON, strings in `a`. ES_EMALFORMED, ES_ENOMEM; *out is untouched
 * then. */
ES_MUST_CHECK enum es_code es_many_read(const char *json, struct es_arena *a,
                                        struct es_many *out, struct es_err *e);
/* Appends what es_many_read reads back as the same. */
void es_many_write(const struct es_many *m, struct es_buf *out);
/* The same in `a`; NULL when out of memory. */
const char *es_many_json(const struct es_many *m, struct es_arena *a);

/* The text in exactly that language; "" for none. */
const char *es_many_in(const struct es_many *m, const char *lang);
/* Puts a text in a language: "" takes it away. Borrowed. False: full. */
bool es_many_put(struct es_many *m, const char *lang, const char *text);

/* What a reader of `lang` sees; "" in "" where there is nothing. */
struct es_many_told {
    const char *text, *lang;
};
struct es_many_told es_many_tell(const struct es_many *m, const char *lang);
/* The same from the JSON, in `a`; nothing when it can't be read. */
struct es_many_told es_many_tell_json(const char *json, const char *lang,
                                      struct es_arena *a);

#endif
