/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "bin/site_main.h"

#include "base/time.h"
#include "cli/data.h"
#include "render/render.h"
#include "web/site.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { TELL_MS = 500, TELL_LOG_MS = 10000 }; /* somebody watches, or a log */

struct telling {
    int64_t every_ms, last_ms;
    bool line; /* it is written over */
};

static void tell(void *arg, const struct es_site_told *t)
{
    struct telling *k = arg;
    int64_t now = es_time_mono_ms();
    if (now - k->last_ms < k->every_ms)
        return;
    k->last_ms = now;
    fprintf(stderr,
            "%s%" PRId64 " pages written, %" PRId64 " of up to %" PRId64
            " people%s",
            k->line ? "\r" : "", t->pages, t->people, t->of_people,
            k->line ? "" : "\n");
}

static enum es_code write_site(struct es_app *app, const struct es_settings *s,
                               const struct es_keeping *k,
                               struct es_site_told *told, struct es_err *e)
{
    struct es_web_config wc = { .app = app,
                                .listen = s->listen,
                                .origin = s->origin,
                                .metrics_token = "" };
    struct telling telling = { .line = isatty(STDERR_FILENO) == 1,
                               .last_ms = es_time_mono_ms() };
    struct es_site_ask ask = { k->slug, k->dir, tell, &telling };
    struct es_web *w = NULL;
    telling.every_ms = telling.line ? TELL_MS : TELL_LOG_MS;
    enum es_code rc = es_web_new(&wc, &w, e);
    if (rc == ES_OK)
        rc = es_web_site(w, &ask, told, e);
    if (telling.line)
        fputs("\r\033[K", stderr);
    (void)es_web_stop(w, 0);
    return rc;
}

int es_site_main(const struct es_settings *s, const struct es_keeping *k)
{
    const struct es_render_config drawing = { .zygote_fd = -1, .workers = 1 };
    struct es_store *store = NULL;
    struct es_render *render = NULL;
    struct es_app app = { 0 };
    struct es_site_told told = { 0 };
    struct es_err e = { 0 }, none = { 0 };

    enum es_code rc = es_data_open(s->data, &store, &e);
    if (rc == ES_OK)
        rc = es_app_open(&app, store, NULL, &e);
    if (rc == ES_OK && es_render_open(&drawing, &render, &none) != ES_OK)
        fprintf(stderr, "everystep: no pictures to share: %s\n", none.msg);
    if (rc == ES_OK) {
        app.render = render;
        rc = write_site(&app, s, k, &told, &e);
    }
    es_app_close(&app);
    es_render_close(render);
    es_store_close(store);
    if (rc != ES_OK)
        return es_complain(k->slug, &e);
    printf("%s\t%" PRId64 " pages\t%" PRId64 " people\n", k->dir, told.pages,
           told.people);
    return fflush(stdout) == 0 ? ES_EXIT_OK : ES_EXIT_FAILED;
}
