/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as a FIT file: a result or an error, a measure of it that goes
 * through the wire, and a file of ours that reads back as long. */
#include "base/limits.h"
#include "decode/decode.h"
#include "fit_mutate.h"
#include "send.h"
#include "write/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
size_t LLVMFuzzerMutate(uint8_t *p, size_t n, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t max, unsigned seed);

/* Bytes by chance find the frame's faults, messages by chance the rest. */
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t max, unsigned seed)
{
    return seed % 4 ? fit_mutate(p, n, max, seed) : LLVMFuzzerMutate(p, n, max);
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
    size_t points = 0;
    for (size_t i = 0; i < t.n; i++)
        points += t.v[i].n + t.v[i].n_merged;
    assert(rc != ES_OK || a.used <= n + 96 * points + (1u << 20));
    for (size_t i = 0; i < t.n; i++) {
        measure_and_send(&t.v[i], ES_FORMAT_FIT, &a);
        write_and_read(&t.v[i], &a);
    }
    es_arena_release(&a);
    return 0;
}
