/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The XML layer: what it hands over, what it refuses, and where. */
#include "t.h"

#include "decode/xml.h"

enum { DOC = ES_XML_DOC, ROOT, ITEM, BOX };

static const struct es_xml_row ROWS[] = {
    { DOC, "root", ROOT },
    { ROOT, "item", ITEM },
    { ROOT, "box", BOX },
    { BOX, NULL, ROOT },
};
static const struct es_xml_table TABLE = { ROWS, sizeof ROWS / sizeof *ROWS,
                                           0 };

static struct {
    struct es_buf log;
    size_t at; /* of the last start tag, or a leaf's end tag */
    struct es_xml_faults faults;
    size_t memory;
} seen;
static struct es_err err;

static void see(struct es_xml *x, enum es_xml_event ev,
                const struct es_xml_tag *tag)
{
    if (ev != ES_XML_CLOSE) {
        struct es_bytes a = es_xml_attr(x, "a");
        seen.at = es_xml_at(x);
        es_buf_fmt(&seen.log, a.p ? "<%u " : "<%u", tag->state);
        es_buf_add(&seen.log, a.p, a.n);
        es_buf_str(&seen.log, ">");
    }
    if (ev != ES_XML_OPEN) {
        es_buf_add(&seen.log, tag->text.p, tag->text.n);
        es_buf_str(&seen.log, ".");
    }
}

static enum es_code read_xml(struct es_bytes in)
{
    struct es_arena a;
    struct es_xml *x;
    struct es_xml_tag tag;
    enum es_xml_event ev = ES_XML_FAILED;
    es_buf_release(&seen.log);
    es_buf_init(&seen.log, 1u << 20);
    es_arena_init(&a, seen.memory ? seen.memory : 128u << 20);
    err = (struct es_err){ 0 };
    enum es_code rc = es_xml_open(&x, &TABLE, in, &a, &err);
    while (rc == ES_OK && ev != ES_XML_DONE) {
        ev = es_xml_next(x, &tag, &err);
        if (ev == ES_XML_FAILED)
            rc = err.code;
        else if (ev != ES_XML_DONE)
            see(x, ev, &tag);
        seen.faults = es_xml_faults(x);
    }
    CHECK(rc == ES_OK || (err.code == rc && err.at <= in.n));
    es_arena_release(&a);
    return rc;
}

static enum es_code read_str(const char *s)
{
    return read_xml(es_bytes_str(s));
}

static const char *seen_text(void)
{
    return es_buf_cstr(&seen.log);
}

static void done(void)
{
    es_buf_release(&seen.log);
    seen.memory = 0;
}

TEST(walks_the_table)
{
    CHECK_INT(read_str("<root a='1'><item> x y </item><other><item>no</item>"
                       "</other></root>"),
              ES_OK);
    CHECK_STR(seen_text(), "<1 1><2>x y..");
    done();
}

TEST(a_row_without_a_name_looks_further)
{
    CHECK_INT(read_str("<root><box><item>1</item><what>2</what></box></root>"),
              ES_OK);
    CHECK_STR(seen_text(), "<1><3><2>1.<1>2...");
    done();
}

TEST(prefixes_and_case_do_not_matter)
{
    CHECK_INT(read_str("<p:Root q:A='1'><undeclared:ITEM>x</undeclared:ITEM>"
                       "</p:Root>"),
              ES_OK);
    CHECK_STR(seen_text(), "<1 1><2>x..");
    done();
}

TEST(marks_and_space_before_the_declaration)
{
    const char *heads[] = { "\xef\xbb\xbf", " \r\n\t", "\n\xef\xbb\xbf ",
                            "\xef\xbb\xbf\n" };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char doc[128];
        snprintf(doc, sizeof doc,
                 "%s<?xml version=\"1.0\"?><root><item>x</item></root>",
                 heads[i]);
        CHECK_INT(read_str(doc), ES_OK);
        CHECK_STR(seen_text(), "<1><2>x..");
        CHECK_INT(seen.at, (size_t)(strstr(doc, "</item>") - doc));
    }
    done();
}

TEST(entities_and_cdata_are_text)
{
    CHECK_INT(read_str("<root><item>&lt;&#x41;<![CDATA[&b]]></item></root>"),
              ES_OK);
    CHECK_STR(seen_text(), "<1><2><A&b..");
    CHECK_INT(read_str("<root><!-- & --><item><![CDATA[&]]>&<![CDATA[<&]]>"
                       "</item></root>"),
              ES_OK);
    CHECK_STR(seen_text(), "<1><2>&&<&..");
    CHECK_INT(seen.faults.n_mended, 1);
    CHECK_INT(read_str("<root><![CDATA[&"), ES_ETRUNCATED);
    done();
}

