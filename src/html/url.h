/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_HTML_URL_H
#define ES_HTML_URL_H

#include "base/arena.h"

/* An address that may stand in href, src and action: a path of ours, or
 * https: or mailto:. Made only by the functions below; the zero state is "no
 * address" and writes "#". */
struct es_url {
    const char *checked;
};

/* A path of ours. `pattern` is a constant that begins with one slash; each %s
 * takes a const char * and each %lld a long long, percent-encoded (RFC 3986
 * section 2) so that it stays one segment or one query value:
 *     es_url_path(a, "/e/%s/leaderboard?by=%s", slug, by)
 * No address when out of memory. */
struct es_url es_url_path(struct es_arena *a, const char *pattern, ...)
    __attribute__((format(printf, 2, 3)));

/* A constant path of ours, which is used as it is. */
struct es_url es_url_fixed(const char *path);

/* What a person wrote, when base/address.h takes it; else no address and
 * false. */
bool es_url_foreign(struct es_arena *a, const char *text, struct es_url *out);

/* `origin` (of the configuration: "https://run.example") before a path of
 * ours. */
struct es_url es_url_absolute(struct es_arena *a, const char *origin,
                              struct es_url path);

bool es_url_is(struct es_url u); /* is there an address? */

/* Whether both have the same path, whatever their queries. */
bool es_url_at(struct es_url here, struct es_url link);

#endif
