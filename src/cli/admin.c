/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/data.h"
#include "initiative/registration.h"

#include <stdio.h>
#include <string.h>

enum { LINK_MS = 24 * 3600000 };

/* everystep admin link: prints a set-up link that works once, for a day.
 * Whoever may read the data folder may do this: there is no password. */
int es_cmd_admin(const struct es_cli *c, int argc, char **argv)
{
    struct es_err e = { 0 };
    struct es_app app = { 0 };
    char secret[ES_SECRET_TEXT];

    if (argc != 2 || strcmp(argv[1], "link") != 0)
        return es_cli_usage(c);
    if (es_settings_check(c->set, &e) != ES_OK) {
        (void)es_complain(NULL, &e);
        return ES_EXIT_USAGE;
    }
    enum es_code rc = es_data_open(c->set->data, &app.store, &e);
    if (rc == ES_OK)
        rc =
            es_credential_issue(&app, ES_CRED_SETUP, 0, 0, LINK_MS, secret, &e);
    if (rc == ES_OK)
        printf("%s/setup/%s\n", c->set->origin, secret);
    es_store_close(app.store);
    if (rc != ES_OK)
        return es_complain(c->set->data, &e);
    return fflush(stdout) == 0 ? ES_EXIT_OK : ES_EXIT_FAILED;
}
