#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the browser tests of this folder: fetches their packages when the lock
file has changed since, then hands over to Node. What is fetched stays in
node_modules/, so that the next round needs no network.

    run.py [NAME...]                   all, or the files NAME.test.js
    run.py --but NAME...               all but those
    run.py --do SCRIPT [ARGUMENT...]   SCRIPT.js instead of tests

A file of which a test failed is tried once more, alone: on a busy machine a
browser is late now and then. What needed its second try is named at the end,
and so is what failed, for a log is often shown from its end only."""
import fcntl
import filecmp
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "package-lock.json"
FETCHED = HERE / "node_modules/fetched-lock.json"


def fetch():
    if FETCHED.exists() and filecmp.cmp(LOCK, FETCHED, shallow=False):
        return
    print("fetching what package-lock.json names", file=sys.stderr, flush=True)
    npm = subprocess.run(["npm", "ci", "--ignore-scripts", "--prefer-offline",
                          "--no-audit", "--no-fund"],
                         cwd=HERE, stdout=sys.stderr)
    if npm.returncode:
        sys.exit("run.py: npm could not fetch the browser tests' packages. "
                 "They are needed once: try again with a network, or set up "
                 "npm for the mirror that this machine may use.")
    shutil.copyfile(LOCK, FETCHED)


COUNT = re.compile(r"^# (pass|fail|cancelled|skipped) (\d+)$")
FAILURE = re.compile(r"^ *not ok \d+ - (.*)$")
WHERE = re.compile(r"^ *location: '.*?/([a-z_]+)\.test\.js:(\d+):\d+'$")


class Round:
    """One run of all.js: its counts, the files that failed, the words about
    each test that did, and whether that is all there is to know."""

    def __init__(self, arguments):
        self.counts = {"pass": 0, "fail": 0, "cancelled": 0, "skipped": 0}
        self.files = []
        self.words = []
        self.homeless = self.told = self.inside = False
        node = subprocess.Popen(["node", "--test-reporter=tap", "all.js",
                                 *arguments], stdout=subprocess.PIPE, text=True)
        about = None
        for line in node.stdout:
            counted = COUNT.match(line)
            if counted:
                self.counts[counted[1]] = int(counted[2])
                self.told = not self.homeless
                continue  # the sum is told at the end
            print(line, end="", flush=True)
            if FAILURE.match(line):
                about = []
            if about is not None:
                about.append(line)
                if line.strip() == "...":
                    self.take(about)
                    about = None
        self.status = node.wait()

    def take(self, about):
        files = [where[1] for where in map(WHERE.match, about) if where]
        self.files += [f for f in files if f not in self.files]
        # what a helper defines is at home where a test within it is
        self.inside = self.inside or bool(files)
        if not about[0].startswith(" "):
            self.homeless |= not self.inside
            self.inside = False
        if not any("subtestsFailed" in line for line in about):
            self.words += about


def rounds(arguments):
    """The whole, and once more what failed. True when all passed in the end."""
    first = Round(arguments)
    last, counts = first, dict(first.counts)
    if first.status and first.files and first.told:
        print("# once more:", *first.files, flush=True)
        last = Round(first.files)
        if last.status == 0:
            counts["pass"] += counts["fail"] + counts["cancelled"]
            counts["fail"] = counts["cancelled"] = 0
    for word, round_ in (("failed at first", first), ("failed", last)):
        if round_.words and (round_ is last or last.status == 0):
            print(f"# {word}:")
            print(*round_.words, sep="", end="")
    for word, cases in counts.items():
        print(f"# {word} {cases}")
    return last.status == 0


def main():
    for program in ("node", "npm", "chromium"):
        if not shutil.which(program):
            sys.exit(f"run.py: there is no {program} here; `./dev test` "
                     "installs it, and tools/packages names its package")
    with open(LOCK, "rb") as lock:  # two may run at once: one fetches
        fcntl.flock(lock, fcntl.LOCK_EX)
        fetch()
    os.chdir(HERE)
    if sys.argv[1:2] == ["--do"]:
        os.execvp("node", ["node", f"{sys.argv[2]}.js", *sys.argv[3:]])
    sys.exit(0 if rounds(sys.argv[1:]) else 1)


if __name__ == "__main__":
    main()
