/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The console's statements: written, corrected, and what became of each. */
#include "web/statements_edit.h"
#include "base/num.h"
#include "i18n/spoken.h"
#include "store/programme.h"
#include "web/pages.h"
#include "web/words_statements.h"

#include <math.h>
#include <string.h>

#define ROOT "/organise/e/{slug}/statements"

enum {
    ROWS = 30,
    TRIES = 3,
    BEGINNING = 120,
    SPEAKERS = 500,
    EVENTS = 500,
    STEPS = 60
};

/* ---- the list ---- */

static const char *const STATES[] = { "draft", "approved", "published",
                                      "taken" };

static const char *tone(int32_t state)
{
    static const char *const TONES[] = { "review", "review", "accepted",
                                         "refused" };
    return state >= 0 && state < ES_STATEMENT_STATES ? TONES[state] : "";
}

static enum es_code draft_row(const struct es_req *q,
                              const struct es_statement *s,
                              struct es_view_draft_row *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_statement_text *t = es_arena_alloc(a, sizeof *t);
    struct es_party p = { .names = "[]" };
    bool cut;
    if (!t)
        return es_fail(e, ES_ENOMEM, 0, "statement");
    enum es_code rc = es_statement_read(s->content, a, t, e);
    if (rc == ES_OK && t->speaker)
        rc = es_store_party(es_web_of(q)->app->store, s->initiative, t->speaker,
                            a, &p, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    *out = (struct es_view_draft_row){
        .number = es_web_number(q, s->id),
        .page = es_url_path(a, "/organise/e/%s/statements/%lld",
                            es_web_who(q)->here.slug, (long long)s->id),
        .speaker = es_web_named(q, es_many_tell_json(p.names, l->tag, a)),
        .beginning = es_web_beginning(q, t->words, BEGINNING, &cut),
        .lang = *t->lang ? t->lang : l->tag,
        .state = es_words_statement_state(l, s->state),
        .tone = tone(s->state),
        .day_ms = es_day_ms(t->day),
    };
    return ES_OK;
}

static struct es_url list_url(const struct es_req *q, int32_t state,
                              int64_t before)
{
    struct es_arena *a = es_req_arena(q);
    const char *slug = es_web_who(q)->here.slug;
    if (state < 0)
        return es_url_path(a, "/organise/e/%s/statements?before=%lld", slug,
                           (long long)before);
    return es_url_path(a, "/organise/e/%s/statements?state=%s&before=%lld",
                       slug, STATES[state], (long long)before);
}

/* GET /organise/e/{slug}/statements?state=&before= */
static enum es_code drafts(const struct es_req *q, struct es_resp *out,
                           struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    const struct es_lang *l = es_web_lang(q, NULL);
    const char *given = es_req_query(q, "state");
    const char *before = es_req_query(q, "before");
    struct es_view_choice *tabs =
        es_arena_array(a, ES_STATEMENT_STATES + 1, sizeof *tabs);
    struct es_statement *s = NULL;
    int64_t below = 0;
    int32_t state = -1;
    size_t n = 0;
    for (int32_t i = 0; given && i < ES_STATEMENT_STATES; i++)
        if (strcmp(given, STATES[i]) == 0)
            state = i;
    if (before)
        (void)es_num_i64(es_bytes_str(before), 0, INT64_MAX, &below);
    enum es_code rc = es_store_statements(es_web_of(q)->app->store, ini->id,
                                          state, below, ROWS, a, &s, &n, e);
    struct es_view_draft_row *rows =
        rc == ES_OK ? es_arena_array(a, n, sizeof *rows) : NULL;
    if (rc == ES_OK && (!rows || !tabs))
        rc = es_fail(e, ES_ENOMEM, 0, "statements");
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = draft_row(q, &s[i], &rows[i], e);
    if (rc != ES_OK)
        return rc;
    struct es_view_drafts v = {
        .frame = es_web_frame(q, ini),
        .tabs = tabs,
        .n_tabs = ES_STATEMENT_STATES + 1,
        .rows = rows,
        .n = n,
        .write = es_url_path(a, "/organise/e/%s/statements/new", ini->slug),
        .wall = es_url_path(a, "/e/%s/statements", ini->slug),
        .people = es_url_path(a, "/organise/e/%s/people-and-bodies", ini->slug),
    };
    for (int32_t i = -1; i < ES_STATEMENT_STATES; i++)
        tabs[i + 1] = (struct es_view_choice){
            "", i < 0 ? es_t(l, ES_T("All")) : es_words_statement_state(l, i),
            i == state, list_url(q, i, 0)
        };
    if (below)
        v.first = list_url(q, state, 0);
    if (n == ROWS)
        v.next = list_url(q, state, s[n - 1].id);
    v.frame.notice = es_words_done(l, es_req_query(q, "done"));
    struct es_out o = es_web_page(q, out);
    es_page_drafts(&o, &v);
    return ES_OK;
}

/* ---- one ---- */

enum es_code es_web_writing_load(const struct es_req *q,
                                 struct es_web_writing *k, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    bool fresh = strcmp(es_req_route(q)->pattern, ROOT "/new") == 0;
    int64_t id = 0;
    *k = (struct es_web_writing){ .q = q, .w = { .q = q } };
    k->t = (struct es_statement_text){ .lang = ini->lang,
                                       .exact = true,
                                       .day = "",
                                       .words = "",
                                       .source = "",
                                       .source_url = "",
                                       .figures_from = "" };
    k->s.initiative = ini->id;
    if (fresh)
        return ES_OK;
    if (!es_req_i64(q, "statement", 1, INT64_MAX, &id))
        return es_fail(e, ES_ENOENT, 0, "no number");
    enum es_code rc =
        es_store_statement(es_web_of(q)->app->store, ini->id, id, a, &k->s, e);
    return rc == ES_OK ? es_statement_read(k->s.content, a, &k->t, e) : rc;
}

static const char *id_text(const struct es_req *q, int64_t id)
{
    return id ? es_web_number(q, id) : "";
}

static void add_edits(struct es_web_writing *k)
{
    const struct es_req *q = k->q;
    const struct es_statement_text *t = &k->t;
    struct es_web_edit *w = &k->w;
    *w = (struct es_web_edit){ .q = q };
    es_web_edit_add(w, "speaker", id_text(q, t->speaker), ES_EDIT_AS_IT_IS);
    es_web_edit_add(w, "office", id_text(q, t->office), ES_EDIT_AS_IT_IS);
    es_web_edit_add(w, "event", id_text(q, t->event), ES_EDIT_AS_IT_IS);
    es_web_edit_add(w, "of", id_text(q, t->of), ES_EDIT_AS_IT_IS);
    es_web_edit_add(w, "exact", t->exact ? "1" : "0", ES_EDIT_AS_IT_IS);
    es_web_edit_add(w, "lang", t->lang, ES_EDIT_AS_IT_IS);
    es_web_edit_add(w, "day", t->day, ES_EDIT_AS_IT_IS);
    es_web_edit_add(w, "words", t->words, ES_EDIT_LINES);
    es_web_edit_add(w, "source", t->source, ES_EDIT_LINE);
    es_web_edit_add(w, "source_url", t->source_url, ES_EDIT_LINE);
    es_web_edit_add(w, "figures", es_figures_lines(t, es_req_arena(q)),
                    ES_EDIT_LINES);
    es_web_edit_add(w, "figures_from", t->figures_from, ES_EDIT_LINE);
}

static int64_t kept_id(const struct es_web_writing *k, const char *name)
{
    int64_t id = 0;
    (void)es_num_i64(es_bytes_str(es_web_edit_kept(&k->w, name)), 1, INT64_MAX,
                     &id);
    return id;
}

/* What is to be kept. An office of somebody else is none. */
static enum es_code text_kept(struct es_web_writing *k,
                              struct es_statement_text *t, struct es_err *e)
{
    *t = (struct es_statement_text){
        .speaker = kept_id(k, "speaker"),
        .office = kept_id(k, "office"),
        .event = kept_id(k, "event"),
        .of = kept_id(k, "of"),
        .exact = strcmp(es_web_edit_kept(&k->w, "exact"), "0") != 0,
        .lang = es_web_edit_kept(&k->w, "lang"),
        .day = es_web_edit_kept(&k->w, "day"),
        .words = es_web_edit_kept(&k->w, "words"),
        .source = es_web_edit_kept(&k->w, "source"),
        .source_url = es_web_edit_kept(&k->w, "source_url"),
        .figures_from = es_web_edit_kept(&k->w, "figures_from"),
    };
    if (t->speaker != k->t.speaker || strcmp(t->day, k->t.day) != 0)
        t->office = 0;
    return es_figures_read(es_web_edit_kept(&k->w, "figures"),
                           es_req_arena(k->q), t, &k->fe, e);
}

/* ---- showing ---- */

static enum es_code speakers(const struct es_web_writing *k,
                             struct es_view_write *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    struct es_party *p = NULL;
    int64_t chosen = kept_id(k, "speaker");
    size_t n = 0;
    enum es_code rc =
        es_store_parties(es_web_of(k->q)->app->store, k->s.initiative,
                         ES_PARTY_PERSON, "", 0, SPEAKERS, a, &p, &n, e);
    struct es_view_choice *c =
        rc == ES_OK ? es_arena_array(a, n, sizeof *c) : NULL;
    if (rc == ES_OK && !c)
        rc = es_fail(e, ES_ENOMEM, 0, "speakers");
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        c[i] = (struct es_view_choice){
            es_web_number(k->q, p[i].id),
            es_many_tell_json(p[i].names, es_web_lang(k->q, NULL)->tag, a).text,
            p[i].id == chosen,
            { NULL }
        };
    v->speakers = c;
    v->n_speakers = rc == ES_OK ? n : 0;
    return rc;
}

/* The offices that the speaker held on that day: where there are several, one
 * may be chosen. */
static enum es_code offices(const struct es_web_writing *k,
                            struct es_view_write *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    const char *day = es_web_edit_kept(&k->w, "day");
    int64_t speaker = kept_id(k, "speaker");
    int64_t chosen = kept_id(k, "office");
    struct es_office_told *o = NULL;
    size_t n = 0;
    enum es_code rc =
        speaker ? es_offices(es_web_of(k->q)->app, k->s.initiative, speaker,
                             es_web_lang(k->q, NULL)->tag, a, &o, &n, e)
                : ES_OK;
    struct es_view_choice *c =
        rc == ES_OK ? es_arena_array(a, n, sizeof *c) : NULL;
    if (rc == ES_OK && !c)
        rc = es_fail(e, ES_ENOMEM, 0, "offices");
    if (rc != ES_OK || !es_day_ok(day))
        return rc;
    const struct es_office_told *held = es_office_held(o, n, day, chosen);
    for (size_t i = 0; held && i < n; i++) {
        const struct es_office_told *one =
            es_office_held(&o[i], 1, day, o[i].id);
        if (one)
            c[v->n_offices++] =
                (struct es_view_choice){ es_web_number(k->q, one->id),
                                         one->title.text,
                                         one == held,
                                         { NULL } };
    }
    if (held)
        v->held = es_web_named(k->q, held->title);
    v->offices = c;
    return ES_OK;
}

/* All of the programme: what isn't published yet is named to nobody else. */
static enum es_code events(const struct es_web_writing *k,
                           struct es_view_write *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    int64_t chosen = kept_id(k, "event");
    struct es_occasion *o = NULL;
    size_t n = 0;
    const struct es_occasions_ask ask = { .initiative = k->s.initiative,
                                          .which = ES_OCCASIONS_ALL,
                                          .drafts = true,
                                          .max = EVENTS };
    enum es_code rc =
        es_store_occasions(es_web_of(k->q)->app->store, &ask, a, &o, &n, e);
    struct es_view_choice *c =
        rc == ES_OK ? es_arena_array(a, n, sizeof *c) : NULL;
    if (rc == ES_OK && !c)
        rc = es_fail(e, ES_ENOMEM, 0, "events");
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        c[i] = (struct es_view_choice){ es_web_number(k->q, o[i].id),
                                        o[i].title,
                                        o[i].id == chosen,
                                        { NULL } };
    v->events = c;
    v->n_events = rc == ES_OK ? n : 0;
    return rc;
}

static const struct es_view_choice *languages(const struct es_req *q,
                                              const char *chosen, size_t *n)
{
    struct es_view_choice *c =
        es_arena_array(es_req_arena(q), es_spoken_n, sizeof *c);
    for (size_t i = 0; c && i < es_spoken_n; i++)
        c[i] = (struct es_view_choice){ es_spoken[i].tag,
                                        es_spoken[i].name,
                                        strcmp(es_spoken[i].tag, chosen) == 0,
                                        { NULL } };
    *n = c ? es_spoken_n : 0;
    return c;
}

static enum es_code steps(const struct es_web_writing *k,
                          struct es_view_write *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    const struct es_lang *l = es_web_lang(k->q, NULL);
    struct es_statement_step *s = NULL;
    size_t n = 0;
    if (!k->s.id)
        return ES_OK;
    enum es_code rc =
        es_store_statement_steps(es_web_of(k->q)->app->store, k->s.initiative,
                                 k->s.id, STEPS, a, &s, &n, e);
    struct es_view_statement_step *out =
        rc == ES_OK ? es_arena_array(a, n, sizeof *out) : NULL;
    if (rc == ES_OK && !out)
        rc = es_fail(e, ES_ENOMEM, 0, "steps");
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        out[i] = (struct es_view_statement_step){
            .what = es_words_statement_did(l, s[i].what),
            .who = es_web_account_name(k->q, s[i].account),
            .name = s[i].name,
            .how = es_words_approved(l, s[i].how),
            .day_ms = es_day_ms(s[i].day),
            .own = s[i].own,
            .words = s[i].words,
            .at_ms = s[i].at_ms,
        };
    v->steps = out;
    v->n_steps = rc == ES_OK ? n : 0;
    return rc;
}

/* Whose words a translation translates. */
static enum es_code original(const struct es_web_writing *k,
                             struct es_view_write *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    struct es_statement s;
    struct es_party p;
    int64_t of = kept_id(k, "of");
    v->of = id_text(k->q, of);
    v->of_name = (struct es_view_named){ "", "" };
    v->of_error = es_say_of_field(es_web_reader(k->q), a, &k->fe, "of");
    if (!of)
        return ES_OK;
    enum es_code rc = es_store_statement(es_web_of(k->q)->app->store,
                                         k->s.initiative, of, a, &s, e);
    if (rc == ES_OK)
        rc = es_store_party(es_web_of(k->q)->app->store, k->s.initiative,
                            s.speaker, a, &p, e);
    if (rc == ES_OK)
        v->of_name = es_web_named(
            k->q, es_many_tell_json(p.names, es_web_lang(k->q, NULL)->tag, a));
    return rc == ES_ENOENT ? ES_OK : rc;
}

static struct es_url act_url(const struct es_web_writing *k, const char *act)
{
    return es_url_path(es_req_arena(k->q), "/organise/e/%s/statements/%lld/%s",
                       es_web_who(k->q)->here.slug, (long long)k->s.id, act);
}

/* What can be done with it now. */
static void acts(const struct es_web_writing *k, struct es_view_write *v)
{
    const struct es_req *q = k->q;
    struct es_arena *a = es_req_arena(q);
    const struct es_lang *l = es_web_lang(q, NULL);
    int64_t chosen = 0;
    struct es_view_choice *c = es_arena_array(a, ES_APPROVED_HOWS, sizeof *c);
    (void)es_num_i64(es_bytes_str(es_web_given(q, "how")), 1,
                     ES_APPROVED_HOWS - 1, &chosen);
    for (int64_t i = 1; c && i < ES_APPROVED_HOWS; i++)
        c[v->n_hows++] = (struct es_view_choice){
            es_web_number(q, i), es_words_approved(l, i), i == chosen, { NULL }
        };
    v->hows = c;
    v->how_error = es_say_of_field(es_web_reader(q), a, &k->fe, "how");
    v->approve_name = es_web_field(q, "name", &k->fe);
    v->approve_day = es_web_field(q, "approved_day", &k->fe);
    v->own = es_web_field(q, "own", &k->fe);
    v->note = es_web_field(q, "note", &k->fe);
    v->why = es_web_field(q, "why", &k->fe);
    v->mine = k->s.writer == es_web_who(q)->account.id;
    if (!k->s.id)
        return;
    if (k->s.state == ES_STATEMENT_DRAFT)
        v->approve = act_url(k, "approve");
    if (k->s.state == ES_STATEMENT_APPROVED)
        v->publish = act_url(k, "publish");
    if (*k->s.shown_day) {
        v->take = act_url(k, "take");
        v->page = es_url_path(a, "/e/%s/statements/%lld",
                              es_web_who(q)->here.slug, (long long)k->s.id);
        if (!k->t.of)
            v->translate =
                es_url_path(a, "/organise/e/%s/statements/new?of=%lld",
                            es_web_who(q)->here.slug, (long long)k->s.id);
    }
    if (!k->s.version)
        v->remove = act_url(k, "remove");
}

static void fields(const struct es_web_writing *k, struct es_view_write *v)
{
    v->speaker = es_web_edit_field(&k->w, "speaker", &k->fe);
    v->office = es_web_edit_field(&k->w, "office", &k->fe);
    v->event = es_web_edit_field(&k->w, "event", &k->fe);
    v->lang = es_web_edit_field(&k->w, "lang", &k->fe);
    v->day = es_web_edit_field(&k->w, "day", &k->fe);
    v->words = es_web_edit_field(&k->w, "words", &k->fe);
    v->source = es_web_edit_field(&k->w, "source", &k->fe);
    v->source_url = es_web_edit_field(&k->w, "source_url", &k->fe);
    v->figures = es_web_edit_field(&k->w, "figures", &k->fe);
    v->figures_from = es_web_edit_field(&k->w, "figures_from", &k->fe);
    v->exact = strcmp(es_web_edit_kept(&k->w, "exact"), "0") != 0;
    v->langs = languages(k->q, es_web_edit_kept(&k->w, "lang"), &v->n_langs);
}

enum es_code es_web_writing_show(struct es_web_writing *k, struct es_resp *out,
                                 int status, struct es_err *e)
{
    const struct es_req *q = k->q;
    struct es_arena *a = es_req_arena(q);
    const struct es_initiative *ini = &es_web_who(q)->here;
    const struct es_lang *l = es_web_lang(q, NULL);
    struct es_view_write *v = es_arena_alloc(a, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "statement");
    if (!k->w.n)
        add_edits(k);
    *v = (struct es_view_write){
        .frame = es_web_frame(q, ini),
        .action = k->s.id ? es_url_path(a, "/organise/e/%s/statements/%lld",
                                        ini->slug, (long long)k->s.id)
                          : es_url_path(a, "/organise/e/%s/statements/new",
                                        ini->slug),
        .list = es_url_path(a, "/organise/e/%s/statements", ini->slug),
        .people = es_url_path(a, "/organise/e/%s/people-and-bodies", ini->slug),
        .was = es_web_edit_stamp(&k->w),
        .edition = es_web_number(q, k->s.edition),
        .n_errors = k->fe.n,
        .fresh = !k->s.id,
        .number = id_text(q, k->s.id),
        .state = es_words_statement_state(l, k->s.state),
        .tone = tone(k->s.state),
        .version = k->s.version,
        .held = { "", "" },
        .zone = ini->zone,
    };
    fields(k, v);
    acts(k, v);
    enum es_code rc = speakers(k, v, e);
    if (rc == ES_OK)
        rc = offices(k, v, e);
    if (rc == ES_OK)
        rc = events(k, v, e);
    if (rc == ES_OK)
        rc = original(k, v, e);
    if (rc == ES_OK)
        rc = steps(k, v, e);
    if (rc != ES_OK)
        return rc;
    struct es_initiative other = { .edited_by = k->s.writer };
    v->frame.notice = k->w.clashes ? es_web_edit_notice(&k->w, &other)
                                   : es_words_done(l, es_req_query(q, "done"));
    es_resp_status(out, status);
    struct es_out o = es_web_page(q, out);
    es_page_write(&o, v);
    return ES_OK;
}

/* GET /organise/e/{slug}/statements/new?of=12: with `of` a translation of it
 * is begun, with all that is the same. */
static enum es_code fresh(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_web_writing *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    const char *given = es_req_query(q, "of");
    struct es_statement s;
    int64_t of = 0;
    enum es_code rc = k ? es_web_writing_load(q, k, e)
                        : es_fail(e, ES_ENOMEM, 0, "statement");
    if (rc == ES_OK && given &&
        es_num_i64(es_bytes_str(given), 1, INT64_MAX, &of)) {
        rc = es_store_statement(es_web_of(q)->app->store, k->s.initiative, of,
                                es_req_arena(q), &s, e);
        if (rc == ES_OK)
            rc = es_statement_read(s.content, es_req_arena(q), &k->t, e);
        if (rc == ES_ENOENT)
            return es_web_fail(q, out, 404, "");
        k->t.of = of;
        k->t.lang = k->t.words = k->t.source = k->t.source_url = "";
    }
    return rc == ES_OK ? es_web_writing_show(k, out, 200, e) : rc;
}

/* GET /organise/e/{slug}/statements/{statement} */
static enum es_code one(const struct es_req *q, struct es_resp *out,
                        struct es_err *e)
{
    struct es_web_writing *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc = k ? es_web_writing_load(q, k, e)
                        : es_fail(e, ES_ENOMEM, 0, "statement");
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    return rc == ES_OK ? es_web_writing_show(k, out, 200, e) : rc;
}

enum es_code es_web_writing_back(const struct es_web_writing *k,
                                 struct es_resp *out, int64_t id,
                                 const char *done)
{
    const char *path =
        es_url_path(es_req_arena(k->q),
                    "/organise/e/%s/statements/%lld?done=%s",
                    es_web_who(k->q)->here.slug, (long long)id, done)
            .checked;
    return es_resp_redirect(out,
                            es_web_keep_lang(k->q, path ? path : "/organise"));
}

/* POST /organise/e/{slug}/statements/new and .../{statement} */
static enum es_code keep(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_web_writing *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    enum es_code rc = ES_ECONFLICT;
    int64_t id = 0;
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "statement");
    for (int i = 0; rc == ES_ECONFLICT && i < TRIES; i++) {
        struct es_statement_text t;
        rc = es_web_writing_load(q, k, e);
        if (rc == ES_ENOENT)
            return es_web_fail(q, out, 404, "");
        if (rc != ES_OK)
            return rc;
        add_edits(k);
        if (es_web_edit_merge(&k->w) && k->s.id)
            return es_web_writing_show(k, out, 409, e);
        rc = text_kept(k, &t, e);
        if (rc == ES_OK && k->fe.n)
            return es_web_writing_show(k, out, 422, e);
        struct es_statement_want want = { .initiative = k->s.initiative,
                                          .id = k->s.id,
                                          .edition = k->s.edition,
                                          .account = es_web_who(q)->account.id,
                                          .text = &t };
        if (rc == ES_OK)
            rc = es_statement_keep(es_web_of(q)->app, &want, es_req_arena(q),
                                   &id, &k->fe, e);
    }
    if (rc == ES_EINVAL)
        return es_web_writing_show(k, out, 422, e);
    return rc == ES_OK ? es_web_writing_back(k, out, id, "kept") : rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, ROOT, ES_BODY_NONE, ES_WEB_PAGE, drafts },
    { ES_GET, ROOT "/new", ES_BODY_NONE, ES_WEB_PAGE, fresh },
    { ES_POST, ROOT "/new", ES_BODY_FORM, ES_WEB_FORM, keep },
    { ES_GET, ROOT "/{statement}", ES_BODY_NONE, ES_WEB_PAGE, one },
    { ES_POST, ROOT "/{statement}", ES_BODY_FORM, ES_WEB_FORM, keep },
};
const struct es_routes ES_ROUTES_SAID_EDIT = { ROUTES,
                                               sizeof ROUTES / sizeof *ROUTES };
