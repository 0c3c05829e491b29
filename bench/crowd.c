/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "crowd.h"

#include "base/random.h"
#include "base/time.h"
#include "initiative/rules.h"
#include "initiative/steps.h"
#include "track/provenance.h"
#include "track/wire.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 500, SERIES = 120, SPLITS = 12, PACK_MAX = 65536 };
static const int64_t DAY_MS = 86400000;

static const char *const SYLLABLES[] = { "a",  "be", "ci", "da", "el",
                                         "fa", "gu", "ha", "il", "ja",
                                         "ka", "le", "mi", "na", "or",
                                         "pe", "ra", "se", "ta", "ul" };
static const char *const COUNTRIES[] = { "PK", "TR", "AZ", "DE", "IS",
                                         "JP", "EG", "KE", "BR", "" };
static const char *const CATEGORIES[] = { "", "5 km", "10 km", "Open" };
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* A number of a number: no order in which they are asked matters. */
static uint64_t mix(uint64_t n)
{
    n += 0x9e3779b97f4a7c15;
    n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
    n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
    return n ^ (n >> 31);
}

static void must(enum es_code rc, const struct es_err *e)
{
    if (rc == ES_OK)
        return;
    fprintf(stderr, "crowd: %s\n", e->msg);
    abort();
}

int64_t crowd_person(const struct crowd *c, size_t n)
{
    return (c->initiative << 40) + (int64_t)n + 1;
}

int64_t crowd_start_ms(const struct crowd *c, size_t run)
{
    uint64_t span = (uint64_t)(c->closes_ms - c->opens_ms - DAY_MS);
    return c->opens_ms + (int64_t)(mix(run * 5 + 1) % span);
}

struct filling {
    const struct crowd *c;
    size_t from, to;
};

static enum es_code add_initiative(struct es_txn *tx,
                                   const struct es_blob *blob, void *arg,
                                   struct es_err *e)
{
    const struct crowd *c = ((const struct filling *)arg)->c;
    struct es_initiative ini = {
        .id = c->initiative,
        .slug = "crowd",
        .title = "A crowd",
        .purpose = "",
        .holder = "",
        .contact = "",
        .lang = "en",
        .zone = "Europe/Berlin",
        .opens_ms = c->opens_ms,
        .closes_ms = c->closes_ms,
        .created_ms = c->opens_ms,
        .state = ES_INI_OPEN,
        .rules_version = 1,
        .rules = "{\"categories\":[{\"name\":\"5 km\",\"dist_mm\":5000000},"
                 "{\"name\":\"10 km\",\"dist_mm\":10000000},\"Open\"]}",
        .consents = "[]",
    };
    (void)blob;
    return es_txn_initiative_put(tx, &ini, e);
}

static enum es_code add_teams(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct filling *f = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    for (size_t i = f->from; rc == ES_OK && i < f->to; i++) {
        char name[32], code[24];
        (void)snprintf(name, sizeof name, "Team %zu", i + 1);
        (void)snprintf(code, sizeof code, "T%zu", i + 1);
        struct es_team t = { .initiative = f->c->initiative,
                             .id = (int64_t)i + 1,
                             .name = name,
                             .code = code };
        rc = es_txn_team_add(tx, &t, e);
    }
    return rc;
}

/* In the order of their ids, more of them at the beginning. */
static int64_t joined_ms(const struct crowd *c, size_t n)
{
    double part = (double)n / (double)c->people;
    return c->stepped
               ? c->opens_ms + (int64_t)(50.0 * (double)DAY_MS * part * part)
               : c->opens_ms;
}

static enum es_code add_people(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct filling *f = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    for (size_t i = f->from; rc == ES_OK && i < f->to; i++) {
        char name[64];
        char mail[40] = "";
        int64_t bib;
        uint64_t r = mix(i * 3);
        if (f->c->mails)
            (void)snprintf(mail, sizeof mail, "p%zu@crowd.example", i);
        (void)snprintf(name, sizeof name, "%s%s%s %s%s%s", SYLLABLES[r % 20],
                       SYLLABLES[r / 20 % 20], SYLLABLES[r / 400 % 20],
                       SYLLABLES[r / 8000 % 20], SYLLABLES[r / 160000 % 20],
                       SYLLABLES[r / 3200000 % 20]);
        struct es_participant p = {
            .initiative = f->c->initiative,
            .id = crowd_person(f->c, i),
            .display_name = name,
            .country = COUNTRIES[r % COUNT(COUNTRIES)],
            .team = f->c->teams && r % 3 ? (int64_t)(r % f->c->teams) + 1 : 0,
            .category = CATEGORIES[r % COUNT(CATEGORIES)],
            .email = mail,
            .lang = "en",
            .consents = f->c->mails ? "{\"mail\":1}" : "{}",
            .created_ms = joined_ms(f->c, i),
        };
        rc = es_txn_participant_add(tx, &p, &bib, e);
    }
    return rc;
}

