/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the console's pages of a party and those of its seats. Inside web/
 * only. */
#ifndef ES_WEB_PARTIES_H
#define ES_WEB_PARTIES_H

#include "web/edited.h"
#include "web/statements.h"

/* The page of one party, and what its forms brought. */
struct es_web_party {
    const struct es_req *q;
    struct es_party p;
    struct es_many names;
    struct es_web_edit w;      /* n 0: nothing was brought */
    struct es_field_errors fe; /* of the names, or of the seat */
    bool seating;              /* the seat's form was sent */
    const char *held;          /* why it stays; NULL */
};
/* "person", "body", "group". */
const char *es_web_what(int32_t what);
struct es_url es_web_party_url(const struct es_req *q, int64_t id);
/* The party of {party}. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_web_party_load(const struct es_req *q,
                                             struct es_web_party *k,
                                             struct es_err *e);
ES_MUST_CHECK enum es_code es_web_party_show(struct es_web_party *k,
                                             struct es_resp *out, int status,
                                             struct es_err *e);
enum es_code es_web_party_back(const struct es_req *q, struct es_resp *out,
                               int64_t id, const char *done);
/* Its offices or members, and the form for one. */
ES_MUST_CHECK enum es_code
es_web_seats(struct es_web_party *k, struct es_view_party *v, struct es_err *e);

#endif
