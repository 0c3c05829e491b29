#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page compiler: what must not compile fails with file and line, and what
does compile becomes the C that it should."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("ES_SOURCE_ROOT", Path(__file__).parents[2]))
sys.path.insert(0, str(ROOT / "tools"))
import page  # noqa: E402

HEAD = "{% page p(int v) %}\n"


def compiled(body, slots=None, head=HEAD):
    with tempfile.TemporaryDirectory() as d:
        path = Path(d) / "t.html"
        path.write_text(head + body, encoding="utf-8")
        return page.Page(path, slots)


def c_of(body, **kw):
    return compiled(body, **kw).c("x.h")


class Refused(unittest.TestCase):
    def refuse(self, body, line, what, **kw):
        with self.assertRaises(page.PageError) as caught:
            compiled(body, **kw)
        self.assertRegex(str(caught.exception), rf"^pages/t.html:{line}: ")
        self.assertIn(what, str(caught.exception))

    def test_interpolation_in_script(self):
        self.refuse('<p></p>\n<script src="/a">{{ v }}</script>', 3, "inside script")

    def test_script_without_file(self):
        self.refuse("<script></script>", 2, "src")
        self.refuse('<script src="/a">alert()</script>', 2, "no script in a page")

    def test_style_element(self):
        self.refuse("\n<style>p{}</style>", 3, "style sheet")

    def test_style_attribute(self):
        self.refuse('<p style="color:red"></p>', 2, "style=")
        self.refuse('<p style="{{ v }}"></p>', 2, "style=")

    def test_handlers(self):
        for name in ("onclick", "onload", "onfocus"):
            self.refuse(f'<p {name}="{{{{ v }}}}"></p>', 2, name)
            self.refuse(f"<p\n{name}='x()'></p>", 3, name)

    def test_unquoted_attribute(self):
        self.refuse("<p title={{ v }}></p>", 2, "unquoted")
        self.refuse("<p class=a></p>", 2, "needs a value in quotes")

    def test_interpolation_in_names(self):
        self.refuse("<{{ v }}></p>", 2, "tag or attribute name")
        self.refuse("<p {{ v }}></p>", 2, "tag or attribute name")
        self.refuse("<p da{{ v }}=''></p>", 2, "tag or attribute name")

    def test_interpolation_in_comment(self):
        self.refuse("<!-- \n{{ v }} -->", 3, "comment")

    def test_url_takes_one_url(self):
        self.refuse('<a href="/x/{{ v }}"></a>', 2, "one es_url")
        self.refuse('<a href="{{ v }}/x"></a>', 2, "one es_url")
        self.refuse('<a href="{{ v }}{{ v }}"></a>', 2, "one es_url")
        self.refuse('<a href="{% if v %}/{% end %}"></a>', 2, "can't stand here")
        self.refuse('<a href="{{t "a"}}"></a>', 2, "es_url")

    def test_url_constants(self):
        for bad in ("javascript:x", "//evil.example/", "data:text/html,x",
                    "http://x/", "x", " /x", "JaVaScRiPt:x"):
            self.refuse(f'<a href="{bad}"></a>', 2, "neither a path nor https")

    def test_other_documents(self):
        self.refuse('<iframe srcdoc="x"></iframe>', 2, "srcdoc")

    def test_words_outside_the_catalogue(self):
        self.refuse("<p>Hello</p>", 2, "outside the catalogue")
        self.refuse("<p>&amp; &middot; é</p>", 2, "outside the catalogue")
        self.refuse('<img alt="Hello">', 2, "outside the catalogue")
        self.refuse('<p title="{{ v }} km"></p>', 2, "outside the catalogue")

    def test_words_in_c(self):
        self.refuse('<p>{{ v ? "Open" : "" }}</p>', 2, "catalogue")
        self.refuse('\n<p title="{{ v ? "still open" : "" }}"></p>', 3,
                    "catalogue")
        self.refuse('{% call es_part_x("Take part") %}', 2, "catalogue")
        for fine in ('{{ es_t(o->lang, "Take part") }}',
                     '{{ f("distance", "by_person") }}'):
            compiled(f"<p>{fine}</p>")

    def test_balance(self):
        self.refuse("<p>\n", 3, "never closed")
        self.refuse("<p></div>", 2, "</div>")
        self.refuse("</p>", 2, "</p>")
        self.refuse("<div/>", 2, "does not close itself")
        self.refuse("{% if v %}<p>{% end %}</p>", 2, "branches")
        self.refuse("{% if v %}<p>{% else %}<p></p>{% end %}", 2, "branches")
        self.refuse("{% for x in v[2] %}<p>{% end %}", 2, "branches")
        self.refuse('<p class="{% if v %}">{% end %}</p>', 2, "branches")

    def test_directives(self):
        self.refuse("{% if v %}\n\n", 2, "without")
        self.refuse("{% end %}", 2, "end without")
        self.refuse("{% else %}", 2, "else without")
        self.refuse("{% if v %}{% else %}{% else %}{% end %}", 2, "else without")
        self.refuse("{% frob %}", 2, "unknown directive")
        self.refuse("\n{{ v ", 3, "without }}")
        self.refuse("{{ }}", 2, "empty")
        self.refuse("{% block x %}{% end %}", 2, "no slot")
        self.refuse("{% for x of v %}{% end %}", 2, "ARRAY[COUNT]")

    def test_messages(self):
        self.refuse("{{t v}}", 2, "string literal")
        self.refuse('{{t "{1}"}}', 2, "0 arguments")
        self.refuse('{{t "a", v}}', 2, "1 arguments")
        self.refuse('{{n "a", "b"}}', 2, "plural")

    def test_first_line(self):
        self.refuse("<p></p>", 2, "never", head=HEAD + "<i>")
        with self.assertRaises(page.PageError):
            compiled("<p></p>", head="<p></p>")

    def test_missing_block(self):
        self.refuse("", 2, "needs a block title",
                    slots=[("title", True), ("body", True)],
                    head="{% page p(int v) %}{% in l(v) %}\n")


