/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What somebody did, on paper to hang up: a run, or all of them together. Of
 * whom there is no picture, there is no certificate. */
#include "initiative/names.h"
#include "store/results.h"
#include "web/paper.h"

#include <inttypes.h>

/* Who, and how far. */
static void begin(struct es_web_paper *w, const struct es_req *q,
                  const struct es_initiative *ini, const char *name,
                  int64_t dist_mm)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    es_web_paper_init(w, q, ini, l->tag);
    const char *title = es_t(l, ES_T("Certificate"));
    w->paper.face = ES_PAPER_CERTIFICATE;
    w->paper.title = es_arena_fmt(es_req_arena(q), "%s: %s", title, name);
    w->no_memory |= !w->paper.title;
    es_web_paper_add(w, ES_PAPER_TITLE, title);
    es_web_paper_add(w, ES_PAPER_NAME, name);
    es_web_paper_add(
        w, ES_PAPER_TEXT,
        es_t_fill(es_req_arena(q),
                  es_t(l, ES_T("took part in {1} and came this far:")),
                  ini->title, NULL));
    es_web_paper_add(w, ES_PAPER_FIGURE,
                     es_web_paper_shown(w, es_dist(dist_mm)));
}

/* A label and its figure, after those that stand in the line already. */
static void say(struct es_web_paper *w, bool *first, const char *label,
                const char *value)
{
    const char *text = es_arena_fmt(es_req_arena(w->q), "%s%s %s",
                                    *first ? "" : " \u00b7 ", label, value);
    w->no_memory |= !text;
    es_web_paper_say(w, text, 0, NULL);
    *first = false;
}

static void times(struct es_web_paper *w, int64_t dist_mm, int64_t time_ms,
                  int64_t runs)
{
    const struct es_lang *l = w->paper.lang;
    bool first = true;
    es_web_paper_add(w, ES_PAPER_TEXT, NULL);
    if (runs > 0)
        say(w, &first, es_t(l, ES_T("Runs")),
            es_web_paper_shown(w, es_int(runs)));
    if (time_ms > 0) {
        say(w, &first, es_t(l, ES_T("Time")),
            es_web_paper_shown(w, es_duration(time_ms)));
        say(w, &first, es_t(l, ES_T("Pace")),
            es_web_paper_shown(w, es_pace(dist_mm, time_ms)));
    }
}

/* GET /r/{code}/certificate.pdf */
static enum es_code of_run(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_run run;
    struct es_initiative ini;
    struct es_participant p;
    struct es_web_paper w;
    const char *name = NULL;
    enum es_code rc = es_web_card_run(q, &run, &ini, &p, e);
    if (rc == ES_OK)
        name = es_public_name(&p, a);
    if (rc == ES_ENOENT || (rc == ES_OK && !name))
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    begin(&w, q, &ini, name, run.dist_mm);
    times(&w, run.dist_mm, run.time_ms, 0);
    w.paper.at_ms =
        run.started_ms == ES_NO_TIME ? run.received_ms : run.started_ms;
    es_web_paper_add(&w, ES_PAPER_DATE,
                     es_web_paper_shown(&w, es_day(w.paper.at_ms, ini.zone)));
    es_web_paper_code(&w, es_url_path(a, "/r/%s", run.code));
    const char *about =
        es_arena_fmt(a, "%s-%s-certificate", ini.slug, run.code);
    return es_web_paper_send(&w, out, about ? about : run.code, e);
}

/* When it was so: the moment of the final results, or the end of the day
 * before. */
static enum es_code moment(const struct es_req *q,
                           const struct es_initiative *ini, int64_t *out,
                           struct es_err *e)
{
    struct es_result *last;
    size_t n = 0;
    struct es_date d = es_zone_date(ini->zone, es_time_now_ms());
    d.hour = d.minute = d.second = d.ms = 0;
    *out = es_zone_time(ini->zone, &d);
    if (ini->state != ES_INI_FINAL)
        return ES_OK;
    enum es_code rc = es_store_results(es_web_of(q)->app->store, ini->id, 1,
                                       es_req_arena(q), &last, &n, e);
    if (rc != ES_OK)
        return rc;
    if (n > 0)
        *out = last->at_ms;
    return ES_OK;
}

/* GET /e/{slug}/people/{bib}/certificate.pdf */
static enum es_code of_person(const struct es_req *q, struct es_resp *out,
                              struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_participant p;
    struct es_standing self;
    struct es_web_paper w;
    int64_t at_ms = 0;
    enum es_code rc = es_web_card_person(q, &ini, &p, &self, e);
    if (rc == ES_ENOENT || (rc == ES_OK && self.runs == 0))
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = moment(q, &ini, &at_ms, e);
    if (rc != ES_OK)
        return rc;
    const char *name = es_public_name(&p, a);
    if (!name)
        return es_fail(e, ES_ENOMEM, 0, "name");
    begin(&w, q, &ini, name, self.dist_mm);
    times(&w, self.dist_mm, self.time_ms, self.runs);
    w.paper.at_ms = at_ms;
    es_web_paper_add(&w, ES_PAPER_DATE,
                     es_web_paper_shown(&w, es_day(at_ms, ini.zone)));
    es_web_paper_code(&w, es_web_person_url(q, ini.slug, p.bib));
    const char *about =
        es_arena_fmt(a, "%s-%" PRId64 "-certificate", ini.slug, p.bib);
    return es_web_paper_send(&w, out, about ? about : ini.slug, e);
}

/* Nobody is known here, as with the pictures. */
static const struct es_route ROUTES[] = {
    { ES_GET, "/r/{code}/certificate.pdf", ES_BODY_NONE, 0, of_run },
    { ES_GET, "/e/{slug}/people/{bib}/certificate.pdf", ES_BODY_NONE, 0,
      of_person },
};
const struct es_routes ES_ROUTES_CERTIFICATE = { ROUTES, sizeof ROUTES /
                                                             sizeof *ROUTES };
