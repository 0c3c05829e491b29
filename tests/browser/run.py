#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the browser tests of this folder: fetches their packages when the lock
file has changed since, then hands over to Node. What is fetched stays in
node_modules/, so that the next round needs no network.

    run.py [NAME...]                   all, or the files NAME.test.js
    run.py --but NAME...               all but those
    run.py --do SCRIPT [ARGUMENT...]   SCRIPT.js instead of tests"""
import fcntl
import filecmp
import os
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
    os.execvp("node", ["node", "--test-reporter=tap", "all.js", *sys.argv[1:]])


if __name__ == "__main__":
    main()
