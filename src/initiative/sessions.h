/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is signed in where: browsers' sessions of participants and of people of
 * staff. What works is looked up at each request, so what is ended ends. */
#ifndef ES_INITIATIVE_SESSIONS_H
#define ES_INITIATIVE_SESSIONS_H

#include "initiative/app.h"
#include "store/signin.h"

struct es_session_ask {
    enum es_cred_kind kind;      /* ES_CRED_SESSION or ES_CRED_ORGANISER */
    int64_t initiative, subject; /* as es_credential's */
    enum es_signed_by by;
    int64_t fresh_ms;     /* when they showed who they are; 0: now */
    const char *browser;  /* for its owner's list; cut when it is long */
    const char *replaces; /* the secret that this browser held, or NULL: that
                             session ends */
};
/* A new session, fresh now, with the lifetimes of its kind; its secret. */
ES_MUST_CHECK enum es_code es_session_open(struct es_app *app,
                                           const struct es_session_ask *ask,
                                           char secret[ES_SECRET_TEXT],
                                           struct es_err *e);
/* Who presents this secret; notes now and then that they were seen. ES_ENOENT
 * also when it has ended. */
ES_MUST_CHECK enum es_code
es_session_find(struct es_app *app, const char *secret, enum es_cred_kind kind,
                struct es_credential *out, struct es_err *e);
/* They have shown again who they are: the session goes on, fresh, under a new
 * secret; the old one is dead. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_session_renew(struct es_app *app,
                                            const struct es_credential *c,
                                            enum es_signed_by by,
                                            char secret[ES_SECRET_TEXT],
                                            struct es_err *e);
/* Whether what can't be undone may be done now. */
bool es_session_fresh(const struct es_credential *c, int64_t now_ms);

/* The sessions of who holds this one, last seen first. */
ES_MUST_CHECK enum es_code es_sessions_of(struct es_app *app,
                                          const struct es_credential *c,
                                          struct es_arena *a,
                                          struct es_credential **out, size_t *n,
                                          struct es_err *e);
/* One of them, by its id; with id 0 all but this one. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_session_end(struct es_app *app,
                                          const struct es_credential *c,
                                          int64_t id, struct es_err *e);
/* A participant's link and token, in place of those that leaked; all other
 * sessions of theirs end, too. */
ES_MUST_CHECK enum es_code es_secrets_replace(struct es_app *app,
                                              const struct es_credential *c,
                                              char link[ES_SECRET_TEXT],
                                              char token[ES_SECRET_TEXT],
                                              struct es_err *e);

#endif
