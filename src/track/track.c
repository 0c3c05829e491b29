/* SPDX-License-Identifier: Apache-2.0 */
#include "track/track.h"

#include <math.h>
#include <stdarg.h>

#include "base/format.h"
#include "base/limits.h"

const char *es_format_name(enum es_format f)
{
    static const char *const NAMES[] = {
        [ES_FORMAT_NONE] = "",
        [ES_FORMAT_FIT] = "fit",
        [ES_FORMAT_GPX] = "gpx",
        [ES_FORMAT_TCX] = "tcx",
    };
    return (size_t)f < sizeof NAMES / sizeof *NAMES ? NAMES[f] : "";
}

struct es_point es_point_none(void)
{
    return (struct es_point){
        .t_ms = ES_NO_TIME,
        .lat_deg = NAN,
        .lon_deg = NAN,
        .dist_m = NAN,
        .alt_m = NAN,
        .speed_mps = NAN,
        .acc_m = NAN,
        .cadence_spm = NAN,
        .temp_c = NAN,
    };
}

struct es_track es_track_none(void)
{
    return (struct es_track){
        .sport = ES_SPORT_GENERIC,
        .started_ms = ES_NO_TIME,
        .elapsed_s = NAN,
        .timer_s = NAN,
        .device_dist_m = NAN,
        .pool_m = NAN,
        .utc_offset_s = NAN,
    };
}

bool es_point_has_position(const struct es_point *p)
{
    return fabs(p->lat_deg) <= 90 && fabs(p->lon_deg) <= 180;
}

void es_track_trim(struct es_track *tr)
{
    size_t from = 0;
    while (tr->n > 0 && (tr->pts[tr->n - 1].flags & ES_PT_OUT))
        tr->n--;
    while (from < tr->n && (tr->pts[from].flags & ES_PT_OUT))
        from++;
    if (from == 0)
        return;
    tr->pts += from;
    tr->n -= from;
    for (size_t i = 0; i < tr->n_extras; i++)
        if (tr->extras[i].v)
            tr->extras[i].v += from;
}

void es_track_warn(struct es_track *tr, struct es_arena *a, const char *code,
                   size_t at, const char *fmt, ...)
{
    if (!tr->warnings)
        tr->warnings = es_arena_array(a, ES_WARNINGS_MAX, sizeof *tr->warnings);
    if (!tr->warnings || tr->n_warnings >= ES_WARNINGS_MAX)
        return;
    struct es_warning *w = &tr->warnings[tr->n_warnings++];
    w->code = code;
    w->at = at;
    va_list ap;
    va_start(ap, fmt);
    (void)es_vformat(w->message, sizeof w->message, fmt, ap);
    va_end(ap);
}
