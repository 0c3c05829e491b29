#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sheets and what wears them: each class of pages/*.css stands in a page, a
script or a handler, each class of a page in a sheet, and the colour that
pictures take for the sheet's own is it."""
import os
import re
import unittest
from pathlib import Path

ROOT = Path(os.environ["ES_SOURCE_ROOT"])
NAME = r"[A-Za-z][\w-]*"

# Classes that scripts and tests look for, and no sheet dresses.
HOOKS = {"charted"}


def texts(*patterns):
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def dressed(css):
    """The classes that a sheet has rules for."""
    css = re.sub(r'/\*.*?\*/|"[^"]*"|url\([^)]*\)', "", css, flags=re.DOTALL)
    return {name for rule in re.findall(r"([^{};]+)\{", css)
            if not rule.strip().startswith("@")
            for name in re.findall(rf"\.({NAME})", rule)}


def worn(page):
    """The classes in a page; "medal-*" where the rest is computed."""
    page = re.sub(r"\{%.*?%\}", " ", page)
    page = re.sub(r"\{\{.*?\}\}", "*", page)
    return {name for value in re.findall(r'\bclass="([^"]*)"', page)
            for name in value.split()}


def chosen(page):
    """The words of a page's computed classes: class="{{ x ? "a" : "b" }}"."""
    return {word for value in re.findall(r'\bclass="[^"{]*\{\{(.*?)\}\}', page)
            for text in re.findall(r'"([^"]*)"', value)
            for word in text.split()}


def said(source):
    """The words of a script's or a handler's literals that may be classes:
    those of class=\\"...\\" and those that are words and nothing else."""
    words = set()
    for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"', source):
        marked = re.findall(r'class=\\"([\w -]*)', text)
        if marked or re.fullmatch(r"[\w -]+", text):
            words |= set(" ".join(marked or [text]).split())
    return words


class Sheet(unittest.TestCase):
    def setUp(self):
        self.dressed = set()
        for _, css in texts("pages/*.css"):
            self.dressed |= dressed(css)
        self.pages = dict(texts("pages/*.html"))
        self.said = set()
        for _, source in texts("js/*.ts", "src/web/*.c", "src/html/*.c"):
            self.said |= said(source)
        for page in self.pages.values():
            self.said |= chosen(page)

    def test_finds_what_it_looks_for(self):
        self.assertEqual(dressed('@media (x) { .a-b > p.c::after '
                                 '{ content: ".d"; margin: .5em } }'),
                         {"a-b", "c"})
        page = ('<p class="a {% if x("y") %}b{% end %} c-{{ n }}">'
                '<i class="{{ x ? "d" : "e f" }}">')
        self.assertEqual(worn(page) | chosen(page),
                         {"a", "b", "c-*", "*", "d", "e", "f"})
        self.assertEqual(said('x("<b class=\\"a b\\">"); y("c"); z("d: %s")'),
                         {"a", "b", "c"})

    def test_each_rule_is_for_something(self):
        here = {name for page in self.pages.values() for name in worn(page)}
        begun = tuple(n[:-1] for n in here if n.endswith("*") and n != "*")
        idle = {n for n in self.dressed - here - self.said
                if not n.startswith(begun)}
        self.assertFalse(idle, "nothing wears these classes")

    def test_each_class_is_dressed(self):
        for path, page in self.pages.items():
            with self.subTest(path):
                bare = {n for n in worn(page) - self.dressed - HOOKS
                        if "*" not in n}
                self.assertFalse(bare, "no sheet knows these classes")

    def test_the_colour_of_who_chose_none(self):
        code = (ROOT / "src/web/web_int.h").read_text("utf-8")
        own = re.search(r'ES_WEB_OWN_COLOUR "(.*?)"', code).group(1)
        sheet = (ROOT / "pages/style.css").read_text("utf-8")
        self.assertEqual(re.search(r"--accent: (.*?);", sheet).group(1), own)


if __name__ == "__main__":
    unittest.main()
