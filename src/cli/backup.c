/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep backup DIR, everystep restore DIR: a copy of the data folder,
 * taken while it is in use; and the way back. Each reads what it copied: a
 * backup that was never opened is a hope.
 * Exit: 0 done, 1 failed, 64 usage. */
#include "cli/cli.h"

#include "cli/data.h"

#include <inttypes.h>
#include <stdio.h>

/* Opens the copy and reads every blob in it. */
static enum es_code verify(const char *dir, struct es_verified *v,
                           struct es_err *e)
{
    struct es_store *s = NULL;
    enum es_code rc = es_data_open(dir, &s, e);
    if (rc == ES_OK)
        rc = es_store_verify(s, v, e);
    if (rc == ES_OK && v->damaged > 0)
        rc =
            es_fail(e, ES_EIO, 0,
                    "%" PRId64 " of %" PRId64 " files can't be read, the first "
                    "is of %s %" PRId64,
                    v->damaged, v->blobs, v->first_run != 0 ? "run" : "media",
                    v->first_run != 0 ? v->first_run : v->first_media);
    es_store_close(s);
    return rc;
}

static int copy(const char *from, const char *to)
{
    struct es_err e = { 0 };
    struct es_store *s = NULL;
    struct es_verified v = { 0 };
    const char *at = from;

    enum es_code rc = es_data_open(from, &s, &e);
    if (rc == ES_OK) {
        at = to;
        rc = es_store_backup(s, to, &e);
    }
    es_store_close(s);
    if (rc == ES_OK)
        rc = verify(to, &v, &e);
    if (rc != ES_OK)
        return es_complain(at, &e);
    printf("%s\t%" PRId64 " files\t%" PRId64 " bytes\tall read\n", to, v.blobs,
           v.bytes);
    return fflush(stdout) == 0 ? ES_EXIT_OK : ES_EXIT_FAILED;
}

int es_cmd_backup(const struct es_cli *c, int argc, char **argv)
{
    return argc == 2 ? copy(c->set->data, argv[1]) : es_cli_usage(c);
}

int es_cmd_restore(const struct es_cli *c, int argc, char **argv)
{
    return argc == 2 ? copy(argv[1], c->set->data) : es_cli_usage(c);
}
