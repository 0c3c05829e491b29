#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""everystep verify on files that OpenSSL signed, as docs/FILES.md says they are
made: what is whole passes, what was changed or signed by others doesn't."""
import hashlib
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

EVERYSTEP = Path(os.environ["ES_BUILD_ROOT"]) / "everystep"
RESULTS = b'{"format":"everystep-results-1","slug":"lantern","people":[]}'


def openssl(*args):
    return subprocess.run(["openssl", *args], check=True,
                          capture_output=True).stdout


class Verify(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)
        self.at = Path(self.dir.name)
        key = str(self.at / "key.pem")
        (self.at / "results").write_bytes(RESULTS)
        openssl("genpkey", "-algorithm", "ed25519", "-out", key)
        signature = openssl("pkeyutl", "-sign", "-inkey", key, "-rawin",
                            "-in", str(self.at / "results")).hex()
        self.key = openssl("pkey", "-in", key, "-pubout",
                           "-outform", "DER")[-32:].hex()
        sha256 = hashlib.sha256(RESULTS).hexdigest()
        self.file = (b'{"results":' + RESULTS +
                     f',"sha256":"{sha256}","signature":"{signature}",'
                     f'"public_key":"{self.key}"}}\n'.encode())

    def verify(self, data, *options):
        path = self.at / "file"
        path.write_bytes(data)
        return subprocess.run([EVERYSTEP, "verify", *options, path],
                              capture_output=True, text=True)

    def test_whole(self):
        told = self.verify(self.file)
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        self.assertIn(self.key, told.stdout)
        self.assertIn(hashlib.sha256(RESULTS).hexdigest(), told.stdout)
        self.assertEqual(self.verify(self.file, "--key", self.key).returncode,
                         0)

    def test_changed(self):
        for was, now in ((b"lantern", b"lanterm"), (b"[]", b"[ ]"),
                         (self.key.encode(), b"0" * 64),
                         (b"}\n", b"}"), (b"}\n", b"}\n\n")):
            told = self.verify(self.file.replace(was, now))
            self.assertEqual((told.returncode, told.stdout), (1, ""), now)
        self.assertEqual(self.verify(b"").returncode, 1)

    def test_another_key(self):
        told = self.verify(self.file, "--key", "0" * 64)
        self.assertEqual(told.returncode, 1)
        self.assertIn("another key", told.stderr)
        self.assertEqual(self.verify(self.file, "--key", "xyz").returncode, 64)


if __name__ == "__main__":
    unittest.main()