TEST(nul_bytes_are_left_out_and_told)
{
    static const char DOC_NUL[] = "<root><item>a\0\0\x01</item></root>";
    CHECK_INT(
        read_xml((struct es_bytes){ (const uint8_t *)DOC_NUL, sizeof DOC_NUL }),
        ES_OK);
    CHECK_STR(seen_text(), "<1><2>a..");
    CHECK_INT(seen.faults.n_mended, 4); /* and the literal's own at the end */
    CHECK_INT(seen.faults.mended_at, 13);
    done();
}

TEST(an_ampersand_that_is_no_reference_is_itself)
{
    static const struct {
        const char *in, *out;
    } T[] = {
        { "Tom & Eve", "Tom & Eve" },
        { "&nbsp;", "&nbsp;" },
        { "&#0;", "&#0;" },
        { "&#x1f;", "&#x1f;" },
        { "&#xD800;", "&#xD800;" },
        { "&#x110000;", "&#x110000;" },
        { "&#;", "&#;" },
        { "&#x;", "&#x;" },
        { "&#99999999999;", "&#99999999999;" },
        { "&", "&" },
        { "&amp", "&amp" },
        { "&&amp;&", "&&&" },
        { "&#x41;&#66;", "AB" },
    };
    for (size_t i = 0; i < sizeof T / sizeof *T; i++) {
        char doc[128];
        char want[128];
        snprintf(doc, sizeof doc, "<root><item>%s</item><box/></root>",
                 T[i].in);
        snprintf(want, sizeof want, "<1><2>%s.<3>..", T[i].out);
        CHECK_INT(read_str(doc), ES_OK);
        CHECK_STR(seen_text(), want);
        CHECK_INT(seen.at, (size_t)(strstr(doc, "<box") - doc));
    }
    done();
}

TEST(what_is_not_utf8_is_latin1)
{
    CHECK_INT(read_str("<?xml version='1.0' encoding='UTF-8'?>"
                       "<root><item>caf\xe9</item></root>"),
              ES_OK);
    CHECK_STR(seen_text(), "<1><2>caf\xc3\xa9..");
    CHECK_INT(read_str("<?xml version='1.0' encoding='windows-1254'?>"
                       "<root><item>ok</item></root>"),
              ES_OK);
    CHECK_INT(read_str("<?xml version='1.0' encoding='ISO-8859-1'?>"
                       "<root><item>\xc3\xa9</item></root>"),
              ES_OK);
    CHECK_STR(seen_text(), "<1><2>\xc3\xa9.."); /* it was UTF-8 after all */
    done();
}

static struct es_bytes utf16(const char *s, bool big, bool mark)
{
    static uint8_t out[512];
    size_t n = 0;
    if (mark) {
        out[n++] = big ? 0xfe : 0xff;
        out[n++] = big ? 0xff : 0xfe;
    }
    for (; *s; s++) {
        out[n++] = big ? 0 : (uint8_t)*s;
        out[n++] = big ? (uint8_t)*s : 0;
    }
    return (struct es_bytes){ out, n };
}

TEST(utf16_of_both_orders)
{
    const char *doc = "<?xml version='1.0' encoding='UTF-16'?>"
                      "<root><item>x</item></root>";
    for (int i = 0; i < 4; i++) {
        CHECK_INT(read_xml(utf16(doc, i & 1, i & 2)), ES_OK);
        CHECK_STR(seen_text(), "<1><2>x..");
        CHECK_INT(seen.faults.n_mended, 0);
    }
    done();
}

TEST(document_types_are_refused_where_they_stand)
{
    const char *docs[] = {
        "<!DOCTYPE root><root/>",
        "<!DOCTYPE root SYSTEM \"http://example.org/x.dtd\"><root/>",
        "<!DOCTYPE root [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]>"
        "<root><item>&b;</item></root>",
        "<!DOCTYPE root [<!ENTITY % p SYSTEM 'file:///etc/passwd'>%p;]><root/>",
    };
    for (size_t i = 0; i < sizeof docs / sizeof *docs; i++) {
        CHECK_INT(read_str(docs[i]), ES_EDOCTYPE);
        CHECK_INT(err.code, ES_EDOCTYPE);
        CHECK(err.at < strlen(docs[i]));
        CHECK_STR(seen_text(), "");
    }
    done();
}

/* n times `s` between a head and a tail, in guarded memory no parser may
 * leave. */
static enum es_code read_many(const char *head, const char *s, size_t n,
                              const char *tail)
{
    struct es_buf b = { 0 };
    es_buf_init(&b, 64u << 20);
    es_buf_str(&b, head);
    for (size_t i = 0; i < n; i++)
        es_buf_str(&b, s);
    es_buf_str(&b, tail);
    CHECK(!b.bad);
    struct es_bytes in = t_guarded(b.p, b.n);
    es_buf_release(&b);
    enum es_code rc = read_xml(in);
    CHECK(err.at <= in.n);
    t_guarded_free(in);
    return rc;
}

