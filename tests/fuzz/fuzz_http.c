/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A request's bytes: judged the same whole and in pieces, then run. */
#include "http/head.h"
#include "http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static enum es_code handler(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    const char *name, *value;
    size_t n;
    (void)e;

    const char *slug = es_req_param(q, "slug");
    assert(slug == NULL || (*slug && !strpbrk(slug, "/\\\r\n")));
    for (size_t i = 0; es_req_form_at(q, i, &name, &value); i++)
        es_buf_fmt(es_resp_body(out), "%s=%s\n", name, value);
    const struct es_req_file *f = es_req_files(q, &n);
    for (size_t i = 0; i < n; i++)
        assert(f[i].fd >= 0 && !strpbrk(f[i].filename, "/\\\r\n"));
    es_resp_header(out, "X-Echo", es_req_target(q));
    es_resp_attachment(out,
                       es_req_query(q, "name") ? es_req_query(q, "name") : "");
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/", ES_BODY_NONE, 0, handler },
    { ES_GET, "/e/{slug}", ES_BODY_NONE, 0, handler },
    { ES_POST, "/e/{slug}", ES_BODY_FORM, ES_ROUTE_FILES, handler },
    { ES_POST, "/j", ES_BODY_JSON, 0, handler },
    { ES_POST, "/r", ES_BODY_RAW, 0, handler },
};
static const struct es_routes TABLES[] = { { ROUTES, 5 } };
static const struct es_http_config CONFIG = {
    .tables = TABLES,
    .n_tables = 1,
    .no_access_log = true,
};

static void run(struct es_bytes in)
{
    struct es_reply r;

    if (es_http_call(&CONFIG, in, "unix", &r, NULL) != ES_OK)
        return;
    assert(r.status >= 200 && r.status < 600);
    /* "Name: value" lines and nothing that a stranger could have begun */
    for (const char *s = es_buf_cstr(&r.head); *s; s++)
        assert(*s == '\n' || *s == '\t' || (uint8_t)*s >= ' ');
    es_reply_release(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct es_bytes in = { p, n };
    struct es_head h;
    int whole = es_head_parse(in, &h);

    if (whole == ES_HEAD_OK) {
        assert(h.bytes <= n && h.n_fields <= ES_HTTP_FIELDS);
        assert(h.target.p > p && h.target.p + h.target.n < p + h.bytes);
    }
    /* Once something is wrong, more bytes don't make it right. */
    for (size_t k = 0; k < n && k < 64; k++) {
        struct es_bytes cut = { p, n - n / (k + 2) };
        int part = es_head_parse(cut, &h);
        assert(part == ES_HEAD_MORE || part == whole);
    }
    if (whole == ES_HEAD_OK)
        run(in);
    return 0;
}
