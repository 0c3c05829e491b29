#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page, rendered with samples in every language, tame and nasty: its
markup is whole, its forms are labelled, and nothing that people wrote has
become markup."""
import gzip
import os
import re
import subprocess
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

BUILD = Path(os.environ["ES_BUILD_ROOT"])
LANGS = ("en", "tr", "az", "ur", "ar")
VOID = set("area base br col embed hr img input link meta source track wbr"
           .split())


class Reader(HTMLParser):
    """What a page holds, and what is wrong with it."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.faults, self.tags = [], [], []
        self.ids, self.labels, self.controls, self.refs = [], set(), [], []
        self.headings, self.text, self.links = [], [], []

    def fault(self, what):
        self.faults.append(f"line {self.getpos()}: {what}")

    def handle_starttag(self, tag, attrs):
        names = [n for n, _ in attrs]
        a = dict(attrs)
        self.tags.append((tag, a))
        if len(names) != len(set(names)):
            self.fault(f"<{tag}> repeats an attribute")
        for n, v in attrs:
            if n.startswith("on") or n == "style":
                self.fault(f"{n}= on <{tag}>")
            if n == "id":
                self.ids.append(v)
            if n in ("for", "aria-labelledby"):
                self.refs += (v or "").split()
        if tag == "script" and "src" not in a and \
                a.get("type") != "application/ld+json":  # data, not run
            self.fault("a script in the page")
        if tag == "label" and "for" in a:
            self.labels.add(a["for"])
        if tag in ("input", "select", "textarea") and a.get("type") != "hidden":
            self.controls.append((a, "label" in self.stack))
        if tag in ("a", "link", "form"):
            if a.get("rel") != "noopener":  # one of the organiser's
                self.links.append(a.get("href") or a.get("action"))
            elif not a["href"].startswith(("https://", "mailto:")):
                self.fault(f"leads to {a['href']}")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.fault(f"</{tag}> closes what isn't open")

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.fault(f"a comment: {data[:40]}")


def render(folder, *args):
    subprocess.run([BUILD / "tests/pages/render_pages", folder, *args], check=True)
    return {path.stem: path.read_bytes()
            for path in sorted(Path(folder).glob("*.html"))}


class Pages(unittest.TestCase):
    def whole(self, name, raw):
        page = raw.decode("utf-8")  # raises when it isn't
        r = Reader()
        r.feed(page)
        r.close()
        self.assertEqual(r.faults, [], name)
        self.assertEqual(r.stack, [], name)
        self.assertTrue(page.lstrip().startswith("<!DOCTYPE html>"), name)
        double = {i for i in r.ids if r.ids.count(i) > 1}
        self.assertEqual(double, set(), f"{name}: ids used twice")
        for ref in r.refs:
            self.assertIn(ref, r.ids, f"{name}: names an id that isn't there")
        for a, inside in r.controls:
            self.assertTrue(inside or a.get("id") in r.labels,
                            f"{name}: no label for {a}")
        self.assertEqual(r.headings.count(1), 1, f"{name}: one h1")
        for above, below in zip(r.headings, r.headings[1:]):
            self.assertLessEqual(below, above + 1, f"{name}: skips a heading")
        for link in r.links:
            self.assertRegex(link or "", r"^(/(?!/)|#main$)", name)
        posts = [a for t, a in r.tags
                 if t == "form" and a.get("method") == "post"]
        self.assertEqual(len(posts), page.count('name="csrf"'), name)
        return r, page

    def test_every_language(self):
        for lang in LANGS:
            with tempfile.TemporaryDirectory() as d:
                pages = render(d, lang)
                self.assertGreater(len(pages), 15)
                for name, raw in pages.items():
                    _, page = self.whole(f"{lang} {name}", raw)
                    self.assertIn(f'<html lang="{lang}"', page)

    def test_nasty_texts_stay_texts(self):
        with tempfile.TemporaryDirectory() as d:
            seen = ""
            for name, raw in render(d, "ur", "nasty").items():
                r, _ = self.whole(name, raw)
                scripts = [a for t, a in r.tags if t == "script" and
                           a.get("type") != "application/ld+json"]
                self.assertTrue(all(a["src"].startswith("/static/")
                                    for a in scripts), name)
                self.assertFalse([t for t, a in r.tags
                                  if t in ("iframe", "object") or
                                  not a.get("src", "/").startswith("/")],
                                 name)
                seen += " ".join(r.text)
            for said in ("<script>alert(1)</script>", "&lt;b&gt; &amp;&#39;",
                         "{{ x }} {% end %} {1} {n} %s %n", "<!-- -->"):
                self.assertIn(said, seen)

    def test_a_first_visit_is_light(self):
        """The initiative's page with all it needs: at most 30 KB gzipped."""
        with tempfile.TemporaryDirectory() as d:
            page = render(d, "en")["initiative"]
            refs = set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', page))
            self.assertEqual(len(refs), 3)
            need = [page] + [Path(d, r.decode()[1:]).read_bytes() for r in refs]
            self.assertLessEqual(sum(len(gzip.compress(x)) for x in need),
                                 30000)


if __name__ == "__main__":
    unittest.main()
