/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail_kit.h"

#include "base/file.h"
#include "t.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void make_cert(struct mail_kit *k)
{
    char cmd[512];
    snprintf(k->cert, sizeof k->cert, "%s/cert.pem", k->dir);
    snprintf(cmd, sizeof cmd,
             "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "
             "/CN=localhost -addext subjectAltName=DNS:localhost "
             "-keyout %s/key.pem -out %s 2>%s/openssl.log",
             k->dir, k->cert, k->dir);
    CHECK_INT(system(cmd), 0);
}

void mail_kit_start(struct mail_kit *k, const char *be, bool tls,
                    const char *user)
{
    int out[2];
    char script[512];
    char key[160];
    char port[16] = "";
    size_t n = 0;
    if (system("/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null") != 0)
        SKIP("aiosmtpd is not installed");
    *k = (struct mail_kit){ .dir = "/tmp/everystep-mail-XXXXXX" };
    CHECK(mkdtemp(k->dir) != NULL);
    if (tls)
        make_cert(k);
    snprintf(key, sizeof key, "%s/key.pem", k->dir);
    snprintf(script, sizeof script, "%s/tests/mail/server.py",
             getenv("ES_SOURCE_ROOT"));
    const char *argv[16] = { "/usr/bin/python3", script, k->dir, "--be", be };
    size_t argc = 5;
    if (tls) {
        argv[argc++] = "--tls";
        argv[argc++] = k->cert;
        argv[argc++] = key;
    }
    if (user) {
        argv[argc++] = "--user";
        argv[argc++] = user;
    }
    CHECK_INT(pipe(out), 0);
    k->pid = fork();
    if (k->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(out[1], STDOUT_FILENO);
        close(out[0]);
        close(out[1]);
        execv("/usr/bin/python3", (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(out[1]);
    while (n + 1 < sizeof port && read(out[0], port + n, 1) == 1 &&
           port[n] != '\n')
        n++;
    close(out[0]);
    port[n] = '\0';
    CHECK(n > 0);
    snprintf(k->url, sizeof k->url, "smtp://localhost:%s", port);
}

void mail_kit_stop(struct mail_kit *k)
{
    char cmd[128];
    kill(k->pid, SIGKILL);
    waitpid(k->pid, NULL, 0);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", k->dir);
    CHECK_INT(system(cmd), 0);
}

static void path_of(const struct mail_kit *k, size_t n, const char *tail,
                    char out[160])
{
    snprintf(out, 160, "%s/%zu.%s", k->dir, n, tail);
}

size_t mail_kit_count(const struct mail_kit *k)
{
    char path[160];
    size_t n = 0;
    for (;; n++) {
        path_of(k, n + 1, "eml", path);
        if (access(path, F_OK) != 0)
            return n;
    }
}

static void load(const struct mail_kit *k, size_t n, const char *tail,
                 struct es_buf *out)
{
    struct es_err e = { 0 };
    char path[160];
    path_of(k, n, tail, path);
    if (es_file_load(path, 1 << 20, out, &e) != ES_OK)
        FAIL("%s: %s", path, e.msg);
}

void mail_kit_mail(const struct mail_kit *k, size_t n, struct es_buf *out)
{
    load(k, n, "eml", out);
}

void mail_kit_envelope(const struct mail_kit *k, size_t n, struct es_buf *out)
{
    load(k, n, "env", out);
}

void mail_kit_text(const struct es_buf *mail, struct es_buf *out)
{
    const char *p = strstr(es_buf_cstr(mail), "\r\n\r\n");
    es_buf_init(out, 1 << 20);
    CHECK(p != NULL);
    for (p += 4; *p; p++) {
        unsigned c;
        if (*p != '=') {
            if (*p != '\r')
                es_buf_u8(out, (uint8_t)*p);
        } else if (p[1] == '\r') {
            p += 2;
        } else {
            CHECK_INT(sscanf(p + 1, "%2X", &c), 1);
            es_buf_u8(out, (uint8_t)c);
            p += 2;
        }
    }
}
