/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A worker that was taken over may answer anything. */
#include "base/limits.h"
#include "ingest/ingest_int.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct es_arena a;
    struct es_ingest_result r = { 0 };
    es_arena_init(&a, 64 << 20);
    enum es_code rc = es_ingest_check((struct es_bytes){ p, n }, &a, &r, NULL);
    assert((rc == ES_OK) == (r.v != NULL));
    for (size_t i = 0; i < r.n; i++) {
        const struct es_ingest_item *it = &r.v[i];
        assert(it->code == ES_OK || it->code >= ES_EEMPTY);
        assert(it->code == it->err.code);
        assert(it->code != ES_OK || it->activity < it->activities);
        assert(it->n_warnings <= ES_WARNINGS_MAX);
        assert(it->m.n_splits <= ES_SPLITS_MAX);
        assert(it->m.n_findings <= ES_FINDINGS_MAX);
        assert(!isinf(it->m.dist_m));
    }
    es_arena_release(&a);
    return 0;
}
