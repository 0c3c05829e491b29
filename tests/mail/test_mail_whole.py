#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole way of a link by mail: the real server, its mail process, a real
mail server (server.py), a browser's cookies. The mail process is killed before
and while it sends: the mail comes all the same, and not twenty times.

    test_mail_whole.py EVERYSTEP"""
import email
import email.policy
import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

EVERYSTEP = sys.argv.pop()
SERVER = Path(__file__).with_name("server.py")
PYTHON = "/usr/bin/python3"  # Debian's, for which aiosmtpd is installed
HAS_SMTP = subprocess.run([PYTHON, "-c", "import aiosmtpd"],
                          capture_output=True).returncode == 0
WAIT_S = 60  # for what takes a second on an idle machine


def until(what, why):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        got = what()
        if got:
            return got
        time.sleep(0.05)
    raise AssertionError(why)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Browser:
    def __init__(self, port):
        self.port, self.cookies, self.csrf = port, {}, ""

    def send(self, method, path, form=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        headers = {"Cookie": "; ".join(f"{k}={v}"
                                       for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode({"csrf": self.csrf, **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Sec-Fetch-Site"] = "same-origin"
        c.request(method, path, body, headers)
        r = c.getresponse()
        self.text = r.read().decode()
        for line in r.headers.get_all("Set-Cookie") or []:
            for name, m in SimpleCookie(line).items():
                self.cookies[name] = m.value
        token = re.search(r'name="csrf" value="(\w+)"', self.text)
        self.csrf = token[1] if token else self.csrf
        return r.status


@unittest.skipUnless(HAS_SMTP, "aiosmtpd is not installed")
class Whole(unittest.TestCase):
    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory(prefix="everystep-mail-")
        self.dir = Path(self.tmp.name)
        (self.dir / "mails").mkdir()
        self.children = []

    def tearDown(self):
        for c in reversed(self.children):
            c.terminate()
            c.wait()
            c.stdout.close()
        self.tmp.cleanup()

    def start(self, be):
        smtp = subprocess.Popen([PYTHON, SERVER, self.dir / "mails",
                                 "--be", be], stdout=subprocess.PIPE, text=True)
        self.children.append(smtp)
        to = f"smtp://127.0.0.1:{int(smtp.stdout.readline())}"
        self.settings = {"EVERYSTEP_SMTP_URL": to,
                         "EVERYSTEP_MAIL_FROM": "Läufe <runs@run.example>",
                         "EVERYSTEP_DATA": str(self.dir / "data"),
                         "EVERYSTEP_LISTEN": f"127.0.0.1:{free_port()}"}
        with open(self.dir / "log", "wb") as log:
            serve = subprocess.Popen(
                [EVERYSTEP, "serve", "--demo"], stdout=subprocess.PIPE,
                stderr=log, env={**os.environ, **self.settings}, text=True)
        self.children.append(serve)
        line = serve.stdout.readline()
        self.port = int(re.search(r":(\d+)/", line)[1])
        self.serve = serve

    def mail_pid(self):
        kids = Path(f"/proc/{self.serve.pid}/task/{self.serve.pid}/children")
        for pid in kids.read_text().split():
            try:
                if Path(f"/proc/{pid}/comm").read_text() == "everystep-mail\n":
                    return int(pid)
            except OSError:
                pass
        return None

    def waiting(self):
        db = sqlite3.connect(f"file:{self.dir}/data/everystep.db?mode=ro",
                             uri=True)
        try:
            return db.execute("SELECT count(*), max(tries) FROM mail_out"
                              ).fetchone()
        finally:
            db.close()

    def mails(self, link=True):
        """Those with a link to come back by, or the others."""
        all_ = sorted((self.dir / "mails").glob("*.eml"))
        return [m for m in all_
                if bool(re.search(r"/back/\w{32}", self.read(m)[1])) == link]

    def join(self, address):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        c.request("GET", "/api/v1/initiatives")
        slug = json.load(c.getresponse())["initiatives"][0]["slug"]
        c.request("GET", f"/api/v1/initiatives/{slug}")
        wanted = json.load(c.getresponse())["consents"]
        c.request("POST", f"/api/v1/initiatives/{slug}/participants",
                  json.dumps({"display_name": "Ada", "email": address,
                              "lang": "ur",
                              "consents": {w["purpose"]: w["version"]
                                           for w in wanted if w["required"]}}),
                  {"Content-Type": "application/json"})
        r = c.getresponse()
        self.assertEqual(r.status, 201, r.read())

    def ask(self, b, address):
        self.assertEqual(b.send("GET", "/back"), 200)
        self.assertEqual(b.send("POST", "/back", {"address": address}), 303)

    def read(self, path):
        m = email.message_from_bytes(path.read_bytes(),
                                     policy=email.policy.default)
        return m, m.get_content()

    def test_a_link_is_asked_for_mailed_and_opened(self):
        self.start("good")
        self.join("ada@example.org")
        b = Browser(self.port)
        self.ask(b, "eve@example.org")  # nobody: nothing comes
        self.ask(b, "ada@example.org")
        until(lambda: self.waiting()[0] == 0, "it still waits")
        self.assertEqual(len(self.mails()), 1)
        m, text = self.read(self.mails()[0])
        self.assertEqual(m["to"], "ada@example.org")
        self.assertEqual(m["content-language"], "ur")
        path = re.search(r"(/back/\w{32})\?lang=ur", text)[1]
        self.assertEqual(b.send("GET", path), 200)
        self.assertEqual(b.send("GET", "/me"), 403)
        self.assertEqual(b.send("GET", path), 200)
        self.assertEqual(b.send("POST", path, {}), 303)
        self.assertEqual(b.send("GET", "/me"), 200)
        self.assertIn("Ada", b.text)
        said = subprocess.run([EVERYSTEP, "doctor"], capture_output=True,
                              text=True, env={**os.environ, **self.settings}
                              ).stdout
        self.assertRegex(said, r"ok +mail +smtp://127\.0\.0\.1:\d+ takes mail")
        self.assertEqual(len(self.mails()), 1)  # the doctor mails nobody
        until(lambda: self.mails(link=False), "joining was not confirmed")
        m, text = self.read(self.mails(link=False)[0])
        self.assertEqual(m["to"], "ada@example.org")
        self.assertEqual(m["content-language"], "ur")
        self.assertNotRegex(text, r"/p/\w")

    def test_killed_before_and_while_it_sends(self):
        self.start("slow")
        self.join("ada@example.org")
        first = until(self.mail_pid, "no mail process")
        os.kill(first, signal.SIGKILL)
        self.ask(Browser(self.port), "ada@example.org")
        # it has begun, and the server takes two seconds over each mail
        until(lambda: self.waiting()[1] == 1, "no try has begun")
        second = until(self.mail_pid, "not started again")
        self.assertNotEqual(first, second)
        time.sleep(0.5)
        os.kill(second, signal.SIGKILL)
        until(lambda: self.waiting()[0] == 0, "it still waits")
        self.assertIn(len(self.mails()), (1, 2))
        ids = {self.read(p)[0]["message-id"] for p in self.mails()}
        self.assertEqual(len(ids), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
