/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a person's runs count together, kept right in the store when one comes,
 * goes or stands otherwise. Inside initiative/ only. */
#ifndef ES_INITIATIVE_SHARES_H
#define ES_INITIATIVE_SHARES_H

#include "initiative/run_write.h"

/* Adds one; what moves nothing is passed over. */
ES_MUST_CHECK enum es_code es_moves_add(struct es_moves *m, struct es_arena *a,
                                        const struct es_move *one,
                                        struct es_err *e);
/* Tells the standings, the days and the figures; nobody else. After the
 * commit. */
void es_moves_tell(struct es_app *app, const struct es_moves *m);

/* Who changes the ledger, and why. */
struct es_cause {
    const char *actor, *reason;
};

/* Shares out anew among the accepted runs of r->participant, when the rules
 * ask for that. Those that count otherwise than before get findings, ledger
 * entries and a move each; r itself, whose ledger is its caller's, only what it
 * counts and its findings, in *r and in the store. `alone_mm` and `day` are
 * its verdict's. */
ES_MUST_CHECK enum es_code
es_shares_settle(struct es_txn *tx, const struct es_rules *rules,
                 struct es_run *r, int64_t alone_mm, int64_t day,
                 struct es_cause why, struct es_arena *a, struct es_moves *out,
                 struct es_err *e);
/* The same for a run whose day is known already. */
ES_MUST_CHECK enum es_code
es_shares_resettle(struct es_txn *tx, const struct es_rules *rules,
                   struct es_run *r, struct es_cause why, struct es_arena *a,
                   struct es_moves *out, struct es_err *e);

#endif
