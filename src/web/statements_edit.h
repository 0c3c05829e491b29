/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the console's pages on which a statement is written and those that
 * decide about it. Inside web/ only. */
#ifndef ES_WEB_STATEMENTS_EDIT_H
#define ES_WEB_STATEMENTS_EDIT_H

#include "web/edited.h"
#include "web/statements.h"

struct es_web_writing {
    const struct es_req *q;
    struct es_statement s;      /* id 0: a new one */
    struct es_statement_text t; /* as it is kept */
    struct es_web_edit w;       /* n 0: nothing was brought */
    struct es_field_errors fe;
};
/* The statement of {statement}, or a new one on .../new. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_web_writing_load(const struct es_req *q,
                                               struct es_web_writing *k,
                                               struct es_err *e);
ES_MUST_CHECK enum es_code es_web_writing_show(struct es_web_writing *k,
                                               struct es_resp *out, int status,
                                               struct es_err *e);
enum es_code es_web_writing_back(const struct es_web_writing *k,
                                 struct es_resp *out, int64_t id,
                                 const char *done);

#endif
