#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the library's one public header from the modules' own headers.

    public_header.py -o OUT --version X.Y.Z ROOT

So nothing is declared twice. From each header below come its values (#define),
its types and those functions that carry ES_API, with their comments; other
functions, the guards and the includes stay inside."""
import argparse
import re
import sys
from pathlib import Path

# In the order of what needs what; and the types that are the engine's own.
HEADERS = ["base/err.h", "base/bytes.h", "base/time.h", "base/limits.h",
           "track/track.h", "track/provenance.h", "track/measure.h",
           "lib/activities.h"]
INSIDE = {"struct es_rd", "struct es_date", "ES_TIME_TEXT"}
# Of all limits, those of this section.
LIMITS = "uploads and decoding"

HEAD = """\
/* SPDX-License-Identifier: Apache-2.0 */
/* libeverystep-track {version}: FIT, GPX and TCX files read, measured and
 * written. `man everystep-track` tells how to begin.
 *
 * Made from the headers of the project's modules; a comment there is a comment
 * here. Every name begins with es_ or ES_. */
#ifndef EVERYSTEP_TRACK_H
#define EVERYSTEP_TRACK_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {{
#endif
"""
TAIL = """
#ifdef __cplusplus
}
#endif

#endif
"""
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def items(text):
    """(comments before it, item) for each directive and declaration; an item
    that stands behind a blank line begins with one."""
    at, before = 0, ""
    while at < len(text):
        space = re.match(r"\s*", text[at:]).group()
        gap = "\n" if "\n" in space else ""
        at += len(space)
        if at == len(text):
            return
        comment = COMMENT.match(text, at)
        if comment:
            end = comment.end()
            line_end = text.find("\n", end)
            before = (before if not gap else "") + gap + text[at:end] + "\n"
            at = end if text[end:line_end].strip() else line_end + 1
            continue
        if text[at] == "#":
            end = re.compile(r"(?:[^\n]*\\\n)*[^\n]*\n").match(text, at).end()
            directive = text[at:end]
            while directive.count("/*") > directive.count("*/"):
                end = text.index("\n", end) + 1
                directive = text[at:end]
            yield before if before else gap, directive
        else:
            end = declaration_end(text, at)
            yield before if before else gap, text[at:end]
        at, before = end, ""


def declaration_end(text, at):
    """Behind the ';' that ends it and a comment in the same line."""
    depth, i = 0, at
    while True:
        comment = COMMENT.match(text, i)
        if comment:
            i = comment.end()
            continue
        depth += (text[i] in "{(") - (text[i] in "})")
        i += 1
        if text[i - 1] == ";" and depth == 0:
            break
    rest = re.compile(r"[ \t]*(/\*.*?\*/)?[ \t]*\n", re.DOTALL).match(text, i)
    return rest.end() if rest else i


def wanted(item):
    if item.startswith("#"):
        define = re.match(r"#define (\w+)", item)
        return bool(define) and not define[1].endswith("_H") \
            and define[1] not in INSIDE or item.startswith("#undef")
    name = re.match(r"(?:struct|enum) \w+", item)
    if name and name.group() in INSIDE:
        return False
    if re.match(r"(struct|enum|typedef)\b[^(;]*\{", item) \
            or re.match(r"struct \w+;", item) \
            or item.startswith("static_assert"):
        return True
    return item.startswith("ES_API")


def section(text):
    """Of base/limits.h, what a reader of files meets."""
    start = text.index(f"/* ---- {LIMITS} ---- */")
    return text[start:text.index("/* ----", start + 8)]


def header(src, version):
    out = [HEAD.format(version=version)]
    for name in HEADERS:
        text = (src / name).read_text(encoding="utf-8")
        if name == "base/limits.h":
            text = section(text)
        for before, item in items(text):
            if "SPDX" in before:
                before = ""
            if wanted(item):
                out.append(before + item)
        out.append("\n")
    return re.sub(r"\n{3,}", "\n\n", "".join(out).rstrip() + "\n" + TAIL)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("src", type=Path)
    args = parser.parse_args()
    args.o.write_text(header(args.src, args.version), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
