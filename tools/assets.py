#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles style sheets, scripts and icons to one C file:
assets.py -o OUT.c FILE...

Scripts (.ts) go through esbuild, style sheets through its minifier; each is
stored as it is and gzipped, under a name with a hash of its content. A sheet
may also stand in a page: its SHA-256 is what the page's policy allows."""

import argparse
import base64
import gzip
import hashlib
import subprocess
from pathlib import Path

from embed import array

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".ico": "image/x-icon",
    ".png": "image/png",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
ESBUILD = ["esbuild", "--bundle", "--minify", "--charset=utf8",
           "--log-level=warning"]


def content(path):
    if path.suffix == ".ts":
        return ".js", subprocess.run(
            ESBUILD + ["--target=es2019", "--format=iife", str(path)],
            check=True, stdout=subprocess.PIPE).stdout
    if path.suffix == ".css":
        return ".css", subprocess.run(
            ["esbuild", "--minify", "--charset=utf8", "--loader=css",
             "--target=chrome100,firefox100,safari15"],
            check=True, input=path.read_bytes(), stdout=subprocess.PIPE).stdout
    return path.suffix, path.read_bytes()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("-o", type=Path, required=True)
    ap.add_argument("files", nargs="+", type=Path)
    args = ap.parse_args()
    out = ["/* Made by tools/assets.py. */", '#include "web/assets.h"']
    rows = []
    for i, path in enumerate(args.files):
        suffix, data = content(path)
        mark = hashlib.sha256(data).hexdigest()[:10]
        if b"</" in data and suffix == ".css":
            raise SystemExit(f"{path}: </ would end a <style>")
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        packed = gzip.compress(data, 9, mtime=0)
        out += list(array(f"a{i}", data)) + list(array(f"z{i}", packed))
        source = path.stem + suffix
        rows.append(f'    {{ "{source}", "/static/{path.stem}.{mark}{suffix}", '
                    f'"{TYPES[suffix]}", {{ a{i}, sizeof a{i} }}, '
                    f'{{ z{i}, sizeof z{i} }}, "{digest}" }},')
    out += ["const struct es_asset es_assets[] = {"] + rows + ["};"]
    out.append(f"const size_t es_assets_n = {len(rows)};")
    args.o.write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
