/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Receipts. */
#include "initiative/runs.h"

#include "initiative/review.h"
#include "track/wire.h"

static enum es_code unpack(const struct es_run *run, struct es_arena *a,
                           struct es_receipt *out, struct es_err *e)
{
    struct es_rd rd;
    es_rd_init(&rd, run->measure);
    enum es_code rc = es_measure_get(&rd, a, &out->measure, e);
    if (rc != ES_OK)
        return rc;
    es_rd_init(&rd, run->findings);
    return es_findings_get(&rd, a, &out->findings, &out->n_findings, e);
}

enum es_code es_receipt_of(struct es_app *app, const struct es_run *run,
                           struct es_arena *a, struct es_receipt *out,
                           struct es_err *e)
{
    struct es_receipt r = { .run = *run };
    struct es_standing self = { 0 };
    struct es_standing *rows;
    size_t n;
    struct es_standings *s = es_app_standings(app, run->initiative);
    enum es_code rc = unpack(run, a, &r, e);
    if (rc == ES_OK && s)
        rc = es_standings_of(s, run->participant, 0, a, &self, &rows, &n, e);
    if (rc != ES_OK)
        return rc;
    r.participant_total_mm = self.dist_mm;
    *out = r;
    return ES_OK;
}

enum es_code es_receipt_steps(struct es_app *app, struct es_receipt *r,
                              struct es_arena *a, struct es_err *e)
{
    return es_store_steps_of(app->store, r->run.initiative, r->run.id, a,
                             &r->steps, &r->n_steps, e);
}
