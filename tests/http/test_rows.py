# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows 1 to 19 and 49 of the table of attacks (docs/SECURITY.md), with raw
bytes: at `everystep serve` itself, and the rows of HTTP through nginx as
docs/OPERATIONS.md sets it up."""

import gzip
import io
import json
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
import zipfile
import zlib

import proxies
from serving import (EXE, PATIENCE_S, SLUG, Person, Server, Site, free_port,
                     read_all, wait_for)

HIDDEN = "GET /v/smuggledin HTTP/1.1\r\nHost: {host}\r\n\r\n"
RAN = "/v/{code}"  # the pattern of the hidden request, as the log has it

# row: {case: (request, statuses directly)}; nginx answers some itself, and
# mends or leaves out what of others isn't sound
FRAMING = {
    1: {
        "two lengths": (
            "POST /healthz HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n"
            "Content-Length: {n}\r\n\r\n{hidden}", {400}),
        "two lengths, the other way": (
            "POST /healthz HTTP/1.1\r\nHost: {host}\r\nContent-Length: {n}\r\n"
            "Content-Length: 0\r\n\r\n{hidden}", {400}),
        "the same length twice": (
            "POST /healthz HTTP/1.1\r\nHost: {host}\r\nContent-Length: {n}\r\n"
            "Content-Length: {n}\r\n\r\n{hidden}", {400}),
        **{f"a length of {v!r}": (
            "POST /healthz HTTP/1.1\r\nHost: {host}\r\nContent-Length: " +
            v + "\r\n\r\n{hidden}", {400, 413})
           for v in ("0, {n}", "{n}, {n}", "+{n}", "-1", "0x{n}", "{n} 0",
                     "{n}\v", "\v{n}", "1_0", "{n}.0", "1e1", "", '"{n}"',
                     "18446744073709551616", "9223372036854775808",
                     "0" * 400, "{n};a", "{n}\r\n 0")},
        "a body of GET": (
            "GET /healthz HTTP/1.1\r\nHost: {host}\r\nContent-Length: {n}\r\n"
            "\r\n{hidden}", {400}),
    },
    2: {
        f"a name of {v!r}": (
            "POST /healthz HTTP/1.1\r\nHost: {host}\r\n" + v +
            "{n}\r\n\r\n{hidden}", {400})
        for v in ("Content-Length : ", "Content-Length\t: ",
                  "Content-Length\r\n : ", " Content-Length: ",
                  "\tContent-Length: ", "Content-Length\v: ",
                  "Content Length: 0\r\nContent-Length : ")
    },
    3: {
        f"a coding of {v!r}": (
            "POST /healthz HTTP/1.1\r\nHost: {host}\r\n" + v +
            "\r\n\r\n0\r\n\r\n{hidden}", {400, 411})
        for v in ("Content-Length: 5\r\nTransfer-Encoding: chunked",
                  "Transfer-Encoding: chunked\r\nContent-Length: 5",
                  "Transfer-Encoding: chunked",
                  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                  "Transfer-Encoding: chunked, chunked",
                  "Transfer-Encoding: gzip, chunked",
                  "Transfer-Encoding: chunked, identity",
                  "Transfer-Encoding: xchunked",
                  "Transfer-Encoding: identity",
                  "Transfer-Encoding: CHUNKED\r\nTransfer-Encoding: cow",
                  "Transfer-Encoding:\vchunked\r\nContent-Length: 5",
                  "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5",
                  "Transfer-Encoding : chunked\r\nContent-Length: 5",
                  "Transfer-Encoding: chunked;a=b\r\nContent-Length: 5",
                  'Transfer-Encoding: "chunked"\r\nContent-Length: 5',
                  "Transfer-Encoding: \x00chunked\r\nContent-Length: 5",
                  "Transfer-Encoding:\r\nContent-Length: 5")
    },
    4: {
        **{f"{c!r} in a value": (
            "GET /healthz HTTP/1.1\r\nHost: {host}\r\nX: a" + c + "b\r\n\r\n",
            {400})
           for c in ("\x00", "\r", "\n", "\x01", "\x08", "\x0b", "\x0c",
                     "\x1b", "\x7f", "\r\r\n", "\n\n", "\r\x00\n")},
        **{f"{c!r} in a name": (
            "GET /healthz HTTP/1.1\r\nHost: {host}\r\nX" + c + "Y: a\r\n\r\n",
            {400})
           for c in ("\x00", "\r", "\n", "\x01", "\x1b", "\x7f")},
        **{f"{c!r} in Host": (
            "GET /healthz HTTP/1.1\r\nHost: {host}" + c + ".evil\r\n\r\n",
            {400})
           for c in ("\x00", "\r", "\x01", "\x7f", "\xa0")},
        **{f"{c!r} in the target": (
            "GET /heal" + c + "thz HTTP/1.1\r\nHost: {host}\r\n\r\n", {400})
           for c in ("\x00", "\r", "\n", "\x01", "\x7f", "\xff", "\t")},
        "line feeds alone": ("GET /healthz HTTP/1.1\nHost: {host}\n\n", {400}),
        "carriage returns alone": (
            "GET /healthz HTTP/1.1\rHost: {host}\r\r", {400}),
    },
    5: {
        f"a line of {v!r}": (
            "GET /healthz HTTP/1.1\r\nHost: {host}\r\n" + v + "\r\n\r\n",
            {400})
        for v in (": x", "\xef: x", "f(o: x", "f{{o: x", "f@o: x", "f/o: x",
                  'f"o: x', "f[o: x", "f\\o: x", "fo", "f o: x",
                  "X: a\r\n folded", "X: a\r\n\tfolded", " X: a", "=: x,",
                  "X;Y: a", "f,o: x", "\x80\x80: x")
    } | {
        "a space before the first field": (
            "GET /healthz HTTP/1.1\r\n Host: {host}\r\n\r\n", {400}),
        "an empty line first": (
            "\r\nGET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n", {400, 200}),
    },
    6: {
        f"a host of {v!r}": (
            "GET /healthz HTTP/1.1\r\n" + v + "\r\n\r\n", {400})
        for v in ("X: a", "Host: {host}\r\nHost: {host}", "Host:",
                  "Host: {host}\r\nhost: evil.example",
                  "Host: a@{host}", "Host: {host}@evil.example",
                  "Host: {host}/x", "Host: {host},evil.example",
                  "Host: {host} evil.example", "Host: evil.example",
                  "Host: {host}.evil.example", "Host: {host}:99999",
                  "Host: {host}:http", "Host: [::1", "Host: [::1]x",
                  "Host: http://{host}/", "Host: {host}#x", "Host: {host}?x",
                  "Host: {host}\\x", "Host: ;{host}", "Host: %00{host}",
                  "Host: " + "a" * 300, "Host: .", "Host: {host}:")
    } | {
        "no host in 1.0": ("GET /healthz HTTP/1.0\r\n\r\n", {400}),
    },
    9: {
        "TRACE": ("TRACE /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n", {405}),
        "TRACK": ("TRACK /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n",
                  {405, 501}),
        "CONNECT": ("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n",
                    {405, 400}),
        "CONNECT elsewhere": (
            "CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443"
            "\r\n\r\n", {405, 400}),
        "an absolute target": (
            "GET http://other.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
            {400}),
        "an absolute target and its host": (
            "GET http://other.example/ HTTP/1.1\r\nHost: other.example\r\n"
            "\r\n", {400}),
        "OPTIONS *": ("OPTIONS * HTTP/1.1\r\nHost: {host}\r\n\r\n",
                      {405, 400}),
        "OPTIONS": ("OPTIONS / HTTP/1.1\r\nHost: {host}\r\n\r\n", {405}),
        "PROPFIND": ("PROPFIND / HTTP/1.1\r\nHost: {host}\r\n\r\n",
                     {405, 501}),
        "a small method": ("get / HTTP/1.1\r\nHost: {host}\r\n\r\n",
                           {400, 501}),
        "a method that is no token": (
            "G@T / HTTP/1.1\r\nHost: {host}\r\n\r\n", {400}),
        "HTTP/9.9": ("GET / HTTP/9.9\r\nHost: {host}\r\n\r\n", {505}),
        "HTTP/1.2": ("GET / HTTP/1.2\r\nHost: {host}\r\n\r\n", {505}),
        "HTTP/1.10": ("GET / HTTP/1.10\r\nHost: {host}\r\n\r\n", {400}),
        "HTTP/01.1": ("GET / HTTP/01.1\r\nHost: {host}\r\n\r\n", {400}),
        "http/1.1": ("GET / http/1.1\r\nHost: {host}\r\n\r\n", {400}),
        "a word as the version": (
            "GET / HTTP/a.b\r\nHost: {host}\r\n\r\n", {400}),
        "HTTP/0.9": ("GET /healthz\r\n\r\n", {400}),
        "HTTP/2 at once": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505, 400}),
        "two spaces": ("GET  / HTTP/1.1\r\nHost: {host}\r\n\r\n", {400}),
        "two spaces behind": ("GET /  HTTP/1.1\r\nHost: {host}\r\n\r\n",
                              {400}),
        "a tab between": ("GET\t/\tHTTP/1.1\r\nHost: {host}\r\n\r\n", {400}),
        "a space in the target": (
            "GET /a b HTTP/1.1\r\nHost: {host}\r\n\r\n", {400}),
        "nothing but a method": ("GET\r\nHost: {host}\r\n\r\n", {400}),
        "an expectation we don't know": (
            "POST /healthz HTTP/1.1\r\nHost: {host}\r\nExpect: cow\r\n"
            "Content-Length: 0\r\n\r\n", {417}),
        "a handshake of TLS": ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", {400}),
    },
    10: {
        f"a target of {v!r}": (
            "GET " + v + " HTTP/1.1\r\nHost: {host}\r\n\r\n", {400, 404})
        for v in ("/static/../../etc/passwd", "/static/..%2f..%2fetc/passwd",
                  "/static/%2e%2e/%2e%2e/etc/passwd",
                  "/static/%252e%252e/etc/passwd",
                  "/static/..%252f..%252fetc/passwd",
                  "/static/..%c0%af..%c0%afetc/passwd",
                  "/static/%c0%ae%c0%ae/etc/passwd",
                  "/static/..%5c..%5cetc/passwd", "/static/..\\etc\\passwd",
                  "/static//etc/passwd", "//static/x", "/./healthz",
                  "/healthz/", "/healthz/.", "/x/../healthz", "/%2e/healthz",
                  "/healthz%00", "/healthz%00.css", "/healthz%2f",
                  "/healthz;x=1", "/HEALTHZ", "/healthz%20", "/%68ealthz/..",
                  "/static/", "/static", "/static/%", "/static/%g0",
                  "/static/%e0%80%af", "/static/app.css%0a",
                  "/static/%uff0e%uff0e/x", "/e/../metrics", "/e//metrics",
                  "/e/%2e%2e%2fmetrics", "/.git/config", "/.env",
                  "/cgi-bin/test-cgi", "/server-status", "/data/everystep.db",
                  "/api/v1/initiatives/..%2f..%2fmetrics", "/a#b",
                  "/" + "a/" * 200, "/e/" + "a" * 4000)
    },
}


class HttpRows:
    """The rows of the HTTP layer; shared by what stands between."""

    direct = True

    def framing(self, row):
        host = self.host
        hidden = HIDDEN.format(host=host)
        for name, (text, statuses) in FRAMING[row].items():
            raw = text.format(host=host, hidden=hidden, n=len(hidden))
            with self.subTest(row=row, case=name[:60]):
                before = self.smuggled()
                got = self.talk(raw.encode("latin-1"), idle_s=20
                                if self.direct else 0.5)
                self.assertEqual(self.smuggled(), before)
                said = got.raw[:300]
                self.assertNotIn(b"evil.example", got.raw)
                self.assertNotIn(b"root:", got.raw)
                if not self.direct:
                    continue
                self.assertIn(got.status, statuses, said)
                self.assertEqual(got.answers(), 1, said)
                self.assertEqual(got.get("Connection"), "close", said)
                self.assertTrue(got.closed)

    def smuggled(self):
        """Hidden requests that ran, and that nothing before us had seen as
        requests in their own right."""
        ran = sum(RAN in line for line in self.server.lines("http.request"))
        return max(0, ran - self.seen())

    def seen(self):
        return 0

    def test_row_01_conflicting_lengths(self):
        self.framing(1)

    def test_row_02_space_before_the_colon(self):
        self.framing(2)

    def test_row_03_transfer_encoding(self):
        self.framing(3)

    def test_row_04_controls(self):
        self.framing(4)

    def test_row_05_field_names(self):
        self.framing(5)

    def test_row_06_host(self):
        self.framing(6)

    def test_row_06_links_are_of_our_origin(self):
        for path in ("/", f"/e/{SLUG}", f"/api/v1/initiatives/{SLUG}"):
            got = self.ask("GET", path, {
                "X-Forwarded-Host": "evil.example",
                "X-Host": "evil.example", "X-Original-URL": "/metrics",
                "X-Rewrite-URL": "/metrics",
                "Forwarded": "host=evil.example"})
            self.assertEqual(got.status, 200)
            self.assertNotIn(b"evil.example", got.raw)

    def test_row_07_giants(self):
        head = f"GET /healthz HTTP/1.1\r\nHost: {self.host}\r\n"
        over = {
            "10,000 fields": (head + "".join(
                f"a{i}: b\r\n" for i in range(10000)) + "\r\n", {431, 400}),
            "an address of 100 KB": (
                f"GET /{'a' * 100000} HTTP/1.1\r\nHost: x\r\n\r\n",
                {414, 400}),
            "a method of 100 KB": ("G" * 100000, {414, 400}),
            "a value of 100 KB": (head + f"X: {'a' * 100000}\r\n\r\n",
                                  {431, 400}),
            "a name of 100 KB": (head + f"{'a' * 100000}: x\r\n\r\n",
                                 {431, 400}),
            "cookies of 100 KB": (head + "".join(
                f"Cookie: {'c' * 1000}\r\n" for _ in range(100)) + "\r\n",
                {431, 400}),
        }
        if self.direct:
            over["65 fields"] = (head + "a: b\r\n" * 64 + "\r\n", {431})
        for name, (raw, statuses) in over.items():
            with self.subTest(case=name):
                got = self.talk(raw.encode())
                self.assertIn(got.status, statuses, got.raw[:300])
        got = self.talk((head + "a: b\r\n" * 50 + "Connection: close\r\n\r\n")
                        .encode())
        self.assertEqual(got.status, 200)

    def test_row_09_methods_and_protocols(self):
        self.framing(9)

    def test_row_09_no_other_protocol(self):
        for up in ("h2c", "websocket", "TLS/1.0"):
            got = self.ask("GET", "/healthz", {
                "Upgrade": up, "HTTP2-Settings": "AAMAAABkAAQAAP__",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version": "13"})
            self.assertEqual(got.status, 200)
            self.assertIsNone(got.get("Upgrade"))

    def test_row_09_every_answer_has_its_headers(self):
        for path in ("/", "/nothing", "/healthz", "/api/v1/nothing"):
            got = self.ask("GET", path)
            for name in ("Content-Security-Policy", "X-Request-Id",
                         "X-Content-Type-Options", "Referrer-Policy"):
                self.assertEqual(len(got.all(name)), 1, (path, name))
            for name in ("X-Powered-By", "X-AspNet-Version"):
                self.assertIsNone(got.get(name))
        got = self.talk(f"TRACE / HTTP/1.1\r\nHost: {self.host}\r\nCookie: "
                        "a=secret\r\nConnection: close\r\n\r\n".encode())
        self.assertNotIn(b"secret", got.raw)

    def test_row_10_paths(self):
        self.framing(10)

    def test_row_11_forged_addresses(self):
        forged = {"X-Forwarded-For": "203.0.113.7", "X-Real-IP":
                  "203.0.113.8", "Forwarded": "for=203.0.113.9",
                  "X-Client-IP": "203.0.113.10", "True-Client-IP":
                  "203.0.113.11", "X-Forwarded-Proto": "https"}
        got = self.ask("GET", "/v/forgedaddr", forged)
        self.assertEqual(got.status, 404)
        said = self.server.lines("http.request")[-1]
        self.assertNotIn("203.0.113", said)
        self.assertIn("127.0.0.1", said)
        # and a new face each time doesn't buy more guesses
        statuses = set()
        for i in range(40):
            got = self.ask("GET", "/api/v1/runs/1", {
                "Authorization": f"Bearer {i:032}",
                "X-Forwarded-For": f"203.0.113.{i}"}, source="127.0.0.9")
            statuses.add(got.status)
        self.assertEqual(statuses, {401, 429})
        self.assertEqual(self.ask("GET", "/metrics", {
            "X-Forwarded-For": "127.0.0.1"}).status, 404)

    def test_row_12_response_splitting(self):
        bad = ("%0d%0aSet-Cookie:%20in=jected", "%0aX-In:%20jected",
               "%0d%0a%0d%0a<b>in-jected", "%E5%98%8A%E5%98%8DX-In:%20jected",
               "%c4%8d%c4%8aX-In:%20jected", "%23%0dX-In:%20jected",
               "a%00%0d%0aX-In:%20jected")
        places = ("/e/{}", "/e/{}/join", f"/e/{SLUG}?lang={{}}",
                  f"/e/{SLUG}/leaderboard?q={{}}", "/r/{}", "/p/{}", "/v/{}",
                  "/setup/{}", f"/e/{SLUG}?units={{}}", "/static/{}",
                  f"/e/{SLUG}/card.png?size={{}}", f"/e/{SLUG}?{{}}=1",
                  f"/e/{SLUG}/leaderboard?cursor={{}}", "/{}",
                  f"/api/v1/initiatives/{SLUG}/standings?by={{}}")
        for place in places:
            for text in bad:
                got = self.ask("GET", place.format(text))
                names = [n.lower() for n, *_ in got.head]
                self.assertIn(got.status, {200, 400, 404, 422}, got.raw[:200])
                self.assertNotIn("x-in", names)
                self.assertEqual(got.answers(), 1)
                for line in got.all("Set-Cookie"):
                    self.assertNotIn("jected", line)
                self.assertNotIn(b"<b>in-jected", got.raw)

    def test_row_13_caches(self):
        person = Person(self, "Cache Deception")
        private = ("/me", person.link)
        for path in private:
            got = person.page("GET", path)
            self.assertEqual(got.status, 200, path)
            self.assertEqual(got.get("Cache-Control"), "no-store", path)
            for tail in (".css", "/x.css", ";x.css", "%2fx.css", "%3fx.css",
                         "%00.css", "/%2e%2e/x.css", ".js", "/.png",
                         "%0a.css", "#/x.css"):
                got = person.page("GET", path + tail)
                self.assertIn(got.status, {400, 403, 404}, path + tail)
                self.assertEqual(got.get("Cache-Control") or "no-store",
                                 "no-store")
                self.assertNotIn(b"Cache Deception", got.raw)
        # What may be kept is the same for all: no cookie, and known keys.
        asset = re.search(rb'"(/static/[^"]+)"', self.ask("GET", "/").body)
        kept = 0
        for path in (asset[1].decode(), f"/e/{SLUG}/card.png",
                     "/api/v1/openapi.json", "/", f"/e/{SLUG}",
                     f"/e/{SLUG}/leaderboard"):
            plain = self.ask("GET", path)
            got = person.page("GET", path, {
                "X-Forwarded-Host": "evil.example", "X-Cow": "moo",
                "User-Agent": "evil", "X-Forwarded-Scheme": "nothttps"})
            if "no-store" in (plain.get("Cache-Control") or "no-store"):
                continue
            kept += 1
            self.assertEqual(plain.body, got.body, path)
            self.assertEqual(got.all("Set-Cookie"), [], path)
        self.assertGreaterEqual(kept, 2)
        for path in ("/", f"/e/{SLUG}"):
            self.assertIn("Accept-Language",
                          self.ask("GET", path).get("Vary"))

    def test_row_14_a_name_twice(self):
        for path in (f"/e/{SLUG}?lang=en&lang=tr", "/?units=km&units=mi",
                     f"/e/{SLUG}/leaderboard?by=person&b%79=team",
                     f"/api/v1/initiatives/{SLUG}/standings?limit=1&limit=2",
                     "/healthz?id=1&id=2", "/?a&a"):
            self.assertEqual(self.ask("GET", path).status, 400, path)
        person = Person(self, "Parameter Pollution")
        twice = (b"date=2026-01-01&date=2026-01-02&csrf=" +
                 person.csrf.encode())
        kind = {"Content-Type": "application/x-www-form-urlencoded",
                "Origin": self.origin}
        got = person.page("POST", "/me/typed", kind, twice)
        self.assertEqual(got.status, 400)
        got = person.page("POST", "/me/typed?distance=5", kind,
                          b"distance=6&csrf=" + person.csrf.encode())
        self.assertEqual(got.status, 400)
        got = self.ask("POST", f"/api/v1/initiatives/{SLUG}/participants",
                       {"Content-Type": "application/json"},
                       b'{"display_name":"a","display_name":"b"}')
        self.assertIn(got.status, {400, 422})


class Direct(HttpRows, Site):
    """No proxy: the gate is all that stands between."""

    @classmethod
    def setUpClass(cls):
        cls.port = free_port()
        cls.host = f"127.0.0.1:{cls.port}"
        cls.origin = "http://" + cls.host
        cls.server = Server(cls.host)
        cls.addClassCleanup(cls.server.stop)

    def dial(self, source="127.0.0.1"):
        return socket.create_connection(("127.0.0.1", self.port), 20,
                                        (source, 0))

    # ---- 7 and 8: many, and slow ----

    def test_row_07_memory_of_a_connection(self):
        part = (f"GET /healthz HTTP/1.1\r\nHost: {self.host}\r\n" +
                f"X: {'a' * 14000}\r\n").encode()
        self.ask("GET", "/healthz")
        before = self.server.resident_kib()
        held = []
        for i in range(480):
            s = self.dial(f"127.0.7.{1 + i % 8}")
            s.sendall(part)
            held.append(s)
        self.assertEqual(self.ask("GET", "/healthz").status, 200)
        self.assertLess(self.server.resident_kib() - before, 480 * 64)
        for s in held:
            s.close()

    def test_row_07_one_byte_at_a_time(self):
        raw = f"GET /healthz HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode()
        with self.dial() as s:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for i in range(len(raw)):
                s.sendall(raw[i:i + 1])
                time.sleep(0.002)
            self.assertEqual(read_all(s).status, 200)

    def test_row_08_slow_heads_bodies_and_readers(self):
        """800 of one address; others, and their neighbours, are answered."""
        kinds = (
            f"GET / HTTP/1.1\r\nHost: {self.host}\r\nX: ",
            f"POST /api/v1/runs HTTP/1.1\r\nHost: {self.host}\r\n"
            "Authorization: Bearer x\r\nContent-Length: 60000\r\n\r\nx",
            f"GET / HTTP/1.1\r\nHost: {self.host}\r\n\r\n",
        )
        held = []
        for i in range(800):
            s = self.dial("127.0.8.1")
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            s.sendall(kinds[i % 3].encode())
            held.append(s)
            if i % 200 == 199:
                for source in ("127.0.8.2", "127.0.8.1"):
                    self.assertEqual(
                        self.ask("GET", "/healthz", source=source).status, 200)
        heads = held[0::3]
        until = time.monotonic() + PATIENCE_S
        while heads and time.monotonic() < until:
            left = []
            for s in heads:
                try:
                    s.send(b"x", socket.MSG_DONTWAIT)
                    left.append(s)
                except BlockingIOError:
                    left.append(s)
                except OSError:
                    pass  # cut: dripping bought no time
            heads = left
            self.assertEqual(
                self.ask("GET", f"/e/{SLUG}", source="127.0.8.3").status, 200)
            time.sleep(0.5)
        self.assertEqual(heads, [])
        for s in held:
            s.close()

    def test_row_08_a_school_at_once(self):
        """2,000 connected before the first of them asks."""
        page = (f"GET /e/{SLUG} HTTP/1.1\r\nHost: {self.host}\r\n\r\n"
                .encode())
        crowd = [self.dial("127.0.8.4") for _ in range(2000)]
        for s in crowd:
            s.sendall(page)
        other = self.ask("GET", f"/e/{SLUG}", source="127.0.8.5")
        self.assertEqual(other.status, 200)
        statuses = {}
        for s in crowd:
            with s:
                got = read_all(s, PATIENCE_S)
            statuses[got.status] = statuses.get(got.status, 0) + 1
        self.assertEqual(statuses, {200: 2000})

    # ---- 15 to 19: uploads ----

    def test_row_15_multipart(self):
        person = Person(self, "Multi Part")
        part = (b'--B\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' +
                person.csrf.encode() + b"\r\n")
        file = (b'--B\r\nContent-Disposition: form-data; name="files"; '
                b'filename="a.gpx"\r\n\r\n')
        kind = "multipart/form-data; boundary="
        cases = {
            "no final boundary": (kind + "B", part + file + b"<gpx/>\r\n"),
            "10,000 parts": (kind + "B", part + b"".join(
                b'--B\r\nContent-Disposition: form-data; name="x%d"\r\n\r\n'
                b"\r\n" % i for i in range(10000)) + b"--B--\r\n"),
            "10,000 files": (kind + "B", part + (file + b"\r\n") * 10000 +
                             b"--B--\r\n"),
            "a boundary too long": (kind + "B" * 71, part + b"--B--\r\n"),
            "a boundary of 8 KB": (kind + "B" * 8000, b"--B--\r\n"),
            "no boundary": ("multipart/form-data", part + b"--B--\r\n"),
            "an empty boundary": (kind, part + b"--B--\r\n"),
            "two boundaries": (kind + "B; boundary=C", part + b"--B--\r\n"),
            "a boundary with a control": (kind + '"B\tC"', b"--B--\r\n"),
            "parts within parts": (
                kind + "B", part + b'--B\r\nContent-Disposition: form-data; '
                b'name="files"\r\nContent-Type: multipart/mixed; boundary=C'
                b"\r\n\r\n--C\r\n\r\nx\r\n--C--\r\n--B--\r\n"),
            "carriage returns alone": (
                kind + "B", (part + file + b"x\r\n--B--\r\n")
                .replace(b"\r\n", b"\r")),
            "line feeds alone": (
                kind + "B", (part + file + b"x\r\n--B--\r\n")
                .replace(b"\r\n", b"\n")),
            "no name": (kind + "B", part + b"--B\r\nContent-Disposition: "
                        b"form-data\r\n\r\nx\r\n--B--\r\n"),
            "an empty name": (kind + "B", part + b"--B\r\nContent-Disposition:"
                              b' form-data; name=""\r\n\r\nx\r\n--B--\r\n'),
            "no header": (kind + "B", part + b"--B\r\n\r\nx\r\n--B--\r\n"),
            "a header of 5 KB": (
                kind + "B", part + b"--B\r\nX: " + b"a" * 5000 +
                b"\r\n" + file[5:] + b"x\r\n--B--\r\n"),
            "a folded header": (
                kind + "B", part + b"--B\r\nContent-Disposition: form-data;"
                b'\r\n name="files"; filename="a"\r\n\r\nx\r\n--B--\r\n'),
            "a NUL in a name": (
                kind + "B", part + b"--B\r\nContent-Disposition: form-data; "
                b'name="a\0b"\r\n\r\nx\r\n--B--\r\n'),
            "something before the first": (kind + "B", b"junk" + part),
            "nothing": (kind + "B", b""),
            "the end first": (kind + "B", b"--B--\r\n"),
            "another coding": (kind + "B", part + b"--B\r\n"
                               b"Content-Transfer-Encoding: base64\r\n" +
                               file[5:] + b"PGdweC8+\r\n--B--\r\n"),
        }
        fds = self.server.descriptors()
        for name, (content_type, body) in cases.items():
            with self.subTest(case=name):
                got = person.page("POST", "/me/runs", {
                    "Content-Type": content_type, "Origin": self.origin}, body)
                self.assertIn(got.status, {400, 403, 413, 422, 431},
                              got.raw[:400])
        wait_for("bodies gone", lambda: self.server.descriptors() <= fds + 2)

    def test_row_16_oversize_and_lies(self):
        person = Person(self, "Over Size")
        head = (f"POST /api/v1/runs HTTP/1.1\r\nHost: {self.host}\r\n"
                f"Authorization: Bearer {person.token}\r\n")
        fds = self.server.descriptors()
        for length in (10 << 30, (32 << 20) + 1, (1 << 63) - 1, 1 << 63):
            got = self.talk(f"{head}Content-Length: {length}\r\n\r\n".encode())
            self.assertIn(got.status, {413, 400}, length)
            got = self.talk(f"{head}Content-Length: {length}\r\n"
                            "Expect: 100-continue\r\n\r\n".encode())
            self.assertIn(got.status, {413, 400}, length)
        with self.dial() as s:  # 5 bytes of 1,000, and no more
            s.sendall(f"{head}Content-Length: 1000\r\n\r\n<gpx>".encode())
            s.shutdown(socket.SHUT_WR)
            self.assertNotIn(read_all(s).status, {200, 201})
        for i in range(20):  # leaves in the middle, every other hard
            s = self.dial()
            s.sendall(f"{head}Content-Length: 30000000\r\n\r\n".encode() +
                      b"x" * 500000)
            if i % 2:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))
            s.close()
        wait_for("partial bodies gone",
                 lambda: self.server.descriptors() <= fds + 2)
        self.assertEqual(person.upload(b"").status, 422)

    def test_row_17_file_names(self):
        person = Person(self, "File Name")
        names = (b"../../x.gpx", b"..\\..\\x.gpx", b"/etc/passwd", b"a%00.gpx",
                 b"a\0.gpx", "run\u202egpx.exe".encode(), b"n" * 4000,
                 b"<img src=x onerror=alert(1)>.gpx", b"a\xff\xfe.gpx",
                 b"CON", b".", b"..", b"a;b=c.gpx", b'a\\".gpx', b"$(id).gpx",
                 "\u0665\u0300\u0300\u0300\u0300.gpx".encode(), b" ", b"|sh")
        for name in names:
            with self.subTest(name=name[:40]):
                got = person.send_file(name, b"this is no track")
                self.assertIn(got.status, {400, 413, 422}, got.raw[:300])
                self.assertNotIn(b"<img", got.body)
                self.assertNotIn("\u202e".encode(), got.body)
                self.assertNotIn(b"n" * 121, got.body)
                self.assertEqual(got.answers(), 1)
        stray = [p for p in self.server.folder.rglob("*")
                 if p.suffix in (".gpx", ".exe")]
        self.assertEqual(stray, [])

    def test_row_18_wrong_types(self):
        person = Person(self, "Wrong Type")
        page = b"<!doctype html><script>alert(1)</script>"
        svg = (b'<svg xmlns="http://www.w3.org/2000/svg" '
               b'onload="alert(1)"/>')
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as z:
            z.writestr("a.html", page)
        png = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
        polyglot = (b"<gpx><trk><trkseg></trkseg></trk></gpx>" +
                    held.getvalue())
        for content in (page, svg, png, held.getvalue(), polyglot,
                        b"MZ" + b"\0" * 200, b"\x7fELF" + b"\0" * 200,
                        b"GIF89a<gpx>", b"%PDF-1.4 <gpx/>", b"\0" * 1000):
            for kind in ("application/gpx+xml", "image/png", "text/html"):
                got = person.upload(content, {"Content-Type": kind})
                self.assertEqual(got.status, 422, got.raw[:300])
                self.assertEqual(got.get("Content-Type"),
                                 "application/problem+json")
                self.assertEqual(got.get("X-Content-Type-Options"), "nosniff")
                self.assertNotIn(b"alert(1)", got.raw)
            got = person.send_file(b"run.gpx", content)
            self.assertEqual(got.status, 422)
            self.assertNotIn(b"alert(1)", got.raw)

    def test_row_19_bombs(self):
        person = Person(self, "Bomb")
        piece = zlib.compressobj(9, zlib.DEFLATED, -15)
        zeros = piece.compress(bytes(16 << 20)) + piece.flush(
            zlib.Z_FULL_FLUSH)
        deflated = zeros * 640 + b"\x03\0"  # 10 GiB
        gz = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + deflated + bytes(8)
        track = b"<gpx><trk><trkseg>" + b" " * (60 << 20)

        def zipped(members):
            held = io.BytesIO()
            with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as z:
                for name, content in members:
                    z.writestr(name, content)
            return held.getvalue()

        inner = zipped([(f"{i}.gpx", bytes(4 << 20)) for i in range(16)])
        nested = inner
        for depth in range(5):
            nested = zipped([(f"{depth}-{i}.zip", nested) for i in range(8)])
        many = b"".join(gzip.compress(bytes(1 << 20)) for _ in range(500))
        bombs = {
            "10 GiB of zeros": gz,
            "a zip in a zip, five deep": nested,
            "one name, one content, many entries": self.overlapping(),
            "gzip of many members": many,
            "gzip in gzip": gzip.compress(gzip.compress(bytes(50 << 20))),
            "a track and blanks": gzip.compress(track),
        }
        for name, bomb in bombs.items():
            with self.subTest(case=name):
                self.assertLess(len(bomb), 32 << 20)
                got = person.upload(bomb)
                self.assertEqual(got.status, 422, got.raw[:400])
        self.reconcile()

    @staticmethod
    def overlapping():
        """Entries of the directory that all mean one piece of the file."""
        piece = zlib.compressobj(9, zlib.DEFLATED, -15)
        content = bytes(8 << 20)
        packed = piece.compress(content) + piece.flush()
        crc = zlib.crc32(content)
        local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, crc,
                            len(packed), len(content), 5, 0) + b"a.gpx"
        entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0,
                            0, crc, len(packed), len(content), 5, 0, 0, 0, 0,
                            0, 0) + b"a.gpx"
        body = local + packed
        return body + entry * 1000 + struct.pack(
            "<IHHHHIIH", 0x06054B50, 0, 0, 1000, 1000, len(entry) * 1000,
            len(body), 0)

    # ---- 49: the log, and what else nobody is to read ----

    def test_row_49_the_log(self):
        person = Person(self, "Log \x1b[31m\nInjection")
        ansi = "\x1b]0;pwned\x07"
        self.talk(f"GET / HTTP/1.1\r\nHost: {self.host}\r\nUser-Agent: "
                  f"{ansi}\r\n\r\n".encode())
        self.ask("GET", "/", {"User-Agent": '"}\\r\\n{"t":"now"}',
                              "Referer": "https://x/%0d%0ay",
                              "X-Forwarded-For": "1.2.3.4\t\"},{"})
        self.ask("GET", "/p/" + "s3cr3t" * 5)
        self.ask("GET", f"/e/{SLUG}?q=%0d%0a%1b[2J")
        person.upload(b"<gpx><trk><trkseg><trkpt lat='51.1234567' "
                      b"lon='1.7654321'/></trkseg></trk></gpx>")
        log = self.server.log()
        for hidden in (person.token, person.link[3:], "s3cr3t", "\x1b",
                       "\\u001b", "pwned", "Injection", "51.1234567",
                       "1.7654321", *filter(lambda v: len(v) > 15,
                                            person.cookies.values())):
            self.assertNotIn(hidden, log)

    def test_row_49_errors_say_little(self):
        for path in ("/nothing", "/api/v1/nothing", "/e/none", "/r/none",
                     "/api/v1/initiatives/none"):
            got = self.ask("GET", path)
            self.assertEqual(got.status, 404)
            self.assertRegex(got.get("X-Request-Id"), r"^[0-9a-z]{16}$")
            for word in (b"sqlite", b"SQL", b"src/", b".c:", b"errno",
                         b"/tmp/", str(self.server.folder).encode()):
                self.assertNotIn(word, got.raw)

    def test_row_49_metrics_are_for_this_machine(self):
        self.assertEqual(self.ask("GET", "/metrics").status, 200)
        for name in ("X-Forwarded-For", "Forwarded", "Via"):
            self.assertEqual(
                self.ask("GET", "/metrics", {name: "1.1 x"}).status, 404)
        for path in ("/static/", "/static", "/media/", "/api/", "/e/"):
            self.assertIn(self.ask("GET", path).status, {400, 404})

    def test_two_servers_in_one_folder(self):
        done = subprocess.run(
            [EXE, "serve", "--data", self.server.folder / "data", "--listen",
             f"127.0.0.1:{free_port()}"], capture_output=True, timeout=60,
            check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"another server", done.stderr)


class Nginx(HttpRows, Site):
    """Through nginx, set up as docs/OPERATIONS.md says."""

    direct = False

    @classmethod
    def setUpClass(cls):
        proxies.need(cls, "nginx")
        cls.host = "run.example"
        cls.origin = "https://run.example"
        cls.front = proxies.Front("nginx")
        cls.addClassCleanup(cls.front.stop)
        cls.server = Server("unix:" + str(cls.front.socket),
                            "--origin", cls.origin)
        cls.addClassCleanup(cls.server.stop)
        cls.front.start()

    def dial(self, source="127.0.0.1"):
        return self.front.dial(source)

    def seen(self):
        log = (self.front.folder / "access").read_text(errors="replace")
        return log.count("GET /v/smuggledin HTTP/1.1")


class Restart(Site):
    """A socket that outlives the server: who comes meanwhile waits."""

    def dial(self, source="127.0.0.1"):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(PATIENCE_S)
        s.connect(str(self.path))
        return s

    def begin(self):
        fd = self.listener.fileno()
        command = f'exec env LISTEN_PID=$$ LISTEN_FDS=1 "$@" 3<&{fd}'
        return Server(f"unix:{self.path}", "--origin", self.origin,
                      under=["sh", "-c", command, "sh"], keep=[fd])

    def test_connections_wait_while_it_is_started_anew(self):
        self.host = "run.example"
        self.origin = "https://run.example"
        with tempfile.TemporaryDirectory() as folder:
            self.path = os.path.join(folder, "http")
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(self.path)
            self.listener.listen(128)
            self.server = self.begin()
            self.assertEqual(self.ask("GET", "/healthz").status, 200)
            # its web process dies, and a caller waits for the next
            web = self.server.web_pid()
            os.kill(web, signal.SIGKILL)
            self.assertEqual(self.ask("GET", "/healthz").status, 200)
            self.assertNotEqual(self.server.web_pid(), web)
            # all of it ends, a caller comes, and it is started again
            self.assertEqual(self.server.stop(), 0)
            s = self.dial()
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: run.example\r\n"
                      b"Connection: close\r\n\r\n")
            self.server = self.begin()
            self.assertEqual(read_all(s, PATIENCE_S).status, 200)
            s.close()
            self.assertEqual(self.server.stop(), 0)
            self.listener.close()

    def tearDown(self):
        pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
