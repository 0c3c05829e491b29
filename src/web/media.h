/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Media that stand open in memory: decrypting is work, and a player asks for
 * one video in many parts. Inside web/ only. */
#ifndef ES_WEB_MEDIA_H
#define ES_WEB_MEDIA_H

#include "store/store.h"

struct es_media_cache;
struct es_media_open; /* one of them, for as long as it is held */

/* Holds at most max_bytes. NULL: no memory. */
struct es_media_cache *es_media_cache_new(size_t max_bytes);
/* Nobody holds any of it by then. NULL legal. */
void es_media_cache_free(struct es_media_cache *c);

/* Opens it, or finds it open. Whoever has it gives it back with
 * es_media_release, a function for es_resp_lend. ES_EBUSY: what is open is all
 * being sent, and there is no room for more; ES_EIO, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_media_hold(struct es_media_cache *c,
                                         struct es_store *store,
                                         const struct es_media *m,
                                         struct es_media_open **out,
                                         struct es_err *e);
struct es_bytes es_media_bytes(const struct es_media_open *o);
/* Any thread; never waits: it runs where answers are sent. */
void es_media_release(void *open);

/* Times that something was decrypted. */
uint64_t es_media_opened(struct es_media_cache *c);

#endif
