/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The programme for calendars and for machines that read pages. Nobody is known
 * here: no cookie is read, so a link that only those who take part see is never
 * in an answer, and caches may keep what they get. */
#include "html/markdown.h"
#include "initiative/texts.h"
#include "programme/calendar.h"
#include "web/programme_int.h"

#include "base/json.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

enum { ABOUT_MAX = 500, BATCH = 100, LD_MAX = 64 << 10 };

const char *es_web_plain(struct es_arena *a, const char *prose, size_t max)
{
    struct es_buf plain;
    es_buf_init(&plain, ES_PROSE_MAX * 3);
    es_markdown_text(&plain, prose);
    struct es_bytes s = es_buf_bytes(&plain);
    size_t at = 0;
    for (size_t n = 0; at < s.n && n < max; n++)
        (void)es_utf8_next(s, &at);
    const char *out =
        es_arena_fmt(a, "%.*s%s", (int)at, s.p ? (const char *)s.p : "",
                     at < s.n ? "\u2026" : "");
    es_buf_release(&plain);
    return out ? out : "";
}

/* ---- calendars ---- */

/* Everything of the place in lines; an online link stands by itself. */
static const char *place_of(struct es_arena *a,
                            const struct es_occasion_body *b)
{
    const char *s = es_arena_fmt(
        a, "%s%s%s", b->place.name,
        *b->place.name && *b->place.address ? "\n" : "", b->place.address);
    return s ? s : "";
}

static const char *open_link(const struct es_occasion_body *b)
{
    return b->online.registered || strncmp(b->online.url, "https:", 6) != 0
               ? ""
               : b->online.url;
}

/* What it is about, the link that everybody may follow, and its page. */
static const char *description_of(struct es_arena *a,
                                  const struct es_occasion_told *told,
                                  const struct es_occasion_body *b,
                                  const char *page)
{
    const char *about = es_web_plain(a, told->about, ABOUT_MAX);
    const char *link = open_link(b);
    const char *s = es_arena_fmt(a, "%s%s%s%s%s", about, *about ? "\n\n" : "",
                                 link, *link ? "\n\n" : "", page);
    return s ? s : "";
}

static void entry(const struct es_req *q, struct es_arena *a,
                  const struct es_initiative *ini, const struct es_occasion *o,
                  const struct es_occasion_body *b, struct es_buf *out)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_occasion_told told = es_occasion_tell(o, b, l);
    const char *page = es_web_event_address(q, a, ini, o->id);
    struct es_calendar_entry c = {
        .occasion = o,
        .title = told.title,
        .lang = told.title_lang,
        .description = description_of(a, &told, b, page),
        .place = place_of(a, b),
        .kind = es_words_occasion(l, o->kind),
        .url = page,
        .conference = open_link(b),
    };
    if (!*c.place && *b->online.url)
        c.place = es_t(l, ES_T("Online"));
    es_calendar_event(out, &c);
}

/* The whole file is named by what is in it: who has it already costs a reading
 * and no sending. */
static enum es_code send(const struct es_req *q, struct es_resp *out,
                         struct es_buf *b, const char *file, struct es_err *e)
{
    char tag[ES_SHA256_TEXT];
    if (b->bad)
        return es_fail(e, ES_ETOOLARGE, 0, "calendar");
    es_sha256_text(es_buf_bytes(b), tag);
    (void)es_web_speak(q, out, NULL);
    es_resp_type(out, "text/calendar; charset=utf-8");
    es_resp_cache(out, "public, max-age=300");
    es_resp_attachment(out, file ? file : "programme.ics");
    if (!es_resp_fresh(q, out, tag))
        es_buf_add(es_resp_body(out), b->p, b->n);
    return ES_OK;
}

