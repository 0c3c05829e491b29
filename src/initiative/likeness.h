/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whether a run that is about to be stored is a recording that somebody has
 * handed in before. Looked for within its initiative only: people who run for
 * two of them hand the same run in to both, and rightly. Inside initiative/.
 *
 * The index may know of a run before it is stored (a write that is under way),
 * never the other way round: so of two copies that come in at once, one sees
 * the other. It is derived; a crash leaves nothing behind. */
#ifndef ES_INITIATIVE_LIKENESS_H
#define ES_INITIATIVE_LIKENESS_H

#include "initiative/run_write.h"

/* Fills app->copies from the store. */
ES_MUST_CHECK enum es_code es_likeness_load(struct es_app *app,
                                            struct es_err *e);

/* Makes the marks of a measured run. */
void es_likeness_mark(struct es_app *app, const struct es_sketch *sketch,
                      struct es_new_run *n);

/* Compares the run with those that it may be a copy of, and adds a finding for
 * what they say. `upload` is the file that n->run.activity is in.
 * ES_EBUSY, ES_ENOMEM: it could not be done now. */
ES_MUST_CHECK enum es_code
es_likeness_judge(struct es_app *app, struct es_bytes upload,
                  const uint8_t hash[ES_HASH], struct es_new_run *n,
                  struct es_arena *a, struct es_err *e);

/* Inside the write: keeps the marks and what was found, and adds the run to the
 * index. ES_EEXIST: another has come that it must be compared with first,
 * unless `last`; may run again. */
ES_MUST_CHECK enum es_code es_likeness_settle(struct es_app *app,
                                              struct es_txn *tx,
                                              struct es_new_run *n, bool last,
                                              struct es_err *e);
/* After a write that was undone. */
void es_likeness_undo(struct es_app *app, struct es_new_run *n);

/* Inside a write that takes a run back: out of the store; *out is what the
 * index has it under, for es_copies_drop once that is durable. */
ES_MUST_CHECK enum es_code
es_likeness_forget(struct es_txn *tx, const struct es_run *run,
                   struct es_arena *a, struct es_marks *out, struct es_err *e);

#endif
