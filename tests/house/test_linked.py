#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hostile files never meet the database or the network: the program that
holds both has no decoder in it and draws nothing, and those that do have
neither.

    test_linked.py EVERYSTEP EVERYSTEP_DECODE EVERYSTEP_RENDER"""
import re
import subprocess
import sys
import unittest

EVERYSTEP, DECODE, RENDER = sys.argv[-3:]
C_RUNTIME = {"libc", "libm", "ld-linux-x86-64", "libasan", "libubsan",
             "libgcc_s"}
DRAWING = {"libcairo", "libfontconfig", "libfreetype", "libharfbuzz",
           "libpango-1", "libpangocairo-1", "libpangoft2-1", "libpng16",
           "libqrencode"}


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
        self.assertFalse(DRAWING & libraries(EVERYSTEP))
        ours = functions(EVERYSTEP)
        self.assertIn("es_ingest_run", ours)  # the names are there to read
        for name in ("es_decode", "es_unpack", "es_fit_decode",
                     "es_gpx_decode", "es_tcx_decode"):
            self.assertNotIn(name, ours)
        self.assertIn("es_card_put", ours)
        self.assertNotIn("es_card_draw", ours)

    def test_the_decoder_holds_no_store_and_no_network(self):
        self.assertLessEqual(libraries(DECODE) - C_RUNTIME,
                             {"libz", "libseccomp"})
        ours = functions(DECODE)
        self.assertIn("es_decode", ours)
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


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
