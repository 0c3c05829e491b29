/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Invented ways to run on: a closed polyline on a plane. */
#ifndef ES_CLI_DEMO_PATH_H
#define ES_CLI_DEMO_PATH_H

#include "cli/demo/random.h"

#include <stddef.h>

enum es_demo_shape { ES_DEMO_LOOP, ES_DEMO_OUT_AND_BACK, ES_DEMO_STADIUM };
enum { ES_DEMO_VERTICES = 720 };

struct es_demo_path {
    double x_m[ES_DEMO_VERTICES + 1], y_m[ES_DEMO_VERTICES + 1];
    double s_m[ES_DEMO_VERTICES + 1]; /* along the path; rising */
    double len_m;
};

struct es_demo_spot {
    double x_m, y_m;
    double grade; /* rise over run */
    double alt_m;
};

/* One round is len_m > 0 long. */
void es_demo_path_make(struct es_demo_path *p, enum es_demo_shape shape,
                       double len_m, struct es_demo_random *r);

/* Where one is after s_m >= 0 metres, round after round. *at speeds up the
 * search: 0 at first, then what the call before left. */
struct es_demo_spot es_demo_path_at(const struct es_demo_path *p, double s_m,
                                    size_t *at);

#endif
