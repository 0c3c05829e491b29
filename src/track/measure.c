/* SPDX-License-Identifier: Apache-2.0 */
#include "track/measure.h"

const char *es_dist_source_name(enum es_dist_source s)
{
    switch (s) {
    case ES_DIST_DEVICE:
        return "device";
    case ES_DIST_POSITIONS:
        return "positions";
    case ES_DIST_NONE:
        break;
    }
    return "none";
}

const char *es_effect_name(enum es_effect e)
{
    static const char *const NAMES[] = { "note", "cut", "review", "refuse" };
    return (size_t)e < sizeof NAMES / sizeof *NAMES ? NAMES[e] : "review";
}

const char *es_measure_verdict(const struct es_measure *m)
{
    for (size_t i = 0; i < m->n_findings; i++)
        if (m->findings[i].effect >= ES_REVIEW)
            return "review";
    return "ok";
}
