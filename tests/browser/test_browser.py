#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way of a participant and of an organiser in a real browser, against a
real server with its demo: in English and Urdu, with scripts and without. Then
every sample page, for what only a browser sees."""
import datetime
import functools
import http.server
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import cdp

BUILD = Path(os.environ["ES_BUILD_ROOT"])
START_S = 240  # the demo's 590 runs go through the sandbox first


def gpx(hours_ago, km=4.0):
    """A run due north over open ocean, at 5:00 a kilometre."""
    start = (datetime.datetime.now(datetime.timezone.utc)
             - datetime.timedelta(hours=hours_ago))
    seconds = int(km * 300)
    points = "".join(
        f'<trkpt lat="{-47 + km / 111.195 * i / seconds:.7f}" lon="-90">'
        f"<time>{start + datetime.timedelta(seconds=i):%Y-%m-%dT%H:%M:%SZ}"
        "</time></trkpt>" for i in range(seconds + 1))
    return ('<gpx version="1.1" creator="test" '
            'xmlns="http://www.topografix.com/GPX/1/1"><trk>'
            f"<type>running</type><trkseg>{points}</trkseg></trk></gpx>")


class Server:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="everystep-browser-")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        log = Path(self.folder.name, "log")
        with open(log, "wb") as out:
            self.proc = subprocess.Popen(
                [BUILD / "everystep", "serve", "--demo", "--data",
                 Path(self.folder.name, "data"), "--listen",
                 f"127.0.0.1:{port}"], stdout=out, stderr=out)
        until = time.monotonic() + START_S
        while "Set-up link" not in log.read_text("utf-8"):
            time.sleep(0.2)
            if time.monotonic() > until or self.proc.poll() is not None:
                raise RuntimeError("no server: " + log.read_text()[-2000:])
        text = log.read_text("utf-8")
        self.initiative = re.search(r"http\S+/e/\S+", text).group()
        self.setup = re.search(r"http\S+/setup/\S+", text).group()

    def close(self):
        self.proc.terminate()
        self.proc.wait(60)
        self.folder.cleanup()


class Ways(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.browser = cdp.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.server.close()

    def page(self, **how):
        p = cdp.Page(self.browser, **how)
        self.addCleanup(p.close)
        return p

    def sound(self, p):
        self.assertEqual(p.faults(), [])
        away = [u for u in p.requests() if not u.startswith(self.server.base)
                and not u.startswith(("about:", "data:"))]
        self.assertEqual(away, [], "a request to somebody else")

    def join(self, p, name):
        p.go(self.server.initiative)
        p.follow(".hero a.button")
        p.fill("#birth_year", "90")
        p.follow("form.form button[type=submit]")
        self.assertTrue(p.has("#display_name[aria-invalid=true]"))
        self.assertTrue(p.text("#display_name-error"))
        self.assertEqual(p.eval("document.querySelector('#birth_year').value"),
                         "90")
        p.fill("#display_name", name)
        p.fill("#birth_year", "1990")
        p.eval("document.querySelectorAll('input[required][type=checkbox]')"
               ".forEach(e => { e.checked = true; })")
        p.follow("form.form button[type=submit]")
        self.assertRegex(p.text("a.secret"), r"/p/[0-9a-z]{32}")
        self.assertIn(name, p.text("h1"))
        return p.text("a.secret")

    def upload(self, p, *contents):
        p.go(self.server.base + "/me")
        with tempfile.TemporaryDirectory() as d:
            paths = []
            for i, content in enumerate(contents):
                paths.append(Path(d, f"run {i}.gpx"))
                paths[-1].write_text(content)
            p.files("#files", paths)
            p.click("form[enctype] button[type=submit]")
            p.wait("document.querySelectorAll('article.receipt').length === "
                   + str(len(contents)), "receipts")

    def way(self, name, **how):
        p = self.page(**how)
        link = self.join(p, name)
        self.upload(p, gpx(20), "this is no run")
        self.assertTrue(p.has("article.receipt.accepted"))
        self.assertTrue(p.has("article.receipt.unread"))
        p.go(self.server.base + "/me")
        self.assertTrue(p.has(".runs .status.accepted"))
        self.assertTrue(p.has("tr.mine"))
        p.follow(".runs a")
        p.follow("a[href^='/r/']")
        self.assertIn(name, p.text("h1"))
        p.follow("a[href^='/v/']")
        self.assertIn(name, p.text("main"))
        # the same person in another browser, by the personal link
        other = self.page(**how)
        other.go(link)
        self.assertFalse(other.has(".runs"))
        other.follow("main form button")
        self.assertTrue(other.has(".runs .status.accepted"))
        for each in (p, other):
            self.sound(each)

    def test_way_in_english(self):
        self.way("Test Person")

    def test_way_in_urdu(self):
        self.way("عائشہ خان", lang="ur")

    def test_way_without_scripts(self):
        self.way("Nobody's Script", js=False)

    def test_typed_in_and_reviewed(self):
        p = self.page()
        self.join(p, "Long Walker")
        p.go(self.server.base + "/me")
        p.click("details:has(#distance) summary")
        p.fill("#date", "2001-02-03")
        p.fill("#distance", "-1")
        p.fill("#duration", "1:30")
        p.follow("form:has(#distance) button[type=submit]")
        self.assertTrue(p.text("#distance-error"))
        self.assertTrue(p.text("#duration-error"))
        day = datetime.datetime.now(datetime.timezone.utc) \
            - datetime.timedelta(days=3)
        p.fill("#date", f"{day:%Y-%m-%d}")
        p.fill("#time", "06:00")
        p.fill("#distance", "150.5")
        p.fill("#duration", "30:00:00")
        p.follow("form:has(#distance) button[type=submit]")
        self.assertTrue(p.has("article.receipt.review"), p.text("main"))

        organiser = self.page()
        organiser.go(self.server.setup)
        organiser.follow("main form button")
        self.assertIn("Long Walker", organiser.text("main"))
        organiser.follow("article.review:has(dl) form[action*=accept] button, "
                         "article.review form button.button")
        p.go(self.server.base + "/me")
        self.assertTrue(p.has(".runs .status.accepted"), p.text("main"))
        for each in (p, organiser):
            self.sound(each)

    def test_total_moves_by_itself(self):
        watcher = self.page()
        watcher.go(self.server.initiative)
        before = watcher.text("[data-total]")
        runner = self.page()
        self.join(runner, "Somebody Fast")
        self.upload(runner, gpx(30, km=7.0))
        watcher.wait("document.querySelector('[data-arrivals]').innerText"
                     ".includes('Somebody Fast')", "the arrival")
        self.assertNotEqual(watcher.text("[data-total]"), before)
        watcher.click("[data-pause]")
        self.assertEqual(watcher.eval("document.querySelector('[data-pause]')"
                                      ".ariaPressed"), "true")
        self.sound(watcher)

    def test_language_stays_chosen(self):
        p = self.page()
        p.go(self.server.initiative + "?lang=tr")
        p.follow("nav a[href*=leaderboard]")
        self.assertEqual(p.eval("document.documentElement.lang"), "tr")
        p.click(".langs summary")
        p.follow(".langs a[lang=ar]")
        self.assertEqual(p.eval("document.documentElement.dir"), "rtl")
        self.assertIn("/leaderboard", p.url())


class Quiet(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Content-Security-Policy",
                         "default-src 'none'; script-src 'self'; "
                         "style-src 'self'; img-src 'self'; "
                         "connect-src 'self'; form-action 'self'")
        super().end_headers()

    def log_message(self, *args):
        pass


class Samples(unittest.TestCase):
    """Each page as tests/pages renders it."""

    @classmethod
    def setUpClass(cls):
        cls.browser = cdp.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def each(self, args, **how):
        with tempfile.TemporaryDirectory() as d:
            subprocess.run([BUILD / "tests/render_pages", d, *args], check=True)
            server = http.server.ThreadingHTTPServer(
                ("127.0.0.1", 0), functools.partial(Quiet, directory=d))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page = cdp.Page(self.browser, lang=args[0], **how)
            for path in sorted(Path(d).glob("*.html")):
                page.go(f"http://127.0.0.1:{server.server_port}/{path.name}")
                yield path.stem, page
            page.close()
            server.shutdown()
            server.server_close()

    def test_nothing_runs_that_people_wrote(self):
        for name, p in self.each(["ur", "nasty"]):
            self.assertEqual(p.faults(), [], name)

    def test_no_page_is_wider_than_a_phone(self):
        for lang in ("en", "ur"):
            for args in ([lang], [lang, "nasty"]):
                for name, p in self.each(args, width=320):
                    over = p.eval("document.documentElement.scrollWidth - "
                                  "innerWidth")
                    self.assertLessEqual(over, 0, f"{args} {name}")

    def test_targets_can_be_hit(self):
        """WCAG 2.5.8: 24 px either way, but for links within a sentence."""
        small = """[...document.querySelectorAll(
            'button, summary, select, input:not([type=hidden]), nav a, .button')]
            .map(e => [e, e.getBoundingClientRect()])
            .filter(([e, r]) => r.width && (r.width < 22 || r.height < 22) &&
                    !(e.matches('[type=radio], [type=checkbox]') &&
                      e.closest('label').getBoundingClientRect().height >= 24))
            .map(([e]) => e.outerHTML.slice(0, 80))"""
        for name, p in self.each(["en"], width=320):
            self.assertEqual(p.eval(small), [], name)


if __name__ == "__main__":
    if not cdp.CHROMIUM:
        print("skipped: there is no chromium here")
        sys.exit(77)
    unittest.main()
