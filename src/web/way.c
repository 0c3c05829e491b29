/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The way of an initiative's total, drawn: our own lines on nothing, so that
 * nobody else's map is asked for. */
#include "initiative/way.h"

#include "web/web_int.h"

#include <string.h>

enum { SPAN = 1000 };

static const struct es_view_spot *spots(const struct es_geo_spot *v, size_t n,
                                        struct es_arena *a)
{
    struct es_view_spot *out = es_arena_array(a, n, sizeof *out);
    for (size_t i = 0; out && i < n; i++)
        out[i] = (struct es_view_spot){ v[i].x, v[i].y, false };
    return out;
}

/* The part that is done: up to the leg, and on it as far as the total came. */
static void draw_done(struct es_view_way *v, const struct es_way_at *at,
                      struct es_arena *a)
{
    struct es_view_spot *out = es_arena_array(a, at->leg + 2, sizeof *out);
    if (!out)
        return;
    memcpy(out, v->line, (at->leg + 1) * sizeof *out);
    const struct es_view_spot *from = &v->line[at->leg];
    const struct es_view_spot *to = &v->line[at->leg + 1];
    out[at->leg + 1] = (struct es_view_spot){
        .x = from->x + (int32_t)((to->x - from->x) * at->part),
        .y = from->y + (int32_t)((to->y - from->y) * at->part),
    };
    v->done = out;
    v->n_done = at->leg + 2;
}

static void draw_places(struct es_view_way *v, const struct es_way *w,
                        const struct es_way_at *at, struct es_arena *a)
{
    struct es_view_place *out = es_arena_array(a, w->n, sizeof *out);
    for (size_t i = 0; out && i < w->n; i++) {
        if (i > 0 && i + 1 < w->n && !*w->v[i].name)
            continue;
        out[v->n_places++] = (struct es_view_place){
            .name = w->v[i].name,
            .x = v->line[i].x,
            .y = v->line[i].y,
            .passed = i <= at->from || at->there,
            .left = v->line[i].x * 2 > v->wide,
        };
    }
    v->places = out;
}

void es_web_way_of(const struct es_req *q, const struct es_way *w,
                   int64_t dist_mm, struct es_view_way *out)
{
    struct es_arena *a = es_req_arena(q);
    struct es_geo_point *line = es_arena_array(a, w->n, sizeof *line);
    struct es_geo_spot *drawn = es_arena_array(a, w->n, sizeof *drawn);
    struct es_way_at at = es_way_at(w, dist_mm);
    uint16_t wide = 0;
    uint16_t high = 0;
    *out = (struct es_view_way){ .from = "", .to = "" };
    if (!line || !drawn || w->n < 2)
        return;
    for (size_t i = 0; i < w->n; i++)
        line[i] =
            (struct es_geo_point){ w->v[i].lat_deg, w->v[i].lon_deg, false };
    es_geo_draw(line, w->n, SPAN, drawn, &wide, &high);
    out->line = spots(drawn, w->n, a);
    if (!out->line)
        return;
    out->n = w->n;
    out->wide = wide;
    out->high = high;
    out->from = w->v[at.from].name;
    out->to = w->v[at.to].name;
    out->to_go_mm = at.to_go_mm;
    out->length_mm = es_way_length_mm(w);
    out->left_mm = at.there ? 0 : out->length_mm - dist_mm;
    out->there = at.there;
    draw_done(out, &at, a);
    draw_places(out, w, &at, a);
}

enum es_code es_web_way(const struct es_req *q, const struct es_initiative *ini,
                        int64_t dist_mm, struct es_view_way *out,
                        struct es_err *e)
{
    struct es_way *w = es_arena_alloc(es_req_arena(q), sizeof *w);
    *out = (struct es_view_way){ .from = "", .to = "" };
    if (!w)
        return es_fail(e, ES_ENOMEM, 0, "way");
    /* nearly all have none: then nothing is read */
    if (!ini->way || strlen(ini->way) <= 2)
        return ES_OK;
    enum es_code rc = es_way_read(ini->way, es_req_arena(q), w, e);
    if (rc == ES_OK)
        es_web_way_of(q, w, dist_mm, out);
    return rc;
}
