/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words into lines. */
#include "card/paper_int.h"

#include "base/utf8.h"

#include <limits.h>

static const float NASTALIQ_LEAD = 0.86f, NASKH_LEAD = 0.92f;

double es_paper_px(int units)
{
    return (double)units / PANGO_SCALE;
}

static int units(double points)
{
    return (int)(points * PANGO_SCALE);
}

struct es_paper_style es_paper_style(enum es_paper_face face,
                                     enum es_paper_kind kind, unsigned level)
{
    enum {
        REGULAR = PANGO_WEIGHT_NORMAL,
        MEDIUM = PANGO_WEIGHT_MEDIUM,
        SEMI = PANGO_WEIGHT_SEMIBOLD,
        BOLD = PANGO_WEIGHT_BOLD,
        ULTRA = PANGO_WEIGHT_ULTRABOLD
    };
#define SET(size, before, after, lead, weight, tone, large, tag)               \
    {                                                                          \
        size, before, after, lead, weight, ES_PAPER_##tone, large, tag         \
    }
    static const struct es_paper_style HEADINGS[] = {
        SET(15, 1.5, 0.5, 1.08, BOLD, INK, true, "H2"),
        SET(12.5, 1.3, 0.45, 1.1, BOLD, INK, true, "H3"),
        SET(10.5, 1.2, 0.4, 1.15, SEMI, ACCENT, false, "H4"),
    };
    static const struct es_paper_style
        STYLES[ES_PAPER_FACES][ES_PAPER_KINDS] = {
        [ES_PAPER_SHEET] = {
            [ES_PAPER_TITLE] = SET(25, 0, 0.42, 1.02, BOLD, INK, true, "H1"),
            [ES_PAPER_LEAD] = SET(13, 0, 0.8, 1.15, REGULAR, SOFT, false, "P"),
            [ES_PAPER_DATE] = SET(9.5, 0, 0.75, 1.15, SEMI, ACCENT, false, "P"),
            [ES_PAPER_TEXT] = SET(10.5, 0, 0.75, 1.24, REGULAR, INK, false,
                                  "P"),
            [ES_PAPER_QUOTE] = SET(12.5, 0.3, 0.8, 1.24, REGULAR, INK, false,
                                   "BlockQuote"),
            [ES_PAPER_ITEM] = SET(10.5, 0, 0.4, 1.24, REGULAR, INK, false,
                                  "LBody"),
            [ES_PAPER_NOTE] = SET(8.5, 0, 0.6, 1.2, REGULAR, SOFT, false, "P"),
            [ES_PAPER_NAME] = SET(20, 0, 0.4, 1.05, BOLD, ACCENT, true, "P"),
            [ES_PAPER_FIGURE] = SET(34, 0, 0.3, 1, ULTRA, ACCENT, true, "P"),
            [ES_PAPER_PERSON] = SET(10.5, 0.4, 1.4, 1.2, REGULAR, SOFT, false,
                                    "P"),
            [ES_PAPER_CODE] = SET(9, 1.2, 1, 1.2, REGULAR, SOFT, false, "P"),
            [ES_PAPER_TABLE] = SET(9, 0.5, 1.6, 1.12, REGULAR, INK, false,
                                   "TD"),
            [ES_PAPER_RULE] = SET(10.5, 0.6, 1.2, 1, REGULAR, INK, false, "P"),
        },
        [ES_PAPER_CERTIFICATE] = {
            [ES_PAPER_TITLE] = SET(26, 0, 0.5, 1.1, BOLD, ACCENT, true, "H1"),
            [ES_PAPER_LEAD] = SET(15, 0.3, 0.7, 1.15, REGULAR, SOFT, false,
                                  "P"),
            [ES_PAPER_DATE] = SET(11, 0.3, 0.7, 1.15, MEDIUM, SOFT, false,
                                  "P"),
            [ES_PAPER_TEXT] = SET(14, 0.2, 0.6, 1.2, REGULAR, INK, false, "P"),
            [ES_PAPER_QUOTE] = SET(14, 0.2, 0.6, 1.2, REGULAR, INK, false,
                                   "P"),
            [ES_PAPER_ITEM] = SET(13, 0, 0.4, 1.2, REGULAR, INK, false,
                                  "LBody"),
            [ES_PAPER_NOTE] = SET(10, 0.3, 0.5, 1.2, REGULAR, SOFT, false,
                                  "P"),
            [ES_PAPER_NAME] = SET(50, 0.05, 0.12, 1.0, BOLD, INK, true, "P"),
            [ES_PAPER_FIGURE] = SET(54, 0.05, 0.1, 1.0, ULTRA, ACCENT, true,
                                    "P"),
            [ES_PAPER_PERSON] = SET(13, 0.4, 1, 1.2, REGULAR, SOFT, false,
                                    "P"),
            [ES_PAPER_CODE] = SET(10, 0, 0, 1.2, MEDIUM, WHITE, false, "P"),
            [ES_PAPER_TABLE] = SET(11, 0.5, 1, 1.15, REGULAR, INK, false,
                                   "TD"),
            [ES_PAPER_RULE] = SET(12, 0.6, 1, 1, REGULAR, INK, false, "P"),
        },
    };
#undef SET
    if (kind == ES_PAPER_HEADING)
        return HEADINGS[level <= 2 ? 0 : level == 3 ? 1 : 2];
    return STYLES[face][kind];
}

