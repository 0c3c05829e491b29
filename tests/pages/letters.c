/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages about messages by mail. */
#include "samples.h"

#include "web/pages.h"

static void stop(struct es_out *o, bool stopped)
{
    struct es_view_stop v = { .frame = frame(false),
                              .action = path("/stop/1"),
                              .title = S("Lantern Run"),
                              .stopped = stopped };
    es_page_stop(o, &v);
}

void sample_stop(struct es_out *o)
{
    stop(o, false);
}

void sample_stopped(struct es_out *o)
{
    stop(o, true);
}
