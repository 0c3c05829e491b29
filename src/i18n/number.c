/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/i18n.h"

#include "base/num.h"
#include "base/utf8.h"

enum { TEXT = 48 };

/* What a person typed, with every digit as ASCII, '.' and ',' as they are,
 * the Arabic signs as 'd' (decimal) and 'g' (group), a space inside as ' '.
 * False when anything else is in it. */
static bool plain(const char *text, char out[TEXT])
{
    struct es_bytes s = es_bytes_str(text);
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = es_utf8_next(s, &at);
        char k;
        if (c >= '0' && c <= '9')
            k = (char)c;
        else if (c >= 0x660 && c <= 0x669)
            k = (char)('0' + (c - 0x660));
        else if (c >= 0x6f0 && c <= 0x6f9)
            k = (char)('0' + (c - 0x6f0));
        else if (c == '.' || c == ',')
            k = (char)c;
        else if (c == 0x60c) /* the comma of an Arabic keyboard */
            k = ',';
        else if (c == 0x66b)
            k = 'd';
        else if (c == 0x66c || c == '\'' || c == 0x2019)
            k = 'g';
        else if (c == ' ' || c == 0xa0 || c == 0x202f || c == 0x2009)
            k = ' ';
        else
            return false;
        if (k == ' ' && (n == 0 || at == s.n))
            continue; /* around the number */
        if (n == TEXT - 1)
            return false;
        out[n++] = k;
    }
    out[n] = '\0';
    return n > 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Are p[0..n) digits in groups of three that `sign` parts? Or no signs. */
static bool grouped(const char *p, size_t n, char sign)
{
    size_t digits = 0;
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (is_digit(p[i])) {
            digits++;
            continue;
        }
        if (p[i] != sign || digits == 0 || digits > 3 || (any && digits != 3))
            return false;
        any = true;
        digits = 0;
    }
    return !any || digits == 3;
}

/* Is the lone `sign` at `at` a decimal sign? For the language's group sign
 * that needs a reading as groups to be impossible. */
static bool decimal_alone(const struct es_lang *l, const char *p, size_t at)
{
    char sign = p[at];
    if (sign == 'd' || l->decimal[0] == sign)
        return true;
    if (sign == 'g' || sign == ' ')
        return false;
    bool could_group = grouped(p, strlen(p), sign) && p[0] != '0';
    if (sign == '.')
        return !could_group || l->group[0] != '.';
    /* a comma: English writes 12,5 for nothing; Arabic may mean either */
    return l->group[0] != ',' && !could_group;
}

/* Where the decimal sign is: *at = strlen when there is none. */
static bool find_decimal(const struct es_lang *l, const char *p, size_t *at)
{
    size_t n = strlen(p);
    size_t signs = 0;
    size_t last = n;
    for (size_t i = 0; i < n; i++)
        if (!is_digit(p[i])) {
            signs++;
            last = i;
        }
    *at = n;
    if (signs == 0)
        return true;
    char other = '\0'; /* a sign before the last that differs from it */
    for (size_t i = 0; i < last; i++)
        if (!is_digit(p[i]) && p[i] != p[last])
            other = p[i];
    if (other && p[last] != ' ' && p[last] != 'g') {
        *at = last;
        return true;
    }
    if (signs == 1 && decimal_alone(l, p, last)) {
        *at = last;
        return true;
    }
    /* groups only: with the language's own sign, or one that is no other */
    return p[last] == 'g' || p[last] == ' ' || l->group[0] == p[last];
}

bool es_number_parse(const struct es_lang *l, const char *text, double *v)
{
    char p[TEXT];
    char ascii[TEXT + 1];
    size_t at;
    size_t n = 0;
    if (!plain(text, p) || !find_decimal(l, p, &at))
        return false;
    size_t len = strlen(p);
    char sign = '\0';
    for (size_t i = 0; i < at && !sign; i++)
        if (!is_digit(p[i]))
            sign = p[i];
    /* "1.234" where both readings are possible is neither */
    bool unsure = at == len && sign == '.' && l->decimal[0] == ',' &&
                  strchr(p, '.') == strrchr(p, '.');
    if (unsure || (sign && !grouped(p, at, sign)))
        return false;
    for (size_t i = 0; i < at; i++)
        if (is_digit(p[i]))
            ascii[n++] = p[i];
    if (at < len) {
        if (at + 1 == len)
            return false; /* "5," */
        ascii[n++] = '.';
        for (size_t i = at + 1; i < len; i++) {
            if (!is_digit(p[i]))
                return false;
            ascii[n++] = p[i];
        }
    }
    return es_num_f64((struct es_bytes){ (const uint8_t *)ascii, n }, v);
}
