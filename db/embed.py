#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""embed.py OUT.c FILE.sql...: the migrations as a table in C.

The .sql files are the truth; their names begin with their number, and the
numbers have no gap."""
import os
import sys


def literal(line):
    escaped = line.replace("\\", "\\\\").replace('"', '\\"')
    return '    "' + escaped + '\\n"'


def main(out, files):
    parts = ["/* Made by db/embed.py. */", '#include "store/sqlite/migrate.h"', ""]
    rows = []
    for want, path in enumerate(sorted(files, key=os.path.basename), start=1):
        number = int(os.path.basename(path).split("_")[0])
        if number != want:
            sys.exit(f"{path}: expected number {want}")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        parts.append(f"static const char SQL_{number}[] =")
        parts.append("\n".join(map(literal, text.splitlines())) + ";")
        rows.append(f"    SQL_{number},")
    parts.append("const char *const ES_MIGRATIONS[] = {")
    parts += rows + ["};", f"const int ES_SCHEMA = {len(rows)};", ""]
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(parts))


main(sys.argv[1], sys.argv[2:])
