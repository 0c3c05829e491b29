/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Text into its rectangle: smaller, then on two lines, then with an ellipsis;
 * never through a letter and never over the edge. All is set at one size and
 * scaled, so that a face is looked up once. */
#include "card/card_int.h"

#include <math.h>

static const double REF = 100;        /* px */
static const double TRACKING = -0.02; /* of a large figure */
static const double STEP = 0.94;

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

static PangoFontDescription *describe(const struct es_card_style *style,
                                      const char *lang)
{
    char family[256];
    bool nastaliq = is_lang(lang, "ur") || is_lang(lang, "ks");
    snprintf(family, sizeof family, "%s,%s,%s,Noto Sans,Noto Color Emoji",
             style->family,
             nastaliq       ? "Noto Nastaliq Urdu"
             : style->tight ? "Noto Kufi Arabic"
                            : "Noto Naskh Arabic",
             cjk_face(lang));
    PangoFontDescription *d = pango_font_description_new();
    pango_font_description_set_family(d, family);
    pango_font_description_set_weight(d, style->weight);
    pango_font_description_set_absolute_size(d, REF * PANGO_SCALE);
    return d;
}

static void add(PangoAttrList *list, PangoAttribute *a, size_t from, size_t to)
{
    a->start_index = (guint)from;
    a->end_index = (guint)to;
    pango_attr_list_insert(list, a);
}

static PangoAttribute *colour_attr(struct es_card_rgb c)
{
    return pango_attr_foreground_new(
        (guint16)(c.r * 65535), (guint16)(c.g * 65535), (guint16)(c.b * 65535));
}

static void set_text(PangoLayout *l, const struct es_card_phrase *text,
                     const struct es_card_style *style)
{
    size_t n = strlen(text->text);
    const char *gap = !*text->tail ? "" : style->tight ? "\u00a0" : "  ";
    char *both = g_strconcat(text->text, gap, text->tail, NULL);
    size_t all = strlen(both);
    PangoAttrList *list = pango_attr_list_new();
    PangoFontDescription *d = describe(style, text->lang);

    add(list, pango_attr_language_new(pango_language_from_string(text->lang)),
        0, all);
    if (style->tight)
        add(list, pango_attr_letter_spacing_new(units(REF * TRACKING)), 0, n);
    if (all > n) {
        add(list, pango_attr_size_new_absolute(units(REF * text->tail_size)), n,
            all);
        add(list, pango_attr_weight_new(PANGO_WEIGHT_MEDIUM), n, all);
        add(list, colour_attr(text->tail_colour), n, all);
    }
    pango_layout_set_font_description(l, d);
    pango_layout_set_attributes(l, list);
    pango_layout_set_single_paragraph_mode(l, TRUE);
    pango_layout_set_text(l, both, -1);
    pango_font_description_free(d);
    pango_attr_list_unref(list);
    g_free(both);
}

/* What must be inside the box, at REF: the ink, and unless it is a figure the
 * line as well. */
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

/* The largest scale, up to `most`, at which the layout as it is fits. */
static double fitting(PangoLayout *l, bool tight, struct es_card_rect box,
                      double most)
{
    PangoRectangle r = extent(l, tight);
    double s = most;
    if (r.width > 0)
        s = fmin(s, box.w / px(r.width));
    if (r.height > 0)
        s = fmin(s, box.h / px(r.height));
    return s;
}

/* On several lines at that scale; whether all of it fits. */
static bool wrapped(PangoLayout *l, const struct es_card_style *style,
                    struct es_card_rect box, double scale)
{
    pango_layout_set_width(l, units(box.w / scale));
    return pango_layout_get_line_count(l) <= style->lines &&
           fitting(l, style->tight, box, scale) >= scale;
}

/* The scale for the box; the layout is left as it is to be drawn. */
static double choose(PangoLayout *l, const struct es_card_style *style,
                     struct es_card_rect box, double most, bool *cut)
{
    double one = fitting(l, style->tight, box, most);
    double least = most * style->smaller;
    if (one >= least || style->tight)
        return one;
    pango_layout_set_wrap(l, PANGO_WRAP_WORD);
    for (double s = most; style->lines > 1 && s >= least; s *= STEP)
        if (wrapped(l, style, box, s))
            return s;
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    for (double s = least / STEP; style->lines > 1 && s >= least * 0.8;
         s *= STEP)
        if (wrapped(l, style, box, s))
            return s;
    least *= style->lines > 1 ? 0.8 : 1;
    pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
    pango_layout_set_width(l, units(box.w / least));
    pango_layout_set_height(l, -style->lines);
    *cut = pango_layout_is_ellipsized(l);
    /* two lines of a tall script may still be too high for the box */
    return fitting(l, style->tight, box, least);
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
                      struct es_card_rect box, double size, bool rtl,
                      struct es_card_text *out)
{
    bool right = rtl != style->end;
    *out = (struct es_card_text){ 0 };
    if (!*text->text || box.w <= 0)
        return;
    PangoLayout *l = pango_layout_new(cx);
    set_text(l, text, style);
    align(l, right);
    double s = choose(l, style, box, size / REF, &out->cut);

    PangoRectangle r = extent(l, style->tight);
    PangoRectangle ink;
    pango_layout_get_extents(l, &ink, NULL);
    double left = box.x - px(r.x) * s;
    double top = box.y - px(r.y) * s;
    double spare_w = box.w - px(r.width) * s;
    double spare_h = box.h - px(r.height) * s;
    out->layout = l;
    out->scale = s;
    out->x = left + (right ? spare_w : 0);
    out->y = top + (style->align == ES_ALIGN_BOTTOM   ? spare_h
                    : style->align == ES_ALIGN_MIDDLE ? spare_h / 2
                                                      : 0);
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
