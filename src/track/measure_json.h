/* SPDX-License-Identifier: Apache-2.0 */
/* A measure as JSON members: the same words in `everystep inspect --json`, in
 * receipts and in exports. */
#ifndef ES_TRACK_MEASURE_JSON_H
#define ES_TRACK_MEASURE_JSON_H

#include "base/buf.h"
#include "track/measure.h"

/* Appends "format" to "device" (DESIGN: inspect), with a comma before them
 * unless an object has just been opened. Verdict and findings are apart. */
void es_measure_json(struct es_buf *b, const struct es_measure *m);

/* Appends `key`: [findings]. */
void es_findings_json(struct es_buf *b, const char *key,
                      const struct es_finding *f, size_t n);

/* Appends `key`: [warnings]. */
void es_warnings_json(struct es_buf *b, const char *key,
                      const struct es_warning *w, size_t n);

#endif
