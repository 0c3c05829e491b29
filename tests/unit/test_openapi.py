#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/openapi.json against the routes: it describes each call that programs
make, by its method, and none that isn't there; each {name} of a path is among
its parameters, and each reference leads somewhere."""
import json
import os
import re
import unittest
from pathlib import Path

ROOT = Path(os.environ["ES_SOURCE_ROOT"])
ROUTE = re.compile(r'\{\s*ES_(GET|POST|DELETE|PUT|PATCH),\s*"([^"]+)"')


def routes():
    return {(method.lower(), path)
            for file in sorted((ROOT / "src/web").glob("*.c"))
            for method, path in ROUTE.findall(file.read_text("utf-8"))}


class OpenApi(unittest.TestCase):
    def setUp(self):
        text = (ROOT / "docs/openapi.json").read_text("utf-8")
        self.doc = json.loads(text)
        self.refs = set(re.findall(r'"\$ref": "(.*?)"', text))
        self.calls = {(method, path): call
                      for path, item in self.doc["paths"].items()
                      for method, call in item.items()
                      if method != "parameters"}

    def at(self, ref):
        node = self.doc
        for name in ref.removeprefix("#/").split("/"):
            node = node[name]
        return node

    def test_each_call_of_the_api_is_described(self):
        for_programs = {(method, path) for method, path in routes()
                        if path.startswith("/api/")
                        or path.endswith("/card.png")}
        self.assertGreater(len(for_programs), 10)
        self.assertEqual(for_programs, set(self.calls))

    def test_each_part_of_a_path_is_a_parameter(self):
        for (method, path), call in self.calls.items():
            given = call.get("parameters", []) + \
                self.doc["paths"][path].get("parameters", [])
            given = [self.at(p["$ref"]) if "$ref" in p else p for p in given]
            with self.subTest(f"{method} {path}"):
                self.assertEqual({p["name"] for p in given if p["in"] == "path"},
                                 set(re.findall(r"\{(\w+)\}", path)))

    def test_each_reference_leads_somewhere(self):
        self.assertTrue(self.refs)
        for ref in self.refs:
            with self.subTest(ref):
                self.assertTrue(self.at(ref))


if __name__ == "__main__":
    unittest.main()
