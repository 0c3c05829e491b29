/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/i18n.h"

#include <strings.h>

/* Signs and digits as CLDR has them; tests/unit/test_i18n.c asks ICU. */
static const struct es_lang LANGS[ES_LANGS] = {
    { .tag = "en",
      .name = "English",
      .dir = "ltr",
      .decimal = ".",
      .group = ",",
      .zero = '0',
      .index = 0,
      .reviewed = true },
    { .tag = "tr",
      .name = "Türkçe",
      .dir = "ltr",
      .decimal = ",",
      .group = ".",
      .zero = '0',
      .index = 1,
      .percent_left = true },
    { .tag = "az",
      .name = "Azərbaycanca",
      .dir = "ltr",
      .decimal = ",",
      .group = ".",
      .zero = '0',
      .index = 2 },
    { .tag = "ur",
      .name = "اردو",
      .dir = "rtl",
      .decimal = ".",
      .group = ",",
      .zero = '0',
      .index = 3 },
    { .tag = "ar",
      .name = "العربية",
      .dir = "rtl",
      .decimal = "٫",
      .group = "٬",
      .zero = 0x660,
      .index = 4 },
};

const struct es_lang *es_lang_at(size_t i)
{
    assert(i < ES_LANGS);
    return &LANGS[i];
}

static const struct es_lang *of_bytes(const char *tag, size_t n)
{
    size_t primary = 0;
    while (primary < n && tag[primary] != '-' && tag[primary] != '_')
        primary++;
    for (size_t i = 0; i < ES_LANGS; i++)
        if (strlen(LANGS[i].tag) == primary &&
            strncasecmp(LANGS[i].tag, tag, primary) == 0)
            return &LANGS[i];
    return NULL;
}

const struct es_lang *es_lang_of(const char *tag)
{
    return tag ? of_bytes(tag, strlen(tag)) : NULL;
}

/* The weight in thousandths of ";q=0.8"; 1000 where none is given, 0 where it
 * can't be read. */
static int weight(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == ';'))
        p++;
    if (p == end)
        return 1000;
    if (end - p < 3 || (*p != 'q' && *p != 'Q') || p[1] != '=')
        return 0;
    int q = p[2] == '1' ? 1000 : 0;
    int place = 100;
    if (end - p > 3 && p[3] == '.')
        for (p += 4; p < end && *p >= '0' && *p <= '9'; p++, place /= 10)
            q += (*p - '0') * place;
    return q > 1000 ? 1000 : q;
}

const struct es_lang *es_lang_accept(const char *field)
{
    const struct es_lang *best = &LANGS[0];
    int best_q = 0;
    for (const char *p = field ? field : ""; *p;) {
        p += strspn(p, " \t,");
        size_t n = strcspn(p, ",");
        size_t tag = 0;
        while (tag < n && p[tag] != ';' && p[tag] != ' ')
            tag++;
        const struct es_lang *l = of_bytes(p, tag);
        int q = weight(p + tag, p + n);
        if (l && q > best_q) {
            best = l;
            best_q = q;
        }
        p += n;
    }
    return best;
}
