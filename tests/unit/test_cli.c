/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/cli.h"

#include "base/log.h"
#include "t.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGS = 16 };

struct given {
    const char *args[ARGS], *env[ARGS];
};

/* Loads; *left is what stays of the arguments, with spaces between. */
static enum es_code load(const struct given *g, struct es_settings *s,
                         char left[256], struct es_err *e)
{
    char *argv[ARGS + 1] = { 0 }, *env[ARGS + 1] = { 0 };
    int argc = 0;
    for (size_t i = 0; i < ARGS && g->args[i]; i++)
        argv[argc++] = strdup(g->args[i]);
    for (size_t i = 0; i < ARGS && g->env[i]; i++)
        env[i] = strdup(g->env[i]);
    char *all[ARGS + 1];
    memcpy(all, argv, sizeof all);
    enum es_code rc = es_settings_load(s, &argc, argv, env, e);
    left[0] = '\0';
    for (int i = 0; rc == ES_OK && i < argc; i++) {
        size_t n = strlen(left);
        (void)snprintf(left + n, 256 - n, "%s%s", i ? " " : "", argv[i]);
    }
    for (size_t i = 0; i < ARGS; i++) {
        free(all[i]);
        free(env[i]);
    }
    return rc;
}

static const char *write_file(const char *name, const char *text)
{
    static char path[4][4096];
    static unsigned turn;
    char *p = path[turn++ % 4];
    (void)snprintf(p, sizeof path[0], "%s/%s", t_tmpdir(), name);
    FILE *f = fopen(p, "we");
    CHECK(f != NULL);
    fputs(text, f);
    fclose(f);
    return p;
}

TEST(settings_each_place_overrides_the_one_before)
{
    struct es_settings s;
    struct es_err e = { 0 };
    char left[256];
    const char *file = write_file("a.conf", "# a comment\n\n"
                                            " data = from file \r\n"
                                            "workers=3\nlisten = [::1]:1\n"
                                            "demo = yes");
    struct given g = { .args = { "serve", "--config", file, "--data=option",
                                 "--json", "FILE", "--", "--data", "x" },
                       .env = { "HOME=/", "EVERYSTEP_WORKERS=4",
                                "EVERYSTEP_DATA=variable" } };
    CHECK_INT(load(&g, &s, left, &e), ES_OK);
    CHECK_STR(s.data, "option");
    CHECK_STR(s.listen, "[::1]:1");
    CHECK_STR(s.origin, "");
    CHECK_INT(s.workers, 4);
    CHECK_INT(s.log_level, ES_LOG_INFO);
    CHECK(s.demo && !s.insecure);
    CHECK_STR(left, "serve --json FILE -- --data x");
    es_settings_release(&s);
}

TEST(settings_options_take_dashes_and_either_form)
{
    struct es_settings s;
    char left[256];
    struct given g = { .args = { "serve", "--trusted-proxy", "10.0.0.1",
                                 "--log-level=debug", "--insecure",
                                 "--demo=no" } };
    CHECK_INT(load(&g, &s, left, NULL), ES_OK);
    CHECK_STR(s.trusted_proxy, "10.0.0.1");
    CHECK_INT(s.log_level, ES_LOG_DEBUG);
    CHECK(s.insecure && !s.demo);
    CHECK_STR(left, "serve");
    es_settings_release(&s);
}

TEST(settings_secrets_come_from_files_and_never_from_options)
{
    struct es_settings s;
    char left[256], var[4200], opt[4200], conf[4200];
    const char *path = write_file("token", "s3cret\n");
    (void)snprintf(var, sizeof var, "EVERYSTEP_METRICS_TOKEN_FILE=%s", path);
    (void)snprintf(opt, sizeof opt, "--metrics-token-file=%s", path);
    (void)snprintf(conf, sizeof conf, "metrics_token_file = %s\n", path);
    struct given all[] = {
        { .args = { "serve" }, .env = { var } },
        { .args = { "serve", opt } },
        { .args = { "serve", "--config", write_file("b.conf", conf) } },
        { .args = { "serve" }, .env = { "EVERYSTEP_METRICS_TOKEN=s3cret" } },
    };
    for (size_t i = 0; i < 4; i++) {
        CHECK_INT(load(&all[i], &s, left, NULL), ES_OK);
        CHECK_STR(s.metrics_token, "s3cret");
        CHECK_STR(left, "serve");
        es_settings_release(&s);
    }
    struct given open_ = { .args = { "serve", "--metrics-token=s3cret" } };
    CHECK_INT(load(&open_, &s, left, NULL), ES_OK);
    CHECK_STR(s.metrics_token, "");
    CHECK_STR(left, "serve --metrics-token=s3cret"); /* for usage to refuse */
    es_settings_release(&s);
}

