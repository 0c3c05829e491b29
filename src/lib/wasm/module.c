/* SPDX-License-Identifier: Apache-2.0 */
/* What the WebAssembly module has in place of what its host does better or
 * doesn't have: it imports nothing. */
#include <math.h>
#include <stdio.h>

#include "base/format.h"
#include "decode/decode.h"
#include "lib/activities.h"

/* ---- for the host ---- */

/* Where the values stand in the structures that everystep-track.mjs reads; in
 * its order. */
const uint16_t *es_module_layout(void);

const uint16_t *es_module_layout(void)
{
    static const uint16_t AT[] = {
        offsetof(struct es_err, code),
        offsetof(struct es_err, at),
        offsetof(struct es_err, msg),
        sizeof(struct es_err),
        offsetof(struct es_activity, member),
        offsetof(struct es_activity, format),
        offsetof(struct es_activity, track),
        offsetof(struct es_activity, err),
        offsetof(struct es_track, pts),
        offsetof(struct es_track, n),
        sizeof(struct es_point),
        offsetof(struct es_point, t_ms),
        offsetof(struct es_point, lat_deg),
        offsetof(struct es_point, lon_deg),
        offsetof(struct es_point, dist_m),
        offsetof(struct es_point, alt_m),
        offsetof(struct es_point, speed_mps),
        offsetof(struct es_point, acc_m),
        offsetof(struct es_point, cadence_spm),
        offsetof(struct es_point, temp_c),
        offsetof(struct es_point, power_w),
        offsetof(struct es_point, hr_bpm),
        offsetof(struct es_point, flags),
    };
    return AT;
}

/* ---- memory ---- */

/* Blocks of some sizes, four of them between a power of two and the next, each
 * with a list of its free ones: few functions, no headers but the size, and
 * an activity's blocks are the next one's. The C library's own allocator is a
 * fifth of the whole module. */
enum { HEAD = 16, LEAST_SHIFT = 6, SIZES = (32 - LEAST_SHIFT) * 4 };

struct block { /* stands HEAD bytes before what is handed out */
    size_t size;
    struct block *next; /* of the free ones */
};

static struct block *free_blocks[SIZES];
static uintptr_t fresh, fresh_end; /* never used, and so zero */
extern unsigned char __heap_base;

/* The size a request is rounded up to, and where its list is. */
static size_t rounded(size_t n, size_t *list)
{
    size_t shift = LEAST_SHIFT, quarter = 0;
    while (((size_t)2 << shift) <= n)
        shift++;
    while (((4 + quarter) << (shift - 2)) < n)
        quarter++;
    *list = (shift - LEAST_SHIFT) * 4 + quarter;
    return (4 + quarter) << (shift - 2);
}

static struct block *fresh_block(size_t size)
{
    enum { PAGE = 65536 };
    if (!fresh)
        fresh = fresh_end = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    if (size > fresh_end - fresh) {
        size_t end = (size_t)__builtin_wasm_memory_size(0) * PAGE;
        size_t more = end > fresh ? end - fresh : 0;
        if (size > more) {
            size_t pages = (size - more + PAGE - 1) / PAGE;
            if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX)
                return NULL;
            end += pages * PAGE;
        }
        fresh_end = end;
    }
    struct block *b = (struct block *)fresh;
    fresh += size;
    b->size = size;
    return b;
}

/* *zero: whether what is handed out is. */
static void *take(size_t n, bool *zero)
{
    size_t list;
    if (n > (size_t)1 << 30)
        return NULL;
    size_t size = rounded(n + HEAD, &list);
    struct block *b = free_blocks[list];
    *zero = !b;
    if (b)
        free_blocks[list] = b->next;
    else
        b = fresh_block(size);
    return b ? (unsigned char *)b + HEAD : NULL;
}

void *malloc(size_t n)
{
    bool zero;
    return take(n, &zero);
}

