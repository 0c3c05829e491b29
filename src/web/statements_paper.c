/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A statement on a sheet of paper: all that its page says. */
#include "store/media.h"
#include "web/media.h"
#include "web/paper.h"
#include "web/statements.h"

enum { PORTRAIT = 300 }; /* pixels that are sharp on 30 mm */

/* The portrait of who speaks, as it is kept; *held is then to be released.
 * None is fine. */
static enum es_code portrait(const struct es_req *q, const struct es_said *s,
                             struct es_media_open **held, struct es_err *e)
{
    struct es_web *w = es_web_of(q);
    struct es_arena *a = es_req_arena(q);
    struct es_statement_text *t = es_arena_alloc(a, sizeof *t);
    struct es_party p = { 0 };
    struct es_media *v = NULL;
    size_t n = 0;
    if (!t)
        return es_fail(e, ES_ENOMEM, 0, "statement");
    enum es_code rc = es_statement_read(s->v.content, a, t, e);
    if (rc == ES_OK)
        rc = es_store_party(w->app->store, s->s.initiative, t->speaker, a, &p,
                            e);
    if (rc == ES_OK && p.portrait)
        rc = es_store_media_sizes(w->app->store, s->s.initiative, p.portrait, a,
                                  &v, &n, e);
    size_t i = 0;
    while (i + 1 < n && v[i].width < PORTRAIT)
        i++;
    if (rc == ES_OK && n > 0)
        rc = es_media_hold(w->media, w->app->store, &v[i], held, e);
    return rc == ES_ENOENT ? ES_OK : rc;
}

/* The parts that are there, with a point between them. */
static const char *joined(struct es_web_paper *w, const char *x, const char *y)
{
    const char *s = *x && *y
                        ? es_arena_fmt(es_req_arena(w->q), "%s \u00b7 %s", x, y)
                    : *x ? x
                         : y;
    w->no_memory |= !s;
    return s ? s : "";
}

static void say_who(struct es_web_paper *w, const struct es_view_statement *s,
                    struct es_bytes jpeg)
{
    struct es_arena *a = es_req_arena(w->q);
    const char *body = joined(w, s->office.body.text, s->office.country);
    const char *office =
        *s->office.title.text && *body
            ? es_arena_fmt(a, "%s\n%s", s->office.title.text, body)
        : *body ? body
                : s->office.title.text;
    w->no_memory |= !office;
    struct es_paper_block *k = es_web_paper_add(w, ES_PAPER_PERSON, NULL);
    k->jpeg = jpeg;
    es_web_paper_say(w, s->by.name.text, 0, NULL);
    es_web_paper_say(w, office ? office : "", 0, NULL);
}

/* "Figures as {1} gave them" is the head of their table. */
static void say_figures(struct es_web_paper *w,
                        const struct es_view_statement *s)
{
    const struct es_lang *l = w->paper.lang;
    struct es_arena *a = es_req_arena(w->q);
    const char **cell =
        s->n_figures ? es_arena_array(a, 2 * s->n_figures + 2, sizeof *cell)
                     : NULL;
    w->no_memory |= s->n_figures && !cell;
    if (!cell)
        return;
    cell[0] = es_t_fill(a, es_t(l, ES_T("Figures as {1} gave them")),
                        s->by.name.text, NULL);
    cell[1] = "";
    for (size_t i = 0; i < s->n_figures; i++) {
        cell[2 * i + 2] = s->figures[i].label;
        cell[2 * i + 3] = s->figures[i].value;
    }
    es_web_paper_add(w, ES_PAPER_TABLE, NULL)->table =
        (struct es_paper_table){ cell, 2, s->n_figures + 1, 2 };
    es_web_paper_add(w, ES_PAPER_NOTE, NULL);
    if (*s->figures_from)
        es_web_paper_say(
            w,
            es_t_fill(a,
                      es_t(l, ES_T("The speaker names as their source: {1}.")),
                      s->figures_from, NULL),
            0, NULL);
    es_web_paper_say(w, *s->figures_from ? " " : "", 0, NULL);
    es_web_paper_say(w,
                     es_t(l, ES_T("They are the speaker's, not "
                                  "Everystep's.")),
                     0, NULL);
}

