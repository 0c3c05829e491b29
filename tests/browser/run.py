#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the browser tests of this folder: fetches their packages when the lock
file has changed since, then hands over to Node. Skips (status 77) where there
is no Node, npm or Chromium, or no network to fetch from.

    run.py [NAME...]     all, or the files NAME.test.js"""
import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "package-lock.json"
FETCHED = HERE / "node_modules/fetched-lock.json"


def skip(why):
    print(f"skipped: {why}", flush=True)
    sys.exit(77)


def fetch():
    if FETCHED.exists() and filecmp.cmp(LOCK, FETCHED, shallow=False):
        return
    print("fetching what package-lock.json names", flush=True)
    npm = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit",
                          "--no-fund"], cwd=HERE, stdout=sys.stderr)
    if npm.returncode:
        skip("npm could not fetch the packages")
    shutil.copyfile(LOCK, FETCHED)


def main():
    for program in ("node", "npm", "chromium"):
        if not shutil.which(program):
            skip(f"there is no {program} here")
    fetch()
    os.chdir(HERE)
    os.execvp("node", ["node", "--test-reporter=tap", "all.js"] + sys.argv[1:])


if __name__ == "__main__":
    main()
