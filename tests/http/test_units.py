#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""systemd's units as the package installs them: systemd finds nothing wrong
with them, and its own program hands our server the socket that they name."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from serving import EXE, PATIENCE_S, ROOT, read_all, wait_for  # noqa: E402

TOOLS = ROOT / "tools"
SERVICE = (TOOLS / "everystep.service").read_text()
SOCKET = (TOOLS / "everystep.socket").read_text()


def setting(unit, name):
    return re.search(rf"^{name}=(.*)$", unit, re.M)[1]


@unittest.skipUnless(shutil.which("systemd-socket-activate"),
                     "systemd isn't installed")
class Units(unittest.TestCase):
    def setUp(self):
        tmp = tempfile.TemporaryDirectory(prefix="everystep-units-")
        self.addCleanup(tmp.cleanup)
        self.folder = Path(tmp.name)

    def put(self, service):
        (self.folder / "everystep.service").write_text(
            service.replace("/usr/bin/everystep", str(EXE)))
        (self.folder / "everystep.socket").write_text(SOCKET)

    def verified(self):
        return subprocess.run(
            ["systemd-analyze", "verify", "--man=no",
             self.folder / "everystep.service",
             self.folder / "everystep.socket"],
            capture_output=True, text=True, check=False, timeout=PATIENCE_S)

    def test_systemd_finds_nothing_wrong(self):
        self.put(SERVICE)
        got = self.verified()
        self.assertEqual((got.returncode, got.stderr), (0, ""))
        self.put(SERVICE.replace("PrivateTmp=", "PrivateTemp="))
        self.assertIn("PrivateTemp", self.verified().stderr)

    def test_the_socket_is_handed_over(self):
        """By the command line of the service, but for its two paths."""
        path = self.folder / "http"
        listen = setting(SOCKET, "ListenStream")
        command = setting(SERVICE, "ExecStart").replace(
            "/usr/bin/everystep", str(EXE)).replace(
            "/var/lib/everystep", str(self.folder / "data")).replace(
            listen, str(path)).split()
        with open(self.folder / "log", "wb") as log:
            held = subprocess.Popen(
                ["systemd-socket-activate", "-l", path,
                 "-E", "EVERYSTEP_ORIGIN=https://run.example", *command],
                stdout=log, stderr=log)
        try:
            wait_for("the socket", path.exists)
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(PATIENCE_S)
                s.connect(str(path))  # this starts the server
                s.sendall(b"GET /healthz HTTP/1.1\r\nHost: run.example\r\n"
                          b"Connection: close\r\n\r\n")
                self.assertEqual(read_all(s, PATIENCE_S).status, 200)
        finally:
            os.kill(held.pid, signal.SIGTERM)
            status = held.wait(PATIENCE_S)
        self.assertEqual(status, 0, (self.folder / "log").read_text())


if __name__ == "__main__":
    unittest.main()
