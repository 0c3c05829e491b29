/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/assets.h"

#include "web/pages.h"

const struct es_asset *es_asset_of(const char *source)
{
    for (size_t i = 0; i < es_assets_n; i++)
        if (strcmp(es_assets[i].source, source) == 0)
            return &es_assets[i];
    return NULL;
}

struct es_url es_asset_url(const char *source)
{
    const struct es_asset *as = es_asset_of(source);
    return as ? es_url_fixed(as->path) : (struct es_url){ NULL };
}

const struct es_asset *es_asset_named(const char *name)
{
    for (size_t i = 0; i < es_assets_n; i++)
        if (strcmp(strrchr(es_assets[i].path, '/') + 1, name) == 0)
            return &es_assets[i];
    return NULL;
}

static void sheet_link(struct es_out *o, const struct es_asset *sheet)
{
    es_buf_str(o->buf, "<link rel=\"stylesheet\" href=\"");
    es_out_href(o, es_url_fixed(sheet->path));
    es_buf_str(o->buf, "\">");
}

/* What stands here is ours, and named in the policy by its hash: rules of
 * tools/assets.py, and of es_palette_css. */
static void style(struct es_out *o, struct es_bytes rules)
{
    es_buf_str(o->buf, "<style>");
    es_buf_add(o->buf, rules.p, rules.n);
    es_buf_str(o->buf, "</style>");
}

void es_part_sheet(struct es_out *o, const struct es_view_frame *f)
{
    const struct es_asset *sheet = es_asset_of("style.css");
    if (f->whole)
        style(o, sheet->bytes);
    else
        sheet_link(o, sheet);
    if (f->colours)
        style(o, es_bytes_str(f->colours));
}

/* Data, no script: nothing in it runs, so the policy needn't name it. Strings
 * in it are escaped as base/json.h does, so none can end the element. */
void es_part_ld(struct es_out *o, struct es_bytes json)
{
    if (json.n == 0)
        return;
    es_buf_str(o->buf, "<script type=\"application/ld+json\">");
    es_buf_add(o->buf, json.p, json.n);
    es_buf_str(o->buf, "</script>");
}
