/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Registration for an event: the last place goes to one of all who ask, who
 * waits moves up, a code that is mistyped is seen, and a thousand people who
 * come through four doors are a thousand. */
#include "base/limits.h"
#include "programme/programme.h"
#include "programme/ticket.h"
#include "t.h"
#include "world.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEM = 16 << 20 };
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

struct seminar {
    struct world w;
    struct es_occasion o;
};

/* Tomorrow, published; `places` 0: as many as come. */
static void begin(struct seminar *s, int64_t places, bool waiting)
{
    struct es_field_errors fe = { 0 };
    struct es_err e = { 0 };
    struct es_occasion_body body = es_occasion_body_none();
    struct es_ticket_choices choices;
    struct es_ticketing t;
    world_begin(&s->w);
    s->o = (struct es_occasion){
        .initiative = s->w.ini.id,
        .kind = ES_OCCASION_SEMINAR,
        .state = ES_OCCASION_PUBLISHED,
        .starts_ms = s->w.now + DAY,
        .ends_ms = s->w.now + DAY + 3 * HOUR,
        .zone = "UTC",
        .lang = "en",
        .title = "Light and letters",
    };
    world_must(es_occasion_add(&s->w.app, &s->o, &body, &s->w.a, &fe, &e), &e);
    world_must(es_ticketing_of(&s->w.app, s->o.initiative, s->o.id, &s->w.a, &t,
                               &choices, &e),
               &e);
    t.open = true;
    t.places = places;
    t.waiting = waiting;
    world_must(es_ticketing_save(&s->w.app, &t, &s->o, &choices, &s->w.a, NULL,
                                 &fe, &e),
               &e);
}

static struct es_ticketing kept(struct seminar *s)
{
    struct es_ticket_choices choices;
    struct es_ticketing t;
    struct es_err e = { 0 };
    world_must(es_ticketing_of(&s->w.app, s->o.initiative, s->o.id, &s->w.a, &t,
                               &choices, &e),
               &e);
    return t;
}

static enum es_code take(struct seminar *s, const char *name,
                         struct es_ticket *out)
{
    struct es_field_errors fe = { 0 };
    struct es_ticket_ask in = {
        .name = name, .affiliation = "1", .lang = "en", .keep = "1"
    };
    return es_ticket_take(&s->w.app, &s->o, &in, &s->w.a, out, &fe, NULL);
}

static struct es_ticket now(struct seminar *s, int64_t id)
{
    struct es_ticket t = { 0 };
    CHECK_INT(
        es_store_ticket(s->w.store, s->o.initiative, id, &s->w.a, &t, NULL),
        ES_OK);
    return t;
}

/* ---- codes ---- */

