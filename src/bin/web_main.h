/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_BIN_WEB_MAIN_H
#define ES_BIN_WEB_MAIN_H

#include "cli/cli.h"

/* The web process: opens the store, the decoders and who draws, serves until
 * SIGTERM or SIGINT, lets what is in flight finish. Returns the exit status. */
int es_web_main(const struct es_settings *s, const struct es_handed *h);

#endif
