/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/limits.h"
#include "decode/decode.h"
#include "track/measure.h"

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
    for (size_t i = 0; i < t.n; i++) {
        struct es_measure m;
        (void)es_measure(&t.v[i], t.format, &a, &m, &e);
    }
    es_arena_release(&a);
    return 0;
}
