/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever an organiser writes becomes only what the list allows. */
#include "base/limits.h"
#include "base/utf8.h"
#include "html/markdown.h"
#include "html/out.h"
#include "markup.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct es_buf page, words;
    char *s = malloc(n + 1);
    if (!s || n > ES_PROSE_MAX) {
        free(s);
        return 0;
    }
    if (n > 0)
        memcpy(s, p, n);
    s[n] = 0;
    es_buf_init(&page, 64u << 20);
    es_buf_init(&words, 64u << 20);
    struct es_out o = es_out_of(&page, es_lang_at(0));
    es_out_prose(&o, es_prose(s, 2));
    es_markdown_text(&words, s);
    assert(!page.bad && !words.bad);
    assert(markup_ok(es_buf_cstr(&page)));
    assert(es_utf8_valid(es_buf_bytes(&page)));
    es_buf_release(&page);
    es_buf_release(&words);
    free(s);
    return 0;
}
