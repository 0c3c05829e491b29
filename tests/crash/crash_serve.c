/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The first promise, end to end: `everystep serve` takes concurrent uploads
 * over HTTP and is killed with SIGKILL at a random moment: all of it, or only
 * the web process, which the supervisor starts again. Every receipt that was
 * sent is there afterwards, the total reconciles, nothing needs a hand.
 *
 * 200 rounds; 10,000 with ES_LONG set. ES_SEED repeats a sequence. */
#include "auth/secret.h"
#include "base/file.h"
#include "base/num.h"
#include "base/random.h"
#include "base/time.h"
#include "client.h"
#include "initiative/recount.h"
#include "initiative/rules.h"
#include "store_kit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    INI = 1000,
    WHO = 2000, /* ids of the participants: WHO, WHO + 1, ... */
    CLIENTS = 8,
    ROUNDS = 200,
    ROUNDS_LONG = 10000,
    RECEIPTS = 12,  /* a server lives for up to so many, */
    LIVE_MS = 5000, /* or, where they are slow, so long, */
    MORE_MS = 40,   /* and then up to so long */
    POINTS = 100,
    READY_LIMIT_MS = 60000, /* a sanitizer build on a busy machine; the figure
                               that counts is printed */
    ASKED_AGAIN = 20,       /* receipts of a round that are fetched again */
    DAY_MS = 86400000
};

struct told {
    int client;
    int64_t run;
    char code[ES_CODE_TEXT];
};

struct world {
    const char *dir;
    int port;
    char token[CLIENTS][ES_SECRET_TEXT];
    pid_t server;
    _Atomic int64_t files; /* so far; no two are the same */
    pthread_mutex_t lock;  /* over what follows */
    struct told *told;
    size_t n_told, cap;
};

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* ---- the world before the server ---- */

WRITE(make_world)
{
    struct world *w = arg;
    struct es_initiative i = kit_initiative(INI, "crash");
    struct es_buf rules;
    struct es_rules r = es_rules_default();
    int64_t now = es_time_now_ms(), bib;

    (void)blob;
    es_buf_init(&rules, 65536);
    es_rules_write(&r, &rules);
    i.rules = es_buf_cstr(&rules);
    i.opens_ms = now - 30 * (int64_t)DAY_MS;
    i.closes_ms = now + 30 * (int64_t)DAY_MS;
    enum es_code rc = es_txn_initiative_put(tx, &i, e);
    for (int k = 0; k < CLIENTS && rc == ES_OK; k++) {
        struct es_participant p = kit_participant(INI, WHO + k);
        struct es_credential c = { .kind = ES_CRED_TOKEN,
                                   .initiative = INI,
                                   .subject = p.id,
                                   .created_ms = now };
        p.team = 0;
        es_secret_new(w->token[k], c.hash);
        rc = es_txn_participant_add(tx, &p, &bib, e);
        if (rc == ES_OK)
            rc = es_txn_credential_add(tx, &c, e);
    }
    es_buf_release(&rules);
    return rc;
}

/* A run of POINTS seconds at about 3 m/s on the open ocean, where nobody
 * lives; its start and its place make it unlike all others. */
static struct es_buf gpx(int64_t number)
{
    struct es_buf b;
    char t[ES_TIME_TEXT];
    int64_t start = es_time_now_ms() - DAY_MS - number * 1000;
    double lon = -90.1 - 0.002 * (double)(number % 20000);

    es_buf_init(&b, 1 << 20);
    es_buf_str(&b, "<gpx version=\"1.1\" creator=\"crash\" "
                   "xmlns=\"http://www.topografix.com/GPX/1/1\"><trk>"
                   "<type>running</type><trkseg>\n");
    for (int64_t i = 0; i < POINTS; i++)
        es_buf_fmt(&b,
                   "<trkpt lat=\"%.7f\" lon=\"%.3f\"><ele>10</ele>"
                   "<time>%s</time></trkpt>\n",
                   -47.1 + 0.000027 * (double)(i * 9 + number % 9) / 9, lon,
                   es_time_text(start + i * 1000, t));
    es_buf_str(&b, "</trkseg></trk></gpx>\n");
    CHECK(!b.bad);
    return b;
}

/* ---- the server ---- */

