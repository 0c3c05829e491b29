/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A browser without sockets: cookies, forms, tokens, and the last answer. */
#ifndef ES_TESTS_BROWSER_H
#define ES_TESTS_BROWSER_H

#include "web/web.h"
#include "world.h"

#include <jansson.h>

struct browser {
    struct world w;
    struct es_web *web;
    char cookies[2048];
    char csrf[80];
    const char *peer;
    const char *host;
    struct es_reply r; /* the last answer */
};

/* A world and the pages over it. */
void browser_start(struct browser *b);
void browser_stop(struct browser *b);
const char *browser_body(const struct browser *b);
/* One request; its status. Cookies and the form token are kept. */
int browser_send(struct browser *b, const char *method, const char *path,
                 const char *headers, struct es_bytes payload);
int browser_get(struct browser *b, const char *path);
/* A form of ours, with its token. */
int browser_post(struct browser *b, const char *path, const char *fields);
/* A call with a token and a type, either may be NULL. */
int browser_api(struct browser *b, const char *method, const char *path,
                const char *token, const char *type, struct es_bytes payload);
/* The last answer as JSON; the caller drops it. */
json_t *browser_answer(const struct browser *b);
/* A field that is text; "(none)" else. */
const char *browser_text(const json_t *v, const char *key);
bool browser_shows(const struct browser *b, const char *what);
/* "Ada", bib 1. */
void browser_join_by_api(struct browser *b, char token[64]);
void browser_join_by_form(struct browser *b);
/* As if the personal link had been opened here. */
void browser_sign_in(struct browser *b, const struct es_participant *p);
/* As the operator, who owns all initiatives that nobody owned. */
void browser_sign_in_organiser(struct browser *b);
void browser_sign_in_staff(struct browser *b, const char *name);
/* 5 km typed in, started that long ago. */
struct es_receipt browser_type_in(struct browser *b,
                                  const struct es_participant *p,
                                  int64_t ago_s);

#endif
