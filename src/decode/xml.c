/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/xml.h"

#include "decode/xml_int.h"
#include "decode/xml_scan.h"

enum { NOTHING = -1 }; /* beside the events: read on */

static bool is_space(uint8_t c)
{
    return ES_XML_CLASS[c] & ES_XML_SPACE;
}

struct es_bytes es_xml_trim(struct es_bytes s)
{
    while (s.n > 0 && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

/* ---- the table ---- */

static const struct es_xml_row *row_of(const struct es_xml_table *t,
                                       uint8_t parent, struct es_bytes name)
{
    const struct es_xml_row *other = NULL;
    for (size_t i = 0; i < t->n; i++) {
        const struct es_xml_row *row = &t->rows[i];
        if (row->parent != parent)
            continue;
        if (!row->name)
            other = row;
        else if (es_bytes_is(name, row->name))
            return row;
    }
    return other;
}

static uint8_t state_of(const struct es_xml_table *t, uint8_t parent,
                        struct es_bytes name)
{
    if (parent == ES_XML_OTHER)
        return ES_XML_OTHER;
    const struct es_xml_row *row = row_of(t, parent, name);
    if (row && !row->name && row->state != parent) {
        const struct es_xml_row *inner = row_of(t, row->state, name);
        row = inner ? inner : row;
    }
    return row ? row->state : ES_XML_OTHER;
}

/* ---- errors ---- */

bool es_xml_fail(struct es_xml *x, enum es_code rc, const uint8_t *at,
                 const char *what)
{
    size_t in_text = (size_t)(at - x->source.text.p);
    (void)es_fail(x->e, rc, es_xml_source_at(&x->source, in_text), "%s", what);
    return false;
}

bool es_xml_cut(struct es_xml *x, const uint8_t *from)
{
    if (x->source.end == ES_EMALFORMED)
        return es_xml_fail(x, ES_EMALFORMED, x->end, "no character of XML");
    return es_xml_fail(x, ES_ETRUNCATED, from, "the file ends early");
}

/* ---- elements that were seen before ---- */

static uint64_t word(const uint8_t *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

/* Whether p, with ES_XML_NEAR bytes after it, begins with the name. */
static inline bool begins(const struct es_xml_known *k, const uint8_t *p)
{
    uint64_t other = (word(p) ^ k->w[0]) & k->m[0];
    if (k->n > 8) {
        other |= (word(p + 8) ^ k->w[1]) & k->m[1];
        if (k->n > 16) {
            other |= (word(p + 16) ^ k->w[2]) & k->m[2];
            other |= (word(p + 24) ^ k->w[3]) & k->m[3];
        }
    }
    return other == 0;
}

static bool is_mute(const struct es_xml *x, uint8_t state)
{
    return state == ES_XML_OTHER ||
           (state == x->table->quiet && state != ES_XML_DOC);
}

/* Which element this is in the place where it stands: one that is known, or
 * from now on is. 0: no more are remembered, or none so long. */
static uint8_t recall(struct es_xml *x, uint8_t parent, struct es_bytes name,
                      struct es_bytes local)
{
    if (name.n > ES_XML_NEAR)
        return 0;
    struct es_xml_known k = {
        .n = (uint8_t)name.n,
        .parent = parent,
    };
    uint8_t bytes[ES_XML_NEAR] = { 0 };
    uint8_t mask[ES_XML_NEAR] = { 0 };
    memcpy(bytes, name.p, name.n);
    memset(mask, 0xff, name.n);
    memcpy(k.w, bytes, sizeof k.w);
    memcpy(k.m, mask, sizeof k.m);
    for (uint8_t i = 1; i < x->n_known; i++)
        if (x->known[i].w[0] == k.w[0] && x->known[i].parent == parent &&
            x->known[i].n == k.n && memcmp(x->known[i].w, k.w, sizeof k.w) == 0)
            return i;
    if (x->n_known == ES_XML_KNOWN)
        return 0;
    k.state = state_of(x->table, parent, local);
    k.mute = is_mute(x, k.state);
    k.simple = k.leaf = !x->inner[k.state];
    k.simple |= k.mute;
    x->known[x->n_known] = k;
    return (uint8_t)x->n_known++;
}

/* The next time, `now` will be expected where it stands. */
static void link(struct es_xml *x, const struct es_xml_level *up, uint8_t now)
{
    if (up->last)
        x->known[up->last].follows = now;
    else if (up->self)
        x->known[up->self].first = now;
}

/* Reads a start tag's name, x->p, as one that was not expected there. False
 * after es_xml_fail. */
static bool meet(struct es_xml *x, struct es_xml_level *up,
                 struct es_xml_level *now)
{
    const uint8_t *local;
    size_t n = es_xml_name(x->p, x->end, &local);
    const uint8_t *after = x->p + n;
    if (after == x->end)
        return es_xml_cut(x, x->tag);
    if (n == 0 || !(ES_XML_CLASS[*after] & (ES_XML_SPACE | ES_XML_AFTER)))
        return es_xml_fail(x, ES_EMALFORMED, after, "not well-formed");
    if (n > ES_XML_TOKEN)
        return es_xml_fail(x, ES_ECOMPLEX, x->tag, "a name too long");
    struct es_bytes name = { x->p, n };
    struct es_bytes after_prefix = { local, (size_t)(after - local) };
    uint8_t i = recall(x, up->state, name, after_prefix);
    *now = (struct es_xml_level){ .name = x->p, .n = n, .self = i };
    if (i) {
        now->known = &x->known[i];
        now->state = now->known->state;
        now->mute = now->known->mute;
        now->leaf = now->known->leaf;
        link(x, up, i);
    } else {
        now->state = state_of(x->table, up->state, after_prefix);
        now->mute = is_mute(x, now->state);
        now->leaf = !x->inner[now->state];
    }
    return true;
}

/* ---- tags ---- */

static int opened(const struct es_xml_level *now, struct es_xml_tag *tag)
{
    if (now->mute || now->leaf)
        return NOTHING;
    tag->state = now->state;
    tag->text = (struct es_bytes){ NULL, 0 };
    return ES_XML_OPEN;
}

static inline int closed(uint8_t state, bool leaf, struct es_bytes text,
                         struct es_xml_tag *tag)
{
    tag->state = state;
    tag->text = text;
    if (text.n > ES_XML_TOKEN)
        tag->text = (struct es_bytes){ NULL, 0 };
    else if (text.n && (is_space(text.p[0]) || is_space(text.p[text.n - 1])))
        tag->text = es_xml_trim(text);
    return leaf ? ES_XML_LEAF : ES_XML_CLOSE;
}

static int pop(struct es_xml *x, struct es_xml_tag *tag)
{
    const struct es_xml_level *top = &x->levels[x->depth--];
    if (top->mute)
        return NOTHING;
    return closed(top->state, top->leaf, x->text, tag);
}

/* Behind the start tag of one that is known and may be simple: text and end
 * tag at once, when that is all there is. Else nothing was read. */
static inline int whole(struct es_xml *x, struct es_xml_known *k,
                        struct es_xml_tag *tag)
{
    const uint8_t *q = es_scan_for(x->p, x->end, '<', '&', ']');
    if (x->end - q <= ES_XML_NEAR + 2 || q[0] != '<' || q[1] != '/' ||
        !begins(k, q + 2) || q[2 + k->n] != '>') {
        k->simple = k->leaf;
        return ES_XML_FAILED;
    }
    struct es_bytes text = { x->p, (size_t)(q - x->p) };
    x->tag = q;
    x->p = q + 3 + k->n;
    return k->mute ? NOTHING : closed(k->state, true, text, tag);
}

/* The name after '<', and what it is; x->p moves past it. False after
 * es_xml_fail. */
static inline bool tag_name(struct es_xml *x, struct es_xml_level *up,
                            struct es_xml_level *now)
{
    const struct es_xml_known *k = &x->known[up->guess];
    if (x->end - x->p > ES_XML_NEAR && begins(k, x->p) &&
        ES_XML_CLASS[x->p[k->n]] & (ES_XML_SPACE | ES_XML_AFTER)) {
        now->name = x->p;
        now->n = k->n;
        now->known = k;
        now->state = k->state;
        now->mute = k->mute;
        now->leaf = k->leaf;
        now->self = up->guess;
    } else if (!meet(x, up, now)) {
        return false;
    }
    up->last = now->self;
    up->guess = now->self ? now->known->follows : 0;
    x->p += now->n;
    return true;
}

/* x->p stands at '<'. */
static int start_tag(struct es_xml *x, struct es_xml_tag *tag)
{
    struct es_xml_level *now = &x->levels[x->depth + 1];
    x->tag = x->p++;
    if (x->depth == ES_XML_DEPTH) {
        (void)es_xml_fail(x, ES_ECOMPLEX, x->tag, "elements too deep");
        return ES_XML_FAILED;
    }
    if (!tag_name(x, now - 1, now))
        return ES_XML_FAILED;
    if (*x->p != '>') {
        if (!es_xml_attributes(x, &x->empty))
            return ES_XML_FAILED;
    } else {
        x->p++;
        x->n_attrs = 0;
        if (now->self && now->known->simple) {
            int ev = whole(x, &x->known[now->self], tag);
            if (ev != ES_XML_FAILED)
                return ev;
        }
    }
    now->last = 0;
    now->guess = now->known ? now->known->first : 0;
    x->text = (struct es_bytes){ NULL, 0 };
    x->depth++;
    return opened(now, tag);
}

/* An end tag that isn't as short as it could be, or isn't the right one. */
static bool odd_end(struct es_xml *x)
{
    const struct es_xml_level *top = &x->levels[x->depth];
    const uint8_t *name = x->tag + 2;
    const uint8_t *local;
    size_t n = es_xml_name(name, x->end, &local);
    const uint8_t *p = name + n;
    while (p < x->end && is_space(*p))
        p++;
    if (p == x->end)
        return es_xml_cut(x, x->tag);
    if (n == 0 || *p != '>')
        return es_xml_fail(x, ES_EMALFORMED, p, "not well-formed");
    if (n != top->n || memcmp(name, top->name, n) != 0)
        return es_xml_fail(x, ES_EMALFORMED, name,
                           "an end tag of something else");
    x->p = p + 1;
    return true;
}

/* x->p stands at "</". */
static int end_tag(struct es_xml *x, struct es_xml_tag *tag)
{
    const struct es_xml_known *k = x->levels[x->depth].known;
    x->tag = x->p;
    if (k && x->end - x->p > ES_XML_NEAR + 2 && begins(k, x->p + 2) &&
        x->p[2 + k->n] == '>')
        x->p += 3 + k->n;
    else if (!odd_end(x))
        return ES_XML_FAILED;
    int ev = pop(x, tag);
    x->text = (struct es_bytes){ NULL, 0 };
    return ev;
}

/* ---- the document ---- */

/* Up to the next tag inside an element. */
static inline bool text(struct es_xml *x)
{
    const uint8_t *p = x->p;
    const uint8_t *q = es_scan_for(p, x->end, '<', '&', ']');
    if (x->end - q < 2 || *q != '<' || q[1] == '!' || q[1] == '?')
        return es_xml_mixed(x, q);
    x->text = (struct es_bytes){ p, (size_t)(q - p) };
    x->p = q;
    return true;
}

static int next(struct es_xml *x, struct es_xml_tag *tag)
{
    if (x->empty) {
        x->empty = false;
        x->tag = x->p;
        return pop(x, tag);
    }
    if (x->depth == 0) {
        bool done = false;
        if (!es_xml_outside(x, &done))
            return ES_XML_FAILED;
        return done ? ES_XML_DONE : start_tag(x, tag);
    }
    if (!text(x))
        return ES_XML_FAILED;
    return x->p[1] == '/' ? end_tag(x, tag) : start_tag(x, tag);
}

enum es_xml_event es_xml_next(struct es_xml *x, struct es_xml_tag *tag,
                              struct es_err *e)
{
    int ev = NOTHING;
    x->e = e;
    while (ev == NOTHING)
        ev = next(x, tag);
    return (enum es_xml_event)ev;
}

enum es_code es_xml_open(struct es_xml **out, const struct es_xml_table *table,
                         struct es_bytes in, struct es_arena *a,
                         struct es_err *e)
{
    *out = NULL;
    struct es_xml *x = es_arena_alloc(a, sizeof *x);
    if (!x)
        return es_fail(e, ES_ENOMEM, 0, "out of memory");
    enum es_code rc = es_xml_source_open(&x->source, in, a, e);
    if (rc != ES_OK)
        return rc;
    x->table = table;
    x->p = x->tag = x->source.text.p;
    x->end = x->p + x->source.text.n;
    x->n_known = 1;
    memset(x->known[0].m, 0xff, sizeof x->known[0].m);
    x->levels[0].state = ES_XML_DOC;
    for (size_t i = 0; i < table->n; i++)
        x->inner[table->rows[i].parent] = 1;
    x->faults.n_mended = x->source.n_dropped;
    x->faults.mended_at = x->source.dropped_at;
    *out = x;
    return ES_OK;
}

size_t es_xml_at(struct es_xml *x)
{
    return es_xml_source_at(&x->source, (size_t)(x->tag - x->source.text.p));
}

struct es_xml_faults es_xml_faults(const struct es_xml *x)
{
    struct es_xml_faults f = x->faults;
    f.encoding = es_xml_source_denies(&x->source, x->declared);
    return f;
}
