/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/occasion.h"

#include "base/json.h"
#include "base/utf8.h"
#include "initiative/doc.h"

#include <string.h>

/* In the order of enum es_host_role; those of the initiative's face. */
static const char *const ROLES[] = { "holder", "co_host", "supporter",
                                     "partner" };
enum { N_ROLES = sizeof ROLES / sizeof *ROLES };

struct es_occasion_body es_occasion_body_none(void)
{
    struct es_occasion_body b = {
        .about = "",
        .place = { "", "", "" },
        .online = { "", false },
        .recording = { false, "", "" },
    };
    for (size_t i = 0; i < ES_LANGS; i++)
        b.in[i] = (struct es_occasion_text){ "", "" };
    return b;
}

/* ---- reading ---- */

static const char *label(const struct es_node *n, const char *key, unsigned how)
{
    return es_node_words(n, key, ES_FACE_LABEL, how);
}

static const char *about(const struct es_node *n)
{
    const char *s = es_node_words(n, "about", ES_OCCASION_ABOUT, ES_NODE_LINES);
    if (strlen(s) > ES_OCCASION_ABOUT)
        es_node_refuse(n, "about");
    return s;
}

static void read_texts(const struct es_node *n, struct es_occasion_body *b)
{
    struct es_node all, one;
    if (!es_node_enter(n, "texts", &all))
        return;
    for (size_t i = 0; i < ES_LANGS; i++)
        if (es_node_enter(&all, es_lang_at(i)->tag, &one)) {
            b->in[i].title =
                es_node_words(&one, "title", ES_TITLE_MAX, ES_NODE_OPTIONAL);
            b->in[i].about = about(&one);
        }
}

static void read_people(const struct es_node *n, struct es_occasion_body *b)
{
    b->n_hosts = es_node_list(n, "hosts", ES_FACE_HOSTS);
    for (size_t i = 0; i < b->n_hosts; i++) {
        struct es_node h = es_node_nth(n, "hosts", i);
        b->hosts[i] = (struct es_face_host){
            .name = label(&h, "name", ES_NODE_REQUIRED),
            .url = es_node_address(&h, "url", ES_NODE_OPTIONAL),
            .role =
                (enum es_host_role)es_node_one_of(&h, "role", ROLES, N_ROLES),
        };
    }
    b->n_speakers = es_node_list(n, "speakers", ES_OCCASION_SPEAKERS);
    for (size_t i = 0; i < b->n_speakers; i++) {
        struct es_node s = es_node_nth(n, "speakers", i);
        int64_t person = es_node_id(&s, "person", ES_NODE_OPTIONAL);
        b->speakers[i] = (struct es_occasion_speaker){
            .person = person,
            .name =
                label(&s, "name", person ? ES_NODE_OPTIONAL : ES_NODE_REQUIRED),
            .office = label(&s, "office", ES_NODE_OPTIONAL),
        };
    }
}

static void read_items(const struct es_node *n, struct es_occasion_body *b)
{
    struct es_node in;
    b->n_items = es_node_list(n, "items", ES_OCCASION_ITEMS);
    for (size_t i = 0; i < b->n_items; i++) {
        struct es_node v = es_node_nth(n, "items", i);
        struct es_occasion_item *it = &b->items[i];
        *it = (struct es_occasion_item){
            .at_ms =
                es_node_int(&v, "at", INT64_MIN + 1, INT64_MAX, ES_NO_TIME),
            .title = es_node_words(&v, "title", ES_TITLE_MAX, ES_NODE_REQUIRED),
            .who = label(&v, "who", ES_NODE_OPTIONAL),
        };
        bool told = es_node_enter(&v, "in", &in);
        for (size_t l = 0; l < ES_LANGS; l++)
            it->in[l] = told ? es_node_words(&in, es_lang_at(l)->tag,
                                             ES_TITLE_MAX, ES_NODE_OPTIONAL)
                             : "";
    }
}

enum es_code es_occasion_read(const char *json, struct es_arena *a,
                              struct es_occasion_body *out, struct es_err *e)
{
    struct es_occasion_body *b = es_arena_alloc(a, sizeof *b);
    struct es_doc doc = {
        .name = "event", .max = ES_OCCASION_MAX, .a = a, .e = e
    };
    struct es_node in;
    if (!b)
        return es_fail(e, ES_ENOMEM, 0, "event");
    *b = es_occasion_body_none();
    struct es_node n = es_doc_open(&doc, json);
    b->about = about(&n);
    read_texts(&n, b);
    if (es_node_enter(&n, "place", &in)) {
        b->place.name = label(&in, "name", ES_NODE_OPTIONAL);
        b->place.address =
            es_node_words(&in, "address", ES_NOTE_MAX, ES_NODE_LINES);
        b->place.map = es_node_address(&in, "map", ES_NODE_OPTIONAL);
    }
    if (es_node_enter(&n, "online", &in)) {
        b->online.url = es_node_address(&in, "url", ES_NODE_OPTIONAL);
        b->online.registered = es_node_flag(&in, "registered");
    }
    read_people(&n, b);
    read_items(&n, b);
    if (es_node_enter(&n, "recording", &in)) {
        b->recording.film = es_node_flag(&in, "film");
        b->recording.url = es_node_address(&in, "url", ES_NODE_OPTIONAL);
        b->recording.transcript =
            es_node_words(&in, "transcript", ES_FACE_TRANSCRIPT, ES_NODE_LINES);
    }
    enum es_code rc = es_doc_close(&doc);
    if (rc == ES_OK)
        *out = *b;
    return rc;
}

