#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""libeverystep-track as a program outside this project meets it: installed,
found by pkg-config, its header alone, its examples built and run.

    test_library.py"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ["ES_SOURCE_ROOT"])
BUILD = Path(os.environ["ES_BUILD_ROOT"])

# 101 points due east along the equator, 10 m and 3 s apart: 1 km in 5 min.
GPX = ("<gpx version='1.1' creator='a test'><trk><type>running</type><trkseg>"
       + "".join(f"<trkpt lat='0' lon='{i * 10 / 111319.490793:.7f}'><time>"
                 f"2026-05-01T08:{i * 3 // 60:02}:{i * 3 % 60:02}Z</time>"
                 "</trkpt>" for i in range(101))
       + "</trkseg></trk></gpx>")

MAY_CALL = set("""calloc free malloc realloc memchr memcmp memcpy memmem memmove
memset strchr strcmp strcspn strlen strnlen
ceil ceilf fabs floor floorf fmax fmaxf fmin fminf frexp remainder sqrt trunc
crc32 inflate inflateEnd inflateInit2_ inflateReset2""".split())


def run(*args, **more):
    return subprocess.run([str(a) for a in args], check=True,
                          capture_output=True, **more).stdout


class Library(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tmp = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.tmp)
        cls.root = cls.tmp / "root"
        run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet",
            "--tags", "devel", "--destdir", cls.root)
        options = json.loads(run("meson", "introspect", "--buildoptions",
                                 BUILD))
        sanitizers = next(o["value"] for o in options
                          if o["name"] == "b_sanitize")
        cls.flags = ["-std=c17", "-Wall", "-Wextra", "-Werror", "-O1"]
        if sanitizers != "none":
            cls.flags.append("-fsanitize=" + sanitizers)
        cls.lib = next(cls.root.rglob("libeverystep-track.so"))
        cls.env = os.environ | {
            "PKG_CONFIG_PATH": str(cls.lib.parent / "pkgconfig"),
            "PKG_CONFIG_SYSROOT_DIR": str(cls.root),
            "LD_LIBRARY_PATH": str(cls.lib.parent)}
        cls.gpx = cls.tmp / "run.gpx"
        cls.gpx.write_text(GPX)

    def pkg_config(self, *args):
        return run("pkg-config", *args, "everystep-track", text=True,
                   env=self.env).split()

    def built(self, name, *libs):
        out = self.tmp / (name + str(len(libs)))
        run("cc", *self.flags, ROOT / "examples" / (name + ".c"),
            *(libs or self.pkg_config("--cflags", "--libs")), "-o", out)
        return out

    def test_an_example_says_how_far_it_was(self):
        out = run(self.built("distance"), self.gpx, env=self.env, text=True)
        metres = re.search(r"running, gpx: (\d+) m in 300 s", out)
        self.assertTrue(metres, out)
        self.assertAlmostEqual(int(metres[1]), 1000, delta=5)

    def test_it_links_statically_too(self):
        archive = self.lib.with_suffix(".a")
        static = [f for f in self.pkg_config("--cflags")] + [archive] + \
            [f for f in self.pkg_config("--static", "--libs")
             if f != "-leverystep-track"]
        program = self.built("distance", *static)
        self.assertNotIn("everystep", run("readelf", "-d", program, text=True)
                         .replace(str(program), ""))
        self.assertIn("running, gpx", run(program, self.gpx, text=True))

    def test_an_example_converts_and_back(self):
        convert = self.built("convert")
        fit = run(convert, "fit", input=GPX.encode(), env=self.env)
        self.assertEqual(fit[8:12], b".FIT")
        gpx = run(convert, "gpx", input=fit, env=self.env)
        times = re.findall(r"<time>([^<]*)</time>", gpx.decode())
        self.assertEqual(times[-101:], re.findall(r"<time>([^<]*)</time>", GPX))
        wrong = subprocess.run([convert, "gpx"], input=b"no file of a run",
                               capture_output=True, env=self.env)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn(b"unknown_format", wrong.stderr)

    def test_the_header_stands_alone_and_is_all_that_is_seen(self):
        header = next(self.root.rglob("everystep-track.h"))
        run("cc", *self.flags, "-fsyntax-only", "-x", "c", header)
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.DOTALL)
        declared = set(re.findall(r"ES_API\b[^;(]*?(\w+)\(", text)) \
            - {"__attribute__"}
        self.assertIn("es_activities_read", declared)
        seen = set(re.findall(r" [A-Z] (\w+)$", run(
            "nm", "-D", "--defined-only", self.lib, text=True), re.MULTILINE))
        self.assertEqual({n for n in seen if n.startswith("es_")}, declared)

    def test_the_man_page_names_each_function_of_the_handle(self):
        page = next(self.root.rglob("everystep-track.3")).read_text()
        header = (ROOT / "src/lib/activities.h").read_text()
        for name in re.findall(r"(es_activities_\w+)\(", header):
            self.assertIn(name, page)
        if not shutil.which("mandoc"):
            self.skipTest("no mandoc here to read the page")
        run("mandoc", "-Tlint", "-Wwarning", ROOT / "docs/man/everystep-track.3")

    def test_it_calls_nothing_whose_bits_could_differ(self):
        """Of the C library: memory, and functions that IEEE 754 fixes."""
        wanted = set(re.findall(r" U (\w+)", run(
            "nm", "-D", "--undefined-only", self.lib, text=True)))
        self.assertEqual({n for n in wanted - MAY_CALL
                          if not re.match("_|.*san", n)}, set())

    def test_nothing_of_it_can_be_written_to(self):
        """No globals: all that stands in the library is constant."""
        symbols = run("nm", "--format=sysv", self.lib.with_suffix(".a"),
                      text=True)
        held = {}
        for line in symbols.splitlines():
            cells = [c.strip() for c in line.split("|")]
            if len(cells) == 7 and cells[2] in "bBdDC" \
                    and ".rel.ro" not in cells[6] and "san" not in cells[0]:
                held[cells[0]] = cells[6]
        self.assertEqual(held, {})


if __name__ == "__main__":
    unittest.main()
