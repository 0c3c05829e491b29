/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the gate costs, in requests a second of one small page: through it on
 * TCP; past it on a Unix socket, by new connections and by kept ones; and the
 * same two ways behind nginx, where it is installed. All of one run, in turns.
 */
#include "bench.h"
#include "http/head.h"
#include "served.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    CLIENTS = 32,
    ROUNDS = 5,
    ROUND_MS = 1500,
};

struct load {
    struct place at;
    atomic_bool *stop;
    atomic_ulong *answers;
};

static void *client_main(void *arg)
{
    const struct load *l = arg;
    int fd = -1;
    while (!atomic_load(l->stop)) {
        bool kept = fd >= 0;
        if (!kept)
            fd = served_dial(&l->at, "127.0.0.2"); /* not trusted */
        served_say(fd);
        bool ok = served_hear(fd);
        if (ok)
            atomic_fetch_add(l->answers, 1);
        if (!ok && !kept) {
            fprintf(stderr, "bench_gate: no answer\n");
            exit(1);
        }
        if (!l->at.keep || !ok) {
            close(fd);
            fd = -1;
        }
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

/* Requests a second of CLIENTS at once. */
static double rate(const struct place *at)
{
    pthread_t t[CLIENTS];
    atomic_bool stop = false;
    atomic_ulong answers = 0;
    struct load l = { *at, &stop, &answers };
    const struct timespec nap = { ROUND_MS / 1000, ROUND_MS % 1000 * 1000000L };
    double from_s = served_now_s();
    for (int i = 0; i < CLIENTS; i++)
        pthread_create(&t[i], NULL, client_main, &l);
    nanosleep(&nap, NULL);
    double took_s = served_now_s() - from_s;
    unsigned long n = atomic_load(&answers);
    atomic_store(&stop, true);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(t[i], NULL);
    return (double)n / took_s;
}

/* The best of ROUNDS, all ways in turns. */
static void compare(const struct place *at, const char *const *name, size_t n,
                    double *best)
{
    memset(best, 0, n * sizeof *best);
    for (int r = 0; r < ROUNDS; r++)
        for (size_t i = 0; i < n; i++) {
            double now = rate(&at[i]);
            best[i] = now > best[i] ? now : best[i];
        }
    for (size_t i = 0; i < n; i++)
        bench_note(name[i], "%.0f requests/s", best[i]);
}

static void read_head(void *arg)
{
    struct es_head h;
    (void)arg;
    if (es_head_parse(es_bytes_str(SERVED_ASK), &h) != ES_HEAD_OK)
        exit(1);
    bench_keep(&h);
}

int main(void)
{
    char folder[] = "/tmp/bench_gate_XXXXXX";
    char listen[64];
    char path[64];
    double best[5];
    signal(SIGPIPE, SIG_IGN);
    served_descriptors();
    if (!mkdtemp(folder))
        return 1;
    (void)snprintf(listen, sizeof listen, "unix:%s/http", folder);
    (void)snprintf(path, sizeof path, "%s/http", folder);
    struct es_http *past = served_start(listen);
    struct es_http *gate = served_start("127.0.0.1:0");
    int port = served_free_port();
    int other = served_free_port();
    struct place at[] = {
        { NULL, es_http_port(gate), false },
        { path, 0, false },
        { path, 0, true },
        { NULL, port, true },
        { NULL, other, true },
    };
    static const char *const NAMES[] = {
        "TCP, through the gate, new connections",
        "Unix socket, no gate, new connections",
        "Unix socket, no gate, kept connections",
        "nginx, then Unix socket, kept connections",
        "nginx, then TCP through the gate",
    };
    pid_t front = served_nginx(folder, port, other, es_http_port(gate), false);
    double one_s = bench_run("a header block, judged", 0, "", read_head, NULL);
    compare(at, NAMES, front ? 5 : 3, best);
    bench_note("judging, of a request on a kept connection", "%.2f %%",
               100 * one_s * best[2]);
    bench_ratio("gate / none, new connections", best[0], best[1]);
    if (front)
        bench_ratio("nginx: gate on TCP / Unix socket", best[4], best[3]);
    served_nginx_stop(front);
    (void)es_http_stop(past, 2000);
    (void)es_http_stop(gate, 2000);
    (void)snprintf(listen, sizeof listen, "rm -r '%s'", folder);
    return system(listen) == 0 ? 0 : 1;
}
