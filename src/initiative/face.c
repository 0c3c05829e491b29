/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/face.h"

#include "base/json.h"
#include "initiative/doc.h"

static const char *const ROLES[] = { "holder", "co_host", "supporter",
                                     "partner" };
enum { N_ROLES = sizeof ROLES / sizeof *ROLES };

/* ---- reading ---- */

static void read_video(const struct es_node *n, struct es_face *f)
{
    f->video.media = es_node_id(n, "media", ES_NODE_REQUIRED);
    f->video.poster = es_node_id(n, "poster", ES_NODE_OPTIONAL);
    f->video.speaker =
        es_node_words(n, "speaker", ES_FACE_LABEL, ES_NODE_OPTIONAL);
    f->video.office =
        es_node_words(n, "office", ES_FACE_LABEL, ES_NODE_OPTIONAL);
    f->video.transcript =
        es_node_words(n, "transcript", ES_FACE_TRANSCRIPT, ES_NODE_LINES);
    f->video.duration_s = es_node_int(n, "duration_s", 0, ES_FACE_VIDEO_S, 0);
    f->video.n_captions = es_node_list(n, "captions", ES_FACE_CAPTIONS);
    for (size_t i = 0; i < f->video.n_captions; i++) {
        struct es_node c = es_node_nth(n, "captions", i);
        f->video.captions[i] = (struct es_face_caption){
            .lang = es_node_tag(&c, "lang"),
            .label =
                es_node_words(&c, "label", ES_FACE_LABEL, ES_NODE_REQUIRED),
            .media = es_node_id(&c, "media", ES_NODE_REQUIRED),
        };
    }
}

static void read_lists(const struct es_node *n, struct es_face *f)
{
    f->n_hosts = es_node_list(n, "hosts", ES_FACE_HOSTS);
    for (size_t i = 0; i < f->n_hosts; i++) {
        struct es_node h = es_node_nth(n, "hosts", i);
        f->hosts[i] = (struct es_face_host){
            .name = es_node_words(&h, "name", ES_FACE_LABEL, ES_NODE_REQUIRED),
            .url = es_node_address(&h, "url", ES_NODE_OPTIONAL),
            .role =
                (enum es_host_role)es_node_one_of(&h, "role", ROLES, N_ROLES),
        };
    }
    f->n_links = es_node_list(n, "links", ES_FACE_LINKS);
    for (size_t i = 0; i < f->n_links; i++) {
        struct es_node l = es_node_nth(n, "links", i);
        f->links[i] = (struct es_face_link){
            .label =
                es_node_words(&l, "label", ES_FACE_LABEL, ES_NODE_REQUIRED),
            .url = es_node_address(&l, "url", ES_NODE_REQUIRED),
        };
    }
}

static void read_face(const struct es_node *n, struct es_face *f)
{
    struct es_node in;
    f->colour = es_node_colour(n, "colour");
    if (es_node_enter(n, "picture", &in)) {
        f->picture.media = es_node_id(&in, "media", ES_NODE_REQUIRED);
        f->picture.alt =
            es_node_words(&in, "alt", ES_FACE_ALT, ES_NODE_OPTIONAL);
        f->picture.credit =
            es_node_words(&in, "credit", ES_FACE_LABEL, ES_NODE_OPTIONAL);
    }
    f->logo = es_node_id(n, "logo", ES_NODE_OPTIONAL);
    if (es_node_enter(n, "video", &in))
        read_video(&in, f);
    read_lists(n, f);
}

enum es_code es_face_read(const char *json, struct es_arena *a,
                          struct es_face *out, struct es_err *e)
{
    struct es_face f = { .picture = { .alt = "", .credit = "" },
                         .video.speaker = "",
                         .video.office = "",
                         .video.transcript = "" };
    struct es_doc doc = { .name = "face", .max = ES_FACE_MAX, .a = a, .e = e };
    struct es_node root = es_doc_open(&doc, json);
    read_face(&root, &f);
    enum es_code rc = es_doc_close(&doc);
    if (rc == ES_OK)
        *out = f;
    return rc;
}

/* ---- writing ---- */

static void write_video(const struct es_face *f, struct es_buf *b)
{
    es_buf_json_key(b, "video");
    es_buf_str(b, "{");
    es_doc_put_id(b, "media", f->video.media);
    es_doc_put_id(b, "poster", f->video.poster);
    if (f->video.duration_s != 0)
        es_buf_json_i(b, "duration_s", f->video.duration_s);
    es_doc_put(b, "speaker", f->video.speaker);
    es_doc_put(b, "office", f->video.office);
    es_doc_put(b, "transcript", f->video.transcript);
    es_buf_json_key(b, "captions");
    es_buf_str(b, "[");
    for (size_t i = 0; i < f->video.n_captions; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_doc_put(b, "lang", f->video.captions[i].lang);
        es_doc_put(b, "label", f->video.captions[i].label);
        es_doc_put_id(b, "media", f->video.captions[i].media);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]}");
}

static void write_hosts(const struct es_face *f, struct es_buf *b)
{
    es_buf_json_key(b, "hosts");
    es_buf_str(b, "[");
    for (size_t i = 0; i < f->n_hosts; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_doc_put(b, "name", f->hosts[i].name);
        es_doc_put(b, "role", ROLES[f->hosts[i].role]);
        es_doc_put(b, "url", f->hosts[i].url);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

static void write_links(const struct es_face *f, struct es_buf *b)
{
    es_buf_json_key(b, "links");
    es_buf_str(b, "[");
    for (size_t i = 0; i < f->n_links; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_doc_put(b, "label", f->links[i].label);
        es_doc_put(b, "url", f->links[i].url);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

void es_face_write(const struct es_face *f, struct es_buf *out)
{
    es_buf_str(out, "{");
    es_doc_put(out, "colour", f->colour);
    if (f->picture.media != 0) {
        es_buf_json_key(out, "picture");
        es_buf_str(out, "{");
        es_doc_put_id(out, "media", f->picture.media);
        es_doc_put(out, "alt", f->picture.alt);
        es_doc_put(out, "credit", f->picture.credit);
        es_buf_str(out, "}");
    }
    es_doc_put_id(out, "logo", f->logo);
    if (f->video.media != 0)
        write_video(f, out);
    if (f->n_hosts > 0)
        write_hosts(f, out);
    if (f->n_links > 0)
        write_links(f, out);
    es_buf_str(out, "}");
}

/* ---- asking ---- */

bool es_face_shows(const struct es_face *f, int64_t id)
{
    if (id == 0)
        return false;
    for (size_t i = 0; i < f->video.n_captions; i++)
        if (f->video.captions[i].media == id)
            return true;
    return f->picture.media == id || f->video.media == id ||
           f->video.poster == id || f->logo == id;
}
