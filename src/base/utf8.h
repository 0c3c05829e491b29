/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_UTF8_H
#define ES_BASE_UTF8_H

#include "base/buf.h"

#define ES_UTF8_BAD UINT32_MAX

/* The code point at s.p[*at], which moves past it; at < s.n. A byte that
 * starts no valid sequence (RFC 3629: no overlong form, no surrogate, nothing
 * past U+10FFFF) gives ES_UTF8_BAD and moves by one. */
uint32_t es_utf8_next(struct es_bytes s, size_t *at);
bool es_utf8_valid(struct es_bytes s);
size_t es_utf8_count(struct es_bytes s); /* code points; bad bytes count one */
void es_buf_utf8(struct es_buf *b, uint32_t code_point);

/* A person's words, made safe to store: invalid bytes become U+FFFD, controls
 * and direction marks (U+061C, U+200E, U+200F, U+202A-E, U+2066-9), U+FEFF,
 * U+00AD and tag characters go, white space (and letters that look
 * like it: U+115F, U+1160, U+3164, U+FFA0, U+2800) folds to one space and is
 * trimmed, at most 3 combining marks follow a letter. Joiners stay (U+200C,
 * U+200D): Urdu and emoji need them. `lines` keeps line feeds,
 * two of them at most: a paragraph ends. NFC is i18n's. */
void es_text_clean(struct es_buf *out, struct es_bytes s, bool lines);
/* Whether anything is to be seen: not only blanks, joiners and marks. */
bool es_text_visible(struct es_bytes s);

#endif
