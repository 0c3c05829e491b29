/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who may call which route with which fields: one table, read by the guard
 * before each handler and by the test that tries all of it as everybody. What
 * isn't in it is nobody's. */
#ifndef ES_WEB_ACCESS_H
#define ES_WEB_ACCESS_H

#include "http/http.h"
#include "store/accounts.h"

enum es_may {
    ES_MAY_NOBODY = 0,
    ES_MAY_ANYBODY,
    ES_MAY_MACHINE, /* who reads our metrics; the handler judges */
    ES_MAY_PERSON,  /* a participant's session: their own things */
    ES_MAY_TOKEN,   /* a participant's bearer token: their own things */
    ES_MAY_STAFF,   /* an account's session */
    /* An account with a role on the initiative of {slug}. */
    ES_MAY_SEE, /* whatever the role; the operator, too */
    ES_MAY_CHECK_IN,
    ES_MAY_REVIEW,
    ES_MAY_EDIT,
    ES_MAY_OWN, /* who is staff; the operator too, so that nobody is locked
                   out for good */
    /* An account with a role on the instance. */
    ES_MAY_OPERATE,
    ES_MAY_COUNT
};

enum {
    ES_ACCESS_FRESH = 1, /* can't be undone: signed in a moment ago */
    ES_ACCESS_ADDS = 2,  /* brings something into an initiative: not into one
                            that is suspended */
    ES_ACCESS_ASKS = 4,  /* its handler may ask for the same as ES_ACCESS_FRESH,
                            where only some of it can't be undone */
    ES_ACCESS_COUNTS = 8 /* changes what results are made of: not when those
                            are final */
};

struct es_access {
    enum es_method method;
    const char *pattern; /* as in the route tables */
    enum es_may may;
    unsigned flags;
    const char *fields; /* of its form or JSON body, with a space between; a
                           last "*" stands for all that begin so. The form's
                           own token comes besides. NULL: it takes none */
};

/* NULL: nobody may. */
const struct es_access *es_access_of(enum es_method m, const char *pattern);
const struct es_access *es_access_at(size_t i); /* NULL past the end */
/* Whether who has this role may do this, where they have it. */
bool es_access_role(enum es_role role, enum es_may may);
bool es_access_field(const struct es_access *a, const char *name);
/* Whether it is one of the fields with which somebody shows that it is them:
 * what ES_ACCESS_FRESH and ES_ACCESS_ASKS let a route take besides. */
bool es_access_shows(const char *name);

#endif
