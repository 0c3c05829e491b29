/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "image/image_int.h"

#include <string.h>

enum es_picture_kind es_picture_kind(struct es_bytes f)
{
    if (f.n >= 3 && memcmp(f.p, "\xff\xd8\xff", 3) == 0)
        return ES_PICTURE_JPEG;
    if (f.n >= 8 && memcmp(f.p, "\x89PNG\r\n\x1a\n", 8) == 0)
        return ES_PICTURE_PNG;
    if (f.n >= 12 && memcmp(f.p, "RIFF", 4) == 0 &&
        memcmp(f.p + 8, "WEBP", 4) == 0)
        return ES_PICTURE_WEBP;
    return ES_PICTURE_NONE;
}

/* The sizes, each from the largest, which holds more than any of them. */
static enum es_code make_sizes(const struct es_plane *largest,
                               const struct es_picture_ask *ask,
                               const struct es_light *light, struct es_arena *a,
                               struct es_picture_made *out, struct es_err *e)
{
    enum es_code rc = ES_OK;
    for (size_t i = 0; rc == ES_OK && i < ask->n; i++) {
        struct es_plane p;
        struct es_picture_size *s = &out->v[out->n];
        es_size_within(largest->w, largest->h, ask->edge[i], &s->width,
                       &s->height);
        if (out->n > 0 && s->width == s[-1].width && s->height == s[-1].height)
            continue; /* a small picture has one size */
        rc = es_plane_scale(largest, s->width, s->height, a, &p, e);
        if (rc == ES_OK)
            rc = es_jpeg_write(&p, light, a, &s->jpeg, e);
        out->n += rc == ES_OK;
    }
    return rc;
}

enum es_code es_picture_make(struct es_bytes file,
                             const struct es_picture_ask *ask,
                             struct es_arena *a, struct es_picture_made *out,
                             struct es_err *e)
{
    static es_picture_reader *const READERS[] = {
        [ES_PICTURE_JPEG] = es_jpeg_read,
        [ES_PICTURE_PNG] = es_png_read,
        [ES_PICTURE_WEBP] = es_webp_read,
    };
    enum es_picture_kind kind = es_picture_kind(file);
    struct es_light *light = es_arena_bare(a, 1, sizeof *light);
    struct es_canvas c = { .a = a, .light = light, .edge = ask->edge[0] };
    struct es_picture_made made = { .n = 0 };
    struct es_plane p;
    unsigned orientation = 1;
    uint32_t w, h;
    if (file.n == 0)
        return es_fail(e, ES_EEMPTY, 0, "nothing in it");
    if (kind == ES_PICTURE_NONE)
        return es_fail(e, ES_EUNKNOWN, 0, "no JPEG, PNG or WebP");
    if (!light)
        return es_fail(e, ES_ENOMEM, 0, "a picture");
    es_light_init(light);
    enum es_code rc = READERS[kind](file, &c, &orientation, e);
    if (rc != ES_OK)
        return rc;
    es_size_within(c.src_w, c.src_h, c.edge, &w, &h);
    rc = es_plane_scale(&c.across, w, h, a, &p, e);
    if (rc == ES_OK)
        rc = es_plane_turn(&p, orientation, a, &p, e);
    if (rc == ES_OK)
        rc = make_sizes(&p, ask, light, a, &made, e);
    if (rc == ES_OK)
        *out = made;
    return rc;
}
