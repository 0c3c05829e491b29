/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every setting is an option, a line of the config file and a variable of the
 * environment, all from one table. */
#ifndef ES_CLI_SETTINGS_H
#define ES_CLI_SETTINGS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct es_settings {
    struct es_arena arena;     /* owns all texts below */
    const char *data;          /* folder of the store */
    const char *listen;        /* ADDR:PORT or unix:PATH */
    const char *origin;        /* "https://run.example", no slash at the end */
    const char *trusted_proxy; /* addresses, comma separated; "" for none */
    int64_t workers;           /* of decoding; 0: two a processor */
    bool insecure;             /* an http origin off loopback is wanted */
    bool demo;
    int64_t log_level;         /* enum es_log_level */
    const char *metrics_token; /* secret; "" for none */
    const char *smtp_url;      /* "" where no mail is sent */
    const char *smtp_user;
    const char *smtp_password; /* secret */
    const char *mail_from;     /* "Name <runs@run.example>" */
    int64_t mail_per_minute;   /* messages to participants */
};

enum es_setting_kind {
    ES_SETTING_TEXT,
    ES_SETTING_NUMBER, /* min..max */
    ES_SETTING_FLAG,
    ES_SETTING_CHOICE, /* an index into choices */
    ES_SETTING_SECRET, /* a text that is never an option: others could see it
                          in the list of processes. NAME_file names a file */
};

struct es_setting {
    const char *name; /* "trusted_proxy": also --trusted-proxy and
                         EVERYSTEP_TRUSTED_PROXY */
    enum es_setting_kind kind;
    size_t at; /* within struct es_settings */
    const char *fallback;
    int64_t min, max;
    const char *const *choices; /* NULL-terminated */
    const char *help;
};

extern const struct es_setting ES_SETTINGS[];
extern const size_t ES_SETTINGS_N;

/* From the defaults, the config file (--config, EVERYSTEP_CONFIG), the
 * environment (NAME=value, NULL-terminated) and the options, each over the
 * one before. Options that are settings are taken out of argv[0..*argc); what
 * comes after "--" is left alone, and so is what is not ours.
 * ES_EINVAL with a message that names the place; ES_ENOENT, ES_EIO: a file.
 * On failure *s is released. */
ES_MUST_CHECK enum es_code es_settings_load(struct es_settings *s, int *argc,
                                            char **argv, char *const *env,
                                            struct es_err *e);
void es_settings_release(struct es_settings *s);

/* Whether one may serve with them: an origin that is one, and https unless it
 * is on this machine or `insecure` says that it may be. Fills in the origin
 * where it follows from `listen`. ES_EINVAL. */
ES_MUST_CHECK enum es_code es_settings_check(struct es_settings *s,
                                             struct es_err *e);

/* One line a setting, for --help. */
void es_settings_help(struct es_buf *b);

#endif
