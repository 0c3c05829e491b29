/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    static const struct es_cli_wiring WIRING = { 0 };
    return es_cli_main(argc, argv, &WIRING);
}
