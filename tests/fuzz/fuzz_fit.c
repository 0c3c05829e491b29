/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as a FIT file: a result or an error, a measure of it that goes
 * through the wire, and a file of ours that reads back as long. */
#include "base/limits.h"
#include "decode/decode.h"
#include "track/measure.h"
#include "track/wire.h"
#include "write/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void measure_and_send(const struct es_track *tr, struct es_arena *a)
{
    struct es_measure m, back;
    struct es_buf b;
    struct es_rd r;
    enum es_code rc = es_measure(tr, ES_FORMAT_FIT, a, &m, NULL);
    assert(rc == ES_OK || rc == ES_ENOMEM);
    if (rc != ES_OK)
        return;
    es_buf_init(&b, ES_FRAME_MAX);
    es_measure_put(&b, &m);
    es_rd_init(&r, es_buf_bytes(&b));
    rc = es_measure_get(&r, a, &back, NULL);
    assert(rc == ES_OK || rc == ES_ENOMEM);
    es_buf_release(&b);
}

static void write_and_read(const struct es_track *tr, struct es_arena *a)
{
    struct es_tracks t;
    struct es_buf b;
    es_buf_init(&b, ES_UPLOAD_MAX);
    if (es_fit_write(tr, &b, NULL) == ES_OK) {
        enum es_code rc = es_fit_decode(es_buf_bytes(&b), a, &t, NULL);
        assert(rc == ES_OK || rc == ES_ENOMEM);
        assert(rc != ES_OK || (t.n == 1 && t.v[0].n == tr->n));
    }
    es_buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct es_arena a;
    struct es_tracks t = { 0 };
    struct es_err e = { 0 };
    es_arena_init(&a, ES_DECODE_MEM);
    enum es_code rc = es_fit_decode((struct es_bytes){ p, n }, &a, &t, &e);
    assert((rc == ES_OK) == (t.v != NULL));
    assert(rc == ES_OK || e.at <= n);
    for (size_t i = 0; i < t.n; i++) {
        measure_and_send(&t.v[i], &a);
        write_and_read(&t.v[i], &a);
    }
    es_arena_release(&a);
    return 0;
}
