/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/sqlite/records.h"

#include "base/limits.h"

static void read_initiative(struct es_rows *r, void *record)
{
    struct es_initiative *out = record;
    out->id = es_row_i64(r);
    out->slug = es_row_text(r);
    out->title = es_row_text(r);
    out->purpose = es_row_text(r);
    out->holder = es_row_text(r);
    out->contact = es_row_text(r);
    out->lang = es_row_text(r);
    out->zone = es_row_text(r);
    out->opens_ms = es_row_i64(r);
    out->closes_ms = es_row_i64(r);
    out->goal_mm = es_row_i64(r);
    out->created_ms = es_row_i64(r);
    out->state = es_row_i32(r);
    out->rules_version = es_row_i32(r);
    out->rules = es_row_text(r);
    out->consents = es_row_text(r);
    out->face = es_row_text(r);
    out->texts = es_row_text(r);
    out->way = es_row_text(r);
    out->edition = es_row_i64(r);
    out->edited_by = es_row_i64(r);
    out->edited_ms = es_row_i64(r);
    out->suspended_ms = es_row_i64(r);
    out->suspended_why = es_row_text(r);
    out->people_max = es_row_i64(r);
    out->alone = es_row_i64(r) != 0;
}

static void read_team(struct es_rows *r, void *record)
{
    struct es_team *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->name = es_row_text(r);
    out->code = es_row_text(r);
    out->open = es_row_i64(r) != 0;
    out->captain = es_row_i64(r);
}

static void read_participant(struct es_rows *r, void *record)
{
    struct es_participant *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->bib = es_row_i64(r);
    out->display_name = es_row_text(r);
    out->country = es_row_text(r);
    out->team = es_row_i64(r);
    out->category = es_row_text(r);
    out->birth_year = es_row_i32(r);
    out->visibility = es_row_i32(r);
    out->guardian_contact = es_row_text(r);
    out->email = es_row_text(r);
    out->lang = es_row_text(r);
    out->consents = es_row_text(r);
    out->created_ms = es_row_i64(r);
    out->state = es_row_i32(r);
    out->guardian = es_row_i32(r);
    out->age_group = es_row_i32(r);
}

static void read_credential(struct es_rows *r, void *record)
{
    struct es_credential *out = record;
    es_row_fixed(r, out->hash, sizeof out->hash);
    out->kind = es_row_i32(r);
    out->initiative = es_row_i64(r);
    out->subject = es_row_i64(r);
    out->created_ms = es_row_i64(r);
    out->expires_ms = es_row_i64(r);
    out->id = es_row_i64(r);
    out->seen_ms = es_row_i64(r);
    out->idle_ms = es_row_i64(r);
    out->fresh_ms = es_row_i64(r);
    out->fresh_by = es_row_i32(r);
    es_row_word(r, out->browser, sizeof out->browser);
}

static void read_blob(struct es_rows *r, struct es_blob *out)
{
    out->segment = es_row_i64(r);
    if (out->segment == 0)
        return;
    out->offset = es_row_i64(r);
    out->length = es_row_i64(r);
    es_row_fixed(r, out->key, sizeof out->key);
    es_row_fixed(r, out->hash, sizeof out->hash);
}

static void read_run(struct es_rows *r, void *record)
{
    struct es_run *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->participant = es_row_i64(r);
    out->code = es_row_text(r);
    out->kind = es_row_i32(r);
    out->status = es_row_i32(r);
    out->received_ms = es_row_i64(r);
    out->started_ms = es_row_i64(r);
    out->dist_mm = es_row_i64(r);
    out->counted_mm = es_row_i64(r);
    out->time_ms = es_row_i64(r);
    out->rules_version = es_row_i32(r);
    out->activity = (uint32_t)es_row_i64(r);
    out->file_name = es_row_text(r);
    out->member = es_row_text(r);
    out->note = es_row_text(r);
    out->provenance = es_row_i32(r);
    out->measure = es_row_bytes(r);
    out->findings = es_row_bytes(r);
    read_blob(r, &out->blob);
}

