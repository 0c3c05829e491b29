/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the browser says that it was asked. Source: WebAuthn Level 3, section
 * 5.8.1. */
#ifndef ES_AUTH_CLIENT_H
#define ES_AUTH_CLIENT_H

#include "base/arena.h"

struct es_client_data { /* strings in the arena */
    const char *type, *challenge, *origin;
    bool cross_origin; /* or that it may have been */
};

/* False unless it is one JSON object with each name once, and these three are
 * texts in it. Names that we don't know are passed over: browsers add some on
 * purpose. *out is untouched then. */
bool es_client_data_read(struct es_bytes json, struct es_arena *a,
                         struct es_client_data *out);

#endif
