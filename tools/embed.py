#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files as they are, in one C file: embed.py -o OUT.c HEADER STRUCT TABLE FILE...

TABLE is an array of struct STRUCT, which HEADER declares and which begins with
the file's name and its bytes (struct es_bytes); TABLE_n is how many."""
import argparse
from pathlib import Path


def array(name, data):
    yield f"static const uint8_t {name}[] = {{"
    for i in range(0, len(data), 16):
        yield "    " + " ".join(f"{b}," for b in data[i:i + 16])
    yield "};"


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("-o", type=Path, required=True)
    ap.add_argument("header")
    ap.add_argument("struct")
    ap.add_argument("table")
    ap.add_argument("files", nargs="+", type=Path)
    args = ap.parse_args()
    out = ["/* Made by tools/embed.py. */", f'#include "{args.header}"']
    rows = []
    for i, path in enumerate(args.files):
        out += list(array(f"f{i}", path.read_bytes()))
        rows.append(f'    {{ "{path.name}", {{ f{i}, sizeof f{i} }} }},')
    out += [f"const struct {args.struct} {args.table}[] = {{"] + rows + ["};"]
    out.append(f"const size_t {args.table}_n = {len(rows)};")
    args.o.write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
