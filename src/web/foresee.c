/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules as a browser holds a file against them before it is sent. */
#include "initiative/rules.h"
#include "web/record.h"

static const char *indoors(const struct es_rules *r)
{
    if (!r->treadmill)
        return "never";
    return r->treadmill_proof == ES_PROOF_PERSON    ? "person"
           : r->treadmill_proof == ES_PROOF_PICTURE ? "picture"
                                                    : "counts";
}

/* "running walking"; NULL: no memory. */
static const char *sports(struct es_arena *a, const struct es_rules *r)
{
    const char *s = "";
    for (size_t i = 0; s && i < r->n_sports; i++)
        s = es_arena_fmt(a, "%s%s%s", s, *s ? " " : "",
                         es_sport_name(r->sports[i]));
    return s;
}

enum es_code es_web_foresee(const struct es_req *q,
                            const struct es_initiative *ini,
                            struct es_view_foresee *out, struct es_err *e)
{
    static const char *const TIMES[] = { [ES_TIME_ELAPSED] = "elapsed",
                                         [ES_TIME_TIMER] = "timer",
                                         [ES_TIME_MOVING] = "moving" };
    struct es_rules r;
    enum es_code rc = es_rules_read(ini->rules, &r, e);
    if (rc != ES_OK)
        return rc;
    struct es_bounds b = es_bounds_of(ini, &r);
    bool local = r.window == ES_WINDOW_LOCAL;
    *out = (struct es_view_foresee){
        .sports = sports(es_req_arena(q), &r),
        .local = local,
        .opens_ms = local ? b.opens_ms : ini->opens_ms,
        .closes_ms = local ? b.closes_ms : ini->closes_ms,
        .last_ms = b.last_ms,
        .run_mm = r.run_cap_mm,
        .day_mm = r.day_cap_mm,
        .long_mm = r.review_over_mm,
        .pace_ms = r.review_pace_ms,
        .indoors = indoors(&r),
        .time = TIMES[r.time_basis],
    };
    return out->sports ? ES_OK : es_fail(e, ES_ENOMEM, 0, "sports");
}
