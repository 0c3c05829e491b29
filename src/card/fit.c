/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Text into its rectangle: smaller, then on two lines, then with an ellipsis;
 * never through a letter and never over the edge. All is set at one size and
 * scaled, so that a face is looked up once. */
#include "card/card_int.h"

#include <math.h>

static const double REF = 100;        /* px */
static const double TRACKING = -0.02; /* of a large figure */
static const double STEP = 0.94;
static const float NASTALIQ_SPACING = 0.72f; /* of the face's own */

static double px(int units)
{
    return (double)units / PANGO_SCALE;
}

static int units(double pixels)
{
    return (int)(pixels * PANGO_SCALE);
}

static bool is_lang(const char *lang, const char *tag)
{
    size_t n = strlen(tag);
    return strncasecmp(lang, tag, n) == 0 &&
           (lang[n] == '\0' || lang[n] == '-' || lang[n] == '_');
}

static const char *cjk_face(const char *lang)
{
    if (is_lang(lang, "ja"))
        return "Noto Sans CJK JP";
    if (is_lang(lang, "ko"))
        return "Noto Sans CJK KR";
    if (is_lang(lang, "yue") || is_lang(lang, "zh-hk"))
        return "Noto Sans CJK HK";
    if (is_lang(lang, "zh-tw") || is_lang(lang, "zh-hant"))
        return "Noto Sans CJK TC";
    return "Noto Sans CJK SC";
}

bool es_card_is_nastaliq(const char *lang)
{
    return is_lang(lang, "ur") || is_lang(lang, "ks");
}

/* Latin letters and figures in Inter, the rest in the face of the language; a
 * letter that none of these has comes from whichever has it. */
void es_card_families(char *out, size_t cap, bool large, bool figure,
                      const char *lang)
{
    snprintf(out, cap, "%s,%s,%s,Noto Sans,Noto Color Emoji",
             large ? "Inter Display" : "Inter",
             es_card_is_nastaliq(lang) ? "Noto Nastaliq Urdu"
             : figure                  ? "Noto Sans Arabic"
                                       : "Noto Naskh Arabic",
             cjk_face(lang));
}

static void add(PangoAttrList *list, PangoAttribute *a, size_t from, size_t to)
{
    a->start_index = (guint)from;
    a->end_index = (guint)to;
    pango_attr_list_insert(list, a);
}

static void add_span(PangoAttrList *list, const struct es_card_span *v,
                     const char *lang, size_t from, size_t to)
{
    char family[256];
    es_card_families(family, sizeof family, v->large, v->tracked, lang);
    add(list, pango_attr_family_new(family), from, to);
    add(list, pango_attr_size_new_absolute(units(REF * v->size)), from, to);
    add(list, pango_attr_weight_new((PangoWeight)v->weight), from, to);
    add(list,
        pango_attr_foreground_new((guint16)(v->colour.r * 257),
                                  (guint16)(v->colour.g * 257),
                                  (guint16)(v->colour.b * 257)),
        from, to);
    if (v->tracked)
        add(list, pango_attr_letter_spacing_new(units(REF * TRACKING)), from,
            to);
}

static void set_text(PangoLayout *l, const struct es_card_phrase *text)
{
    GString *all = g_string_new(NULL);
    PangoAttrList *list = pango_attr_list_new();
    for (size_t i = 0; i < text->n; i++) {
        size_t from = all->len;
        g_string_append(all, text->span[i].text);
        add_span(list, &text->span[i], text->lang, from, all->len);
    }
    add(list, pango_attr_language_new(pango_language_from_string(text->lang)),
        0, all->len);
    pango_layout_set_attributes(l, list);
    pango_layout_set_single_paragraph_mode(l, TRUE);
    pango_layout_set_text(l, all->str, (int)all->len);
    pango_attr_list_unref(list);
    g_string_free(all, TRUE);
}

/* All that must be inside the box, at REF: the ink, and unless it is a figure
 * the line as well. */
static PangoRectangle extent(PangoLayout *l, bool tight)
{
    PangoRectangle ink, line;
    pango_layout_get_extents(l, &ink, &line);
    if (tight)
        return ink;
    int x0 = MIN(ink.x, line.x);
    int y0 = MIN(ink.y, line.y);
    int x1 = MAX(ink.x + ink.width, line.x + line.width);
    int y1 = MAX(ink.y + ink.height, line.y + line.height);
    return (PangoRectangle){ x0, y0, x1 - x0, y1 - y0 };
}