/* GET /e/{slug}/programme/{event}/event.ics */
static enum es_code event_ics(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_occasion o;
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    struct es_buf file;
    enum es_code rc =
        b ? es_web_initiative(q, &ini, e) : es_fail(e, ES_ENOMEM, 0, "event");
    if (rc == ES_OK)
        rc = es_web_occasion(q, &ini, &o, b, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    es_buf_init(&file, ES_CALENDAR_MAX);
    es_calendar_begin(&file, "");
    es_calendar_zones(&file, &o, 1);
    entry(q, a, &ini, &o, b, &file);
    es_calendar_end(&file);
    rc = send(q, out, &file,
              es_arena_fmt(a, "%s-%" PRId64 ".ics", ini.slug, o.id), e);
    es_buf_release(&file);
    return rc;
}

/* All that are published, in batches: of each only what a calendar takes in is
 * kept until the end. */
static enum es_code all_events(const struct es_req *q,
                               const struct es_initiative *ini,
                               struct es_buf *zones, struct es_buf *events,
                               struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    struct es_occasion *heads =
        es_arena_array(a, ES_OCCASIONS_MAX, sizeof *heads);
    struct es_occasions_ask ask = { .initiative = ini->id,
                                    .which = ES_OCCASIONS_ALL,
                                    .max = BATCH };
    enum es_code rc = b && heads ? ES_OK : es_fail(e, ES_ENOMEM, 0, "events");
    size_t n_heads = 0, n = BATCH;
    while (rc == ES_OK && n == BATCH) {
        struct es_arena some;
        struct es_occasion *v;
        es_arena_init(&some, (size_t)BATCH * 2 * ES_OCCASION_MAX);
        rc = es_store_occasions(es_web_of(q)->app->store, &ask, &some, &v, &n,
                                e);
        for (size_t i = 0; rc == ES_OK && i < n; i++) {
            rc = es_occasion_read(v[i].body, &some, b, e);
            if (rc == ES_OK)
                entry(q, &some, ini, &v[i], b, events);
            ask.from_ms = v[i].starts_ms;
            ask.from_id = v[i].id;
            if (n_heads < ES_OCCASIONS_MAX) {
                const char *zone = es_arena_str(a, v[i].zone);
                heads[n_heads] = v[i];
                heads[n_heads++].zone = zone ? zone : "UTC";
            }
        }
        es_arena_release(&some);
    }
    es_calendar_zones(zones, heads, n_heads);
    return rc;
}

/* GET /e/{slug}/programme.ics */
static enum es_code feed(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_buf file, events;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_told told = es_texts_told(&ini, es_web_lang(q, NULL)->tag, a);
    es_buf_init(&file, ES_CALENDAR_MAX);
    es_buf_init(&events, ES_CALENDAR_MAX);
    es_calendar_begin(&file, told.title);
    rc = all_events(q, &ini, &file, &events, e);
    if (events.bad)
        file.bad = true;
    es_buf_add(&file, events.p, events.n);
    es_calendar_end(&file);
    if (rc == ES_OK)
        rc = send(q, out, &file, es_arena_fmt(a, "%s.ics", ini.slug), e);
    es_buf_release(&file);
    es_buf_release(&events);
    return rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/programme.ics", ES_BODY_NONE, 0, feed },
    { ES_GET, "/e/{slug}/programme/{event}/event.ics", ES_BODY_NONE, 0,
      event_ics },
};
const struct es_routes ES_ROUTES_PROGRAMME_ICS = { ROUTES, sizeof ROUTES /
                                                               sizeof *ROUTES };

/* ---- schema.org ---- */

/* A local time with its distance from UTC (ISO 8601). */
static const char *local_time(struct es_arena *a, const char *zone,
                              int64_t t_ms)
{
    struct es_date d = es_zone_date(zone, t_ms);
    int64_t ahead = es_zone_ahead(zone, t_ms) / 60000;
    int64_t all = ahead < 0 ? -ahead : ahead;
    return es_arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", d.year,
                        d.month, d.day, d.hour, d.minute, d.second,
                        ahead < 0 ? '-' : '+', (int)(all / 60),
                        (int)(all % 60));
}

