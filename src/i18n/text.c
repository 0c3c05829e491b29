/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/i18n.h"

#include <unicode/ubrk.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>

bool es_text_nfc(struct es_buf *out, struct es_bytes s)
{
    UErrorCode rc = U_ZERO_ERROR;
    bool ok = false;
    UChar *wide = NULL;
    UChar *done = NULL;
    char *back = NULL;
    int32_t n = 0;

    if (s.n == 0)
        return true;
    if (s.n > INT32_MAX / 16)
        return false;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&rc);
    int32_t cap = (int32_t)s.n + 1;
    int32_t room = 4 * cap; /* NFC grows UTF-16 at most threefold */
    wide = malloc((size_t)cap * sizeof *wide);
    done = malloc((size_t)room * sizeof *done);
    back = malloc((size_t)room * 3);
    if (!wide || !done || !back)
        goto out;
    u_strFromUTF8WithSub(wide, cap, &n, (const char *)s.p, (int32_t)s.n, 0xfffd,
                         NULL, &rc);
    n = unorm2_normalize(nfc, wide, n, done, room, &rc);
    int32_t bytes = 0;
    u_strToUTF8(back, room * 3, &bytes, done, n, &rc);
    if (U_FAILURE(rc))
        goto out;
    es_buf_add(out, back, (size_t)bytes);
    ok = true;
out:
    free(wide);
    free(done);
    free(back);
    return ok;
}

/* Appends the first character, as people count them, of s[0..n). */
static void first_character(struct es_buf *b, const char *s, size_t n)
{
    UErrorCode rc = U_ZERO_ERROR;
    UText *t = utext_openUTF8(NULL, s, (int64_t)n, &rc);
    UBreakIterator *it = ubrk_open(UBRK_CHARACTER, "en", NULL, 0, &rc);
    if (U_SUCCESS(rc))
        ubrk_setUText(it, t, &rc);
    int32_t end = U_SUCCESS(rc) ? ubrk_next(it) : 0;
    if (end > 0)
        es_buf_add(b, s, (size_t)end);
    ubrk_close(it);
    utext_close(t);
}

const char *es_initials(struct es_arena *a, const char *name)
{
    struct es_buf b;
    es_buf_init(&b, 1024);
    for (const char *p = name; *p;) {
        size_t n = strcspn(p, " ");
        if (n > 0) {
            if (b.n > 0)
                es_buf_u8(&b, ' ');
            first_character(&b, p, n);
            es_buf_u8(&b, '.');
        }
        p += n + (p[n] == ' ');
    }
    const char *out = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out ? out : "";
}
