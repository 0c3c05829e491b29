#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hostile files never meet the database or the network: the program that
holds both has no decoder in it, and the one that decodes has neither.

    test_linked.py EVERYSTEP EVERYSTEP_DECODE"""
import re
import subprocess
import sys
import unittest

EVERYSTEP, DECODE = sys.argv[-2:]
C_RUNTIME = {"libc", "libm", "ld-linux-x86-64", "libasan", "libubsan",
             "libgcc_s"}


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
        ours = functions(EVERYSTEP)
        self.assertIn("es_ingest_run", ours)  # the names are there to read
        for name in ("es_decode", "es_unpack", "es_fit_decode",
                     "es_gpx_decode", "es_tcx_decode"):
            self.assertNotIn(name, ours)

    def test_the_decoder_holds_no_store_and_no_network(self):
        self.assertLessEqual(libraries(DECODE) - C_RUNTIME,
                             {"libexpat", "libz", "libseccomp"})
        ours = functions(DECODE)
        self.assertIn("es_decode", ours)
        for prefix in ("es_store_", "es_http_", "es_auth_", "es_secret_"):
            self.assertFalse([n for n in ours if n.startswith(prefix)])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