TEST(a_code_that_is_mistyped_is_seen)
{
    static const char LETTERS[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint8_t key[ES_HASH] = { 9 };
    char code[ES_TICKET_CODE], bad[ES_TICKET_CODE], out[ES_TICKET_CODE];
    for (int64_t id = 1; id <= 20; id++) {
        es_ticket_code(key, 3, id, code);
        CHECK(es_ticket_code_read(code, out));
        CHECK_STR(out, code);
        for (size_t i = 0; i < ES_TICKET_CODE - 1; i++) {
            for (const char *c = LETTERS; *c; c++) {
                memcpy(bad, code, sizeof bad);
                bad[i] = *c;
                CHECK(es_ticket_code_read(bad, out) == (*c == code[i]));
            }
            for (size_t j = 0; j < i; j++) {
                memcpy(bad, code, sizeof bad);
                bad[i] = code[j];
                bad[j] = code[i];
                CHECK(es_ticket_code_read(bad, out) == (code[i] == code[j]));
            }
        }
    }
}

TEST(a_code_is_read_as_people_type_it)
{
    uint8_t key[ES_HASH] = { 7 };
    char code[ES_TICKET_CODE], out[ES_TICKET_CODE] = "untouched";
    char typed[40];
    struct es_arena a;
    es_arena_init(&a, MEM);
    for (int64_t id = 1; id < 400; id++) {
        es_ticket_code(key, 3, id, code);
        size_t n = 0;
        for (size_t i = 0; code[i]; i++) {
            char c = code[i];
            if (i == 5)
                typed[n++] = '-';
            typed[n++] = (char)(c == '0'               ? 'O'
                                : c == '1'             ? 'l'
                                : c >= 'a' && c <= 'z' ? c - 'a' + 'A'
                                                       : c);
            typed[n++] = ' ';
        }
        typed[n] = '\0';
        CHECK(es_ticket_code_read(typed, out));
        CHECK_STR(out, code);
        CHECK(es_ticket_code_read(es_ticket_code_told(&a, code), out));
    }
    static const char *const NONE[] = {
        "", "-", "k7qm2", "\xff\xfe", "0000000000000000000000000", "k7qm2-d9x1*"
    };
    memcpy(out, "untouched", 10);
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        CHECK(!es_ticket_code_read(NONE[i], out));
    CHECK_STR(out, "untouched");
    es_arena_release(&a);
}

TEST(a_link_is_of_one_ticket_and_of_this_instance)
{
    uint8_t key[ES_HASH] = { 7 }, other[ES_HASH] = { 8 };
    int64_t ini = -1, id = -1;
    struct es_arena a;
    es_arena_init(&a, MEM);
    char *token = es_arena_str(&a, es_ticket_token(key, 77, 12345, &a));
    CHECK(es_ticket_token_of(key, token, &ini, &id));
    CHECK(ini == 77 && id == 12345);
    CHECK(!es_ticket_token_of(other, token, &ini, &id));
    for (size_t i = 0; token[i]; i++) {
        char was = token[i];
        token[i] = was == '3' ? '4' : '3';
        CHECK(!es_ticket_token_of(key, token, &ini, &id));
        token[i] = was;
    }
    CHECK(!es_ticket_token_of(key, "", &ini, &id));
    CHECK(!es_ticket_token_of(key, es_arena_fmt(&a, "%s0", token), &ini, &id));
    CHECK(!es_ticket_token_of(key, "4d-3039-", &ini, &id));
    es_arena_release(&a);
}

/* ---- what is asked ---- */

TEST(choices_are_read_back_and_refused_where_they_have_no_sense)
{
    static const char WHOLE[] =
        "{\"choices\":[{\"id\":1},{\"id\":5},{\"id\":16,\"name\":\"Diplomat\"}"
        "]}";
    static const char *const BAD[] = {
        "",
        "{}",
        "{\"choices\":[]}",
        "{\"choices\":[{\"id\":0}]}",
        "{\"choices\":[{\"id\":6}]}",
        "{\"choices\":[{\"id\":16}]}",
        "{\"choices\":[{\"name\":\"x\"}]}",
    };
    struct es_ticket_choices c = { .n = 77 };
    struct es_arena a;
    struct es_buf b;
    es_arena_init(&a, MEM);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (es_ticket_choices_read(BAD[i], &a, &c, NULL) != ES_EMALFORMED)
            FAIL("%s was read", BAD[i]);
    CHECK_INT((int64_t)c.n, 77);
    CHECK_INT(es_ticket_choices_read(WHOLE, &a, &c, NULL), ES_OK);
    CHECK_STR(c.v[2].name, "Diplomat");
    CHECK(es_ticket_choices_have(&c, 16) && !es_ticket_choices_have(&c, 2));
    es_buf_init(&b, 4096);
    es_ticket_choices_write(&c, &b);
    CHECK_STR(es_buf_cstr(&b), WHOLE);
    es_buf_clear(&b);
    c = es_ticket_choices_default();
    CHECK_INT((int64_t)c.n, 5);
    es_ticket_choices_write(&c, &b);
    CHECK_INT(es_ticket_choices_read(es_buf_cstr(&b), &a, &c, NULL), ES_OK);
    CHECK_INT((int64_t)c.n, 5);
    es_buf_release(&b);
    es_arena_release(&a);
}

TEST(each_slip_has_its_field)
{
    static const struct {
        struct es_ticket_ask in;
        const char *field, *code;
    } BAD[] = {
        { { "", "", "1", "en", "1", "", false }, "name", "required" },
        { { " \xe2\x80\x8b ", "", "1", "en", "1", "", false },
          "name",
          "required" },
        { { "Ada", "ada@", "1", "en", "1", "", false }, "mail", "invalid" },
        { { "Ada", "a@b.example,c@d.example", "1", "en", "1", "", false },
          "mail",
          "invalid" },
        { { "Ada", "", "", "en", "1", "", false }, "affiliation", "required" },
        { { "Ada", "", "9", "en", "1", "", false }, "affiliation", "unknown" },
        { { "Ada", "", "x", "en", "1", "", false }, "affiliation", "unknown" },
        { { "Ada", "", "1", "en", "", "", false }, "keep", "required" },
    };
    struct seminar s;
    struct es_ticket t;
    begin(&s, 0, true);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct es_field_errors fe = { 0 };
        CHECK_INT(
            es_ticket_take(&s.w.app, &s.o, &BAD[i].in, &s.w.a, &t, &fe, NULL),
            ES_EINVAL);
        CHECK_INT((int64_t)fe.n, 1);
        CHECK_STR(fe.v[0].field, BAD[i].field);
        CHECK_STR(fe.v[0].code, BAD[i].code);
    }
    CHECK_INT(kept(&s).placed, 0);
    CHECK_INT(take(&s, "\xd0\x90\xd0\xb4\xd0\xb0", &t), ES_OK);
    CHECK_INT(t.keep_until_ms, s.o.ends_ms + ES_TICKETING_KEEP_DAYS * DAY);
    world_end(&s.w);
}