/* The largest scale, up to `most`, at which the layout as it is fits. A single
 * line hangs on its base: its ink above and below must fit. */
static double fitting(PangoLayout *l, const struct es_card_style *style,
                      const struct es_card_place *at, double most)
{
    PangoRectangle r = extent(l, style->tight);
    PangoRectangle ink;
    double s = most;
    if (r.width > 0)
        s = fmin(s, at->box.w / px(r.width));
    if (style->tight || pango_layout_get_line_count(l) > 1)
        return r.height > 0 ? fmin(s, at->box.h / px(r.height)) : s;
    pango_layout_get_extents(l, &ink, NULL);
    double rise = px(pango_layout_get_baseline(l) - ink.y);
    double fall = px(ink.y + ink.height - pango_layout_get_baseline(l));
    if (rise > 0)
        s = fmin(s, at->base * at->box.h / rise);
    if (fall > 0)
        s = fmin(s, (1 - at->base) * at->box.h / fall);
    return s;
}

/* On several lines at that scale; whether all of it fits. */
static bool wrapped(PangoLayout *l, const struct es_card_style *style,
                    const struct es_card_place *at, double scale)
{
    pango_layout_set_width(l, units(at->box.w / scale));
    return pango_layout_get_line_count(l) <= style->lines &&
           fitting(l, style, at, scale) >= scale;
}

/* The scale for the box; the layout is left as it is to be drawn. */
static double choose(PangoLayout *l, const struct es_card_style *style,
                     const struct es_card_place *at, bool *cut)
{
    double most = at->size / REF;
    double one = fitting(l, style, at, most);
    double least = most * style->smaller;
    if (one >= least || style->tight)
        return one;
    pango_layout_set_wrap(l, PANGO_WRAP_WORD);
    for (double s = most; style->lines > 1 && s >= least; s *= STEP)
        if (wrapped(l, style, at, s))
            return s;
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    least *= style->lines > 1 ? 0.8 : 1;
    for (double s = least / 0.8; style->lines > 1 && s >= least; s *= STEP)
        if (wrapped(l, style, at, s))
            return s;
    pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
    pango_layout_set_width(l, units(at->box.w / least));
    pango_layout_set_height(l, -style->lines);
    *cut = pango_layout_is_ellipsized(l);
    /* what is too high for the box even so */
    return fitting(l, style, at, least);
}

static void align(PangoLayout *l, bool right)
{
    /* Pango means the paragraph's own left and right */
    PangoLayoutLine *first = pango_layout_get_line_readonly(l, 0);
    bool rtl =
        pango_layout_line_get_resolved_direction(first) == PANGO_DIRECTION_RTL;
    pango_layout_set_alignment(l, right != rtl ? PANGO_ALIGN_RIGHT
                                               : PANGO_ALIGN_LEFT);
}

void es_card_text_fit(PangoContext *cx, const struct es_card_phrase *text,
                      const struct es_card_style *style,
                      const struct es_card_place *at, struct es_card_text *out)
{
    *out = (struct es_card_text){ 0 };
    if (text->n == 0 || at->box.w <= 0)
        return;
    PangoLayout *l = pango_layout_new(cx);
    set_text(l, text);
    align(l, at->right);
    if (es_card_is_nastaliq(text->lang))
        pango_layout_set_line_spacing(l, NASTALIQ_SPACING);
    double s = choose(l, style, at, &out->cut);

    PangoRectangle r = extent(l, style->tight);
    PangoRectangle ink;
    pango_layout_get_extents(l, &ink, NULL);
    bool line = !style->tight && pango_layout_get_line_count(l) == 1;
    out->layout = l;
    out->scale = s;
    out->x =
        at->box.x - px(r.x) * s + (at->right ? at->box.w - px(r.width) * s : 0);
    out->y = line ? at->box.y + at->base * at->box.h -
                        px(pango_layout_get_baseline(l)) * s
                  : at->box.y + at->box.h - px(r.y + r.height) * s;
    out->ink =
        (struct es_card_rect){ out->x + px(ink.x) * s, out->y + px(ink.y) * s,
                               px(ink.width) * s, px(ink.height) * s };
}

void es_card_text_release(struct es_card_text *t)
{
    if (t->layout)
        g_object_unref(t->layout);
    *t = (struct es_card_text){ 0 };
}