static void start(struct world *w)
{
    char exe[4096], listen[32], log[4096];
    (void)snprintf(exe, sizeof exe, "%s/everystep", getenv("ES_BUILD_ROOT"));
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%d", w->port);
    (void)snprintf(log, sizeof log, "%s/log", w->dir);
    w->server = fork();
    CHECK(w->server >= 0);
    if (w->server != 0)
        return;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* nothing outlives a failed test */
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || dup2(fd, STDERR_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
        _exit(127);
    execl(exe, exe, "serve", "--data", w->dir, "--listen", listen, "--workers",
          "2", "--log-level", "warn", (char *)NULL);
    _exit(127);
}

/* Milliseconds until it answers that it is ready. */
static int64_t until_ready(const struct world *w)
{
    int64_t begin = es_time_mono_ms(), took;
    struct answer a = { 0 };
    do {
        struct ask q = { .port = w->port, .method = "GET", .path = "/readyz" };
        client_ask(&q, &a);
        es_buf_release(&a.body);
        took = es_time_mono_ms() - begin;
        if (a.status != 200) {
            if (took > READY_LIMIT_MS)
                FAIL("not ready after %lld ms, see %s/log", (long long)took,
                     w->dir);
            (void)usleep(3000);
        }
    } while (a.status != 200);
    return took;
}

/* The web process among the supervisor's children. */
static pid_t web_of(pid_t server)
{
    char path[64], list[1024] = "", line[4096];
    char *next = list;
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)server,
                   (int)server);
    FILE *f = fopen(path, "re");
    CHECK(f != NULL);
    if (fgets(list, sizeof list, f) == NULL)
        list[0] = '\0';
    fclose(f);
    for (long pid; (pid = strtol(next, &next, 10)) > 0;) {
        (void)snprintf(path, sizeof path, "/proc/%ld/cmdline", pid);
        f = fopen(path, "re");
        if (f == NULL)
            continue;
        size_t n = fread(line, 1, sizeof line - 1, f);
        fclose(f);
        line[n] = '\0';
        if (n > 0 && strcmp(line + strlen(line) + 1, "web") == 0)
            return (pid_t)pid;
    }
    return 0;
}

/* All that descends from us: what loses its parent becomes our child. */
static void reap_all(void)
{
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
}

/* ---- the clients ---- */

static void note(struct world *w, int client, const struct answer *a)
{
    struct told t = { .client = client };
    json_t *root = json_loadb((const char *)a->body.p, a->body.n, 0, NULL);
    const char *run = json_string_value(json_object_get(root, "run"));
    const char *code = json_string_value(json_object_get(root, "code"));
    if (run == NULL || code == NULL || strlen(code) >= sizeof t.code ||
        !es_num_i64(es_bytes_str(run), 1, INT64_MAX, &t.run)) {
        fprintf(stderr, "no receipt: %s\n", es_buf_cstr(&a->body));
        abort();
    }
    memcpy(t.code, code, strlen(code) + 1);
    json_decref(root);

    (void)pthread_mutex_lock(&w->lock);
    if (w->n_told == w->cap) {
        w->cap = w->cap == 0 ? 1024 : w->cap * 2;
        w->told = realloc(w->told, w->cap * sizeof *w->told);
        if (w->told == NULL)
            abort();
    }
    w->told[w->n_told++] = t;
    (void)pthread_mutex_unlock(&w->lock);
}

struct client {
    struct world *w;
    int number;
};

/* Uploads until the server is gone. */
static void *client_main(void *arg)
{
    const struct client *c = arg;
    struct answer a;
    do {
        struct es_buf file = gpx(atomic_fetch_add(&c->w->files, 1));
        struct ask q = { .port = c->w->port,
                         .method = "POST",
                         .path = "/api/v1/runs",
                         .token = c->w->token[c->number],
                         .type = "application/gpx+xml",
                         .body = es_buf_bytes(&file) };
        client_ask(&q, &a);
        if (a.status == 201)
            note(c->w, c->number, &a);
        else if (a.status != 0 && a.status != 503 && a.status != 429) {
            fprintf(stderr, "%d: %s\n", a.status, es_buf_cstr(&a.body));
            abort();
        }
        es_buf_release(&a.body);
        es_buf_release(&file);
    } while (a.status != 0);
    return NULL;
}

/* ---- what must hold ---- */

static void count_difference(const struct es_participant_sum *row, void *arg)
{
    (void)row;
    (*(int *)arg)++;
}

/* Nobody has the store open now. */
static void check_store(const struct world *w, size_t from)
{
    struct es_store *s = kit_open(w->dir);
    struct es_recounted sums;
    int differences = 0;

    CHECK_INT(
        es_recount(s, INI, false, count_difference, &differences, &sums, NULL),
        ES_OK);
    CHECK_INT(differences, 0);
    CHECK(sums.runs >= (int64_t)w->n_told); /* all are sound, so accepted */
    for (size_t i = from; i < w->n_told; i++) {
        struct es_arena a;
        struct es_run r;
        struct es_buf bytes;
        es_arena_init(&a, 1 << 20);
        if (es_store_run(s, INI, w->told[i].run, &a, &r, NULL) != ES_OK)
            FAIL("receipt %s was sent and is lost", w->told[i].code);
        CHECK_STR(r.code, w->told[i].code);
        CHECK_INT(r.participant, WHO + w->told[i].client);
        CHECK_INT(es_store_blob_read(s, &r.blob, &bytes, NULL), ES_OK);
        es_buf_release(&bytes);
        es_arena_release(&a);
    }
    es_store_close(s);
}