void *calloc(size_t n, size_t size)
{
    size_t all;
    bool zero;
    if (__builtin_mul_overflow(n, size, &all))
        return NULL;
    void *p = take(all, &zero);
    if (p && !zero)
        memset(p, 0, all);
    return p;
}

static struct block *block_of(void *p)
{
    return (struct block *)((unsigned char *)p - HEAD);
}

void free(void *p)
{
    size_t list;
    if (!p)
        return;
    struct block *b = block_of(p);
    (void)rounded(b->size, &list);
    b->next = free_blocks[list];
    free_blocks[list] = b;
}

void *realloc(void *p, size_t n)
{
    size_t had = p ? block_of(p)->size - HEAD : 0;
    if (p && n <= had)
        return p;
    void *q = malloc(n);
    if (q && p) {
        memcpy(q, p, had < n ? had : n);
        free(p);
    }
    return q;
}

/* ---- archives ---- */

/* Archives are the host's work: browsers inflate, and everystep-track.mjs
 * hands over what they made. Here a file is what it is. */
enum es_code es_unpack(struct es_bytes in, struct es_arena *a,
                       struct es_members *out, struct es_err *e)
{
    struct es_member *v;
    if (in.n == 0)
        return es_fail(e, ES_EEMPTY, 0, "the file is empty");
    if (in.n > 1 && in.p[0] == 0x1f && in.p[1] == 0x8b)
        return es_fail(e, ES_EUNPACK, 0, "gzip is to be unpacked before");
    if (in.n > 1 && in.p[0] == 'P' && in.p[1] == 'K')
        return es_fail(e, ES_EUNPACK, 0, "zip is to be unpacked before");
    v = es_arena_alloc(a, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "out of memory");
    v->bytes = in;
    *out = (struct es_members){ .v = v, .n = 1 };
    return ES_OK;
}

/* ---- what the C library would ask the host for ---- */

/* Its own is made for long needles. */
void *memmem(const void *hay, size_t n, const void *needle, size_t m)
{
    const unsigned char *p = hay;
    for (size_t i = 0; m <= n && i <= n - m; i++)
        if (memcmp(p + i, needle, m) == 0)
            return (void *)(uintptr_t)(p + i);
    return NULL;
}

/* Nor are texts long in which one byte is looked for. */
void *memchr(const void *in, int c, size_t n)
{
    const unsigned char *p = in;
    for (size_t i = 0; i < n; i++)
        if (p[i] == (unsigned char)c)
            return (void *)(uintptr_t)(p + i);
    return NULL;
}

char *strchr(const char *s, int c)
{
    return memchr(s, c, strlen(s) + 1);
}

size_t strcspn(const char *s, const char *stops)
{
    size_t n = 0;
    while (s[n] && !strchr(stops, s[n]))
        n++;
    return n;
}

/* Its own makes the quotient, too, bit by bit. Here y goes off x, doubled as
 * often as it fits, then halved: each difference is exact. */
double remainder(double x, double y)
{
    double left = fabs(x), part = y = fabs(y);
    bool odd = false;
    if (!(left < INFINITY) || !(y > 0))
        return NAN;
    while (part <= left / 2)
        part *= 2;
    for (; part >= y; part /= 2) {
        odd = left >= part;
        left -= odd ? part : 0;
    }
    if (left > y - left || (odd && left >= y - left))
        left -= y;
    return signbit(x) ? -left : left;
}

/* Its printf could write to a FILE, and is large; ours is linked anyway. */
int vsnprintf(char *restrict out, size_t cap, const char *restrict fmt,
              va_list ap)
{
    return es_vformat(out, cap, fmt, ap);
}

int snprintf(char *restrict out, size_t cap, const char *restrict fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = es_vformat(out, cap, fmt, ap);
    va_end(ap);
    return n;
}

/* Debian builds the compiler's own routines with stack protection, and the C
 * library without what that needs. */
uintptr_t __stack_chk_guard = 0x595e9fbd;
void __stack_chk_fail(void);

void __stack_chk_fail(void)
{
    __builtin_trap();
}
