/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How the demo's initiative shows itself: pictures, a video and captions that
 * the project drew and made itself, and hosts that are made up. */
#ifndef ES_CLI_DEMO_FACE_H
#define ES_CLI_DEMO_FACE_H

#include "initiative/app.h"

struct es_demo_file {
    const char *name;
    struct es_bytes bytes;
};
extern const struct es_demo_file es_demo_files[];
extern const size_t es_demo_files_n;

/* Brings in what isn't there yet, known by its name, and writes the face that
 * shows it (es_initiative.face) into *json. Errors are es_media_add's. */
ES_MUST_CHECK enum es_code es_demo_face(struct es_app *app, int64_t initiative,
                                        struct es_buf *json, struct es_err *e);

#endif
