/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of the review share. Inside web/ only. */
#ifndef ES_WEB_REVIEW_H
#define ES_WEB_REVIEW_H

#include "initiative/review.h"
#include "web/views_review.h"
#include "web/web_int.h"
#include "web/words_review.h"

/* Which part of the queue somebody goes through: at most one. */
struct es_review_filter {
    const char *key, *value; /* as in the address: "for", "bib", "why"; "" */
    struct es_queue_ask ask; /* without a place in the queue */
    bool nobody;             /* the bib is nobody's */
};
ES_MUST_CHECK enum es_code es_review_filter_of(const struct es_req *q,
                                               struct es_review_filter *out,
                                               struct es_err *e);
/* Addresses that keep the filter. `act`: "accept", "refuse", "ask". */
struct es_url es_review_queue_url(const struct es_req *q,
                                  const struct es_review_filter *f);
struct es_url es_review_run_url(const struct es_req *q,
                                const struct es_review_filter *f, int64_t run);
struct es_url es_review_act_url(const struct es_req *q,
                                const struct es_review_filter *f, int64_t run,
                                const char *act);

/* The role in which the account that asks reviews here. */
int32_t es_review_role(const struct es_req *q);

/* A row of the queue. ES_ENOENT when the run has gone. */
ES_MUST_CHECK enum es_code es_review_row(const struct es_req *q,
                                         const struct es_review_filter *f,
                                         const struct es_queued *it,
                                         struct es_view_waiting *out,
                                         struct es_err *e);

/* Steps in words, the oldest first; `staff`: with the names of those who took
 * them, else with their roles. `runner`: whose run it is. */
enum es_step_reader { ES_STEPS_FOR_STAFF, ES_STEPS_FOR_RUNNER };
ES_MUST_CHECK enum es_code
es_web_steps_view(const struct es_req *q, const struct es_step *v, size_t n,
                  enum es_step_reader who, const char *runner,
                  const struct es_view_step **out, struct es_err *e);

/* The way, the run among others of its runner, and those it may be a copy of.
 * What can't be drawn isn't, and why stands in its place. */
ES_MUST_CHECK enum es_code es_review_draw(const struct es_req *q,
                                          const struct es_receipt *r,
                                          const struct es_review_filter *f,
                                          struct es_view_reviewing *v,
                                          struct es_err *e);

#endif
