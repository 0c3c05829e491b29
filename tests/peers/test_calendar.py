#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our calendars as two others read them: python3-icalendar takes each property
apart, dateutil applies the zones that stand in the file.

    test_calendar.py CALENDAR"""
import io
import json
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

try:
    import icalendar
except ImportError:
    sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, for any
    try:
        import icalendar
    except ImportError:
        icalendar = None

PROGRAM = sys.argv.pop(1)


def ms(t):
    return round(t.timestamp() * 1000)


@unittest.skipIf(icalendar is None, "python3-icalendar isn't here")
class Calendar(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as d:
            path = Path(d) / "a.ics"
            out = subprocess.run([PROGRAM, path], check=True, text=True,
                                 capture_output=True, timeout=60).stdout
            cls.raw = path.read_bytes()
        cls.said = {s["uid"]: s for s in map(json.loads, out.splitlines())}
        cls.read = icalendar.Calendar.from_ical(cls.raw)
        cls.events = cls.read.walk("VEVENT")

    def test_lines_are_folded_at_characters(self):
        self.assertTrue(self.raw.endswith(b"END:VCALENDAR\r\n"))
        for line in self.raw.split(b"\r\n"):
            self.assertLessEqual(len(line), 75)
            self.assertNotIn(b"\n", line)
            line.decode()

    def test_every_event_is_there_once_and_says_what_it_should(self):
        self.assertGreater(len(self.said), 1000)
        self.assertEqual(len(self.events), len(self.said))
        for e in self.events:
            s = self.said[str(e["UID"])]
            self.assertEqual(str(e["SUMMARY"]), s["title"])
            self.assertEqual(str(e.get("DESCRIPTION", "")), s["description"])
            self.assertEqual(str(e.get("LOCATION", "")), s["place"])
            self.assertEqual(int(e["SEQUENCE"]), s["sequence"])
            self.assertEqual(str(e["STATUS"]),
                             "CANCELLED" if s["off"] else "CONFIRMED")
            self.assertIn(e["SUMMARY"].params["LANGUAGE"], ("en", "ur"))
            self.assertEqual(ms(e["DTSTAMP"].dt), 1788000000000)
            self.assertEqual(e.errors, [])
        self.assertEqual(len({str(e["UID"]) for e in self.events}),
                         len(self.events))

    def test_the_zones_in_the_file_give_the_right_moments(self):
        from dateutil import tz
        zones = tz.tzical(io.StringIO(self.raw.decode()))
        wrong, summer, told_in_utc = [], 0, 0
        for e in self.events:
            s = self.said[str(e["UID"])]
            for name, want in (("DTSTART", "starts"), ("DTEND", "ends")):
                zone = e[name].params.get("TZID")
                text = e[name].to_ical().decode()
                t = datetime.strptime(text[:15], "%Y%m%dT%H%M%S")
                if zone is None:
                    self.assertTrue(text.endswith("Z"), text)
                    told_in_utc += s["zone"] != "UTC"
                    got = t.replace(tzinfo=timezone.utc)
                else:
                    self.assertEqual(zone, s["zone"])
                    got = t.replace(tzinfo=zones.get(zone), fold=0)
                    summer += bool(got.dst())
                if ms(got) != s[want]:
                    wrong.append((s["zone"], text, ms(got) - s[want]))
        self.assertEqual(wrong, [])
        self.assertGreater(summer, 300)
        # a time that comes twice is told in UTC when it is the second
        self.assertGreater(told_in_utc, 10)

    def test_the_zones_agree_with_the_databases_of_this_machine(self):
        for e in self.events:
            zone = e["DTSTART"].params.get("TZID")
            if zone is None:
                continue
            t = datetime.strptime(e["DTSTART"].to_ical().decode(),
                                  "%Y%m%dT%H%M%S")
            theirs = t.replace(tzinfo=ZoneInfo(zone), fold=0)
            self.assertEqual(ms(theirs), self.said[str(e["UID"])]["starts"],
                             (zone, t))

    def test_each_zone_stands_there_once(self):
        named = [str(z["TZID"]) for z in self.read.walk("VTIMEZONE")]
        self.assertEqual(len(named), len(set(named)))
        used = {e["DTSTART"].params.get("TZID") for e in self.events} - {None}
        self.assertEqual(set(named), used)


if __name__ == "__main__":
    unittest.main()
