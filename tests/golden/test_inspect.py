# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real `everystep inspect` on files made here, and on every file of
../shared/tracks against what independent decoders found in it."""

import gzip
import io
import json
import math
import os
import subprocess
import tempfile
import unittest
import zipfile
from datetime import datetime
from pathlib import Path

ROOT = Path(os.environ["ES_SOURCE_ROOT"])
EXE = Path(os.environ["ES_BUILD_ROOT"]) / "everystep"
TRACKS = ROOT.parent / "shared" / "tracks"
OUTCOME = [
    "file", "member", "activity", "activities", "format", "sport",
    "started_at", "points", "records", "laps", "distance_m",
    "distance_source", "distance_why", "distance_error_m", "raw_distance_m",
    "smoothed_distance_m", "device_distance_m", "elapsed_s", "timer_s",
    "counted_elapsed_s", "counted_timer_s", "moving_s", "gap_s", "gap_m",
    "speed_noise", "elevation_gain_m",
    "elevation_loss_m", "elevation_source", "heart_rate_bpm", "splits",
    "splits_mile", "best_efforts", "laps_measured", "device", "provenance",
    "verdict", "findings", "warnings",
]


def inspect(*args, stdin=b""):
    done = subprocess.run([EXE, "inspect", *map(str, args)], input=stdin,
                          capture_output=True, timeout=240, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def lines(*args, stdin=b""):
    status, out, err = inspect("--json", *args, stdin=stdin)
    return status, [json.loads(line) for line in out.splitlines()], err


def gpx(points=300, step_s=3):
    """North along a meridian, about 10 m a point, as unevenly as bodies."""
    rows = [
        f'<trkpt lat="{10 + i * 9e-5 + 9e-6 * math.sin(i):.6f}" lon="20"><time>2026-01-01T'
        f'{i * step_s // 3600:02}:{i * step_s // 60 % 60:02}:'
        f'{i * step_s % 60:02}Z</time></trkpt>'
        for i in range(points)
    ]
    return ('<gpx creator="A watch"><trk><type>running</type><trkseg>'
            + "".join(rows) + "</trkseg></trk></gpx>").encode()


class Made(unittest.TestCase):
    """Files made here: the shape of the output, statuses, errors."""

    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)

    def put(self, name, data):
        path = Path(self.dir.name) / name
        path.write_bytes(data)
        return path

    def test_the_shape_is_fixed(self):
        status, got, err = lines(self.put("a.gpx", gpx()))
        self.assertEqual((status, err, len(got)), (0, "", 1))
        one = got[0]
        self.assertEqual(list(one), OUTCOME)
        self.assertIsNone(one["member"])
        self.assertEqual((one["activity"], one["activities"]), (0, 1))
        self.assertEqual(one["started_at"], "2026-01-01T00:00:00Z")
        self.assertEqual((one["format"], one["sport"]), ("gpx", "running"))
        self.assertEqual((one["points"], one["records"]), (300, 300))
        self.assertAlmostEqual(one["raw_distance_m"], 2976, delta=3)
        self.assertEqual(one["distance_source"], "positions")
        self.assertIsNone(one["device_distance_m"])
        self.assertEqual(one["elapsed_s"], 897)
        self.assertEqual([s["distance_m"] for s in one["splits"][:2]],
                         [1000, 1000])
        self.assertEqual(one["device"], "A watch")
        self.assertEqual(one["provenance"], "reexported")
        self.assertEqual(one["verdict"], "ok")

    def test_gzip_zip_and_standard_input(self):
        plain = gpx()
        want = lines(self.put("a.gpx", plain))[1][0]
        box = io.BytesIO()
        with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("x/one.gpx", plain)
            z.writestr("__MACOSX/x/._one.gpx", b"junk")
            z.writestr("two.gpx.gz", gzip.compress(plain))
            z.writestr("bad.gpx", b"<gpx><trk>")
        status, got, _ = lines(self.put("a.gz", gzip.compress(plain)),
                               self.put("a.zip", box.getvalue()), "-",
                               stdin=plain)
        self.assertEqual(status, 1)
        self.assertEqual([g.get("member") for g in got],
                         [None, "x/one.gpx", "two.gpx.gz", "bad.gpx", None])
        self.assertEqual(got[3]["error"]["code"], "truncated")
        self.assertEqual(got[4]["file"], "-")
        for g in got[:3] + got[4:]:
            for key in OUTCOME[2:]:
                self.assertEqual(g[key], want[key], key)

    def test_what_cannot_be_used(self):
        cases = {
            "empty": (b"", "empty_file"),
            "text": (b"hello, this is no track", "unknown_format"),
            "doctype": (b"<!DOCTYPE gpx [<!ENTITY a 'b'>]><gpx/>",
                        "doctype_refused"),
            "cut": (gpx()[:60], "truncated"),
            "route": (b"<gpx><rte><rtept lat='1' lon='1'/></rte></gpx>",
                      "no_activity"),
            "bomb": (gzip.compress(bytes(10 << 20)), "unpacks_too_large"),
            "deep": (b"<gpx>" + b"<a>" * 100, "too_complex"),
            "large": (bytes(33 << 20), "too_large"),
        }
        files = [self.put(name, data) for name, (data, _) in cases.items()]
        files.append(Path(self.dir.name) / "absent")
        files.append(self.put("good.gpx", gpx()))
        status, got, _ = lines(*files)
        self.assertEqual(status, 1)
        self.assertEqual([g["file"] for g in got], [str(f) for f in files])
        for g, code in zip(got, [c for _, c in cases.values()]
                           + ["not_found"]):
            self.assertEqual(list(g), ["file", "error"])
            self.assertEqual(list(g["error"]), ["code", "message", "at"])
            self.assertEqual(g["error"]["code"], code, g)
            self.assertGreaterEqual(g["error"]["at"], 0)
        self.assertEqual(got[-1]["verdict"], "ok")

    def test_damaged_files_give_what_was_read(self):
        whole = gpx()
        status, got, _ = lines(self.put("a.gpx", whole[:len(whole) // 2]))
        self.assertEqual(status, 0)
        self.assertGreater(got[0]["points"], 100)
        self.assertEqual(got[0]["warnings"][0]["code"], "damaged")
        self.assertLessEqual(got[0]["warnings"][0]["at"], len(whole) // 2)

    def test_usage(self):
        for args in [], ["--json"], ["--yaml", "x"]:
            status, out, err = inspect(*args)
            self.assertEqual((status, out), (64, ""))
            self.assertIn("usage", err)

    def test_for_people(self):
        steer = gpx().replace(b"A watch", b"A &#x202e;&#x9b;2J watch")
        path = self.put("a\x1b[31m.gpx", steer)
        status, out, err = inspect(path, self.put("b", b"no track"))
        self.assertEqual((status, err), (1, ""))
        self.assertIn("2.976 km", out)
        self.assertIn("14:57", out)
        self.assertIn("neither a FIT", out)
        self.assertIn("pace       5:01 a km", out)
        for sport, want in (b"cycling", "speed      11.9 km/h"), (
                b"swimming", "pace       0:30 a 100 m"):
            ride = gpx().replace(b"running", sport)
            self.assertIn(want, inspect(self.put("s.gpx", ride))[1])
        bad = [c for c in out if c != "\n" and (ord(c) < 32
               or 0x7f <= ord(c) < 0xa0 or 0x202a <= ord(c) <= 0x202e)]
        self.assertEqual(bad, [])


def reading(x):
    """The counts of the reference that could read all of a FIT file."""
    if x.get("decoders_agree_on_counts", True):
        return x
    other = x["cross_check"]["garmin_cpp_sdk_21.213"]
    return other | {"lap_count": other["laps"]}


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def agrees_with_itself(g):
    """What is wrong with the times of one line, if anything."""
    found = []
    for less, more in [("counted_timer_s", "counted_elapsed_s"),
                       ("moving_s", "counted_elapsed_s")]:
        if g[less] is not None and not g[less] <= g[more]:
            found.append(f"{less} {g[less]} is more than {more} {g[more]}")
    for key in "splits", "splits_mile":
        found += [f"{key}: {s}" for s in g[key] if not s["time_s"] > 0]
    laps = g["laps_measured"]
    starts = [0] + [v["start_s"] for v in laps]
    if starts != sorted(starts) or any(v["time_s"] < 0 for v in laps):
        found.append(f"laps begin at {starts}")
    return [f"{g['file']}: {f}" for f in found]


class Differences:
    """What differs between a file's lines and its expectations."""

    def __init__(self, name, got, x):
        self.name, self.got, self.x, self.found = name, got, x, []
        self.partial = bool(x.get("errors") or x.get("gpxpy_error")
                            or x.get("xml_error"))

    def add(self, what, got, want):
        self.found.append(f"{self.name}: {what} is {got}, not {want}")

    def near(self, what, got, want, tol):
        if want is not None and (got is None or abs(got - want) > tol):
            self.add(what, got, want)

    def total(self, key):
        return sum(g[key] or 0 for g in self.got)

    def counts(self, records, points, laps, activities):
        if self.partial and "records" in self.x:
            if self.total("records") < records:
                self.add("records", self.total("records"), records)
        else:
            self.near("records", self.total("records"), records, 0)
        self.near("points", self.total("points"), points, 0)
        self.near("laps", self.total("laps"), laps, 0)
        self.near("activities", len(self.got), activities, 0)
        for i, g in enumerate(self.got):
            if (g["activity"], g["activities"]) != (i, len(self.got)):
                self.add("activity", g["activity"], i)

    def raw(self, slack):
        want = self.x["geometry"]["geodesic_wgs84_m"]
        self.near("raw_distance_m", self.total("raw_distance_m"), want,
                  want * 1e-3 + slack)

    def start(self, got, want):
        if want and (got is None or abs(seconds(got) - seconds(want)) > 1):
            self.add("started_at", got, want)

    def fit(self):
        x, sessions = reading(self.x), self.x["sessions"]
        self.counts(x["records"], x["records_with_position"],
                    x["lap_count"], len(sessions) or None)
        self.raw(40 * len(sessions) if len(sessions) > 1 else 2e-3)
        for g, s in zip(self.got, sessions):
            self.start(g["started_at"], s["start_time"])
            self.near("elapsed_s", g["elapsed_s"],
                      s["total_elapsed_time_s"], 2e-3)
            self.near("timer_s", g["timer_s"], s["total_timer_time_s"], 2e-3)
            self.near("device_distance_m", g["device_distance_m"],
                      s["total_distance_m"], 0.01)
        if not sessions and self.got:
            self.start(self.got[0]["started_at"], x["first_record_time"])

    def xml(self):
        x, summary = self.x, self.x["summary"]
        activities = x.get("activities")
        records = x.get("points", x.get("trackpoints"))
        self.counts(records, x.get("trackpoints_with_position", records),
                    x.get("lap_count"),
                    len(activities) if activities else x.get("tracks"))
        self.raw(2e-3)
        self.near("device_distance_m", self.total("device_distance_m"),
                  x.get("sum_lap_distance_m"), 0.01)
        self.near("timer_s", self.total("timer_s"),
                  summary["total_timer_time_s"], 0.01)
        starts = [g["started_at"] for g in self.got if g["started_at"]]
        self.start(starts[0] if starts else None, x.get("first_time"))
        if len(self.got) == 1:
            self.near("elapsed_s", self.got[0]["elapsed_s"],
                      x.get("elapsed_s"), 0.01)

    def check(self):
        if "error" in self.got[0]:
            held = self.x["summary"]["records"] or len(
                self.x.get("sessions", []))
            if held and not self.partial:
                self.add("the file", self.got[0]["error"], "readable")
        elif "sessions" in self.x:
            self.fit()
        else:
            self.xml()
        return self.found


@unittest.skipUnless(TRACKS.is_dir(), "no collection beside the checkout")
class Collection(unittest.TestCase):
    def test_every_file_as_others_read_it(self):
        files = sorted(p for p in TRACKS.glob("*/*")
                       if not p.name.endswith(".expect.json"))
        _, got, err = lines(*files)
        self.assertEqual(err, "")
        found = []
        for path in files:
            own = [g for g in got if g["file"] == str(path)]
            self.assertTrue(own, path)
            x = json.loads(Path(f"{path}.expect.json").read_text("utf-8"))
            found += Differences(path.name, own, x).check()
        for g in got:
            if "error" not in g:
                found += agrees_with_itself(g)
        self.assertEqual(found, [])
        self.assertGreaterEqual(len(files), 100)


if __name__ == "__main__":
    unittest.main()
