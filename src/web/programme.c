/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The programme for everybody: what is now, what comes, what was; and each of
 * its events. */
#include "base/num.h"
#include "initiative/names.h"
#include "web/pages.h"
#include "web/programme_int.h"
#include "web/tickets.h"

#include <inttypes.h>
#include <string.h>

/* Rows of a list on one page. What runs at once is few, and told whole. */
enum { NOW_MAX = 20, ROWS = 40, TEASER = 12 };
static const int64_t CLOCK_MS = 1;

/* ---- one event ---- */

enum es_code es_web_occasion(const struct es_req *q,
                             const struct es_initiative *ini,
                             struct es_occasion *o, struct es_occasion_body *b,
                             struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    int64_t id;
    if (!es_req_i64(q, "event", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "no number");
    enum es_code rc =
        es_store_occasion(es_web_of(q)->app->store, ini->id, id, a, o, e);
    if (rc == ES_OK && o->state == ES_OCCASION_DRAFT &&
        !es_web_may(q, ES_MAY_EDIT, ini->id))
        rc = es_fail(e, ES_ENOENT, 0, "a draft");
    return rc == ES_OK ? es_occasion_read(o->body, a, b, e) : rc;
}

struct es_url es_web_event_url(const struct es_req *q,
                               const struct es_initiative *ini, int64_t id)
{
    return es_url_path(es_req_arena(q), "/e/%s/programme/%lld", ini->slug,
                       (long long)id);
}

const char *es_web_event_address(const struct es_req *q, struct es_arena *a,
                                 const struct es_initiative *ini, int64_t id)
{
    const char *s = *es_web_of(q)->origin
                        ? es_arena_fmt(a, "%s/e/%s/programme/%" PRId64,
                                       es_web_of(q)->origin, ini->slug, id)
                        : "";
    return s ? s : "";
}

static struct es_view_said said(const struct es_req *q, const char *s,
                                const char *lang)
{
    const struct es_lang *reader = es_web_lang(q, NULL);
    const struct es_lang *l = es_lang_of(lang);
    return (struct es_view_said){
        .s = s,
        .lang = lang,
        .dir = !l                                 ? "auto"
               : strcmp(l->dir, reader->dir) == 0 ? ""
                                                  : l->dir,
    };
}

struct es_view_event_row es_web_event_row(const struct es_req *q,
                                          const struct es_initiative *ini,
                                          const struct es_occasion *o,
                                          const struct es_occasion_body *b)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_occasion_told told = es_occasion_tell(o, b, l);
    struct es_date first = es_zone_date(o->zone, o->starts_ms);
    /* what ends at midnight ends on the day before */
    struct es_date last = es_zone_date(o->zone, o->ends_ms - CLOCK_MS);
    return (struct es_view_event_row){
        .url = es_web_event_url(q, ini, o->id),
        .title = said(q, told.title, told.title_lang),
        .kind = es_words_occasion(l, o->kind),
        .place = b->place.name,
        .online = *b->online.url,
        .draft = o->state == ES_OCCASION_DRAFT,
        .when = es_occasion_when(o, es_time_now_ms()),
        .starts_ms = o->starts_ms,
        .ends_ms = o->ends_ms,
        .one_day = first.year == last.year && first.month == last.month &&
                   first.day == last.day,
        .zone = o->zone,
    };
}

/* ---- the lists ---- */

bool es_web_event_cursor(const char *s, int64_t *starts_ms, int64_t *id)
{
    const char *dash = *s ? strchr(s + 1, '-') : NULL;
    return dash &&
           es_num_i64(
               (struct es_bytes){ (const uint8_t *)s, (size_t)(dash - s) },
               INT64_MIN + 1, INT64_MAX, starts_ms) &&
           es_num_i64(es_bytes_str(dash + 1), 1, INT64_MAX, id);
}

/* False: from its beginning. */
static bool read_from(const struct es_req *q, const char *name,
                      struct es_occasions_ask *ask)
{
    const char *s = es_req_query(q, name);
    return s && es_web_event_cursor(s, &ask->from_ms, &ask->from_id);
}

