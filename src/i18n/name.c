/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Names: what of them is kept, how wide they are, and what they look like. */
#include "i18n/i18n.h"

#include "base/utf8.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include <pthread.h>

/* ---- what is kept ---- */

/* Marks on one letter: an Arabic one may carry a doubling, a vowel and a small
 * alef, a Vietnamese one is composed. In Tibetan a stack is a syllable. */
enum { MARKS = 3, MARKS_STACKED = 6 };

/* A name on its way: what stood last, and a joiner that waits for what comes
 * next. */
struct keeper {
    struct es_buf *out;
    UChar32 base, joiner;
    int marks;
    bool selected; /* has a variation selector already */
};

static UScriptCode script_of(UChar32 c)
{
    UErrorCode rc = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &rc);
    return U_SUCCESS(rc) ? script : USCRIPT_COMMON;
}

static bool is_emoji(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) ||
           u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER);
}

/* Whether a joiner after or before it changes what is seen: in cursive and
 * Indic scripts and between emoji. Elsewhere it only makes two names of one. */
static bool joins(UChar32 c)
{
    if (is_emoji(c) || c == 0xfe0f)
        return true;
    switch (script_of(c)) {
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_ARMENIAN:
    case USCRIPT_GEORGIAN:
    case USCRIPT_HEBREW:
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
        return false;
    default:
        return true;
    }
}

static bool is_selector(UChar32 c)
{
    return c >= 0xfe00 && c <= 0xfe0f;
}

/* A mark that takes no room of its own; those of Indic scripts that do are
 * letters to who reads them. */
