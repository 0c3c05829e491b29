/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where somebody is signed in, and how who isn't gets in. */
#include "web/pages.h"
#include "web/web_int.h"

/* ---- who isn't signed in ---- */

enum es_code es_web_enter(const struct es_req *q, struct es_resp *out)
{
    struct es_view_enter v = { .frame = es_web_frame(q, NULL) };
    const char *sample =
        es_arena_fmt(es_req_arena(q), "%s/p/…", es_web_of(q)->origin);
    v.sample = sample ? sample : "";
    es_resp_status(out, 403);
    struct es_out o = es_web_page(q, out);
    es_page_enter(&o, &v);
    return ES_OK;
}
