/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The faces that cards are set in, with fontconfig settings of our own: the
 * same letters on every machine, and nothing read after the sandbox but the
 * files on the list. */
#include "card/card_int.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <fontconfig/fontconfig.h>

/* Debian's bold Nastaliq says of itself that it is regular. Emoji are pictures
 * of one size, to be scaled; they vanish where antialias is set here. */
static const char CONFIG[] =
    "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'>"
    "<fontconfig><reset-dirs/>"
    "<match target='scan'>"
    "<test name='file' compare='contains'>"
    "<string>NotoNastaliqUrdu-Bold</string></test>"
    "<edit name='weight'><const>bold</const></edit>"
    "<edit name='style'><string>Bold</string></edit></match>"
    "<alias binding='same'><family>emoji</family>"
    "<prefer><family>Noto Color Emoji</family></prefer></alias>"
    "<match target='font'>"
    "<test name='outline' compare='eq'><bool>false</bool></test>"
    "<edit name='pixelsizefixupfactor'><divide>"
    "<name target='pattern'>pixelsize</name>"
    "<name target='font'>pixelsize</name></divide></edit>"
    "<edit name='matrix'><times><name>matrix</name><matrix>"
    "<name>pixelsizefixupfactor</name><double>0</double>"
    "<double>0</double><name>pixelsizefixupfactor</name>"
    "</matrix></times></edit>"
    "<edit name='size'><divide><name>size</name>"
    "<name>pixelsizefixupfactor</name></divide></edit></match>"
    "</fontconfig>";

static const struct {
    const char *folder, *pattern, *package;
    bool must;
} SOURCES[] = {
    { "/usr/share/fonts/opentype/inter", "Inter-Regular.otf", "fonts-inter",
      true },
    { "/usr/share/fonts/opentype/inter", "Inter-Italic.otf", "fonts-inter",
      true },
    { "/usr/share/fonts/opentype/inter", "Inter-Medium.otf", "fonts-inter",
      true },
    { "/usr/share/fonts/opentype/inter", "Inter-SemiBold.otf", "fonts-inter",
      true },
    { "/usr/share/fonts/opentype/inter", "Inter-SemiBoldItalic.otf",
      "fonts-inter", true },
    { "/usr/share/fonts/opentype/inter", "InterDisplay-Bold.otf", "fonts-inter",
      true },
    { "/usr/share/fonts/opentype/inter", "InterDisplay-ExtraBold.otf",
      "fonts-inter", true },
    { "/usr/share/fonts/truetype/noto", "NotoNastaliqUrdu-*.ttf",
      "fonts-noto-core", true },
    { "/usr/share/fonts/truetype/noto", "NotoNaskhArabic-*.ttf",
      "fonts-noto-core", true },
    { "/usr/share/fonts/truetype/noto", "NotoKufiArabic-Bold.ttf",
      "fonts-noto-core", true },
    { "/usr/share/fonts/truetype/noto", "NotoSans*-Regular.ttf",
      "fonts-noto-core", true },
    { "/usr/share/fonts/truetype/noto", "NotoSans*-Bold.ttf", "fonts-noto-core",
      true },
    { "/usr/share/fonts/truetype/noto", "NotoSerifTibetan-*.ttf",
      "fonts-noto-core", false },
    { "/usr/share/fonts/truetype/noto", "NotoColorEmoji.ttf",
      "fonts-noto-color-emoji", true },
    { "/usr/share/fonts/opentype/noto", "NotoSansCJK-*.ttc", "fonts-noto-cjk",
      true },
};
enum { SOURCES_N = sizeof SOURCES / sizeof SOURCES[0], FILES_MAX = 400 };

/* Fonts belong to the process as its code does: read once, then constant. */
static struct {
    PangoFontMap *map;
    GThreadFunc waiting; /* what was to start while `loading` */
    bool loading;
    char *file[FILES_MAX];
    size_t n;
} fonts;

/* Pango looks a face up in threads of its own, even to start fontconfig. No
 * thread may start in the sandbox, and one would not survive the fork into it:
 * this takes the place of GLib's and does the work at once. The first of them
 * comes with a lock held, and waits until the call that made it is back.
 * Source: Pango 1.50, pangofc-fontmap.c, its three calls. */
