/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/recount.h"
#include "store_kit.h"

#include <stdio.h>

enum { INI = 1000, WHO = 1001, OTHER = 1002 };

struct seen {
    int n;
    int64_t last, mm_missing;
};
static void see(const struct es_participant_sum *row, void *arg)
{
    struct seen *s = arg;
    s->n++;
    s->last = row->p.id;
    s->mm_missing += row->dist_mm - row->ledger_mm;
}

static enum es_code add_other(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    struct es_participant p = kit_participant(INI, OTHER);
    int64_t bib;
    (void)blob;
    (void)arg;
    return es_txn_participant_add(tx, &p, &bib, e);
}

static enum es_code spoil(struct es_txn *tx, const struct es_blob *blob,
                          void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_ledger_add(tx, arg, e);
}

static struct es_store *world(void)
{
    struct es_store *s = kit_open(t_tmpdir());
    kit_world(s, INI);
    CHECK_INT(kit_write(s, add_other, NULL), ES_OK);
    for (int64_t i = 0; i < 10; i++) {
        char code[16];
        (void)snprintf(code, sizeof code, "c%lld", (long long)i);
        struct es_run r = kit_run(INI, i % 2 ? WHO : OTHER, 100 + i, code);
        r.status = i < 8 ? ES_RUN_ACCEPTED : ES_RUN_REFUSED;
        CHECK_INT(kit_upload(s, &r, (struct es_bytes){ NULL, 0 }), ES_OK);
    }
    return s;
}

TEST(agreeing_ledger_has_no_difference)
{
    struct es_store *s = world();
    struct es_recounted r;
    struct seen seen = { 0 };

    CHECK_INT(es_recount(s, INI, true, see, &seen, &r, NULL), ES_OK);
    CHECK_INT(r.participants, 2);
    CHECK_INT(r.runs, 8);
    CHECK_INT(r.dist_mm, 8 * 10000000 + 100 * 8 + 28);
    CHECK_INT(r.differences, 0);
    CHECK_INT(seen.n, 0);
    CHECK_INT(es_recount(s, 99, false, see, &seen, &r, NULL), ES_OK);
    CHECK_INT(r.participants, 0);
    es_store_close(s);
}

TEST(each_kind_of_difference_is_found_and_corrected)
{
    const struct es_ledger_entry wrong[] = {
        { .delta_mm = 5000 },
        { .delta_mm = -5000 },
        { .delta_ms = 1 },
        { .delta_runs = -1 },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct es_store *s = world();
        struct es_ledger_entry l = wrong[i];
        struct es_outbox_entry *out;
        struct es_recounted r;
        struct seen seen = { 0 };
        struct es_arena a;
        size_t n;

        l.initiative = INI;
        l.id = 9000;
        l.participant = OTHER;
        l.actor = "system";
        l.reason = "mistake";
        CHECK_INT(kit_write(s, spoil, &l), ES_OK);
        CHECK_INT(es_recount(s, INI, false, see, &seen, &r, NULL), ES_OK);
        CHECK_INT(r.differences, 1);
        CHECK_INT(r.corrected, 0);
        CHECK_INT(seen.last, OTHER);
        CHECK_INT(seen.mm_missing, -l.delta_mm);
        CHECK_INT(es_recount(s, INI, true, see, &seen, &r, NULL), ES_OK);
        CHECK_INT(r.differences, 1);
        CHECK_INT(r.corrected, 1);
        CHECK_INT(es_recount(s, INI, true, see, &seen, &r, NULL), ES_OK);
        CHECK_INT(r.differences, 0);
        es_arena_init(&a, 1 << 16);
        CHECK_INT(es_store_outbox_after(s, 0, 10, &a, &out, &n, NULL), ES_OK);
        CHECK(n > 0); /* the last of them; others joined before */
        CHECK_STR(out[n - 1].kind, "participant");
        CHECK(es_bytes_eq(out[n - 1].payload, es_bytes_str("1002")));
        CHECK(n == 1 || strcmp(out[n - 2].kind, "participant") != 0);
        es_arena_release(&a);
        es_store_close(s);
    }
}
