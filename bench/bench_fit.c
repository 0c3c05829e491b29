/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* FIT files to points, beside what no reader can do without: walking from
 * message to message and the checksum, by tables of eight bytes as the fastest
 * of the others do it. */
#include "bench.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc.h"
#include "base/file.h"
#include "base/limits.h"
#include "decode/decode.h"
#include "fit_walk.h"

enum { FILES_MAX = 4096 };

struct set {
    struct es_buf v[FILES_MAX];
    size_t n, bytes, points;
};

static size_t decode_one(struct es_bytes in)
{
    struct es_arena a;
    struct es_tracks t = { 0 };
    size_t points = 0;
    es_arena_init(&a, ES_DECODE_MEM);
    if (es_fit_decode(in, &a, &t, NULL) == ES_OK)
        for (size_t i = 0; i < t.n; i++)
            points += t.v[i].n;
    bench_keep(&t);
    es_arena_release(&a);
    return points;
}

static void decode_set(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++)
        decode_one(es_buf_bytes(&s->v[i]));
}

static void walk_set(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++) {
        struct es_bytes in = es_buf_bytes(&s->v[i]);
        size_t messages = bench_fit_walk(in);
        uint16_t crc = es_crc16_tables(0, in);
        bench_keep(&messages);
        bench_keep(&crc);
    }
}

static void checksum_set(void *arg)
{
    const struct set *s = arg;
    for (size_t i = 0; i < s->n; i++) {
        uint16_t crc = es_crc16(0, es_buf_bytes(&s->v[i]));
        bench_keep(&crc);
    }
}

static void set_load(struct set *s, const char *pattern)
{
    glob_t g;
    if (glob(pattern, 0, NULL, &g) != 0)
        return;
    for (size_t i = 0; i < g.gl_pathc && s->n < FILES_MAX; i++) {
        struct es_buf *b = &s->v[s->n];
        if (es_file_load(g.gl_pathv[i], ES_UPLOAD_MAX, b, NULL) != ES_OK)
            continue;
        size_t points = decode_one(es_buf_bytes(b));
        s->points += points;
        s->bytes += points ? b->n : 0;
        s->n += points > 0;
        if (points == 0)
            es_buf_release(b);
    }
    globfree(&g);
}

int main(int argc, char **argv)
{
    static struct set s;
    bench_by_cpu_time();
    set_load(&s, argc > 1 ? argv[1] : "../shared/tracks/fit/*.fit");
    if (s.n == 0) {
        bench_note("FIT, real files", "no such files here: left out");
        return 0;
    }
    double mb = (double)s.bytes / 1e6;
    bench_note("FIT, real files", "%zu files, %.1f MB, %zu points", s.n, mb,
               s.points);
    double ours = bench_run("to points", mb, "MB", decode_set, &s);
    double base =
        bench_run("walk + checksum by tables", mb, "MB", walk_set, &s);
    bench_run("our checksum alone", mb, "MB", checksum_set, &s);
    bench_ratio("walk + checksum / to points", base, ours);
    for (size_t i = 0; i < s.n; i++)
        es_buf_release(&s.v[i]);
    return 0;
}
