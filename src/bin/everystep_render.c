/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep-render --zygote FD: reads the fonts, then forks sandboxed workers
 * that draw, for whoever holds the other end of FD. Started by everystep, never
 * by hand. Exit: 64 usage, 69 it can't draw on this machine. */
#include "base/limits.h"
#include "base/log.h"
#include "base/num.h"
#include "card/card.h"
#include "card/paper.h"
#include "ipc/job.h"
#include "ipc/zygote.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { USAGE = 64, UNAVAILABLE = 69 };

static struct es_card_fonts fonts;

static void worker(int sock)
{
    const struct es_sandbox_needs needs = { .memory = ES_RENDER_AS,
                                            .files = fonts.file,
                                            .n_files = fonts.n };
    es_job_serve(sock, es_paper_job, &needs);
}

int main(int argc, char **argv)
{
    struct es_err e = { 0 };
    int64_t fd;
    if (argc != 3 || strcmp(argv[1], "--zygote") != 0 ||
        !es_num_i64(es_bytes_str(argv[2]), 3, 1023, &fd)) {
        fputs("usage: everystep-render --zygote FD\n"
              "It is a part of everystep, which starts it.\n",
              stderr);
        return USAGE;
    }
    if (es_card_fonts(&fonts, &e) != ES_OK) {
        es_log(ES_LOG_ERROR, "render.fonts", "%s", e.msg);
        return UNAVAILABLE;
    }
    /* Fontconfig and Pango hold what they have until the end; it is no leak. */
    _exit(es_zygote_serve((int)fd, worker));
}
