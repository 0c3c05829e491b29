/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the recorder's engine costs over a run of six hours, as WebAssembly in
 * Node, and its line in a browser: recording.mjs and trace.mjs say what is
 * measured. */
#include "bench.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a script prints: lines of a name, a tab and a figure. */
static bool told_by(const char *command)
{
    char line[256];
    FILE *said = popen(command, "r");
    while (said && fgets(line, sizeof line, said)) {
        char *tab = strchr(line, '\t');
        line[strcspn(line, "\n")] = 0;
        if (!tab)
            continue;
        *tab = 0;
        bench_note(line, "%s", tab + 1);
    }
    return said && pclose(said) == 0;
}

int main(void)
{
    bool ok = told_by("node '" TRACE_SCRIPT "'");
    if (access(RECORD_MODULE, R_OK) != 0) {
        bench_note("recording", "not built here: tools/packages, build");
        return ok ? 0 : 1;
    }
    return told_by("node '" RECORD_SCRIPT "' '" RECORD_MODULE "'") && ok ? 0
                                                                         : 1;
}
