/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Statements, those who spoke and their offices, as pages show them. */
#include "base/utf8.h"
#include "programme/occasion.h"
#include "store/media.h"
#include "web/press.h"
#include "web/statements.h"

#include <inttypes.h>
#include <string.h>

enum { LANGS = 40, PORTRAIT = 400 }; /* PORTRAIT: pixels that are enough */

const char *es_web_number(const struct es_req *q, int64_t n)
{
    const char *s = es_arena_fmt(es_req_arena(q), "%" PRId64, n);
    return s ? s : "";
}

struct es_view_named es_web_named(const struct es_req *q, struct es_many_told t)
{
    bool theirs = strcmp(t.lang, es_web_lang(q, NULL)->tag) == 0;
    return (struct es_view_named){ t.text, theirs ? "" : t.lang };
}

struct es_view_office es_web_office(const struct es_req *q,
                                    const struct es_office_told *o)
{
    return (struct es_view_office){
        .title = es_web_named(q, o->title),
        .body = es_web_named(q, o->body),
        .country = es_country_name(es_web_lang(q, NULL), o->country),
        .from_ms = es_day_ms(o->from),
        .to_ms = es_day_ms(o->to),
    };
}

/* The smallest size that is sharp as it is shown. */
static enum es_code portrait(const struct es_req *q,
                             const struct es_initiative *ini, int64_t media,
                             struct es_view_speaker *out, struct es_err *e)
{
    struct es_media *v = NULL;
    size_t n = 0;
    enum es_code rc = es_store_media_sizes(es_web_of(q)->app->store, ini->id,
                                           media, es_req_arena(q), &v, &n, e);
    const struct es_media *fits = NULL;
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (!fits || (v[i].width >= PORTRAIT && v[i].width < fits->width) ||
            (fits->width < PORTRAIT && v[i].width > fits->width))
            fits = &v[i];
    if (rc == ES_OK && fits) {
        out->portrait = es_url_path(es_req_arena(q), "/e/%s/media/%lld",
                                    ini->slug, (long long)fits->id);
        out->portrait_w = fits->width;
        out->portrait_h = fits->height;
    }
    return rc == ES_ENOENT ? ES_OK : rc;
}

enum es_code es_web_speaker(const struct es_req *q,
                            const struct es_initiative *ini,
                            const struct es_party *p,
                            struct es_view_speaker *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const char *lang = es_web_lang(q, NULL)->tag;
    *out = (struct es_view_speaker){
        .name = es_web_named(q, es_many_tell_json(p->names, lang, a)),
        .url = es_url_path(a, "/e/%s/statements?speaker=%lld", ini->slug,
                           (long long)p->id),
    };
    return p->portrait ? portrait(q, ini, p->portrait, out, e) : ES_OK;
}

const char *es_web_beginning(const struct es_req *q, const char *words,
                             size_t most, bool *cut)
{
    struct es_bytes s = es_bytes_str(words);
    size_t at = 0;
    size_t space = 0;
    size_t n = 0;
    *cut = false;
    for (; at < s.n && (!most || n < most); n++) {
        if (s.p[at] == ' ' || s.p[at] == '\n')
            space = at;
        (void)es_utf8_next(s, &at);
    }
    if (at == s.n)
        return words;
    *cut = true;
    const char *part = es_arena_fmt(es_req_arena(q), "%.*s …",
                                    (int)(space > at / 2 ? space : at), words);
    return part ? part : "";
}

/* ---- one statement ---- */

static enum es_code who(const struct es_req *q, const struct es_initiative *ini,
                        const struct es_statement_text *t,
                        struct es_view_statement *out, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_party p;
    struct es_office_told *v = NULL;
    size_t n = 0;
    enum es_code rc = es_store_party(app->store, ini->id, t->speaker, a, &p, e);
    if (rc == ES_OK)
        rc = es_web_speaker(q, ini, &p, &out->by, e);
    if (rc == ES_OK)
        rc = es_offices(app, ini->id, p.id, es_web_lang(q, NULL)->tag, a, &v,
                        &n, e);
    if (rc != ES_OK)
        return rc;
    const struct es_office_told *held = es_office_held(v, n, t->day, t->office);
    out->office = held ? es_web_office(q, held)
                       : (struct es_view_office){ .title = { "", "" },
                                                  .body = { "", "" },
                                                  .country = "",
                                                  .from_ms = ES_NO_TIME,
                                                  .to_ms = ES_NO_TIME };
    return ES_OK;
}

/* The day on which the speaker's side approved this version. */
static enum es_code approved(const struct es_req *q, const struct es_said *s,
                             int64_t *out, struct es_err *e)
{
    struct es_statement_step *v;
    size_t n;
    enum es_code rc = es_store_statement_steps(
        es_web_of(q)->app->store, s->s.initiative, s->s.id,
        ES_STATEMENT_VERSIONS * 4, es_req_arena(q), &v, &n, e);
    *out = ES_NO_TIME;
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (v[i].id == s->v.approval)
            *out = es_day_ms(v[i].day);
    return rc;
}

static struct es_url page_of(const struct es_req *q,
                             const struct es_initiative *ini, int64_t id)
{
    return es_url_path(es_req_arena(q), "/e/%s/statements/%lld", ini->slug,
                       (long long)id);
}

