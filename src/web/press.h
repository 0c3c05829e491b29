/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of the press share. Inside web/ only. */
#ifndef ES_WEB_PRESS_H
#define ES_WEB_PRESS_H

#include "programme/press.h"
#include "web/views_press.h"
#include "web/web_int.h"

/* A language by its tag, in itself; the tag for one that we don't know. */
const char *es_web_spoken(const char *tag);
const char *es_web_spoken_dir(const char *tag);
/* For a select; `chosen` a tag. In the arena. */
const struct es_view_choice *
es_web_spoken_choices(const struct es_req *q, const char *chosen, size_t *n);
/* "Geneva, 25 August 2026", in the text's language where it is one of ours,
 * else with the date in figures. */
const char *es_web_dateline(const struct es_req *q, const char *zone,
                            const struct es_release_text *t, int64_t at_ms);
/* A text as its page shows it, without the frame and what leads elsewhere. */
struct es_view_release es_web_release_shown(const struct es_req *q,
                                            const char *zone,
                                            const struct es_release_text *t,
                                            int64_t at_ms);
/* The text of a release that is public, at its address. */
struct es_url es_web_release_url(const struct es_req *q, const char *slug,
                                 int64_t release, const char *lang);
/* The press page; no address when nothing is published there yet. */
ES_MUST_CHECK enum es_code es_web_press_link(const struct es_req *q,
                                             const struct es_initiative *ini,
                                             struct es_url *out,
                                             struct es_err *e);
/* Links to what others wrote; `drop`: with a way to remove them. */
ES_MUST_CHECK enum es_code es_web_covered(const struct es_req *q,
                                          const struct es_initiative *ini,
                                          bool drop,
                                          const struct es_view_covered **out,
                                          size_t *n, struct es_err *e);

extern const struct es_routes ES_ROUTES_PRESS, ES_ROUTES_PRESS_EDIT,
    ES_ROUTES_PRESS_FEED, ES_ROUTES_PRESS_KIT, ES_ROUTES_PRESS_TEXT;

#endif
