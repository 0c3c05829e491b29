/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep mail: not for hands; the supervisor starts it where a mail server
 * is set. It hands over what waits in the store. What the server answers is
 * read here and nowhere else, away from those who ask for pages. */
#include "cli/mail.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "cli/cli.h"
#include "cli/data.h"
#include "notify/letters.h"
#include "notify/post.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

enum {
    LOOK_MS = 500,   /* a person waits for what was put in meanwhile */
    PACE_MS = 50,    /* there are more messages, perhaps */
    BEGIN_MS = 1000, /* between looks for a store that isn't there yet */
    TRIM_MS = 60000,
    KEY_MEM = 1 << 16,
};

enum es_code es_mail_route_of(const struct es_settings *s,
                              struct es_mail_route *out, struct es_err *e)
{
    const char *host = strstr(s->origin, "://");
    host = host ? host + 3 : s->origin;
    *out = (struct es_mail_route){ .set = *s->smtp_url != '\0' };
    if (!out->set)
        return ES_OK;
    if (!es_mail_sender_of(s->mail_from, &out->from))
        return es_fail(e, ES_EINVAL, 0,
                       "mail_from: ADDRESS, or NAME <ADDRESS>");
    (void)snprintf(out->hello, sizeof out->hello, "%.*s",
                   (int)strcspn(host, ":/"), *host == '[' ? "localhost" : host);
    out->smtp = (struct es_smtp){ .url = s->smtp_url,
                                  .user = s->smtp_user,
                                  .password = s->smtp_password,
                                  .sender = out->from.address,
                                  .hello = out->hello };
    return es_smtp_url(s->smtp_url, &out->smtp.here, e);
}

/* True when we were told to end. */
static bool told(const sigset_t *stop, int64_t ms)
{
    const struct timespec wait = { ms / 1000, ms % 1000 * 1000000 };
    return sigtimedwait(stop, NULL, &wait) > 0;
}

/* The instance's key is made by who serves, at its first start. */
static enum es_code read_key(struct es_store *store, uint8_t key[ES_HASH],
                             struct es_err *e)
{
    struct es_arena a;
    struct es_bytes got;
    es_arena_init(&a, KEY_MEM);
    enum es_code rc = es_store_meta(store, "key", &a, &got, e);
    if (rc == ES_OK && got.n == ES_HASH)
        memcpy(key, got.p, ES_HASH);
    else if (rc == ES_OK)
        rc = es_fail(e, ES_EIO, 0, "the instance's key is damaged");
    es_arena_release(&a);
    return rc;
}

static enum es_code open_both(const char *dir, struct es_store **store,
                              uint8_t key[ES_HASH], struct es_err *e)
{
    enum es_code rc = *store ? ES_OK : es_data_open(dir, store, e);
    return rc == ES_OK ? read_key(*store, key, e) : rc;
}

static void send_until(const struct es_post *p, int32_t per_minute,
                       const sigset_t *stop)
{
    struct es_letters letters = { .post = p, .per_minute = per_minute };
    int64_t trim_ms = 0;
    size_t n = 0;
    size_t sent = 0;
    while (!told(stop, n == ES_MAIL_ROUND ? 0 : sent > 0 ? PACE_MS : LOOK_MS)) {
        struct es_err e = { 0 };
        enum es_code rc = es_post_round(p, es_time_now_ms(), &n, &e);
        sent = 0;
        if (rc == ES_OK)
            rc = es_letters_round(&letters, es_time_now_ms(), &sent, &e);
        if (rc == ES_OK && es_time_mono_ms() >= trim_ms) {
            rc = es_post_trim(p, es_time_now_ms(), &e);
            trim_ms = es_time_mono_ms() + TRIM_MS;
        }
        if (rc == ES_OK)
            continue;
        n = 0;
        es_log(ES_LOG_ERROR, "mail.store", "%s", e.msg);
        if (told(stop, BEGIN_MS))
            return;
    }
}

int es_cmd_mail(const struct es_cli *c, int argc, char **argv)
{
    struct es_mail_route route;
    struct es_store *store = NULL;
    struct es_err e = { 0 };
    uint8_t key[ES_HASH];
    sigset_t stop;

    (void)argv;
    if (argc != 1)
        return es_cli_usage(c);
    if (es_settings_check(c->set, &e) != ES_OK ||
        es_mail_route_of(c->set, &route, &e) != ES_OK) {
        (void)es_complain(NULL, &e);
        return ES_EXIT_USAGE;
    }
    prctl(PR_SET_NAME, "everystep-mail");
    sigemptyset(&stop); /* before any thread starts, so that all inherit it */
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    enum es_code rc = open_both(c->set->data, &store, key, &e);
    while (rc == ES_ENOENT || rc == ES_EBUSY) {
        if (told(&stop, BEGIN_MS)) {
            es_store_close(store);
            return ES_EXIT_OK;
        }
        rc = open_both(c->set->data, &store, key, &e);
    }
    if (rc == ES_OK)
        send_until(&(struct es_post){ store, key, &route.smtp, &route.from,
                                      c->set->origin },
                   (int32_t)c->set->mail_per_minute, &stop);
    es_store_close(store);
    return rc == ES_OK ? ES_EXIT_OK : es_complain("mail", &e);
}
