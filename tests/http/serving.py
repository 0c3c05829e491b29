# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real `everystep serve` with its demo, and a client of raw bytes at it."""

import atexit
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(os.environ["ES_SOURCE_ROOT"])
EXE = Path(os.environ["ES_BUILD_ROOT"]) / "everystep"
SLUG = "lantern-run"
PATIENCE_S = 120  # a sanitizer's build on a busy machine


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, ready, s=PATIENCE_S):
    until = time.monotonic() + s
    while time.monotonic() < until:
        got = ready()
        if got:
            return got
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {s} s")


def _seed():
    """A folder with the demo in it, made once."""
    if not hasattr(_seed, "folder"):
        _seed.folder = tempfile.mkdtemp(prefix="everystep-rows-")
        atexit.register(shutil.rmtree, _seed.folder, ignore_errors=True)
    return Path(_seed.folder)


class Server:
    """`listen`: ADDR:PORT or unix:PATH; more options of the command behind.
    `under`: a command that starts ours; `keep`: descriptors it needs."""

    def __init__(self, listen, *options, under=(), keep=()):
        self.folder = _seed()
        self.log_path = self.folder / "log"
        log = open(self.log_path, "ab")
        self.log_from = log.tell()
        self.pid = subprocess.Popen(
            [*under, EXE, "serve", "--demo", "--data", self.folder / "data",
             "--listen", listen, *options],
            stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL,
            pass_fds=keep)
        log.close()
        self.greeting = ""
        for raw in self.pid.stdout:
            self.greeting += raw.decode()
            if "Set-up link" in self.greeting:
                break
        if "Set-up link" not in self.greeting:
            self.pid.wait(PATIENCE_S)
            self.pid.stdout.close()
            raise AssertionError("no start: " + self.log())
        self.log_from = self.log_path.stat().st_size  # behind the demo's

    def log(self):
        with open(self.log_path, "rb") as f:
            f.seek(self.log_from)
            return f.read().decode("utf-8", "replace")

    def lines(self, event):
        out = []
        for line in self.log().splitlines():
            entry = json.loads(line)
            if entry["event"] == event:
                out.append(entry["msg"])
        return out

    def child(self, name):
        """The pid of our child of that name."""
        kids = Path(f"/proc/{self.pid.pid}/task/{self.pid.pid}/children")
        for pid in kids.read_text().split():
            comm = Path(f"/proc/{pid}/comm")
            if comm.exists() and comm.read_text().strip() == name:
                return int(pid)
        return 0

    def web_pid(self):
        return wait_for("web process", lambda: self.child("everystep-web"))

    def resident_kib(self):
        text = Path(f"/proc/{self.web_pid()}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.web_pid()}/fd"))

    def stop(self):
        self.pid.send_signal(signal.SIGTERM)
        status = self.pid.wait(PATIENCE_S)
        self.pid.stdout.close()
        assert status == 0, self.log()[-2000:]
        return status


def whole(chunks):
    """A body that was sent in chunks."""
    body = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        n = int(size, 16)
        body, chunks = body + rest[:n], rest[n + 2:]
        if n == 0:
            break
    return body


class Reply:
    """What came back over a connection: all of it, and its first answer."""

    def __init__(self, raw, closed):
        self.raw = raw
        self.closed = closed
        head, _, self.body = raw.partition(b"\r\n\r\n")
        rows = head.decode("latin-1").split("\r\n")
        found = re.fullmatch(r"HTTP/1\.1 (\d{3}) .*", rows[0])
        self.status = int(found[1]) if found else 0
        self.head = [tuple(row.split(": ", 1)) for row in rows[1:] if row]
        if "chunked" in (self.get("Transfer-Encoding") or ""):
            self.body = whole(self.body)

    def all(self, name):
        return [v[1] for v in self.head if v[0].lower() == name.lower()]

    def get(self, name):
        found = self.all(name)
        return found[0] if found else None

    def answers(self):
        """Answers in all, counted by their first lines."""
        return len(re.findall(rb"(?:^|\n|\})HTTP/1\.1 \d{3} ", self.raw))


