/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "image/image_int.h"

#include <string.h>

enum {
    TAG_ORIENTATION = 0x0112,
    TYPE_SHORT = 3,
    ENTRY = 12,
    ENTRIES_MAX = 512
};

struct tiff {
    struct es_bytes s;
    bool big; /* Motorola's order */
};

/* 0 beyond the end: no tag and no orientation has that number. */
static uint32_t u16_at(const struct tiff *t, size_t at)
{
    if (at > t->s.n || t->s.n - at < 2)
        return 0;
    const uint8_t *p = t->s.p + at;
    return t->big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t u32_at(const struct tiff *t, size_t at)
{
    if (at > t->s.n || t->s.n - at < 4)
        return 0;
    return t->big ? u16_at(t, at) << 16 | u16_at(t, at + 2)
                  : u16_at(t, at + 2) << 16 | u16_at(t, at);
}

unsigned es_exif_orientation(struct es_bytes tiff)
{
    struct tiff t = { tiff, tiff.n >= 2 && memcmp(tiff.p, "MM", 2) == 0 };
    if (tiff.n < 8 || (!t.big && memcmp(tiff.p, "II", 2) != 0) ||
        u16_at(&t, 2) != 42)
        return 1;
    size_t at = u32_at(&t, 4);
    uint32_t n = u16_at(&t, at);
    for (uint32_t i = 0; i < n && i < ENTRIES_MAX; i++) {
        size_t entry = at + 2 + (size_t)i * ENTRY;
        if (u16_at(&t, entry) != TAG_ORIENTATION)
            continue;
        uint32_t v = u16_at(&t, entry + 8);
        bool one =
            u16_at(&t, entry + 2) == TYPE_SHORT && u32_at(&t, entry + 4) == 1;
        return one && v >= 1 && v <= 8 ? v : 1;
    }
    return 1;
}