static void read_counted(struct es_rows *r, void *record)
{
    struct es_counted *out = record;
    out->started_ms = es_row_i64(r);
    out->counted_mm = es_row_i64(r);
}

static void read_media(struct es_rows *r, void *record)
{
    struct es_media *out = record;
    out->initiative = es_row_i64(r);
    out->id = es_row_i64(r);
    out->kind = es_row_text(r);
    out->type = es_row_text(r);
    out->name = es_row_text(r);
    out->created_ms = es_row_i64(r);
    out->of = es_row_i64(r);
    out->width = es_row_i32(r);
    out->height = es_row_i32(r);
    out->pieces = es_row_i32(r);
    out->blob.segment = es_row_i64(r);
    out->blob.offset = es_row_i64(r);
    out->blob.length = es_row_i64(r);
    es_row_fixed(r, out->blob.key, sizeof out->blob.key);
    es_row_fixed(r, out->blob.hash, sizeof out->blob.hash);
}

static void read_route(struct es_rows *r, void *record)
{
    struct es_shown_route *out = record;
    out->initiative = es_row_i64(r);
    out->participant = es_row_i64(r);
    out->run = es_row_i64(r);
    out->shown_ms = es_row_i64(r);
    out->line = es_row_bytes(r);
}

static void read_zone(struct es_rows *r, void *record)
{
    struct es_zone *out = record;
    out->initiative = es_row_i64(r);
    out->participant = es_row_i64(r);
    out->id = es_row_i64(r);
    out->circle = es_row_bytes(r);
}

static void read_id(struct es_rows *r, void *record)
{
    int64_t *out = record;
    *out = es_row_i64(r);
}

static void read_sum(struct es_rows *r, void *record)
{
    struct es_participant_sum *out = record;
    read_participant(r, &out->p);
    out->dist_mm = es_row_i64(r);
    out->time_ms = es_row_i64(r);
    out->runs = es_row_i64(r);
    out->live_mm = es_row_i64(r);
    out->reexported_mm = es_row_i64(r);
    out->typed_mm = es_row_i64(r);
    out->ledger_mm = es_row_i64(r);
    out->ledger_ms = es_row_i64(r);
    out->ledger_runs = es_row_i64(r);
    out->sent = es_row_i64(r);
    out->waiting = es_row_i64(r);
}

static void read_outbox(struct es_rows *r, void *record)
{
    struct es_outbox_row *out = record;
    out->entry.initiative = es_row_i64(r);
    out->entry.id = es_row_i64(r);
    out->entry.at_ms = es_row_i64(r);
    out->origin = es_row_i64(r);
    out->entry.kind = es_row_text(r);
    out->entry.payload = es_row_bytes(r);
}

static void read_idem(struct es_rows *r, void *record)
{
    struct es_idem *out = record;
    es_row_fixed(r, out->body_hash, sizeof out->body_hash);
    out->run = es_row_i64(r);
}

static void read_bytes(struct es_rows *r, void *record)
{
    struct es_bytes *out = record;
    *out = es_row_bytes(r);
}

const struct es_shape ES_SHAPE_INITIATIVE = { sizeof(struct es_initiative),
                                              read_initiative };
const struct es_shape ES_SHAPE_TEAM = { sizeof(struct es_team), read_team };
const struct es_shape ES_SHAPE_PARTICIPANT = { sizeof(struct es_participant),
                                               read_participant };
const struct es_shape ES_SHAPE_CREDENTIAL = { sizeof(struct es_credential),
                                              read_credential };
const struct es_shape ES_SHAPE_RUN = { sizeof(struct es_run), read_run };
const struct es_shape ES_SHAPE_MEDIA = { sizeof(struct es_media), read_media };
const struct es_shape ES_SHAPE_ROUTE = { sizeof(struct es_shown_route),
                                         read_route };
