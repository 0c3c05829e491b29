/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_BENCH_FIT_WALK_H
#define ES_BENCH_FIT_WALK_H

#include "base/bytes.h"

/* From one message of a whole FIT file to the next by the sizes of their
 * definitions, which no reader can do without. Returns their number. */
size_t bench_fit_walk(struct es_bytes in);

#endif
