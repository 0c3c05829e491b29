/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demo's programme: an event that was, one that is, two that come. */
#ifndef ES_CLI_DEMO_PROGRAMME_H
#define ES_CLI_DEMO_PROGRAMME_H

#include "initiative/app.h"

/* Brings in what isn't there yet, known by its title. */
ES_MUST_CHECK enum es_code es_demo_programme(struct es_app *app,
                                             const struct es_initiative *ini,
                                             struct es_err *e);

#endif
