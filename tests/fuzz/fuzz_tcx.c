/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "decode/decode.h"
#include "send.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct es_arena a;
    struct es_tracks t = { 0 };
    struct es_err e = { 0 };
    es_arena_init(&a, ES_DECODE_MEM);
    enum es_code rc = es_tcx_decode((struct es_bytes){ p, n }, &a, &t, &e);
    assert((rc == ES_OK) == (t.v != NULL));
    assert(rc == ES_OK || e.at <= n);
    for (size_t i = 0; i < t.n; i++)
        measure_and_send(&t.v[i], t.format, &a);
    es_arena_release(&a);
    return 0;
}
