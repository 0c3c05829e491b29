#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every reason and every field error that the sources give has its sentence
in web/words*.c, and no sentence is there for a reason that nobody gives."""
import os
import re
import unittest
from pathlib import Path

SRC = Path(os.environ.get("ES_SOURCE_ROOT", Path(__file__).parents[2])) / "src"


def read(path):
    text = (SRC / path).read_text("utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def table(name):
    """The codes of a table of web/words*.c."""
    texts = [read(p.relative_to(SRC)) for p in (SRC / "web").glob("words*.c")]
    body = re.search(name + r"\[\] = \{(.*?)\n\};", "".join(texts), re.S)
    return set(re.findall(r'^    \{ "([^"]+)"', body[1], re.M))


def calls(text, name):
    """The arguments of each call, split at its commas."""
    for m in re.finditer(r"\b" + name + r"\(", text):
        depth, at, args, start = 1, m.end(), [], m.end()
        while depth:
            c = text[at]
            if c == '"':
                at = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, at).end()
                continue
            depth += (c in "([{") - (c in ")]}")
            if c == "," and depth == 1 or depth == 0:
                args.append(text[start:at].strip())
                start = at + 1
            at += 1
        yield args


def literal(arg):
    m = re.fullmatch(r'"([a-z0-9_]+)"', arg)
    return m[1] if m else None


class Reasons(unittest.TestCase):
    def given(self):
        found = set()
        for path in ("initiative/verdict.c", "initiative/share.c",
                     "initiative/run_write.c",
                     "initiative/likeness.c", "initiative/history.c"):
            text = read(path)
            made = [a[0] for a in calls(text, "es_finding_make")]
            made += [a[1] for a in calls(text, "FIND")]
            for arg in made:
                if arg in ("const char *code", "__VA_ARGS__", "..."):
                    continue  # the function and the macro themselves
                self.assertIsNotNone(literal(arg), f"{path}: {arg}")
                found.add(literal(arg))
        says = re.search(r"ACTS\[\] = \{(.*?)\n\};",
                         read("initiative/run_change.c"), re.S)
        found |= set(re.findall(r'= \{ "([a-z_]+)", "', says[1]))
        track = set()
        for path in sorted((SRC / "track").glob("findings*.c")):
            text = path.read_text(encoding="utf-8")
            made = [a[0] for a in calls(text, "es_finding_of")]
            made += [a[1] for a in calls(text, "say_lasting")]
            track |= {literal(arg) for arg in made} - {None}
            track |= set(re.findall(r'\.code = "([a-z_]+)"', text))
            for table_of in re.findall(r"DOUBTS\[\] = \{(.*?)\n\};", text,
                                       re.S):
                track |= set(re.findall(r'\{ "([a-z_]+)"', table_of))
            track |= set(re.findall(r'f\.code, "([a-z_]+)"', text))
            track |= set(re.findall(r'f\.code, sizeof f\.code, "([a-z_]+)"',
                                    text))
        self.assertGreater(len(track), 20)
        return found | track

    def test_each_has_its_sentence(self):
        given = self.given()
        self.assertGreater(len(given), 25)
        self.assertEqual(given - table("REASONS"), set())

    def test_each_sentence_has_its_reason(self):
        self.assertEqual(table("REASONS") - self.given(), set())


class Fields(unittest.TestCase):
    def test_each_error_has_its_sentence(self):
        words = table("FIELD_ERRORS")
        n = 0
        for path in sorted(SRC.glob("*/*.c")):
            text = read(path.relative_to(SRC))
            for args in calls(text, "es_field_errors_add"):
                if len(args) != 4 or args[1].startswith("const"):
                    continue  # its definition
                if args[2].startswith("es_code_name("):
                    continue  # of a file; see below
                field, code = literal(args[1]), literal(args[2])
                where = f"{path.name}: {', '.join(args)}"
                self.assertIsNotNone(code, where)
                # at a field that is a variable it can be any
                self.assertTrue(code in words or
                                field and f"{field}:{code}" in words, where)
                n += 1
        self.assertGreater(n, 20)

    def test_each_fault_of_a_file_has_its_sentence(self):
        words = table("FIELD_ERRORS")
        faults = {
            "picture": "empty_file unknown_format malformed truncated"
                       " too_large unpacks_too_large too_complex busy"
                       " worker_died conflict",
            "video": "unknown_format too_large conflict busy",
            "captions": "empty_file unknown_format malformed conflict",
        }
        faults["poster"] = faults["picture"]
        for field, codes in faults.items():
            for code in codes.split():
                self.assertIn(f"{field}:{code}", words)


if __name__ == "__main__":
    unittest.main()
