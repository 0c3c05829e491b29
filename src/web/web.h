/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The web process: routes, guards, handlers, live events. */
#ifndef ES_WEB_WEB_H
#define ES_WEB_WEB_H

#include "http/http.h"
#include "initiative/app.h"

struct es_web;

struct es_web_config {
    struct es_app *app;         /* open; the caller's */
    const char *listen;         /* as es_http_config, */
    int listener;               /* both */
    const char *origin;         /* "https://run.example"; "" = http://LISTEN */
    const char *const *trusted; /* proxies */
    size_t n_trusted;
    bool insecure;             /* an http origin off loopback was allowed */
    const char *metrics_token; /* "" = /metrics from loopback only */
    bool mail;                 /* somebody sends it: links are offered */
};

/* Builds the routes and starts to serve. Errors as es_http_start. */
ES_MUST_CHECK enum es_code es_web_start(const struct es_web_config *c,
                                        struct es_web **out, struct es_err *e);
/* Lets requests in flight finish for up to wait_ms. False when one was still
 * at work: then w, the app and all under it must stand until the process ends.
 * NULL legal. */
bool es_web_stop(struct es_web *w, int64_t wait_ms);
int es_web_port(const struct es_web *w);
/* The origin that links are built from; lives as long as w. */
const char *es_web_origin(const struct es_web *w);

/* Erases what may be kept no longer: whoever serves calls it now and then. */
void es_web_erase(struct es_web *w);

/* For tests: one request without a socket, see es_http_call. */
ES_MUST_CHECK enum es_code es_web_call(struct es_web *w,
                                       struct es_bytes request,
                                       const char *peer, struct es_reply *out,
                                       struct es_err *e);
/* The same as es_web_start without listening, for es_web_call. */
ES_MUST_CHECK enum es_code es_web_new(const struct es_web_config *c,
                                      struct es_web **out, struct es_err *e);

#endif
