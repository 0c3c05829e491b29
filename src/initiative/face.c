/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/face.h"

#include "base/address.h"
#include "base/json.h"
#include "base/num.h"
#include "base/utf8.h"
#include "i18n/i18n.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

static const char *const ROLES[] = { "holder", "co_host", "supporter",
                                     "partner" };
enum { N_ROLES = sizeof ROLES / sizeof *ROLES, LANG_MAX = 35, WHERE = 64 };

/* ---- reading ---- */

/* One object of the document. The first member without sense is latched. */
struct node {
    const json_t *o;
    struct es_arena *a;
    char where[WHERE]; /* "hosts[2]." */
    enum es_code *rc;
    struct es_err *e;
};

static void refuse(const struct node *n, const char *key)
{
    if (*n->rc == ES_OK)
        *n->rc = es_fail(n->e, ES_EMALFORMED, 0, "face: %s%s", n->where, key);
}

static const char *keep(const struct node *n, const char *s)
{
    const char *copy = es_arena_str(n->a, s);
    if (!copy && *n->rc == ES_OK)
        *n->rc = es_fail(n->e, ES_ENOMEM, 0, "no memory for the face");
    return copy ? copy : "";
}

enum { OPTIONAL = 0, REQUIRED = 1, LINES = 2 };

/* A person's words, cleaned as names are. */
static const char *words(const struct node *n, const char *key, size_t max,
                         unsigned how)
{
    const json_t *v = json_object_get(n->o, key);
    struct es_buf nfc;
    struct es_buf clean;
    const char *out = "";
    if (v && !json_is_string(v)) {
        refuse(n, key);
        return out;
    }
    es_buf_init(&nfc, ES_FACE_MAX * 3);
    es_buf_init(&clean, ES_FACE_MAX * 3);
    if (!es_text_nfc(&nfc, es_bytes_str(v ? json_string_value(v) : "")))
        nfc.bad = true;
    es_text_clean(&clean, es_buf_bytes(&nfc), how & LINES);
    bool seen = es_text_visible(es_buf_bytes(&clean));
    if (nfc.bad || clean.bad || es_utf8_count(es_buf_bytes(&clean)) > max ||
        ((how & REQUIRED) && !seen))
        refuse(n, key);
    else if (seen)
        out = keep(n, es_buf_cstr(&clean));
    es_buf_release(&nfc);
    es_buf_release(&clean);
    return out;
}

static const char *address(const struct node *n, const char *key, unsigned how)
{
    const json_t *v = json_object_get(n->o, key);
    const char *s = v ? json_string_value(v) : "";
    if (!s || (*s && !es_address_ok(s)) || (!*s && (how & REQUIRED))) {
        refuse(n, key);
        return "";
    }
    return keep(n, s);
}

/* An id, as a string because JSON's numbers end at 53 bits; 0 when absent. */
static int64_t media(const struct node *n, const char *key, unsigned how)
{
    const json_t *v = json_object_get(n->o, key);
    int64_t id = 0;
    if (!v && !(how & REQUIRED))
        return 0;
    if (!json_is_string(v) ||
        !es_num_i64(es_bytes_str(json_string_value(v)), 1, INT64_MAX, &id))
        refuse(n, key);
    return id;
}

static const char *colour(const struct node *n, const char *key)
{
    const json_t *v = json_object_get(n->o, key);
    const char *s = v ? json_string_value(v) : "";
    if (s && !*s)
        return "";
    if (!s || s[0] != '#' || strlen(s) != 7 ||
        strspn(s + 1, "0123456789abcdefABCDEF") != 6) {
        refuse(n, key);
        return "";
    }
    return keep(n, s);
}

static const char *language(const struct node *n, const char *key)
{
    const char *s = json_string_value(json_object_get(n->o, key));
    size_t len = s ? strlen(s) : 0;
    if (len < 2 || len > LANG_MAX ||
        strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                  "0123456789-") != len) {
        refuse(n, key);
        return "";
    }
    return keep(n, s);
}

/* A member that is an object; false when there is none. */
static bool enter(const struct node *n, const char *key, struct node *out)
{
    const json_t *v = json_object_get(n->o, key);
    if (!v)
        return false;
    if (!json_is_object(v))
        refuse(n, key);
    *out = *n;
    out->o = v;
    (void)snprintf(out->where, sizeof out->where, "%s.", key);
    return json_is_object(v);
}

/* The length of a list of at most `max` objects; 0 when there is none. */
static size_t list(const struct node *n, const char *key, size_t max)
{
    const json_t *v = json_object_get(n->o, key);
    size_t len = json_array_size(v);
    if (v && (!json_is_array(v) || len > max))
        refuse(n, key);
    for (size_t i = 0; i < len; i++)
        if (!json_is_object(json_array_get(v, i)))
            refuse(n, key);
    return *n->rc == ES_OK ? len : 0;
}

static struct node nth(const struct node *n, const char *key, size_t i)
{
    struct node out = *n;
    out.o = json_array_get(json_object_get(n->o, key), i);
    (void)snprintf(out.where, sizeof out.where, "%.20s%s[%zu].", n->where, key,
                   i);
    return out;
}

