/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Brings the demo's world into an empty instance, the way that people do:
 * each person registers, each file is decoded in the sandbox, judged and made
 * durable. */
#ifndef ES_CLI_DEMO_SEED_H
#define ES_CLI_DEMO_SEED_H

#include "initiative/app.h"

/* Runs taken in so far, of how many. Called by one thread at a time. False
 * ends the seeding early. */
typedef bool es_demo_progress_fn(void *arg, size_t done, size_t total);

/* Shows it on standard error: one line that changes on a terminal, a line
 * every hundred runs elsewhere. `arg` is not used. False when SIGINT or SIGTERM
 * is pending: who holds them back while it seeds is still stopped by them. */
bool es_demo_show(void *arg, size_t done, size_t total);

/* Whether es_demo_seed has not been through yet. */
ES_MUST_CHECK enum es_code es_demo_missing(struct es_app *app, bool *missing,
                                           struct es_err *e);

/* Does nothing when the instance holds an initiative that isn't the demo's or
 * when all of the demo is there; goes on where a call before was cut off or
 * ended early (which is ES_OK, too). `progress` may be NULL. Needs app->ingest.
 * Errors are those of initiative/: what came in until then stays. */
ES_MUST_CHECK enum es_code es_demo_seed(struct es_app *app,
                                        es_demo_progress_fn *progress,
                                        void *arg, struct es_err *e);

#endif