static enum es_code rows_of(const struct es_req *q,
                            const struct es_initiative *ini,
                            struct es_occasions_ask *ask, const char *cursor,
                            struct es_view_event_rows *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    size_t most = ask->max++;
    struct es_occasion *v;
    size_t n;
    enum es_code rc =
        b ? es_store_occasions(es_web_of(q)->app->store, ask, a, &v, &n, e)
          : es_fail(e, ES_ENOMEM, 0, "events");
    if (rc != ES_OK)
        return rc;
    bool more = n > most;
    n = more ? most : n;
    struct es_view_event_row *rows = es_arena_array(a, n, sizeof *rows);
    if (!rows)
        return es_fail(e, ES_ENOMEM, 0, "events");
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        rc = es_occasion_read(v[i].body, a, b, e);
        if (rc == ES_OK)
            rows[i] = es_web_event_row(q, ini, &v[i], b);
    }
    *out = (struct es_view_event_rows){ .v = rows, .n = n };
    const char *from = more && cursor
                           ? es_arena_fmt(a, "%" PRId64 "-%" PRId64,
                                          v[n - 1].starts_ms, v[n - 1].id)
                           : NULL;
    if (from && strcmp(cursor, "cursor") == 0)
        out->more =
            es_url_path(a, "/e/%s/programme?cursor=%s", ini->slug, from);
    else if (from)
        out->more =
            es_url_path(a, "/e/%s/programme?before=%s", ini->slug, from);
    return rc;
}

static enum es_code lists(const struct es_req *q,
                          const struct es_initiative *ini,
                          struct es_view_programme *v, struct es_err *e)
{
    struct es_occasions_ask now = { .initiative = ini->id,
                                    .which = ES_OCCASIONS_NOW,
                                    .now_ms = es_time_now_ms(),
                                    .drafts =
                                        es_web_may(q, ES_MAY_EDIT, ini->id),
                                    .max = NOW_MAX };
    struct es_occasions_ask coming = now, past = now;
    coming.which = ES_OCCASIONS_COMING;
    past.which = ES_OCCASIONS_PAST;
    /* kept as files, all of it is one page */
    coming.max = past.max = v->frame.kept ? ES_OCCASIONS_MAX : ROWS;
    bool further = read_from(q, "cursor", &coming);
    bool earlier = !further && read_from(q, "before", &past);
    enum es_code rc = ES_OK;
    v->continued = further || earlier;
    if (!v->continued)
        rc = rows_of(q, ini, &now, NULL, &v->now, e);
    if (rc == ES_OK && !earlier)
        rc = rows_of(q, ini, &coming, "cursor", &v->coming, e);
    if (!v->continued && !v->frame.kept)
        past.max = TEASER;
    if (rc == ES_OK && !further)
        rc = rows_of(q, ini, &past, "before", &v->past, e);
    for (size_t i = 0; !v->continued && !v->next && i < v->coming.n; i++)
        if (v->coming.v[i].when == ES_OCCASION_AHEAD && !v->coming.v[i].draft)
            v->next = &v->coming.v[i];
    if (v->next)
        v->left_ms = v->next->starts_ms - now.now_ms;
    return rc;
}

