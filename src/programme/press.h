/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Press releases: written, read by a second person, published at a set time.
 *
 * A release is a time and its texts, each in one language. A text is public
 * when somebody else than its last writer approved exactly these words and the
 * time has come, whichever is later; nobody sees it before, and no page names
 * it. To change an approved text it is made a draft again first. */
#ifndef ES_PROGRAMME_PRESS_H
#define ES_PROGRAMME_PRESS_H

#include "initiative/app.h"
#include "initiative/registration.h"
#include "store/press.h"

bool es_release_is_public(const struct es_release *r,
                          const struct es_release_text *t, int64_t now_ms);

/* A release and those of its texts that everybody may read now; n 0 is
 * ES_ENOENT. */
struct es_release_read {
    struct es_release r;
    struct es_release_text *v;
    size_t n;
};
ES_MUST_CHECK enum es_code es_release_public(struct es_app *app,
                                             int64_t initiative, int64_t id,
                                             int64_t now_ms, struct es_arena *a,
                                             struct es_release_read *out,
                                             struct es_err *e);
/* All of its texts, for who writes them. ES_ENOENT when it has none. */
ES_MUST_CHECK enum es_code es_release_all(struct es_app *app,
                                          int64_t initiative, int64_t id,
                                          struct es_arena *a,
                                          struct es_release_read *out,
                                          struct es_err *e);
/* Of that language; NULL when there is none. */
const struct es_release_text *es_release_in(const struct es_release_read *r,
                                            const char *lang);
/* The one for a reader of `lang`: theirs, else that of `own`, else the first.
 * n > 0. */
const struct es_release_text *es_release_for(const struct es_release_read *r,
                                             const char *lang, const char *own);

/* A new draft in `lang` (es_spoken); *id is its number. ES_EINVAL with errors
 * at "title" or "lang". */
ES_MUST_CHECK enum es_code
es_release_new(struct es_app *app, int64_t initiative, int64_t account,
               const char *lang, const char *title, int64_t *id,
               struct es_field_errors *fe, struct es_err *e);
/* Keeps a text as a draft of who is in written_by; edition 0 adds a language.
 * ES_EINVAL with errors; ES_EDENIED: it is approved; ES_ECONFLICT: it has
 * another edition by now; ES_ENOENT: no such release. */
ES_MUST_CHECK enum es_code es_release_keep(struct es_app *app,
                                           const struct es_release_text *t,
                                           struct es_field_errors *fe,
                                           struct es_err *e);

/* Something done with a text by an account of staff, noted in the log. */
struct es_release_deed {
    int64_t initiative, release, account;
    const char *lang;
    int64_t edition; /* that they have seen */
};
/* ES_EINVAL: title, place or body is missing, with errors; ES_EDENIED: they
 * wrote it themselves; ES_ECONFLICT; ES_ENOENT. */
ES_MUST_CHECK enum es_code es_release_approve(struct es_app *app,
                                              const struct es_release_deed *d,
                                              struct es_field_errors *fe,
                                              struct es_err *e);
/* Makes it a draft again, and takes it off the pages if it was on them. */
ES_MUST_CHECK enum es_code es_release_reopen(struct es_app *app,
                                             const struct es_release_deed *d,
                                             struct es_err *e);
/* Removes it; with the last one goes the release. Only a draft: ES_EDENIED. */
ES_MUST_CHECK enum es_code es_release_remove(struct es_app *app,
                                             const struct es_release_deed *d,
                                             struct es_err *e);
/* When it is published; 0: not set. d->lang and edition aren't read. */
ES_MUST_CHECK enum es_code es_release_time(struct es_app *app,
                                           const struct es_release_deed *d,
                                           int64_t publish_ms,
                                           struct es_err *e);

/* How many people may write and approve there. */
ES_MUST_CHECK enum es_code es_release_readers(struct es_app *app,
                                              int64_t initiative,
                                              struct es_arena *a, size_t *n,
                                              struct es_err *e);

/* ES_EINVAL with errors at "publisher", "headline", "url", "day", "said_in";
 * ES_ETOOLARGE: ES_COVERAGE_MAX are there. */
ES_MUST_CHECK enum es_code es_coverage_put(struct es_app *app,
                                           const struct es_coverage *c,
                                           struct es_field_errors *fe,
                                           struct es_err *e);
/* None is fine. */
ES_MUST_CHECK enum es_code es_coverage_drop(struct es_app *app,
                                            int64_t initiative, int64_t id,
                                            struct es_err *e);

#endif
