/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which file of a kept site stands for which address of ours. */
#include "web/assets.h"
#include "web/site_int.h"

#include "base/num.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- addresses ---- */

/* The value of a field of a query, still encoded; "" when it has none. */
static struct es_bytes field_of(const char *query, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = query; *p;) {
        size_t len = strcspn(p, "&");
        if (len > n && p[n] == '=' && memcmp(p, name, n) == 0)
            return (struct es_bytes){ (const uint8_t *)p + n + 1, len - n - 1 };
        p += len + (p[len] == '&');
    }
    return es_bytes_str("");
}

static bool is(struct es_bytes s, const char *text)
{
    return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

/* One of `names`, the first where the address says none; NULL: none of them. */
static const char *one_of(struct es_bytes s, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s.n == 0 || is(s, names[i]))
            return names[i];
    return NULL;
}

static bool named(struct es_site_place *out, enum es_site_kind kind,
                  const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static bool named(struct es_site_place *out, enum es_site_kind kind,
                  const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(out->file, sizeof out->file, fmt, ap);
    va_end(ap);
    out->kind = kind;
    return n > 0 && (size_t)n < sizeof out->file;
}

/* ---- lists that go on ---- */

/* Which page an address with this cursor is: there are links to the first, to
 * the one that is being written, in other languages, and to the next. */
static int64_t page_of(const struct es_site_turn *turn, struct es_bytes cursor,
                       bool *next)
{
    *next = cursor.n > 0 && !is(cursor, turn->cursor);
    return cursor.n == 0 ? 1 : *next ? turn->page + 1 : turn->page;
}

/* "" or "-2". */
static const char *page_text(int64_t page, char out[32])
{
    out[0] = '\0';
    if (page > 1)
        (void)snprintf(out, 32, "-%" PRId64, page);
    return out;
}

static bool board(const struct es_site_names *n,
                  const struct es_site_turn *turn, const char *query,
                  const struct es_lang *lang, struct es_site_place *out,
                  bool *next)
{
    static const char *const BY[] = { "person", "team", "country" };
    static const char *const METRIC[] = { "distance", "time", "best", "mean" };
    char number[32], cat[64] = "";
    const char *by = one_of(field_of(query, "by"), BY, 3);
    const char *metric = one_of(field_of(query, "metric"), METRIC, 4);
    struct es_bytes category = field_of(query, "category");
    struct es_bytes age = field_of(query, "age");
    int64_t from = 0;
    size_t i = 0;
    while (i < n->n_categories && !is(category, n->category[i]))
        i++;
    if (!by || !metric || (category.n > 0 && i == n->n_categories) ||
        field_of(query, "q").n > 0 || field_of(query, "around").n > 0)
        return false;
    if (age.n > 0 && !es_num_i64(age, 0, INT32_MAX - 1, &from))
        return false;
    if (category.n > 0 && age.n > 0)
        (void)snprintf(cat, sizeof cat, "-c%zu-a%d", i + 1, (int)from);
    else if (category.n > 0)
        (void)snprintf(cat, sizeof cat, "-c%zu", i + 1);
    int64_t page = page_of(turn, field_of(query, "cursor"), next);
    return named(out, ES_SITE_BOARD, "%s/leaderboard/%s-%s%s%s.html", lang->tag,
                 by, metric, cat, page_text(page, number));
}

/* "people/7?before=..": a list of its own. */
static bool list(const struct es_site_turn *turn, const char *what,
                 const char *path, const char *query,
                 const struct es_lang *lang, struct es_site_place *out,
                 bool *next)
{
    char number[32];
    int64_t id;
    struct es_bytes at = field_of(query, "cursor");
    size_t n = strcspn(path, "?");
    if (!es_num_i64((struct es_bytes){ (const uint8_t *)path, n }, 1, INT64_MAX,
                    &id))
        return false;
    if (at.n == 0)
        at = field_of(query, "before");
    return named(out, ES_SITE_LIST, "%s/%s/%" PRId64 "%s.html", lang->tag, what,
                 id, page_text(page_of(turn, at, next), number));
}

/* ---- what isn't a page ---- */

static const char *ending_of(const char *type)
{
    static const char *const ENDINGS[][2] = {
        { "image/jpeg", "jpg" },  { "image/png", "png" },
        { "image/webp", "webp" }, { "image/svg+xml", "svg" },
        { "video/mp4", "mp4" },   { "video/webm", "webm" },
        { "text/vtt", "vtt" },
    };
    size_t n = strcspn(type, ";");
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++)
        if (strncmp(type, ENDINGS[i][0], n) == 0 && !ENDINGS[i][0][n])
            return ENDINGS[i][1];
    return "bin";
}