/* GET /e/{slug}/programme */
static enum es_code programme(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_programme v = {
        .frame = es_web_frame(q, &ini),
        .first = es_url_path(a, "/e/%s/programme", ini.slug),
        .calendar = es_url_path(a, "/e/%s/programme.ics", ini.slug),
    };
    v.frame.index = ini.state != ES_INI_DRAFT;
    if (es_web_may(q, ES_MAY_EDIT, ini.id))
        v.edit = es_url_path(a, "/organise/e/%s/programme", ini.slug);
    rc = lists(q, &ini, &v, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_share share;
    struct es_web_posted posted = {
        .kind = ES_POSTED_INITIATIVE,
        .name = es_t_fill(a, es_t(es_web_lang(q, NULL), ES_T("Programme: {1}")),
                          v.frame.title, NULL),
        .path = v.first,
        .card = es_url_path(a, "/e/%s/card.png", ini.slug),
    };
    es_web_post(q, &ini, &posted, &v.frame, &share);
    struct es_out o = es_web_page(q, out);
    es_page_programme(&o, &v);
    return ES_OK;
}

/* ---- an event's page ---- */

static struct es_url foreign(const struct es_req *q, const char *text)
{
    struct es_url u = { NULL };
    (void)es_url_foreign(es_req_arena(q), text, &u);
    return u;
}

/* The organiser's own link; else a search on a map that anybody may use, which
 * hears of it only when somebody follows the link. */
static struct es_url map_of(const struct es_req *q,
                            const struct es_occasion_body *b)
{
    struct es_arena *a = es_req_arena(q);
    if (*b->place.map)
        return foreign(q, b->place.map);
    if (!*b->place.address)
        return (struct es_url){ NULL };
    char *line = es_arena_str(a, b->place.address);
    for (char *p = line; p && *p; p++)
        if (*p == '\n')
            *p = ' ';
    return line ? es_url_absolute(a, "https://www.openstreetmap.org",
                                  es_url_path(a, "/search?query=%s", line))
                : (struct es_url){ NULL };
}

/* Those who take part, and who organise, see what isn't for everybody. */
static bool takes_part(const struct es_req *q, const struct es_initiative *ini)
{
    const struct es_who *who = es_web_who(q);
    return (who->person && who->p.initiative == ini->id &&
            who->p.state == ES_PERSON_IN) ||
           es_web_may(q, ES_MAY_SEE, ini->id);
}

static void online(const struct es_req *q, const struct es_initiative *ini,
                   const struct es_occasion_body *b, struct es_view_event *v)
{
    const char *host = strstr(b->online.url, "://");
    v->online_host = "";
    if (!*b->online.url || v->frame.kept ||
        v->row.when == ES_OCCASION_CALLED_OFF ||
        v->row.when == ES_OCCASION_OVER)
        return;
    if (b->online.registered && !takes_part(q, ini)) {
        v->online_hidden = true;
        return;
    }
    v->online = foreign(q, b->online.url);
    if (host)
        v->online_host =
            es_arena_strn(es_req_arena(q), host + 3, strcspn(host + 3, "/?#"));
}

static enum es_code people(const struct es_req *q,
                           const struct es_occasion_body *b,
                           struct es_view_event *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_view_event_host *hosts =
        es_arena_array(a, b->n_hosts, sizeof *hosts);
    struct es_view_event_speaker *speakers =
        es_arena_array(a, b->n_speakers, sizeof *speakers);
    if (!hosts || !speakers)
        return es_fail(e, ES_ENOMEM, 0, "people");
    for (size_t i = 0; i < b->n_hosts; i++) {
        const struct es_face_host *h = &b->hosts[i];
        bool same = i > 0 && b->hosts[i - 1].role == h->role;
        hosts[i] = (struct es_view_event_host){
            same ? "" : es_words_role(l, (enum es_view_role)h->role), h->name,
            foreign(q, h->url)
        };
    }
    for (size_t i = 0; i < b->n_speakers; i++)
        speakers[i] = (struct es_view_event_speaker){ b->speakers[i].name,
                                                      b->speakers[i].office };
    v->hosts = hosts;
    v->n_hosts = b->n_hosts;
    v->speakers = speakers;
    v->n_speakers = b->n_speakers;
    return ES_OK;
}

static enum es_code items(const struct es_req *q, const struct es_occasion *o,
                          const struct es_occasion_body *b,
                          struct es_view_event *v, struct es_err *e)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_date day = es_zone_date(o->zone, o->starts_ms);
    struct es_view_event_item *out =
        es_arena_array(es_req_arena(q), b->n_items, sizeof *out);
    if (!out)
        return es_fail(e, ES_ENOMEM, 0, "items");
    for (size_t i = 0; i < b->n_items; i++) {
        const struct es_occasion_item *it = &b->items[i];
        out[i] = (struct es_view_event_item){
            .at_ms = it->at_ms,
            .title = es_occasion_item_told(it, l),
            .who = it->who,
        };
        if (it->at_ms == ES_NO_TIME)
            continue;
        struct es_date d = es_zone_date(o->zone, it->at_ms);
        out[i].new_day = !v->row.one_day &&
                         (i == 0 || d.day != day.day || d.month != day.month);
        day = d;
    }
    v->items = out;
    v->n_items = b->n_items;
    return ES_OK;
}

