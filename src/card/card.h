/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The picture of a mileage to share: what is on it, its form as bytes, and its
 * drawing. Cairo and Pango live only in this module; wire.c uses neither and is
 * a library of its own, for the server that asks for pictures. */
#ifndef ES_CARD_CARD_H
#define ES_CARD_CARD_H

#include "base/buf.h"
#include "base/err.h"
#include "i18n/i18n.h"

enum es_card_kind {
    ES_CARD_RUN,
    ES_CARD_PERSON,
    ES_CARD_TEAM,
    ES_CARD_INITIATIVE,
    ES_CARD_EVENT, /* of its programme: no distance but a day and a time */
    ES_CARD_KINDS
};
enum es_card_size {
    ES_CARD_WIDE,   /* 1200x630: the preview of a link */
    ES_CARD_SQUARE, /* 1080x1080 */
    ES_CARD_STORY,  /* 1080x1920; its first and last 250 rows hold no text */
    ES_CARD_SIZES
};

#define ES_CARD_ROUTE_SPAN 4095u /* x and y of a route's points, at most */

/* A point of a route's shape; y grows downwards. The side that asks has
 * projected, trimmed and scaled it: ES_CARD_ROUTE_SPAN is its longer side. */
struct es_card_point {
    uint16_t x, y;
    bool piece; /* begins a piece of its own, as the first point does */
};

/* Everything that is drawn; borrowed. Strings are UTF-8, "" when absent. */
struct es_card {
    enum es_card_kind kind;
    enum es_card_size size;
    const struct es_lang *lang; /* of the labels and figures */
    bool miles;
    uint32_t colour;     /* 0xRRGGBB, the initiative's */
    const char *name;    /* person's, team's, event's; "" for an initiative */
    const char *country; /* ISO 3166-1 alpha-2 */
    const char *initiative;      /* its title */
    const char *initiative_lang; /* BCP 47 */
    const char *holder;
    int64_t dist_mm;       /* the large figure; of an initiative its total */
    int64_t time_ms;       /* or ES_NO_FIGURE */
    int64_t runs, members; /* 0: not shown */
    int64_t day_ms;        /* of a run or an event, or ES_NO_FIGURE */
    const char *zone;
    int64_t total_mm; /* the initiative's */
    int64_t goal_mm;  /* 0: none */
    const char *url;  /* absolute; as a QR code, and shortened in words */
    const struct es_card_point *route;
    size_t n_route; /* 0: not shown */
};

/* ---- as bytes, from the server to the process that draws ---- */

/* At most ES_CARD_BYTES. A string beyond its limit is cut at a character, and
 * of a route beyond ES_CARD_ROUTE_MAX the first points are kept. */
void es_card_put(struct es_buf *b, const struct es_card *c);
/* Reads what es_card_put wrote and nothing else: *out points into `a`. Names
 * are cleaned as es_text_clean does. ES_EMALFORMED, ES_ENOMEM; *out is then
 * untouched. */
ES_MUST_CHECK enum es_code es_card_get(struct es_bytes in, struct es_arena *a,
                                       struct es_card *out, struct es_err *e);

/* Pixels of a format. */
int es_card_width(enum es_card_size size);
int es_card_height(enum es_card_size size);

/* ---- drawing ---- */

/* The font files that drawing may open by name, sorted; constant for the life
 * of the process. */
struct es_card_fonts {
    const char *const *file; /* absolute paths */
    size_t n;
};

/* Once per process, before the sandbox, which takes about half a second:
 * reads the fonts with our own settings (none of the machine's) and warms the
 * caches. It starts no thread, nor does drawing. *out may be NULL.
 * ES_ENOENT when the fonts are missing (msg names the package); ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_card_fonts(struct es_card_fonts *out,
                                         struct es_err *e);

/* Ends what es_card_fonts began, for a process that looks for leaks. */
void es_card_fonts_release(void);

/* Appends a PNG. Any card that es_card_get accepts can be drawn; the same card
 * gives the same bytes. After es_card_fonts. ES_ENOMEM, ES_EINTERNAL. */
ES_MUST_CHECK enum es_code es_card_draw(const struct es_card *c,
                                        struct es_buf *png, struct es_err *e);

/* An es_job_fn (ipc/job.h): `head` is what es_card_put wrote. The answer is a
 * byte, the es_code, and after ES_OK the PNG. */
void es_card_job(struct es_bytes head, struct es_bytes file,
                 struct es_buf *answer);

#endif