class Written(unittest.TestCase):
    def test_places(self):
        c = c_of('<p title="{{ a }}">{{ b }}</p><a href="{{ u }}"></a>')
        self.assertIn("ES_ATTR(o, a);", c)
        self.assertIn("ES_TEXT(o, b);", c)
        self.assertIn("ES_HREF(o, u);", c)

    def test_line_numbers(self):
        self.assertIn('#line 4 "pages/t.html"\n    ES_TEXT(o, v);',
                      c_of("\n\n{{ v }}"))

    def test_white_space_and_comments(self):
        c = c_of("<p>\n   <!-- gone --> <b>\n\n</b>  </p>")
        self.assertNotIn("gone", c)
        self.assertIn('<p> <b> </b> </p>', c)

    def test_pre_keeps_its_space(self):
        self.assertIn(r"<pre>\n  \n</pre>", c_of("<pre>\n  \n</pre>"))

    def test_message_in_any_order(self):
        c = c_of('{{t "{2} of {1}", a(1, 2), "x, y"}}')
        self.assertIn('es_t(o->lang, "{2} of {1}")', c)
        self.assertIn("case 1: ES_TEXT(o, a(1, 2));", c)
        self.assertIn('case 2: ES_TEXT(o, "x, y");', c)

    def test_plural(self):
        c = c_of('{{n "one run", "{n} runs", v}}')
        self.assertIn('es_tn(o->lang, "one run", "{n} runs", v)', c)

    def test_attribute_conditions(self):
        c = c_of("<input {% if v %}checked{% end %}>")
        self.assertIn("if (v) {", c)

    def test_untranslated(self):
        self.assertIn("GPX", c_of('<b translate="no">GPX</b>'))

    def test_braces_in_strings(self):
        self.assertIn('f("}}")', c_of('{{ f("}}") }}'))

    def test_for_else(self):
        c = c_of("{% for r in v->rows[v->n] %}{{ r }}{% else %}{{ w }}{% end %}")
        self.assertIn("i1_ < (v->n)", c)
        self.assertIn("} if ((v->n) == 0) {", c)

    def test_local_links_may_keep_the_language(self):
        self.assertIn('es_out_path(o, "/x");', c_of('<a href="/x"></a>'))


class Types(unittest.TestCase):
    """What the C compiler refuses: a type with no writer for its place."""

    def compiles(self, body):
        with tempfile.TemporaryDirectory() as d:
            src = Path(d) / "t.c"
            src.write_text(
                '#include "html/out.h"\nvoid p(struct es_out *o, const char *s, '
                "double d, bool b, struct es_url u, struct es_html h, "
                "struct es_name n);\n" + c_of(
                    body, head="{% page p(const char *s, double d, bool b, "
                    "struct es_url u, struct es_html h, struct es_name n) %}\n")
                .replace('#include "x.h"', ""))
            run = subprocess.run(
                ["cc", "-fsyntax-only", "-I", str(ROOT / "src"), "-D_GNU_SOURCE",
                 "-include", str(ROOT / "src/base/banned.h"), str(src)],
                capture_output=True, text=True)
            return run.returncode == 0, run.stderr

    def test_good(self):
        ok, err = self.compiles(
            '<a href="{{ u }}" title="{{ n }}">{{ s }}{{ h }}{{ n }}{{ u }}</a>')
        self.assertTrue(ok, err)

    def test_bad(self):
        for body in ('<a href="{{ s }}"></a>', '<img alt="" src="{{ s }}">',
                     '<form action="{{ h }}"></form>', '<p title="{{ h }}"></p>',
                     "{{ d }}", "{{ b }}"):
            ok, err = self.compiles("\n" + body)
            self.assertFalse(ok, body)
            self.assertIn("pages/t.html:3:", err)


if __name__ == "__main__":
    unittest.main()
