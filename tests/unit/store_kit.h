/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tests of the store share: records with every field filled, and
 * writes of one call. */
#ifndef ES_TESTS_STORE_KIT_H
#define ES_TESTS_STORE_KIT_H

#include "store/store.h"
#include "t.h"

/* A change; what it returns inside the transaction is its answer. */
#define WRITE(name)                                                            \
    static enum es_code name(struct es_txn *tx, const struct es_blob *blob,    \
                             void *arg, struct es_err *e)

struct es_initiative kit_initiative(int64_t id, const char *slug);
struct es_participant kit_participant(int64_t initiative, int64_t id);
struct es_run kit_run(int64_t initiative, int64_t participant, int64_t id,
                      const char *code);
struct es_ledger_entry kit_ledger(const struct es_run *r, int sign);

/* Opens or fails the test. */
struct es_store *kit_open(const char *dir);
/* A write without an upload. */
enum es_code kit_write(struct es_store *s, es_write_fn *fn, void *arg);
/* Adds the run, its ledger entry when it is accepted, and the bytes. */
enum es_code kit_upload(struct es_store *s, struct es_run *r,
                        struct es_bytes bytes);
/* The initiative with this id and one participant of the id + 1. */
void kit_world(struct es_store *s, int64_t initiative);

/* Fails unless the blob's bytes are these. */
void kit_check_blob(struct es_store *s, const struct es_blob *b,
                    struct es_bytes want);

/* An es_sum_fn that adds up, in id order, and returns `stop`. */
struct kit_sums {
    int64_t mm, ms, runs, ledger_mm, ledger_ms, ledger_runs, people, last;
    enum es_code stop;
};
enum es_code kit_add_sum(const struct es_participant_sum *row, void *arg,
                         struct es_err *e);

/* n bytes that depend on the seed. */
struct es_buf kit_bytes(uint64_t seed, size_t n);

#endif