/* The message names the place, and a secret's value never stands in it. */
TEST(settings_errors_name_their_place)
{
    const char *bad = write_file("c.conf", "data = x\nworkrs = 3\n");
    const char *odd = write_file("d.conf", "data\n");
    const char *empty = write_file("empty", "\n");
    char secret[4200];
    (void)snprintf(secret, sizeof secret, "EVERYSTEP_METRICS_TOKEN_FILE=%s",
                   empty);
    const struct {
        struct given g;
        enum es_code code;
        const char *say;
    } CASES[] = {
        { { .args = { "x", "--config", bad } },
          ES_EINVAL,
          "c.conf:2: no such" },
        { { .args = { "x", "--config", odd } },
          ES_EINVAL,
          "d.conf:1: not NAME" },
        { { .args = { "x", "--config", "/nonexistent" } }, ES_ENOENT, "/none" },
        { { .args = { "x", "--config" } }, ES_EINVAL, "--config" },
        { { .args = { "x", "--data" } }, ES_EINVAL, "--data: wants" },
        { { .args = { "x", "--workers", "many" } }, ES_EINVAL, "--workers" },
        { { .args = { "x", "--workers", "257" } }, ES_EINVAL, "0 to 256" },
        { { .args = { "x", "--workers", "-1" } }, ES_EINVAL, "0 to 256" },
        { { .args = { "x", "--demo=perhaps" } }, ES_EINVAL, "yes or no" },
        { { .args = { "x", "--log-level=loud" } }, ES_EINVAL, "--log-level" },
        { { .args = { "x", "--data", "a\nb" } }, ES_EINVAL, "controls" },
        { { .args = { "x" }, .env = { "EVERYSTEP_WORKRS=3" } },
          ES_EINVAL,
          "EVERYSTEP_WORKRS: no such" },
        { { .args = { "x" }, .env = { "EVERYSTEP_METRICS_TOKEN=a\x1b" } },
          ES_EINVAL,
          "EVERYSTEP_METRICS_TOKEN: too long" },
        { { .args = { "x" }, .env = { secret } }, ES_EINVAL, "is empty" },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct es_settings s;
        struct es_err e = { 0 };
        char left[256];
        CHECK_INT(load(&CASES[i].g, &s, left, &e), CASES[i].code);
        if (!strstr(e.msg, CASES[i].say))
            FAIL("case %zu: \"%s\" without \"%s\"", i, e.msg, CASES[i].say);
        CHECK(s.data == NULL);
    }
}

TEST(settings_origin)
{
    static const struct {
        const char *origin, *listen, *want; /* NULL: refused */
        bool insecure;
    } CASES[] = {
        { "", "127.0.0.1:8080", "http://localhost:8080", false },
        { "", "127.0.0.2:80", "http://127.0.0.2:80", false },
        { "", "[::1]:80", "http://[::1]:80", false },
        { "", "unix:/run/x", NULL, true },
        { "", "0.0.0.0:80", NULL, true },
        { "", "[::]:80", NULL, true },
        { "", "192.0.2.1:80", NULL, false },
        { "", "192.0.2.1:80", "http://192.0.2.1:80", true },
        { "https://run.example", "unix:/x", "https://run.example", false },
        { "https://run.example:8443", "", "https://run.example:8443", false },
        { "http://run.example", "", NULL, false },
        { "http://run.example", "", "http://run.example", true },
        { "http://localhost:8080", "", "http://localhost:8080", false },
        { "http://a.localhost", "", "http://a.localhost", false },
        { "http://localhost.evil", "", NULL, false },
        { "http://127.0.0.1.evil", "", NULL, false },
        { "https://run.example/", "", NULL, false },
        { "https://run.example/x", "", NULL, false },
        { "https://", "", NULL, false },
        { "https://a:0", "", NULL, false },
        { "https://a:b", "", NULL, false },
        { "https://me@a", "", NULL, false },
        { "https://[::1", "", NULL, false },
        { "ftp://a", "", NULL, true },
        { "run.example", "", NULL, true },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct es_settings s = { .origin = CASES[i].origin,
                                 .listen = CASES[i].listen,
                                 .insecure = CASES[i].insecure };
        es_arena_init(&s.arena, 4096);
        enum es_code rc = es_settings_check(&s, NULL);
        if ((rc == ES_OK) != (CASES[i].want != NULL))
            FAIL("case %zu: %s", i, CASES[i].origin);
        if (CASES[i].want)
            CHECK_STR(s.origin, CASES[i].want);
        es_arena_release(&s.arena);
    }
}

/* ---- the program ---- */

/* Runs everystep with these arguments; its output goes to out. */
static int everystep(const char *args, char out[8192])
{
    char line[4600];
    (void)snprintf(line, sizeof line, "'%s/everystep' %s 2>&1",
                   getenv("ES_BUILD_ROOT"), args);
    FILE *f = popen(line, "re");
    CHECK(f != NULL);
    size_t n = fread(out, 1, 8191, f);
    out[n] = '\0';
    int status = pclose(f);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

TEST(everystep_says_how_it_is_called)
{
    char out[8192];
    CHECK_INT(everystep("--help", out), 0);
    CHECK(strstr(out, "serve") && strstr(out, "--trusted-proxy VALUE"));
    CHECK(strstr(out, "--metrics-token-file FILE"));
    CHECK(!strstr(out, "zygote"));
    CHECK_INT(everystep("--version", out), 0);
    CHECK(strncmp(out, "everystep ", 10) == 0);
    CHECK_INT(everystep("", out), 64);
    CHECK_INT(everystep("fly", out), 64);
    CHECK(strstr(out, "no command \"fly\""));
    CHECK_INT(everystep("serve --fly", out), 64);
    CHECK_INT(everystep("serve --workers=x", out), 64);
    CHECK_INT(everystep("web --handed 77 78 0", out), 1);
    CHECK_INT(everystep("--version >/dev/full", out), 1);
}

TEST(everystep_doctor_tells_a_good_folder_from_a_bad_one)
{
    char out[8192], args[4600];
    (void)snprintf(args, sizeof args, "doctor --data '%s'", t_tmpdir());
    CHECK_INT(everystep(args, out), 0);
    CHECK(strstr(out, "ok    decode   reads a track"));
    CHECK(strstr(out, "ok    render   draws a card"));
    CHECK(strstr(out, "writable") && strstr(out, "SQLite 3."));
    CHECK_INT(everystep("doctor --data /proc/self/fd", out), 1);
    CHECK(strstr(out, "BAD   data"));
    CHECK_INT(everystep("doctor --origin http://run.example", out), 1);
    CHECK(strstr(out, "BAD   origin"));
}
