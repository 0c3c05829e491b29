#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts the test cases in meson's testlog.json and prints one line,
"N passed, N failed, N skipped". Exits 1 when one failed or none passed.

A test program written with tests/t.h reports each of its cases (cmocka's
closing lines), and so does one of Python's unittest or of Node's runner (TAP);
any other counts as one. A program that died before it could report counts as
one failure beside what it reported."""
import json
import re
import sys

CMOCKA = re.compile(r"^\[  (PASSED|FAILED|SKIPPED) +\] (\d+) test\(s\)",
                    re.MULTILINE)
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(?: \((.*)\))?$",
                      re.MULTILINE)
TAP = re.compile(r"^# (pass|fail|cancelled|skipped) (\d+)$", re.MULTILINE)
TAP_WORDS = {"pass": "passed", "skipped": "skipped"}
OUTCOME = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}


def count(test):
    """The passed, failed and skipped cases of one program's log entry."""
    n = {"passed": 0, "failed": 0, "skipped": 0}
    text = (test.get("stdout") or "") + "\n" + (test.get("stderr") or "")
    for word, cases in CMOCKA.findall(text):
        n[word.lower()] += int(cases)
    for ran, but in UNITTEST.findall(text):
        other = dict(part.split("=") for part in but.split(", ") if part)
        n["skipped"] += int(other.get("skipped", 0))
        bad = int(other.get("failures", 0)) + int(other.get("errors", 0))
        n["failed"] += bad
        n["passed"] += int(ran) - bad - int(other.get("skipped", 0))
    for word, cases in TAP.findall(text):
        n[TAP_WORDS.get(word, "failed")] += int(cases)
    outcome = OUTCOME.get(test["result"], "failed")
    if sum(n.values()) == 0 or (outcome == "failed" and n["failed"] == 0):
        n[outcome] += 1
    return n


def main():
    total = {"passed": 0, "failed": 0, "skipped": 0}
    try:
        with open(sys.argv[1], encoding="utf-8") as log:
            for line in log:
                for outcome, cases in count(json.loads(line)).items():
                    total[outcome] += cases
    except FileNotFoundError:
        print("no test ran", file=sys.stderr)
    print("{passed} passed, {failed} failed, {skipped} skipped"
          .format(**total))
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
