/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the page on which pictures and video are brought. */
#include "samples.h"
#include "web/pages.h"

static struct es_view_media sample(void)
{
    static const struct es_view_choice LANGS[] = {
        { .value = "en", .label = "English", .chosen = true },
        { .value = "tr", .label = "Türkçe" },
        { .value = "ur", .label = "اردو" },
    };
    return (struct es_view_media){
        .frame = frame_console(2),
        .face = { .colour = "",
                  .picture_alt = "",
                  .picture_set = "",
                  .speaker = "",
                  .office = "",
                  .transcript = "" },
        .picture = path("/organise/e/lantern/media/picture"),
        .picture_remove = path("/organise/e/lantern/media/picture/remove"),
        .logo = path("/organise/e/lantern/media/logo"),
        .logo_remove = path("/organise/e/lantern/media/logo/remove"),
        .video = path("/organise/e/lantern/media/video"),
        .video_remove = path("/organise/e/lantern/media/video/remove"),
        .words = path("/organise/e/lantern/media/words"),
        .poster = path("/organise/e/lantern/media/poster"),
        .poster_remove = path("/organise/e/lantern/media/poster/remove"),
        .captions = path("/organise/e/lantern/media/captions"),
        .captions_remove = path("/organise/e/lantern/media/captions/remove"),
        .films = path("/organise/e/lantern/media/films"),
        .alt = { "", NULL },
        .credit = { "", NULL },
        .speaker = { "", NULL },
        .office = { "", NULL },
        .transcript = { "", NULL },
        .langs = LANGS,
        .n_langs = 3,
        .film = "",
        .used = 3 << 20,
        .quota = 5LL << 30,
        .left = 4LL << 30,
    };
}

/* Before anything was brought, and what was brought was none. */
void sample_media_none(struct es_out *o)
{
    struct es_view_media v = sample();
    v.draft = true;
    v.given_logo.error = S("This picture is damaged.");
    v.given_picture.error = S("This picture is damaged.");
    v.given_video.error = S("This is not a video that browsers play.");
    es_page_media(o, &v);
}

void sample_media(struct es_out *o)
{
    const struct es_view_caption captions[] = {
        { "en", "English", path("/e/lantern/media/4"), true },
        { "ur", "اردو", path("/e/lantern/media/5"), false },
    };
    const struct es_view_film films[] = {
        { S("launch-final.mp4"), 900 << 20, 320 << 20,
          path("/organise/e/lantern/media/films/9"),
          path("/organise/e/lantern/media/films/9/drop") },
    };
    struct es_view_media v = sample();
    v.face.picture = path("/e/lantern/media/1");
    v.face.picture_alt = S("Lanterns along a path to a small library");
    v.face.picture_set = "/e/lantern/media/2 480w, /e/lantern/media/1 960w";
    v.face.picture_w = 960;
    v.face.picture_h = 540;
    v.face.video = path("/e/lantern/media/3");
    v.face.poster = path("/e/lantern/media/1");
    v.face.captions = captions;
    v.face.n_captions = 2;
    v.alt.value = v.face.picture_alt;
    v.credit.value = S("Ines Okafor");
    v.face.logo = path("/e/lantern/media/7");
    v.speaker.value = S("Meriel Dawes");
    v.office.value = S("Chair of The Lantern Library Fund");
    v.transcript.value = S("One lamp is enough to read by.\n\nCome and run.");
    v.film = S("launch.webm");
    v.film_bytes = 700 << 20;
    v.uploads = films;
    v.n_uploads = 1;
    es_page_media(o, &v);
}
