/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The life of an initiative. What is stored is what its organisers decided;
 * opening and closing follow its dates by themselves:
 *
 *   draft      seen by its staff alone
 *   published  everybody sees it and may register
 *   open       runs count that start now: from opens_ms on
 *   closed     from closes_ms on, or closed by hand: nobody registers; runs of
 *              the window are taken while the rules' grace lasts
 *   final      the results stand: nothing is taken, nothing is decided
 *
 * One whose programme is all there is (es_initiative.alone) has no window: it
 * stays published, and nobody registers. */
#ifndef ES_INITIATIVE_STAGE_H
#define ES_INITIATIVE_STAGE_H

#include "initiative/app.h"

enum es_initiative_state es_stage(const struct es_initiative *ini,
                                  int64_t now_ms);
/* Whether somebody may register now. */
bool es_stage_registers(const struct es_initiative *ini, int64_t now_ms);

/* What its organisers do by hand. */
enum es_stage_act {
    ES_STAGE_PUBLISH,  /* a draft */
    ES_STAGE_WITHDRAW, /* a published one that nobody joined: a draft again */
    ES_STAGE_CLOSE,    /* an open one, now: its window ends with this moment */
    ES_STAGE_FINISH,   /* a closed one: for good */
    ES_STAGE_ACTS
};
const char *es_stage_act_name(enum es_stage_act act); /* "publish" */
bool es_stage_act_of(const char *name, enum es_stage_act *out);
/* Whether it may be done in that stage; `people` have joined. */
bool es_stage_may(enum es_initiative_state stage, enum es_stage_act act,
                  int64_t people);
/* Does it, and notes it in the log of decisions. ES_ECONFLICT: it may not be
 * done any more, or the initiative has changed since `ini` was read. */
ES_MUST_CHECK enum es_code es_stage_do(struct es_app *app, int64_t by,
                                       const struct es_initiative *ini,
                                       enum es_stage_act act, struct es_err *e);

/* ---- what it lacks ---- */

enum es_lack {
    ES_LACK_PURPOSE,  /* what it is for */
    ES_LACK_HOLDER,   /* who holds it: a name, or hosts */
    ES_LACK_CONTACT,  /* whom to ask */
    ES_LACK_DATES,    /* its window is over before it begins */
    ES_LACK_RULES,    /* nobody has looked at them yet */
    ES_LACK_GOAL,     /* what all run for together */
    ES_LACK_PICTURE,  /* or a video */
    ES_LACK_LANGUAGE, /* its texts in a second one */
    ES_LACK_IMPRINT,  /* of the server */
    ES_LACKS
};
/* Which of them hold, as bits; those in es_lack_needed stand in the way of
 * publishing. */
#define ES_LACK_BIT(l) (1u << (unsigned)(l))
unsigned es_lack_needed(void);
ES_MUST_CHECK enum es_code es_lacks(struct es_app *app,
                                    const struct es_initiative *ini,
                                    int64_t now_ms, struct es_arena *a,
                                    unsigned *out, struct es_err *e);

#endif
