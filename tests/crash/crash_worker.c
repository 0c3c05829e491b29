/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A decode worker that is killed over an upload, end to end: the upload gets a
 * 503 that says when to come again, the next one is taken, and nothing is left
 * of what was not acknowledged. */
#include "auth/secret.h"
#include "base/time.h"
#include "client.h"
#include "initiative/recount.h"
#include "initiative/rules.h"
#include "store_kit.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INI = 1000, WHO = 2000, TRIES = 6, READY_MS = 60000, DAY_MS = 86400000 };

struct world {
    const char *dir;
    int port, files, taken;
    char token[ES_SECRET_TEXT];
    pid_t server;
};

/* ---- the world and the server ---- */

WRITE(make_world)
{
    struct world *w = arg;
    struct es_initiative i = kit_initiative(INI, "crash");
    struct es_participant p = kit_participant(INI, WHO);
    struct es_credential c = { .kind = ES_CRED_TOKEN,
                               .initiative = INI,
                               .subject = WHO,
                               .created_ms = es_time_now_ms() };
    struct es_rules r = es_rules_default();
    struct es_buf rules;
    int64_t bib;

    (void)blob;
    es_buf_init(&rules, 65536);
    es_rules_write(&r, &rules);
    i.rules = es_buf_cstr(&rules);
    i.opens_ms = es_time_now_ms() - 30 * (int64_t)DAY_MS;
    i.closes_ms = es_time_now_ms() + 30 * (int64_t)DAY_MS;
    p.team = 0;
    es_secret_new(w->token, c.hash);
    enum es_code rc = es_txn_initiative_put(tx, &i, e);
    if (rc == ES_OK)
        rc = es_txn_participant_add(tx, &p, &bib, e);
    if (rc == ES_OK)
        rc = es_txn_credential_add(tx, &c, e);
    es_buf_release(&rules);
    return rc;
}

static void start(struct world *w)
{
    char exe[4096], listen[32];
    (void)snprintf(exe, sizeof exe, "%s/everystep", getenv("ES_BUILD_ROOT"));
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%d", w->port);
    w->server = fork();
    CHECK(w->server >= 0);
    if (w->server != 0)
        return;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    execl(exe, exe, "serve", "--data", w->dir, "--listen", listen, "--workers",
          "1", "--log-level", "warn", (char *)NULL);
    _exit(127);
}

static void wait_ready(const struct world *w)
{
    int64_t until = es_time_mono_ms() + READY_MS;
    for (int status = 0; status != 200; usleep(5000)) {
        struct answer a;
        struct ask q = { .port = w->port, .method = "GET", .path = "/readyz" };
        client_ask(&q, &a);
        status = a.status;
        es_buf_release(&a.body);
        if (es_time_mono_ms() > until)
            FAIL("not ready");
    }
}

/* The child of `parent` that is named like everystep-decode, or 0; the kernel
 * keeps 15 characters of a name. */
static pid_t decode_child(pid_t parent)
{
    pid_t found = 0;
    DIR *d = opendir("/proc");
    CHECK(d != NULL);
    for (struct dirent *at; !found && (at = readdir(d)) != NULL;) {
        char path[300], line[512] = "", state;
        int pid, its;
        if (sscanf(at->d_name, "%d", &pid) != 1)
            continue;
        (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
        FILE *f = fopen(path, "re");
        if (!f)
            continue;
        char *p = fgets(line, sizeof line, f) ? strrchr(line, ')') : NULL;
        fclose(f);
        if (p && sscanf(p, ") %c %d", &state, &its) == 2 && its == parent &&
            state != 'Z' && strstr(line, "(everystep-decod"))
            found = pid;
    }
    closedir(d);
    return found;
}

static pid_t worker(const struct world *w)
{
    pid_t zygote = decode_child(w->server);
    CHECK(zygote > 0);
    pid_t pid = decode_child(zygote);
    CHECK(pid > 0);
    return pid;
}

/* ---- uploads ---- */

struct upload {
    struct world *w;
    int number;
    struct answer answer;
};

static void *upload(void *arg)
{
    struct upload *u = arg;
    struct es_buf b;
    char t[ES_TIME_TEXT];
    int64_t from = es_time_now_ms() - DAY_MS + u->number * (int64_t)3600000;

    es_buf_init(&b, 1 << 20);
    es_buf_str(&b, "<gpx version=\"1.1\"><trk><type>running</type><trkseg>");
    for (int i = 0; i < 100; i++)
        es_buf_fmt(&b,
                   "<trkpt lat=\"%.7f\" lon=\"-90.1\"><time>%s</time></trkpt>",
                   -47.1 + 0.000027 * i + 0.01 * u->number,
                   es_time_text(from + i * 1000, t));
    es_buf_str(&b, "</trkseg></trk></gpx>");
    struct ask q = { .port = u->w->port,
                     .method = "POST",
                     .path = "/api/v1/runs",
                     .token = u->w->token,
                     .type = "application/gpx+xml",
                     .body = es_buf_bytes(&b) };
    client_ask(&q, &u->answer);
    es_buf_release(&b);
    return NULL;
}

static void is_taken(struct world *w)
{
    struct upload u = { .w = w, .number = w->files++ };
    (void)upload(&u);
    if (u.answer.status != 201)
        FAIL("%d: %s", u.answer.status, es_buf_cstr(&u.answer.body));
    es_buf_release(&u.answer.body);
    w->taken++;
}

/* The worker is stopped, so that the upload surely is in its hands when it is
 * killed; how long the server needs to get that far, nobody can see from here.
 * True when the upload met its end; false when it had not come so far. */
static bool killed_over(struct world *w, unsigned wait_ms)
{
    struct upload u = { .w = w, .number = w->files++ };
    pthread_t t;
    pid_t pid = worker(w);
    CHECK_INT(kill(pid, SIGSTOP), 0);
    CHECK_INT(pthread_create(&t, NULL, upload, &u), 0);
    usleep(wait_ms * 1000);
    CHECK_INT(kill(pid, SIGKILL), 0);
    pthread_join(t, NULL);
    bool hit = u.answer.status == 503;
    if (hit)
        CHECK(u.answer.retry_after_s > 0);
    else
        CHECK_INT(u.answer.status, 201);
    w->taken += !hit;
    es_buf_release(&u.answer.body);
    return hit;
}

TEST(a_worker_killed_over_an_upload_costs_that_upload_a_503)
{
    struct world w = { .dir = t_tmpdir(), .port = client_free_port() };
    struct es_recounted sums;
    struct es_store *s = kit_open(w.dir);
    int hits = 0;
    CHECK_INT(kit_write(s, make_world, &w), ES_OK);
    es_store_close(s);
    start(&w);
    wait_ready(&w);
    is_taken(&w);
    for (unsigned i = 0, wait_ms = 200; i < TRIES && hits < 2; i++) {
        bool hit = killed_over(&w, wait_ms);
        hits += hit;
        wait_ms = hit ? wait_ms : wait_ms * 2;
        is_taken(&w);
    }
    CHECK_INT(hits, 2);
    CHECK_INT(kill(w.server, SIGTERM), 0);
    CHECK_INT(waitpid(w.server, NULL, 0), w.server);

    s = kit_open(w.dir);
    CHECK_INT(es_recount(s, INI, false, NULL, NULL, &sums, NULL), ES_OK);
    CHECK_INT(sums.runs, w.taken);
    es_store_close(s);
}