/* ---- attributes ---- */

static struct es_rgb tone(const struct es_paper_flow *f,
                          const struct es_paper_style *s)
{
    static const struct es_rgb WHITE = { 255, 255, 255 };
    return s->tone == ES_PAPER_SOFT     ? f->tones.soft
           : s->tone == ES_PAPER_ACCENT ? f->tones.accent
           : s->tone == ES_PAPER_WHITE  ? WHITE
                                        : f->tones.ink;
}

static void add(PangoAttrList *list, PangoAttribute *a, int from, int to)
{
    a->start_index = (guint)from;
    a->end_index = (guint)to;
    pango_attr_list_insert(list, a);
}

static void colour(PangoAttrList *list, struct es_rgb c, int from, int to)
{
    add(list,
        pango_attr_foreground_new((guint16)(c.r * 257), (guint16)(c.g * 257),
                                  (guint16)(c.b * 257)),
        from, to);
}

static bool is_link(const struct es_paper_span *s)
{
    static const char *const SCHEMES[] = { "https://", "http://", "mailto:" };
    for (size_t i = 0; s->link && i < sizeof SCHEMES / sizeof *SCHEMES; i++)
        if (strncmp(s->link, SCHEMES[i], strlen(SCHEMES[i])) == 0)
            return true;
    return false;
}

static void mark(const struct es_paper_flow *f, PangoAttrList *list,
                 const struct es_paper_span *s, int from, int to)
{
    if (s->marks & ES_PAPER_BOLD)
        add(list, pango_attr_weight_new(PANGO_WEIGHT_SEMIBOLD), from, to);
    if (s->marks & ES_PAPER_ITALIC)
        add(list, pango_attr_style_new(PANGO_STYLE_ITALIC), from, to);
    if (is_link(s))
        colour(list, f->tones.accent, from, to);
}

/* Letters of words that have spaces between them. */
static bool is_spaced(uint32_t c)
{
    return c > ' ' && c < 0x900 && !(c >= 0x300 && c < 0x370) &&
           !(c >= 0x591 && c < 0x5c8) && !(c >= 0x610 && c < 0x620) &&
           !(c >= 0x64b && c < 0x660);
}

/* Line feeds break lines, not paragraphs: those would each have a direction
 * of their own. No word is so long; and Pango takes time with the square of
 * it, so that it may be broken now and then. */
static void append(GString *all, const struct es_paper_span *s)
{
    enum { LONG = 100 };
    bool own = (s->marks & ES_PAPER_OWN) != 0;
    struct es_bytes text = es_bytes_str(s->text ? s->text : "");
    int letters = 0;
    g_string_append(all, own ? "\u2068" : "");
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t c = es_utf8_next(text, &at);
        letters = is_spaced(c) ? letters + 1 : 0;
        if (letters == LONG) {
            g_string_append(all, "\u200b");
            letters = 0;
        }
        if (c == '\n')
            g_string_append(all, "\u2028");
        else
            g_string_append_len(all, (const char *)text.p + from,
                                (gssize)(at - from));
    }
    g_string_append(all, own ? "\u2069" : "");
}

static void style_all(const struct es_paper_flow *f,
                      const struct es_paper_setting *s, const char *lang,
                      PangoAttrList *list, int n)
{
    char family[256];
    es_card_families(family, sizeof family, s->style.large, false, lang);
    add(list, pango_attr_family_new(family), 0, n);
    add(list, pango_attr_size_new_absolute(units(s->style.size * f->scale)), 0,
        n);
    add(list, pango_attr_weight_new((PangoWeight)s->style.weight), 0, n);
    add(list, pango_attr_language_new(pango_language_from_string(lang)), 0, n);
    add(list, pango_attr_insert_hyphens_new(FALSE), 0, n); /* nor addresses */
    colour(list, tone(f, &s->style), 0, n);
}

/* ---- one text ---- */

static float lead_of(const struct es_paper_setting *s, const char *text,
                     const char *lang)
{
    double tall = es_card_text_lead(text, lang);
    return tall > 1.75  ? NASTALIQ_LEAD
           : tall > 1.4 ? NASKH_LEAD
                        : (float)s->style.lead;
}

