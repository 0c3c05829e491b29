# SPDX-License-Identifier: AGPL-3.0-or-later
"""A browser for tests: Debian's Chromium over its debugging pipe (the DevTools
Protocol, JSON between NUL bytes on descriptors 3 and 4). No package but
Chromium itself is needed."""
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE_S = 60  # for a machine that does other things as well


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="everystep-browser-")
        to_read, self.to = os.pipe()
        self.back, from_write = os.pipe()

        def descriptors():
            # first away from 3 and 4, so that neither overwrites the other
            a, b = os.dup(to_read), os.dup(from_write)
            os.dup2(a, 3)
            os.dup2(b, 4)

        args = [CHROMIUM, "--headless", "--remote-debugging-pipe",
                "--disable-gpu", "--no-first-run", "--hide-scrollbars",
                "--disable-background-networking", "--disable-sync",
                # root, chroots and containers have no sandbox or /dev/shm for
                # it, and it sees nothing but our own pages
                "--no-sandbox", "--disable-dev-shm-usage",
                f"--user-data-dir={self.profile}"]
        self.proc = subprocess.Popen(
            args, preexec_fn=descriptors, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.buffer, self.next_id, self.answers, self.events = b"", 1, {}, []

    def close(self):
        self.proc.terminate()
        self.proc.wait()
        os.close(self.to)
        os.close(self.back)
        shutil.rmtree(self.profile, ignore_errors=True)

    def pump(self, timeout):
        """Reads what is there; False when nothing came in `timeout`."""
        if not select.select([self.back], [], [], timeout)[0]:
            return False
        data = os.read(self.back, 1 << 20)
        if not data:
            raise RuntimeError("the browser is gone")
        *whole, self.buffer = (self.buffer + data).split(b"\0")
        for raw in whole:
            m = json.loads(raw)
            if "id" in m:
                self.answers[m["id"]] = m
            else:
                self.events.append(m)
        return True

    def call(self, method, session=None, **params):
        m = {"id": self.next_id, "method": method, "params": params}
        if session:
            m["sessionId"] = session
        self.next_id += 1
        data = json.dumps(m).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        until = time.monotonic() + PATIENCE_S
        while m["id"] not in self.answers:
            self.pump(1)
            if time.monotonic() > until:
                raise TimeoutError(method)
        answer = self.answers.pop(m["id"])
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]


class Page:
    """A tab with cookies of its own (or of the page `beside`)."""

    def __init__(self, browser, lang="en", js=True, width=390, dark=False,
                 beside=None):
        self.b = browser
        self.context = beside.context if beside else browser.call(
            "Target.createBrowserContext")["browserContextId"]
        self.target = browser.call(
            "Target.createTarget", url="about:blank",
            browserContextId=self.context)["targetId"]
        self.session = browser.call("Target.attachToTarget", flatten=True,
                                    targetId=self.target)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
            self.call(domain + ".enable")
        self.call("Network.setExtraHTTPHeaders",
                  headers={"Accept-Language": lang})
        self.call("Emulation.setLocaleOverride", locale=lang)
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=800, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        if not js:
            self.call("Emulation.setScriptExecutionDisabled", value=True)

    def call(self, method, **params):
        return self.b.call(method, self.session, **params)

    def close(self):
        self.b.call("Target.closeTarget", targetId=self.target)

    def events(self, method):
        return [e["params"] for e in self.b.events
                if e.get("sessionId") == self.session
                and e["method"] == method]

    def eval(self, script):
        """The value of an expression, in a world of our own: it works where
        the page's scripts are off, and the page can't see it."""
        frame = self.call("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = self.call("Page.createIsolatedWorld", frameId=frame)
        r = self.call("Runtime.evaluate", expression=script,
                      contextId=world["executionContextId"],
                      returnByValue=True)
        if "exceptionDetails" in r:
            raise RuntimeError(r["exceptionDetails"]["exception"]
                               .get("description", script))
        return r["result"].get("value")

    def wait(self, script, why=""):
        """Until the expression is true; its value."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                value = self.eval(script)
                if value:
                    return value
            except RuntimeError:
                pass  # between two documents
            self.b.pump(0.1)
        raise TimeoutError(f"{why or script} at {self.url()}: "
                           + self.text()[:500])

    def go(self, url):
        loads = len(self.events("Page.loadEventFired"))
        self.call("Page.navigate", url=url)
        until = time.monotonic() + PATIENCE_S
        while len(self.events("Page.loadEventFired")) == loads:
            self.b.pump(1)
            if time.monotonic() > until:
                raise TimeoutError(url)

    def url(self):
        return self.eval("location.href")

    def text(self, selector="body"):
        return self.eval(f"document.querySelector({json.dumps(selector)})"
                         "?.innerText ?? ''")

    def has(self, selector):
        return self.eval(f"!!document.querySelector({json.dumps(selector)})")

    def fill(self, selector, value):
        self.eval(f"document.querySelector({json.dumps(selector)}).value = "
                  + json.dumps(value))

    def click(self, selector):
        """With the mouse, where the element is: what covers it gets it."""
        x, y = self.wait(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " if (!e) return null; e.scrollIntoView({block: 'center'});"
            " const r = e.getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()", selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                      button="left", clickCount=1)

    def follow(self, selector):
        """Clicks, and waits for the document that comes."""
        self.eval("document.documentElement.dataset.old = 1")
        self.click(selector)
        self.wait("document.readyState === 'complete' && "
                  "!document.documentElement.dataset.old", "a new page")

    def files(self, selector, paths):
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)
        self.call("DOM.setFileInputFiles", nodeId=node["nodeId"],
                  files=[str(p) for p in paths])

    def faults(self):
        """What no page of ours may do: throw, break its policy, open a
        dialog."""
        found = [e["exceptionDetails"]["text"]
                 for e in self.events("Runtime.exceptionThrown")]
        found += [e["entry"]["text"] for e in self.events("Log.entryAdded")
                  if e["entry"]["level"] == "error"
                  and e["entry"]["source"] != "network"]
        found += [e["message"]
                  for e in self.events("Page.javascriptDialogOpening")]
        return found

    def requests(self):
        return [e["request"]["url"]
                for e in self.events("Network.requestWillBeSent")]
