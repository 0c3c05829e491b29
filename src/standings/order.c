/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "standings/order.h"

#include <assert.h>
#include <stdbool.h>

static bool stands_before(const struct es_order_node *n, int64_t value,
                          int64_t id)
{
    return n->value > value || (n->value == value && n->id < id);
}

static uint32_t size_of(const struct es_order_node *n)
{
    return n ? n->size : 0;
}

static void recount(struct es_order_node *n)
{
    n->size = 1 + size_of(n->left) + size_of(n->right);
}

/* What stands before n's key and what stands after it. Recursion in this file
 * goes as deep as the treap, which is O(log n) with random priorities. */
static void split(struct es_order_node *t, const struct es_order_node *n,
                  struct es_order_node **before, struct es_order_node **after)
{
    if (!t) {
        *before = *after = NULL;
        return;
    }
    if (stands_before(t, n->value, n->id)) {
        split(t->right, n, &t->right, after);
        *before = t;
    } else {
        split(t->left, n, before, &t->left);
        *after = t;
    }
    recount(t);
}

static struct es_order_node *join(struct es_order_node *a,
                                  struct es_order_node *b)
{
    if (!a || !b)
        return a ? a : b;
    if (a->prio >= b->prio) {
        a->right = join(a->right, b);
        recount(a);
        return a;
    }
    b->left = join(a, b->left);
    recount(b);
    return b;
}

void es_order_insert(struct es_order *o, struct es_order_node *n, uint32_t prio)
{
    assert(n->size == 0);
    struct es_order_node **at = &o->root;
    while (*at && (*at)->prio >= prio) {
        struct es_order_node *t = *at;
        t->size++;
        at = stands_before(t, n->value, n->id) ? &t->right : &t->left;
    }
    n->prio = prio;
    split(*at, n, &n->left, &n->right);
    recount(n);
    *at = n;
}

void es_order_remove(struct es_order *o, struct es_order_node *n)
{
    assert(n->size > 0);
    struct es_order_node **at = &o->root;
    while (*at != n) {
        struct es_order_node *t = *at;
        assert(t);
        t->size--;
        at = stands_before(t, n->value, n->id) ? &t->right : &t->left;
    }
    *at = join(n->left, n->right);
    n->left = n->right = NULL;
    n->size = 0;
}

size_t es_order_before(const struct es_order *o, int64_t value, int64_t id)
{
    size_t count = 0;
    const struct es_order_node *t = o->root;
    while (t) {
        if (stands_before(t, value, id)) {
            count += size_of(t->left) + 1;
            t = t->right;
        } else {
            t = t->left;
        }
    }
    return count;
}

static size_t slice(const struct es_order_node *t, size_t from,
                    const struct es_order_node **out, size_t want)
{
    if (want == 0 || from >= size_of(t))
        return 0;
    size_t left = size_of(t->left);
    size_t n = slice(t->left, from, out, want);
    if (n < want && from <= left)
        out[n++] = t;
    if (n < want)
        n += slice(t->right, from > left ? from - left - 1 : 0, out + n,
                   want - n);
    return n;
}

size_t es_order_slice(const struct es_order *o, size_t from,
                      const struct es_order_node **out, size_t want)
{
    return slice(o->root, from, out, want);
}