static void say_record(struct es_web_paper *w,
                       const struct es_view_statement *s, const char *zone)
{
    const struct es_lang *l = w->paper.lang;
    struct es_arena *a = es_req_arena(w->q);
    const char *url = es_url_is(s->source_url) ? s->source_url.checked : NULL;
    if (s->version > 1) {
        es_web_paper_add(
            w, ES_PAPER_HEADING,
            es_t_fill(a, es_t(l, ES_T("Corrected on {1}")),
                      es_web_paper_shown(w, es_day(s->at_ms, zone)), NULL))
            ->level = 4;
        es_web_paper_add(w, ES_PAPER_TEXT, s->note);
    }
    if (url || *s->source) {
        es_web_paper_add(w, ES_PAPER_NOTE, es_t(l, ES_T("Documented here:")));
        es_web_paper_say(w, " ", 0, NULL);
        es_web_paper_say(w, *s->source ? s->source : url, ES_PAPER_OWN, url);
    }
    if (s->approved_ms != ES_NO_TIME)
        es_web_paper_add(
            w, ES_PAPER_NOTE,
            es_t_fill(
                a, es_t(l, ES_T("Approved by the speaker's side on {1}.")),
                es_web_paper_shown(w, es_day(s->approved_ms, "UTC")), NULL));
}

static void write(struct es_web_paper *w, const struct es_view_statement *s,
                  struct es_bytes jpeg, const char *zone)
{
    const struct es_lang *l = w->paper.lang;
    const char *kind =
        s->exact ? es_t(l, ES_T("Word for word")) : es_t(l, ES_T("In summary"));
    const char *day = es_web_paper_shown(w, es_day(s->day_ms, "UTC"));
    w->paper.pages = 1;
    w->paper.at_ms = s->at_ms;
    w->paper.title = joined(w, s->by.name.text, es_t(l, ES_T("Statement")));
    es_web_paper_add(w, ES_PAPER_DATE, es_t(l, ES_T("Statement")));
    say_who(w, s, jpeg);
    es_web_paper_add(w, ES_PAPER_DATE,
                     joined(w, joined(w, kind, day), s->event.text));
    es_web_paper_paras(w, ES_PAPER_QUOTE, s->lang, s->words);
    say_figures(w, s);
    say_record(w, s, zone);
    es_web_paper_code(w, s->url);
}

/* GET /e/{slug}/statements/{statement}/paper.pdf */
static enum es_code paper(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_said s;
    struct es_view_statement v;
    struct es_media_open *held = NULL;
    struct es_web_paper w;
    int64_t id;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK && !es_req_i64(q, "statement", 1, INT64_MAX, &id))
        rc = es_fail(e, ES_ENOENT, 0, "no number");
    if (rc == ES_OK)
        rc = es_store_said(es_web_of(q)->app->store, ini.id, id, a, &s, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_OK)
        rc = es_web_statement(q, &ini, &s, 0, &v, e);
    if (rc == ES_OK)
        rc = portrait(q, &s, &held, e);
    if (rc != ES_OK)
        return rc;
    es_web_paper_init(&w, q, &ini, es_web_lang(q, NULL)->tag);
    write(&w, &v, held ? es_media_bytes(held) : (struct es_bytes){ 0 },
          ini.zone);
    const char *about = es_arena_fmt(a, "%s-statement-%s", ini.slug, v.number);
    rc = es_web_paper_send(&w, out, about ? about : ini.slug, e);
    if (held)
        es_media_release(held);
    return rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/statements/{statement}/paper.pdf", ES_BODY_NONE, 0,
      paper },
};
const struct es_routes ES_ROUTES_SAID_PAPER = { ROUTES, sizeof ROUTES /
                                                            sizeof *ROUTES };
