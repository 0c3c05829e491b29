/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/assets.h"

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
