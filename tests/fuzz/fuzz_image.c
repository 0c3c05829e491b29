/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pictures as strangers bring them; and, from the same bytes, a worker's
 * answer as whoever took it over would write it. */
#include "image/image.h"
#include "ipc/picture.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { MEM = 64 << 20 };

static const struct es_picture_ask ASK = { { 64, 16 }, 2 };

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct es_bytes file = { p, n };
    struct es_picture_made m = { .n = 0 };
    struct es_err e = { 0 };
    struct es_arena a;
    enum es_code code;

    es_arena_init(&a, MEM);
    enum es_code rc = es_picture_make(file, &ASK, &a, &m, &e);
    assert((rc == ES_OK) == (m.n > 0));
    for (size_t i = 0; i < m.n; i++)
        assert(es_jpeg_is_bare(m.v[i].jpeg, m.v[i].width, m.v[i].height));
    if (es_picture_answer_get(file, &ASK, &a, &code, &m, &e) == ES_OK)
        assert(code != ES_OK || m.n > 0);
    es_arena_release(&a);
    return 0;
}
