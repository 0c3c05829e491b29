/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the sandbox costs: an upload decoded and measured in a worker, and the
 * same work done in this process. */
#include "base/limits.h"
#include "base/time.h"
#include "bench.h"
#include "ingest/ingest.h"
#include "worker/decode_job.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 8, CALLS = 500 };

struct load {
    struct es_ingest *in;
    struct es_buf file;
};

static void make_gpx(struct es_buf *b, unsigned points)
{
    char when[ES_TIME_TEXT];
    es_buf_init(b, ES_UPLOAD_MAX);
    es_buf_str(b, "<gpx version=\"1.1\"><trk><trkseg>\n");
    for (unsigned i = 0; i < points; i++)
        es_buf_fmt(b,
                   "<trkpt lat=\"-47.%06u\" lon=\"-90.%06u\"><ele>%u.5</ele>"
                   "<time>%s</time></trkpt>\n",
                   i * 27, i * 3, i % 50,
                   es_time_text(1750000000000 + (int64_t)i * 1000, when));
    es_buf_str(b, "</trkseg></trk></gpx>\n");
    if (b->bad)
        abort();
}

static void in_worker(void *arg)
{
    struct load *l = arg;
    struct es_ingest_result r = { 0 };
    struct es_arena a;
    es_arena_init(&a, 16 << 20);
    if (es_ingest_bytes(l->in, es_buf_bytes(&l->file), &a, &r, NULL) != ES_OK ||
        r.v[0].code != ES_OK)
        abort();
    es_arena_release(&a);
}

static void in_process(void *arg)
{
    struct load *l = arg;
    struct es_buf answer;
    es_buf_init(&answer, ES_FRAME_MAX);
    es_decode_job((struct es_bytes){ 0 }, es_buf_bytes(&l->file), &answer);
    bench_keep(answer.p);
    es_buf_release(&answer);
}

static void *many(void *arg)
{
    for (int i = 0; i < CALLS; i++)
        in_worker(arg);
    return NULL;
}

static void note_many(struct load *l)
{
    pthread_t t[THREADS];
    int64_t from = es_time_mono_ms();
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&t[i], NULL, many, l) != 0)
            abort();
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    double s = (double)(es_time_mono_ms() - from) / 1000;
    bench_note("100 points, 8 threads", "%.0f uploads/s", THREADS * CALLS / s);
}

static struct es_ingest *open_pool(void)
{
    char exe[4096];
    struct es_ingest_config c = { .zygote_fd = -1, .exe = exe };
    struct es_ingest *in = NULL;
    struct es_err e = { 0 };
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 32);
    exe[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(exe, '/');
    if (!slash)
        abort();
    memcpy(slash, "/../everystep-decode", sizeof "/../everystep-decode");
    if (es_ingest_open(&c, &in, &e) != ES_OK) {
        fprintf(stderr, "%s\n", e.msg);
        exit(1);
    }
    return in;
}

int main(void)
{
    struct load small = { .in = open_pool() }, hour = { .in = small.in };
    make_gpx(&small.file, 100);
    make_gpx(&hour.file, 3600);
    double a =
        bench_run("100 points, in a worker", 1, "uploads", in_worker, &small);
    double b =
        bench_run("100 points, in process", 1, "uploads", in_process, &small);
    bench_ratio("in a worker / in process", a, b);
    a = bench_run("1 h, in a worker", 1, "uploads", in_worker, &hour);
    b = bench_run("1 h, in process", 1, "uploads", in_process, &hour);
    bench_ratio("in a worker / in process", a, b);
    note_many(&small);
    es_buf_release(&small.file);
    es_buf_release(&hour.file);
    es_ingest_close(small.in);
    return 0;
}
