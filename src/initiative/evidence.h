/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The picture that a person hands in with a typed-in run. It is kept for its
 * owner and for reviewers, and for nobody else. */
#ifndef ES_INITIATIVE_EVIDENCE_H
#define ES_INITIATIVE_EVIDENCE_H

#include "initiative/app.h"

/* Makes one anew (image/image.h) of the file in `fd`, a memfd that is sealed
 * here if it isn't yet. Errors as es_ingest_picture. */
ES_MUST_CHECK enum es_code es_evidence_make(struct es_app *app, int fd,
                                            struct es_arena *a,
                                            struct es_picture_size *out,
                                            struct es_err *e);

/* Of a run, without its bytes. ES_ENOENT: it has none. */
struct es_evidence_info {
    int64_t at_ms;
    int32_t width, height;
};
ES_MUST_CHECK enum es_code es_run_evidence(struct es_app *app,
                                           int64_t initiative, int64_t run,
                                           struct es_evidence_info *out,
                                           struct es_err *e);
/* The JPEG itself, into *out (initialised here, the caller's to release). The
 * caller has made sure who asks. */
ES_MUST_CHECK enum es_code es_run_evidence_read(struct es_app *app,
                                                int64_t initiative, int64_t run,
                                                struct es_buf *out,
                                                struct es_err *e);

#endif