static bool medium(const struct es_site_names *names, const char *id_text,
                   struct es_site_place *out)
{
    struct es_arena a;
    struct es_media m;
    struct es_err e;
    int64_t id;
    es_arena_init(&a, 1 << 16);
    bool ok =
        es_num_i64(es_bytes_str(id_text), 1, INT64_MAX, &id) &&
        es_store_media(names->store, names->initiative, id, &a, &m, &e) ==
            ES_OK &&
        named(out, ES_SITE_COPY, "media/%" PRId64 ".%s", id, ending_of(m.type));
    es_arena_release(&a);
    return ok;
}

static bool card(const char *query, const struct es_lang *lang,
                 struct es_site_place *out)
{
    static const char *const SIZES[] = { "wide", "square", "story" };
    const char *size = one_of(field_of(query, "size"), SIZES, 3);
    return size && named(out, ES_SITE_COPY, "cards/%s-%s.png", size, lang->tag);
}

/* ---- all of them ---- */

/* What follows `with` in a path; NULL when it begins otherwise. */
static const char *after(const char *path, const char *with)
{
    size_t n = strlen(with);
    return strncmp(path, with, n) == 0 ? path + n : NULL;
}

/* Below the initiative's own address; `rest` is what follows it. */
static bool inside(const struct es_site_names *n,
                   const struct es_site_turn *turn, const char *rest,
                   const struct es_lang *lang, struct es_site_place *out,
                   bool *next)
{
    size_t len = strcspn(rest, "?");
    const char *query = rest[len] ? rest + len + 1 : "", *p;
    struct es_bytes path = { (const uint8_t *)rest, len };
    int64_t number;
    if (len == 0)
        return named(out, ES_SITE_PAGE, "%s/index.html", lang->tag);
    if (is(path, "/rules") || is(path, "/results") || is(path, "/programme"))
        return named(out, ES_SITE_PAGE, "%s%.*s.html", lang->tag, (int)len,
                     rest);
    if (is(path, "/results.csv") || is(path, "/results.json"))
        return named(out, ES_SITE_COPY, "%.*s", (int)len - 1, rest + 1);
    if (is(path, "/results/print"))
        return named(out, ES_SITE_PAGE, "%s/results-print.html", lang->tag);
    if (is(path, "/leaderboard"))
        return board(n, turn, query, lang, out, next);
    if (is(path, "/card.png"))
        return card(query, lang, out);
    if ((p = after(rest, "/people/")))
        return list(turn, "people", p, query, lang, out, next);
    if ((p = after(rest, "/teams/")))
        return list(turn, "teams", p, query, lang, out, next);
    if ((p = after(rest, "/programme/")))
        return es_num_i64(
                   (struct es_bytes){ (const uint8_t *)p, strcspn(p, "?") }, 1,
                   INT64_MAX, &number) &&
               named(out, ES_SITE_PAGE, "%s/programme/%" PRId64 ".html",
                     lang->tag, number);
    if ((p = after(rest, "/media/")))
        return medium(n, p, out);
    return (p = after(rest, "/results/")) &&
           es_num_i64(es_bytes_str(p), 1, INT32_MAX, &number) &&
           named(out, ES_SITE_COPY, "results-%" PRId64 ".json", number);
}

/* Whether it can be the name of a file as it is. */
static bool plain(const char *name)
{
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return *name && *name != '.' && !name[strspn(name, ALLOWED)];
}

bool es_site_place_of(const struct es_site_names *n,
                      const struct es_site_turn *turn, const char *path,
                      const struct es_lang *lang, struct es_site_place *out,
                      bool *next)
{
    const char *p = after(path, n->root);
    *next = false;
    if (strcmp(path, "/") == 0)
        return inside(n, turn, "", lang, out, next);
    if (p && (!*p || *p == '/' || *p == '?'))
        return inside(n, turn, p, lang, out, next);
    if ((p = after(path, "/static/")))
        return plain(p) && named(out, ES_SITE_COPY, "static/%s", p);
    return (p = after(path, "/r/")) && plain(p) &&
           named(out, ES_SITE_RUN, "%s/runs/%s.html", lang->tag, p);
}