/* A slow phone sends a form twice: that is one ticket. Who goes back and enters
 * somebody else registers somebody else. */
TEST(the_same_form_twice_is_one_ticket)
{
    struct seminar s;
    struct es_field_errors fe = { 0 };
    struct es_ticket t, again;
    struct es_ticket_ask in = {
        .name = "Ada", .affiliation = "1", .keep = "1", .once = "6f1d"
    };
    begin(&s, 2, false);
    CHECK_INT(es_ticket_take(&s.w.app, &s.o, &in, &s.w.a, &t, &fe, NULL),
              ES_OK);
    CHECK_INT(es_ticket_take(&s.w.app, &s.o, &in, &s.w.a, &again, &fe, NULL),
              ES_OK);
    CHECK(again.id == t.id);
    CHECK_INT(kept(&s).placed, 1);
    in.name = "Grace";
    CHECK_INT(es_ticket_take(&s.w.app, &s.o, &in, &s.w.a, &again, &fe, NULL),
              ES_OK);
    CHECK(again.id != t.id);
    /* given back, and wanted after all */
    CHECK_INT(es_ticket_back(&s.w.app, &s.o, t.id, NULL), ES_OK);
    CHECK_INT(es_ticket_back(&s.w.app, &s.o, t.id, NULL), ES_ECONFLICT);
    in.name = "Ada";
    CHECK_INT(es_ticket_take(&s.w.app, &s.o, &in, &s.w.a, &again, &fe, NULL),
              ES_OK);
    CHECK(again.id != t.id);
    CHECK_INT(kept(&s).placed, 2);
    world_end(&s.w);
}

TEST(nobody_registers_when_it_is_closed)
{
    struct seminar s;
    struct es_ticketing t;
    begin(&s, 10, true);
    t = kept(&s);
    int64_t ends = s.o.ends_ms;
    CHECK_INT(es_ticketing_now(&t, &s.o, s.w.now), ES_TICKETING_OPEN);
    CHECK_INT(es_ticketing_now(&t, &s.o, ends - 1), ES_TICKETING_OPEN);
    CHECK_INT(es_ticketing_now(&t, &s.o, ends), ES_TICKETING_CLOSED);
    t.closes_ms = ends - HOUR;
    CHECK_INT(es_ticketing_now(&t, &s.o, ends - HOUR - 1), ES_TICKETING_OPEN);
    CHECK_INT(es_ticketing_now(&t, &s.o, ends - HOUR), ES_TICKETING_CLOSED);
    t.closes_ms = ends + DAY; /* the event has moved since */
    CHECK_INT(es_ticketing_now(&t, &s.o, ends), ES_TICKETING_CLOSED);
    t.placed = 10;
    CHECK_INT(es_ticketing_now(&t, &s.o, s.w.now), ES_TICKETING_LIST);
    t.waiting = false;
    CHECK_INT(es_ticketing_now(&t, &s.o, s.w.now), ES_TICKETING_FULL);
    t.open = false;
    CHECK_INT(es_ticketing_now(&t, &s.o, s.w.now), ES_TICKETING_NONE);

    struct es_ticket got;
    s.o.state = ES_OCCASION_OFF;
    CHECK_INT(take(&s, "Ada", &got), ES_EDENIED);
    s.o.state = ES_OCCASION_DRAFT;
    CHECK_INT(take(&s, "Ada", &got), ES_EDENIED);
    s.o.state = ES_OCCASION_PUBLISHED;
    s.o.ends_ms = s.w.now - 1;
    CHECK_INT(take(&s, "Ada", &got), ES_EDENIED);
    world_end(&s.w);
}

/* ---- the last place ---- */

enum { ASKERS = 200 };

struct asker {
    struct seminar *s;
    atomic_int *go;
    struct es_arena a;
    struct es_ticket t;
    enum es_code rc;
    char name[24];
};

