/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The face of an initiative: what may stand in it, and what may not. */
#include "base/address.h"
#include "initiative/face.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

static const char WHOLE[] =
    "{\"colour\":\"#C2571A\","
    "\"picture\":{\"media\":\"9223372036854775807\",\"alt\":\"Lanterns <by> a "
    "path\",\"credit\":\"Nil\"},\"logo\":\"11\","
    "\"video\":{\"media\":\"12\",\"poster\":\"13\",\"duration_s\":10,"
    "\"speaker\":\"Nil\",\"office\":\"Chair\",\"transcript\":\"One.\\n\\nTwo."
    "\","
    "\"captions\":[{\"lang\":\"en\",\"label\":\"English\",\"media\":\"14\"},"
    "{\"lang\":\"ur\",\"label\":\"اردو\",\"media\":\"15\"}]},"
    "\"hosts\":[{\"name\":\"The Fund\",\"role\":\"holder\","
    "\"url\":\"https://fund.example/\"},"
    "{\"name\":\"Kitap Evi\",\"role\":\"supporter\"}],"
    "\"links\":[{\"label\":\"Write to us\","
    "\"url\":\"mailto:hello@fund.example\"}]}";

static enum es_code read_face(const char *json, struct es_arena *a,
                              struct es_face *out, struct es_err *e)
{
    es_arena_init(a, 1 << 20);
    return es_face_read(json, a, out, e);
}

static void check_whole(const struct es_face *f)
{
    CHECK_STR(f->colour, "#C2571A");
    CHECK(f->picture.media == INT64_MAX);
    CHECK_STR(f->picture.alt, "Lanterns <by> a path");
    CHECK_STR(f->picture.credit, "Nil");
    CHECK_INT(f->logo, 11);
    CHECK_INT(f->video.media, 12);
    CHECK_INT(f->video.poster, 13);
    CHECK_INT(f->video.duration_s, 10);
    CHECK_STR(f->video.transcript, "One.\n\nTwo.");
    CHECK_INT(f->video.n_captions, 2);
    CHECK_STR(f->video.captions[1].label, "اردو");
    CHECK_INT(f->video.captions[1].media, 15);
    CHECK_INT(f->n_hosts, 2);
    CHECK_INT(f->hosts[0].role, ES_HOST_HOLDER);
    CHECK_INT(f->hosts[1].role, ES_HOST_SUPPORTER);
    CHECK_STR(f->hosts[1].url, "");
    CHECK_INT(f->n_links, 1);
    CHECK_STR(f->links[0].url, "mailto:hello@fund.example");
}

TEST(what_is_written_is_read_back)
{
    struct es_arena a, again;
    struct es_face f, g;
    struct es_buf b;
    CHECK_INT(read_face(WHOLE, &a, &f, NULL), ES_OK);
    check_whole(&f);
    es_buf_init(&b, ES_FACE_MAX);
    es_face_write(&f, &b);
    CHECK_INT(read_face(es_buf_cstr(&b), &again, &g, NULL), ES_OK);
    check_whole(&g);
    es_buf_release(&b);
    es_arena_release(&a);
    es_arena_release(&again);
}

TEST(a_face_may_be_empty)
{
    struct es_arena a;
    struct es_face f;
    struct es_buf b;
    CHECK_INT(read_face("{}", &a, &f, NULL), ES_OK);
    CHECK_STR(f.colour, "");
    CHECK_INT(f.picture.media, 0);
    CHECK_STR(f.video.speaker, "");
    CHECK_INT(f.n_hosts + f.n_links, 0);
    es_buf_init(&b, ES_FACE_MAX);
    es_face_write(&f, &b);
    CHECK_STR(es_buf_cstr(&b), "{}");
    es_buf_release(&b);
    es_arena_release(&a);
}

TEST(only_what_it_names_is_shown)
{
    struct es_arena a;
    struct es_face f;
    CHECK_INT(read_face(WHOLE, &a, &f, NULL), ES_OK);
    for (int64_t id = 11; id <= 15; id++)
        CHECK(es_face_shows(&f, id));
    CHECK(es_face_shows(&f, INT64_MAX));
    CHECK(!es_face_shows(&f, 10));
    CHECK(!es_face_shows(&f, 0));
    es_arena_release(&a);
    CHECK_INT(read_face("{}", &a, &f, NULL), ES_OK);
    CHECK(!es_face_shows(&f, 0));
    es_arena_release(&a);
}

/* Words come out as people's names do: composed, without tricks. */
TEST(words_are_cleaned)
{
    struct es_arena a;
    struct es_face f;
    CHECK_INT(read_face("{\"hosts\":[{\"name\":\" S\\u0327ule\\u202e  Evi\","
                        "\"role\":\"partner\"}]}",
                        &a, &f, NULL),
              ES_OK);
    CHECK_STR(f.hosts[0].name, "Şule Evi");
    es_arena_release(&a);
}

