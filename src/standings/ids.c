/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "standings/ids.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_CAP = 64 };

/* Ids are time-ordered with random low bits; the mix (Stafford's variant 13
 * of MurmurHash3's finaliser) spreads both over the table. */
static size_t mix(int64_t id)
{
    uint64_t x = (uint64_t)id;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return (size_t)(x ^ x >> 31);
}

/* The slot that holds the id, or the empty one where it belongs. */
static struct es_ids_slot *probe(struct es_ids_slot *slots, size_t cap,
                                 int64_t id)
{
    size_t i = mix(id) & (cap - 1);
    while (slots[i].value && slots[i].id != id)
        i = (i + 1) & (cap - 1);
    return &slots[i];
}

void es_ids_release(struct es_ids *m)
{
    free(m->slots);
    *m = (struct es_ids){ 0 };
}

void *es_ids_get(const struct es_ids *m, int64_t id)
{
    return m->cap ? probe(m->slots, m->cap, id)->value : NULL;
}

enum es_code es_ids_reserve(struct es_ids *m, struct es_err *e)
{
    if (m->n < m->cap / 4 * 3)
        return ES_OK;
    size_t cap = m->cap ? m->cap * 2 : FIRST_CAP;
    struct es_ids_slot *slots = calloc(cap, sizeof *slots);
    if (!slots)
        return es_fail(e, ES_ENOMEM, 0, "no memory for %zu ids", cap);
    for (size_t i = 0; i < m->cap; i++)
        if (m->slots[i].value)
            *probe(slots, cap, m->slots[i].id) = m->slots[i];
    free(m->slots);
    m->slots = slots;
    m->cap = cap;
    return ES_OK;
}

void es_ids_put(struct es_ids *m, int64_t id, void *value)
{
    assert(value && m->n < m->cap / 4 * 3);
    struct es_ids_slot *slot = probe(m->slots, m->cap, id);
    assert(!slot->value);
    *slot = (struct es_ids_slot){ .id = id, .value = value };
    m->n++;
}

void es_ids_each(const struct es_ids *m, void (*fn)(void *value, void *arg),
                 void *arg)
{
    for (size_t i = 0; i < m->cap; i++)
        if (m->slots[i].value)
            fn(m->slots[i].value, arg);
}
