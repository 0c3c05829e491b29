/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of groups share. Inside web/ only. */
#ifndef ES_WEB_GROUPS_H
#define ES_WEB_GROUPS_H

#include "web/drafts.h"
#include "web/web_int.h"

/* The list of {draft}, when it is theirs who ask; given back with
 * es_drafts_give. NULL: it isn't there (any more). */
struct es_draft *es_web_draft(const struct es_req *q);
/* Says so: 410. Returns ES_OK. */
enum es_code es_web_draft_gone(const struct es_req *q, struct es_resp *out);
/* The i-th thing that is wrong with a line, in the reader's language; NULL
 * when there are no more. */
const char *es_web_line_why(const struct es_req *q,
                            const struct es_group_line *l, size_t i);
/* The group of {group}. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_web_group(const struct es_req *q,
                                        struct es_group *g, struct es_err *e);

#endif
