/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A JSON document that we keep ourselves, read member by member: the first one
 * without sense is latched, so that a whole document is read and checked once.
 * Members that nobody asks for are left out. */
#ifndef ES_INITIATIVE_DOC_H
#define ES_INITIATIVE_DOC_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct es_doc {
    const char *name; /* in messages: "face" */
    void *root;
    size_t max; /* bytes of it, and of a text in it */
    struct es_arena *a;
    enum es_code rc;
    struct es_err *e;
};
/* One object of it. */
struct es_node {
    const void *o;
    struct es_doc *doc;
    char where[64]; /* "hosts[2]." */
};

/* Parses it; strings will be in `a`. The root, whose members are read; where it
 * can't be, doc->rc says so and every member is absent. */
struct es_node es_doc_open(struct es_doc *doc, const char *json);
/* What was latched: ES_OK, ES_EMALFORMED naming the member ("face:
 * hosts[2].url"), ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_doc_close(struct es_doc *doc);
/* Latches that this member has no sense. */
void es_node_refuse(const struct es_node *n, const char *key);

enum { ES_NODE_OPTIONAL = 0, ES_NODE_REQUIRED = 1, ES_NODE_LINES = 2 };
/* A person's words: NFC, cleaned (base/utf8.h), at most `max` code points; ""
 * when absent or nothing of it is seen. */
const char *es_node_words(const struct es_node *n, const char *key, size_t max,
                          unsigned how);
/* An address that a person may follow (base/address.h). */
const char *es_node_address(const struct es_node *n, const char *key,
                            unsigned how);
/* "#0b6b5d" */
const char *es_node_colour(const struct es_node *n, const char *key);
/* A language's tag (BCP 47). */
const char *es_node_tag(const struct es_node *n, const char *key);
/* An id, kept as a string as JSON's numbers end at 53 bits; 0 when absent. */
int64_t es_node_id(const struct es_node *n, const char *key, unsigned how);
/* `none` when absent. */
int64_t es_node_int(const struct es_node *n, const char *key, int64_t min,
                    int64_t max, int64_t none);
bool es_node_flag(const struct es_node *n, const char *key); /* else false */
/* Which of the words it is. */
size_t es_node_one_of(const struct es_node *n, const char *key,
                      const char *const *words, size_t n_words);
/* A member that is an object; false when there is none. */
bool es_node_enter(const struct es_node *n, const char *key,
                   struct es_node *out);
/* The length of a list of at most `max` objects; 0 when there is none. */
size_t es_node_list(const struct es_node *n, const char *key, size_t max);
struct es_node es_node_nth(const struct es_node *n, const char *key, size_t i);

/* ---- writing: what is empty is left out ---- */

void es_doc_put(struct es_buf *b, const char *key, const char *value);
void es_doc_put_id(struct es_buf *b, const char *key, int64_t id);

#endif
