/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a few made-up people say in public about the demo's initiative. */
#ifndef ES_CLI_DEMO_SAID_H
#define ES_CLI_DEMO_SAID_H

#include "initiative/app.h"
#include "store/store.h"

/* Each is written, approved and published as people of staff do it. Goes on
 * where a call before was cut off. */
ES_MUST_CHECK enum es_code es_demo_said(struct es_app *app,
                                        const struct es_initiative *ini,
                                        struct es_err *e);

#endif
