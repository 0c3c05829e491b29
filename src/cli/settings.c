/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/settings.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { CONFIG_MAX = 65536, VALUE_MAX = 4096, NAME_CAP = 64 };

static const char *const LEVELS[] = { "debug", "info", "warn", "error", NULL };

#define AT(field) offsetof(struct es_settings, field)

const struct es_setting ES_SETTINGS[] = {
    { "data", ES_SETTING_TEXT, AT(data), "data", 0, 0, NULL,
      "folder of all that is kept; made if it is not there" },
    { "listen", ES_SETTING_TEXT, AT(listen), "127.0.0.1:8080", 0, 0, NULL,
      "ADDR:PORT, or unix:PATH behind a proxy" },
    { "origin", ES_SETTING_TEXT, AT(origin), "", 0, 0, NULL,
      "what browsers are to say, as https://run.example" },
    { "trusted_proxy", ES_SETTING_TEXT, AT(trusted_proxy), "", 0, 0, NULL,
      "addresses whose X-Forwarded-* are believed, with commas" },
    { "workers", ES_SETTING_NUMBER, AT(workers), "0", 0, ES_WORKERS_MAX, NULL,
      "processes that read uploads; 0: two a processor" },
    { "insecure", ES_SETTING_FLAG, AT(insecure), "no", 0, 0, NULL,
      "allow an http origin that is not on this machine" },
    { "demo", ES_SETTING_FLAG, AT(demo), "no", 0, 0, NULL,
      "hold a made-up initiative, if none is held" },
    { "log_level", ES_SETTING_CHOICE, AT(log_level), "info", 0, 0, LEVELS,
      "debug, info, warn or error" },
    { "metrics_token", ES_SETTING_SECRET, AT(metrics_token), "", 0, 0, NULL,
      "bearer token that opens /metrics to others than loopback" },
    { "smtp_url", ES_SETTING_TEXT, AT(smtp_url), "", 0, 0, NULL,
      "where mail goes: smtps://HOST, smtp://HOST:587; none is sent without" },
    { "smtp_user", ES_SETTING_TEXT, AT(smtp_user), "", 0, 0, NULL,
      "whom that server knows us as" },
    { "smtp_password", ES_SETTING_SECRET, AT(smtp_password), "", 0, 0, NULL,
      "and by what" },
    { "mail_from", ES_SETTING_TEXT, AT(mail_from), "", 0, 0, NULL,
      "whom mail is from, as \"A run <runs@run.example>\"" },
    { "mail_per_minute", ES_SETTING_NUMBER, AT(mail_per_minute), "120", 1, 6000,
      NULL, "messages to participants that go out in a minute at most" },
};
const size_t ES_SETTINGS_N = sizeof ES_SETTINGS / sizeof ES_SETTINGS[0];

/* ---- one value ---- */

static const struct es_setting *find(const char *name, size_t n)
{
    for (size_t i = 0; i < ES_SETTINGS_N; i++)
        if (strlen(ES_SETTINGS[i].name) == n &&
            memcmp(ES_SETTINGS[i].name, name, n) == 0)
            return &ES_SETTINGS[i];
    return NULL;
}

static bool parse_flag(const char *text, bool *out)
{
    static const char *const WORDS[] = { "no",  "yes", "false", "true",
                                         "off", "on",  "0",     "1" };
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (strcasecmp(text, WORDS[i]) == 0) {
            *out = i % 2 == 1;
            return true;
        }
    }
    return false;
}

