/* SPDX-License-Identifier: Apache-2.0 */
#include "base/address.h"

#include <string.h>

#include "base/limits.h"

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

static bool is_address_char(char c)
{
    return is_alnum(c) || (c != '\0' && strchr("-._~:/?#[]@!$&()*+,;=%", c));
}

static bool web_ok(const char *rest)
{
    size_t host = strcspn(rest, "/?#");
    return host > 0 && !memchr(rest, '@', host) && is_alnum(rest[0]);
}

static bool mail_ok(const char *rest)
{
    const char *at = strchr(rest, '@');
    return at && at != rest && at[1] && !strpbrk(rest, "?,;&");
}

bool es_address_ok(const char *text)
{
    size_t n = strlen(text);
    if (n > ES_URL_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_address_char(text[i]))
            return false;
    if (strncmp(text, "https://", 8) == 0)
        return web_ok(text + 8);
    return strncmp(text, "mailto:", 7) == 0 && mail_ok(text + 7);
}
