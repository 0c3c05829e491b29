/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/paper.h"

#include "base/limits.h"
#include "html/markdown.h"
#include "render/render.h"

#include <string.h>

void es_web_paper_init(struct es_web_paper *w, const struct es_req *q,
                       const struct es_initiative *ini, const char *tag)
{
    const struct es_lang *own = es_lang_of(tag);
    struct es_rgb c = { 0 };
    if (!es_web_colour(q, ini, &c))
        (void)es_rgb_parse(ES_WEB_OWN_COLOUR, &c);
    *w = (struct es_web_paper){
        .q = q,
        .paper = {
            .lang = own ? own : es_web_lang(q, NULL),
            .tag = tag,
            .colour = (uint32_t)c.r << 16 | (uint32_t)c.g << 8 | c.b,
            .title = ini->title,
            .author = ini->holder,
            .initiative = ini->title,
            .holder = ini->holder,
        },
    };
}

/* Room for one more in an array of the arena; NULL: none. */
static void *room(struct es_web_paper *w, void *v, size_t n, size_t *rooms,
                  size_t size)
{
    if (n < *rooms)
        return v;
    size_t more = *rooms ? 2 * *rooms : 8;
    void *p = es_arena_grow(es_req_arena(w->q), v, *rooms * size, more * size);
    w->no_memory |= !p;
    if (p)
        *rooms = more;
    return p;
}

struct es_paper_block *es_web_paper_add(struct es_web_paper *w,
                                        enum es_paper_kind kind,
                                        const char *text)
{
    struct es_paper_block *v =
        room(w, w->block, w->n, &w->blocks, sizeof *w->block);
    w->span = NULL;
    w->spans = 0;
    w->spare = (struct es_paper_block){ .kind = kind };
    if (!v)
        return &w->spare;
    w->block = v;
    v[w->n++] = w->spare;
    if (text)
        es_web_paper_say(w, text, 0, NULL);
    return &v[w->n - 1];
}

void es_web_paper_say(struct es_web_paper *w, const char *text, unsigned marks,
                      const char *link)
{
    struct es_paper_block *k = w->n > 0 ? &w->block[w->n - 1] : NULL;
    if (!k || k->n == ES_PAPER_SPANS)
        return;
    struct es_paper_span *v =
        room(w, w->span, k->n, &w->spans, sizeof *w->span);
    if (!v)
        return;
    v[k->n++] = (struct es_paper_span){ text, link, marks };
    k->span = w->span = v;
}

const char *es_web_paper_shown(struct es_web_paper *w, struct es_shown f)
{
    enum { FIGURE = 128 };
    bool miles = es_units_of(es_req_query(w->q, "units")) == ES_UNITS_MI;
    struct es_reader r = { w->paper.lang, miles ? ES_UNITS_MI : ES_UNITS_KM };
    struct es_buf b;
    es_buf_init(&b, FIGURE);
    es_buf_shown(&b, r, f);
    const char *s = es_arena_str(es_req_arena(w->q), es_buf_cstr(&b));
    w->no_memory |= !s;
    es_buf_release(&b);
    return s ? s : "";
}

/* ---- prose ---- */

static void prose_block(void *arg, enum es_prose_block kind, unsigned level,
                        int number)
{
    static const enum es_paper_kind KINDS[] = {
        [ES_PROSE_PARAGRAPH] = ES_PAPER_TEXT,
        [ES_PROSE_HEADING] = ES_PAPER_HEADING,
        [ES_PROSE_QUOTE] = ES_PAPER_QUOTE,
        [ES_PROSE_ITEM] = ES_PAPER_ITEM,
        [ES_PROSE_RULE] = ES_PAPER_RULE,
    };
    enum { DEEPEST = 4 };
    struct es_web_paper *w = arg;
    struct es_paper_block *k = es_web_paper_add(w, KINDS[kind], NULL);
    if (kind == ES_PROSE_HEADING)
        level++; /* the title stands above */
    k->level = level < DEEPEST ? level : DEEPEST;
    if (number > 0)
        k->mark = es_arena_fmt(es_req_arena(w->q), "%d.", number);
}

