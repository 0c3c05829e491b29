/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/evidence.h"

#include "initiative/media.h"
#include "store/media.h"

/* The display of a treadmill, read on a desktop, needs no more. */
static const struct es_picture_ask ASK = { { 1600 }, 1 };

enum es_code es_evidence_make(struct es_app *app, int fd, struct es_arena *a,
                              struct es_picture_size *out, struct es_err *e)
{
    struct es_picture_made made;
    enum es_code rc = es_picture_take(app, fd, &ASK, a, &made, e);
    if (rc == ES_OK)
        *out = made.v[0];
    return rc;
}

enum es_code es_run_evidence(struct es_app *app, int64_t initiative,
                             int64_t run, struct es_evidence_info *out,
                             struct es_err *e)
{
    struct es_evidence v;
    enum es_code rc = es_store_evidence(app->store, initiative, run, &v, e);
    if (rc == ES_OK)
        *out = (struct es_evidence_info){ v.created_ms, v.width, v.height };
    return rc;
}

enum es_code es_run_evidence_read(struct es_app *app, int64_t initiative,
                                  int64_t run, struct es_buf *out,
                                  struct es_err *e)
{
    struct es_evidence v;
    *out = (struct es_buf){ 0 };
    enum es_code rc = es_store_evidence(app->store, initiative, run, &v, e);
    return rc == ES_OK ? es_store_blob_read(app->store, &v.blob, out, e) : rc;
}