static void *ask(void *arg)
{
    struct asker *k = arg;
    struct es_field_errors fe = { 0 };
    struct es_ticket_ask in = {
        .name = k->name, .affiliation = "2", .lang = "en", .keep = "1"
    };
    while (!atomic_load(k->go))
        sched_yield();
    k->rc =
        es_ticket_take(&k->s->w.app, &k->s->o, &in, &k->a, &k->t, &fe, NULL);
    return NULL;
}

static void ask_all(struct seminar *s, struct asker *k)
{
    static pthread_t thread[ASKERS];
    atomic_int go = 0;
    for (size_t i = 0; i < ASKERS; i++) {
        k[i] = (struct asker){ .s = s, .go = &go };
        (void)snprintf(k[i].name, sizeof k[i].name, "Guest %zu", i);
        es_arena_init(&k[i].a, 1 << 20);
        CHECK_INT(pthread_create(&thread[i], NULL, ask, &k[i]), 0);
    }
    atomic_store(&go, 1);
    for (size_t i = 0; i < ASKERS; i++)
        pthread_join(thread[i], NULL);
}

/* With a list the others wait on it, each on a place of its own, and move up
 * one by one in that order; without one they are told that it is full. */
static void last_place(bool waiting)
{
    static struct asker k[ASKERS];
    struct seminar s;
    struct es_ticket first;
    int64_t got = 0, waits = 0, full = 0, placed = 0;
    begin(&s, 2, waiting);
    CHECK_INT(take(&s, "Early", &first), ES_OK);
    ask_all(&s, k);
    for (size_t i = 0; i < ASKERS; i++) {
        got += k[i].rc == ES_OK && k[i].t.state == ES_TICKET_PLACED;
        waits += k[i].rc == ES_OK && k[i].t.state == ES_TICKET_WAITS;
        full += k[i].rc == ES_ETOOLARGE;
    }
    CHECK_INT(got, 1);
    CHECK_INT(waits, waiting ? ASKERS - 1 : 0);
    CHECK_INT(full, waiting ? 0 : ASKERS - 1);
    CHECK_INT(kept(&s).placed, 2);
    CHECK_INT(kept(&s).waits, waits);

    CHECK_INT(es_ticket_back(&s.w.app, &s.o, first.id, NULL), ES_OK);
    for (size_t i = 0; i < ASKERS; i++)
        if (k[i].rc == ES_OK)
            placed += now(&s, k[i].t.id).state == ES_TICKET_PLACED;
    CHECK_INT(placed, waiting ? 2 : 1);
    CHECK_INT(kept(&s).placed, placed);
    for (size_t i = 0; i < ASKERS; i++)
        es_arena_release(&k[i].a);
    world_end(&s.w);
}

TEST(the_last_place_goes_to_one_of_two_hundred)
{
    last_place(false);
    last_place(true);
}

/* Who moved up, as the outbox tells it. */
static size_t told(struct seminar *s, int64_t *v, size_t max)
{
    struct es_outbox_entry *o;
    size_t n, out = 0;
    CHECK_INT(es_store_outbox_after(s->w.store, 0, 1000, &s->w.a, &o, &n, NULL),
              ES_OK);
    for (size_t i = 0; i < n; i++)
        if (strcmp(o[i].kind, "ticket_placed") == 0 && out < max)
            v[out++] =
                strtoll(es_arena_strn(&s->w.a, o[i].payload.p, o[i].payload.n),
                        NULL, 10);
    return out;
}

