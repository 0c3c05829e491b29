/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_INGEST_INGEST_INT_H
#define ES_INGEST_INGEST_INT_H

#include "ingest/ingest.h"

struct es_ingest {
    struct es_crew *crew;
};

/* From a worker's answer to a result, or ES_EMALFORMED, ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_ingest_check(struct es_bytes answer,
                                           struct es_arena *a,
                                           struct es_ingest_result *out,
                                           struct es_err *e);

/* The same of an answer with a route; *code: why there is none. */
ES_MUST_CHECK enum es_code es_ingest_check_route(struct es_bytes answer,
                                                 struct es_arena *a,
                                                 enum es_code *code,
                                                 struct es_course *out,
                                                 struct es_err *e);

/* The same of an answer with a comparison. */
ES_MUST_CHECK enum es_code es_ingest_check_match(struct es_bytes answer,
                                                 enum es_code *code,
                                                 struct es_match *out,
                                                 struct es_err *e);

#endif
