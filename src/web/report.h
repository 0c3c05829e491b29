/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What can be reported, as addresses name it; shared by the visitor's form and
 * the queue of those who decide. Inside web/ only. */
#ifndef ES_WEB_REPORT_H
#define ES_WEB_REPORT_H

#include "initiative/reports.h"
#include "notify/report_letter.h"
#include "web/views_report.h"
#include "web/web_int.h"

/* One thing that can be seen, and so be reported. */
struct es_seen {
    int32_t what; /* es_reported */
    int64_t which;
    const char *shown;  /* what can be read there, now */
    struct es_url page; /* where */
};
/* What ?about= names: "person-BIB", "run-CODE", "team-ID", "picture-ID",
 * "statement", "text". ES_ENOENT: isn't there, or isn't shown to others. */
ES_MUST_CHECK enum es_code
es_report_seen(const struct es_req *q, const struct es_initiative *ini,
               const char *about, struct es_seen *out, struct es_err *e);
/* The same of something reported before. */
ES_MUST_CHECK enum es_code es_report_seen_of(const struct es_req *q,
                                             const struct es_initiative *ini,
                                             const struct es_report *r,
                                             struct es_seen *out,
                                             struct es_err *e);
/* In words: "A name or a person", "insulting". */
const char *es_report_thing(const struct es_lang *l, int32_t what);
const char *es_report_wrong_words(const struct es_lang *l, const char *wrong);
/* Whether who reported has been told by mail; "" when there is no mail. */
ES_MUST_CHECK enum es_code es_report_mailed(const struct es_req *q,
                                            const struct es_report *r,
                                            const char **out, struct es_err *e);

#endif
