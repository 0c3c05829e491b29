/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store_kit.h"

struct es_initiative kit_initiative(int64_t id, const char *slug)
{
    return (struct es_initiative){
        .id = id,
        .slug = slug,
        .title = "The Lantern Run",
        .purpose = "Light.\n\nFor all.",
        .holder = "A holder",
        .contact = "post@example.org",
        .lang = "en",
        .zone = "UTC",
        .opens_ms = 1767225600000,
        .closes_ms = 1798761600000,
        .goal_mm = 25000000000,
        .created_ms = 1767225600001,
        .state = ES_INI_OPEN,
        .rules_version = 3,
        .rules = "{}",
        .consents = "[]",
        .face = "{\"colour\":\"#0b6b5d\"}",
    };
}

struct es_participant kit_participant(int64_t initiative, int64_t id)
{
    return (struct es_participant){
        .initiative = initiative,
        .id = id,
        .display_name = "\xd8\xb9\xd8\xa7\xd8\xa6\xd8\xb4\xdb\x81",
        .country = "PK",
        .team = 7,
        .category = "w40",
        .birth_year = 1984,
        .visibility = ES_VIS_INITIALS,
        .guardian_contact = "",
        .email = "a@example.org",
        .lang = "ur",
        .consents = "{\"results\":1}",
        .created_ms = 1767225600002,
    };
}

struct es_run kit_run(int64_t initiative, int64_t participant, int64_t id,
                      const char *code)
{
    static const uint8_t MEASURE[] = { 1, 0, 2, 0, 3 };
    static const uint8_t FINDINGS[] = { 9, 8 };
    return (struct es_run){
        .initiative = initiative,
        .id = id,
        .participant = participant,
        .code = code,
        .kind = ES_KIND_FILE,
        .provenance = 3,
        .status = ES_RUN_ACCEPTED,
        .received_ms = 1767300000000,
        .started_ms = 1767290000000,
        .dist_mm = 10123456,
        .counted_mm = 10000000 + id % 1000,
        .time_ms = 3600000 + id % 1000,
        .rules_version = 3,
        .activity = 0,
        .file_name = "morning.fit",
        .member = "a/b.fit",
        .note = "windy",
        .measure = { MEASURE, sizeof MEASURE },
        .findings = { FINDINGS, sizeof FINDINGS },
    };
}

struct es_ledger_entry kit_ledger(const struct es_run *r, int sign)
{
    return (struct es_ledger_entry){
        .initiative = r->initiative,
        .id = sign > 0 ? r->id * 2 : r->id * 2 + 1,
        .run = r->id,
        .participant = r->participant,
        .delta_mm = sign * r->counted_mm,
        .delta_ms = sign * r->time_ms,
        .delta_runs = sign,
        .at_ms = r->received_ms,
        .actor = sign > 0 ? "system" : "participant",
        .reason = sign > 0 ? "accepted" : "withdrawn",
    };
}

struct es_store *kit_open(const char *dir)
{
    struct es_store *s = NULL;
    struct es_err e = { 0 };
    if (es_store_open(dir, &s, &e) != ES_OK)
        FAIL("%s: %s", dir, e.msg);
    return s;
}

enum es_code kit_write(struct es_store *s, es_write_fn *fn, void *arg)
{
    return es_store_write(s, &(struct es_write){ .apply = fn, .arg = arg },
                          NULL);
}

static enum es_code add_run(struct es_txn *tx, const struct es_blob *blob,
                            void *arg, struct es_err *e)
{
    struct es_run *r = arg;
    if (blob != NULL)
        r->blob = *blob;
    enum es_code rc = es_txn_run_add(tx, r, e);
    if (rc != ES_OK || r->status != ES_RUN_ACCEPTED)
        return rc;
    struct es_ledger_entry l = kit_ledger(r, 1);
    return es_txn_ledger_add(tx, &l, e);
}

enum es_code kit_upload(struct es_store *s, struct es_run *r,
                        struct es_bytes bytes)
{
    struct es_write w = { .apply = add_run, .arg = r, .upload = bytes };
    es_store_hash(bytes, w.upload_hash);
    return es_store_write(s, &w, NULL);
}

static enum es_code add_world(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const int64_t *id = arg;
    char slug[32];
    int64_t bib;

    (void)blob;
    (void)snprintf(slug, sizeof slug, "run-%lld", (long long)*id);
    struct es_initiative i = kit_initiative(*id, slug);
    struct es_participant p = kit_participant(*id, *id + 1);
    enum es_code rc = es_txn_initiative_put(tx, &i, e);
    return rc == ES_OK ? es_txn_participant_add(tx, &p, &bib, e) : rc;
}

void kit_world(struct es_store *s, int64_t initiative)
{
    CHECK_INT(kit_write(s, add_world, &initiative), ES_OK);
}

struct es_buf kit_bytes(uint64_t seed, size_t n)
{
    struct es_buf b;
    es_buf_init(&b, n);
    for (size_t i = 0; i < n; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        es_buf_u8(&b, (uint8_t)(seed >> 56));
    }
    CHECK(!b.bad);
    return b;
}

void kit_check_blob(struct es_store *s, const struct es_blob *b,
                    struct es_bytes want)
{
    struct es_buf got = { 0 };
    struct es_err e = { 0 };
    if (es_store_blob_read(s, b, &got, &e) != ES_OK)
        FAIL("blob: %s", e.msg);
    CHECK(es_bytes_eq(es_buf_bytes(&got), want));
    es_buf_release(&got);
}

enum es_code kit_add_sum(const struct es_participant_sum *row, void *arg,
                         struct es_err *e)
{
    struct kit_sums *t = arg;
    (void)e;
    CHECK(row->p.id > t->last);
    t->last = row->p.id;
    t->mm += row->dist_mm;
    t->ms += row->time_ms;
    t->runs += row->runs;
    t->ledger_mm += row->ledger_mm;
    t->ledger_ms += row->ledger_ms;
    t->ledger_runs += row->ledger_runs;
    t->people++;
    return t->stop;
}