/* ---- writing ---- */

static void open_object(struct es_buf *b, const char *key)
{
    es_buf_json_key(b, key);
    es_buf_str(b, "{");
}

static void open_list(struct es_buf *b, const char *key)
{
    es_buf_json_key(b, key);
    es_buf_str(b, "[");
}

static void open_element(struct es_buf *b)
{
    es_buf_json_comma(b);
    es_buf_str(b, "{");
}

static void write_texts(const struct es_occasion_body *v, struct es_buf *b)
{
    open_object(b, "texts");
    for (size_t i = 0; i < ES_LANGS; i++) {
        if (!*v->in[i].title && !*v->in[i].about)
            continue;
        open_object(b, es_lang_at(i)->tag);
        es_doc_put(b, "title", v->in[i].title);
        es_doc_put(b, "about", v->in[i].about);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "}");
}

static void write_people(const struct es_occasion_body *v, struct es_buf *b)
{
    open_list(b, "hosts");
    for (size_t i = 0; i < v->n_hosts; i++) {
        open_element(b);
        es_doc_put(b, "name", v->hosts[i].name);
        es_doc_put(b, "role", ROLES[v->hosts[i].role]);
        es_doc_put(b, "url", v->hosts[i].url);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
    open_list(b, "speakers");
    for (size_t i = 0; i < v->n_speakers; i++) {
        open_element(b);
        es_doc_put_id(b, "person", v->speakers[i].person);
        es_doc_put(b, "name", v->speakers[i].name);
        es_doc_put(b, "office", v->speakers[i].office);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

static void write_items(const struct es_occasion_body *v, struct es_buf *b)
{
    open_list(b, "items");
    for (size_t i = 0; i < v->n_items; i++) {
        const struct es_occasion_item *it = &v->items[i];
        open_element(b);
        if (it->at_ms != ES_NO_TIME)
            es_buf_json_i(b, "at", it->at_ms);
        es_doc_put(b, "title", it->title);
        es_doc_put(b, "who", it->who);
        open_object(b, "in");
        for (size_t l = 0; l < ES_LANGS; l++)
            es_doc_put(b, es_lang_at(l)->tag, it->in[l]);
        es_buf_str(b, "}}");
    }
    es_buf_str(b, "]");
}

void es_occasion_write(const struct es_occasion_body *v, struct es_buf *b)
{
    es_buf_str(b, "{");
    es_doc_put(b, "about", v->about);
    write_texts(v, b);
    open_object(b, "place");
    es_doc_put(b, "name", v->place.name);
    es_doc_put(b, "address", v->place.address);
    es_doc_put(b, "map", v->place.map);
    es_buf_str(b, "}");
    open_object(b, "online");
    es_doc_put(b, "url", v->online.url);
    if (v->online.registered)
        es_buf_json_b(b, "registered", true);
    es_buf_str(b, "}");
    write_people(v, b);
    write_items(v, b);
    open_object(b, "recording");
    if (v->recording.film)
        es_buf_json_b(b, "film", true);
    es_doc_put(b, "url", v->recording.url);
    es_doc_put(b, "transcript", v->recording.transcript);
    es_buf_str(b, "}}");
}

/* ---- for a reader ---- */

struct es_occasion_told es_occasion_tell(const struct es_occasion *o,
                                         const struct es_occasion_body *b,
                                         const struct es_lang *reader)
{
    const struct es_occasion_text *t = &b->in[reader->index];
    struct es_occasion_told told = { o->title, o->lang, b->about, o->lang };
    if (strcmp(o->lang, reader->tag) == 0)
        return told;
    if (*t->title) {
        told.title = t->title;
        told.title_lang = reader->tag;
    }
    if (*t->about) {
        told.about = t->about;
        told.about_lang = reader->tag;
    }
    return told;
}

const char *es_occasion_item_told(const struct es_occasion_item *i,
                                  const struct es_lang *reader)
{
    return *i->in[reader->index] ? i->in[reader->index] : i->title;
}

enum es_occasion_when es_occasion_when(const struct es_occasion *o,
                                       int64_t now_ms)
{
    return o->state == ES_OCCASION_OFF ? ES_OCCASION_CALLED_OFF
           : now_ms < o->starts_ms     ? ES_OCCASION_AHEAD
           : now_ms < o->ends_ms       ? ES_OCCASION_RUNS
                                       : ES_OCCASION_OVER;
}
