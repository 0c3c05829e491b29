/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/data.h"

#include <stdio.h>
#include <unistd.h>

enum { PATH_MAX_LEN = 4096 };

enum es_code es_data_open(const char *dir, struct es_store **out,
                          struct es_err *e)
{
    char path[PATH_MAX_LEN];
    *out = NULL;
    int n = snprintf(path, sizeof path, "%s/everystep.db", dir);
    if (n < 0 || (size_t)n >= sizeof path || access(path, F_OK) != 0)
        return es_fail(e, ES_ENOENT, 0, "there is no store in this folder");
    return es_store_open(dir, out, e);
}
