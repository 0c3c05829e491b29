/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages on which people come back by mail. */
#include "samples.h"

#include "web/pages.h"

static struct es_view_choose family(void)
{
    static struct es_view_family v[2];
    v[0] = (struct es_view_family){ "1", S("عائشہ خان"), S("Lantern Run") };
    v[1] = (struct es_view_family){ "2", S("Bo Öztürk"), S("Lantern Run") };
    return (struct es_view_choose){ v, N(v), S("12345678") };
}

void sample_back(struct es_out *o)
{
    struct es_view_back v = { .frame = frame(false), .address = { "", NULL } };
    es_page_back(o, &v);
}

void sample_back_errors(struct es_out *o)
{
    struct es_view_back v = { .frame = frame(false),
                              .address = { S("ada@"), S("One mail address.") },
                              .gone = true,
                              .retry_s = 1700 };
    es_page_back(o, &v);
}

static struct es_view_sent sent(void)
{
    return (struct es_view_sent){ .frame = frame(false),
                                  .address = S("ada@example.org"),
                                  .shown = "1234 5678",
                                  .code = { "", S("This isn't the code.") } };
}

void sample_back_sent(struct es_out *o)
{
    struct es_view_sent v = sent();
    es_page_back_sent(o, &v);
}

void sample_back_family(struct es_out *o)
{
    struct es_view_sent v = sent();
    v.choose = family();
    es_page_back_sent(o, &v);
}

void sample_back_link(struct es_out *o)
{
    struct es_view_back_link v = { .frame = frame(false),
                                   .action = path("/back/0"),
                                   .here = true };
    es_page_back_link(o, &v);
}

void sample_back_elsewhere(struct es_out *o)
{
    struct es_view_back_link v = { .frame = frame(false),
                                   .action = path("/back/0"),
                                   .code = { "", S("Wrong.") } };
    es_page_back_link(o, &v);
}
