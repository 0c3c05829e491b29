/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a browser is called, in every language alike. */
#include "web/web_int.h"

#include <string.h>

struct mark {
    const char *in, *name; /* what the header has, what people call it */
};

/* The first that fits: Edge and Opera also call themselves Chrome, and all of
 * them Safari. Source: RFC 9110, section 10.1.5; the browsers' own habits. */
static const struct mark BROWSERS[] = {
    { "Edg", "Edge" },
    { "OPR/", "Opera" },
    { "SamsungBrowser", "Samsung Internet" },
    { "Firefox/", "Firefox" },
    { "FxiOS/", "Firefox" },
    { "CriOS/", "Chrome" },
    { "Chrome/", "Chrome" },
    { "Safari/", "Safari" },
    { "curl/", "curl" },
};
static const struct mark SYSTEMS[] = {
    { "Android", "Android" }, { "iPhone", "iPhone" },  { "iPad", "iPad" },
    { "Windows", "Windows" }, { "Mac OS X", "macOS" }, { "CrOS", "ChromeOS" },
    { "Linux", "Linux" },
};

static const char *first_mark(const struct mark *v, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(text, v[i].in))
            return v[i].name;
    return "";
}

const char *es_web_browser(const struct es_req *q)
{
    const char *agent = es_req_header(q, "User-Agent");
    if (!agent)
        return "";
    const char *browser =
        first_mark(BROWSERS, sizeof BROWSERS / sizeof *BROWSERS, agent);
    const char *system =
        first_mark(SYSTEMS, sizeof SYSTEMS / sizeof *SYSTEMS, agent);
    const char *all = es_arena_fmt(es_req_arena(q), "%s%s%s", browser,
                                   *browser && *system ? ", " : "", system);
    return all ? all : "";
}
