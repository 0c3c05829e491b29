# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/OPERATIONS.md, tried: each proxy that it shows, with its own lines."""

import json
import os
import random
import socket
import subprocess
import unittest
from datetime import datetime, timedelta, timezone

import proxies
from serving import PATIENCE_S, SLUG, Person, Server, Site, read_all, wait_for


def track(padding=0):
    """Yesterday's, and like no other: what looks copied is reviewed first."""
    day = datetime.now(timezone.utc) - timedelta(days=1)
    lon = random.uniform(-150, -100)
    return (b"<gpx><trk><type>running</type><trkseg>" + b"".join(
        b'<trkpt lat="%.6f" lon="%.6f"><time>%s</time></trkpt>'
        % (-40 + i * 9e-5 + random.uniform(0, 1e-5), lon,
           (day + timedelta(seconds=3 * i)).strftime("%Y-%m-%dT%H:%M:%SZ")
           .encode()) for i in range(300)) +
        b" " * padding + b"</trkseg></trk></gpx>")


class Behind:
    """What has to be true behind each of them."""

    kind = ""

    @classmethod
    def setUpClass(cls):
        proxies.need(cls, cls.kind)
        cls.host = proxies.NAME
        cls.origin = "https://" + proxies.NAME
        cls.front = proxies.Front(cls.kind)
        cls.addClassCleanup(cls.front.stop)
        cls.server = Server("unix:" + str(cls.front.socket),
                            "--origin", cls.origin)
        cls.addClassCleanup(cls.server.stop)
        cls.front.start()

    def dial(self, source="127.0.0.1"):
        return self.front.dial(source)

    def test_http_2(self):
        for path in ("/", f"/e/{SLUG}", "/healthz"):
            done = self.front.curl("--http2", "-o", "/dev/null", "-w",
                                   "%{http_version} %{http_code}",
                                   self.front.url(path))
            self.assertEqual(done.stdout, b"2 200", done.stderr)

    def test_http_leads_to_https(self):
        with socket.create_connection(("127.0.0.1", self.front.http)) as s:
            s.sendall(b"GET /e/x?a=b HTTP/1.1\r\nHost: run.example\r\n"
                      b"Connection: close\r\n\r\n")
            got = read_all(s)
        self.assertIn(got.status, {301, 302, 308})
        self.assertRegex(got.get("Location"),
                         r"^https://run\.example(:\d+)?/e/x\?a=b$")

    def test_a_token_over_http_is_not_led_on(self):
        with socket.create_connection(("127.0.0.1", self.front.http)) as s:
            s.sendall(b"GET /api/v1/runs/1 HTTP/1.1\r\nHost: run.example\r\n"
                      b"Authorization: Bearer x\r\nConnection: close\r\n\r\n")
            got = read_all(s)
        self.assertEqual(got.status, 403)
        self.assertIsNone(got.get("Location"))

    def test_another_name_learns_nothing(self):
        try:
            with self.front.dial(name="evil.example") as s:
                s.sendall(b"GET / HTTP/1.1\r\nHost: evil.example\r\n"
                          b"Connection: close\r\n\r\n")
                got = read_all(s)
        except OSError:
            return  # no such name: no handshake either
        self.assertNotEqual(got.status // 100, 3)
        self.assertNotIn(b"Everystep", got.raw)

    def test_browsers_are_told_to_stay_with_https(self):
        got = self.ask("GET", "/")
        self.assertEqual(got.status, 200)
        self.assertEqual(len(got.all("Strict-Transport-Security")), 1)

    def test_row_11_addresses_are_the_proxys_word(self):
        got = self.ask("GET", "/v/whoisthere", {
            "X-Forwarded-For": "203.0.113.7, 127.0.0.1",
            "X-Real-IP": "203.0.113.8", "Forwarded": "for=203.0.113.9",
            "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example",
        }, source="127.0.0.5")
        self.assertEqual(got.status, 404)
        said = [m for m in self.server.lines("http.request") if "/v/" in m]
        self.assertIn(" 127.0.0.5 ", said[-1])
        self.assertNotIn("203.0.113", self.server.log())
        self.assertNotIn(b"evil.example", got.raw)
        self.assertEqual(self.ask("GET", "/metrics").status, 404)
        statuses = {self.ask("GET", "/api/v1/runs/1", {
            "Authorization": f"Bearer {i:032}",
            "X-Forwarded-For": f"203.0.113.{i}"}, source="127.0.0.6").status
            for i in range(40)}
        self.assertEqual(statuses, {401, 429})

    def test_events_arrive_while_the_stream_is_open(self):
        person = Person(self, "Live Watcher")
        with subprocess.Popen(
                ["curl", "--silent", "--no-buffer", "--http2", "--cacert",
                 self.front.cert, "--resolve",
                 f"{proxies.NAME}:{self.front.https}:127.0.0.1", "-H",
                 f"Host: {proxies.NAME}", "--max-time", str(PATIENCE_S),
                 self.front.url(f"/api/v1/initiatives/{SLUG}/live")],
                stdout=subprocess.PIPE) as watcher:
            try:
                first = watcher.stdout.readline()
                self.assertTrue(first, "no first event")
                got = person.upload(track())
                self.assertEqual(got.status, 201, got.raw)
                seen = first
                while b"arrival" not in seen:
                    line = watcher.stdout.readline()
                    self.assertTrue(line, seen)
                    seen += line
            finally:
                watcher.kill()

    def bodies(self):
        """Bytes of bodies that our server holds."""
        total = 0
        folder = f"/proc/{self.server.web_pid()}/fd"
        for fd in os.listdir(folder):
            try:
                if "memfd:body" in os.readlink(f"{folder}/{fd}"):
                    total += os.stat(f"{folder}/{fd}").st_size
            except OSError:
                pass
        return total

    def test_an_upload_of_30_mib_streams(self):
        person = Person(self, "Long Upload")
        body = track(30 << 20)
        with self.dial() as s:
            s.sendall(f"POST /api/v1/runs HTTP/1.1\r\nHost: {self.host}\r\n"
                      f"Authorization: Bearer {person.token}\r\n"
                      f"Content-Length: {len(body)}\r\nConnection: close\r\n"
                      "\r\n".encode() + body[:20 << 20])
            # It comes to us before the last of it has been sent.
            wait_for("the first of it", lambda: self.bodies() > 10 << 20)
            s.sendall(body[20 << 20:])
            got = read_all(s, PATIENCE_S)
        self.assertIn(got.status, {200, 201}, got.raw[:500])
        self.assertEqual(json.loads(got.body)["status"] != "", True)

    def test_a_body_that_is_too_long(self):
        with self.dial() as s:
            s.sendall(f"POST /api/v1/runs HTTP/1.1\r\nHost: {self.host}\r\n"
                      f"Content-Length: {64 << 20}\r\n\r\n".encode())
            got = read_all(s, 5)
        self.assertIn(got.status, {413, 502}, got.raw[:300])

    def test_a_restart_is_not_seen(self):
        """Its web process dies; who comes later finds the next."""
        os.kill(self.server.web_pid(), 9)
        wait_for("the next", lambda: self.ask("GET", "/healthz").status == 200)


class Nginx(Behind, Site):
    kind = "nginx"


class Caddy(Behind, Site):
    kind = "caddy"


class Haproxy(Behind, Site):
    kind = "haproxy"


if __name__ == "__main__":
    unittest.main(verbosity=2)
