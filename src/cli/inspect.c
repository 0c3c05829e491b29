/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/inspect_print.h"

enum { LINE_MAX_BYTES = 4 << 20 }; /* splits of ES_SPLITS_MAX and to spare */

struct inspect {
    struct es_ingest *in;
    bool json;
    bool failed; /* something could not be used */
};

static enum es_code load(const char *file, struct es_buf *out, struct es_err *e)
{
    if (strcmp(file, "-") == 0)
        return es_fd_load(STDIN_FILENO, ES_UPLOAD_MAX, out, e);
    return es_file_load(file, ES_UPLOAD_MAX, out, e);
}

static enum es_code print(struct inspect *s, const char *file,
                          const struct es_ingest_item *item, struct es_err *e)
{
    struct es_buf b = { 0 };
    es_buf_init(&b, LINE_MAX_BYTES);
    if (s->json)
        es_inspect_json(&b, file, item);
    else
        es_inspect_text(&b, file, item);
    enum es_code rc = b.bad ? es_fail(e, ES_ENOMEM, 0, "out of memory")
                            : es_fd_write(STDOUT_FILENO, es_buf_bytes(&b), e);
    es_buf_release(&b);
    s->failed |= item->code != ES_OK;
    return rc;
}

/* Whatever is wrong with the file is printed; fails only when that can't
 * be. */
static enum es_code one_file(struct inspect *s, const char *file,
                             struct es_err *e)
{
    struct es_buf raw = { 0 };
    struct es_arena a;
    struct es_ingest_result got = { 0 };
    struct es_ingest_item bad = { 0 };
    enum es_code rc = ES_OK;

    es_arena_init(&a, ES_DECODE_MEM);
    bad.code = load(file, &raw, &bad.err);
    if (bad.code == ES_OK)
        bad.code =
            es_ingest_bytes(s->in, es_buf_bytes(&raw), &a, &got, &bad.err);
    if (bad.code != ES_OK)
        rc = print(s, file, &bad, e);
    for (size_t i = 0; bad.code == ES_OK && rc == ES_OK && i < got.n; i++)
        rc = print(s, file, &got.v[i], e);
    es_arena_release(&a);
    es_buf_release(&raw);
    return rc;
}

/* everystep inspect [--json] FILE...: what each file holds, "-" for standard
 * input. Exit: 0 all could be used, 1 not, 64 usage. */
int es_cmd_inspect(const struct es_cli *c, int argc, char **argv)
{
    struct inspect s = { 0 };
    struct es_ingest_config config = { .zygote_fd = -1, .workers = 1 };
    struct es_err e = { 0 };
    int at = 1;

    for (; at < argc && argv[at][0] == '-' && argv[at][1] != '\0'; at++) {
        if (strcmp(argv[at], "--") == 0) {
            at++;
            break;
        }
        if (strcmp(argv[at], "--json") != 0)
            return es_cli_usage(c);
        s.json = true;
    }
    if (at == argc)
        return es_cli_usage(c);
    enum es_code rc = es_ingest_open(&config, &s.in, &e);
    for (; rc == ES_OK && at < argc; at++)
        rc = one_file(&s, argv[at], &e);
    es_ingest_close(s.in);
    if (rc != ES_OK)
        return es_complain("inspect", &e);
    return s.failed ? ES_EXIT_FAILED : ES_EXIT_OK;
}