/* An hour's run as its file would have been measured. */
static void measure(const struct crowd *c, size_t run, bool typed,
                    struct es_buf *out)
{
    static struct es_split splits[SPLITS];
    static double time_s[SERIES], alt_m[SERIES];
    double km = 2 + (double)(mix(run * 7 + 2) % 18000) / 1000;
    double pace_s = 270 + (double)(mix(run * 11 + 3) % 180);
    struct es_measure m = {
        .format = typed ? ES_FORMAT_NONE : ES_FORMAT_FIT,
        .provenance = typed ? ES_FROM_TYPED : ES_FROM_DEVICE,
        .sport = ES_SPORT_RUNNING,
        .started_ms = crowd_start_ms(c, run),
        .clock = typed ? ES_CLOCK_UNKNOWN : ES_CLOCK_DEVICE,
        .clock_min = typed ? 0 : 60 * ((int32_t)(mix(run) % 24) - 11),
        .points = typed ? 0 : 3600,
        .records = typed ? 0 : 3600,
        .dist_m = km * 1000,
        .dist_source = typed ? ES_DIST_NONE : ES_DIST_DEVICE,
        .dist_why = typed ? ES_WHY_NONE : ES_WHY_AGREES,
        .dist_err_m = NAN,
        .noise_cv = NAN,
        .smooth_m = NAN,
        .gap_m = NAN,
        .gap_s = NAN,
        .hr_bpm = NAN,
        .raw_dist_m = km * 1010,
        .device_dist_m = km * 1000,
        .elapsed_s = km * pace_s,
        .timer_s = km * pace_s,
        .counted_s = km * pace_s,
        .counted_timer_s = km * pace_s,
        .moving_s = km * pace_s,
        .gain_m = 40,
        .loss_m = 40,
        .device = "Garmin fr945",
    };
    if (!typed) {
        m.n_splits = km < SPLITS ? (size_t)km : SPLITS;
        for (size_t i = 0; i < m.n_splits; i++)
            splits[i] = (struct es_split){ 1000, pace_s };
        for (size_t i = 0; i < SERIES; i++) {
            time_s[i] = km * pace_s * (double)i / (SERIES - 1);
            alt_m[i] = 100 + 10 * sin((double)i / 9);
        }
        m.splits = splits;
        m.series = (struct es_series){ time_s, alt_m, SERIES };
        m.bests[0] = (struct es_best){ "1km", 1000, pace_s - 10, 1, true };
        m.bests[1] = (struct es_best){ "5km", 5000, 5 * pace_s, 3, true };
        m.n_bests = km >= 5 ? 2 : 1;
    }
    es_measure_put(out, &m);
}

/* What a row of a run is packed into, used again for each. */
struct packing {
    struct es_buf measure, none, waits;
};

static void packing_begin(struct packing *k)
{
    struct es_finding f = es_finding_make("typed_long", ES_REVIEW, 120000,
                                          100000, "a long one, typed in");
    es_buf_init(&k->measure, PACK_MAX);
    es_buf_init(&k->none, PACK_MAX);
    es_buf_init(&k->waits, PACK_MAX);
    es_findings_put(&k->none, NULL, 0);
    es_findings_put(&k->waits, &f, 1);
}

static void packing_end(struct packing *k)
{
    es_buf_release(&k->measure);
    es_buf_release(&k->none);
    es_buf_release(&k->waits);
}

/* The place of a file of 90 kB that isn't there: nothing reads it. */
static void add_file(struct es_run *r, size_t i)
{
    uint64_t hash = mix(i * 17 + 5);
    if (r->kind != ES_KIND_FILE)
        return;
    r->blob = (struct es_blob){ .segment = 1 + (int64_t)(i / 2500),
                                .offset = (int64_t)(i % 2500) * 100000,
                                .length = 90000 };
    memcpy(r->blob.hash, &hash, sizeof hash);
}