static bool parse_choice(const struct es_setting *row, const char *text,
                         int64_t *out)
{
    for (int64_t i = 0; row->choices[i]; i++) {
        if (strcasecmp(text, row->choices[i]) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool printable(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return false;
    return true;
}

/* `from` says where it stood, for the message. */
static enum es_code set(struct es_settings *s, const struct es_setting *row,
                        const char *text, const char *from, struct es_err *e)
{
    char *at = (char *)s + row->at;
    int64_t number = 0;
    bool flag = false;

    if (strlen(text) > VALUE_MAX || !printable(text))
        return es_fail(e, ES_EINVAL, 0, "%s: too long, or holds controls",
                       from);
    switch (row->kind) {
    case ES_SETTING_NUMBER:
        if (!es_num_i64(es_bytes_str(text), row->min, row->max, &number))
            return es_fail(e, ES_EINVAL, 0, "%s: a number from %lld to %lld",
                           from, (long long)row->min, (long long)row->max);
        memcpy(at, &number, sizeof number);
        return ES_OK;
    case ES_SETTING_CHOICE:
        if (!parse_choice(row, text, &number))
            return es_fail(e, ES_EINVAL, 0, "%s: %s", from, row->help);
        memcpy(at, &number, sizeof number);
        return ES_OK;
    case ES_SETTING_FLAG:
        if (!parse_flag(text, &flag))
            return es_fail(e, ES_EINVAL, 0, "%s: yes or no", from);
        memcpy(at, &flag, sizeof flag);
        return ES_OK;
    case ES_SETTING_TEXT:
    case ES_SETTING_SECRET:
        break;
    }
    const char *copy = es_arena_str(&s->arena, text);
    if (!copy)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    memcpy(at, &copy, sizeof copy);
    return ES_OK;
}

/* A secret from a file: its first line. */
static enum es_code set_from_file(struct es_settings *s,
                                  const struct es_setting *row,
                                  const char *path, const char *from,
                                  struct es_err *e)
{
    struct es_buf b;
    struct es_err why = { 0 };
    enum es_code rc = es_file_load(path, VALUE_MAX, &b, &why);
    if (rc != ES_OK)
        return es_fail(e, rc, 0, "%s: %s: %s", from, path, why.msg);
    size_t n = strcspn(es_buf_cstr(&b), "\r\n");
    if (n == 0) {
        rc = es_fail(e, ES_EINVAL, 0, "%s: %s is empty", from, path);
    } else {
        b.p[n] = '\0';
        rc = set(s, row, (const char *)b.p, from, e);
    }
    es_buf_release(&b);
    return rc;
}

/* By its name, or that of a secret with _file behind. */
static enum es_code set_named(struct es_settings *s, const char *name,
                              const char *text, const char *from,
                              struct es_err *e)
{
    static const char TAIL[] = "_file";
    size_t n = strlen(name), tail = sizeof TAIL - 1;
    const struct es_setting *row = find(name, n);
    if (row)
        return set(s, row, text, from, e);
    if (n > tail && strcmp(name + n - tail, TAIL) == 0)
        row = find(name, n - tail);
    if (row && row->kind == ES_SETTING_SECRET)
        return set_from_file(s, row, text, from, e);
    return es_fail(e, ES_EINVAL, 0, "%s: no such setting", from);
}

/* ---- the config file ---- */

static char *trim(char *s)
{
    s += strspn(s, " \t\r");
    size_t n = strlen(s);
    while (n > 0 && strchr(" \t\r", s[n - 1]))
        s[--n] = '\0';
    return s;
}

static enum es_code config_line(struct es_settings *s, char *line,
                                const char *from, struct es_err *e)
{
    line = trim(line);
    if (*line == '\0' || *line == '#')
        return ES_OK;
    char *eq = strchr(line, '=');
    if (!eq)
        return es_fail(e, ES_EINVAL, 0, "%s: not NAME = VALUE", from);
    *eq = '\0';
    return set_named(s, trim(line), trim(eq + 1), from, e);
}

static enum es_code load_config(struct es_settings *s, const char *path,
                                struct es_err *e)
{
    struct es_buf b;
    struct es_err why = { 0 };
    enum es_code rc = es_file_load(path, CONFIG_MAX, &b, &why);
    if (rc != ES_OK)
        return es_fail(e, rc, 0, "%s: %s", path, why.msg);
    char *at = b.n ? (char *)b.p : NULL;
    if (b.n && strlen(at) != b.n)
        rc = es_fail(e, ES_EINVAL, 0, "%s: holds a NUL", path);
    for (int line = 1; rc == ES_OK && at; line++) {
        char from[sizeof why.msg];
        char *next = strchr(at, '\n');
        if (next)
            *next++ = '\0';
        (void)snprintf(from, sizeof from, "%s:%d", path, line);
        rc = config_line(s, at, from, e);
        at = next;
    }
    es_buf_release(&b);
    return rc;
}

/* ---- environment and options ---- */

static enum es_code load_env(struct es_settings *s, char *const *env,
                             struct es_err *e)
{
    static const char PREFIX[] = "EVERYSTEP_";
    enum es_code rc = ES_OK;
    for (; rc == ES_OK && env && *env; env++) {
        char from[NAME_CAP + sizeof PREFIX], name[NAME_CAP];
        const char *eq = strchr(*env, '=');
        size_t skip = sizeof PREFIX - 1;
        if (!eq || strncmp(*env, PREFIX, skip) != 0)
            continue;
        size_t n = (size_t)(eq - *env) - skip;
        if (n >= sizeof name)
            return es_fail(e, ES_EINVAL, 0, "%.40s...: no such setting", *env);
        for (size_t i = 0; i < n; i++)
            name[i] = (char)tolower((unsigned char)(*env)[skip + i]);
        name[n] = '\0';
        (void)snprintf(from, sizeof from, "%s%s", PREFIX, *env + skip);
        from[skip + n] = '\0'; /* the value may be a secret */
        if (strcmp(name, "config") != 0)
            rc = set_named(s, name, eq + 1, from, e);
    }
    return rc;
}

/* The setting that an option means, or NULL; *value is what stands behind its
 * "=". Of a secret only the file is an option (*file). */
static const struct es_setting *option(const char *arg, const char **value,
                                       bool *file)
{
    char name[NAME_CAP];
    const char *eq = strchr(arg, '=');
    size_t n = eq ? (size_t)(eq - arg) : strlen(arg);
    *value = eq ? eq + 1 : NULL;
    *file = false;
    if (n < 3 || n - 2 >= sizeof name || strncmp(arg, "--", 2) != 0)
        return NULL;
    n -= 2;
    for (size_t i = 0; i < n; i++)
        name[i] = arg[2 + i];
    for (size_t i = 0; i < n; i++)
        if (name[i] == '-')
            name[i] = '_';
    const struct es_setting *row = find(name, n);
    if (!row && n > 5 && memcmp(name + n - 5, "_file", 5) == 0) {
        row = find(name, n - 5);
        *file = true;
    }
    return row && (row->kind == ES_SETTING_SECRET) == *file ? row : NULL;
}

static enum es_code take_option(struct es_settings *s, int argc, char **argv,
                                int *i, bool *taken, struct es_err *e)
{
    const char *value, *name = argv[*i];
    bool file;
    const struct es_setting *row = option(name, &value, &file);
    *taken = row != NULL;
    if (!row)
        return ES_OK;
    if (!value && row->kind == ES_SETTING_FLAG)
        value = "yes";
    if (!value && *i + 1 >= argc)
        return es_fail(e, ES_EINVAL, 0, "%s: wants a value", name);
    if (!value)
        value = argv[++*i];
    return file ? set_from_file(s, row, value, name, e)
                : set(s, row, value, name, e);
}

static enum es_code load_options(struct es_settings *s, int *argc, char **argv,
                                 struct es_err *e)
{
    enum es_code rc = ES_OK;
    bool ended = false;
    int kept = 0;
    for (int i = 0; rc == ES_OK && i < *argc; i++) {
        char *arg = argv[i];
        bool taken = false;
        ended = ended || strcmp(arg, "--") == 0;
        if (!ended)
            rc = take_option(s, *argc, argv, &i, &taken, e);
        if (!taken)
            argv[kept++] = arg;
    }
    if (rc == ES_OK) {
        *argc = kept;
        argv[kept] = NULL;
    }
    return rc;
}

/* --config is taken out first: what it says comes before what others say. */
static enum es_code config_path(int *argc, char **argv, char *const *env,
                                const char **out, struct es_err *e)
{
    static const char VAR[] = "EVERYSTEP_CONFIG=", OPT[] = "--config=";
    int kept = 0, i = 0;
    for (; env && *env; env++)
        if (strncmp(*env, VAR, sizeof VAR - 1) == 0)
            *out = *env + sizeof VAR - 1;
    for (; i < *argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], OPT, sizeof OPT - 1) == 0) {
            *out = argv[i] + sizeof OPT - 1;
        } else if (strcmp(argv[i], "--config") != 0) {
            argv[kept++] = argv[i];
        } else if (i + 1 < *argc) {
            *out = argv[++i];
        } else {
            return es_fail(e, ES_EINVAL, 0, "--config: wants a file");
        }
    }
    while (i < *argc)
        argv[kept++] = argv[i++];
    *argc = kept;
    argv[kept] = NULL;
    return ES_OK;
}

