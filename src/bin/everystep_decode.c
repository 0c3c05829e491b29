/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep-decode --zygote FD: forks sandboxed workers for whoever holds the
 * other end of FD. Started by everystep, never by hand. */
#include "base/num.h"
#include "ipc/job.h"
#include "ipc/zygote.h"
#include "worker/decode_job.h"

#include <stdio.h>
#include <string.h>

static void worker(int sock)
{
    es_job_serve(sock, es_decode_job, NULL);
}

int main(int argc, char **argv)
{
    int64_t fd;
    if (argc != 3 || strcmp(argv[1], "--zygote") != 0 ||
        !es_num_i64(es_bytes_str(argv[2]), 3, 1023, &fd)) {
        fputs("usage: everystep-decode --zygote FD\n"
              "It is a part of everystep, which starts it.\n",
              stderr);
        return 64;
    }
    return es_zygote_serve((int)fd, worker);
}
