#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""House rules that no compiler knows, over every file of the tree:

- a source file names its licence in its first lines, and the right one;
- a C function has about 60 lines (80 at most), a file about 800 (900);
- no word that has no place here: a path of somebody's machine, an address of
  a package registry, a note that something is unfinished;
- the engine calls nothing whose result depends on the machine;
- SQL stands in the store, as constants with bound parameters;
- a path or a link in a document leads to something.

    house.py [ROOT]      prints what is wrong, exits 1 if anything is"""
import os
import re
import sys
from pathlib import Path

FUNCTION_MAX = 80
FILE_MAX = 900

MADE = {".git", "node_modules", "data", "__pycache__"}
APACHE = ("src/base/", "src/geo/", "src/ipc/", "src/track/", "src/decode/",
          "src/write/", "src/lib/", "examples/")
# Beside these, tests and build files may carry either licence.
EITHER = ("tests/", "bench/", "meson")
SOURCE = {".c", ".h", ".py", ".sh", ".ts", ".js", ".css", ".sql", ".html"}
SPDX = re.compile(r"SPDX-License-Identifier: (\S+)")

# Written in two parts, so that this file passes its own check.
WORDS = re.compile("|".join((
    r"\bTO" r"DO\b", r"\bFIX" r"ME\b", r"\bXX" r"X\b",
    r"/wor" r"k/", r"/hom" r"e/\w", r"/ro" r"ot/\w",
    r"registry\.np" r"mjs", r"registry\.ya" r"rnpkg", r"deb\.deb" r"ian\.org",
    r'"reso' r'lved":',
)))
# In documents: `src/base/err.h` or [text](docs/ARCHITECTURE.md#part).
PATHS = re.compile(r"`((?:src|docs|tools|tests|bench|pages|po|db|js)/[^`\s]*)`"
                   r"|\]\((?!\w+:|#)([^)#]+)")
WORDS_FREE = ("LICENSES/",)


def files(root):
    """Every file of the tree that isn't made by a build."""
    for folder, inner, names in os.walk(root):
        here = Path(folder).relative_to(root)
        inner[:] = [d for d in inner if d not in MADE and not (
            here == Path(".") and d.startswith("build"))]
        for name in names:
            if name != ".git":
                yield (here / name).as_posix()


def check_licence(path, text):
    name = Path(path).name
    if Path(path).suffix not in SOURCE and name not in ("meson.build", "dev"):
        return
    found = SPDX.search("\n".join(text.split("\n")[:5]))
    if not found:
        yield f"{path}: no SPDX-License-Identifier in its first lines"
        return
    licence = found.group(1)
    want = "Apache-2.0" if path.startswith(APACHE) else "AGPL-3.0-or-later"
    if licence != want and not (licence in ("Apache-2.0", "AGPL-3.0-or-later")
                                and (path.startswith(EITHER)
                                     or name == "meson.build")):
        yield f"{path}: {licence}, but here it is {want}"


def check_sizes(path, text):
    """Sizes of C files; clang-format puts a function's braces alone at the
    left margin, and nothing else's."""
    if Path(path).suffix not in (".c", ".h"):
        return
    lines = text.split("\n")
    if len(lines) > FILE_MAX:
        yield f"{path}: {len(lines)} lines; a file has about 800"
    start = None
    for n, line in enumerate(lines, 1):
        if line == "{":
            start = n
        elif line == "}" and start is not None:
            if n - start - 1 > FUNCTION_MAX:
                yield (f"{path}:{start}: {n - start - 1} lines; a function"
                       " has about 60")
            start = None


def check_words(path, text):
    if path.startswith(WORDS_FREE):
        return
    for n, line in enumerate(text.split("\n"), 1):
        for word in WORDS.findall(line):
            yield f"{path}:{n}: {word!r} has no place here"


# Rooms of the engine, and what in base is none of it.
ENGINE = ("src/base/", "src/geo/", "src/track/", "src/decode/", "src/write/",
          "src/lib/")
NOT_ENGINE = ("src/base/colour.c", "src/base/log.c", "src/base/banned.h",
              "src/lib/wasm/module.c")
# What C libraries do differently, or by the locale, or with the system's help.
INEXACT = re.compile(
    r"(?<![\w.>])((?:a?(?:sin|cos|tan)h?|atan2|sincos|exp2?|expm1|log(?:2|10|1p)?"
    r"|pow|hypot|cbrt|fma|[lt]gamma|erfc?)[fl]?|v?s?n?printf|strto\w+|qsort"
    r"|nearbyint|l?l?rint|strn?casecmp|strcasestr|strcoll|strxfrm"
    r"|to(?:upper|lower)|is(?:alnum|alpha|digit|lower|print|punct|space|upper))"
    r"\(")
COMMENT = re.compile(r"/\*.*?\*/|\"(?:\\\\.|[^\"\\\\])*\"", re.DOTALL)


def check_exact(path, text):
    """The same bits everywhere (geo/math.h, base/format.h, base/sort.h)."""
    if not path.startswith(ENGINE) or path in NOT_ENGINE:
        return
    code = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), text)
    for n, line in enumerate(code.split("\n"), 1):
        for name in INEXACT.findall(line):
            if not re.search(r"__attribute__\(\(format\(", line):
                yield (f"{path}:{n}: {name}() differs from machine to machine;"
                       " the engine has its own")


# SQL that is put together at run time, or stands where no store is.
SQL_VERB = (r"(?:SELECT|INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM"
            r"|(?:CREATE|DROP|ALTER) \w+|PRAGMA|ATTACH)\b")
SQL_MADE = re.compile(
    r"(?:printf|_fmt|strn?cat|es_buf_(?:str|add|fmt))\s*\("
    rf"[^;{{}}]*?\"(?:[^\"\\]|\\.)*?{SQL_VERB}[^;{{}}]*;", re.DOTALL)
SQL_TEXT = re.compile(rf'"\s*{SQL_VERB} ')
SQL_RUN = re.compile(r"\bsqlite3_(?:exec|prepare\w*|mprintf|vmprintf"
                     r"|snprintf|get_table)\(")
SQL_RUNNERS = ("src/store/sqlite/db.c", "src/store/sqlite/migrate.c")


def check_sql(path, text):
    """Statements are constants of the store with bound parameters."""
    if not path.startswith("src/") or Path(path).suffix not in (".c", ".h"):
        return
    for made in SQL_MADE.finditer(text):
        if not path.startswith("src/store/") or "%s" in made[0] \
                or "es_buf" in made[0]:
            line = text.count("\n", 0, made.start()) + 1
            yield f"{path}:{line}: SQL that is put together"
    for n, line in enumerate(text.split("\n"), 1):
        if not path.startswith("src/store/") and SQL_TEXT.search(line):
            yield f"{path}:{n}: SQL outside the store"
        if SQL_RUN.search(line) and (path not in SQL_RUNNERS
                                     or "printf(" in line):
            yield (f"{path}:{n}: statements run where they are prepared, "
                   + " and ".join(SQL_RUNNERS))


def check_paths(root, path, text):
    if Path(path).suffix != ".md":
        return
    for n, line in enumerate(text.split("\n"), 1):
        for named, linked in PATHS.findall(line):
            target = root / named if named else (root / path).parent / linked
            if "X" not in named and not target.exists():
                yield f"{path}:{n}: {named or linked} is not there"


def check(root):
    for path in sorted(files(root)):
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a corpus file
        for rule in (check_licence, check_sizes, check_words, check_exact,
                     check_sql):
            yield from rule(path, text)
        yield from check_paths(root, path, text)


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    wrong = list(check(root))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