static enum es_host_role role(const struct node *n)
{
    const char *s = json_string_value(json_object_get(n->o, "role"));
    for (size_t i = 0; s && i < N_ROLES; i++)
        if (strcmp(s, ROLES[i]) == 0)
            return (enum es_host_role)i;
    refuse(n, "role");
    return ES_HOST_HOLDER;
}

static void read_video(const struct node *n, struct es_face *f)
{
    const json_t *d = json_object_get(n->o, "duration_s");
    f->video.media = media(n, "media", REQUIRED);
    f->video.poster = media(n, "poster", OPTIONAL);
    f->video.speaker = words(n, "speaker", ES_FACE_LABEL, OPTIONAL);
    f->video.office = words(n, "office", ES_FACE_LABEL, OPTIONAL);
    f->video.transcript =
        words(n, "transcript", ES_FACE_TRANSCRIPT, OPTIONAL | LINES);
    f->video.duration_s = json_integer_value(d);
    if (d && (!json_is_integer(d) || f->video.duration_s < 0 ||
              f->video.duration_s > ES_FACE_VIDEO_S))
        refuse(n, "duration_s");
    f->video.n_captions = list(n, "captions", ES_FACE_CAPTIONS);
    for (size_t i = 0; i < f->video.n_captions; i++) {
        struct node c = nth(n, "captions", i);
        f->video.captions[i] = (struct es_face_caption){
            .lang = language(&c, "lang"),
            .label = words(&c, "label", ES_FACE_LABEL, REQUIRED),
            .media = media(&c, "media", REQUIRED),
        };
    }
}

static void read_lists(const struct node *n, struct es_face *f)
{
    f->n_hosts = list(n, "hosts", ES_FACE_HOSTS);
    for (size_t i = 0; i < f->n_hosts; i++) {
        struct node h = nth(n, "hosts", i);
        f->hosts[i] = (struct es_face_host){
            .name = words(&h, "name", ES_FACE_LABEL, REQUIRED),
            .url = address(&h, "url", OPTIONAL),
            .role = role(&h),
        };
    }
    f->n_links = list(n, "links", ES_FACE_LINKS);
    for (size_t i = 0; i < f->n_links; i++) {
        struct node l = nth(n, "links", i);
        f->links[i] = (struct es_face_link){
            .label = words(&l, "label", ES_FACE_LABEL, REQUIRED),
            .url = address(&l, "url", REQUIRED),
        };
    }
}

static void read_face(const struct node *n, struct es_face *f)
{
    struct node in;
    f->colour = colour(n, "colour");
    if (enter(n, "picture", &in)) {
        f->picture.media = media(&in, "media", REQUIRED);
        f->picture.alt = words(&in, "alt", ES_FACE_ALT, OPTIONAL);
    }
    if (enter(n, "video", &in))
        read_video(&in, f);
    read_lists(n, f);
}

enum es_code es_face_read(const char *json, struct es_arena *a,
                          struct es_face *out, struct es_err *e)
{
    struct es_face f = { .picture.alt = "",
                         .video.speaker = "",
                         .video.office = "",
                         .video.transcript = "" };
    enum es_code rc = ES_OK;
    json_error_t je;
    if (strlen(json) > ES_FACE_MAX)
        return es_fail(e, ES_EMALFORMED, ES_FACE_MAX, "face: too long");
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &je);
    if (!json_is_object(root)) {
        json_decref(root);
        return es_fail(e, ES_EMALFORMED, 0, "face: no JSON object");
    }
    read_face(&(struct node){ .o = root, .a = a, .rc = &rc, .e = e }, &f);
    json_decref(root);
    if (rc == ES_OK)
        *out = f;
    return rc;
}

/* ---- writing ---- */

/* What is empty is left out. */
static void put(struct es_buf *b, const char *key, const char *value)
{
    if (*value)
        es_buf_json_s(b, key, value);
}

static void put_id(struct es_buf *b, const char *key, int64_t id)
{
    if (id != 0)
        es_buf_json_id(b, key, id);
}

static void write_video(const struct es_face *f, struct es_buf *b)
{
    es_buf_json_key(b, "video");
    es_buf_str(b, "{");
    put_id(b, "media", f->video.media);
    put_id(b, "poster", f->video.poster);
    if (f->video.duration_s != 0)
        es_buf_json_i(b, "duration_s", f->video.duration_s);
    put(b, "speaker", f->video.speaker);
    put(b, "office", f->video.office);
    put(b, "transcript", f->video.transcript);
    es_buf_json_key(b, "captions");
    es_buf_str(b, "[");
    for (size_t i = 0; i < f->video.n_captions; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        put(b, "lang", f->video.captions[i].lang);
        put(b, "label", f->video.captions[i].label);
        put_id(b, "media", f->video.captions[i].media);
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
        put(b, "name", f->hosts[i].name);
        put(b, "role", ROLES[f->hosts[i].role]);
        put(b, "url", f->hosts[i].url);
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
        put(b, "label", f->links[i].label);
        put(b, "url", f->links[i].url);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

void es_face_write(const struct es_face *f, struct es_buf *out)
{
    es_buf_str(out, "{");
    put(out, "colour", f->colour);
    if (f->picture.media != 0) {
        es_buf_json_key(out, "picture");
        es_buf_str(out, "{");
        put_id(out, "media", f->picture.media);
        put(out, "alt", f->picture.alt);
        es_buf_str(out, "}");
    }
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
           f->video.poster == id;
}
