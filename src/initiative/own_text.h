/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the operator writes for the whole instance. */
#ifndef ES_INITIATIVE_OWN_TEXT_H
#define ES_INITIATIVE_OWN_TEXT_H

#include "initiative/app.h"

enum es_own_text {
    ES_TEXT_IMPRINT, /* who runs this server: at every page's foot */
    ES_TEXT_WATCHED, /* words to look at in names, one a line: watched.h */
    ES_OWN_TEXTS
};

/* "imprint", "watched": its form's field, and its name in the store and in the
 * log of decisions. */
const char *es_own_text_name(enum es_own_text which);
size_t es_own_text_max(enum es_own_text which); /* code points */

/* Cleaned; "" is none. That it changed is noted, not to what; `by` is the
 * account. ES_EINVAL: too long. */
ES_MUST_CHECK enum es_code es_own_text_put(struct es_app *app, int64_t by,
                                           enum es_own_text which,
                                           const char *text, struct es_err *e);
/* As it was put, in `a`. */
ES_MUST_CHECK enum es_code es_own_text(struct es_app *app,
                                       enum es_own_text which,
                                       struct es_arena *a, const char **out,
                                       struct es_err *e);

#endif