static void prose_words(void *arg, struct es_bytes s, unsigned marks,
                        const char *link)
{
    struct es_web_paper *w = arg;
    struct es_arena *a = es_req_arena(w->q);
    const char *text = es_arena_strn(a, s.p, s.n);
    const char *to = link ? es_arena_str(a, link) : NULL;
    w->no_memory |= !text || (link && !to);
    es_web_paper_say(w, text ? text : "",
                     (marks & ES_PROSE_STRONG ? ES_PAPER_BOLD : 0u) |
                         (marks & ES_PROSE_EMPH ? ES_PAPER_ITALIC : 0u),
                     to);
}

void es_web_paper_paras(struct es_web_paper *w, enum es_paper_kind kind,
                        const char *lang, const char *text)
{
    struct es_arena *a = es_req_arena(w->q);
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) : strlen(text);
        const char *one = es_arena_strn(a, text, n);
        w->no_memory |= !one;
        if (n > 0)
            es_web_paper_add(w, kind, one ? one : "")->lang = lang;
        text += n;
        text += strspn(text, "\n");
    }
}

void es_web_paper_prose(struct es_web_paper *w, const char *prose)
{
    const struct es_prose_sink SINK = { prose_block, prose_words, w };
    es_markdown_walk(prose, &SINK);
}

/* ---- the end ---- */

void es_web_paper_code(struct es_web_paper *w, struct es_url url)
{
    struct es_url whole =
        es_url_absolute(es_req_arena(w->q), es_web_of(w->q)->origin, url);
    const char *s = es_url_is(whole) ? whole.checked : "";
    const char *bare = strstr(s, "://");
    bare = bare ? bare + 3 : s;
    es_web_paper_add(w, ES_PAPER_CODE, NULL);
    es_web_paper_say(w, bare, 0, s);
    w->paper.foot = bare;
}

enum es_code es_web_paper_send(struct es_web_paper *w, struct es_resp *out,
                               const char *about, struct es_err *e)
{
    const struct es_req *q = w->q;
    struct es_web *web = es_web_of(q);
    struct es_arena *a = es_req_arena(q);
    struct es_render_name name;
    struct es_bytes pdf;
    const char *file = es_arena_fmt(a, "%s.pdf", about);
    w->paper.block = w->block;
    w->paper.n = w->n;
    if (w->no_memory || !file)
        return es_fail(e, ES_ENOMEM, 0, "a document");
    if (!web->app->render)
        return es_web_fail(q, out, 404, "");
    es_render_paper_name(&w->paper, &name);
    if (!es_render_has(web->app->render, &name)) {
        unsigned wait_s =
            es_limit_take(web->app->limits, ES_LIMIT_DRAW,
                          es_web_peer_number(q), es_time_mono_ms());
        if (wait_s)
            return es_web_too_often(q, out, wait_s);
    }
    (void)es_web_speak(q, out, NULL);
    es_resp_type(out, "application/pdf");
    /* What it says may be taken back: who keeps it asks each time. */
    es_resp_cache(out, "public, no-cache");
    es_resp_attachment(out, file);
    if (es_resp_exact(q, out, name.tag))
        return ES_OK;
    enum es_code rc = es_render_paper(web->app->render, &w->paper, a, &pdf, e);
    if (rc == ES_ETOOLARGE &&
        w->paper.pages) { /* then it takes what it needs */
        w->paper.pages = 0;
        rc = es_render_paper(web->app->render, &w->paper, a, &pdf, e);
    }
    if (rc == ES_ECOMPLEX) /* or the machine is too busy */
        return es_fail(e, ES_EBUSY, 0, "the drawing took too long");
    if (rc == ES_OK)
        es_buf_add(es_resp_body(out), pdf.p, pdf.n);
    return rc;
}
