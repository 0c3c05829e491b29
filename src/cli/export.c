/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep export site --initiative SLUG --out DIR: what is public of an
 * initiative, as files that need no server; also while it is being served.
 * Exit: 0 done, 1 failed, 64 usage. */
#include "cli/cli.h"

#include <string.h>

int es_cmd_export(const struct es_cli *c, int argc, char **argv)
{
    struct es_keeping k = { NULL, NULL };
    struct es_err e = { 0 };
    if (argc != 6 || strcmp(argv[1], "site") != 0 || !c->wiring->site)
        return es_cli_usage(c);
    for (int i = 2; i < argc; i += 2)
        if (strcmp(argv[i], "--initiative") == 0)
            k.slug = argv[i + 1];
        else if (strcmp(argv[i], "--out") == 0)
            k.dir = argv[i + 1];
    if (!k.slug || !k.dir)
        return es_cli_usage(c);
    if (es_settings_check(c->set, &e) != ES_OK) {
        (void)es_complain(NULL, &e);
        return ES_EXIT_USAGE;
    }
    return c->wiring->site(c->set, &k);
}