static void post(const struct es_req *q, const struct es_initiative *ini,
                 const struct es_occasion *o, struct es_view_event *v)
{
    struct es_view_share share;
    struct es_web_posted posted = {
        .kind = ES_POSTED_EVENT,
        .name = v->row.title.s,
        .at_ms = o->starts_ms,
        .zone = o->zone,
        .about = v->about.s,
        .path = v->row.url,
        .card = es_url_path(es_req_arena(q), "/e/%s/programme/%lld/card.png",
                            ini->slug, (long long)o->id),
    };
    es_web_post(q, ini, &posted, &v->frame, &share);
}

static enum es_code event_view(const struct es_req *q,
                               const struct es_initiative *ini,
                               const struct es_occasion *o,
                               const struct es_occasion_body *b,
                               struct es_view_event *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_occasion_told told = es_occasion_tell(o, b, es_web_lang(q, NULL));
    int64_t now = es_time_now_ms();
    *v = (struct es_view_event){
        .frame = es_web_frame(q, ini),
        .row = es_web_event_row(q, ini, o, b),
        .about = said(q, told.about, told.about_lang),
        .place = b->place.name,
        .address = b->place.address,
        .map = map_of(q, b),
        .own_dir = said(q, "", o->lang).dir,
        .recording = foreign(q, b->recording.url),
        .transcript = b->recording.transcript,
        .ics = es_url_path(a, "/e/%s/programme/%lld/event.ics", ini->slug,
                           (long long)o->id),
        .all = es_url_path(a, "/e/%s/programme", ini->slug),
    };
    v->left_ms = now < o->starts_ms ? o->starts_ms - now
                 : now < o->ends_ms ? o->ends_ms - now
                                    : 0;
    v->frame.index = ini->state != ES_INI_DRAFT && !v->row.draft;
    if (!v->frame.kept)
        v->frame.report = es_url_path(a, "/e/%s/report?about=text", ini->slug);
    if (v->row.draft)
        v->frame.notice = es_t(es_web_lang(q, NULL),
                               ES_T("A preview: only those who organise it see "
                                    "this page before it is published."));
    if (es_web_may(q, ES_MAY_EDIT, ini->id))
        v->edit = es_url_path(a, "/organise/e/%s/programme/%lld", ini->slug,
                              (long long)o->id);
    online(q, ini, b, v);
    enum es_code rc = people(q, b, v, e);
    if (rc == ES_OK)
        rc = items(q, o, b, v, e);
    if (rc == ES_OK && b->recording.film)
        rc = es_web_face_view(q, ini, ini->face, &v->face, e);
    if (rc != ES_OK)
        return rc;
    post(q, ini, o, v);
    if (!v->frame.kept)
        rc = es_web_event_register(q, ini, o, v, e);
    if (rc == ES_OK && !v->row.draft && !v->frame.kept)
        v->ld = es_web_event_ld(q, ini, o, b,
                                v->frame.og ? v->frame.og->image : "");
    return rc;
}

/* GET /e/{slug}/programme/{event} */
static enum es_code event(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_occasion o;
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    struct es_view_event *v = es_arena_alloc(a, sizeof *v);
    if (!b || !v)
        return es_fail(e, ES_ENOMEM, 0, "event");
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK)
        rc = es_web_occasion(q, &ini, &o, b, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = event_view(q, &ini, &o, b, v, e);
    if (rc != ES_OK)
        return rc;
    struct es_out p = es_web_page(q, out);
    es_page_programme_event(&p, v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/programme", ES_BODY_NONE, ES_WEB_PAGE | ES_WEB_WHOLE,
      programme },
    { ES_GET, "/e/{slug}/programme/{event}", ES_BODY_NONE,
      ES_WEB_PAGE | ES_WEB_WHOLE, event },
};
const struct es_routes ES_ROUTES_PROGRAMME = { ROUTES,
                                               sizeof ROUTES / sizeof *ROUTES };
