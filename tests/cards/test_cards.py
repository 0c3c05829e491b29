#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws a card of every kind, script and format into BUILD/screens/cards, with
a page that shows them side by side, and reads each QR code as a camera would.

    test_cards.py CARD_SHEET"""
import html
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

SHEET = sys.argv[-1]
OUT = Path(os.environ["ES_BUILD_ROOT"]) / "screens/cards"
FORMATS = {"wide": (1200, 630), "square": (1080, 1080), "story": (1080, 1920)}


def page(names):
    rows = "".join(
        f"<h2>{html.escape(name)}</h2><p>" + "".join(
            f'<img src="{name}-{form}.png" width="{w // 3}" '
            f'height="{h // 3}" loading="lazy" alt="{name}, {form}"> '
            for form, (w, h) in FORMATS.items()) + "</p>\n"
        for name in names)
    return ('<!doctype html><html lang="en"><meta charset="utf-8">'
            "<title>Cards</title><h1>Cards</h1>\n" + rows)


class Cards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        OUT.mkdir(parents=True, exist_ok=True)
        for old in OUT.glob("*.png"):
            old.unlink()
        subprocess.run([SHEET, OUT], check=True, stdout=subprocess.DEVNULL)
        cls.names = sorted({re.sub(r"-[a-z]+$", "", file.stem)
                            for file in OUT.glob("*.png")})
        (OUT / "index.html").write_text(page(cls.names), encoding="utf-8")

    def test_every_sample_in_every_format(self):
        self.assertGreaterEqual(len(self.names), 12)
        for name in self.names:
            for form, (w, h) in FORMATS.items():
                head = (OUT / f"{name}-{form}.png").read_bytes()[:24]
                self.assertEqual(head[:8], b"\x89PNG\r\n\x1a\n")
                self.assertEqual(int.from_bytes(head[16:20], "big"), w)
                self.assertEqual(int.from_bytes(head[20:24], "big"), h)

    def test_a_camera_reads_the_address(self):
        done = subprocess.run(
            ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable",
             *sorted(OUT.glob("*.png"))], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        read = done.stdout.split()
        self.assertEqual(len(read), 3 * len(self.names))
        for address in read:
            self.assertRegex(address, r"^https://[a-z.]+/r/7KQ2MX(ABCD)?$")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
