/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/client.h"

#include <jansson.h>

static const char *text_of(const json_t *o, const char *name,
                           struct es_arena *a)
{
    const json_t *v = json_object_get(o, name);
    return json_is_string(v)
               ? es_arena_strn(a, json_string_value(v), json_string_length(v))
               : NULL;
}

bool es_client_data_read(struct es_bytes json, struct es_arena *a,
                         struct es_client_data *out)
{
    json_t *o =
        json_loadb((const char *)json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
    const json_t *cross = json_object_get(o, "crossOrigin");
    struct es_client_data d = {
        .type = text_of(o, "type", a),
        .challenge = text_of(o, "challenge", a),
        .origin = text_of(o, "origin", a),
        .cross_origin =
            (cross && !json_is_false(cross)) || json_object_get(o, "topOrigin"),
    };
    json_decref(o);
    if (!d.type || !d.challenge || !d.origin)
        return false;
    *out = d;
    return true;
}
