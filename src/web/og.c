/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a page looks like where its address is posted, and what it offers to
 * pass on. */
#include "base/limits.h"
#include "base/utf8.h"
#include "html/markdown.h"
#include "web/web_int.h"

#include <string.h>

enum { TEXT_MAX = 4096, PURPOSE_MAX = 160 }; /* bytes; code points */

/* For whom a posted page speaks. Who fetches it to show it to others mostly
 * says no language, and then the initiative's own is right. */
static struct es_reader posted_reader(const struct es_req *q,
                                      const struct es_initiative *ini)
{
    struct es_reader r = es_web_reader(q);
    const struct es_lang *own = es_lang_of(ini->lang);
    if (own && !es_req_query(q, "lang") && !es_req_header(q, "Accept-Language"))
        r.lang = own;
    return r;
}

static const char *figure(struct es_arena *a, struct es_reader r,
                          struct es_shown f)
{
    struct es_buf b;
    es_buf_init(&b, TEXT_MAX);
    es_buf_shown(&b, r, f);
    const char *out = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out ? out : "";
}

/* A name in a line of another direction. */
static const char *isolated(struct es_arena *a, const char *name)
{
    const char *out = es_arena_fmt(a, "\xe2\x81\xa8%s\xe2\x81\xa9", name);
    return out ? out : "";
}

/* The first paragraph of an organiser's prose, cut at a word. */
static const char *beginning(struct es_arena *a, const char *prose)
{
    struct es_buf plain;
    es_buf_init(&plain, ES_PROSE_MAX * 3);
    es_markdown_text(&plain, prose);
    const char *text = es_arena_str(a, es_buf_cstr(&plain));
    es_buf_release(&plain);
    if (!text)
        return "";
    struct es_bytes s = { (const uint8_t *)text, strcspn(text, "\n\r") };
    size_t at = 0, word = 0;
    for (size_t n = 0; at < s.n && n < PURPOSE_MAX; n++) {
        if (s.p[at] == ' ')
            word = at;
        (void)es_utf8_next(s, &at);
    }
    if (at >= s.n)
        return es_arena_strn(a, s.p, s.n);
    return es_arena_fmt(a, "%.*s\xe2\x80\xa6", (int)(word ? word : at), text);
}

static const char *title_of(struct es_arena *a, struct es_reader r,
                            const struct es_web_posted *p)
{
    const char *dist = figure(a, r, es_dist(p->dist_mm));
    switch (p->kind) {
    case ES_POSTED_INITIATIVE:
    case ES_POSTED_EVENT:
        return p->name;
    case ES_POSTED_RUN:
    case ES_POSTED_SUM:
        break;
    }
    return es_t_fill(a, es_t(r.lang, ES_T("{1}: {2}")), isolated(a, p->name),
                     dist, NULL);
}

/* "10.2 km in 52:03, run for ..." and the total; or the total and what it is
 * for. */
static const char *description_of(const struct es_req *q, struct es_reader r,
                                  const struct es_initiative *ini,
                                  const struct es_web_posted *p)
{
    struct es_arena *a = es_req_arena(q);
    const char *together =
        es_t_fill(a, es_t(r.lang, ES_T("Together so far: {1}.")),
                  figure(a, r, es_dist(es_web_total(q, ini).dist_mm)), NULL);
    const char *first = together, *then = together;
    switch (p->kind) {
    case ES_POSTED_INITIATIVE:
        then = beginning(a, ini->purpose);
        break;
    case ES_POSTED_EVENT:
        first = figure(a, r, es_moment(p->at_ms, p->zone));
        then = beginning(a, p->about);
        break;
    case ES_POSTED_RUN:
        first = es_t_fill(a, es_t(r.lang, ES_T("{1} in {2}, run for {3}.")),
                          figure(a, r, es_dist(p->dist_mm)),
                          figure(a, r, es_duration(p->time_ms)),
                          isolated(a, ini->title), NULL);
        break;
    case ES_POSTED_SUM:
        first = es_t_fill(a, es_t(r.lang, ES_T("{1}, run for {2}.")),
                          figure(a, r, es_dist(p->dist_mm)),
                          isolated(a, ini->title), NULL);
        break;
    }
    const char *both = es_arena_fmt(a, "%s %s", first, then ? then : "");
    return both ? both : "";
}

