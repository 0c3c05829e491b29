/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo/said.h"

#include "programme/parties.h"
#include "programme/statements.h"

#include <string.h>

enum { SAID_MEM = 4 << 20, PEOPLE = 100, DAY_TEXT = 16 };
#define DAY_MS INT64_C(86400000)

static const struct {
    const char *name, *urdu, *office, *country;
    int day; /* of the initiative on which they spoke */
    bool exact;
    const char *words, *figures, *figures_from;
} SAID[] = {
    { "Nerys Hallow", "نیرس ہیلو", "Chair of The Lantern Library Fund", "PT", 0,
      true,
      "A book that nobody can reach is a lamp that nobody lit. We thank "
      "everybody who runs, walks or cheers, and above all the readers who "
      "asked for a library of their own.\n\nWe began with one room and one "
      "shelf. Nobody is last here.",
      "Libraries with a reading room: 14\nBooks on their shelves: about 9,000",
      "the fund's yearly report" },
    { "Tomas Veld", "", "Director of Kandil Reading Rooms", "NL", 2, false,
      "Reading begins where somebody leaves a light on. The reading rooms keep "
      "theirs on until nine in the evening.",
      "Reading rooms that are open: 11", "the rooms' own lists" },
    { "Amina Qureshi", "آمنہ قریشی", "Speaker of Harbour Lights Running Club",
      "PK", 5, true,
      "The harbour is dark in winter. This year it is full of lanterns, and "
      "each of them is on its way to a shelf of books.",
      "", "" },
};
enum { N_SAID = sizeof SAID / sizeof *SAID };

struct telling {
    struct es_app *app;
    const struct es_initiative *ini;
    struct es_arena *a;
    struct es_field_errors fe;
};

/* The person of that name; 0: not yet there. */
static enum es_code find(struct telling *k, const char *name, int64_t *id,
                         struct es_err *e)
{
    struct es_party *v;
    size_t n = 0;
    *id = 0;
    enum es_code rc =
        es_store_parties(k->app->store, k->ini->id, ES_PARTY_PERSON, "", 0,
                         PEOPLE, k->a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (strcmp(es_many_tell_json(v[i].names, "en", k->a).text, name) == 0)
            *id = v[i].id;
    return rc;
}

static enum es_code person(struct telling *k, size_t i, int64_t *id,
                           struct es_err *e)
{
    struct es_many name = { .n = 0 };
    struct es_many title = { .n = 0 };
    int64_t seat;
    enum es_code rc = find(k, SAID[i].name, id, e);
    if (rc != ES_OK || *id)
        return rc;
    if (!es_many_put(&name, "en", SAID[i].name) ||
        !es_many_put(&name, "ur", SAID[i].urdu) ||
        !es_many_put(&title, "en", SAID[i].office))
        return es_fail(e, ES_EINTERNAL, 0, "names");
    const struct es_party_want who = { .initiative = k->ini->id,
                                       .what = ES_PARTY_PERSON,
                                       .names = &name };
    rc = es_party_keep(k->app, &who, k->a, id, &k->fe, e);
    const struct es_seat_want office = { .initiative = k->ini->id,
                                         .party = *id,
                                         .title = &title,
                                         .country = SAID[i].country,
                                         .from = "2024-01-01",
                                         .to = "" };
    return rc == ES_OK ? es_seat_keep(k->app, &office, k->a, &seat, &k->fe, e)
                       : rc;
}

static void day_of(const struct es_initiative *ini, int day, char *out)
{
    struct es_date d = es_date_of(ini->opens_ms + day * DAY_MS);
    (void)snprintf(out, DAY_TEXT, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static enum es_code write_down(struct telling *k, size_t i, int64_t *id,
                               struct es_err *e)
{
    char day[DAY_TEXT];
    struct es_statement_text t = { .exact = SAID[i].exact,
                                   .lang = "en",
                                   .day = day,
                                   .words = SAID[i].words,
                                   .source = "",
                                   .source_url = "",
                                   .figures_from = SAID[i].figures_from };
    day_of(k->ini, SAID[i].day, day);
    enum es_code rc = person(k, i, &t.speaker, e);
    if (rc == ES_OK)
        rc = es_figures_read(SAID[i].figures, k->a, &t, &k->fe, e);
    const struct es_statement_want w = { .initiative = k->ini->id, .text = &t };
    return rc == ES_OK ? es_statement_keep(k->app, &w, k->a, id, &k->fe, e)
                       : rc;
}

/* The i-th, brought as far as it isn't yet. */
static enum es_code say(struct telling *k, size_t i, struct es_err *e)
{
    int64_t id = (int64_t)i + 1;
    int64_t ini = k->ini->id;
    char day[DAY_TEXT];
    struct es_statement s;
    enum es_code rc = es_store_statement(k->app->store, ini, id, k->a, &s, e);
    if (rc == ES_ENOENT) {
        rc = write_down(k, i, &id, e);
        if (rc == ES_OK)
            rc = es_store_statement(k->app->store, ini, id, k->a, &s, e);
    }
    day_of(k->ini, SAID[i].day + 1, day);
    if (rc == ES_OK && s.state == ES_STATEMENT_DRAFT) {
        const struct es_statement_approval w = { .initiative = ini,
                                                 .id = id,
                                                 .edition = s.edition,
                                                 .name = SAID[i].name,
                                                 .how = ES_APPROVED_LETTER,
                                                 .day = day,
                                                 .own = true };
        rc = es_statement_approve(k->app, &w, k->a, &k->fe, e);
        if (rc == ES_OK)
            rc = es_store_statement(k->app->store, ini, id, k->a, &s, e);
    }
    if (rc != ES_OK || s.state != ES_STATEMENT_APPROVED)
        return rc;
    const struct es_statement_act w = {
        .initiative = ini, .id = id, .edition = s.edition, .words = ""
    };
    return es_statement_publish(k->app, &w, k->a, &k->fe, e);
}

enum es_code es_demo_said(struct es_app *app, const struct es_initiative *ini,
                          struct es_err *e)
{
    struct es_arena a;
    struct telling k = { .app = app, .ini = ini, .a = &a };
    enum es_code rc = ES_OK;
    es_arena_init(&a, SAID_MEM);
    for (size_t i = 0; rc == ES_OK && i < N_SAID; i++)
        rc = say(&k, i, e);
    es_arena_release(&a);
    return rc;
}