TEST(depth_is_bounded)
{
    CHECK_INT(read_many("<root>", "<a>", ES_XML_DEPTH, ""), ES_ECOMPLEX);
    CHECK_INT(read_many("<root>", "<a>", 1000000, ""), ES_ECOMPLEX);
    CHECK_INT(err.at, 6 + 3 * (ES_XML_DEPTH - 1));
    done();
}

TEST(attributes_are_bounded)
{
    char many[16 * (ES_XML_ATTRS + 1)];
    size_t n = 0;
    for (int i = 0; i < ES_XML_ATTRS; i++)
        n += (size_t)snprintf(many + n, sizeof many - n, " a%d='1'", i);
    CHECK_INT(read_many("<root", many, 1, "/>"), ES_OK);
    snprintf(many + n, sizeof many - n, " more='1'");
    CHECK_INT(read_many("<root", many, 1, "/>"), ES_ECOMPLEX);

    struct es_buf b = { 0 };
    es_buf_init(&b, 64u << 20);
    es_buf_str(&b, "<root");
    for (int i = 0; i < 1000000; i++)
        es_buf_fmt(&b, " a%d=''", i);
    es_buf_str(&b, "/>");
    CHECK_INT(read_xml(es_buf_bytes(&b)), ES_ECOMPLEX);
    es_buf_release(&b);
    done();
}

TEST(tokens_are_bounded)
{
    enum { MB60 = 60 << 16 }; /* times sixteen bytes */
    const char *s = "0123456789abcdef";
    CHECK_INT(read_many("<root a='", s, MB60, "'/>"), ES_ECOMPLEX);
    CHECK_INT(read_many("<root><a", s, MB60, "/></root>"), ES_ECOMPLEX);
    CHECK_INT(read_many("<root a='", s, ES_XML_TOKEN / 16 + 1, "'/>"),
              ES_ECOMPLEX);
    /* what isn't kept is read over */
    CHECK_INT(read_many("<root><!--", s, MB60, "--></root>"), ES_OK);
    CHECK_INT(read_many("<root><?x ", s, MB60, "?></root>"), ES_OK);
    CHECK_INT(read_many("<root><item>", s, MB60, "</item></root>"), ES_OK);
    CHECK_STR(seen_text(), "<1><2>..");
    done();
}

/* More names than the parser remembers, longer ones too, in places that
 * alternate. */
TEST(names_beyond_those_remembered)
{
    struct es_buf b = { 0 };
    es_buf_init(&b, 64u << 20);
    es_buf_str(&b, "<root>");
    for (int i = 0; i < 100000; i++)
        es_buf_fmt(&b, "<%s%d/><item>%d</item><itemize></itemize>",
                   i % 3 ? "n" : "a_name_of_more_than_thirty_two_bytes_",
                   i % 999, i % 10);
    es_buf_str(&b, "</root>");
    CHECK_INT(read_xml(es_buf_bytes(&b)), ES_OK);
    CHECK_INT(seen.log.n, 3 + 5 * 100000 + 1);
    es_buf_release(&b);
    done();
}

TEST(broken_documents_say_where)
{
    CHECK_INT(read_str("<root><item>x</item>"), ES_ETRUNCATED);
    CHECK_STR(seen_text(), "<1><2>x.");
    CHECK_INT(err.at, 20);
    CHECK_INT(read_str(""), ES_ETRUNCATED);
    CHECK_INT(read_str("   "), ES_ETRUNCATED);
    CHECK_INT(read_str("<root><item>x</item></oops></root>"), ES_EMALFORMED);
    CHECK_INT(err.at, 22);
    CHECK_INT(read_str("<root><item>x</item></root><more/>"), ES_EMALFORMED);
    CHECK_STR(seen_text(), "<1><2>x..");
    CHECK_INT(read_str("<root><item>a < b</item></root>"), ES_EMALFORMED);
    CHECK_INT(read_str("no xml at all"), ES_EMALFORMED);
    done();
}

TEST(every_arena)
{
    bool ok = false;
    for (size_t max = 0; !ok; max += 512) {
        seen.memory = max + 1;
        enum es_code rc = read_str("<?xml version='1.0'?><root a='1' b='2'>"
                                   "<box><item>\x01x</item></box></root>");
        CHECK(rc == ES_OK || rc == ES_ENOMEM);
        ok = rc == ES_OK;
        CHECK(max < 1u << 15); /* as the header says */
    }
    CHECK_STR(seen_text(), "<1 1><3><2>x...");
    done();
}
