/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From preliminary to final: what is still open, the results frozen and signed
 * as a file that anybody can check, and corrections.
 *
 * While an initiative is final nothing changes that its results are made of:
 * no run comes, none is decided. A correction makes them preliminary again;
 * freezing them then makes the next version. Versions stay. */
#ifndef ES_INITIATIVE_RESULTS_H
#define ES_INITIATIVE_RESULTS_H

#include "auth/sign.h"
#include "initiative/app.h"
#include "initiative/rules.h"
#include "store/results.h"

/* What may still change the results. */
struct es_results_open {
    int64_t waiting, appeals; /* runs before a person; appeals apart */
    int64_t last_ms;          /* runs are handed in until then */
    bool running;             /* that is still to come */
    bool judging;             /* runs are being judged by other rules */
};
ES_MUST_CHECK enum es_code es_results_open(struct es_app *app,
                                           const struct es_initiative *ini,
                                           int64_t now_ms, struct es_arena *a,
                                           struct es_results_open *out,
                                           struct es_err *e);
bool es_results_any_open(const struct es_results_open *o);

/* Freezes and signs; the new version in *version. `why` is needed from the
 * second version on (ES_EINVAL). ES_ECONFLICT: runs are being judged, they
 * are final already, or it is a draft. */
ES_MUST_CHECK enum es_code
es_results_finish(struct es_app *app, int64_t initiative, int64_t account,
                  const char *why, int32_t *version, struct es_err *e);
/* Preliminary again. ES_ECONFLICT: they are not final. */
ES_MUST_CHECK enum es_code
es_results_correct(struct es_app *app, int64_t initiative, struct es_err *e);

/* The instance's public key for results. */
void es_results_key(const struct es_app *app, uint8_t out[ES_SIGN_PUBLIC]);

/* The public results as they are now, piece by piece, so that they need not be
 * whole anywhere: a page of a list at each call. The last byte of the piece
 * before stands in *b, for the comma. Zero but for the first three. */
enum { ES_RESULTS_CURSOR = 128, ES_RESULTS_AGES = 12 };
struct es_results_pen {
    int32_t version; /* 0: preliminary, of no time and with no reason */
    const char *why;
    int64_t at_ms;
    bool begun, done;
    struct es_rules rules;
    int32_t ages[ES_RESULTS_AGES]; /* where its age groups begin */
    size_t n_ages;
    size_t list, age; /* whose turn it is; age 0: of all ages */
    char cursor[ES_RESULTS_CURSOR];
};
ES_MUST_CHECK enum es_code es_results_some(struct es_app *app,
                                           const struct es_initiative *ini,
                                           struct es_results_pen *pen,
                                           struct es_buf *b, struct es_err *e);

/* All of it: JSON in one order of members and without white space
 * (docs/FILES.md). out->bad when they are too large. */
ES_MUST_CHECK enum es_code es_results_json(struct es_app *app,
                                           const struct es_initiative *ini,
                                           int32_t version, const char *why,
                                           int64_t at_ms, struct es_buf *out,
                                           struct es_err *e);

/* The file: the results in an envelope with their hash and signature. */
void es_results_seal(const struct es_app *app, struct es_bytes results,
                     uint8_t sha256[ES_SHA256], struct es_buf *out);
/* Takes such a file apart; results point into it. ES_EMALFORMED: not one of
 * ours; ES_EDENIED: something in it was changed. */
ES_MUST_CHECK enum es_code es_results_unseal(struct es_bytes file,
                                             struct es_bytes *results,
                                             uint8_t key[ES_SIGN_PUBLIC],
                                             struct es_err *e);

#endif
