/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Of an event: who holds it, who speaks, in which order what happens, and what
 * remains of it: a video message, a recording. Each list is one thing to two
 * who change it at once, as its order is part of it. */
#include "base/num.h"
#include "web/pages.h"
#include "web/programme_console.h"

#include <math.h>
#include <string.h>

enum { LIST_MAX = 64 << 10 };

/* ---- the lists as lines: what both see when both changed one ---- */

static const char *lines_of(const struct es_event_page *p, struct es_buf *b)
{
    const char *s =
        b->bad ? NULL : es_arena_str(es_req_arena(p->q), es_buf_cstr(b));
    es_buf_release(b);
    return s ? s : "";
}

static const char *hosts_text(const struct es_event_page *p,
                              const struct es_occasion_body *v)
{
    const struct es_lang *l = es_web_lang(p->q, NULL);
    struct es_buf b;
    es_buf_init(&b, LIST_MAX);
    for (size_t i = 0; i < v->n_hosts; i++)
        es_buf_fmt(&b, "%s · %s · %s\n", v->hosts[i].name,
                   es_words_role(l, (enum es_view_role)v->hosts[i].role),
                   v->hosts[i].url);
    return lines_of(p, &b);
}

static const char *speakers_text(const struct es_event_page *p,
                                 const struct es_occasion_body *v)
{
    struct es_buf b;
    es_buf_init(&b, LIST_MAX);
    for (size_t i = 0; i < v->n_speakers; i++)
        es_buf_fmt(&b, "%s · %s\n", v->speakers[i].name, v->speakers[i].office);
    return lines_of(p, &b);
}

static const char *date_of(const struct es_event_page *p, int64_t at_ms)
{
    struct es_date d = es_zone_date(p->was.zone, at_ms);
    const char *s = es_arena_fmt(es_req_arena(p->q), "%04d-%02d-%02d", d.year,
                                 d.month, d.day);
    return s ? s : "";
}

static const char *time_of(const struct es_event_page *p, int64_t at_ms)
{
    struct es_date d = es_zone_date(p->was.zone, at_ms);
    const char *s =
        at_ms == ES_NO_TIME
            ? ""
            : es_arena_fmt(es_req_arena(p->q), "%02d:%02d", d.hour, d.minute);
    return s ? s : "";
}

static const char *items_text(const struct es_event_page *p,
                              const struct es_occasion_body *v)
{
    struct es_buf b;
    es_buf_init(&b, LIST_MAX);
    for (size_t i = 0; i < v->n_items; i++) {
        const struct es_occasion_item *it = &v->items[i];
        if (it->at_ms != ES_NO_TIME)
            es_buf_fmt(&b, "%s %s ", date_of(p, it->at_ms),
                       time_of(p, it->at_ms));
        es_buf_fmt(&b, "%s · %s", it->title, it->who);
        for (size_t l = 0; l < ES_LANGS; l++)
            es_buf_fmt(&b, "%s%s", *it->in[l] ? " · " : "", it->in[l]);
        es_buf_str(&b, "\n");
    }
    return lines_of(p, &b);
}

/* ---- reading ---- */

static void read_hosts(struct es_event_page *p, struct es_occasion_body *v)
{
    v->n_hosts = 0;
    for (size_t i = 0; i < ES_FACE_HOSTS; i++) {
        struct es_face_host h = { es_event_page_row(p->q, "host", i),
                                  es_event_page_row(p->q, "host_url", i),
                                  ES_HOST_HOLDER };
        int64_t role;
        if (es_num_i64(es_bytes_str(es_event_page_row(p->q, "host_role", i)), 0,
                       ES_HOST_PARTNER, &role))
            h.role = (enum es_host_role)role;
        if (*h.name)
            v->hosts[v->n_hosts++] = h;
    }
}

/* A row that came from a person's record keeps it, as long as it stands where
 * it stood and says the same. */
