#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the time of an answer tells what the answer doesn't: another's thing
against one that never was (row 39 of the attacks), a known mail address against
an unknown one (row 42). A real server with its demo; the two of a pair are asked
in turns, and a third time the first of them again: what that differs is noise.
Medians, in milliseconds.

    ES_SOURCE_ROOT=. ES_BUILD_ROOT=build bench/alike.py
"""

import json
import os
import re
import socket
import statistics
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
os.environ.setdefault("ES_SOURCE_ROOT", str(Path(__file__).parents[1]))
os.environ.setdefault("ES_BUILD_ROOT",
                      os.environ["ES_SOURCE_ROOT"] + "/build")
sys.path.insert(0, os.environ["ES_SOURCE_ROOT"] + "/tests/http")
from serving import SLUG, Person, Server, Site, free_port  # noqa: E402

TURNS = 300
MAILS = 40
FORM = "application/x-www-form-urlencoded"


class Place(Site):
    """One server; each turn comes from an address of its own, because some
    questions are counted by address."""

    def __init__(self):
        super().__init__("__init__")
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        self.origin = "http://" + self.host
        # Mail waits for a server that isn't there: nothing leaves.
        self.server = Server(self.host, "--smtp-url",
                             f"smtp://127.0.0.1:{free_port()}", "--mail-from",
                             "A run <runs@run.example>")

    def dial(self, source="127.0.0.1"):
        return socket.create_connection(("127.0.0.1", self.port), 20,
                                        (source, 0))

    def timed(self, source, method, path, head=(), body=b""):
        start = time.perf_counter()
        got = self.ask(method, path, head, body, source)
        return (time.perf_counter() - start) * 1000, got


class Staff(Person):
    """Somebody of staff who followed a link that works once."""

    def __init__(self, at, path, name):
        self.at, self.cookies, self.csrf = at, {}, ""
        self.page("GET", path)
        got = self.form(path, {"name": name})
        assert got.status == 303, got.raw


def compare(at, name, one, other, turns=TURNS):
    """one(i), other(i): (method, path, head, body)."""
    times = {"a": [], "b": [], "again": []}
    answers = set()
    for i in range(turns):
        for key, ask in (("a", one), ("b", other), ("again", one)):
            source = f"127.0.{1 + i // 200}.{1 + i % 200}"
            asked = ask(2 * i + (key == "again"))
            ms, got = at.timed(source, *asked)
            times[key].append(ms)
            answers.add(got.status)
    a, b, again = (statistics.median(times[k]) for k in ("a", "b", "again"))
    said = "/".join(map(str, sorted(answers)))
    print(f"{name:<58} {said:<8} {a:7.2f} {b:7.2f} {b - a:+7.2f}"
          f"  noise {again - a:+.2f}", flush=True)


def same(*asked):
    return lambda i: asked


def form_of(person, path, fields):
    body = "&".join(f"{k}={v}" for k, v in
                    {**fields, "csrf": person.csrf}.items()).encode()
    return ("POST", path, {"Content-Type": FORM, "Origin": person.at.origin,
                           "Cookie": "; ".join(f"{k}={v}" for k, v in
                                               person.cookies.items())}, body)


def typed_run(person, at):
    """A run of that person: its id, as the API names it."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    got = at.ask("POST", "/api/v1/runs",
                 {"Authorization": "Bearer " + person.token,
                  "Content-Type": "application/json"},
                 json.dumps({"started_at": now, "distance_m": 3000,
                             "elapsed_s": 1500, "sport": "running"}).encode())
    assert got.status in (200, 201), got.raw
    return json.loads(got.body)["run"]


def row_39(at):
    one, two = Person(at, "Ada Lind"), Person(at, "Ben Moor")
    theirs = str(typed_run(two, at))
    never = theirs[:-1] + ("1" if theirs[-1] != "1" else "2")
    token = {"Authorization": "Bearer " + one.token}
    mine = {"Cookie": "; ".join(f"{k}={v}" for k, v in one.cookies.items())}
    compare(at, "another's run / none, API",
            same("GET", f"/api/v1/runs/{theirs}", token),
            same("GET", f"/api/v1/runs/{never}", token))
    compare(at, "another's run / none, page",
            same("GET", f"/me/runs/{theirs}", mine),
            same("GET", f"/me/runs/{never}", mine))
    one.page("GET", "/me")
    compare(at, "another's run / none, taking it back",
            same(*form_of(one, f"/me/runs/{theirs}/withdraw", {})),
            same(*form_of(one, f"/me/runs/{never}/withdraw", {})))
    hidden = hide(at)
    compare(at, "who is hidden / nobody, by number",
            same("GET", f"/e/{SLUG}/people/{hidden}"),
            same("GET", f"/e/{SLUG}/people/99999"))
    compare(at, "the same, their card",
            same("GET", f"/e/{SLUG}/people/{hidden}/card.png"),
            same("GET", f"/e/{SLUG}/people/99999/card.png"))


def hide(at):
    body = json.dumps({"display_name": "Cy Hale", "visibility": "hidden",
                       "consents": at.consents()}).encode()
    got = at.ask("POST", f"/api/v1/initiatives/{SLUG}/participants",
                 {"Content-Type": "application/json"}, body)
    assert got.status == 201, got.raw
    return json.loads(got.body)["bib"]


def row_39_staff(at):
    link = re.search(r"http://[^/]+(/setup/\S+)", at.server.greeting)[1]
    operator = Staff(at, link, "Ola Berg")
    operator.page("GET", "/operate")
    got = operator.form("/operate/invite", {"name": "Dee Fox"})
    path = re.search(rb"(/invitation/[0-9a-z]+)", got.body)[1].decode()
    stranger = Staff(at, path, "Dee Fox")
    head = {"Cookie": "; ".join(f"{k}={v}" for k, v in
                                stranger.cookies.items())}
    compare(at, "an initiative of others / none, its look",
            same("GET", f"/organise/e/{SLUG}/look", head),
            same("GET", "/organise/e/never-was/look", head))
    compare(at, "a run of another initiative / none, to accept",
            same(*form_of(stranger, f"/organise/{SLUG}/1/accept", {})),
            same(*form_of(stranger, f"/organise/{SLUG}/99999/accept", {})))


def row_42(at):
    for i in range(2 * MAILS):
        body = json.dumps({
            "display_name": f"Runner {i}", "email": f"runner{i}@known.example",
            "consents": at.consents()}).encode()
        got = at.ask("POST", f"/api/v1/initiatives/{SLUG}/participants",
                     {"Content-Type": "application/json"}, body)
        assert got.status == 201, got.raw
    asker = Person(at, "Eve Stone")
    asker.cookies.pop("__Host-es", None)
    asker.page("GET", "/back")
    compare(at, "a link to a known address / to an unknown one",
            lambda i: form_of(asker, "/back",
                              {"address": f"runner{i}%40known.example"}),
            lambda i: form_of(asker, "/back",
                              {"address": f"nobody{i}%40known.example"}),
            turns=MAILS)


def main():
    at = Place()
    print(f"{'':<67} {'one':>7} {'other':>7} {'ms':>7}")
    try:
        row_39(at)
        row_39_staff(at)
        row_42(at)
    finally:
        at.server.stop()


if __name__ == "__main__":
    main()