void es_paper_text(const struct es_paper_flow *f,
                   const struct es_paper_setting *s,
                   const struct es_paper_span *span, size_t n,
                   struct es_paper_text *out)
{
    GString *all = g_string_new(NULL);
    PangoAttrList *list = pango_attr_list_new();
    bool rtl = s->dir == ES_PAPER_AUTO ? f->rtl : s->dir == ES_PAPER_RTL;
    *out =
        (struct es_paper_text){ .span = span,
                                .n = n > ES_PAPER_SPANS ? ES_PAPER_SPANS : n };
    for (size_t i = 0; i < out->n; i++) {
        append(all, &span[i]);
        out->end[i] = (int)all->len;
        out->linked |= is_link(&span[i]);
    }
    const char *lang =
        es_card_text_lang(all->str, *s->lang ? s->lang : f->p->tag);
    style_all(f, s, lang, list, (int)all->len);
    for (size_t i = 0; i < out->n; i++)
        mark(f, list, &span[i], i > 0 ? out->end[i - 1] : 0, out->end[i]);

    PangoLayout *l = pango_layout_new(f->cx[rtl]);
    pango_layout_set_auto_dir(l, s->dir == ES_PAPER_AUTO);
    pango_layout_set_attributes(l, list);
    pango_layout_set_line_spacing(l, lead_of(s, all->str, lang));
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    if (s->width > 0)
        pango_layout_set_width(l, units(s->width));
    pango_layout_set_text(l, all->str, (int)all->len);
    PangoLayoutLine *first = pango_layout_get_line_readonly(l, 0);
    out->rtl =
        pango_layout_line_get_resolved_direction(first) == PANGO_DIRECTION_RTL;
    out->layout = l;
    out->swapped = s->dir == ES_PAPER_AUTO && out->rtl != f->rtl;
    if (s->centred)
        pango_layout_set_alignment(l, PANGO_ALIGN_CENTER);
    else
        es_paper_text_align(out, out->rtl);
    pango_attr_list_unref(list);
    g_string_free(all, TRUE);
}

void es_paper_text_release(struct es_paper_text *t)
{
    if (t->layout)
        g_object_unref(t->layout);
    *t = (struct es_paper_text){ 0 };
}

void es_paper_text_align(struct es_paper_text *t, bool right)
{
    pango_layout_set_alignment(
        t->layout, right != t->swapped ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
}

double es_paper_text_height(const struct es_paper_text *t)
{
    PangoRectangle line;
    pango_layout_get_extents(t->layout, NULL, &line);
    return es_paper_px(line.height);
}

/* ---- onto the page ---- */

static void link_tag(cairo_t *cr, const char *uri, double x, double y, double w,
                     double h)
{
    GString *a = g_string_new(NULL);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    const double v[] = { x, y, w, h };
    g_string_append(a, "rect=[");
    for (size_t i = 0; i < 4; i++) {
        g_string_append(a,
                        g_ascii_formatd(number, sizeof number, "%.2f", v[i]));
        g_string_append_c(a, ' ');
    }
    g_string_append(a, "] uri='");
    for (; *uri; uri++) {
        if (*uri == '\'' || *uri == '\\')
            g_string_append_c(a, '\\');
        g_string_append_c(a, *uri);
    }
    g_string_append(a, "'");
    cairo_tag_begin(cr, CAIRO_TAG_LINK, a->str);
    cairo_tag_end(cr, CAIRO_TAG_LINK);
    g_string_free(a, TRUE);
}

static void links(cairo_t *cr, const struct es_paper_text *t,
                  PangoLayoutLine *line, double x, double y, double h)
{
    int first = line->start_index;
    int last = line->start_index + line->length;
    for (size_t i = 0; i < t->n; i++) {
        int from = MAX(i > 0 ? t->end[i - 1] : 0, first);
        int to = MIN(t->end[i], last);
        if (from >= to || !is_link(&t->span[i]))
            continue;
        int *range, n;
        pango_layout_line_get_x_ranges(line, from, to, &range, &n);
        for (int k = 0; k < n; k++)
            link_tag(cr, t->span[i].link, x + es_paper_px(range[2 * k]), y,
                     es_paper_px(range[2 * k + 1] - range[2 * k]), h);
        g_free(range);
    }
}

void es_paper_text_show(cairo_t *cr, const struct es_paper_text *t, double x,
                        double y, int from, int to)
{
    PangoLayoutIter *it = pango_layout_get_iter(t->layout);
    double top = 0;
    int i = 0;
    do {
        int y0, y1;
        PangoRectangle r;
        if (i < from || i >= to)
            continue;
        PangoLayoutLine *line = pango_layout_iter_get_line_readonly(it);
        pango_layout_iter_get_line_yrange(it, &y0, &y1);
        pango_layout_iter_get_line_extents(it, NULL, &r);
        if (i == from)
            top = es_paper_px(y0);
        double base = es_paper_px(pango_layout_iter_get_baseline(it));
        cairo_move_to(cr, x + es_paper_px(r.x), y + base - top);
        pango_cairo_show_layout_line(cr, line);
        if (t->linked)
            links(cr, t, line, x, y + es_paper_px(y0) - top,
                  es_paper_px(y1 - y0));
    } while (++i < to && pango_layout_iter_next_line(it));
    pango_layout_iter_free(it);
}