static void read_speakers(struct es_event_page *p, struct es_occasion_body *v)
{
    v->n_speakers = 0;
    for (size_t i = 0; i < ES_OCCASION_SPEAKERS; i++) {
        struct es_occasion_speaker s = { 0,
                                         es_event_page_row(p->q, "speaker", i),
                                         es_event_page_row(p->q, "office", i) };
        if (i < p->kept->n_speakers &&
            strcmp(p->kept->speakers[i].name, s.name) == 0)
            s.person = p->kept->speakers[i].person;
        if (*s.name || s.person)
            v->speakers[v->n_speakers++] = s;
    }
}

/* Digits of a date or a time, as browsers send them. */
static bool digits(const char *s, size_t n, int max, int *out)
{
    int64_t v;
    if (strlen(s) < n ||
        !es_num_i64((struct es_bytes){ (const uint8_t *)s, n }, 0, max, &v))
        return false;
    *out = (int)v;
    return true;
}

/* ES_NO_TIME where no time is given; without a date it is that on which the
 * event starts. */
static int64_t read_at(struct es_event_page *p, size_t i)
{
    const struct es_occasion *o = &p->was;
    const char *date = es_event_page_row(p->q, "item_date", i);
    const char *time = es_event_page_row(p->q, "item_time", i);
    struct es_date d = es_zone_date(o->zone, o->starts_ms);
    int64_t first, last;
    if (!*time)
        return ES_NO_TIME;
    d.second = d.ms = 0;
    if ((*date && (strlen(date) != 10 || !digits(date, 4, 9999, &d.year) ||
                   !digits(date + 5, 2, 12, &d.month) ||
                   !digits(date + 8, 2, 31, &d.day))) ||
        strlen(time) < 5 || time[2] != ':' || !digits(time, 2, 23, &d.hour) ||
        !digits(time + 3, 2, 59, &d.minute) || es_time_of(&d) == ES_NO_TIME) {
        es_field_errors_add(&p->fe, "items", "invalid", NAN);
        return ES_NO_TIME;
    }
    if (es_zone_local(o->zone, &d, &first, &last) == ES_LOCAL_SKIPPED)
        es_field_errors_add(&p->fe, "items", "skipped", NAN);
    /* of a time that comes twice: the one within the event */
    return first < o->starts_ms && last <= o->ends_ms ? last : first;
}

static void read_items(struct es_event_page *p, struct es_occasion_body *v)
{
    v->n_items = 0;
    for (size_t i = 0; i < ES_OCCASION_ITEMS; i++) {
        struct es_occasion_item it = {
            .title = es_event_page_row(p->q, "item", i),
            .who = es_event_page_row(p->q, "item_who", i),
        };
        if (!*it.title)
            continue;
        it.at_ms = read_at(p, i);
        for (size_t l = 0; l < ES_LANGS; l++) {
            const char *name =
                es_arena_fmt(es_req_arena(p->q), "item_%s", es_lang_at(l)->tag);
            it.in[l] = name ? es_event_page_row(p->q, name, i) : "";
        }
        v->items[v->n_items++] = it;
    }
}

/* "up_host_3": the fourth a place further up. Only among rows that have a name,
 * which are those that were shown first. */
static void move(struct es_event_page *p, struct es_occasion_body *v)
{
    const char *act = es_web_given(p->q, "do");
    int64_t i;
    if (strncmp(act, "up_host_", 8) == 0 &&
        es_num_i64(es_bytes_str(act + 8), 1, ES_FACE_HOSTS - 1, &i) &&
        (size_t)i < v->n_hosts) {
        struct es_face_host h = v->hosts[i];
        v->hosts[i] = v->hosts[i - 1];
        v->hosts[i - 1] = h;
    }
    if (strncmp(act, "up_speaker_", 11) == 0 &&
        es_num_i64(es_bytes_str(act + 11), 1, ES_OCCASION_SPEAKERS - 1, &i) &&
        (size_t)i < v->n_speakers) {
        struct es_occasion_speaker s = v->speakers[i];
        v->speakers[i] = v->speakers[i - 1];
        v->speakers[i - 1] = s;
    }
}

