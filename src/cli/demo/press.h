/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the demo's initiative told the press: made up, as all of it is. */
#ifndef ES_CLI_DEMO_PRESS_H
#define ES_CLI_DEMO_PRESS_H

#include "initiative/app.h"

/* Brings in what isn't there yet. Errors are those of programme/press.h. */
ES_MUST_CHECK enum es_code es_demo_press(struct es_app *app,
                                         const struct es_initiative *ini,
                                         struct es_err *e);

#endif