static void thing(struct es_buf *b, const char *type, const char *name,
                  const char *url)
{
    es_buf_json_comma(b);
    es_buf_str(b, "{");
    es_buf_json_s(b, "@type", type);
    if (*name)
        es_buf_json_s(b, "name", name);
    if (*url)
        es_buf_json_s(b, "url", url);
}

/* A link that isn't for everybody is told as the event's own page. */
static void ld_where(struct es_buf *b, const struct es_occasion_body *v,
                     const char *page)
{
    bool here = *v->place.name || *v->place.address;
    bool online = *v->online.url;
    es_buf_json_s(b, "eventAttendanceMode",
                  here && online ? "https://schema.org/MixedEventAttendanceMode"
                  : online ? "https://schema.org/OnlineEventAttendanceMode"
                           : "https://schema.org/OfflineEventAttendanceMode");
    es_buf_json_key(b, "location");
    es_buf_str(b, "[");
    if (here) {
        thing(b, "Place", *v->place.name ? v->place.name : v->place.address,
              "");
        if (*v->place.address)
            es_buf_json_s(b, "address", v->place.address);
        es_buf_str(b, "}");
    }
    if (online) {
        const char *open = open_link(v);
        thing(b, "VirtualLocation", "", *open ? open : page);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

static void ld_hosts(struct es_buf *b, const struct es_occasion_body *v,
                     const char *key, bool supporters)
{
    es_buf_json_key(b, key);
    es_buf_str(b, "[");
    for (size_t i = 0; i < v->n_hosts; i++)
        if ((v->hosts[i].role >= ES_HOST_SUPPORTER) == supporters) {
            thing(b, "Organization", v->hosts[i].name, v->hosts[i].url);
            es_buf_str(b, "}");
        }
    es_buf_str(b, "]");
}

static void ld_speakers(struct es_buf *b, const struct es_occasion_body *v)
{
    es_buf_json_key(b, "performer");
    es_buf_str(b, "[");
    for (size_t i = 0; i < v->n_speakers; i++) {
        if (!*v->speakers[i].name)
            continue;
        thing(b, "Person", v->speakers[i].name, "");
        if (*v->speakers[i].office)
            es_buf_json_s(b, "jobTitle", v->speakers[i].office);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

struct es_bytes es_web_event_ld(const struct es_req *q,
                                const struct es_initiative *ini,
                                const struct es_occasion *o,
                                const struct es_occasion_body *v,
                                const char *image)
{
    struct es_arena *a = es_req_arena(q);
    struct es_occasion_told told = es_occasion_tell(o, v, es_web_lang(q, NULL));
    const char *page = es_web_event_address(q, a, ini, o->id);
    struct es_buf b;
    es_buf_init(&b, LD_MAX);
    es_buf_str(&b, "{");
    es_buf_json_s(&b, "@context", "https://schema.org");
    es_buf_json_s(&b, "@type", "Event");
    es_buf_json_s(&b, "name", told.title);
    es_buf_json_s(&b, "inLanguage", told.title_lang);
    es_buf_json_s(&b, "startDate", local_time(a, o->zone, o->starts_ms));
    es_buf_json_s(&b, "endDate", local_time(a, o->zone, o->ends_ms));
    es_buf_json_s(&b, "eventStatus",
                  o->state == ES_OCCASION_OFF
                      ? "https://schema.org/EventCancelled"
                      : "https://schema.org/EventScheduled");
    if (*told.about)
        es_buf_json_s(&b, "description",
                      es_web_plain(a, told.about, ABOUT_MAX));
    if (*page)
        es_buf_json_s(&b, "url", page);
    if (*image)
        es_buf_json_s(&b, "image", image);
    ld_where(&b, v, page);
    if (v->n_hosts) {
        ld_hosts(&b, v, "organizer", false);
        ld_hosts(&b, v, "sponsor", true);
    }
    if (v->n_speakers)
        ld_speakers(&b, v);
    es_buf_str(&b, "}");
    struct es_bytes out = { NULL, 0 };
    const char *copy = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    if (copy)
        out = es_bytes_str(copy);
    es_buf_release(&b);
    return out;
}
