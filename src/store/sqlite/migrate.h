/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_STORE_SQLITE_MIGRATE_H
#define ES_STORE_SQLITE_MIGRATE_H

#include "store/sqlite/db.h"

/* Compiled in from db/migrations: [i] leads from version i to i + 1. */
extern const char *const ES_MIGRATIONS[];
extern const int ES_SCHEMA; /* how many there are: the version we speak */

/* Brings the database to ES_SCHEMA in one transaction; several processes may
 * try at once. ES_ECONFLICT: the database is newer, or not ours. */
ES_MUST_CHECK enum es_code es_migrate(struct es_db *db, struct es_err *e);

#endif
