/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_JSON_H
#define ES_BASE_JSON_H

#include "base/buf.h"

/* Writing JSON (RFC 8259). Reading is Jansson's work, where it is needed. */

/* A quoted, escaped string. Bytes that are not UTF-8 become U+FFFD; U+2028
 * and U+2029 and every control are escaped, as are < and > and &, so that the
 * text may stand inside HTML. */
void es_buf_json_str(struct es_buf *b, struct es_bytes s);

/* `"key":` with a comma before it unless it is the first after { or [. */
void es_buf_json_key(struct es_buf *b, const char *key);
void es_buf_json_comma(struct es_buf *b); /* the same for array elements */

/* Whole members: key and value. A NULL string, non-finite number or
 * ES_NO_TIME is null. */
void es_buf_json_s(struct es_buf *b, const char *key, const char *value);
void es_buf_json_n(struct es_buf *b, const char *key, double v); /* <= 3 dec */
void es_buf_json_i(struct es_buf *b, const char *key, int64_t v);
void es_buf_json_b(struct es_buf *b, const char *key, bool v);
void es_buf_json_id(struct es_buf *b, const char *key, int64_t id); /* "123" */
void es_buf_json_t(struct es_buf *b, const char *key, int64_t t_ms);

#endif