/* ---- showing ---- */

static void host_rows(const struct es_event_page *p,
                      struct es_view_event_people *v)
{
    const struct es_lang *l = es_web_lang(p->q, NULL);
    const struct es_occasion_body *b = p->b;
    for (size_t i = 0; i < ES_FACE_HOSTS && i < b->n_hosts + ES_EVENT_ROWS;
         i++) {
        bool there = i < b->n_hosts;
        v->hosts[v->n_hosts++] = (struct es_view_host_row){
            .i = (int64_t)i,
            .name = there ? b->hosts[i].name : "",
            .url = there ? b->hosts[i].url : "",
            .role = there ? (int64_t)b->hosts[i].role
                          : (i ? ES_HOST_SUPPORTER : ES_HOST_HOLDER),
            .can_rise = there && i > 0,
        };
    }
    for (int64_t r = 0; r <= ES_HOST_PARTNER; r++)
        v->roles[r] = es_words_role(l, (enum es_view_role)r);
}

static void speaker_rows(const struct es_event_page *p,
                         struct es_view_event_people *v)
{
    const struct es_occasion_body *b = p->b;
    for (size_t i = 0;
         i < ES_OCCASION_SPEAKERS && i < b->n_speakers + ES_EVENT_ROWS; i++) {
        bool there = i < b->n_speakers;
        v->speakers[v->n_speakers++] = (struct es_view_speaker_row){
            .i = (int64_t)i,
            .name = there ? b->speakers[i].name : "",
            .office = there ? b->speakers[i].office : "",
            .can_rise = there && i > 0,
        };
    }
}

static void item_rows(const struct es_event_page *p,
                      struct es_view_event_people *v)
{
    const struct es_occasion_body *b = p->b;
    for (size_t i = 0; i < ES_LANGS; i++)
        if (strcmp(es_lang_at(i)->tag, p->was.lang) != 0)
            v->langs[v->n_langs++] = es_lang_at(i);
    for (size_t i = 0; i < ES_OCCASION_ITEMS && i < b->n_items + ES_EVENT_ROWS;
         i++) {
        const struct es_occasion_item *it =
            i < b->n_items ? &b->items[i] : NULL;
        struct es_view_item_row *r = &v->items[v->n_items++];
        *r = (struct es_view_item_row){
            .i = (int64_t)i,
            .date =
                it && it->at_ms != ES_NO_TIME
                    ? date_of(p, it->at_ms)
                    : (i ? v->items[i - 1].date : date_of(p, p->was.starts_ms)),
            .time = it ? time_of(p, it->at_ms) : "",
            .title = it ? it->title : "",
            .who = it ? it->who : "",
        };
        for (size_t l = 0; l < v->n_langs; l++)
            r->in[l] = it ? it->in[v->langs[l]->index] : "";
    }
    v->one_day = strcmp(date_of(p, p->was.starts_ms),
                        date_of(p, p->was.ends_ms - 1)) == 0;
}

static struct es_url action_of(const struct es_event_page *p, const char *tab)
{
    return es_url_path(es_req_arena(p->q), "/organise/e/%s/programme/%lld/%s",
                       es_web_who(p->q)->here.slug, (long long)p->was.id, tab);
}

static enum es_code show_people(struct es_event_page *p, struct es_resp *out,
                                int status, struct es_err *e)
{
    struct es_view_event_people *v =
        es_arena_alloc(es_req_arena(p->q), sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "event");
    *v = (struct es_view_event_people){
        .frame = es_web_frame(p->q, &es_web_who(p->q)->here),
        .head = es_event_page_head(p, "people"),
        .action = action_of(p, "people"),
        .was = es_web_edit_stamp(&p->w),
        .zone = p->was.zone,
        .lang = p->was.lang,
        .n_errors = p->fe.n,
        .hosts_field = es_event_page_field(p, "hosts"),
        .speakers_field = es_event_page_field(p, "speakers"),
        .items_field = es_event_page_field(p, "items"),
    };
    host_rows(p, v);
    speaker_rows(p, v);
    item_rows(p, v);
    v->frame.notice = es_event_page_notice(p);
    es_resp_status(out, status);
    struct es_out o = es_web_page(p->q, out);
    es_page_event_people(&o, v);
    return ES_OK;
}

