/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Titles in any script as the end of an address, by ICU's transliteration. */
#include "i18n/i18n.h"

#include <pthread.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

/* UTF-16 units of a title, and what they may become: a Han character is up to
 * six letters. */
enum { TITLE = 512, UNITS = 4096 };

/* Opening it reads tables of some 10 ms; using it isn't free of threads. */
static UTransliterator *latin;
static pthread_once_t latin_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t latin_lock = PTHREAD_MUTEX_INITIALIZER;

static void open_latin(void)
{
    static const UChar ID[] = u"any-latin;latin-ascii;any-lower";
    UErrorCode rc = U_ZERO_ERROR;
    latin = utrans_openU(ID, -1, UTRANS_FORWARD, NULL, 0, NULL, &rc);
}

static int32_t to_latin(UChar *text, int32_t n)
{
    UErrorCode rc = U_ZERO_ERROR;
    int32_t limit = n;
    pthread_once(&latin_once, open_latin);
    if (!latin)
        return n;
    (void)pthread_mutex_lock(&latin_lock);
    utrans_transUChars(latin, text, &n, UNITS, 0, &limit, &rc);
    (void)pthread_mutex_unlock(&latin_lock);
    return U_SUCCESS(rc) ? n : 0;
}

/* The schwa of Azerbaijani is one of the letters that the tables leave. */
static UChar plain(UChar c)
{
    if (c == 0x0259 || c == 0x018f)
        return 'e';
    return c >= 'A' && c <= 'Z' ? (UChar)(c + 32) : c;
}

/* Marks that stand within a word: an apostrophe, the sign for ayn. */
static bool left_out(UChar c)
{
    return c == '\'' || c == '`' || c == 0x02bb || c == 0x02bc || c == 0x02be ||
           c == 0x02bf || c == 0x2019 || (c >= 0x0300 && c <= 0x036f);
}

const char *es_text_slug(struct es_arena *a, const char *text, size_t max)
{
    UChar u[UNITS];
    UErrorCode rc = U_ZERO_ERROR;
    int32_t n = 0;
    size_t at = 0;
    size_t word = 0; /* where the last whole word ended */
    char *out = es_arena_alloc(a, max + 1);
    u_strFromUTF8WithSub(u, TITLE, &n, text, -1, 0xfffd, NULL, &rc);
    if (!out)
        return "";
    n = U_FAILURE(rc) ? (rc == U_BUFFER_OVERFLOW_ERROR ? TITLE : 0) : n;
    n = to_latin(u, n);
    for (int32_t i = 0; i < n; i++) {
        UChar c = plain(u[i]);
        bool ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (left_out(c) || (!ok && (at == 0 || out[at - 1] == '-')))
            continue;
        if (!ok)
            word = at;
        if (at == max) { /* a word is cut only when it is the only one */
            at = word ? word : max;
            break;
        }
        out[at++] = ok ? (char)c : '-';
    }
    while (at > 0 && out[at - 1] == '-')
        at--;
    out[at] = '\0';
    return out;
}
