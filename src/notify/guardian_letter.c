/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "notify/guardian_letter.h"

#include "auth/secret.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAC = 16 }; /* bytes; as hex as long as a hash: ES_HASH */

const char *es_guardian_token(const uint8_t key[ES_HASH],
                              const struct es_participant *p,
                              struct es_arena *a)
{
    uint8_t hash[ES_HASH];
    char mac[2 * MAC + 1];
    const char *who = es_arena_fmt(a, "%" PRIx64 "-%" PRIx64,
                                   (uint64_t)p->initiative, (uint64_t)p->id);
    const char *all =
        who ? es_arena_fmt(a, "%s-%s", who, p->guardian_contact) : NULL;
    if (!all)
        return NULL;
    es_keyed_hash(key, "ask-guardian", es_bytes_str(all), hash);
    for (size_t i = 0; i < MAC; i++)
        (void)snprintf(mac + 2 * i, 3, "%02x", hash[i]);
    return es_arena_fmt(a, "%s-%s", who, mac);
}

bool es_guardian_token_of(const char *token, int64_t *initiative,
                          int64_t *participant)
{
    uint64_t i;
    uint64_t p;
    int end = 0;
    if (sscanf(token, "%16" SCNx64 "-%16" SCNx64 "-%*32[0-9a-f]%n", &i, &p,
               &end) != 2 ||
        end == 0 || token[end] || i > INT64_MAX || p > INT64_MAX)
        return false;
    *initiative = (int64_t)i;
    *participant = (int64_t)p;
    return true;
}

bool es_guardian_token_is(const uint8_t key[ES_HASH],
                          const struct es_participant *p, const char *token,
                          struct es_arena *a)
{
    const char *want = es_guardian_token(key, p, a);
    size_t n = want ? strlen(want) : 0;
    uint8_t x[ES_HASH];
    uint8_t y[ES_HASH];
    if (n <= 2 * MAC || strlen(token) != n ||
        memcmp(token, want, n - 2 * MAC) != 0)
        return false;
    memcpy(x, want + n - 2 * MAC, sizeof x);
    memcpy(y, token + n - 2 * MAC, sizeof y);
    return es_hash_equal(x, y);
}

const char *es_guardian_letter_subject(const struct es_guardian_letter *g,
                                       struct es_arena *a)
{
    return es_t_fill(a, es_t(g->lang, ES_T("Do you agree? {1}")), g->ini->title,
                     NULL);
}

static void paragraph(struct es_buf *b, const char *text)
{
    es_buf_str(b, text);
    es_buf_str(b, "\n\n");
}

void es_guardian_letter_text(const struct es_guardian_letter *g,
                             struct es_arena *a, struct es_buf *b)
{
    const char *bib = es_arena_fmt(a, "%" PRId64, g->p->bib);
    const char *token = es_guardian_token(g->key, g->p, a);
    paragraph(
        b, es_t_fill(a,
                     es_t(g->lang,
                          ES_T("Somebody young wants to take part in {1}, with "
                               "bib {2}, and named you as parent or "
                               "guardian. They run wherever they are, and send "
                               "in how far.")),
                     g->ini->title, bib ? bib : "", NULL));
    paragraph(b, es_t(g->lang, ES_T("Until you agree, nobody sees their name. "
                                    "Here you agree, or say no, and then all "
                                    "they gave is erased:")));
    es_buf_fmt(b, "%s/guardian/%s?lang=%s\n\n", g->origin, token ? token : "",
               g->lang->tag);
    paragraph(b, es_t(g->lang, ES_T("What it is about:")));
    es_buf_fmt(b, "%s/e/%s?lang=%s\n\n", g->origin, g->ini->slug, g->lang->tag);
    paragraph(b, es_t(g->lang, ES_T("If you know nobody who could be meant, "
                                    "somebody mistyped their address: do "
                                    "nothing.")));
    if (*g->ini->holder)
        es_buf_fmt(b, "-- \n%s\n",
                   es_t_fill(a, es_t(g->lang, ES_T("Held by {1}.")),
                             g->ini->holder, NULL));
    if (!token)
        b->bad = true;
}
