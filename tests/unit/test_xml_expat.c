/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Our reading of XML against expat's: the same events of the same documents,
 * and the same documents refused, where "mended" counts as refused. */
#include "t.h"

#include <stdlib.h>

#include "xml_beside.h"

/* True when expat reads the document to its end. */
static bool compare(struct es_bytes doc)
{
    bool good;
    struct es_bytes in = t_guarded(doc.p, doc.n);
    if (!agree(in, &good))
        FAIL("expat reads this document otherwise");
    t_guarded_free(in);
    return good;
}

static const char *const KINDS[] = {
    "<r/>",
    "<r></r >",
    "<r></ r>",
    "<r>a]]b]>c]</r>",
    "<r>]]></r>",
    "<r a=']]>'/>",
    "<r a='>'/>",
    "<r a='<'/>",
    "<r a='1' a='2'/>",
    "<r a='1' p:a='2'/>",
    "<r a='1'b='2'/>",
    "<r a = \"1\"\n/>",
    "<r a/>",
    "<r a=1/>",
    "<r / >",
    "<r><l>1</l><l> 2 </l><l/><l a='1'>3</l><l >4</l><L>5</L></r>",
    "<r><l>1<x>2</x>3</l><p:l>&lt;</p:l><l>a<!-- b -->c</l></r>",
    "<r>a<!-- - --><?p q?>b<![CDATA[<&]]>c</r>",
    "<r><!-- -- --></r>",
    "<r><!----></r>",
    "<r><!---></r>",
    "<r><!-- ---></r>",
    "<r><?p?><?p ?><?p q ? ?></r>",
    "<r><? p?></r>",
    "<r><?p?q?></r>",
    "<r><?xml version='1.0'?></r>",
    "<r><?XML x?></r>",
    "<r><?xmlx y?></r>",
    "<r><![cdata[]]></r>",
    "<r><![CDATA[]]]]></r>",
    "<![CDATA[x]]><r/>",
    "<r/><![CDATA[x]]>",
    "<r/>x",
    "<r/>\n<!-- --><?p?>\n",
    "<r/><r/>",
    "<r/>&#10;",
    "x<r/>",
    "<r><x></r></x>",
    "<r></rr>",
    "<rr></r>",
    "<r>",
    "<r><",
    "<",
    "</r>",
    "<r/><",
    "<r/><!",
    "<r/><!D",
    "<!-- ",
    "<?p",
    "<1/>",
    "<-/>",
    "<:/>",
    "<_.-:a/>",
    "<a:b:c/>",
    "<r><1></1></r>",
    "<r>\x7f</r>",
    "<\xc3\xa9t\xc3\xa9 \xc3\xa0='1'>\xe2\x82\xac</\xc3\xa9t\xc3\xa9>",
    "<r\xc3\x97/>",
    "<r>\xef\xbf\xbd</r>",
    "<r>\xef\xbf\xbe</r>",
    "<r>\xed\xa0\x80</r>",
    "<r>\xf0\x9f\x98\x80</r>",
    "<r\xf0\x9f\x98\x80/>",
    "<r>\xf4\x90\x80\x80</r>",
    "<r/>\xef\xbf\xbe",
    "<r/>\xc3",
    "<r/>     \xff",
    "\xef\xbb\xbf<r/>",
    "<?xml version='1.0'?><r/>",
    "<?xml version=''?><r/>",
    "<?xml version='2.0' ?><r/>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\" ?><r/>",
    "<?xml version='1.0' standalone='yes'?><r/>",
    "<?xml version='1.0' standalone='maybe'?><r/>",
    "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><r/>",
    "<?xml encoding='UTF-8'?><r/>",
    "<?xml?><r/>",
    "<?xml ?><r/>",
    "<?xml version='1.0'encoding='UTF-8'?><r/>",
    "<?xml version='1.0' encoding='8'?><r/>",
    "<?xml version='1.0' encoding=''?><r/>",
    "<?xml version='1:0'?><r/>",
    "<?xml version='1.0' x='1'?><r/>",
    "<?xml version='1.0'><r/>",
    "<?XML version='1.0'?><r/>",
    "<?xml version='1.0' encoding='utf-16'?><r/>",
    "<?xml version='1.0' encoding='us-ascii'?><r>a</r>",
    "<?xml version='1.0' encoding='us-ascii'?><r>\xc3\xa9</r>",
    "<?xml version='1.0' encoding='iso-8859-1'?><r a='\xe9'>\x85 \xe9</r>",
    "<?xml version='1.0' encoding='no-such'?><r/>",
    "<?xml version='1.0' encoding='UTF-8'?><r>\xe9 is Latin-1</r>",
};

