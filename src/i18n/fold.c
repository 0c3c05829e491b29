/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Names as they are searched: without case, marks and the differences between
 * keyboards. */
#include "i18n/i18n.h"

#include "base/utf8.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

/* Bytes looked at: any name has fewer. UTF-16 units that they may become: one
 * character of three bytes, U+FDFA, is 18. Code points kept of a word. */
enum { BYTES_MAX = 256, UNITS_MAX = 4096, WORD_MAX = 32 };

/* Letters that people type for one another, because a keyboard has the one and
 * not the other, and that Unicode doesn't take apart. */
static const struct {
    UChar32 from, to;
} SAME[] = {
    { 0x00f0, 'd' },    /* eth */
    { 0x00f8, 'o' },    /* o with stroke */
    { 0x0111, 'd' },    /* d with stroke */
    { 0x0131, 'i' },    /* dotless i; the dotted one loses its dot as a mark */
    { 0x0142, 'l' },    /* l with stroke */
    { 0x0259, 'e' },    /* schwa */
    { 0x0629, 0x0647 }, /* teh marbuta: heh */
    { 0x0649, 0x064a }, /* alef maksura: yeh */
    { 0x06a9, 0x0643 }, /* keheh: kaf */
    { 0x06ba, 0x0646 }, /* noon ghunna: noon */
    { 0x06be, 0x0647 }, /* heh doachashmee: heh */
    { 0x06c1, 0x0647 }, /* heh goal: heh */
    { 0x06c3, 0x0647 }, /* teh marbuta goal: heh */
    { 0x06cc, 0x064a }, /* Farsi yeh: yeh */
    { 0x06d2, 0x064a }, /* yeh barree: yeh */
    { 0x06d5, 0x0647 }, /* ae: heh */
};

/* What a character is in a folded word: itself or another one; 0 when it is
 * left out; -1 where a word ends. */
static UChar32 folded(UChar32 c)
{
    static const uint32_t MARKS = U_GC_MN_MASK | U_GC_MC_MASK | U_GC_ME_MASK;
    UErrorCode rc = U_ZERO_ERROR;
    uint32_t category = U_GET_GC_MASK(c);

    if ((category & U_GC_ND_MASK) != 0)
        return '0' + u_charDigitValue(c);
    if ((category & MARKS) != 0) {
        /* A vowel sign of an Indian script is a letter to who reads it; an
         * accent or a short vowel may be left away. */
        UScriptCode script = uscript_getScript(c, &rc);
        bool left_out = script == USCRIPT_INHERITED ||
                        script == USCRIPT_ARABIC || script == USCRIPT_HEBREW;
        return left_out ? 0 : c;
    }
    if (c == '\'' || c == 0x2019 || c == 0x02bc || c == 0x0640)
        return 0; /* O'Brien is one word; tatweel only stretches */
    if ((category & U_GC_L_MASK) == 0)
        return -1;
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++)
        if (SAME[i].from == c)
            return SAME[i].to;
    return c;
}

/* Case folded and taken apart, in UTF-8; false without memory. */
static bool take_apart(const char *text, struct es_buf *out)
{
    UErrorCode rc = U_ZERO_ERROR;
    UChar wide[BYTES_MAX + 1], same[UNITS_MAX], apart[UNITS_MAX];
    char back[3 * UNITS_MAX];
    int32_t n = 0, bytes = (int32_t)strnlen(text, BYTES_MAX);

    const UNormalizer2 *casefold = unorm2_getNFKCCasefoldInstance(&rc);
    const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&rc);
    u_strFromUTF8WithSub(wide, BYTES_MAX + 1, &n, text, bytes, ' ', NULL, &rc);
    n = unorm2_normalize(casefold, wide, n, same, UNITS_MAX, &rc);
    n = unorm2_normalize(nfkd, same, n, apart, UNITS_MAX, &rc);
    u_strToUTF8(back, sizeof back, &bytes, apart, n, &rc);
    if (U_FAILURE(rc))
        return false;
    es_buf_add(out, back, (size_t)bytes);
    return !out->bad;
}

/* The word from *at on, cut to WORD_MAX; empty when only what ends words stood
 * there. Moves *at behind it. */
static void next_word(struct es_bytes text, size_t *at, struct es_buf *word)
{
    size_t count = 0;
    es_buf_clear(word);
    while (*at < text.n) {
        UChar32 c = folded((UChar32)es_utf8_next(text, at));
        if (c < 0)
            break;
        if (c > 0 && count++ < WORD_MAX)
            es_buf_utf8(word, (uint32_t)c);
    }
}

bool es_text_words(struct es_arena *a, const char *text, const char **words,
                   size_t max, size_t *n)
{
    struct es_buf apart, word;
    size_t at = 0;

    *n = 0;
    es_buf_init(&apart, 3 * UNITS_MAX);
    es_buf_init(&word, 4 * WORD_MAX);
    bool ok = take_apart(text, &apart);
    while (ok && at < apart.n && *n < max) {
        next_word(es_buf_bytes(&apart), &at, &word);
        if (word.n == 0 && !word.bad)
            continue;
        words[*n] = es_arena_str(a, es_buf_cstr(&word));
        ok = words[*n] != NULL && !word.bad;
        *n += ok;
    }
    es_buf_release(&apart);
    es_buf_release(&word);
    return ok;
}
