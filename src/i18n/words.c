/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/catalogue.h"

#include <stdarg.h>

static const struct es_catalogue *catalogue(const struct es_lang *l)
{
    for (size_t i = 0; i < es_catalogues_n; i++)
        if (strcmp(es_catalogues[i].tag, l->tag) == 0)
            return &es_catalogues[i];
    return NULL;
}

static const struct es_catalogue_entry *find(const struct es_catalogue *c,
                                             const char *id)
{
    size_t lo = 0;
    size_t hi = c ? c->n : 0;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = strcmp(id, c->v[mid].id);
        if (order == 0)
            return &c->v[mid];
        if (order < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

const char *es_t(const struct es_lang *l, const char *id)
{
    const struct es_catalogue_entry *e = find(catalogue(l), id);
    return e ? e->forms[0] : id;
}

const char *es_tn(const struct es_lang *l, const char *one, const char *many,
                  int64_t n)
{
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    const struct es_catalogue *c = catalogue(l);
    const struct es_catalogue_entry *e = find(c, one);
    if (e) {
        unsigned form = c->plural(size);
        if (form < ES_PLURALS_MAX && e->forms[form])
            return e->forms[form];
    }
    return size == 1 ? one : many;
}

enum { FILL_ARGS = 9, FILL_MAX = 16 << 10 };

const char *es_t_fill(struct es_arena *a, const char *message, ...)
{
    const char *args[FILL_ARGS] = { 0 };
    struct es_buf b;
    va_list ap;
    va_start(ap, message);
    for (size_t i = 0; i < FILL_ARGS; i++)
        if (!(args[i] = va_arg(ap, const char *)))
            break;
    va_end(ap);
    es_buf_init(&b, FILL_MAX);
    for (const char *p = message; *p; p++) {
        if (p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}') {
            const char *arg = args[p[1] - '1'];
            es_buf_str(&b, arg ? arg : "");
            p += 2;
        } else {
            es_buf_u8(&b, (uint8_t)*p);
        }
    }
    const char *out = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out ? out : "";
}
