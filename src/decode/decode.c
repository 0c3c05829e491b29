/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decode.h"

static enum es_code decode(struct es_bytes in, struct es_arena *a,
                           struct es_tracks *out, struct es_err *e)
{
    if (in.n == 0)
        return es_fail(e, ES_EEMPTY, 0, "the file is empty");
    switch (es_sniff(in)) {
    case ES_FORMAT_FIT:
        return es_fit_decode(in, a, out, e);
    case ES_FORMAT_GPX:
        return es_gpx_decode(in, a, out, e);
    case ES_FORMAT_TCX:
        return es_tcx_decode(in, a, out, e);
    case ES_FORMAT_NONE:
        break;
    }
    return es_fail(e, ES_EUNKNOWN, 0, "neither a FIT, a GPX nor a TCX file");
}

enum es_code es_decode(struct es_bytes in, struct es_arena *a,
                       struct es_tracks *out, struct es_err *e)
{
    struct es_tracks got = { 0 };
    enum es_code rc = decode(in, a, &got, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < got.n; i++)
        es_track_trim(&got.v[i]);
    *out = got;
    return ES_OK;
}
