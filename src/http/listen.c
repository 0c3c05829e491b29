/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/listen.h"

#include "base/num.h"
#include "http/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    BACKLOG = 4096, /* a school's 2,048 at once, with room; who finds no place
                       here tries again after a second */
    SOCKET_MODE = 0660
};

static const char *host_part(const char *where, size_t n, char *out, size_t cap)
{
    if (n >= 2 && where[0] == '[' && where[n - 1] == ']') {
        where++;
        n -= 2;
    }
    if (n >= cap)
        return NULL;
    memcpy(out, where, n);
    out[n] = 0;
    return strcmp(out, "localhost") == 0 ? "127.0.0.1" : out;
}

static bool address(const char *where, struct sockaddr_storage *sa,
                    socklen_t *n)
{
    char text[INET6_ADDRSTRLEN];
    const char *colon = strrchr(where, ':');
    int64_t port;

    if (!colon || !es_num_i64(es_bytes_str(colon + 1), 0, 65535, &port))
        return false;
    const char *host =
        host_part(where, (size_t)(colon - where), text, sizeof text);
    struct sockaddr_in in = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port) };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
                                .sin6_port = htons((uint16_t)port) };
    if (host && inet_pton(AF_INET, host, &in.sin_addr) == 1) {
        memcpy(sa, &in, sizeof in);
        *n = sizeof in;
        return true;
    }
    if (host && inet_pton(AF_INET6, host, &in6.sin6_addr) == 1) {
        memcpy(sa, &in6, sizeof in6);
        *n = sizeof in6;
        return true;
    }
    return false;
}

static int port_of(const struct sockaddr_storage *sa)
{
    struct sockaddr_in in;

    memcpy(&in, sa, sizeof in); /* it stands at the same place in both kinds */
    return ntohs(in.sin_port);
}

enum es_code es_listen_tcp(const char *where, int *fd, int *port,
                           struct es_err *e)
{
    struct sockaddr_storage sa = { 0 };
    socklen_t n = 0;
    int on = 1;

    *fd = -1;
    if (!address(where, &sa, &n))
        return es_fail(e, ES_EINVAL, 0, "no address to listen on: %s", where);
    int s = socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0)
        return es_fail(e, ES_EIO, 0, "socket: %s", strerror(errno));
    (void)setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(s, (const struct sockaddr *)&sa, n) != 0 ||
        listen(s, BACKLOG) != 0 ||
        getsockname(s, (struct sockaddr *)&sa, &n) != 0) {
        int why = errno;
        close(s);
        return es_fail(e, ES_EIO, 0, "listen on %s: %s", where, strerror(why));
    }
    *port = port_of(&sa);
    *fd = s;
    return ES_OK;
}

bool es_listen_is_unix(int listener)
{
    struct sockaddr_storage sa = { 0 };
    socklen_t n = sizeof sa;

    return getsockname(listener, (struct sockaddr *)&sa, &n) == 0 &&
           sa.ss_family == AF_UNIX;
}

enum es_code es_listen_copy(int listener, int *fd, int *port, struct es_err *e)
{
    struct sockaddr_storage sa = { 0 };
    socklen_t n = sizeof sa;
    int on = 0;
    socklen_t n_on = sizeof on;

    *fd = -1;
    if (getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &on, &n_on) != 0 ||
        !on || getsockname(listener, (struct sockaddr *)&sa, &n) != 0)
        return es_fail(e, ES_EINVAL, 0, "what was handed over doesn't listen");
    int flags = fcntl(listener, F_GETFL);
    int s = fcntl(listener, F_DUPFD_CLOEXEC, 3);
    if (s < 0 || flags < 0 || fcntl(s, F_SETFL, flags | O_NONBLOCK) != 0) {
        int why = errno;
        if (s >= 0)
            close(s);
        return es_fail(e, ES_EIO, 0, "listener: %s", strerror(why));
    }
    *port = sa.ss_family == AF_UNIX ? 0 : port_of(&sa);
    *fd = s;
    return ES_OK;
}

/* Removes a socket that nobody listens on any more. */
static bool clear_path(const struct sockaddr_un *un)
{
    struct stat st;

    if (lstat(un->sun_path, &st) != 0)
        return errno == ENOENT;
    if (!S_ISSOCK(st.st_mode))
        return false;
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool alive =
        s < 0 || connect(s, (const struct sockaddr *)un, sizeof *un) == 0;
    if (s >= 0)
        close(s);
    return !alive && unlink(un->sun_path) == 0;
}

enum es_code es_listen_unix(const char *path, int *fd, struct es_err *e)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    size_t n = strlen(path);

    *fd = -1;
    if (n == 0 || n >= sizeof un.sun_path)
        return es_fail(e, ES_EINVAL, 0, "a socket path of 1 to %zu bytes",
                       sizeof un.sun_path - 1);
    memcpy(un.sun_path, path, n);
    if (!clear_path(&un))
        return es_fail(e, ES_EIO, 0, "%s is in use", path);
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0)
        return es_fail(e, ES_EIO, 0, "socket: %s", strerror(errno));
    if (bind(s, (const struct sockaddr *)&un, sizeof un) != 0 ||
        chmod(path, SOCKET_MODE) != 0 || listen(s, BACKLOG) != 0) {
        int why = errno;
        close(s);
        return es_fail(e, ES_EIO, 0, "listen on %s: %s", path, strerror(why));
    }
    *fd = s;
    return ES_OK;
}
