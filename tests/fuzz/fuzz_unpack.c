/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/limits.h"
#include "decode/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct es_arena a;
    struct es_members m = { 0 };
    struct es_err e = { 0 };
    size_t total = 0;
    es_arena_init(&a, ES_DECODE_MEM);
    enum es_code rc = es_unpack((struct es_bytes){ p, n }, &a, &m, &e);
    assert((rc == ES_OK) == (m.v != NULL));
    assert(rc == ES_OK || e.at <= n);
    for (size_t i = 0; i < m.n; i++) {
        total += m.v[i].bytes.n;
        assert(m.v[i].code == ES_OK || m.v[i].bytes.p == NULL);
        for (size_t k = 0; k < m.v[i].bytes.n; k += 4096)
            assert(m.v[i].bytes.p[k] + 1 > 0); /* it is there to be read */
        (void)es_sniff(m.v[i].bytes);
    }
    assert(total <= ES_UNPACKED_MAX + n);
    es_arena_release(&a);
    return 0;
}
