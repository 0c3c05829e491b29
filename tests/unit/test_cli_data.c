/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep recount, admin, backup and restore, as one calls them. */
#include "store/steps.h"
#include "store_kit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INI = 1000, WHO = 1001, OUT = 8192 };

/* Runs everystep on this data folder; its output goes to out. */
static int everystep(const char *data, const char *args, char out[OUT])
{
    char line[4600];
    (void)snprintf(line, sizeof line, "'%s/everystep' %s --data '%s' 2>&1",
                   getenv("ES_BUILD_ROOT"), args, data);
    FILE *f = popen(line, "re");
    CHECK(f != NULL);
    size_t n = fread(out, 1, OUT - 1, f);
    out[n] = '\0';
    int status = pclose(f);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

WRITE(spoil)
{
    struct es_ledger_entry l = { .initiative = INI,
                                 .id = 9000,
                                 .participant = WHO,
                                 .delta_mm = -1500000,
                                 .actor = "system",
                                 .reason = "mistake" };
    (void)blob;
    (void)arg;
    return es_txn_ledger_add(tx, &l, e);
}

static const char *world(bool spoilt)
{
    const char *dir = t_tmpdir();
    struct es_store *s = kit_open(dir);
    struct es_run r = kit_run(INI, WHO, 50, "a1");
    kit_world(s, INI);
    CHECK_INT(kit_upload(s, &r, es_bytes_str("a file")), ES_OK);
    if (spoilt)
        CHECK_INT(kit_write(s, spoil, NULL), ES_OK);
    es_store_close(s);
    return dir;
}

TEST(recount_finds_and_mends)
{
    char out[OUT];
    const char *dir = world(false);

    CHECK_INT(everystep(dir, "recount", out), 0);
    CHECK_STR(out, "run-1000\t1 participants\t1 runs\t10.000050 km\t"
                   "0 differences\n");
    dir = world(true);
    CHECK_INT(everystep(dir, "recount", out), 1);
    CHECK(strstr(out, "bib 1\t1 runs\t10.000050 km\t3600050 ms\t"
                      "ledger: 1 runs\t8.500050 km"));
    CHECK(strstr(out, "1 differences\n"));
    CHECK_INT(everystep(dir, "recount --fix", out), 0);
    CHECK(strstr(out, "1 differences\t1 corrected\n"));
    CHECK_INT(everystep(dir, "recount", out), 0);
    CHECK_INT(everystep(dir, "recount --mend", out), 64);
    CHECK_INT(everystep("/nonexistent", "recount", out), 1);
    CHECK(strstr(out, "there is no store in this folder"));
}

WRITE(add_step)
{
    (void)blob;
    return es_txn_step_add(tx, arg, e);
}

static void sql(const char *dir, const char *text)
{
    char path[4096];
    sqlite3 *h = NULL;
    (void)snprintf(path, sizeof path, "%s/everystep.db", dir);
    CHECK_INT(sqlite3_open(path, &h), SQLITE_OK);
    CHECK_INT(sqlite3_exec(h, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(h);
}

/* Also while somebody has the store open, as the server has. */
TEST(doctor_says_where_the_log_of_runs_breaks)
{
    char out[OUT];
    const char *dir = world(false);
    struct es_store *s = kit_open(dir);
    for (int64_t i = 0; i < 3; i++) {
        struct es_step step = { .initiative = INI,
                                .run = 50,
                                .participant = WHO,
                                .what = ES_STEP_SEEN,
                                .reason = "",
                                .words = "",
                                .at_ms = 1000 + i };
        CHECK_INT(kit_write(s, add_step, &step), ES_OK);
    }
    CHECK_INT(everystep(dir, "doctor", out), 0);
    CHECK(strstr(out, "ok    log      3 steps of runs, each as it was"));
    sql(dir, "UPDATE step SET account = 5 WHERE id = 2");
    CHECK_INT(everystep(dir, "doctor", out), 1);
    CHECK(strstr(out, "BAD   log      run-1000: step 2 of 3 is missing or was "
                      "changed; 3 steps of runs\n"));
    es_store_close(s);
    CHECK_INT(everystep(t_tmpdir(), "doctor", out), 0);
    CHECK(strstr(out, "note  log      nothing is there yet"));
}

TEST(admin_link_is_a_whole_address)
{
    static const char START[] = "http://localhost:8080/setup/";
    char out[OUT];
    const char *dir = world(false);

    CHECK_INT(everystep(dir, "admin link", out), 0);
    CHECK(strncmp(out, START, sizeof START - 1) == 0);
    CHECK_INT(everystep(dir, "admin link --origin https://run.example", out),
              0);
    CHECK(strncmp(out, "https://run.example/setup/", 26) == 0);
    CHECK_INT(everystep(dir, "admin link --origin run.example", out), 64);
    CHECK_INT(everystep(t_tmpdir(), "admin link", out), 1);
    CHECK(strstr(out, "there is no store in this folder"));
}

TEST(backup_is_a_store_and_restores)
{
    char out[OUT], args[300];
    const char *dir = world(false), *copy = t_tmpdir(), *back = t_tmpdir();

    (void)snprintf(args, sizeof args, "backup '%s'", copy);
    CHECK_INT(everystep(dir, args, out), 0);
    CHECK(strstr(out, "1 files\t6 bytes\tall read"));
    CHECK_INT(everystep(dir, args, out), 1);
    CHECK(strstr(out, "holds a store already"));
    CHECK_INT(everystep(copy, "recount", out), 0);
    (void)snprintf(args, sizeof args, "restore '%s'", copy);
    CHECK_INT(everystep(dir, args, out), 1); /* never over what is there */
    CHECK_INT(everystep(back, args, out), 0);
    CHECK_INT(everystep(back, "recount", out), 0);
    CHECK(strstr(out, "1 runs\t10.000050 km"));
    (void)snprintf(args, sizeof args, "%s/segments/00000001.seg", copy);
    CHECK_INT(truncate(args, 20), 0);
    (void)snprintf(args, sizeof args, "restore '%s'", copy);
    CHECK_INT(everystep(t_tmpdir(), args, out), 1);
    CHECK(strstr(out, "1 of 1 files can't be read"));
    CHECK_INT(everystep(dir, "backup", out), 64);
}
