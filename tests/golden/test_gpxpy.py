#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""GPX point by point as gpxpy reads it: files of every form made here, and the
real ones beside the checkout where they are.

    test_gpxpy.py POINTS"""
import gzip
import os
import random
import struct
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

try:
    import gpxpy
except ImportError:
    sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, for any
    try:
        import gpxpy
    except ImportError:
        gpxpy = None

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
POINTS = sys.argv.pop(1)
REAL = Path(os.environ["ES_SOURCE_ROOT"]).parent / "shared/tracks/gpx"


def ours(path):
    """Tracks as lists of (segment begins, lat, lon, height, ms), warnings."""
    out = subprocess.run([POINTS, path], check=True, text=True, timeout=60,
                         capture_output=True).stdout
    tracks, warnings = [], []
    for line in out.splitlines():
        word, *rest = line.split()
        if word == "track":
            tracks.append([])
        elif word in ("warning", "error"):
            warnings.append(" ".join(rest))
        else:
            lat, lon, ele, t = rest
            tracks[-1].append((word == "1", float(lat), float(lon),
                               None if ele == "nan" else as_float(float(ele)),
                               None if t == "-" else int(t)))
    return tracks, warnings


def as_float(v):
    return None if v is None else struct.unpack("f", struct.pack("f", v))[0]


def as_ms(t):
    if t is None:
        return None
    if t.tzinfo is None:
        t = t.replace(tzinfo=timezone.utc)
    return (t - EPOCH) // timedelta(milliseconds=1)


def theirs(data):
    gpx = gpxpy.parse(data)
    return [[(i == 0, p.latitude, p.longitude, as_float(p.elevation),
              as_ms(p.time))
             for segment in track.segments
             for i, p in enumerate(segment.points)]
            for track in gpx.tracks]


class Maker:
    """GPX as programs write it, and as none does but may."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.quote = self.r.choice("'\"")
        self.feed = self.r.choice(["\n", "\r\n", "", "\n   "])

    def tag(self, name, inner, attrs=""):
        if not inner and self.r.random() < .5:
            return f"<{name}{attrs}/>{self.feed}"
        gap = self.r.choice(["", "", "", " ", "\n"])
        return f"<{name}{attrs}{gap}>{inner}</{name}{gap}>{self.feed}"

    def text(self, s):
        form = self.r.random()
        if form < .05:
            return f"<![CDATA[{s}]]>"
        if form < .1:
            return s.replace("1", "&#49;").replace("2", "&#x32;")
        if form < .15:
            return f"\n  {s}\t"
        return s

    def degrees(self, limit):
        v = self.r.uniform(-limit, limit)
        return self.r.choice([f"{v:.{self.r.randrange(1, 25)}f}", f"{v:.7f}",
                              f"{v:.7f}", f"{v:.6f}", repr(v), str(int(v))])

    def time(self, s):
        clock = f"2026-08-25T{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}"
        part = self.r.choice(["", "", ".5", ".123", ".000", ".123456"])
        return clock + part + self.r.choice(["Z", "Z", "Z", "+00:00"])

    def point(self, s):
        q, r = self.quote, self.r
        lat = f"lat={q}{self.degrees(90)}{q}"
        lon = f"lon={q}{self.degrees(180)}{q}"
        inner = ""
        if r.random() < .9:
            inner += self.tag("ele", self.text(f"{r.uniform(-50, 4000):.2f}"))
        if r.random() < .9:
            inner += self.tag("time", self.text(self.time(s)).strip())
        if r.random() < .5:
            inner += self.tag("extensions", "<x:TrackPointExtension>"
                              "<x:hr>150</x:hr><x:cad>80</x:cad><x:ele>7</x:ele>"
                              "</x:TrackPointExtension>")
        if r.random() < .1:
            inner = f"<!-- <time> -->{self.feed}{inner}"
        pair = [lat, lon]
        r.shuffle(pair)
        return self.tag("trkpt", inner, " " + r.choice(["  ", " ", "\n"])
                        .join(pair))

    def segment(self, start):
        return self.tag("trkseg", "".join(
            self.point(start + i) for i in range(self.r.randrange(12))))

    def track(self):
        return self.tag("trk", self.tag("name", "a &amp; b") + "".join(
            self.segment(1000 * i) for i in range(self.r.randrange(4))))

    def document(self):
        """The file, and the same in UTF-8, which is all that gpxpy reads."""
        kind = self.r.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16",
                              "iso-8859-1"])
        body = self.tag(
            "gpx", self.tag("wpt", self.tag("name", "caf\xe9"),
                            ' lat="1" lon="2"') +
            "".join(self.track() for _ in range(self.r.randrange(1, 4))),
            ' version="1.1" creator="caf\xe9" xmlns:x="urn:x"'
            ' xmlns="http://www.topografix.com/GPX/1/1"')
        name = kind.removesuffix("-sig")
        head = f'<?xml version="1.0" encoding="{name}"?>{self.feed}'
        return (head + body).encode(kind), body.encode()


@unittest.skipUnless(gpxpy, "no gpxpy here")
class PointByPoint(unittest.TestCase):
    maxDiff = 2000

    def same(self, path, data):
        try:
            want = theirs(data)
        except Exception:  # all kinds: what it can't read it can't tell of
            return False
        got, warnings = ours(path)
        if "repeated" in warnings:
            return False
        self.assertEqual(got, want)
        return True

    def test_files_of_every_form(self):
        read = 0
        with tempfile.TemporaryDirectory() as home:
            path = Path(home) / "a.gpx"
            for seed in range(100):
                data, plain = Maker(seed).document()
                path.write_bytes(data)
                with self.subTest(seed=seed):
                    read += self.same(path, plain)
        self.assertGreater(read, 80)

    @unittest.skipUnless(REAL.is_dir(), "no collection beside the checkout")
    def test_real_files(self):
        read = 0
        for path in sorted(REAL.iterdir()):
            if path.suffix not in (".gpx", ".gz"):
                continue
            data = path.read_bytes()
            if path.suffix == ".gz":
                data = gzip.decompress(data)
            with self.subTest(path.name):
                read += self.same(path, data)
        self.assertGreater(read, 25)


if __name__ == "__main__":
    unittest.main()
