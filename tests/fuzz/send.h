/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_TESTS_FUZZ_SEND_H
#define ES_TESTS_FUZZ_SEND_H

#include "base/limits.h"
#include "track/measure.h"
#include "track/wire.h"

/* Whatever was decoded can be measured, and the server believes the measure
 * that its worker sends. */
static inline void measure_and_send(const struct es_track *tr,
                                    enum es_format format, struct es_arena *a)
{
    struct es_measure m;
    struct es_measure back;
    struct es_buf b = { 0 };
    struct es_rd r;
    enum es_code rc = es_measure(tr, format, a, &m, NULL);
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

#endif
