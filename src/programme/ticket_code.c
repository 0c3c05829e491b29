/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a ticket is known by, and whom its holder comes as. */
#include "auth/secret.h"
#include "base/json.h"
#include "initiative/doc.h"
#include "programme/ticket.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char LETTERS[] = "0123456789abcdefghjkmnpqrstvwxyz";
enum { RANDOM = ES_TICKET_CODE - 2, MAC = 16 };

/* ---- the code ---- */

/* In the field of 32 elements, x^5 = x^2 + 1. */
static unsigned times_x(unsigned v)
{
    v <<= 1;
    return v & 32 ? (v ^ 0x25) & 31 : v;
}

/* The sum of the letters, each times another power of x: one that is wrong
 * changes it, and so do any two that change places. */
static unsigned check_of(const unsigned *letters)
{
    unsigned sum = 0;
    for (size_t i = 0; i < RANDOM; i++)
        sum = times_x(sum ^ letters[i]);
    return sum;
}

void es_ticket_code(const uint8_t key[ES_HASH], int64_t initiative, int64_t id,
                    char out[ES_TICKET_CODE])
{
    char of[48];
    uint8_t hash[ES_HASH];
    unsigned letters[RANDOM];
    (void)snprintf(of, sizeof of, "%" PRId64 "-%" PRId64, initiative, id);
    es_keyed_hash(key, "ticket-code", es_bytes_str(of), hash);
    for (size_t i = 0; i < RANDOM; i++) {
        letters[i] = hash[i] & 31;
        out[i] = LETTERS[letters[i]];
    }
    out[RANDOM] = LETTERS[check_of(letters)];
    out[RANDOM + 1] = '\0';
}

bool es_ticket_code_read(const char *typed, char out[ES_TICKET_CODE])
{
    unsigned letters[RANDOM + 1];
    size_t n = 0;
    for (; *typed; typed++) {
        if (*typed == ' ' || *typed == '-')
            continue;
        char c = es_secret_letter((uint8_t)*typed);
        const char *at = c ? strchr(LETTERS, c) : NULL;
        if (!at || n == RANDOM + 1)
            return false;
        letters[n++] = (unsigned)(at - LETTERS);
    }
    if (n != RANDOM + 1 || check_of(letters) != letters[RANDOM])
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = LETTERS[letters[i]];
    out[n] = '\0';
    return true;
}

const char *es_ticket_code_told(struct es_arena *a,
                                const char code[ES_TICKET_CODE])
{
    const char *s = es_arena_fmt(a, "%.5s-%.5s", code, code + 5);
    return s ? s : "";
}

void es_ticket_code_hash(int64_t occasion, const char code[ES_TICKET_CODE],
                         uint8_t out[ES_HASH])
{
    char of[48];
    (void)snprintf(of, sizeof of, "%" PRId64 "-%s", occasion, code);
    es_hash(es_bytes_str(of), out);
}

/* ---- the link ---- */

const char *es_ticket_token(const uint8_t key[ES_HASH], int64_t initiative,
                            int64_t id, struct es_arena *a)
{
    uint8_t hash[ES_HASH];
    char mac[2 * MAC + 1];
    const char *of = es_arena_fmt(a, "%" PRIx64 "-%" PRIx64,
                                  (uint64_t)initiative, (uint64_t)id);
    if (!of)
        return NULL;
    es_keyed_hash(key, "ticket-link", es_bytes_str(of), hash);
    for (size_t i = 0; i < MAC; i++)
        (void)snprintf(mac + 2 * i, 3, "%02x", hash[i]);
    return es_arena_fmt(a, "%s-%s", of, mac);
}

bool es_ticket_token_of(const uint8_t key[ES_HASH], const char *token,
                        int64_t *initiative, int64_t *id)
{
    uint8_t x[ES_HASH];
    uint8_t y[ES_HASH];
    uint64_t i;
    uint64_t t;
    int end = 0;
    struct es_arena a;
    if (sscanf(token, "%16" SCNx64 "-%16" SCNx64 "-%*32[0-9a-f]%n", &i, &t,
               &end) != 2 ||
        end == 0 || token[end] || i > INT64_MAX || t > INT64_MAX)
        return false;
    es_arena_init(&a, 1024);
    const char *want = es_ticket_token(key, (int64_t)i, (int64_t)t, &a);
    size_t n = want ? strlen(want) : 0;
    bool same = n > 2 * MAC && strlen(token) == n &&
                memcmp(token, want, n - 2 * MAC) == 0;
    if (same) {
        static_assert(2 * MAC == ES_HASH, "as long as a hash");
        memcpy(x, want + n - 2 * MAC, sizeof x);
        memcpy(y, token + n - 2 * MAC, sizeof y);
        same = es_hash_equal(x, y);
    }
    es_arena_release(&a);
    if (same) {
        *initiative = (int64_t)i;
        *id = (int64_t)t;
    }
    return same;
}

/* ---- whom they come as ---- */

struct es_ticket_choices es_ticket_choices_default(void)
{
    struct es_ticket_choices c = { .n = ES_AFFILIATION_PRESS };
    for (size_t i = 0; i < c.n; i++)
        c.v[i] = (struct es_ticket_choice){ (int32_t)i + 1, "" };
    return c;
}

enum es_code es_ticket_choices_read(const char *json, struct es_arena *a,
                                    struct es_ticket_choices *out,
                                    struct es_err *e)
{
    struct es_ticket_choices c = { 0 };
    struct es_doc doc = {
        .name = "registration", .max = ES_FORM_MAX, .a = a, .e = e
    };
    struct es_node n = es_doc_open(&doc, json);
    c.n = es_node_list(&n, "choices", ES_TICKET_CHOICES);
    for (size_t i = 0; i < c.n; i++) {
        struct es_node v = es_node_nth(&n, "choices", i);
        int64_t id = es_node_int(&v, "id", 1, INT32_MAX, 0);
        bool own = id >= ES_AFFILIATION_OWN;
        if (id == 0 || (!own && id > ES_AFFILIATION_PRESS))
            es_node_refuse(&v, "id");
        c.v[i] = (struct es_ticket_choice){
            (int32_t)id,
            own ? es_node_words(&v, "name", ES_TICKET_LABEL, ES_NODE_REQUIRED)
                : ""
        };
    }
    if (c.n == 0)
        es_node_refuse(&n, "choices");
    enum es_code rc = es_doc_close(&doc);
    if (rc == ES_OK)
        *out = c;
    return rc;
}

void es_ticket_choices_write(const struct es_ticket_choices *c,
                             struct es_buf *out)
{
    es_buf_str(out, "{");
    es_buf_json_key(out, "choices");
    es_buf_str(out, "[");
    for (size_t i = 0; i < c->n; i++) {
        es_buf_json_comma(out);
        es_buf_fmt(out, "{\"id\":%" PRId32, c->v[i].id);
        es_doc_put(out, "name", c->v[i].name);
        es_buf_str(out, "}");
    }
    es_buf_str(out, "]}");
}

bool es_ticket_choices_have(const struct es_ticket_choices *c, int32_t id)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].id == id)
            return true;
    return false;
}