static const char *locale_of(const struct es_lang *l)
{
    static const char *const LOCALES[] = { "en_GB", "tr_TR", "az_AZ", "ur_PK",
                                           "ar_AR" };
    for (size_t i = 0; i < sizeof LOCALES / sizeof *LOCALES; i++)
        if (strncmp(LOCALES[i], l->tag, 2) == 0)
            return LOCALES[i];
    return LOCALES[0];
}

static struct es_url card_url(const struct es_req *q,
                              const struct es_web_posted *p, struct es_reader r,
                              const char *size, bool keep)
{
    const char *text =
        !es_url_is(p->card)
            ? NULL
            : es_arena_fmt(es_req_arena(q), "%s?size=%s&lang=%s%s%s",
                           p->card.checked, size, r.lang->tag,
                           r.units == ES_UNITS_MI ? "&units=mi" : "",
                           keep ? "&download=1" : "");
    return text ? es_url_fixed(text) : (struct es_url){ NULL };
}

static const char *absolute(const struct es_req *q, struct es_url path)
{
    const char *origin = es_web_of(q)->origin;
    if (!*origin || !es_url_is(path))
        return "";
    struct es_url u = es_url_absolute(es_req_arena(q), origin, path);
    return es_url_is(u) ? u.checked : "";
}

/* The address that is passed on: in the language that the reader chose, else
 * in that of whoever opens it. */
static struct es_url link_of(const struct es_req *q, struct es_url path)
{
    bool chosen;
    const struct es_lang *l = es_web_lang(q, &chosen);
    const char *with =
        es_arena_fmt(es_req_arena(q), "%s%s%s", path.checked,
                     chosen ? "?lang=" : "", chosen ? l->tag : "");
    return with ? es_url_fixed(with) : path;
}

/* The page without a language, and in each of ours. */
static void og_languages(const struct es_req *q, struct es_url path,
                         struct es_view_og *og)
{
    struct es_arena *a = es_req_arena(q);
    const char *origin = es_web_of(q)->origin;
    if (!*origin)
        return;
    og->canonical = es_url_absolute(a, origin, path);
    for (size_t i = 0; i < ES_LANGS; i++) {
        const char *text =
            es_arena_fmt(a, "%s?lang=%s", path.checked, es_lang_at(i)->tag);
        if (text)
            og->in[i] = es_url_absolute(a, origin, es_url_fixed(text));
    }
}

void es_web_post(const struct es_req *q, const struct es_initiative *ini,
                 const struct es_web_posted *p, struct es_view_frame *frame,
                 struct es_view_share *share)
{
    struct es_arena *a = es_req_arena(q);
    struct es_reader r = posted_reader(q, ini);
    struct es_reader own = es_web_reader(q);
    struct es_view_og *og = es_arena_alloc(a, sizeof *og);
    if (!og || !es_url_is(p->path))
        return;
    struct es_url link = link_of(q, p->path);
    *og = (struct es_view_og){
        .title = title_of(a, r, p),
        .description = description_of(q, r, ini, p),
        .url = absolute(q, link),
        .image = absolute(q, card_url(q, p, r, "wide", false)),
        .locale = locale_of(r.lang),
    };
    frame->og = og;
    og_languages(q, p->path, og);
    *share = (struct es_view_share){
        .card = card_url(q, p, own, "square", false),
        .wide = card_url(q, p, own, "wide", true),
        .square = card_url(q, p, own, "square", true),
        .story = card_url(q, p, own, "story", true),
        .title = title_of(a, own, p),
    };
    share->kept = frame->kept;
    if (frame->kept &&
        (p->kind != ES_POSTED_INITIATIVE || !es_web_of(q)->app->render))
        *share = (struct es_view_share){ .title = "", .kept = true };
    if (*og->url && !frame->kept)
        share->link = es_url_absolute(a, es_web_of(q)->origin, link);
}
