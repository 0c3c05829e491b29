# SPDX-License-Identifier: AGPL-3.0-or-later
"""What other programs read in the files that we write: gpsbabel, gpxpy,
Garmin's FIT kit, libxml2. Who isn't installed here is left out."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET
from datetime import datetime, timezone
from pathlib import Path

import fetch

try:
    import gpxpy
except ImportError:
    sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, for any python3
    try:
        import gpxpy
    except ImportError:
        gpxpy = None

NAMES = ["t_ms", "lat", "lon", "dist", "alt", "speed", "hr", "cad", "temp", "power"]
HERE = Path(__file__).resolve().parent
WRITTEN = sys.argv.pop(1)
BUILD = os.environ["ES_BUILD_ROOT"]
DIR = tempfile.TemporaryDirectory()
HOME = Path(DIR.name)
PAUSE_AT, LAPS = 250, 2


def setUpModule():
    subprocess.run([WRITTEN, HOME], check=True, timeout=60)


def tearDownModule():
    DIR.cleanup()


def truth():
    with open(HOME / "run.tsv", encoding="ascii") as f:
        return [dict(zip(NAMES, map(float, row.split("\t")))) for row in f]


class Reading(unittest.TestCase):
    def compare(self, got, tolerances):
        """Each field that `tolerances` names, of each point."""
        want = truth()
        self.assertEqual(len(got), len(want))
        for name, tol in tolerances.items():
            for i, (g, w) in enumerate(zip(got, want)):
                self.assertIsNotNone(g.get(name), f"{name} of {i}")
                self.assertLessEqual(abs(g[name] - w[name]), tol, f"{name} of {i}")


@unittest.skipUnless(shutil.which("gpsbabel"), "no gpsbabel here")
class Gpsbabel(Reading):
    NAMES = {"Latitude": "lat", "Longitude": "lon", "Altitude": "alt",
             "Speed": "speed", "Heartrate": "hr", "Cadence": "cad",
             "Temperature": "temp", "Power": "power"}

    def read(self, kind, name):
        done = subprocess.run(
            ["gpsbabel", "-t", "-i", kind, "-f", HOME / name,
             "-o", "unicsv,utc=0", "-F", "-"],
            capture_output=True, timeout=60, check=True)
        rows = csv.DictReader(io.StringIO(done.stdout.decode()))
        return [{**{ours: float(row[theirs])
                    for theirs, ours in self.NAMES.items() if row.get(theirs)},
                 "t_ms": datetime.strptime(
                     row["Date"] + row["Time"][:8], "%Y/%m/%d%H:%M:%S").replace(
                         tzinfo=timezone.utc).timestamp() * 1000}
                for row in rows]

    def test_fit(self):
        self.compare(self.read("garmin_fit", "run.fit"),
                     {"t_ms": 0, "lat": 1e-6, "lon": 1e-6, "alt": .11,
                      "speed": .01, "hr": 0, "cad": 0, "power": 0, "temp": .5})

    def test_gpx(self):
        self.compare(self.read("gpx", "run.gpx"),
                     {"t_ms": 0, "lat": 1e-6, "lon": 1e-6, "alt": .06,
                      "hr": 0, "cad": 0, "temp": .06})

    def test_tcx(self):
        self.compare(self.read("gtrnctr", "run.tcx"),
                     {"t_ms": 0, "lat": 1e-6, "lon": 1e-6, "alt": .06,
                      "hr": 0, "power": 0})


@unittest.skipUnless(gpxpy, "no gpxpy here")
class Gpxpy(Reading):
    def test_gpx(self):
        with open(HOME / "run.gpx", encoding="utf-8") as f:
            got = gpxpy.parse(f)
        self.assertEqual(got.creator, 'Everystep <test> & "more"')
        self.assertEqual(len(got.tracks), 1)
        self.assertEqual(got.tracks[0].type, "running")
        self.assertEqual([len(s.points) for s in got.tracks[0].segments],
                         [PAUSE_AT, len(truth()) - PAUSE_AT])
        points = []
        for p in (p for s in got.tracks[0].segments for p in s.points):
            said = {e.tag.rpartition("}")[2]: e.text
                    for x in p.extensions for e in x.iter()}
            points.append({
                "t_ms": p.time.timestamp() * 1000, "lat": p.latitude,
                "lon": p.longitude, "alt": p.elevation,
                "hr": float(said["hr"]), "cad": float(said["cad"]),
                "speed": float(said["speed"]), "temp": float(said["atemp"]),
                "power": float(said["PowerInWatts"]),
                "dist": float(said["distance"])})
        self.compare(points, {"t_ms": 0, "lat": 1e-9, "lon": 1e-9, "alt": .01,
                              "hr": 0, "cad": 0, "speed": .001, "temp": 0,
                              "power": 0, "dist": .001})


class GarminKit(Reading):
    def setUp(self):
        self.kit, why = fetch.fitsdk(BUILD)
        if not self.kit:
            self.skipTest(why)

    def test_fit(self):
        done = subprocess.run(["node", HERE / "fit_read.mjs", self.kit,
                               HOME / "run.fit"],
                              capture_output=True, timeout=120, check=True)
        files = json.loads(done.stdout)
        self.assertEqual([(f["isFit"], f["whole"], f["errors"]) for f in files],
                         [(True, True, [])])
        m = files[0]["messages"]
        self.assertEqual(m["fileIdMesgs"][0]["type"], "activity")
        self.assertEqual(m["fileIdMesgs"][0]["productName"],
                         'Everystep <test> & "more"')
        self.assertEqual(m["sessionMesgs"][0]["sport"], "running")
        self.assertEqual(m["sessionMesgs"][0]["numLaps"], LAPS)
        self.assertAlmostEqual(m["sessionMesgs"][0]["totalTimerTime"],
                               len(truth()) - 1, 3)
        self.assertEqual(len(m["lapMesgs"]), LAPS)
        self.assertEqual(len(m["activityMesgs"]), 1)
        self.assertEqual([e["eventType"] for e in m["eventMesgs"]],
                         ["start", "stopAll", "start", "stopAll"])
        half = 180 / 2 ** 31
        points = [{
            "t_ms": datetime.fromisoformat(
                r["timestamp"].replace("Z", "+00:00")).timestamp() * 1000,
            "lat": r["positionLat"] * half, "lon": r["positionLong"] * half,
            "dist": r["distance"], "alt": r["enhancedAltitude"],
            "speed": r["enhancedSpeed"], "hr": r["heartRate"],
            "cad": r["cadence"], "temp": r["temperature"], "power": r["power"],
        } for r in m["recordMesgs"]]
        self.compare(points, {"t_ms": 0, "lat": 5e-8, "lon": 5e-8, "dist": .006,
                              "alt": .11, "speed": .001, "hr": 0, "cad": 0,
                              "temp": 0, "power": 0})


class Xml(unittest.TestCase):
    """The order that the schemas demand, without the schemas themselves,
    which are others' to pass on."""
    GPX = "{http://www.topografix.com/GPX/1/1}"
    TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"
    TPX = "{http://www.garmin.com/xmlschemas/TrackPointExtension/v2}"
    AX = "{http://www.garmin.com/xmlschemas/ActivityExtension/v2}"
    ORDER = {
        GPX + "trk": ["name", "type", "extensions", "trkseg"],
        GPX + "trkpt": ["ele", "time", "extensions"],
        TPX + "TrackPointExtension": ["atemp", "wtemp", "depth", "hr", "cad",
                                      "speed"],
        TCX + "Activity": ["Id", "Lap", "Notes", "Training", "Creator",
                           "Extensions"],
        TCX + "Lap": ["TotalTimeSeconds", "DistanceMeters", "MaximumSpeed",
                      "Calories", "Intensity", "Cadence", "TriggerMethod",
                      "Track", "Notes", "Extensions"],
        TCX + "Trackpoint": ["Time", "Position", "AltitudeMeters",
                             "DistanceMeters", "HeartRateBpm", "Cadence",
                             "SensorState", "Extensions"],
        TCX + "Position": ["LatitudeDegrees", "LongitudeDegrees"],
        TCX + "Creator": ["Name", "UnitId", "ProductID", "Version"],
        AX + "TPX": ["Speed", "RunCadence", "Watts", "Extensions"],
    }

    def check(self, name):
        seen = set()
        for element in ET.parse(HOME / name).iter():
            order = self.ORDER.get(element.tag)
            if not order:
                continue
            seen.add(element.tag)
            at = [order.index(child.tag.rpartition("}")[2])
                  for child in element]
            self.assertEqual(at, sorted(at), element.tag)
        return seen

    def test_order_of_gpx(self):
        self.assertEqual(len(self.check("run.gpx")), 3)

    def test_order_of_tcx(self):
        self.assertEqual(len(self.check("run.tcx")), 6)

    @unittest.skipUnless(shutil.which("xmllint"), "no xmllint here")
    def test_libxml2_reads_both(self):
        for name in ("run.gpx", "run.tcx"):
            done = subprocess.run(["xmllint", "--noout", HOME / name],
                                  capture_output=True, timeout=60, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b""))


if __name__ == "__main__":
    unittest.main()
