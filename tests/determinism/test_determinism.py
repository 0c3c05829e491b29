#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Same input, same numbers to the last bit, whoever compiled it: the program
of bits.c as each compiler built it, and for WebAssembly, on runs that it makes up itself and on
the whole collection where it is there.

    test_determinism.py PROGRAM..."""
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(os.environ["ES_SOURCE_ROOT"])
BUILD = Path(os.environ["ES_BUILD_ROOT"])
TRACKS = ROOT.parent / "shared/tracks"
PROGRAMS = [os.path.abspath(a) for a in sys.argv[1:]
            if shutil.which("node") or not a.endswith(".wasm")]


def collection():
    return sorted(str(p.relative_to(TRACKS)) for kind in ("fit", "gpx", "tcx")
                  for p in TRACKS.glob(f"{kind}/*.{kind}"))


def start(program, files):
    folder = TRACKS if files else ROOT
    command = [program]
    if program.endswith(".wasm"):
        command = ["node", "--no-warnings",
                   ROOT / "tests/determinism/run.mjs", program]
    return subprocess.Popen([*command, *files], cwd=folder, text=True,
                            stdout=subprocess.PIPE)


class Determinism(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["ninja", "-C", BUILD, "--quiet"]
                       + [os.path.relpath(p, BUILD) for p in PROGRAMS],
                       check=True, stdout=sys.stderr)

    def compare(self, files, least):
        running = [start(p, files) for p in PROGRAMS]
        said = [r.communicate()[0].splitlines() for r in running]
        for program, run, lines in zip(PROGRAMS, running, said):
            name = Path(program).name
            self.assertEqual(run.returncode, 0, name)
            self.assertGreaterEqual(len(lines), least, name)
            self.assertEqual(len(lines), len(said[0]), name)
            for ours, theirs in zip(lines, said[0]):
                self.assertEqual(ours, theirs,
                                 f"{name} against {Path(PROGRAMS[0]).name}")

    def test_there_is_more_than_one_build(self):
        self.assertGreater(len(PROGRAMS), 1, "neither gcc nor clang is here")

    def test_runs_made_up(self):
        self.compare([], 24)

    def test_the_collection(self):
        files = collection()
        if not files:
            self.skipTest("no collection of tracks beside the checkout")
        self.compare(files, len(files))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
