/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_CLI_DATA_H
#define ES_CLI_DATA_H

#include "store/store.h"

/* Opens the store in `dir`, which must be there: a mistyped folder is not to
 * become an empty store. ES_ENOENT, and what es_store_open says. */
ES_MUST_CHECK enum es_code es_data_open(const char *dir, struct es_store **out,
                                        struct es_err *e);

#endif
