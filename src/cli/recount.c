/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep recount [--fix]: adds up the accepted runs of every initiative
 * again and holds them against the ledger, and reads the steps of all runs: one
 * that is missing or was changed is told, and nothing mends it.
 * Exit: 0 they agree or were made to, 1 they differ, 64 usage. */
#include "cli/cli.h"

#include "cli/data.h"
#include "initiative/recount.h"
#include "store/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ARENA_MAX = 64 << 20 };

static void put_km(int64_t mm)
{
    uint64_t v = mm < 0 ? -(uint64_t)mm : (uint64_t)mm;
    printf("%s%" PRIu64 ".%06" PRIu64 " km", mm < 0 ? "-" : "", v / 1000000,
           v % 1000000);
}

static void put_difference(const struct es_participant_sum *row, void *arg)
{
    const struct es_initiative *i = arg;
    printf("%s\tbib %" PRId64 "\t%" PRId64 " runs\t", i->slug, row->p.bib,
           row->runs);
    put_km(row->dist_mm);
    printf("\t%" PRId64 " ms\tledger: %" PRId64 " runs\t", row->time_ms,
           row->ledger_runs);
    put_km(row->ledger_mm);
    printf("\t%" PRId64 " ms\n", row->ledger_ms);
}

static void put_total(const struct es_initiative *i,
                      const struct es_recounted *r)
{
    printf("%s\t%" PRId64 " participants\t%" PRId64 " runs\t", i->slug,
           r->participants, r->runs);
    put_km(r->dist_mm);
    printf("\t%" PRId64 " differences", r->differences);
    if (r->corrected > 0)
        printf("\t%" PRId64 " corrected", r->corrected);
    putchar('\n');
}

static enum es_code check_steps(struct es_store *s,
                                const struct es_initiative *i, int64_t *left,
                                struct es_err *e)
{
    struct es_steps_checked c = { 0 };
    enum es_code rc = es_store_steps_check(s, i->id, &c, e);
    if (rc != ES_OK)
        return rc;
    if (c.broken_at)
        printf("%s\tstep %" PRId64 " of %" PRId64
               " is missing or was changed\n",
               i->slug, c.broken_at, c.counted_to);
    if (c.differs)
        printf("%s\trun %" PRId64 " is not what its last step says\n", i->slug,
               c.differs);
    *left += (c.broken_at != 0) + (c.differs != 0);
    return ES_OK;
}

static enum es_code recount_all(struct es_store *s, bool fix, int64_t *left,
                                struct es_err *e)
{
    struct es_initiative *v = NULL;
    struct es_arena a;
    size_t n = 0;

    es_arena_init(&a, ARENA_MAX);
    enum es_code rc = es_store_initiatives(s, SIZE_MAX, &a, &v, &n, e);
    for (size_t i = 0; i < n && rc == ES_OK; i++) {
        struct es_recounted r = { 0 };
        rc = es_recount(s, v[i].id, fix, put_difference, &v[i], &r, e);
        if (rc != ES_OK)
            break;
        put_total(&v[i], &r);
        *left += r.differences - r.corrected;
        rc = check_steps(s, &v[i], left, e);
    }
    es_arena_release(&a);
    return rc;
}

int es_cmd_recount(const struct es_cli *c, int argc, char **argv)
{
    struct es_err e = { 0 };
    struct es_store *s = NULL;
    int64_t left = 0;
    bool fix = argc == 2 && strcmp(argv[1], "--fix") == 0;

    if (argc != 1 && !fix)
        return es_cli_usage(c);
    enum es_code rc = es_data_open(c->set->data, &s, &e);
    if (rc == ES_OK)
        rc = recount_all(s, fix, &left, &e);
    es_store_close(s);
    if (rc != ES_OK)
        return es_complain(c->set->data, &e);
    return fflush(stdout) == 0 && left == 0 ? ES_EXIT_OK : ES_EXIT_FAILED;
}
