/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/i18n.h"

#include <pthread.h>
#include <unicode/ucol.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

/* ISO 3166-1 alpha-2, officially assigned; in order. */
static const char CODES[] =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBS"
    "BTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEE"
    "EGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHM"
    "HNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLC"
    "LILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNA"
    "NCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW"
    "SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTO"
    "TRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";
enum { COUNTRIES = (sizeof CODES - 1) / 2, NAME = 96 };
static_assert(COUNTRIES == 249, "ISO 3166-1 has 249 officially assigned codes");

/* Names come from ICU; made once per process, a quarter of a megabyte. */
static struct {
    struct es_country sorted[COUNTRIES];
    char names[COUNTRIES][NAME]; /* in the order of CODES */
} lists[ES_LANGS];
static pthread_once_t lists_once = PTHREAD_ONCE_INIT;

static void read_name(const char *tag, const char *code, char out[NAME])
{
    UErrorCode rc = U_ZERO_ERROR;
    UChar wide[NAME];
    char locale[8];
    int32_t n = 0;
    snprintf(locale, sizeof locale, "und_%.2s", code);
    int32_t len = uloc_getDisplayCountry(locale, tag, wide, NAME, &rc);
    u_strToUTF8(out, NAME - 1, &n, wide, len, &rc);
    if (U_FAILURE(rc) || n >= NAME)
        snprintf(out, NAME, "%.2s", code);
    else
        out[n] = '\0';
}

static int by_name(const void *a, const void *b, void *collator)
{
    const struct es_country *x = a;
    const struct es_country *y = b;
    UErrorCode rc = U_ZERO_ERROR;
    return (int)ucol_strcollUTF8(collator, x->name, -1, y->name, -1, &rc);
}

static void read_lists(void)
{
    for (size_t i = 0; i < ES_LANGS; i++) {
        const char *tag = es_lang_at(i)->tag;
        for (size_t c = 0; c < COUNTRIES; c++) {
            struct es_country *row = &lists[i].sorted[c];
            memcpy(row->code, CODES + 2 * c, 2);
            read_name(tag, row->code, lists[i].names[c]);
            row->name = lists[i].names[c];
        }
        UErrorCode rc = U_ZERO_ERROR;
        UCollator *order = ucol_open(tag, &rc);
        if (U_SUCCESS(rc))
            qsort_r(lists[i].sorted, COUNTRIES, sizeof lists[i].sorted[0],
                    by_name, order);
        ucol_close(order);
    }
}

const struct es_country *es_countries(const struct es_lang *l, size_t *n)
{
    pthread_once(&lists_once, read_lists);
    *n = COUNTRIES;
    return lists[l->index].sorted;
}

/* Its place in CODES; COUNTRIES when it isn't there. */
static size_t place(const char *code)
{
    if (strlen(code) != 2)
        return COUNTRIES;
    char upper[2] = { (char)(code[0] & ~0x20), (char)(code[1] & ~0x20) };
    for (size_t c = 0; c < COUNTRIES; c++)
        if (memcmp(CODES + 2 * c, upper, 2) == 0)
            return c;
    return COUNTRIES;
}

bool es_country_known(const char *code)
{
    return place(code) < COUNTRIES;
}

const char *es_country_name(const struct es_lang *l, const char *code)
{
    size_t c = place(code);
    if (c == COUNTRIES)
        return "";
    pthread_once(&lists_once, read_lists);
    return lists[l->index].names[c];
}
