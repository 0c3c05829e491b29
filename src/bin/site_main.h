/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_BIN_SITE_MAIN_H
#define ES_BIN_SITE_MAIN_H

#include "cli/cli.h"

/* es_cli_wiring.site */
int es_site_main(const struct es_settings *s, const struct es_keeping *k);

#endif
