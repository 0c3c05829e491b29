/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An initiative's texts in further languages beside its own. Kept as the JSON
 * of es_initiative.texts: {"ur": {"title": "...", "purpose": "..."}}. */
#ifndef ES_INITIATIVE_TEXTS_H
#define ES_INITIATIVE_TEXTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

enum { ES_TEXTS_LANGS = 16 };

/* "" is what isn't translated; never NULL. */
struct es_text {
    const char *lang; /* BCP 47 */
    const char *title, *purpose, *holder;
};
struct es_texts {
    struct es_text v[ES_TEXTS_LANGS];
    size_t n;
};

/* From the JSON, cleaned; strings in `a`. Members that aren't known are left
 * out, as is a language of which nothing is written. ES_EMALFORMED, ES_ENOMEM;
 * *out is untouched then. */
ES_MUST_CHECK enum es_code es_texts_read(const char *json, struct es_arena *a,
                                         struct es_texts *out,
                                         struct es_err *e);
/* Appends what es_texts_read reads back as the same. */
void es_texts_write(const struct es_texts *t, struct es_buf *out);

/* NULL when there are none in that language. */
const struct es_text *es_texts_in(const struct es_texts *t, const char *lang);

/* The texts for a reader of `lang`: each in that language where there is one,
 * in the initiative's own else; *_lang says in which. Borrowed. When its texts
 * can't be read they are the initiative's own. */
struct es_told {
    const char *title, *title_lang;
    const char *purpose, *purpose_lang;
    const char *holder, *holder_lang;
};
struct es_told es_texts_told(const struct es_initiative *ini, const char *lang,
                             struct es_arena *a);

#endif
