#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""components.py BUILD: what the built programs are made of, as CycloneDX 1.5
in JSON: every library that one of them loads, and the fonts they read, each by
its Debian package, version and source. Asks ldd and dpkg, so it can't fall
behind the build. `./dev package` puts it beside the package and into it."""
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ("everystep", "everystep-decode", "everystep-render")


def out_of(*command):
    return subprocess.run(command, check=True, text=True,
                          capture_output=True).stdout


def loaded(program):
    """Paths of the libraries that a program loads, and theirs."""
    paths = re.findall(r"(/\S+) \(0x", out_of("ldd", str(program)))
    return {str(Path(p).resolve()) for p in paths}


def packages_of(paths):
    """{path: package}. dpkg knows a path by the name it was installed under."""
    asked = [name for p in paths for name in (p, p.removeprefix("/usr"))]
    said = subprocess.run(["dpkg-query", "-S", *asked], text=True,
                          capture_output=True, check=False).stdout
    known = {}
    for row in said.splitlines():
        package, _, path = row.partition(": ")
        known[path] = package.split(":")[0].split(",")[0]
    found = {p: known.get(p) or known.get(p.removeprefix("/usr"))
             for p in paths}
    for path, package in found.items():
        if not package:
            raise SystemExit(f"components.py: {path} is of no package")
    return found


def fonts():
    rows = (ROOT / "tools" / "packages").read_text().splitlines()
    return {row.split()[1] for row in rows if row.startswith("run ")}


def component(row, used_by):
    name, version, source, source_version, arch = row
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:deb/debian/{name}@{version}?arch={arch}",
        "properties": [
            {"name": "source", "value": f"{source} {source_version}"},
            {"name": "used by", "value": ", ".join(sorted(used_by))},
        ],
    }


def components(build):
    uses = {name: loaded(Path(build) / name) for name in PROGRAMS}
    paths = {p for of in uses.values() for p in of
             if not re.match(r".*/lib(asan|ubsan)\.so", p)}
    used = {}
    for path, package in packages_of(paths).items():
        used.setdefault(package, set()).update(
            name for name in PROGRAMS if path in uses[name])
    for package in fonts():
        used.setdefault(package, set()).add("everystep-render")
    said = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package}\t${Version}\t${source:Package}"
         "\t${source:Version}\t${Architecture}\n", *sorted(used)], text=True,
        capture_output=True, check=False).stdout
    rows = {row.split("\t")[0]: row.split("\t") for row in said.splitlines()}
    return [component(rows[p], used[p]) for p in sorted(rows)]


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: components.py BUILD")
    version = re.search(r"version: '([^']+)'",
                        (ROOT / "meson.build").read_text())[1]
    json.dump({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "everystep",
                                   "version": version}},
        "components": components(sys.argv[1]),
    }, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
