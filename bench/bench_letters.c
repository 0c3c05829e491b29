/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* 50,000 people are told that the results are final: how long writing that
 * down takes, what a look at the queue costs while they wait, what the
 * organiser's page asks of it, and how fast mails go to a server on this
 * machine (Debian's aiosmtpd, which keeps each in two files) when no pace
 * holds them. BENCH_PEOPLE and BENCH_MAILS make it smaller. */
#include "bench.h"
#include "crowd.h"
#include "initiative/app.h"
#include "notify/letters.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PEOPLE = 50000, MAILS = 2000 };

struct office {
    struct es_store *store;
    struct es_app app;
    struct crowd c;
    struct es_mail_sender from;
    struct es_smtp smtp;
    struct es_post post;
    struct es_letters letters;
    char url[64];
    pid_t server;
};

static void must(enum es_code rc, const struct es_err *e)
{
    if (rc == ES_OK)
        return;
    fprintf(stderr, "bench_letters: %s\n", e->msg);
    abort();
}

static double now_s(void)
{
    return (double)es_time_mono_ms() / 1000;
}

/* ---- the mail server ---- */

static bool serve(struct office *o, const char *folder)
{
    int out[2];
    char port[16] = "";
    if (pipe(out) != 0)
        return false;
    o->server = fork();
    if (o->server == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
        (void)dup2(out[1], STDOUT_FILENO);
        (void)execl("/usr/bin/python3", "python3", MAIL_SERVER, folder,
                    (char *)NULL);
        _exit(1);
    }
    close(out[1]);
    ssize_t n = read(out[0], port, sizeof port - 1);
    close(out[0]);
    (void)snprintf(o->url, sizeof o->url, "smtp://127.0.0.1:%ld",
                   strtol(port, NULL, 10));
    return o->server > 0 && n > 1;
}

/* ---- measuring ---- */

static int64_t waiting(struct office *o, int state)
{
    struct es_letter_counts c;
    struct es_err e = { 0 };
    must(es_store_letter_counts(o->store, o->c.initiative, &c, &e), &e);
    return c.n[ES_LETTER_FINAL][state];
}

static enum es_code trim(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_outbox_trim(tx, *(const int64_t *)arg, e);
}

/* They would be told of that, too. */
static void forget_who_joined(struct office *o)
{
    struct es_err e = { 0 };
    int64_t last;
    must(es_store_outbox_last(o->store, &last, &e), &e);
    must(es_store_write(o->store,
                        &(struct es_write){ .apply = trim, .arg = &last }, &e),
         &e);
}

static void finish(struct office *o)
{
    struct es_err e = { 0 };
    struct es_initiative ini;
    struct es_arena a;
    es_arena_init(&a, 1 << 20);
    must(es_store_initiative_by_id(o->store, o->c.initiative, &a, &ini, &e),
         &e);
    ini.state = ES_INI_FINAL;
    must(es_initiative_save(&o->app, &ini, &e), &e);
    es_arena_release(&a);
}

/* One round, in which the mail server counts as failing: none goes out. */
static void look(void *arg)
{
    struct office *o = arg;
    struct es_err e = { 0 };
    size_t n;
    int64_t now = es_time_now_ms();
    o->letters.look_ms = 0;
    o->letters.hold_ms = now + ES_LETTER_HOLD_MS;
    must(es_letters_round(&o->letters, now, &n, &e), &e);
}

static void write_all(struct office *o)
{
    size_t rounds = 0;
    double most = 0;
    double from = now_s();
    while (waiting(o, ES_LETTER_WAITS) < (int64_t)o->c.people) {
        double began = now_s();
        look(o);
        double took = now_s() - began;
        most = took > most ? took : most;
        if (++rounds > o->c.people)
            abort();
    }
    bench_note("letters: written",
               "%.1f s for %zu, in %zu rounds of %.0f ms "
               "at most",
               now_s() - from, o->c.people, rounds, most * 1000);
}

static void organisers_page(void *arg)
{
    struct office *o = arg;
    struct es_err e = { 0 };
    struct es_letter *v;
    struct es_arena a;
    size_t n;
    es_arena_init(&a, 1 << 20);
    (void)waiting(o, ES_LETTER_SENT);
    must(es_store_letters_failed(o->store, o->c.initiative, 0, 50, &a, &v, &n,
                                 &e),
         &e);
    es_arena_release(&a);
}

static void send_some(struct office *o, size_t mails)
{
    struct es_err e = { 0 };
    size_t n;
    double from = now_s();
    while (waiting(o, ES_LETTER_SENT) < (int64_t)mails) {
        o->letters.hold_ms = o->letters.next_ms = 0;
        must(es_letters_round(&o->letters, es_time_now_ms(), &n, &e), &e);
    }
    double took = now_s() - from;
    double each = (double)waiting(o, ES_LETTER_SENT) / took;
    bench_note("letters: handed over", "%.0f a second; all %zu in %.0f min",
               each, o->c.people, (double)o->c.people / each / 60);
}

static int unlink_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static size_t of_env(const char *name, size_t otherwise)
{
    const char *s = getenv(name);
    return s ? strtoul(s, NULL, 10) : otherwise;
}

int main(void)
{
    static struct office o;
    char dir[200], mails[220];
    struct es_err e = { 0 };
    const char *tmp = getenv("TMPDIR");
    int64_t now = es_time_now_ms();
    es_log_min(ES_LOG_ERROR); /* a line a mail */

    o.c = (struct crowd){ .initiative = 1,
                          .people = of_env("BENCH_PEOPLE", PEOPLE),
                          .opens_ms = now - 61 * INT64_C(86400000),
                          .closes_ms = now - INT64_C(86400000),
                          .mails = true };
    (void)snprintf(dir, sizeof dir, "%s/bench_letters.XXXXXX", tmp ? tmp : ".");
    if (mkdtemp(dir) == NULL)
        return 1;
    (void)snprintf(mails, sizeof mails, "%s/mails", dir);
    must(es_store_open(dir, &o.store, &e), &e);
    crowd_fill(o.store, &o.c);
    forget_who_joined(&o);
    must(es_app_open(&o.app, o.store, NULL, &e), &e);
    if (mkdir(mails, 0700) != 0 || !serve(&o, mails)) {
        bench_note("letters", "not measured: aiosmtpd is not installed");
        return 0;
    }
    if (!es_mail_sender_of("runs@run.example", &o.from))
        return 1;
    o.smtp = (struct es_smtp){ .url = o.url,
                               .user = "",
                               .password = "",
                               .sender = o.from.address,
                               .hello = "run.example",
                               .here = true };
    o.post = (struct es_post){ o.store, o.app.key, &o.smtp, &o.from,
                               "https://run.example" };
    o.letters = (struct es_letters){ .post = &o.post, .per_minute = 1 << 20 };
    finish(&o);
    write_all(&o);
    (void)bench_run("letters: a look, all wait", 0, "", look, &o);
    (void)bench_run("letters: organiser's page", 0, "", organisers_page, &o);
    send_some(&o, of_env("BENCH_MAILS", MAILS));
    es_app_close(&o.app);
    es_store_close(o.store);
    kill(o.server, SIGTERM);
    (void)waitpid(o.server, NULL, 0);
    (void)nftw(dir, unlink_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