__attribute__((visibility("default"))) GThread *
g_thread_new(const char *name, GThreadFunc fn, gpointer data);
GThread *g_thread_new(const char *name, GThreadFunc fn, gpointer data)
{
    (void)name;
    if (fonts.loading)
        fonts.waiting = fn;
    else
        fn(data);
    return g_thread_ref(g_thread_self());
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Adds the files of one source; how many there are. */
static size_t collect(size_t source)
{
    size_t found = 0;
    DIR *d = opendir(SOURCES[source].folder);
    for (struct dirent *de; d && (de = readdir(d));) {
        if (fnmatch(SOURCES[source].pattern, de->d_name, 0) != 0 ||
            strstr(de->d_name, "Mono") || fonts.n == FILES_MAX)
            continue;
        char *path = NULL;
        if (asprintf(&path, "%s/%s", SOURCES[source].folder, de->d_name) < 0)
            continue;
        fonts.file[fonts.n++] = path;
        found++;
    }
    if (d)
        closedir(d);
    return found;
}

static enum es_code load(struct es_err *e)
{
    FcConfig *cfg = FcConfigCreate();
    if (!cfg)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    if (!FcConfigParseAndLoadFromMemory(cfg, (const FcChar8 *)CONFIG, FcTrue)) {
        FcConfigDestroy(cfg);
        return es_fail(e, ES_EINTERNAL, 0, "fontconfig's settings");
    }
    for (size_t i = 0; i < SOURCES_N; i++)
        if (collect(i) == 0 && SOURCES[i].must) {
            FcConfigDestroy(cfg);
            return es_fail(e, ES_ENOENT, 0, "no font %s/%s: install %s",
                           SOURCES[i].folder, SOURCES[i].pattern,
                           SOURCES[i].package);
        }
    qsort(fonts.file, fonts.n, sizeof fonts.file[0], by_name);
    for (size_t i = 0; i < fonts.n; i++)
        if (!FcConfigAppFontAddFile(cfg, (const FcChar8 *)fonts.file[i])) {
            FcConfigDestroy(cfg);
            return es_fail(e, ES_EIO, 0, "can't read %s", fonts.file[i]);
        }
    FcConfigSetRescanInterval(cfg, 0);
    FcConfigSetCurrent(cfg); /* before Pango would read the machine's */
    fonts.loading = true;
    fonts.map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    fonts.loading = false;
    if (fonts.waiting)
        fonts.waiting(NULL);
    FcConfigDestroy(cfg);
    return fonts.map ? ES_OK
                     : es_fail(e, ES_EINTERNAL, 0, "Pango without FreeType");
}

/* One card in each language and format: what is read lazily is read now. */
static enum es_code warm(struct es_err *e)
{
    for (size_t i = 0; i < ES_LANGS; i++) {
        struct es_buf png;
        struct es_card c = {
            .kind = ES_CARD_RUN,
            .lang = es_lang_at(i),
            .name = "Ada \u0622\u0645\u0646\u06c1 \U0001f3c3",
            .country = "TR",
            .initiative = "\u0627\u0644\u062c\u0631\u064a",
            .initiative_lang = "ar",
            .holder = "\u591c\u660e\u304b\u308a",
            .time_ms = 1800000,
            .dist_mm = 5000000,
            .zone = "Asia/Baku",
            .url = "https://example.org/",
        };
        es_buf_init(&png, 8 << 20);
        enum es_code rc = es_card_draw(&c, &png, e);
        es_buf_release(&png);
        if (rc != ES_OK)
            return rc;
    }
    return ES_OK;
}

enum es_code es_card_fonts(struct es_card_fonts *out, struct es_err *e)
{
    if (!fonts.map) {
        enum es_code rc = load(e);
        if (rc == ES_OK)
            rc = warm(e);
        if (rc != ES_OK)
            return rc;
    }
    if (out)
        *out =
            (struct es_card_fonts){ (const char *const *)fonts.file, fonts.n };
    return ES_OK;
}

void es_card_fonts_release(void)
{
    for (size_t i = 0; i < fonts.n; i++)
        free(fonts.file[i]);
    if (fonts.map)
        g_object_unref(fonts.map);
    memset(&fonts, 0, sizeof fonts);
    cairo_debug_reset_static_data();
    FcFini();
}

PangoContext *es_card_context(bool rtl)
{
    if (!fonts.map)
        return NULL;
    PangoContext *cx = pango_font_map_create_context(fonts.map);
    cairo_font_options_t *o = cairo_font_options_create();
    cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(cx, o);
    cairo_font_options_destroy(o);
    pango_context_set_base_dir(cx,
                               rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(cx, FALSE);
    return cx;
}