/* ---- keeping ---- */

static void people_edits(struct es_event_page *p,
                         const struct es_occasion_body *mine)
{
    p->w.n = 0;
    es_web_edit_put(&p->w, "hosts", hosts_text(p, p->kept),
                    hosts_text(p, mine));
    es_web_edit_put(&p->w, "speakers", speakers_text(p, p->kept),
                    speakers_text(p, mine));
    es_web_edit_put(&p->w, "items", items_text(p, p->kept),
                    items_text(p, mine));
}

static bool is_mine(const struct es_event_page *p, const char *name,
                    const char *mine)
{
    return p->w.clashes || strcmp(es_web_edit_kept(&p->w, name), mine) == 0;
}

/* What is to be kept of each list into p->b; where two clash, the sender's. */
static size_t people_merge(struct es_event_page *p,
                           const struct es_occasion_body *mine)
{
    people_edits(p, mine);
    size_t clashes = es_event_page_merge(p);
    if (is_mine(p, "hosts", hosts_text(p, mine))) {
        memcpy(p->b->hosts, mine->hosts, sizeof mine->hosts);
        p->b->n_hosts = mine->n_hosts;
    }
    if (is_mine(p, "speakers", speakers_text(p, mine))) {
        memcpy(p->b->speakers, mine->speakers, sizeof mine->speakers);
        p->b->n_speakers = mine->n_speakers;
    }
    if (is_mine(p, "items", items_text(p, mine))) {
        memcpy(p->b->items, mine->items, sizeof mine->items);
        p->b->n_items = mine->n_items;
    } else {
        p->fe.n = 0; /* they were about times that aren't taken */
    }
    return clashes;
}

/* GET /organise/e/{slug}/programme/{event}/people */
static enum es_code people(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_event_page *p = es_arena_alloc(es_req_arena(q), sizeof *p);
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "event");
    enum es_code rc = es_event_page_load(q, p, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    people_edits(p, p->kept);
    return show_people(p, out, 200, e);
}

/* POST to it: `do` may be "up_host_3" */
static enum es_code people_keep(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    struct es_event_page *p = es_arena_alloc(es_req_arena(q), sizeof *p);
    struct es_occasion_body *mine =
        es_arena_alloc(es_req_arena(q), sizeof *mine);
    enum es_code rc = ES_ECONFLICT;
    if (!p || !mine)
        return es_fail(e, ES_ENOMEM, 0, "event");
    for (int i = 0; rc == ES_ECONFLICT && i < ES_EVENT_TRIES; i++) {
        rc = es_event_page_load(q, p, e);
        if (rc == ES_ENOENT)
            return es_web_fail(q, out, 404, "");
        if (rc != ES_OK)
            return rc;
        *mine = *p->kept;
        read_hosts(p, mine);
        read_speakers(p, mine);
        read_items(p, mine);
        move(p, mine);
        if (people_merge(p, mine))
            return show_people(p, out, 409, e);
        if (!p->fe.n)
            rc = es_event_page_keep(p, e);
        if (p->fe.n)
            return show_people(p, out, 422, e);
    }
    return rc == ES_OK ? es_event_page_done(p, out, "people", "kept") : rc;
}

/* ---- what remains ---- */

