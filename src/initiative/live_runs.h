/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Runs that are told of while they last: what comes in, and whether the file
 * that comes at the end agrees with it, which makes the run "live".
 *
 * A report says when the last fix was and how many metres there are so far,
 * never where. So nothing about a place leaves the phone before its owner sends
 * the run, and who invents a run must do so while it would last. */
#ifndef ES_INITIATIVE_LIVE_RUNS_H
#define ES_INITIATIVE_LIVE_RUNS_H

#include "initiative/app.h"
#include "store/live.h"
#include "track/measure.h"

enum { ES_RECORDING_MIN = 16, ES_RECORDING_MAX = 64 };

/* Whether it can be a recorder's name for a run: ES_RECORDING_MIN to _MAX of
 * 0-9 and a-f. */
bool es_recording_name(const char *s);

/* Keeps what came in now. Errors: ES_EINVAL (no such name, no such time or
 * distance), or the store's. */
ES_MUST_CHECK enum es_code es_live_report(struct es_app *app,
                                          const struct es_participant *who,
                                          const char *recording, int64_t t_ms,
                                          double dist_m, struct es_err *e);

/* Whether the reports of a recording came as the run that was measured
 * happened: each at its time, with its metres, for most of it. */
bool es_live_agrees(const struct es_live_report *v, size_t n,
                    const struct es_measure *m);
/* The same for what the store has. */
ES_MUST_CHECK enum es_code
es_live_told(struct es_app *app, const struct es_participant *who,
             const char *recording, const struct es_measure *m,
             struct es_arena *a, bool *out, struct es_err *e);

/* The run was handed in: its reports are no longer needed. */
void es_live_done(struct es_app *app, const struct es_participant *who,
                  const char *recording);

#endif
