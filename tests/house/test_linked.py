#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hostile files never meet the database or the network: the program that
holds both has no decoder in it and draws nothing, and those that do have
neither.

    test_linked.py EVERYSTEP EVERYSTEP_DECODE EVERYSTEP_RENDER"""
import json
import re
import subprocess
import sys
import unittest
from pathlib import Path

EVERYSTEP, DECODE, RENDER = sys.argv[-3:]
C_RUNTIME = {"libc", "libm", "ld-linux-x86-64", "libasan", "libubsan",
             "libgcc_s"}
PICTURES = {"libjpeg", "libpng16", "libwebp"}
DRAWING = {"libcairo", "libfontconfig", "libfreetype", "libharfbuzz",
           "libpango-1", "libpangocairo-1", "libpangoft2-1", "libpng16"}


def libraries(program):
    out = subprocess.run(["readelf", "-d", program], check=True, text=True,
                         capture_output=True).stdout
    return {re.sub(r"\.so.*", "", name)
            for name in re.findall(r"\(NEEDED\).*\[(.+)\]", out)}


def functions(program):
    """The names of our own functions that were linked in."""
    out = subprocess.run(["nm", "--defined-only", program], check=True,
                         text=True, capture_output=True).stdout
    return set(re.findall(r" [Tt] (es_\w+)$", out, re.MULTILINE))


class Linked(unittest.TestCase):
    def test_the_server_holds_no_decoder(self):
        self.assertNotIn("libexpat", libraries(EVERYSTEP))
        self.assertFalse((DRAWING | PICTURES) & libraries(EVERYSTEP))
        ours = functions(EVERYSTEP)
        self.assertIn("es_ingest_run", ours)  # the names are there to read
        for name in ("es_decode", "es_unpack", "es_fit_decode",
                     "es_gpx_decode", "es_tcx_decode", "es_picture_make"):
            self.assertNotIn(name, ours)
        self.assertIn("es_card_put", ours)
        self.assertNotIn("es_card_draw", ours)

    def test_the_decoder_holds_no_store_and_no_network(self):
        self.assertLessEqual(libraries(DECODE) - C_RUNTIME,
                             {"libz", "libseccomp"} | PICTURES)
        ours = functions(DECODE)
        self.assertIn("es_decode", ours)
        self.assertIn("es_picture_make", ours)
        for prefix in ("es_store_", "es_http_", "es_auth_", "es_secret_"):
            self.assertFalse([n for n in ours if n.startswith(prefix)])

    def test_who_draws_holds_no_store_no_network_and_no_decoder(self):
        used = libraries(RENDER)
        self.assertIn("libcairo", used)
        self.assertFalse({"libsqlite3", "libmicrohttpd", "libsodium",
                          "libexpat", "libjansson"} & used)
        ours = functions(RENDER)
        self.assertIn("es_card_draw", ours)
        for prefix in ("es_store_", "es_http_", "es_auth_", "es_secret_",
                       "es_decode"):
            self.assertFalse([n for n in ours if n.startswith(prefix)])
        # In place of GLib's, for every library in the process (card/fonts.c).
        exported = subprocess.run(["nm", "-D", "--defined-only", RENDER],
                                  check=True, text=True, capture_output=True)
        self.assertIn(" T g_thread_new\n", exported.stdout)

    def test_the_list_of_components_is_whole(self):
        tool = Path(__file__).parents[2] / "tools" / "components.py"
        told = json.loads(subprocess.run(
            [sys.executable, tool, Path(EVERYSTEP).parent], check=True,
            text=True, capture_output=True).stdout)
        self.assertEqual(told["specVersion"], "1.5")
        by = {}
        for c in told["components"]:
            self.assertRegex(c["purl"], r"^pkg:deb/debian/.+@.+\?arch=")
            by[c["name"]] = {p["name"]: p["value"] for p in c["properties"]}
        for name in ("libc6", "libmicrohttpd12", "libsqlite3-0",
                     "libsodium23", "libcairo2", "zlib1g"):
            self.assertIn(name, by)
        self.assertEqual(by["libcairo2"]["used by"], "everystep-render")
        self.assertNotIn("everystep-decode", by["libsqlite3-0"]["used by"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
