/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the recorder's engine costs over a run of six hours, as WebAssembly in
 * Node: recording.mjs says what is measured. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
    char line[256];
    if (access(RECORD_MODULE, R_OK) != 0) {
        bench_note("recording", "not built here: tools/packages, build");
        return 0;
    }
    FILE *said = popen("node '" RECORD_SCRIPT "' '" RECORD_MODULE "'", "r");
    while (said && fgets(line, sizeof line, said)) {
        char *tab = strchr(line, '\t');
        line[strcspn(line, "\n")] = 0;
        if (!tab)
            continue;
        *tab = 0;
        bench_note(line, "%s", tab + 1);
    }
    return said && pclose(said) == 0 ? 0 : 1;
}
