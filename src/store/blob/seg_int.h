/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_STORE_BLOB_SEG_INT_H
#define ES_STORE_BLOB_SEG_INT_H

#include "store/blob/segments.h"

#include <dirent.h>

#define ES_SEG_NAME 32
const char *es_seg_name(int64_t number, char out[ES_SEG_NAME]);
/* False when it is not the name of a segment. */
bool es_seg_number(const char *name, int64_t *number);

/* By errno. A want of room is the world's state, not damage (ES_EBUSY): the
 * caller may try later. */
enum es_code es_seg_fail(struct es_err *e, const char *what);

/* A stream of its own over the folder, so that threads don't share one; NULL
 * with errno. */
DIR *es_seg_list(const struct es_segments *g);

#endif
