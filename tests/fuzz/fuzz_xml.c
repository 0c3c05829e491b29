/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Our parser against expat, on whatever the fuzzer thinks of. */
#include <stdlib.h>

#include "xml_beside.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    bool good;
    if (!agree((struct es_bytes){ p, n }, &good))
        abort();
    return 0;
}
