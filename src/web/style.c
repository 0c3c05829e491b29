/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a page is dressed: its sheet, the initiative's colour, and the policy
 * that allows those bytes and no other. */
#include "auth/secret.h"
#include "html/palette.h"
#include "initiative/face.h"
#include "web/assets.h"
#include "web/web_int.h"

#include <string.h>

enum { COLOURS_MAX = 2048 };

bool es_web_colour(const struct es_req *q, const struct es_initiative *ini,
                   struct es_rgb *out)
{
    struct es_arena *a = es_req_arena(q);
    struct es_face *face = es_arena_alloc(a, sizeof *face);
    struct es_err e;
    return face && ini->face && es_face_read(ini->face, a, face, &e) == ES_OK &&
           es_rgb_parse(face->colour, out);
}

/* The rules of the initiative's colour; NULL when it has none, or no memory:
 * then the page is in the sheet's own. */
static const char *colours_of(const struct es_req *q,
                              const struct es_initiative *ini)
{
    struct es_arena *a = es_req_arena(q);
    struct es_rgb colour;
    struct es_buf b;
    if (!es_web_colour(q, ini, &colour))
        return NULL;
    es_buf_init(&b, COLOURS_MAX);
    es_palette_css(&b, colour);
    const char *rules = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return rules;
}

/* The usual policy with more sources of style; NULL when out of memory. */
static const char *policy_of(struct es_arena *a, const char *sheet,
                             const char *colours)
{
    static const char STYLE[] = "style-src 'self'";
    char text[ES_SHA256_TEXT] = "";
    const char *rest = strstr(ES_WEB_CSP, STYLE);
    assert(rest);
    rest += sizeof STYLE - 1;
    if (colours)
        es_sha256_text(es_bytes_str(colours), text);
    return es_arena_fmt(
        a, "%.*s%s%s%s%s%s%s%s", (int)(rest - ES_WEB_CSP), ES_WEB_CSP,
        sheet ? " 'sha256-" : "", sheet ? sheet : "", sheet ? "'" : "",
        colours ? " 'sha256-" : "", text, colours ? "'" : "", rest);
}

void es_web_framed(const struct es_req *q)
{
    static const char NONE[] = "frame-ancestors 'none'";
    struct es_who *who = es_req_user(q);
    const char *now = who && who->policy ? who->policy : ES_WEB_CSP;
    const char *at = strstr(now, NONE);
    assert(at);
    if (who)
        who->policy = es_arena_fmt(es_req_arena(q), "%.*sframe-ancestors *%s",
                                   (int)(at - now), now, at + sizeof NONE - 1);
}

void es_web_style(const struct es_req *q, const struct es_initiative *ini,
                  struct es_view_frame *f)
{
    es_web_dress(q, ini ? colours_of(q, ini) : NULL, f);
}

void es_web_dress(const struct es_req *q, const char *colours,
                  struct es_view_frame *f)
{
    const struct es_route *route = es_req_route(q);
    struct es_who *who = es_req_user(q);
    f->whole = false;
    f->colours = NULL;
    if (!who)
        return; /* refused before any guard: the page links the sheet */
    f->whole = route && route->flags & ES_WEB_WHOLE && !f->kept;
    f->colours = colours;
    who->policy = NULL;
    if (!f->whole && !f->colours)
        return;
    who->policy = policy_of(es_req_arena(q),
                            f->whole ? es_asset_of("style.css")->sha256 : NULL,
                            f->colours);
    if (!who->policy) {
        f->whole = false;
        f->colours = NULL;
    }
}
