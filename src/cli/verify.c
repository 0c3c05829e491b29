/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep verify [--key KEY] FILE: whether results are as an instance signed
 * them. Without a key, by the one in the file, which anybody can have made: it
 * is printed, to be compared with the one that the instance shows.
 * Exit: 0 they are, 1 they are not, 64 usage. */
#include "cli/cli.h"

#include "base/file.h"
#include "initiative/results.h"

#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 64 << 20 };

static int tell(const char *path, struct es_bytes results,
                const uint8_t key[ES_SIGN_PUBLIC])
{
    struct es_buf b;
    uint8_t sha256[ES_SHA256];
    es_sha256(results, sha256);
    es_buf_init(&b, 4096);
    es_buf_fmt(&b, "%s: unchanged since it was signed\nSHA-256     ", path);
    es_hex_put(&b, sha256, sizeof sha256);
    es_buf_str(&b, "\npublic key  ");
    es_hex_put(&b, key, ES_SIGN_PUBLIC);
    es_buf_str(&b, "\n");
    fputs(es_buf_cstr(&b), stdout);
    es_buf_release(&b);
    return fflush(stdout) == 0 ? ES_EXIT_OK : ES_EXIT_FAILED;
}

int es_cmd_verify(const struct es_cli *c, int argc, char **argv)
{
    uint8_t want[ES_SIGN_PUBLIC], key[ES_SIGN_PUBLIC];
    bool given = argc == 4 && strcmp(argv[1], "--key") == 0;
    struct es_err e = { 0 };
    struct es_buf file;
    struct es_bytes results;
    if (!given && argc != 2)
        return es_cli_usage(c);
    if (given && !es_hex_read(es_bytes_str(argv[2]), want, sizeof want))
        return es_cli_usage(c);
    const char *path = argv[argc - 1];
    if (es_file_load(path, FILE_MAX, &file, &e) != ES_OK)
        return es_complain(path, &e);
    enum es_code rc = es_results_unseal(es_buf_bytes(&file), &results, key, &e);
    if (rc == ES_OK && given && memcmp(want, key, sizeof key) != 0)
        rc = es_fail(&e, ES_EDENIED, 0, "signed with another key");
    int status = rc == ES_OK ? tell(path, results, key) : es_complain(path, &e);
    es_buf_release(&file);
    return status;
}