TEST(who_waits_moves_up_in_order_and_is_told)
{
    struct seminar s;
    struct es_ticket t[8];
    int64_t who[8];
    size_t rose = 0;
    struct es_field_errors fe = { 0 };
    struct es_ticket_choices choices = es_ticket_choices_default();
    begin(&s, 2, true);
    for (size_t i = 0; i < 8; i++)
        CHECK_INT(take(&s, "Ada", &t[i]), ES_OK);
    CHECK_INT(es_ticket_back(&s.w.app, &s.o, t[3].id, NULL), ES_OK);
    CHECK_INT((int64_t)told(&s, who, 8), 0); /* no place became free */
    CHECK_INT(es_ticket_back(&s.w.app, &s.o, t[0].id, NULL), ES_OK);
    struct es_ticketing ing = kept(&s);
    ing.places = 4;
    CHECK_INT(es_ticketing_save(&s.w.app, &ing, &s.o, &choices, &s.w.a, &rose,
                                &fe, NULL),
              ES_OK);
    CHECK_INT((int64_t)rose, 2);
    CHECK_INT((int64_t)told(&s, who, 8), 3);
    CHECK(who[0] == t[2].id && who[1] == t[4].id && who[2] == t[5].id);
    CHECK_INT(kept(&s).placed, 4);
    CHECK_INT(kept(&s).waits, 2);

    /* fewer places send nobody away */
    ing = kept(&s);
    ing.places = 1;
    CHECK_INT(es_ticketing_save(&s.w.app, &ing, &s.o, &choices, &s.w.a, &rose,
                                &fe, NULL),
              ES_OK);
    CHECK_INT((int64_t)rose, 0);
    CHECK_INT(es_ticket_back(&s.w.app, &s.o, t[1].id, NULL), ES_OK);
    CHECK_INT(kept(&s).placed, 3);
    CHECK_INT(kept(&s).waits, 2);

    /* as many as come: all of them; when it is over nobody is bothered */
    ing = kept(&s);
    ing.places = 0;
    s.o.ends_ms = s.w.now - 1;
    CHECK_INT(es_ticketing_save(&s.w.app, &ing, &s.o, &choices, &s.w.a, &rose,
                                &fe, NULL),
              ES_OK);
    CHECK_INT((int64_t)rose, 0);
    world_end(&s.w);
}

TEST(what_can_t_be_kept_of_a_registration_is_told_at_its_field)
{
    struct seminar s;
    struct es_field_errors fe = { 0 };
    struct es_ticket_choices none = { 0 };
    begin(&s, 2, true);
    struct es_ticketing t = kept(&s);
    t.places = ES_TICKETS_MAX + 1;
    t.keep_days = -1;
    CHECK_INT(
        es_ticketing_save(&s.w.app, &t, &s.o, &none, &s.w.a, NULL, &fe, NULL),
        ES_EINVAL);
    CHECK_STR(es_field_errors_of(&fe, "places"), "number");
    CHECK_STR(es_field_errors_of(&fe, "keep_days"), "number");
    CHECK_STR(es_field_errors_of(&fe, "choices"), "required");
    CHECK_INT(kept(&s).places, 2);
    world_end(&s.w);
}

/* ---- a thousand people and four doors ---- */

enum { PEOPLE = 1000, DOORS = 4, REGISTRARS = 8, AGAIN = 40 };

struct registrar {
    struct seminar *s;
    int64_t *ids;
    size_t from, to;
};

static void *register_some(void *arg)
{
    struct registrar *r = arg;
    for (size_t i = r->from; i < r->to; i++) {
        struct es_arena a;
        struct es_field_errors fe = { 0 };
        struct es_ticket t = { 0 };
        struct es_ticket_ask in = { .name = "Guest",
                                    .affiliation = "3",
                                    .keep = "1" };
        es_arena_init(&a, 1 << 20);
        if (es_ticket_take(&r->s->w.app, &r->s->o, &in, &a, &t, &fe, NULL) ==
            ES_OK)
            r->ids[i] = t.id;
        es_arena_release(&a);
    }
    return NULL;
}

struct door {
    struct seminar *s;
    int64_t id;
    struct es_door_shown v[PEOPLE];
    size_t n;
    bool offline; /* tells of all at the end, and then once more */
    enum es_code rc;
};

static void report(struct door *d, size_t from, size_t to)
{
    struct es_ticket_door who = { .initiative = d->s->o.initiative,
                                  .occasion = d->s->o.id,
                                  .id = d->id,
                                  .name = "Door",
                                  .account = 1,
                                  .seen_ms = d->s->w.now };
    if (d->rc == ES_OK)
        d->rc =
            es_tickets_shown(&d->s->w.app, &who, d->v + from, to - from, NULL);
}

static void *stand_at(void *arg)
{
    struct door *d = arg;
    size_t step = d->offline ? ES_TICKETS_TOLD : 7;
    for (int turn = 0; turn < (d->offline ? 2 : 1); turn++)
        for (size_t i = 0; i < d->n; i += step)
            report(d, i, i + step < d->n ? i + step : d->n);
    return NULL;
}

/* Each comes once to one of the doors; some are shown again at another, minutes
 * later, two doors hear of the others only ten minutes later, and say all twice
 * as they don't know what got through. */