TEST(documents_of_every_kind)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        (void)compare(es_bytes_str(KINDS[i]));
}

TEST(every_reference)
{
    static const char *const T[] = {
        "&lt;",
        "&gt;",
        "&amp;",
        "&quot;",
        "&apos;",
        "&nbsp;",
        "&LT;",
        "&amp",
        "&",
        "& ",
        "&#65;",
        "&#x41;",
        "&#X41;",
        "&#x4A;",
        "&#x4a;",
        "&#9;",
        "&#13;",
        "&#0;",
        "&#31;",
        "&#;",
        "&#x;",
        "&#x110000;",
        "&#x10ffff;",
        "&#xfffe;",
        "&#xd800;",
        "&#-1;",
        "&#65",
        "&#6 5;",
        "&#1114112;",
        "&#xfffd;",
        "&#00065;",
        "&#x0000000000000041;",
        "&#4294967361;",
    };
    for (size_t i = 0; i < sizeof T / sizeof *T; i++) {
        char doc[128];
        snprintf(doc, sizeof doc, "<r a='%s'>.%s.</r>", T[i], T[i]);
        (void)compare(es_bytes_str(doc));
        snprintf(doc, sizeof doc, "<r><l>%s</l></r>", T[i]);
        (void)compare(es_bytes_str(doc));
    }
}

/* Every letter up to U+FFFF as a name's first and as a later one. */
TEST(every_letter_of_names)
{
    for (uint32_t c = 0x80; c < 0x10000; c++) {
        struct es_buf b = { 0 };
        if (c >= 0xd800 && c < 0xe000)
            continue;
        es_buf_init(&b, 256);
        es_buf_str(&b, "<r><l");
        if (c < 0x800) {
            es_buf_u8(&b, (uint8_t)(0xc0 | c >> 6));
        } else {
            es_buf_u8(&b, (uint8_t)(0xe0 | c >> 12));
            es_buf_u8(&b, (uint8_t)(0x80 | (c >> 6 & 63)));
        }
        es_buf_u8(&b, (uint8_t)(0x80 | (c & 63)));
        es_buf_str(&b, "/></r>");
        (void)compare(es_buf_bytes(&b));
        memmove(b.p + 4, b.p + 5, b.n - 5); /* without the l */
        b.n--;
        (void)compare(es_buf_bytes(&b));
        es_buf_release(&b);
    }
}

/* ---- generated ones ---- */

static uint64_t random_state;

static uint32_t random_below(uint32_t n)
{
    random_state ^= random_state << 13; /* xorshift64 */
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % n;
}

static const char *one_of(const char *const *v, size_t n)
{
    return v[random_below((uint32_t)n)];
}
#define ONE_OF(v) one_of(v, sizeof(v) / sizeof *(v))

static const char *const NAMES[] = {
    "l",
    "L",
    "p:l",
    "trkpt",
    "ele",
    "elevation",
    "time",
    "hr",
    "ns3:hr",
    "a",
    "x",
    "n.0-_",
    "\xc3\xa9",
    "TrackPointExtension",
    "ns3:TrackPointExtension",
    "aVeryLongNameOfAnElementThatNoWordsHold",
};
static const char *const TEXTS[] = {
    "",
    "1",
    " 12.5\n",
    "text",
    "&amp;",
    "&#65;&#x42;",
    "a]b",
    "]]",
    "\r\n  ",
    "\xe2\x82\xac",
    "<!--c-->",
    "<?p i?>",
    "<![CDATA[<x>&]]>",
    "2026-08-25T06:05:00Z",
    "''\"",
};

