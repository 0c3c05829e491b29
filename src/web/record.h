/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The recorder, for the pages that lead to it. Inside web/ only. */
#ifndef ES_WEB_RECORD_H
#define ES_WEB_RECORD_H

#include "web/web_int.h"

/* Where this initiative's runs are recorded; no address while none counts, or
 * where the server was built without the engine for browsers. */
struct es_url es_web_recorder(const struct es_req *q,
                              const struct es_initiative *ini);

/* Takes the request's body as a file with one activity, or the one that is
 * asked for, and answers with the receipt or what is wrong, as JSON.
 * recording: as es_take has it. */
ES_MUST_CHECK enum es_code
es_web_take_file(const struct es_req *q, struct es_resp *out, const char *key,
                 const char *recording, struct es_err *e);

/* Seconds until this person may hand in another file; 0: now, and that is
 * counted. */
unsigned es_web_upload_wait(const struct es_req *q);

/* What of its rules the browser of a runner needs. Errors: ES_EMALFORMED,
 * ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_web_foresee(const struct es_req *q,
                                          const struct es_initiative *ini,
                                          struct es_view_foresee *out,
                                          struct es_err *e);

/* Who is signed in runs and has come so far; `counted`: and wants to be counted
 * on the page of their initiative. */
void es_web_runs(const struct es_req *q, bool counted, double dist_m);

extern const struct es_routes ES_ROUTES_RECORD;

#endif
