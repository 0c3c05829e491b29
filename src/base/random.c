/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"

#include "base/time.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>

static const int64_t EPOCH_2026 = 1767225600000;

void es_random_bytes(void *out, size_t n)
{
    uint8_t *p = out;
    while (n > 0) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort();
        p += got;
        n -= (size_t)got;
    }
}

uint64_t es_random_u64(void)
{
    uint64_t v;
    es_random_bytes(&v, sizeof v);
    return v;
}

void es_random_code(char *out, size_t cap, unsigned bits)
{
    static const char ALPHABET[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint8_t raw[64];
    size_t n = (bits + 4) / 5;
    assert(bits >= 5 && n <= sizeof raw && n < cap);
    es_random_bytes(raw, n);
    for (size_t i = 0; i < n && i + 1 < cap; i++)
        out[i] = ALPHABET[raw[i] & 31];
    out[n] = 0;
}

int64_t es_id_at(int64_t t_ms)
{
    int64_t ms = t_ms - EPOCH_2026;
    if (ms < 1)
        ms = 1;
    return (ms & 0x1ffffffffff) << 22 | (int64_t)(es_random_u64() >> 42);
}

int64_t es_id_new(void)
{
    /* The one piece of state in base/: ids must rise within the process. */
    static _Atomic int64_t last;
    int64_t id = es_id_at(es_time_now_ms());
    int64_t seen = atomic_load(&last);
    do {
        if (id <= seen)
            id = seen + 1;
    } while (!atomic_compare_exchange_weak(&last, &seen, id));
    return id;
}
