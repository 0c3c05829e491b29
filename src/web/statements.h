/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the handlers of statements share. Inside web/ only. */
#ifndef ES_WEB_STATEMENTS_H
#define ES_WEB_STATEMENTS_H

#include "programme/parties.h"
#include "programme/statements.h"
#include "web/views_statements.h"
#include "web/web_int.h"

extern const struct es_routes ES_ROUTES_SAID, ES_ROUTES_PARTIES,
    ES_ROUTES_SEATS, ES_ROUTES_SAID_EDIT, ES_ROUTES_SAID_ACTS;

/* A name for the reader: lang "" where it is in theirs. */
struct es_view_named es_web_named(const struct es_req *q,
                                  struct es_many_told t);
struct es_view_office es_web_office(const struct es_req *q,
                                    const struct es_office_told *o);
/* A person with their portrait. */
ES_MUST_CHECK enum es_code es_web_speaker(const struct es_req *q,
                                          const struct es_initiative *ini,
                                          const struct es_party *p,
                                          struct es_view_speaker *out,
                                          struct es_err *e);
/* A statement as the public reads it; of `words` at most so many code points
 * (0: all). */
ES_MUST_CHECK enum es_code
es_web_statement(const struct es_req *q, const struct es_initiative *ini,
                 const struct es_said *said, size_t most,
                 struct es_view_statement *out, struct es_err *e);
/* An event of the programme at which something was said. ES_ENOENT: none, or
 * the public doesn't know of it. */
ES_MUST_CHECK enum es_code es_web_said_at(const struct es_req *q,
                                          const struct es_initiative *ini,
                                          int64_t event,
                                          struct es_view_named *out,
                                          struct es_url *url, struct es_err *e);
/* Its first words: cut at a space, with an ellipsis. In the arena. */
const char *es_web_beginning(const struct es_req *q, const char *words,
                             size_t most, bool *cut);
const char *es_web_number(const struct es_req *q, int64_t n);
/* The same for links: whether the public has any statement to read. */
ES_MUST_CHECK enum es_code es_web_wall_url(const struct es_req *q,
                                           const struct es_initiative *ini,
                                           struct es_url *out,
                                           struct es_err *e);

#endif
