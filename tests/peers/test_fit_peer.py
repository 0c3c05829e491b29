# SPDX-License-Identifier: AGPL-3.0-or-later
"""The samples that we read of FIT files beside those that Garmin's kit reads:
of files made here by chance, and of every one of ../shared/tracks."""

import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import fetch

HERE = Path(__file__).resolve().parent
POINTS = sys.argv.pop(1)
ROOT = Path(os.environ["ES_SOURCE_ROOT"])
TRACKS = ROOT.parent / "shared" / "tracks" / "fit"
NAMES = ["t_ms", "lat", "lon", "dist", "alt", "speed", "hr", "cadence",
         "temperature", "power"]
NEAR = [1, 1e-6, 1e-6, 6e-3, 2e-2, 6e-4, 0, 1e-2, 1e-2, 0]
T0 = 1125036300

# Of a record: number, base type, format, "no data", and values to choose of.
FIELDS = [
    (0, 0x85, "i", 0x7fffffff, (-2**30, 2**30)),
    (1, 0x85, "i", 0x7fffffff, (-2**31, 2**31 - 2)),
    (2, 0x84, "H", 0xffff, (0, 65534)),
    (3, 0x02, "B", 0xff, (0, 254)),
    (4, 0x02, "B", 0xff, (0, 110)),
    (5, 0x86, "I", 0xffffffff, (0, 2**31)),
    (6, 0x84, "H", 0xffff, (0, 65534)),
    (7, 0x84, "H", 0xffff, (0, 65534)),
    (13, 0x01, "b", 0x7f, (-128, 126)),
    (53, 0x02, "B", 0xff, (0, 127)),
    (48, 0x02, "B", 0xff, (0, 127)),
]
FINER = [  # in place of 2 and 6
    (78, 0x86, "I", 0xffffffff, (0, 60000)),
    (73, 0x86, "I", 0xffffffff, (0, 60000)),
]
# Nothing that anybody reads: of those messages and of that size.
OTHERS = [(233, 7), (160, 22), (104, 9), (65280, 3)]


def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xa001 if crc & 1 else 0)
    return crc


def definition(local, number, fields, extras=(), big=False):
    out = struct.pack(">BBBHB" if big else "<BBBHB",
                      0x40 | local | (0x20 if extras else 0), 0, big, number,
                      len(fields))
    out += b"".join(struct.pack("BBB", n, size, base) for n, size, base in fields)
    if extras:
        out += bytes([len(extras)]) + b"".join(bytes(x) for x in extras)
    return out


def described(number, base):
    fields = [(0, 1, 2), (1, 1, 2), (2, 1, 2), (3, 8, 7), (8, 4, 7)]
    return (definition(9, 206, fields)
            + struct.pack("<BBBB8s4s", 9, 0, number, base, b"thing", b"of"))


def records(rnd, t, local):
    """A definition as chance has it, and samples of it."""
    big = rnd.random() < .3
    own = [f for f in FIELDS if rnd.random() < .7]
    if rnd.random() < .4:
        own = [f for f in own if f[0] not in (2, 6)]
        own += [f for f in FINER if rnd.random() < .8]
    rnd.shuffle(own)
    if any(f[0] == 53 for f in own) and not any(f[0] == 4 for f in own):
        own = [f for f in own if f[0] != 53]
    skipped = rnd.choice([0, 0, 5, 9])  # bytes of a field of no known number
    extras = [(0, 2, 0), (1, 4, 0)][:rnd.choice([0, 0, 1, 2])]
    fields = [(253, 4, 0x86)]
    fields += [(n, struct.calcsize(fmt), base) for n, base, fmt, _, _ in own]
    if skipped:
        fields.insert(1, (200, skipped, 0x0d))
    out = definition(local, 20, fields, extras, big)
    order = ">" if big else "<"
    for _ in range(rnd.randrange(1, 40)):
        t += rnd.choice([1, 1, 1, 2, 7])
        out += bytes([local]) + struct.pack(order + "I", t) + bytes(skipped)
        for _, _, fmt, none, span in own:
            value = none if rnd.random() < .1 else rnd.randint(*span)
            out += struct.pack(order + fmt, value)
        for _, size, _ in extras:
            out += rnd.randbytes(size)
    return t, out


def made(seed):
    rnd = random.Random(seed)
    header = rnd.choice([12, 14])
    out = definition(0, 0, [(0, 1, 0), (1, 2, 0x84)]) + struct.pack("<BBH", 0, 4, 255)
    out += definition(8, 207, [(3, 1, 2)]) + bytes([8, 0])
    out += described(0, 0x84) + described(1, 0x88)
    t = T0
    for _ in range(rnd.randrange(1, 12)):
        t, part = records(rnd, t, rnd.randrange(4))
        out += part
        number, size = rnd.choice(OTHERS)
        out += definition(5, number, [(7, size, 0x0d)])
        out += (b"\5" + rnd.randbytes(size)) * rnd.randrange(3)
    head = struct.pack("<BBHI4s", header, 0x20, 2132, len(out), b".FIT")
    if header == 14:
        head += struct.pack("<H", rnd.choice([0, crc16(head)]))
    return head + out + struct.pack("<H", crc16(head + out))


class Beside(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kit, why = fetch.fitsdk(os.environ["ES_BUILD_ROOT"])
        if not cls.kit:
            raise unittest.SkipTest(why)

    def lines(self, *command):
        done = subprocess.run(list(map(str, command)), capture_output=True,
                              timeout=250, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def compare(self, files):
        """How many files the kit could read, and what differs in them."""
        ours = self.lines(POINTS, *files)
        theirs = self.lines("node", HERE / "fit_records.mjs", self.kit, *files)
        self.assertEqual((len(ours), len(theirs)), (len(files), len(files)))
        read, found = 0, []
        for path, a, b in zip(files, ours, theirs):
            if b["errors"]:
                continue
            read += 1
            found += [f"{path.name}: {d}" for d in self.differ(a, b)]
        return read, found

    def differ(self, a, b):
        if a is None:
            return ["we read nothing"] if b["records"] else []
        if len(a["records"]) + a["merged"] != len(b["records"]):
            return [f"{len(a['records'])} and {a['merged']} records, "
                    f"not {len(b['records'])}"]
        if a["merged"]:
            return []  # they have no counterparts
        found = []
        for k, (name, near) in enumerate(zip(NAMES, NEAR)):
            if name == "dist" and a["tracks"] > 1:
                continue  # ours begin anew
            if name == "hr" and b["beats"]:
                near = 1  # means of beats, rounded where they end in .5
            for i, (x, y) in enumerate(zip(a["records"], b["records"])):
                # a developer's field that stands in for the profile's
                if a["overridden"] and y[k] is None:
                    continue
                if (x[k] is None) != (y[k] is None) or (
                        x[k] is not None and abs(x[k] - y[k]) > near):
                    found.append(f"{name} of {i} is {x[k]}, not {y[k]}")
                    break
        return found

    def test_files_made_by_chance(self):
        with tempfile.TemporaryDirectory() as home:
            files = [Path(home) / f"{seed}.fit" for seed in range(150)]
            for seed, path in enumerate(files):
                path.write_bytes(made(seed))
            read, found = self.compare(files)
        self.assertEqual(found, [])
        self.assertEqual(read, len(files))

    @unittest.skipUnless(TRACKS.is_dir(), "no collection beside the checkout")
    def test_the_collection(self):
        read, found = self.compare(sorted(TRACKS.glob("*.fit")))
        self.assertEqual(found, [])
        self.assertGreaterEqual(read, 60)


if __name__ == "__main__":
    unittest.main()
