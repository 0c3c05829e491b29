/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An order that can be counted: a treap (Seidel and Aragon 1996,
 * doi:10.1007/BF01940876) whose nodes know the size of what hangs below them.
 * The nodes live inside what is ordered, so that nothing here can fail. The
 * larger value stands first, of equal values the smaller id. Not thread-safe
 * by itself. */
#ifndef ES_STANDINGS_ORDER_H
#define ES_STANDINGS_ORDER_H

#include <stddef.h>
#include <stdint.h>

/* The zero state is in no order. */
struct es_order_node {
    int64_t value, id; /* the key; change only while in no order */
    struct es_order_node *left, *right;
    uint32_t prio;
    uint32_t size; /* of the subtree, itself included; 0 = in no order */
};

/* The zero state is empty. */
struct es_order {
    struct es_order_node *root;
};

/* n is in no order and its key in o not yet. `prio` is random and not to be
 * foreseen by whoever chooses the values: the depth hangs on it. */
void es_order_insert(struct es_order *o, struct es_order_node *n,
                     uint32_t prio);
/* n is in o. Its key stays. */
void es_order_remove(struct es_order *o, struct es_order_node *n);

/* How many stand before the key (value, id), which need not be in o. With
 * INT64_MIN for the id: how many have a larger value. */
size_t es_order_before(const struct es_order *o, int64_t value, int64_t id);

/* Up to `want` nodes from the place `from` (0 is first) on; how many there
 * were. O(log n + want). */
size_t es_order_slice(const struct es_order *o, size_t from,
                      const struct es_order_node **out, size_t want);

#endif
