/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/cli.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* In the order of --help. */
static const struct es_cmd COMMANDS[] = {
    { "serve", "[OPTIONS]", "hold initiatives: pages, uploads, standings",
      es_cmd_serve },
    { "admin", "link [OPTIONS]", "print a one-time set-up link", es_cmd_admin },
    { "recount", "[--fix]", "add up all runs again, against the ledger",
      es_cmd_recount },
    { "backup", "DIR", "copy the data folder while it is in use",
      es_cmd_backup },
    { "restore", "DIR", "make a data folder from a backup", es_cmd_restore },
    { "export", "site --initiative SLUG --out DIR",
      "write an initiative's public pages as files", es_cmd_export },
    { "inspect", "[--json] FILE...", "say what activity files hold",
      es_cmd_inspect },
    { "verify", "[--key KEY] FILE", "check the signature of results",
      es_cmd_verify },
    { "doctor", "[OPTIONS]", "check what this machine and folder can do",
      es_cmd_doctor },
    { "mail", "[OPTIONS]", NULL, es_cmd_mail },
    { "web", "--zygote FD FD [OPTIONS]", NULL, es_cmd_web },
};
enum { COMMANDS_N = sizeof COMMANDS / sizeof COMMANDS[0] };

static const struct es_cmd *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS_N; i++)
        if (strcmp(COMMANDS[i].name, name) == 0)
            return &COMMANDS[i];
    return NULL;
}

static int help(void)
{
    struct es_buf b;
    es_buf_init(&b, 65536);
    es_buf_str(&b, "everystep COMMAND [ARGUMENTS]\n\n");
    for (size_t i = 0; i < COMMANDS_N; i++)
        if (COMMANDS[i].help)
            es_buf_fmt(&b, "  %-8s %-22s %s\n", COMMANDS[i].name,
                       COMMANDS[i].args, COMMANDS[i].help);
    es_buf_str(&b, "\nSettings; each is also a line `name = value` of the "
                   "config file and a variable\nEVERYSTEP_NAME, a secret also "
                   "EVERYSTEP_NAME_FILE:\n\n");
    es_buf_fmt(&b, "  %-26s %s\n", "--config FILE", "where they are read from");
    es_settings_help(&b);
    es_buf_str(&b, "\nExit status: 0 done, 1 failed, 64 called wrongly.\n");
    fputs(es_buf_cstr(&b), stdout);
    es_buf_release(&b);
    return fflush(stdout) == 0 ? ES_EXIT_OK : ES_EXIT_FAILED;
}

int es_cli_usage(const struct es_cli *c)
{
    fprintf(stderr, "usage: everystep %s %s\n", c->cmd->name, c->cmd->args);
    return ES_EXIT_USAGE;
}

int es_complain(const char *what, const struct es_err *e)
{
    const char *msg = e->msg[0] ? e->msg : es_code_name(e->code);
    fprintf(stderr, "everystep: %s%s%s\n", what ? what : "", what ? ": " : "",
            msg);
    return ES_EXIT_FAILED;
}

static int run(const struct es_cmd *cmd, int argc, char **argv,
               const struct es_cli_wiring *wiring)
{
    struct es_settings set;
    struct es_err e = { 0 };
    int status = ES_EXIT_FAILED;
    char **raw = calloc((size_t)argc + 1, sizeof *raw);
    if (!raw)
        return status;
    memcpy(raw, argv + 1, (size_t)(argc - 1) * sizeof *raw);
    if (es_settings_load(&set, &argc, argv, environ, &e) != ES_OK) {
        (void)es_complain(NULL, &e);
        status = ES_EXIT_USAGE;
    } else {
        struct es_cli c = { cmd, &set, wiring, raw };
        es_log_min((enum es_log_level)set.log_level);
        status = cmd->run(&c, argc, argv);
        es_settings_release(&set);
    }
    free(raw);
    return status;
}

int es_cli_main(int argc, char **argv, const struct es_cli_wiring *wiring)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0)
        return help();
    if (strcmp(name, "--version") == 0) {
        puts("everystep " ES_VERSION);
        return fflush(stdout) == 0 ? ES_EXIT_OK : ES_EXIT_FAILED;
    }
    const struct es_cmd *cmd = find(name);
    if (cmd)
        return run(cmd, argc - 1, argv + 1, wiring);
    if (*name)
        fprintf(stderr, "everystep: no command \"%s\"\n", name);
    fputs("usage: everystep COMMAND [ARGUMENTS]; everystep --help\n", stderr);
    return ES_EXIT_USAGE;
}