const struct es_shape ES_SHAPE_ZONE = { sizeof(struct es_zone), read_zone };
const struct es_shape ES_SHAPE_ID = { sizeof(int64_t), read_id };
const struct es_shape ES_SHAPE_SUM = { sizeof(struct es_participant_sum),
                                       read_sum };
const struct es_shape ES_SHAPE_COUNTED = { sizeof(struct es_counted),
                                           read_counted };
const struct es_shape ES_SHAPE_OUTBOX = { sizeof(struct es_outbox_row),
                                          read_outbox };
const struct es_shape ES_SHAPE_IDEM = { sizeof(struct es_idem), read_idem };
const struct es_shape ES_SHAPE_BYTES = { sizeof(struct es_bytes), read_bytes };

/* Reads a row into *record, which is untouched on failure. */
static enum es_code read_row(struct es_rows *r, const struct es_shape *shape,
                             void *record, struct es_err *e)
{
    union {
        struct es_run run;
        struct es_participant_sum sum;
        struct es_initiative initiative;
    } room = { 0 };
    assert(shape->size <= sizeof room);
    shape->read(r, &room);
    enum es_code rc = es_rows_check(r, e);
    if (rc == ES_OK)
        memcpy(record, &room, shape->size);
    return rc;
}

enum es_code es_db_one(struct es_db *db, enum es_query q,
                       const struct es_val *v, size_t n,
                       const struct es_shape *shape, struct es_arena *a,
                       void *record, struct es_err *e)
{
    struct es_rows r;
    enum es_code rc = es_rows_begin(&r, db, q, v, n, a, e);
    if (rc != ES_OK)
        return rc;
    bool row;
    rc = es_rows_next(&r, &row, e);
    if (rc == ES_OK)
        rc = row ? read_row(&r, shape, record, e)
                 : es_fail(e, ES_ENOENT, 0, "no such row");
    es_rows_end(&r);
    return rc;
}

/* Room for one more: twice as much in the arena, which frees it all at once. */
static bool grow(struct es_list *l, size_t size, struct es_arena *a)
{
    if (l->n < l->cap)
        return true;
    size_t cap = l->cap == 0 ? 16 : l->cap * 2;
    void *v = es_arena_array(a, cap, size);
    if (v == NULL)
        return false;
    if (l->n > 0)
        memcpy(v, l->v, l->n * size);
    l->v = v;
    l->cap = cap;
    return true;
}

enum es_code es_db_list(struct es_db *db, enum es_query q,
                        const struct es_val *v, size_t n,
                        const struct es_shape *shape, struct es_arena *a,
                        struct es_list *out, struct es_err *e)
{
    struct es_rows r;
    struct es_list l = { 0 };
    enum es_code rc = es_rows_begin(&r, db, q, v, n, a, e);
    if (rc != ES_OK)
        return rc;
    bool row = false;
    while ((rc = es_rows_next(&r, &row, e)) == ES_OK && row) {
        if (l.n == ES_STORE_LIST_MAX)
            rc = es_fail(e, ES_ETOOLARGE, 0, "more than %u rows",
                         ES_STORE_LIST_MAX);
        else if (!grow(&l, shape->size, a))
            rc = es_fail(e, ES_ENOMEM, 0, "reading rows");
        else
            rc = read_row(&r, shape, (char *)l.v + l.n * shape->size, e);
        if (rc != ES_OK)
            break;
        l.n++;
    }
    es_rows_end(&r);
    if (rc == ES_OK)
        *out = l;
    return rc;
}

struct es_val es_val_limit(size_t max)
{
    return es_val_i(max < ES_STORE_LIST_MAX ? (int64_t)max
                                            : (int64_t)ES_STORE_LIST_MAX);
}

struct es_val es_val_below(int64_t before)
{
    return es_val_i(before == 0 ? INT64_MAX : before);
}

const char *es_code_key(struct es_arena *a, const char *code)
{
    char *key = es_arena_str(a, code);
    for (char *p = key; p != NULL && *p != 0; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return key;
}