TEST(a_thousand_people_through_four_doors_are_a_thousand)
{
    static struct door doors[DOORS];
    static int64_t ids[PEOPLE];
    struct seminar s;
    pthread_t thread[REGISTRARS];
    struct registrar r[REGISTRARS];
    struct es_ticket_count *c;
    struct es_ticket_door *d;
    size_t n;
    begin(&s, PEOPLE, false);
    for (size_t i = 0; i < REGISTRARS; i++) {
        r[i] = (struct registrar){ &s, ids, PEOPLE * i / REGISTRARS,
                                   PEOPLE * (i + 1) / REGISTRARS };
        CHECK_INT(pthread_create(&thread[i], NULL, register_some, &r[i]), 0);
    }
    for (size_t i = 0; i < REGISTRARS; i++)
        pthread_join(thread[i], NULL);
    CHECK_INT(kept(&s).placed, PEOPLE);

    for (size_t i = 0; i < DOORS; i++)
        doors[i] =
            (struct door){ .s = &s, .id = (int64_t)i + 1, .offline = i >= 2 };
    for (size_t i = 0; i < PEOPLE; i++) {
        struct door *at = &doors[i % DOORS];
        at->v[at->n++] =
            (struct es_door_shown){ .ticket = ids[i],
                                    .at_ms = s.o.starts_ms + (int64_t)i * 600 };
        if (i % (PEOPLE / AGAIN) == 0) { /* through another one as well */
            at = &doors[(i + 1 + i % 3) % DOORS];
            at->v[at->n++] =
                (struct es_door_shown){ .ticket = ids[i],
                                        .at_ms = s.o.starts_ms +
                                                 (int64_t)i * 600 + 300000 };
        }
    }
    doors[0].v[doors[0].n++].ticket = 12345; /* none of ours */
    for (size_t i = 0; i < DOORS; i++)
        CHECK_INT(pthread_create(&thread[i], NULL, stand_at, &doors[i]), 0);
    for (size_t i = 0; i < DOORS; i++)
        pthread_join(thread[i], NULL);
    for (size_t i = 0; i < DOORS; i++)
        CHECK_INT(doors[i].rc, ES_OK);
    CHECK(!doors[0].v[doors[0].n - 1].known && doors[0].v[0].known);

    CHECK_INT(es_store_ticket_counts(s.w.store, s.o.initiative, s.o.id, &s.w.a,
                                     &c, &n, NULL),
              ES_OK);
    CHECK_INT((int64_t)n, 1);
    CHECK_INT(c[0].n, PEOPLE);
    CHECK_INT(c[0].came, PEOPLE);
    for (size_t i = 0; i < PEOPLE; i++) {
        struct es_ticket t = now(&s, ids[i]);
        CHECK_INT(t.came_ms, s.o.starts_ms + (int64_t)i * 600);
        CHECK_INT(t.came_door, (int64_t)(i % DOORS) + 1);
    }
    CHECK_INT(es_store_ticket_doors(s.w.store, s.o.initiative, s.o.id, &s.w.a,
                                    &d, &n, NULL),
              ES_OK);
    CHECK_INT((int64_t)n, DOORS);
    int64_t shown = 0;
    for (size_t i = 0; i < DOORS; i++) {
        CHECK_INT(d[i].first, PEOPLE / DOORS);
        shown += d[i].shown;
    }
    CHECK_INT(shown, PEOPLE + AGAIN);
    world_end(&s.w);
}

TEST(who_tells_of_too_many_at_once_is_refused)
{
    static struct es_door_shown v[ES_TICKETS_TOLD + 1];
    struct seminar s;
    begin(&s, 1, false);
    struct es_ticket_door who = { .initiative = s.o.initiative,
                                  .occasion = s.o.id,
                                  .id = 1,
                                  .name = "Door" };
    CHECK_INT(es_tickets_shown(&s.w.app, &who, v, ES_TICKETS_TOLD + 1, NULL),
              ES_ETOOLARGE);
    world_end(&s.w);
}

TEST(names_go_when_their_time_is_over)
{
    struct seminar s;
    struct es_ticket t;
    size_t n = 7;
    begin(&s, 0, false);
    CHECK_INT(take(&s, "Ada", &t), ES_OK);
    CHECK_INT(es_tickets_erase(&s.w.app, t.keep_until_ms - 1, &n, NULL), ES_OK);
    CHECK_INT((int64_t)n, 0);
    CHECK_INT(es_tickets_erase(&s.w.app, t.keep_until_ms, &n, NULL), ES_OK);
    CHECK_INT((int64_t)n, 1);
    CHECK_STR(now(&s, t.id).name, "");
    CHECK_INT(kept(&s).placed, 1);
    world_end(&s.w);
}