enum es_code es_settings_load(struct es_settings *s, int *argc, char **argv,
                              char *const *env, struct es_err *e)
{
    const char *config = NULL;
    enum es_code rc = ES_OK;

    *s = (struct es_settings){ 0 };
    es_arena_init(&s->arena, 1 << 20);
    for (size_t i = 0; rc == ES_OK && i < ES_SETTINGS_N; i++)
        rc = set(s, &ES_SETTINGS[i], ES_SETTINGS[i].fallback, "default", e);
    if (rc == ES_OK)
        rc = config_path(argc, argv, env, &config, e);
    if (rc == ES_OK && config)
        rc = load_config(s, config, e);
    if (rc == ES_OK)
        rc = load_env(s, env, e);
    if (rc == ES_OK)
        rc = load_options(s, argc, argv, e);
    if (rc != ES_OK)
        es_settings_release(s);
    return rc;
}

void es_settings_release(struct es_settings *s)
{
    es_arena_release(&s->arena);
    *s = (struct es_settings){ 0 };
}

void es_settings_help(struct es_buf *b)
{
    for (size_t i = 0; i < ES_SETTINGS_N; i++) {
        const struct es_setting *row = &ES_SETTINGS[i];
        bool secret = row->kind == ES_SETTING_SECRET;
        char name[NAME_CAP];
        (void)snprintf(name, sizeof name, "--%s%s%s", row->name,
                       secret ? "_file FILE" : "",
                       secret || row->kind == ES_SETTING_FLAG ? "" : " VALUE");
        for (char *p = name; *p && *p != ' '; p++)
            if (*p == '_')
                *p = '-';
        es_buf_fmt(b, "  %-26s %s", name, row->help);
        if (*row->fallback && row->kind != ES_SETTING_FLAG)
            es_buf_fmt(b, " (%s)", row->fallback);
        es_buf_str(b, "\n");
    }
}
