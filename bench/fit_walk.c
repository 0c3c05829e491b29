/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "fit_walk.h"

size_t bench_fit_walk(struct es_bytes in)
{
    size_t size[16] = { 0 }, at = in.p[0], messages = 0;
    while (at + 6 < in.n - 2) {
        uint8_t head = in.p[at];
        if (head & 0x80 || !(head & 0x40)) {
            at += 1 + size[head & 0x80 ? head >> 5 & 3 : head & 15];
            messages++;
            continue;
        }
        size_t fields = at + 6, n = in.p[at + 5], total = 0;
        for (at = fields; n > 0 && at + 3 < in.n; n--, at += 3)
            total += in.p[at + 1];
        if (head & 0x20)
            for (n = in.p[at++]; n > 0 && at + 3 < in.n; n--, at += 3)
                total += in.p[at + 1];
        size[head & 15] = total;
    }
    return messages;
}
