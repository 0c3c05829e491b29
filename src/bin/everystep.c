/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "bin/site_main.h"
#include "bin/web_main.h"
#include "cli/cli.h"

int main(int argc, char **argv)
{
    static const struct es_cli_wiring WIRING = { .web = es_web_main,
                                                 .site = es_site_main };
    return es_cli_main(argc, argv, &WIRING);
}
