/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The command line: one constant table of commands. Data go to standard
 * output, messages to standard error. */
#ifndef ES_CLI_CLI_H
#define ES_CLI_CLI_H

#include "base/err.h"
#include "cli/settings.h"

enum { ES_EXIT_OK = 0, ES_EXIT_FAILED = 1, ES_EXIT_USAGE = 64 };

/* What the supervisor hands to the web process: the control sockets of the
 * zygotes, of workers that read uploads and of workers that draw; and a socket
 * that listens already (systemd's), 0 for none. */
struct es_handed {
    int decode, draw, listener;
};

/* Public pages that are to be kept as files. */
struct es_keeping {
    const char *slug, *dir;
};

/* What stands on a higher floor, or beside us, and is wired in bin/. */
struct es_cli_wiring {
    /* The web process: serves until SIGTERM or SIGINT, then returns its exit
     * status. */
    int (*web)(const struct es_settings *s, const struct es_handed *h);
    /* Writes the pages; returns the exit status. */
    int (*site)(const struct es_settings *s, const struct es_keeping *k);
};

struct es_cmd;

struct es_cli {
    const struct es_cmd *cmd; /* which one runs */
    struct es_settings *set;
    const struct es_cli_wiring *wiring;
    char **raw; /* all arguments after the command, as they were given */
};

struct es_cmd {
    const char *name;
    const char *args; /* after the name, for help: "[--json] FILE..." */
    const char *help; /* one line; NULL: not shown */
    /* argv[0] is the command's name; options that are settings are gone.
     * Returns the exit status. */
    int (*run)(const struct es_cli *c, int argc, char **argv);
};

/* Runs what argv says; everystep's main. */
int es_cli_main(int argc, char **argv, const struct es_cli_wiring *wiring);

/* Prints how the command is called; returns ES_EXIT_USAGE. */
int es_cli_usage(const struct es_cli *c);
/* Prints "everystep: WHAT: the error"; returns ES_EXIT_FAILED. `what` may be
 * NULL. */
int es_complain(const char *what, const struct es_err *e);

/* The commands, one a file. */
int es_cmd_serve(const struct es_cli *c, int argc, char **argv);
int es_cmd_web(const struct es_cli *c, int argc, char **argv);
int es_cmd_mail(const struct es_cli *c, int argc, char **argv);
int es_cmd_admin(const struct es_cli *c, int argc, char **argv);
int es_cmd_recount(const struct es_cli *c, int argc, char **argv);
int es_cmd_backup(const struct es_cli *c, int argc, char **argv);
int es_cmd_restore(const struct es_cli *c, int argc, char **argv);
int es_cmd_export(const struct es_cli *c, int argc, char **argv);
int es_cmd_inspect(const struct es_cli *c, int argc, char **argv);
int es_cmd_verify(const struct es_cli *c, int argc, char **argv);
int es_cmd_doctor(const struct es_cli *c, int argc, char **argv);

#endif