static enum es_code show_recording(struct es_event_page *p, struct es_resp *out,
                                   int status, struct es_err *e)
{
    struct es_arena *a = es_req_arena(p->q);
    const struct es_initiative *ini = &es_web_who(p->q)->here;
    struct es_view_event_recording *v = es_arena_alloc(a, sizeof *v);
    struct es_face *face = es_arena_alloc(a, sizeof *face);
    enum es_code rc = v && face ? es_face_read(ini->face, a, face, e)
                                : es_fail(e, ES_ENOMEM, 0, "event");
    if (rc != ES_OK)
        return rc;
    *v = (struct es_view_event_recording){
        .frame = es_web_frame(p->q, ini),
        .head = es_event_page_head(p, "recording"),
        .action = action_of(p, "recording"),
        .was = es_web_edit_stamp(&p->w),
        .lang = p->was.lang,
        .n_errors = p->fe.n,
        .film = es_event_page_field(p, "film"),
        .url = es_event_page_field(p, "recording"),
        .transcript = es_event_page_field(p, "transcript"),
        .media = es_url_path(a, "/organise/e/%s/media", ini->slug),
        .has_film = face->video.media != 0,
    };
    if (v->film.theirs)
        v->film.theirs = es_t(es_web_lang(p->q, NULL),
                              *v->film.theirs ? ES_T("It is shown here.")
                                              : ES_T("It isn't shown here."));
    v->frame.notice = es_event_page_notice(p);
    es_resp_status(out, status);
    struct es_out o = es_web_page(p->q, out);
    es_page_event_recording(&o, v);
    return ES_OK;
}

static enum es_code load_recording(const struct es_req *q,
                                   struct es_event_page *p, struct es_err *e)
{
    enum es_code rc = es_event_page_load(q, p, e);
    if (rc != ES_OK)
        return rc;
    es_web_edit_add(&p->w, "film", p->kept->recording.film ? "1" : "",
                    ES_EDIT_AS_IT_IS);
    es_web_edit_add(&p->w, "recording", p->kept->recording.url, ES_EDIT_LINE);
    es_web_edit_add(&p->w, "transcript", p->kept->recording.transcript,
                    ES_EDIT_LINES);
    return ES_OK;
}

/* GET /organise/e/{slug}/programme/{event}/recording */
static enum es_code recording(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_event_page *p = es_arena_alloc(es_req_arena(q), sizeof *p);
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "event");
    enum es_code rc = load_recording(q, p, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? show_recording(p, out, 200, e) : rc;
}

/* POST to it */
static enum es_code recording_keep(const struct es_req *q, struct es_resp *out,
                                   struct es_err *e)
{
    struct es_event_page *p = es_arena_alloc(es_req_arena(q), sizeof *p);
    enum es_code rc = ES_ECONFLICT;
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "event");
    for (int i = 0; rc == ES_ECONFLICT && i < ES_EVENT_TRIES; i++) {
        rc = load_recording(q, p, e);
        if (rc == ES_ENOENT)
            return es_web_fail(q, out, 404, "");
        if (rc != ES_OK)
            return rc;
        if (es_event_page_merge(p))
            return show_recording(p, out, 409, e);
        p->b->recording.film = *es_web_edit_kept(&p->w, "film");
        p->b->recording.url = es_web_edit_kept(&p->w, "recording");
        p->b->recording.transcript = es_web_edit_kept(&p->w, "transcript");
        rc = es_event_page_keep(p, e);
        if (p->fe.n)
            return show_recording(p, out, 422, e);
    }
    return rc == ES_OK ? es_event_page_done(p, out, "recording", "kept") : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/programme/{event}/people", ES_BODY_NONE,
      ES_WEB_PAGE, people },
    { ES_POST, "/organise/e/{slug}/programme/{event}/people", ES_BODY_FORM,
      ES_WEB_FORM, people_keep },
    { ES_GET, "/organise/e/{slug}/programme/{event}/recording", ES_BODY_NONE,
      ES_WEB_PAGE, recording },
    { ES_POST, "/organise/e/{slug}/programme/{event}/recording", ES_BODY_FORM,
      ES_WEB_FORM, recording_keep },
};
const struct es_routes ES_ROUTES_PROGRAMME_PEOPLE = {
    ROUTES, sizeof ROUTES / sizeof *ROUTES
};