/* It came in; what was refused, a person decided a day later. */
static enum es_code add_steps(struct es_txn *tx, const struct es_run *r,
                              struct es_err *e)
{
    struct es_arena a;
    struct es_run came = *r;
    bool refused = r->status == ES_RUN_REFUSED;
    es_arena_init(&a, 1 << 20);
    came.status = refused ? ES_RUN_IN_REVIEW : r->status;
    enum es_code rc = es_step_write(
        tx, &came, &(struct es_doing){ .what = ES_STEP_RECEIVED }, &a, e);
    if (rc == ES_OK && refused)
        rc = es_step_write(
            tx, r,
            &(struct es_doing){ .what = ES_STEP_REFUSED,
                                .account = 1,
                                .reason = "cannot_be",
                                .words = "Too far.",
                                .at_ms = r->received_ms + DAY_MS },
            &a, e);
    es_arena_release(&a);
    return rc;
}

static enum es_code add_run(struct es_txn *tx, const struct crowd *c, size_t i,
                            struct packing *k, struct es_err *e)
{
    char code[32];
    bool waits = c->stepped && i % 100 == 2;
    bool typed = i % 10 == 0;
    double km = 2 + (double)(mix(i * 7 + 2) % 18000) / 1000;
    double pace_s = 270 + (double)(mix(i * 11 + 3) % 180);
    es_buf_clear(&k->measure);
    measure(c, i, typed, &k->measure);
    (void)snprintf(code, sizeof code, "c%zu", i);
    struct es_run r = {
        .initiative = c->initiative,
        .id = (c->initiative << 42) + (int64_t)i + 1,
        .participant = crowd_person(c, mix(i * 13 + 4) % c->people),
        .code = code,
        .kind = typed ? ES_KIND_TYPED : ES_KIND_FILE,
        .status = i % 50 == 1    ? ES_RUN_REFUSED
                  : i % 100 == 2 ? ES_RUN_IN_REVIEW
                                 : ES_RUN_ACCEPTED,
        .provenance = typed ? ES_FROM_TYPED : ES_FROM_DEVICE,
        .received_ms = crowd_start_ms(c, i) + 7200000,
        .started_ms = crowd_start_ms(c, i),
        .dist_mm = llround(km * 1e6),
        .counted_mm = llround(km * 1e6),
        .time_ms = llround(km * pace_s * 1000),
        .rules_version = 1,
        .file_name = "",
        .member = "",
        .note = "",
        .measure = es_buf_bytes(&k->measure),
        .findings = es_buf_bytes(waits ? &k->waits : &k->none),
    };
    if (c->stepped)
        add_file(&r, i);
    enum es_code rc = es_txn_run_add(tx, &r, e);
    if (rc == ES_OK && c->stepped)
        rc = add_steps(tx, &r, e);
    if (rc != ES_OK || r.status != ES_RUN_ACCEPTED)
        return rc;
    struct es_ledger_entry l = {
        .initiative = c->initiative,
        .id = r.id,
        .run = r.id,
        .participant = r.participant,
        .delta_mm = r.counted_mm,
        .delta_ms = r.time_ms,
        .delta_runs = 1,
        .at_ms = r.received_ms,
        .actor = "system",
        .reason = "accepted",
    };
    return es_txn_ledger_add(tx, &l, e);
}

static enum es_code add_runs(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    const struct filling *f = arg;
    struct packing k;
    enum es_code rc = ES_OK;
    (void)blob;
    packing_begin(&k);
    for (size_t i = f->from; rc == ES_OK && i < f->to; i++)
        rc = add_run(tx, f->c, i, &k, e);
    packing_end(&k);
    return rc;
}

static void fill(struct es_store *s, const struct crowd *c, size_t n,
                 es_write_fn *fn, const char *what)
{
    struct es_err e = { 0 };
    for (size_t i = 0; i < n; i += STEP) {
        struct filling f = { c, i, i + STEP < n ? i + STEP : n };
        must(
            es_store_write(s, &(struct es_write){ .apply = fn, .arg = &f }, &e),
            &e);
        if (i % 50000 == 0)
            fprintf(stderr, "crowd: %zu of %zu %s\n", i, n, what);
    }
}

void crowd_fill(struct es_store *s, const struct crowd *c)
{
    fill(s, c, 1, add_initiative, "initiatives");
    fill(s, c, c->teams, add_teams, "teams");
    fill(s, c, c->people, add_people, "people");
    fill(s, c, c->runs, add_runs, "runs");
}
