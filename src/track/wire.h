/* SPDX-License-Identifier: Apache-2.0 */
/* A measure as bytes: from the sandboxed worker to the server, and as it is
 * stored with each run. */
#ifndef ES_TRACK_WIRE_H
#define ES_TRACK_WIRE_H

#include "base/buf.h"
#include "track/measure.h"

/* Appends *m, starting with a version byte. A buffer that is full says so
 * itself (b->bad). */
void es_measure_put(struct es_buf *b, const struct es_measure *m);

/* Reads what es_measure_put wrote, from r's place on; strings and arrays of
 * *m live in `a`. The bytes may be a stranger's: every count is held against
 * its limit, every number against its range, every string against UTF-8.
 * Errors: ES_EMALFORMED or ES_ETRUNCATED with the offset in r, ES_ENOMEM;
 *         then *m is untouched. */
ES_MUST_CHECK enum es_code es_measure_get(struct es_rd *r, struct es_arena *a,
                                          struct es_measure *m,
                                          struct es_err *e);

/* The same for findings alone, as the store keeps those of a run (the track's
 * and the rules' together). n <= ES_FINDINGS_MAX. */
void es_findings_put(struct es_buf *b, const struct es_finding *f, size_t n);
ES_MUST_CHECK enum es_code es_findings_get(struct es_rd *r, struct es_arena *a,
                                           struct es_finding **out, size_t *n,
                                           struct es_err *e);

#endif