static void add_element(struct es_buf *b, int depth)
{
    const char *name = ONE_OF(NAMES);
    es_buf_fmt(b, "<%s", name);
    for (uint32_t i = random_below(6); i >= 4; i--)
        es_buf_fmt(b, " %s%u=%s'%s'", i == 4 ? "a:" : "b", (unsigned)i,
                   random_below(9) ? "" : " ",
                   random_below(3) ? "1.5" : "&lt;\t&#50;");
    if (random_below(4) == 0)
        es_buf_str(b, " a=\"-7.25\"");
    if (random_below(8) == 0) {
        es_buf_str(b, "/>");
        return;
    }
    es_buf_str(b, random_below(9) ? ">" : " >");
    es_buf_str(b, ONE_OF(TEXTS));
    for (uint32_t i = depth < 4 ? random_below(4) : 0; i > 0; i--) {
        add_element(b, depth + 1);
        es_buf_str(b, ONE_OF(TEXTS));
    }
    es_buf_fmt(b, random_below(9) ? "</%s>" : "</%s\n>", name);
}

static void make(struct es_buf *b)
{
    static const char *const HEADS[] = {
        "",
        "<?xml version='1.0'?>",
        "<?xml version=\"1.0\" "
        "encoding=\"UTF-8\"?>\n",
        "\xef\xbb\xbf",
        "<!-- c -->\n",
        "<?p?>",
    };
    static const char *const TAILS[] = { "", "\n", "<!-- c -->", "<?p?>\n" };
    es_buf_init(b, 1u << 20);
    es_buf_str(b, ONE_OF(HEADS));
    add_element(b, 0);
    es_buf_str(b, ONE_OF(TAILS));
}

TEST(generated_documents)
{
    random_state = 88172645463325252u;
    for (int i = 0; i < 2000; i++) {
        struct es_buf b;
        make(&b);
        CHECK(!b.bad);
        CHECK(compare(es_buf_bytes(&b)));
        es_buf_release(&b);
    }
}

static void mutate(struct es_buf *b)
{
    static const char *const PIECES[] = {
        "<",    ">",         "/",    "&",    ";",
        "]]>",  "<!--",      "--",   "-->",  "<?",
        "?>",   "'",         "\"",   "=",    " ",
        "\n",   "<![CDATA[", "</",   "/>",   "a",
        ":",    "\x01",      "\xc3", "\xff", "\xef\xbf\xbf",
        "&lt;", "xml",       "]",    "!",    "-",
        "</l>",
    };
    struct es_buf out;
    size_t at = random_below((uint32_t)b->n + 1);
    size_t left = b->n - at;
    size_t skip = random_below(3) ? 0 : random_below(8);
    const char *piece = random_below(4) ? ONE_OF(PIECES) : "";
    skip = skip < left ? skip : left;
    es_buf_init(&out, 1u << 20);
    es_buf_add(&out, b->p, at);
    es_buf_str(&out, piece);
    es_buf_add(&out, b->p + at + skip, left - skip);
    es_buf_release(b);
    *b = out;
}

TEST(changed_documents)
{
    size_t good = 0;
    size_t n = getenv("ES_LONG") ? 2000000 : 12000;
    random_state = 1181783497276652981u;
    for (size_t i = 0; i < n; i++) {
        struct es_buf b;
        make(&b);
        for (uint32_t k = random_below(3); k < 3; k++)
            mutate(&b);
        good += compare(es_buf_bytes(&b));
        es_buf_release(&b);
    }
    CHECK(good > n / 50 && good < n / 2);
}

TEST(every_truncation)
{
    random_state = 3935559000370003845u;
    for (int i = 0; i < 60; i++) {
        struct es_buf b;
        make(&b);
        for (size_t n = 0; n < b.n; n++)
            (void)compare((struct es_bytes){ b.p, n });
        es_buf_release(&b);
    }
}

/* As the same document in UTF-16. */
TEST(wide_documents)
{
    random_state = 2862933555777941757u;
    for (int i = 0; i < 600; i++) {
        struct es_buf b;
        struct es_buf wide;
        bool big = i & 1;
        make(&b);
        es_buf_init(&wide, 4u << 20);
        es_buf_str(&wide, big ? "\xfe\xff" : "\xff\xfe");
        for (size_t k = 0; k < b.n; k++) {
            es_buf_u8(&wide, big ? 0 : b.p[k]);
            es_buf_u8(&wide, big ? b.p[k] : 0);
        }
        if (i % 4 >= 2)
            wide.p[random_below((uint32_t)wide.n)] ^=
                (uint8_t)(1u << random_below(8));
        (void)compare(es_buf_bytes(&wide));
        es_buf_release(&b);
        es_buf_release(&wide);
    }
}
