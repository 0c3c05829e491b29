/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organiser's choice of a colour: seen first, with what it does to the
 * contrast, then kept. */
#include "html/palette.h"
#include "initiative/face.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <math.h>
#include <string.h>

enum { RULES_MAX = 4096 };

/* What the page shows the contrast of. */
static const enum es_tone SHOWN[] = {
    ES_TONE_INK,        ES_TONE_SOFT,     ES_TONE_ACCENT,
    ES_TONE_ACCENT_INK, ES_TONE_HERO_INK, ES_TONE_EDGE,
};
enum { N_SHOWN = sizeof SHOWN / sizeof *SHOWN };

struct look {
    struct es_initiative ini;
    struct es_face face;
    const char *text; /* the colour that is shown */
    struct es_rgb colour;
    bool kept; /* it is the one that is kept */
};

/* The initiative of {slug}, a draft too, and its face. */
static enum es_code load(const struct es_req *q, struct look *k,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const char *slug = es_req_param(q, "slug");
    enum es_code rc = es_store_initiative(es_web_of(q)->app->store,
                                          slug ? slug : "", a, &k->ini, e);
    return rc == ES_OK ? es_face_read(k->ini.face, a, &k->face, e) : rc;
}

/* What is asked to be shown: the written code, else the picked colour, else
 * what is kept. False when it is no colour; then the kept one is shown. */
static bool read_colour(const struct es_req *q, struct look *k)
{
    const char *code = es_req_query(q, "code");
    const char *picked = es_req_query(q, "colour");
    const char *kept = *k->face.colour ? k->face.colour : ES_WEB_OWN_COLOUR;
    const char *asked = code && *code ? code : picked;
    bool ok = !asked || es_rgb_parse(asked, &k->colour);
    if (!asked || !ok)
        (void)es_rgb_parse(kept, &k->colour);
    k->text = ok && asked ? asked : kept;
    k->kept = strcasecmp(k->text, k->face.colour) == 0;
    return ok;
}

/* The page in this colour, and a sample of each mode beside the reader's. */
static const char *rules_of(const struct es_req *q, const struct look *k,
                            const struct es_palette p[ES_MODES])
{
    struct es_buf b;
    es_buf_init(&b, RULES_MAX);
    es_palette_css(&b, k->colour);
    es_palette_rule(&b, ".as-light", &p[ES_MODE_LIGHT]);
    es_palette_rule(&b, ".as-dark", &p[ES_MODE_DARK]);
    const char *rules =
        b.bad ? NULL : es_arena_str(es_req_arena(q), es_buf_cstr(&b));
    es_buf_release(&b);
    return rules;
}

static enum es_code show(const struct es_req *q, struct es_resp *out,
                         const struct look *k, bool ok)
{
    static const char FIELD[] = "colour";
    struct es_field_errors fe = { 0 };
    struct es_palette p[ES_MODES];
    struct es_view_contrast rows[N_SHOWN];
    struct es_arena *a = es_req_arena(q);
    char text[ES_RGB_TEXT];
    es_rgb_text(k->colour, text);
    if (!ok)
        es_field_errors_add(&fe, "colour", "invalid", NAN);
    for (enum es_mode mode = 0; mode < ES_MODES; mode++)
        es_palette_of(k->colour, mode, &p[mode]);
    for (size_t i = 0; i < N_SHOWN; i++)
        rows[i] = (struct es_view_contrast){
            .on = SHOWN[i],
            .light = es_palette_contrast(&p[ES_MODE_LIGHT], SHOWN[i]),
            .dark = es_palette_contrast(&p[ES_MODE_DARK], SHOWN[i]),
        };
    struct es_view_look v = {
        .frame = es_web_frame(q, &k->ini),
        .self = es_url_path(a, "/organise/e/%s/look", k->ini.slug),
        .colour = text,
        .error = es_say_of_field(es_web_reader(q), a, &fe, FIELD),
        .written = ok ? "" : es_req_query(q, "code"),
        .kept = k->kept,
        .own = *k->face.colour == '\0',
        .rows = rows,
        .n = N_SHOWN,
    };
    if (!v.written)
        v.written = "";
    es_web_dress(q, rules_of(q, k, p), &v.frame);
    if (!ok)
        es_resp_status(out, 422);
    struct es_out o = es_web_page(q, out);
    es_page_look(&o, &v);
    return ES_OK;
}

/* GET /organise/e/{slug}/look, with ?colour= or ?code= to try one */
static enum es_code look(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct look *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "look");
    enum es_code rc = load(q, k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    bool ok = read_colour(q, k);
    return show(q, out, k, ok);
}

/* POST /organise/e/{slug}/look: keeps `colour`; "" for Everystep's own. */
static enum es_code look_keep(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const char *colour = es_web_given(q, "colour");
    char text[ES_RGB_TEXT] = "";
    struct look *k = es_arena_alloc(a, sizeof *k);
    struct es_rgb c;
    struct es_buf face;
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "look");
    if (*colour && !es_rgb_parse(colour, &c))
        return es_web_fail(q, out, 422, "");
    enum es_code rc = load(q, k, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    if (*colour) /* "#fe0" as well: a face has six digits */
        es_rgb_text(c, text);
    k->face.colour = text;
    es_buf_init(&face, ES_FACE_MAX);
    es_face_write(&k->face, &face);
    k->ini.face = es_buf_cstr(&face);
    rc = face.bad ? es_fail(e, ES_ETOOLARGE, 0, "face")
                  : es_initiative_save(es_web_of(q)->app, &k->ini, e);
    es_buf_release(&face);
    if (rc != ES_OK)
        return rc;
    const char *path = es_arena_fmt(a, "/organise/e/%s/look", k->ini.slug);
    return es_resp_redirect(out,
                            es_web_keep_lang(q, path ? path : "/organise"));
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/look", ES_BODY_NONE, ES_WEB_PAGE, look },
    { ES_POST, "/organise/e/{slug}/look", ES_BODY_FORM, ES_WEB_FORM,
      look_keep },
};
const struct es_routes ES_ROUTES_LOOK = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
