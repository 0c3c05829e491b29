/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo/face.h"

#include "initiative/face.h"
#include "initiative/media.h"

#include <string.h>

enum { FACE_MEM = 1 << 20 };

static const struct {
    const char *suffix, *kind, *type;
} KINDS[] = {
    { ".svg", "picture", "image/svg+xml" },
    { ".webm", "video", "video/webm" },
    { ".vtt", "captions", "text/vtt" },
};

static const char TRANSCRIPT[] =
    "A lantern lights up beside an open book. Outside, along a path that winds "
    "through the hills, one lamp after another begins to glow. People run by, "
    "each with a lantern in the hand. At the end of the path stands a small "
    "library, and all its windows are bright. There is no sound.\n\n"
    "Nerys Hallow: \u201cWhere the evening is dark, a book stays closed. So "
    "let us run, wherever we are: every hundred kilometres light one lamp in "
    "a small library. Run with us, or walk. Nobody is last.\u201d";

static const struct es_face FACE = {
    .colour = "#3a3f8f",
    .picture = { .alt =
                     "At dusk a winding path, lit by lanterns, leads to a "
                     "small library on a hill. People run and walk along it, "
                     "each with a lantern.",
                 .credit = "Drawing: Everystep" },
    .video = { .duration_s = 12,
               .speaker = "Nerys Hallow",
               .office = "Chair of The Lantern Library Fund (made up)",
               .transcript = TRANSCRIPT },
    .hosts = { { "The Lantern Library Fund", "https://fund.lantern.example/",
                 ES_HOST_HOLDER },
               { "Kandil Reading Rooms", "https://kandil.lantern.example/",
                 ES_HOST_SUPPORTER },
               { "Harbour Lights Running Club",
                 "https://harbour.lantern.example/", ES_HOST_SUPPORTER } },
    .n_hosts = 3,
    .links = { { "What becomes of a lamp",
                 "https://fund.lantern.example/lamps" },
               { "The libraries, one by one",
                 "https://fund.lantern.example/libraries" },
               { "Write to us", "mailto:hello@lantern.example" } },
    .n_links = 3,
};

static const struct {
    const char *lang, *label, *name;
} CAPTIONS[] = {
    { "en", "English", "launch.en.vtt" },
    { "tr", "Türkçe", "launch.tr.vtt" },
    { "az", "Azərbaycanca", "launch.az.vtt" },
    { "ur", "اردو", "launch.ur.vtt" },
    { "ar", "العربية", "launch.ar.vtt" },
};

/* What is there and what comes in. */
struct shelf {
    struct es_app *app;
    int64_t initiative;
    struct es_media *there;
    size_t n_there;
    enum es_code rc;
    struct es_err *e;
};

static enum es_code add(struct shelf *s, const struct es_demo_file *file,
                        int64_t *id)
{
    const char *suffix = strrchr(file->name, '.');
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(KINDS[i].suffix, suffix) != 0)
            continue;
        return es_media_add(s->app,
                            &(struct es_media_new){
                                .initiative = s->initiative,
                                .kind = KINDS[i].kind,
                                .type = KINDS[i].type,
                                .name = file->name,
                                .bytes = file->bytes,
                                .drawn_by_us = true,
                            },
                            id, s->e);
    }
    return es_fail(s->e, ES_EINVAL, 0, "what is %s?", file->name);
}

/* The id of the file of that name; brought in when it isn't there. */
static int64_t media(struct shelf *s, const char *name)
{
    int64_t id = 0;
    for (size_t i = 0; i < s->n_there; i++)
        if (strcmp(s->there[i].name, name) == 0)
            return s->there[i].id;
    for (size_t i = 0; s->rc == ES_OK && i < es_demo_files_n; i++)
        if (strcmp(es_demo_files[i].name, name) == 0)
            s->rc = add(s, &es_demo_files[i], &id);
    if (s->rc == ES_OK && id == 0)
        s->rc = es_fail(s->e, ES_EINTERNAL, 0, "%s isn't compiled in", name);
    return id;
}

enum es_code es_demo_face(struct es_app *app, int64_t initiative,
                          struct es_buf *json, struct es_err *e)
{
    struct es_arena a;
    struct shelf s = { .app = app, .initiative = initiative, .e = e };
    struct es_face f = FACE;
    es_arena_init(&a, FACE_MEM);
    s.rc =
        es_store_media_of(app->store, initiative, &a, &s.there, &s.n_there, e);
    f.picture.media = media(&s, "lanterns.svg");
    f.video.poster = media(&s, "poster.svg");
    f.video.media = media(&s, "launch.webm");
    f.video.n_captions = sizeof CAPTIONS / sizeof *CAPTIONS;
    for (size_t i = 0; i < f.video.n_captions; i++)
        f.video.captions[i] =
            (struct es_face_caption){ CAPTIONS[i].lang, CAPTIONS[i].label,
                                      media(&s, CAPTIONS[i].name) };
    if (s.rc == ES_OK)
        es_face_write(&f, json);
    es_arena_release(&a);
    return s.rc;
}
