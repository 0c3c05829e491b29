#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Holds src/ against the tables of docs/ARCHITECTURE.md.

    layers.py [ROOT]      prints what is wrong, exits 1 if anything is

Wrong is: a file that no row covers; an include of a module that the file's
row doesn't list, or that stands on a higher floor; an include that isn't
rooted at src/ or names no file; a library's header outside its module; a row
that lists a module of its own floor or above, or one that doesn't exist."""
import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)

# Headers of C, POSIX and Linux: free to every module.
SYSTEM_DIRS = ("sys/", "linux/", "netinet/", "arpa/", "net/", "asm/")
SYSTEM = set("""
assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp
signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib
stdnoreturn string tgmath threads time uchar wchar wctype
dirent dlfcn endian err fcntl fnmatch ftw getopt glob grp ifaddrs iconv langinfo
libgen malloc netdb poll pthread pwd regex resolv sched semaphore spawn strings
sysexits syslog termios ucontext unistd utime
""".split())


class Row:
    def __init__(self, floor, may):
        self.floor = floor
        self.may = may


def table(text, first_header):
    """The rows, as lists of cells, of the table whose header begins so."""
    rows = []
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("| " + first_header + " |"):
            next(lines)  # the rule below the header
            break
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def read_tables(root):
    text = (root / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = {cells[0].strip("`/"): Row(int(cells[1]), set(cells[3].split()))
               for cells in table(text, "module")}
    owners = {cells[0].strip("`"): set(cells[2].split())
              for cells in table(text, "header")}
    return modules, owners


def row_of(modules, path):
    """The longest row that covers path (relative to src/), or None."""
    parts = path.split("/")
    for n in range(len(parts), 0, -1):
        name = "/".join(parts[:n])
        if name in modules:
            return name
    return None


def check_rows(modules, owners):
    for name, row in modules.items():
        for other in sorted(row.may):
            if other not in modules:
                yield f"the row of {name} lists {other}, which has no row"
            elif modules[other].floor >= row.floor:
                yield (f"the row of {name} (floor {row.floor}) lists {other}"
                       f" (floor {modules[other].floor})")
    for header, names in owners.items():
        for name in sorted(names - set(modules)):
            yield f"{header} is given to {name}, which has no row"


def check_quoted(modules, src, name, path, target):
    """One #include "target" of the file `path`, which is in module `name`."""
    other = row_of(modules, target)
    if other is None or "/" not in target:
        return f'{path}: "{target}" is not rooted at src/ or in no module'
    if not (src / target).is_file():
        return f'{path}: "{target}" names no file'
    if other == name or other.startswith(name + "/") or \
            name.startswith(other + "/"):
        return None
    if other not in modules[name].may:
        return f'{path}: "{target}": {name} may not include {other}'
    return None


def check_angled(owners, name, path, target):
    """One #include <target>."""
    for header, may in owners.items():
        if fnmatchcase(target, header):
            if not may & {name, name.split("/")[0]}:
                return f"{path}: <{target}> belongs to {' '.join(may)}"
            return None
    if target.startswith(SYSTEM_DIRS) or target.removesuffix(".h") in SYSTEM:
        return None
    return f"{path}: <{target}> has no row in the table of headers"


def check(root):
    """Every complaint about the tree at root, in order."""
    modules, owners = read_tables(root)
    if not modules or not owners:
        yield "docs/ARCHITECTURE.md: a table is missing"
        return
    yield from check_rows(modules, owners)
    src = root / "src"
    for name in modules:
        if not (src / name).exists():
            yield f"the row of {name} covers nothing"
    for file in sorted(p for p in src.rglob("*") if p.is_file()):
        path = file.relative_to(src).as_posix()
        if path == "meson.build":
            continue
        name = row_of(modules, path)
        if name is None:
            yield f"src/{path}: no row covers it"
            continue
        if file.suffix not in (".c", ".h"):
            continue
        text = file.read_text(encoding="utf-8")
        for kind, target in INCLUDE.findall(text):
            wrong = check_quoted(modules, src, name, f"src/{path}", target) \
                if kind == '"' else \
                check_angled(owners, name, f"src/{path}", target)
            if wrong:
                yield wrong


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    wrong = list(check(root))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