static bool is_stacked(UChar32 c)
{
    return (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0;
}

/* Shows nothing, or is nobody's letter. */
static bool is_unseen(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           u_charType(c) == U_PRIVATE_USE_CHAR || (c & 0xfffe) == 0xfffe;
}

static void keep_one(struct keeper *k, UChar32 c)
{
    if (is_selector(c)) {
        if (!k->selected &&
            (is_emoji(k->base) || u_hasBinaryProperty(k->base, UCHAR_EMOJI)))
            es_buf_utf8(k->out, (uint32_t)c);
        k->selected = true;
        return;
    }
    if (c == 0x200c || c == 0x200d) {
        k->joiner = k->base && joins(k->base) ? c : 0;
        return;
    }
    if (is_unseen(c))
        return;
    if (is_stacked(c)) {
        bool tibetan = script_of(c) == USCRIPT_TIBETAN;
        if (++k->marks <= (tibetan ? MARKS_STACKED : MARKS))
            es_buf_utf8(k->out, (uint32_t)c);
        return;
    }
    if (k->joiner && joins(c))
        es_buf_utf8(k->out, (uint32_t)k->joiner);
    es_buf_utf8(k->out, (uint32_t)c);
    k->base = c;
    k->joiner = 0;
    k->marks = 0;
    k->selected = false;
}

bool es_text_name(struct es_buf *out, struct es_bytes s)
{
    struct es_buf nfc, kept, clean;
    struct keeper k = { .out = &kept };
    size_t at = 0;
    size_t room = 4 * s.n + 64;

    es_buf_init(&nfc, room);
    es_buf_init(&kept, room);
    es_buf_init(&clean, room);
    bool ok = es_text_nfc(&nfc, s);
    while (ok && at < nfc.n) {
        uint32_t c = es_utf8_next(es_buf_bytes(&nfc), &at);
        keep_one(&k, c == ES_UTF8_BAD ? 0xfffd : (UChar32)c);
    }
    es_text_clean(&clean, es_buf_bytes(&kept), false);
    ok = ok && !nfc.bad && !kept.bad && !clean.bad &&
         es_text_nfc(out, es_buf_bytes(&clean));
    es_buf_release(&nfc);
    es_buf_release(&kept);
    es_buf_release(&clean);
    return ok && !out->bad;
}

/* ---- how wide ---- */

/* Single characters that are whole phrases, in columns. */
static const struct {
    UChar32 c;
    size_t columns;
} WIDE[] = {
    { 0x2e3a, 2 },  { 0x2e3b, 3 },  { 0x0bf5, 3 },  { 0x0bf8, 3 },
    { 0x102a, 3 },  { 0xa9c5, 4 },  { 0xfdfa, 6 },  { 0xfdfb, 4 },
    { 0xfdfd, 16 }, { 0x12219, 8 }, { 0x1242b, 6 },
};

size_t es_text_columns(const char *s)
{
    struct es_bytes all = es_bytes_str(s);
    size_t at = 0, n = 0;
    while (at < all.n) {
        UChar32 c = (UChar32)es_utf8_next(all, &at);
        size_t columns = 1;
        for (size_t i = 0; i < sizeof WIDE / sizeof *WIDE; i++)
            if (WIDE[i].c == c)
                columns = WIDE[i].columns;
        int32_t width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
        if (width == U_EA_WIDE || width == U_EA_FULLWIDTH)
            columns = 2;
        if (is_stacked(c) || is_unseen(c))
            columns = 0;
        n += columns;
    }
    return n;
}

/* ---- what it looks like ---- */

enum { BYTES_MAX = 512, UNITS_MAX = 4096 };

static USpoofChecker *spoof;

static void spoof_open(void)
{
    UErrorCode rc = U_ZERO_ERROR;
    spoof = uspoof_open(&rc);
    if (U_FAILURE(rc))
        spoof = NULL;
}

static int32_t fold(const UNormalizer2 *casefold, const UChar *s, int32_t n,
                    UChar *to, UErrorCode *rc)
{
    return unorm2_normalize(casefold, s, n, to, UNITS_MAX, rc);
}

/* Case folded, its look-alikes made one (UTS 39 section 4), case folded again:
 * the first look-alike of a letter may be a capital. */
static bool look(const char *text, char *back, int32_t *bytes)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    UErrorCode rc = U_ZERO_ERROR;
    UChar wide[BYTES_MAX + 1], folded[UNITS_MAX], alike[UNITS_MAX];
    int32_t n = 0, in = (int32_t)strnlen(text, BYTES_MAX);

    (void)pthread_once(&once, spoof_open);
    if (!spoof)
        return false;
    const UNormalizer2 *casefold = unorm2_getNFKCCasefoldInstance(&rc);
    u_strFromUTF8WithSub(wide, BYTES_MAX + 1, &n, text, in, ' ', NULL, &rc);
    n = fold(casefold, wide, n, folded, &rc);
    n = uspoof_getSkeleton(spoof, 0, folded, n, alike, UNITS_MAX, &rc);
    n = fold(casefold, alike, n, folded, &rc);
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&rc);
    n = unorm2_normalize(nfd, folded, n, alike, UNITS_MAX, &rc);
    u_strToUTF8(back, 3 * UNITS_MAX, bytes, alike, n, &rc);
    return U_SUCCESS(rc);
}

const char *es_text_look(struct es_arena *a, const char *text)
{
    char back[3 * UNITS_MAX];
    int32_t bytes = 0;
    struct es_buf b;
    bool gap = false;
    size_t at = 0;

    if (!look(text, back, &bytes))
        return NULL;
    es_buf_init(&b, sizeof back);
    struct es_bytes all = { (const uint8_t *)back, (size_t)bytes };
    while (at < all.n) {
        UChar32 c = (UChar32)es_utf8_next(all, &at);
        if (is_stacked(c) || is_unseen(c))
            continue;
        if (!u_isalnum(c)) {
            gap = b.n > 0;
            continue;
        }
        if (gap)
            es_buf_u8(&b, ' ');
        gap = false;
        /* one stroke, whichever of the three is meant */
        es_buf_utf8(&b, c == 'l' || c == '1' ? 'i' : (uint32_t)c);
    }
    const char *out = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out;
}
