/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep with a web process that is as small as can be: on the socket
 * DATA/sock it takes a file and answers with the name of its code, decoded as
 * the server does. In DATA, a file `refuse` makes it end at once with status
 * 7, and `stubborn` makes it deaf to SIGTERM. */
#include "cli/cli.h"

#include "base/file.h"
#include "base/limits.h"
#include "ingest/ingest.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static volatile sig_atomic_t stopping;

static void on_term(int sig)
{
    (void)sig;
    stopping = 1;
}

static bool there(const char *name)
{
    return access(name, F_OK) == 0;
}

static int listen_at(const char *path)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    (void)unlink(path);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 8) != 0)
        return -1;
    return fd;
}

static void answer(struct es_ingest *in, int conn)
{
    struct es_buf file;
    struct es_arena a;
    struct es_ingest_result r = { 0 };
    es_arena_init(&a, 16 << 20);
    enum es_code rc = es_fd_load(conn, ES_UPLOAD_MAX, &file, NULL);
    if (rc == ES_OK)
        rc = es_ingest_bytes(in, es_buf_bytes(&file), &a, &r, NULL);
    const char *name = es_code_name(rc == ES_OK ? r.v[0].code : rc);
    (void)!write(conn, name, strlen(name));
    es_arena_release(&a);
    es_buf_release(&file);
}

static int web(const struct es_settings *s, const struct es_handed *h)
{
    struct es_ingest_config c = { .zygote_fd = h->decode, .workers = 2 };
    struct sigaction act = { .sa_handler = on_term };
    struct es_ingest *in = NULL;
    struct es_err e = { 0 };

    if (chdir(s->data) != 0 || there("refuse"))
        return 7;
    act.sa_handler = there("stubborn") ? SIG_IGN : on_term;
    sigaction(SIGTERM, &act, NULL);
    if (es_ingest_open(&c, &in, &e) != ES_OK)
        return es_complain("ingest", &e);
    int fd = listen_at("sock");
    while (fd >= 0 && !stopping) {
        int conn = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
        if (conn < 0)
            continue;
        answer(in, conn);
        close(conn);
    }
    close(fd);
    es_ingest_close(in);
    return fd < 0;
}

int main(int argc, char **argv)
{
    static const struct es_cli_wiring WIRING = { .web = web };
    return es_cli_main(argc, argv, &WIRING);
}