static void check_receipt(const struct world *w, const struct told *t)
{
    char path[64];
    struct answer a;
    (void)snprintf(path, sizeof path, "/api/v1/runs/%lld", (long long)t->run);
    struct ask q = { .port = w->port,
                     .method = "GET",
                     .path = path,
                     .token = w->token[t->client] };
    client_ask(&q, &a);
    if (a.status != 200)
        FAIL("%s: status %d", path, a.status);
    CHECK(strstr(es_buf_cstr(&a.body), t->code) != NULL);
    es_buf_release(&a.body);
}

/* ---- rounds ---- */

struct figures {
    int all, web;
    int64_t ready_max_ms, ready_sum_ms;
};

static size_t told_so_far(struct world *w)
{
    (void)pthread_mutex_lock(&w->lock);
    size_t n = w->n_told;
    (void)pthread_mutex_unlock(&w->lock);
    return n;
}

/* Counted in receipts, so that a slow machine tests as much as a fast one. */
static void live(struct world *w, uint64_t *seed, size_t from)
{
    size_t until = from + draw(seed) % (RECEIPTS + 1);
    int64_t deadline = es_time_mono_ms() + LIVE_MS;
    while (told_so_far(w) < until && es_time_mono_ms() < deadline)
        (void)usleep(1000);
    (void)usleep((useconds_t)(1000 * (draw(seed) % MORE_MS)));
}

static void kill_somewhere(struct world *w, uint64_t *seed, struct figures *f)
{
    pid_t web = draw(seed) % 4 == 0 ? web_of(w->server) : 0;
    if (web > 0) {
        CHECK_INT(kill(web, SIGKILL), 0);
        f->web++;
        return;
    }
    CHECK_INT(kill(w->server, SIGKILL), 0); /* its children die with it */
    reap_all();
    f->all++;
}

static void one_round(struct world *w, uint64_t *seed, struct figures *f)
{
    struct client c[CLIENTS];
    pthread_t id[CLIENTS];
    size_t from = w->n_told;
    int all = f->all;

    for (int i = 0; i < CLIENTS; i++) {
        c[i] = (struct client){ w, i };
        CHECK_INT(pthread_create(&id[i], NULL, client_main, &c[i]), 0);
    }
    live(w, seed, from);
    kill_somewhere(w, seed, f);
    for (int i = 0; i < CLIENTS; i++)
        CHECK_INT(pthread_join(id[i], NULL), 0);
    if (f->all > all) {
        check_store(w, from);
        start(w);
    }
    int64_t took = until_ready(w);
    f->ready_max_ms = took > f->ready_max_ms ? took : f->ready_max_ms;
    f->ready_sum_ms += took;
    for (size_t i = from; i < w->n_told && i < from + ASKED_AGAIN; i++)
        check_receipt(w, &w->told[i]);
}

static void set_up(struct world *w)
{
    w->dir = t_tmpdir();
    w->port = client_free_port();
    CHECK_INT(pthread_mutex_init(&w->lock, NULL), 0);
    CHECK_INT(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
    struct es_store *s = kit_open(w->dir);
    CHECK_INT(kit_write(s, make_world, w), ES_OK);
    es_store_close(s);
    start(w);
    (void)until_ready(w);
}

static uint64_t first_seed(void)
{
    const char *env = getenv("ES_SEED");
    int64_t given;
    if (env != NULL && es_num_i64(es_bytes_str(env), 0, INT64_MAX, &given))
        return (uint64_t)given;
    return es_random_u64() >> 1;
}

TEST(receipts_survive_kill_at_any_moment)
{
    struct world w = { 0 };
    struct figures f = { 0 };
    uint64_t seed = first_seed();
    int rounds = getenv("ES_LONG") != NULL ? ROUNDS_LONG : ROUNDS;
    char line[4600];

    fprintf(stderr, "ES_SEED=%llu\n", (unsigned long long)seed);
    set_up(&w);
    for (int i = 0; i < rounds; i++)
        one_round(&w, &seed, &f);
    CHECK_INT(kill(w.server, SIGTERM), 0);
    reap_all();
    check_store(&w, 0);
    (void)snprintf(line, sizeof line, "'%s/everystep' recount --data '%s' >&2",
                   getenv("ES_BUILD_ROOT"), w.dir);
    CHECK_INT(system(line), 0);
    fprintf(stderr,
            "%d times all killed, %d times the web process; %zu receipts, none "
            "lost; ready after %lld ms, at most %lld ms\n",
            f.all, f.web, w.n_told, (long long)(f.ready_sum_ms / rounds),
            (long long)f.ready_max_ms);
    CHECK(w.n_told > (size_t)rounds); /* it did take uploads */
    free(w.told);
}
