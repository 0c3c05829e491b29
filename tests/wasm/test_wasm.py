#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The WebAssembly module: small, asks its host for nothing, and says of a file
what `everystep inspect` says.

    test_wasm.py MODULE"""
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ["ES_SOURCE_ROOT"])
BUILD = Path(os.environ["ES_BUILD_ROOT"])
MODULE = Path(sys.argv[-1]).resolve()
GZIPPED_MAX = 60 << 10


def a_run():
    """1,000 m north in 300 s, with heart rate and a pause."""
    points = "".join(
        f'<trkpt lat="{50 + i * 10 / 3 / 111229:.9f}" lon="8"><ele>'
        f"{100 + i / 20}</ele><time>2026-05-03T09:{i // 60:02d}:{i % 60:02d}Z"
        "</time><extensions><g:TrackPointExtension><g:hr>"
        f"{120 + i % 40}</g:hr></g:TrackPointExtension></extensions></trkpt>"
        for i in range(301))
    return ('<?xml version="1.0"?><gpx version="1.1" creator="test" '
            'xmlns:g="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
            f"<trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>")


class Wasm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("node"):
            raise unittest.SkipTest("no node here to run it")
        subprocess.run(["ninja", "-C", BUILD, "--quiet"]
                       + [os.path.relpath(MODULE.with_name(f"{name}.wasm"),
                                          BUILD)
                          for name in ("everystep-track", "everystep-record")],
                       check=True, stdout=sys.stderr)
        top = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, top)
        cls.gpx = top / "run.gpx"
        cls.gpx.write_text(a_run())
        done = subprocess.run(
            ["node", "--no-warnings", ROOT / "tests/wasm/track.mjs", MODULE,
             cls.gpx], capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stderr)
        cls.said = dict(map(json.loads, done.stdout.splitlines()))
        inspected = subprocess.run(
            [BUILD / "everystep", "inspect", "--json", cls.gpx], check=True,
            capture_output=True, text=True).stdout
        cls.want = json.loads(inspected)
        for key in ("file", "member", "activity", "activities"):
            del cls.want[key]

    def test_small(self):
        size = len(gzip.compress(MODULE.read_bytes(), 9))
        print(f"{size} bytes gzipped", file=sys.stderr)
        self.assertLessEqual(size, GZIPPED_MAX)

    def test_the_recorder_s_is_small(self):
        size = len(gzip.compress(
            MODULE.with_name("everystep-record.wasm").read_bytes(), 9))
        print(f"{size} bytes gzipped", file=sys.stderr)
        self.assertLessEqual(size, GZIPPED_MAX)

    def test_asks_for_nothing(self):
        self.assertEqual(self.said["imports"], [])

    def test_says_what_the_server_says(self):
        self.assertEqual(self.said["plain"], [self.want])

    def test_archives(self):
        self.assertEqual(self.said["gzip"], [self.want])
        self.assertEqual(self.said["stored"], [self.want, self.want])
        if self.said["deflated"] is not None:
            self.assertEqual(self.said["deflated"], [self.want])
        self.assertEqual(self.said["broken gzip"]["code"], "unpack_failed")
        self.assertEqual(self.said["cut zip"]["code"], "unpack_failed")
        self.assertEqual(self.said["bomb"]["code"], "unpacks_too_large")

    def test_errors(self):
        self.assertEqual(self.said["nothing"]["code"], "empty_file")
        self.assertEqual(self.said["no activity"]["code"], "unknown_format")
        self.assertIn("code", self.said["cut"])
        self.assertTrue(self.said["nothing"]["message"])

    def test_columns(self):
        n, t, lat, lon, hr, power, flags = self.said["columns"]
        self.assertEqual((n, lon, hr, power), (301, 8, 120, None))
        self.assertEqual(t, 1777798800000)
        self.assertAlmostEqual(lat, 50 + 1000 / 111229, places=9)
        self.assertEqual(flags & 1, 1)

    def test_the_example(self):
        said = subprocess.run(
            ["node", "--no-warnings", ROOT / "examples/distance.mjs", MODULE,
             self.gpx], check=True, capture_output=True, text=True).stdout
        metres = round(self.want["distance_m"])
        self.assertIn(f"running, gpx: {metres} m in 300 s, 301 points", said)

    def test_memory_is_used_again(self):
        self.assertLessEqual(self.said["grown"], 1 << 20)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
