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
        """C that makes pages holds no sentence outside ES_T()."""
        for path in [ROOT / "src/web/words.c"]:
            text = extract.IN_C.sub("", path.read_text("utf-8"))
            text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
            found = re.findall(r'"[A-Z][a-z]+ [a-z]+[^"]*"', text)
            self.assertEqual(found, [], path)

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