def read_all(s, idle_s=20.0):
    """Everything until the other side closes, or is silent for idle_s."""
    raw = b""
    s.settimeout(idle_s)
    while True:
        try:
            got = s.recv(65536)
        except (TimeoutError, socket.timeout):
            return Reply(raw, False)
        except ConnectionError:
            return Reply(raw, True)
        if not got:
            return Reply(raw, True)
        raw += got


class Person:
    """A participant who joined, with the cookies of a browser."""

    def __init__(self, at, name):
        body = json.dumps({"display_name": name, "consents": at.consents()})
        got = at.ask("POST", f"/api/v1/initiatives/{SLUG}/participants",
                     {"Content-Type": "application/json"}, body.encode())
        assert got.status == 201, got.raw
        told = json.loads(got.body)
        self.at, self.token = at, told["token"]
        self.link = "/p/" + told["link"].rsplit("/", 1)[1]
        self.cookies = {}
        self.csrf = ""
        self.page("GET", self.link)
        assert self.form(self.link, {}).status == 303

    def page(self, method, path, head=(), body=b""):
        fields = {"Cookie": "; ".join(f"{k}={v}" for k, v in
                                      self.cookies.items()), **dict(head)}
        got = self.at.ask(method, path, fields, body)
        for line in got.all("Set-Cookie"):
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        found = re.search(rb'name="csrf" value="([^"]+)"', got.body)
        if found:
            self.csrf = found[1].decode()
        return got

    def form(self, path, fields):
        body = "&".join(f"{k}={v}" for k, v in
                        {**fields, "csrf": self.csrf}.items())
        return self.page("POST", path, {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.at.origin}, body.encode())

    def send_file(self, name, content, path="/me/runs"):
        """By the form, as a browser does; `name` is bytes as they stand."""
        body = (b'--XyZ\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n'
                + self.csrf.encode() +
                b'\r\n--XyZ\r\nContent-Disposition: form-data; name="files"; '
                b'filename="' + name + b'"\r\n\r\n' + content +
                b"\r\n--XyZ--\r\n")
        return self.page("POST", path, {
            "Content-Type": "multipart/form-data; boundary=XyZ",
            "Origin": self.at.origin}, body)

    def upload(self, content, head=()):
        return self.at.ask("POST", "/api/v1/runs",
                           {"Authorization": "Bearer " + self.token,
                            **dict(head)}, content)


class Site(unittest.TestCase):
    """A place where requests are sent; what stands between is a subclass's."""

    server = None
    origin = ""
    host = ""

    def dial(self, source="127.0.0.1"):
        raise NotImplementedError

    def talk(self, raw, source="127.0.0.1", idle_s=20.0):
        with self.dial(source) as s:
            try:
                s.sendall(raw)
            except OSError:
                pass  # refused before all of it was sent
            return read_all(s, idle_s)

    def ask(self, method, path, head=(), body=b"", source="127.0.0.1"):
        rows = [f"{method} {path} HTTP/1.1", f"Host: {self.host}",
                "Connection: close"]
        rows += [f"{k}: {v}" for k, v in dict(head).items()]
        if body or method == "POST":
            rows.append(f"Content-Length: {len(body)}")
        return self.talk("\r\n".join(rows).encode() + b"\r\n\r\n" + body,
                         source)

    def consents(self):
        told = json.loads(self.ask("GET", f"/api/v1/initiatives/{SLUG}").body)
        return {c["purpose"]: c["version"] for c in told["consents"]}

    def tearDown(self):
        """Row by row: it lives, says nothing it must not, and is in order."""
        self.assertEqual(self.ask("GET", "/healthz").status, 200)
        log = self.server.log()
        for sign in ("AddressSanitizer", "runtime error", "LeakSanitizer"):
            self.assertNotIn(sign, log)
        for line in log.splitlines():
            self.assertEqual(line[0], "{", line)
            self.assertEqual(set(json.loads(line)),
                             {"t", "level", "event", "msg"})

    def reconcile(self):
        done = subprocess.run(
            [EXE, "recount", "--data", self.server.folder / "data"],
            capture_output=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
