/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the server sends is made of what people wrote; and what is read can be
 * drawn. The wire's form first, then the picture of what passed. */
#include "card/card.h"

#include "base/limits.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
const char *__lsan_default_suppressions(void);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* What it holds it holds by pointers that no one else can follow. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so";
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct es_err e = { 0 };
    (void)argc;
    (void)argv;
    if (es_card_fonts(NULL, &e) != ES_OK) {
        fprintf(stderr, "%s\n", e.msg);
        abort();
    }
    return 0;
}

/* A card that was read says the same when it is sent and read again. */
static void sent_again(const struct es_card *c, struct es_arena *a)
{
    struct es_buf b;
    struct es_card got;
    es_buf_init(&b, ES_CARD_BYTES);
    es_card_put(&b, c);
    enum es_code rc = es_card_get(es_buf_bytes(&b), a, &got, NULL);
    assert(rc == ES_OK && strcmp(got.name, c->name) == 0);
    assert(got.n_route == c->n_route && got.goal_mm == c->goal_mm);
    es_buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct es_arena a;
    struct es_card c = { 0 };
    struct es_err e = { 0 };
    es_arena_init(&a, 1 << 20);
    if (es_card_get((struct es_bytes){ p, n }, &a, &c, &e) == ES_OK) {
        struct es_buf png;
        es_buf_init(&png, ES_FRAME_MAX);
        enum es_code rc = es_card_draw(&c, &png, &e);
        assert(rc == ES_OK && png.n > 0);
        es_buf_release(&png);
        sent_again(&c, &a);
    } else {
        assert(!c.lang);
    }
    es_arena_release(&a);
    return 0;
}
