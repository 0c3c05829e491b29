/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/passkey.h"
#include "cli/cli.h"
#include "cli/data.h"
#include "initiative/accounts.h"

#include <stdio.h>
#include <string.h>

enum { LINK_MS = 24 * 3600000 };

/* everystep admin link [--account NAME]: prints a link that works once, for a
 * day, and signs in as the operator (or makes them), or as that account, for
 * who lost all other ways. Whoever may read the data folder may do this: there
 * is no password. */
int es_cmd_admin(const struct es_cli *c, int argc, char **argv)
{
    struct es_err e = { 0 };
    struct es_app app = { 0 };
    struct es_rp rp; /* by a name, where there can be passkeys */
    char secret[ES_SECRET_TEXT];
    const char *name = argc == 4 ? argv[3] : NULL;

    if ((argc != 2 && argc != 4) || strcmp(argv[1], "link") != 0 ||
        (argc == 4 && strcmp(argv[2], "--account") != 0))
        return es_cli_usage(c);
    if (es_settings_check(c->set, &e) != ES_OK) {
        (void)es_complain(NULL, &e);
        return ES_EXIT_USAGE;
    }
    enum es_code rc = es_data_open(c->set->data, &app.store, &e);
    if (rc == ES_OK)
        rc = es_setup_link(&app, name, LINK_MS, secret, &e);
    if (rc == ES_ENOENT && name)
        rc = es_fail(&e, rc, 0, "no account is called %s", name);
    if (rc == ES_OK)
        printf("%s/setup/%s\n",
               es_rp_of(c->set->origin, &rp) ? rp.origin : c->set->origin,
               secret);
    es_store_close(app.store);
    if (rc != ES_OK)
        return es_complain(c->set->data, &e);
    return fflush(stdout) == 0 ? ES_EXIT_OK : ES_EXIT_FAILED;
}
