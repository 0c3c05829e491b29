#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogues: the template holds every message of pages and sources, and
a catalogue that is said to be complete is. (That a translation keeps the
placeholders of its message is checked when it is compiled.)"""
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("ES_SOURCE_ROOT", Path(__file__).parents[2]))
sys.path.insert(0, str(ROOT / "tools"))
import catalogue  # noqa: E402
import extract  # noqa: E402
import literals  # noqa: E402

# Metrics are read by machines; and what only looks like words.
# Names of fields; of browsers, which no language has others for; of languages,
# by their own names.
NO_PAGE = {"access.c", "browser.c", "ops.c", "spoken.c"}
NO_WORDS = {"Bearer ", "bar most", "English", "everystep verify --key %s FILE",
            "Event", "Organization", "Person", "Place"}  # schema.org's types
COMPLETE = set((ROOT / "po/LINGUAS").read_text().split())


class Catalogues(unittest.TestCase):
    def test_template_is_fresh(self):
        self.assertEqual((ROOT / "po/everystep.pot").read_text("utf-8"),
                         extract.pot(extract.messages()),
                         "run tools/extract.py")

    def test_no_message_is_two(self):
        """gettext knows a message by its singular alone."""
        seen = [msgid for msgid, _ in extract.messages()]
        self.assertEqual({m for m in seen if seen.count(m) > 1}, set())

    def test_no_words_but_messages(self):
        """C whose strings reach a page holds no words outside ES_T(). (What
        pages say themselves, tools/page.py holds them to.)"""
        paths = [p for d in ("web", "initiative", "html", "i18n")
                 for p in sorted((ROOT / "src" / d).rglob("*.c"))]
        paths += [ROOT / "src/card/words.c"]
        self.assertGreater(len(paths), 40)
        for path in paths:
            if path.name in NO_PAGE:
                continue
            found = [f"{path}:{line}: {words}" for line, words
                     in literals.words_in_c(path.read_text("utf-8"))
                     if words not in NO_WORDS]
            self.assertEqual(found, [])

    def test_words_are_found(self):
        """That the check above catches what it is there for."""
        for code in ('v.notice = "Your run was saved.";',
                     'v.notice = "Saved";',
                     'return es_web_fail(q, out, 404, "no such page");',
                     '{ "colour:invalid", "Please choose a colour." },',
                     'f(es_t(l, "Take part"));',
                     'b = \'"\'; s = "Take part"; // "x"',
                     'es_buf_str(b, "<p class=\\"sub\\">Take part</p>");',
                     'g(ES_T("a b"), "c" "Take part");',
                     'x = "bir koşu";'):
            self.assertEqual(len(literals.words_in_c(code)), 1, code)
        for code in ('f(ES_T("Take part " "with us"));',
                     'es_fail(e, ES_ENOENT, 0, "no such run");',
                     '/* "Take part" */ x = "in_review";',
                     'es_buf_str(b, "<p class=\\"a b\\" dir=\\"auto\\">");',
                     'es_buf_fmt(b, "%s/%lld", x, y);',
                     'h("Content-Security-Policy");'):
            self.assertEqual(literals.words_in_c(code), [], code)

    def test_reviewed_is_said_of_those_that_are(self):
        """The mark that pages show is the one of the catalogue's head."""
        source = (ROOT / "src/i18n/lang.c").read_text("utf-8")
        rows = re.findall(r'\{ \.tag = "(\w+)"(.*?)\}', source, re.S)
        self.assertEqual({tag for tag, _ in rows}, COMPLETE | {"en"})
        for tag, rest in rows:
            if tag == "en":
                continue
            head = (ROOT / f"po/{tag}.po").read_text("utf-8")[:400]
            self.assertEqual(".reviewed = true" in rest,
                             "# State: reviewed" in head, tag)

    def test_complete(self):
        self.assertIn("tr", COMPLETE)
        self.assertIn("ur", COMPLETE)
        wanted = {msgid for msgid, _ in extract.messages()}
        for tag in sorted(COMPLETE):
            n_plurals, _, entries = catalogue.read(ROOT / f"po/{tag}.po")
            self.assertEqual(wanted - set(entries), set(), tag)
            for (msgid, plural) in extract.messages():
                if plural:
                    self.assertEqual(len(entries[msgid]), n_plurals, msgid)

    def test_files_are_sound(self):
        for po in (ROOT / "po").glob("*.po"):
            run = subprocess.run(
                ["msgfmt", "--check", "--statistics", "-o", "/dev/null", po],
                capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertNotIn("fuzzy", run.stderr, po.name)
            head = po.read_text("utf-8")[:400]
            self.assertRegex(head, r"# State: (un)?reviewed", po.name)


if __name__ == "__main__":
    unittest.main()
