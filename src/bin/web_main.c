/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "bin/web_main.h"

#include "auth/passkey.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/demo/seed.h"
#include "ingest/ingest.h"
#include "initiative/accounts.h"
#include "initiative/rejudge.h"
#include "render/render.h"
#include "web/web.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { PROXIES_MAX = 32, STOP_WAIT_MS = 10000, SETUP_LINK_MS = 86400000 };
enum { ERASE_S = 3600 };

struct serving {
    struct es_store *store;
    struct es_ingest *ingest;
    struct es_render *render;
    struct es_app app;
    struct es_web *web;
    const char *proxies[PROXIES_MAX];
    size_t n_proxies;
    char proxy_text[4096];
    int listener;
};

/* "10.0.0.1, 10.0.0.2" into a list. */
static void split_proxies(struct serving *v, const char *text)
{
    (void)snprintf(v->proxy_text, sizeof v->proxy_text, "%s", text);
    char *p = v->proxy_text;
    v->n_proxies = 0;
    while (*p && v->n_proxies < PROXIES_MAX) {
        size_t n = strcspn(p, ", ");
        char *next = p + n + (p[n] != 0);
        p[n] = 0;
        if (n)
            v->proxies[v->n_proxies++] = p;
        p = next;
    }
}

static enum es_code open_all(struct serving *v, const struct es_settings *s,
                             const struct es_handed *h, struct es_err *e)
{
    struct es_ingest_config ic = {
        .zygote_fd = h->decode,
        .workers = (unsigned)s->workers,
    };
    struct es_render_config drawing = { .zygote_fd = h->draw };
    enum es_code rc = es_store_open(s->data, &v->store, e);
    if (rc == ES_OK)
        rc = es_ingest_open(&ic, &v->ingest, e);
    if (rc == ES_OK)
        rc = es_render_open(&drawing, &v->render, e);
    if (rc == ES_OK)
        rc = es_app_open(&v->app, v->store, v->ingest, e);
    if (rc == ES_OK)
        v->app.render = v->render;
    return rc;
}

static enum es_code start_web(struct serving *v, const struct es_settings *s,
                              struct es_err *e)
{
    split_proxies(v, s->trusted_proxy);
    struct es_web_config wc = {
        .app = &v->app,
        .listen = s->listen,
        .listener = v->listener,
        .origin = s->origin,
        .trusted = v->proxies,
        .n_trusted = v->n_proxies,
        .insecure = s->insecure && strncmp(s->origin, "https://", 8) != 0,
        .metrics_token = s->metrics_token,
        .mail = *s->smtp_url != '\0',
    };
    return es_web_start(&wc, &v->web, e);
}

/* The demo is whole before the first page shows it. That the address is taken
 * was said by start_web before: nobody waits for the demo to learn it. */
static enum es_code seed(struct serving *v, const struct es_settings *s,
                         struct es_err *e)
{
    bool missing;
    enum es_code rc = es_demo_missing(&v->app, &missing, e);
    if (rc != ES_OK || !missing)
        return rc;
    if (!es_web_stop(v->web, STOP_WAIT_MS))
        return es_fail(e, ES_EBUSY, 0, "a request does not end");
    v->web = NULL;
    rc = es_demo_seed(&v->app, es_demo_show, NULL, e);
    return rc == ES_OK ? start_web(v, s, e) : rc;
}

/* Each connection, upload and live stream is a descriptor; the shell's 1,024
 * would be the limit of a school's morning. */
static void raise_descriptors(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return;
    r.rlim_cur = r.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &r) != 0)
        es_log(ES_LOG_WARN, "serve.descriptors", "%s", strerror(errno));
}

/* Whoever has nothing yet is told how to begin; the demo is for looking. */
static enum es_code greet(struct serving *v, const struct es_settings *s,
                          struct es_err *e)
{
    struct es_arena a;
    struct es_initiative *inis;
    size_t n = 0;
    struct es_rp rp; /* by a name, where there can be passkeys */
    char secret[ES_SECRET_TEXT];
    const char *origin = es_web_origin(v->web);

    es_arena_init(&a, 1 << 20);
    enum es_code rc = es_store_initiatives(v->store, 1, &a, &inis, &n, e);
    if (rc == ES_OK) {
        printf("Everystep is running:    %s/\n", origin);
        if (s->demo && n)
            printf("The demo initiative:     %s/e/%s\n", origin, inis[0].slug);
    }
    es_arena_release(&a);
    if (rc == ES_OK && (s->demo || n == 0)) {
        rc = es_setup_link(&v->app, NULL, SETUP_LINK_MS, secret, e);
        if (rc == ES_OK)
            printf("Set-up link (works once): %s/setup/%s\n",
                   es_rp_of(origin, &rp) ? rp.origin : origin, secret);
    }
    fflush(stdout);
    return rc;
}

static void close_all(struct serving *v)
{
    if (!es_web_stop(v->web, STOP_WAIT_MS)) {
        es_log(ES_LOG_WARN, "serve.cut", "a request did not end in time");
        return; /* what it uses stands until the process ends */
    }
    es_rejudge_stop(v->app.rejudge);
    es_app_close(&v->app);
    es_ingest_close(v->ingest);
    es_render_close(v->render);
    es_store_close(v->store);
}

/* Until it is told to stop; what may be kept no longer goes meanwhile. */
static void wait_for_end(struct es_web *web, const sigset_t *stop)
{
    const struct timespec hour = { .tv_sec = ERASE_S };
    int sig = -1;
    while (sig < 0) {
        es_web_erase(web);
        do
            sig = sigtimedwait(stop, NULL, &hour);
        while (sig < 0 && errno == EINTR);
    }
}

int es_web_main(const struct es_settings *s, const struct es_handed *h)
{
    struct serving v = { .listener = h->listener };
    struct es_err e = { 0 };
    sigset_t stop;

    /* Before any thread starts, so that all of them inherit it. */
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    raise_descriptors();

    enum es_code rc = open_all(&v, s, h, &e);
    if (rc == ES_OK)
        rc = start_web(&v, s, &e);
    if (rc == ES_OK && s->demo)
        rc = seed(&v, s, &e);
    /* Told to stop while the demo came in, it has nothing to greet with. */
    sigset_t told;
    bool ending = sigpending(&told) == 0 &&
                  (sigismember(&told, SIGTERM) || sigismember(&told, SIGINT));
    if (rc == ES_OK && !ending)
        rc = es_rejudge_start(&v.app, &v.app.rejudge, &e);
    if (rc == ES_OK && !ending)
        rc = greet(&v, s, &e);
    if (rc == ES_OK)
        wait_for_end(v.web, &stop);
    close_all(&v);
    return rc == ES_OK ? ES_EXIT_OK : es_complain("serve", &e);
}
