/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What `everystep inspect` says of one decoded thing. */
#ifndef ES_CLI_INSPECT_PRINT_H
#define ES_CLI_INSPECT_PRINT_H

#include "base/buf.h"
#include "ingest/ingest.h"

/* Appends one line of JSON, in the words that DESIGN fixes; `file` as it was
 * given. An item that could not be used is an "error". */
void es_inspect_json(struct es_buf *b, const char *file,
                     const struct es_ingest_item *item);

/* Appends the same for a person to read: kilometres, times and pace, splits,
 * findings. Nothing in it can steer a terminal. */
void es_inspect_text(struct es_buf *b, const char *file,
                     const struct es_ingest_item *item);

#endif