/* It and its translations, the original first. */
static enum es_code languages(const struct es_req *q,
                              const struct es_initiative *ini,
                              const struct es_said *s,
                              struct es_view_statement *out, struct es_err *e)
{
    struct es_store *store = es_web_of(q)->app->store;
    struct es_arena *a = es_req_arena(q);
    int64_t first = s->s.shown_of ? s->s.shown_of : s->s.id;
    struct es_said original;
    struct es_said *v = NULL;
    size_t n = 0;
    enum es_code rc = es_store_said(store, ini->id, first, a, &original, e);
    if (rc == ES_OK)
        rc = es_store_translations(store, ini->id, first, LANGS, a, &v, &n, e);
    struct es_view_choice *c =
        rc == ES_OK && n ? es_arena_array(a, n + 1, sizeof *c) : NULL;
    if (rc == ES_ENOENT || (rc == ES_OK && n == 0))
        return ES_OK;
    if (rc == ES_OK && !c)
        rc = es_fail(e, ES_ENOMEM, 0, "languages");
    for (size_t i = 0; rc == ES_OK && i <= n; i++) {
        const struct es_said *one = i ? &v[i - 1] : &original;
        struct es_statement_text t;
        rc = es_statement_read(one->v.content, a, &t, e);
        if (rc == ES_OK)
            c[i] = (struct es_view_choice){ t.lang, es_web_spoken(t.lang),
                                            one->s.id == s->s.id,
                                            page_of(q, ini, one->s.id) };
    }
    out->langs = c;
    out->n_langs = n + 1;
    return rc;
}

enum es_code es_web_said_at(const struct es_req *q,
                            const struct es_initiative *ini, int64_t event,
                            struct es_view_named *out, struct es_url *url,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_occasion o;
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    enum es_code rc = b ? es_store_occasion(es_web_of(q)->app->store, ini->id,
                                            event, a, &o, e)
                        : es_fail(e, ES_ENOMEM, 0, "event");
    if (rc == ES_OK && o.state == ES_OCCASION_DRAFT)
        rc = es_fail(e, ES_ENOENT, 0, "not published");
    if (rc == ES_OK)
        rc = es_occasion_read(o.body, a, b, e);
    if (rc != ES_OK)
        return rc;
    struct es_occasion_told told = es_occasion_tell(&o, b, l);
    bool theirs = strcmp(told.title_lang, l->tag) == 0;
    *out = (struct es_view_named){ told.title, theirs ? "" : told.title_lang };
    *url = es_url_path(a, "/e/%s/programme/%lld", ini->slug, (long long)event);
    return ES_OK;
}

enum es_code es_web_statement(const struct es_req *q,
                              const struct es_initiative *ini,
                              const struct es_said *said, size_t most,
                              struct es_view_statement *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_statement_text *t = es_arena_alloc(a, sizeof *t);
    if (!t)
        return es_fail(e, ES_ENOMEM, 0, "statement");
    enum es_code rc = es_statement_read(said->v.content, a, t, e);
    struct es_view_quoted *f =
        rc == ES_OK ? es_arena_array(a, t->n_figures, sizeof *f) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!f)
        return es_fail(e, ES_ENOMEM, 0, "figures");
    for (size_t i = 0; i < t->n_figures; i++)
        f[i] =
            (struct es_view_quoted){ t->figures[i].label, t->figures[i].value };
    *out = (struct es_view_statement){
        .number = es_web_number(q, said->s.id),
        .url = page_of(q, ini, said->s.id),
        .exact = t->exact,
        .lang = t->lang,
        .lang_name = es_web_spoken(t->lang),
        .day_ms = es_day_ms(t->day),
        .event = { "", "" },
        .source = t->source,
        .figures = f,
        .n_figures = t->n_figures,
        .figures_from = t->figures_from,
        .version = said->v.version,
        .at_ms = said->v.at_ms,
        .note = said->v.note,
        .approved_ms = ES_NO_TIME,
    };
    out->words = es_web_beginning(q, t->words, most, &out->cut);
    (void)es_url_foreign(a, t->source_url, &out->source_url);
    if (said->s.shown_of)
        out->original = page_of(q, ini, said->s.shown_of);
    rc = who(q, ini, t, out, e);
    if (rc == ES_OK && t->event)
        rc = es_web_said_at(q, ini, t->event, &out->event, &out->event_url, e);
    if (rc == ES_ENOENT && t->event) /* nobody is told of it */
        rc = ES_OK;
    if (rc == ES_OK && !most)
        rc = approved(q, said, &out->approved_ms, e);
    return rc == ES_OK ? languages(q, ini, said, out, e) : rc;
}

enum es_code es_web_wall_url(const struct es_req *q,
                             const struct es_initiative *ini,
                             struct es_url *out, struct es_err *e)
{
    struct es_wall w = { .initiative = ini->id, .max = 1 };
    struct es_said *v;
    size_t n = 0;
    *out = (struct es_url){ NULL };
    if (es_web_of(q)->kept) /* they aren't kept as files */
        return ES_OK;
    enum es_code rc =
        es_store_wall(es_web_of(q)->app->store, &w, es_req_arena(q), &v, &n, e);
    if (rc == ES_OK && n)
        *out = es_url_path(es_req_arena(q), "/e/%s/statements", ini->slug);
    return rc;
}
