/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Numbers as text: three a point in every GPX file. */
#include "base/num.h"
#include "bench.h"

static void parse(void *arg)
{
    double v = 0;
    if (es_num_f64(*(struct es_bytes *)arg, &v))
        bench_keep(&v);
}

static void print(void *arg)
{
    struct es_buf *b = arg;
    es_buf_clear(b);
    es_buf_num(b, 41.0082376, 7);
    bench_keep(b->p);
}

int main(void)
{
    struct es_bytes text = es_bytes_str("41.0082376");
    struct es_buf b;

    bench_run("num: parse 41.0082376", 1, "numbers", parse, &text);
    es_buf_init(&b, 64);
    bench_run("num: print 41.0082376", 1, "numbers", print, &b);
    es_buf_release(&b);
    return 0;
}