TEST(what_has_no_sense_is_named)
{
    static const struct {
        const char *json, *where;
    } BAD[] = {
        { "", "no JSON object" },
        { "[]", "no JSON object" },
        { "{} x", "no JSON object" },
        { "{\"links\":[],\"links\":[]}", "no JSON object" },
        { "{\"colour\":\"teal\"}", "colour" },
        { "{\"colour\":\"#12345\"}", "colour" },
        { "{\"colour\":\"#12345g\"}", "colour" },
        { "{\"colour\":7}", "colour" },
        { "{\"picture\":{}}", "picture.media" },
        { "{\"picture\":{\"media\":5}}", "picture.media" },
        { "{\"picture\":{\"media\":\"0\"}}", "picture.media" },
        { "{\"picture\":{\"media\":\"-5\"}}", "picture.media" },
        { "{\"picture\":{\"media\":\"9223372036854775808\"}}",
          "picture.media" },
        { "{\"picture\":{\"media\":\"5\",\"alt\":5}}", "picture.alt" },
        { "{\"picture\":\"5\"}", "picture" },
        { "{\"video\":{\"media\":\"5\",\"duration_s\":-1}}",
          "video.duration_s" },
        { "{\"video\":{\"media\":\"5\",\"duration_s\":\"9\"}}",
          "video.duration_s" },
        { "{\"video\":{\"media\":\"5\",\"duration_s\":4000}}",
          "video.duration_s" },
        { "{\"video\":{\"media\":\"5\",\"captions\":{}}}", "video.captions" },
        { "{\"video\":{\"media\":\"5\",\"captions\":[7]}}", "video.captions" },
        { "{\"video\":{\"media\":\"5\",\"captions\":[{\"label\":\"x\","
          "\"media\":\"1\"}]}}",
          "video.captions[0].lang" },
        { "{\"video\":{\"media\":\"5\",\"captions\":[{\"lang\":\"e n\","
          "\"label\":\"x\",\"media\":\"1\"}]}}",
          "video.captions[0].lang" },
        { "{\"hosts\":[{\"role\":\"holder\"}]}", "hosts[0].name" },
        { "{\"hosts\":[{\"name\":\" \\u200d\",\"role\":\"holder\"}]}",
          "hosts[0].name" },
        { "{\"hosts\":[{\"name\":\"A\",\"role\":\"holder\"},{\"name\":\"B\","
          "\"role\":\"king\"}]}",
          "hosts[1].role" },
        { "{\"hosts\":[{\"name\":\"A\",\"role\":\"holder\","
          "\"url\":\"http://a.example\"}]}",
          "hosts[0].url" },
        { "{\"links\":[{\"label\":\"A\"}]}", "links[0].url" },
        { "{\"links\":[{\"label\":\"A\",\"url\":\"javascript:x\"}]}",
          "links[0].url" },
        { "{\"links\":[{\"label\":\"A\",\"url\":\"//a.example\"}]}",
          "links[0].url" },
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct es_arena a;
        struct es_face f = { .n_hosts = 77 };
        struct es_err e = { 0 };
        CHECK_INT(read_face(BAD[i].json, &a, &f, &e), ES_EMALFORMED);
        if (strcmp(e.msg + strlen("face: "), BAD[i].where) != 0)
            FAIL("%s: %s", BAD[i].json, e.msg);
        CHECK_INT(f.n_hosts, 77);
        es_arena_release(&a);
    }
}

/* Lists and words end where their limits say, not one later. */
static void check_list(const char *key, const char *one, size_t max)
{
    for (size_t n = max; n <= max + 1; n++) {
        struct es_buf b;
        struct es_arena a;
        struct es_face f;
        es_buf_init(&b, 1 << 16);
        es_buf_fmt(&b, "{\"%s\":[", key);
        for (size_t i = 0; i < n; i++)
            es_buf_fmt(&b, "%s%s", i ? "," : "", one);
        es_buf_str(&b, "]}");
        CHECK_INT(read_face(es_buf_cstr(&b), &a, &f, NULL),
                  n == max ? ES_OK : ES_EMALFORMED);
        es_arena_release(&a);
        es_buf_release(&b);
    }
}

TEST(there_are_limits)
{
    check_list("hosts", "{\"name\":\"A\",\"role\":\"partner\"}", ES_FACE_HOSTS);
    check_list("links", "{\"label\":\"A\",\"url\":\"https://a.example\"}",
               ES_FACE_LINKS);
    for (size_t n = ES_FACE_LABEL; n <= ES_FACE_LABEL + 1; n++) {
        char json[512];
        struct es_arena a;
        struct es_face f;
        (void)snprintf(json, sizeof json,
                       "{\"hosts\":[{\"role\":\"holder\",\"name\":\"%0*d\"}]}",
                       (int)n, 7);
        CHECK_INT(read_face(json, &a, &f, NULL),
                  n == ES_FACE_LABEL ? ES_OK : ES_EMALFORMED);
        es_arena_release(&a);
    }
}

/* An arena that is too small at every place: an error, and nothing else. */
TEST(without_memory)
{
    for (size_t max = 0; max < 700; max += 16) {
        struct es_arena a;
        struct es_face f = { .n_hosts = 77 };
        es_arena_init(&a, max);
        enum es_code rc = es_face_read(WHOLE, &a, &f, NULL);
        CHECK(rc == ES_OK || (rc == ES_ENOMEM && f.n_hosts == 77));
        CHECK(max > 0 || rc == ES_ENOMEM);
        es_arena_release(&a);
    }
}

TEST(addresses_that_others_may_follow)
{
    CHECK(es_address_ok("https://a.example/p?q=1#f"));
    CHECK(es_address_ok("mailto:a@b.example"));
    CHECK(!es_address_ok(""));
    CHECK(!es_address_ok("https://"));
    CHECK(!es_address_ok("https:///x"));
    CHECK(!es_address_ok("https://me:pw@a.example/"));
    CHECK(!es_address_ok("https://a.example/ x"));
    CHECK(!es_address_ok("https://a.example/\"x"));
    CHECK(!es_address_ok("mailto:a@b.example?cc=c@d.example"));
    CHECK(!es_address_ok("data:text/html,x"));
}
