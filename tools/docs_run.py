#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the commands that the documents show.

    docs_run.py ROOT BUILD

Each ```sh block of README.md, CONTRIBUTING.md and docs/*.md runs in ROOT with
`bash -eu`, unless a line `<!-- run: no -->` stands before it (too costly, or
not to be done on the reader's machine). In a block, a build folder's name
(build/ or build-asan/) stands for BUILD, `./dev test -- NAME` for running these
tests there. Prints each block with its outcome; exits 1 when one fails, or
when none ran."""
import re
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"(?:^<!-- run: (?P<run>no) -->\n)?^```sh\n(?P<text>.*?)^```$",
                   re.MULTILINE | re.DOTALL)


def blocks(root):
    """(where, commands, whether to run them) of every block."""
    for page in [root / "README.md", root / "CONTRIBUTING.md",
                 *sorted((root / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        for found in BLOCK.finditer(text):
            line = text.count("\n", 0, found.start("text"))
            yield (f"{page.relative_to(root)}:{line}", found["text"],
                   found["run"] is None)


def in_build(commands, build):
    """The commands, aimed at the folder that this test was built in."""
    commands = re.sub(r"^\./dev test -- (.*)$",
                      rf"meson test --no-rebuild -C '{build}' \1 "
                      rf"--logbase docs", commands, flags=re.MULTILINE)
    return re.sub(r"\bbuild(-asan)?/", f"'{build}'/", commands)


def main():
    root, build = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    ran = failed = 0
    for where, commands, run in blocks(root):
        if not run:
            print(f"{where}: not run", file=sys.stderr)
            continue
        done = subprocess.run(["bash", "-euc", in_build(commands, build)],
                              cwd=root, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        ran += 1
        failed += done.returncode != 0
        print(f"{where}: exit {done.returncode}", file=sys.stderr)
        if done.returncode != 0:
            print(commands, done.stdout, sep="\n", file=sys.stderr)
    return 1 if failed or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
