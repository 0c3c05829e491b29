#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""tools/layers.py and tools/house.py: this tree passes, and each thing that
they are there to catch, planted in a small tree of its own, is caught."""
import os
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ["ES_SOURCE_ROOT"])
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import count_tests  # noqa: E402
import house  # noqa: E402
import layers  # noqa: E402

TABLES = """
| module | floor | what | may include |
|---|---|---|---|
| `base/` | 0 | | |
| `track/` | 1 | | base |
| `store/` | 1 | | base |
| `web/` | 2 | | base store |

| header | library | only in |
|---|---|---|
| `sqlite3.h` | SQLite | store |
"""
C = "/* SPDX-License-Identifier: Apache-2.0 */\n"
AGPL = "/* SPDX-License-Identifier: AGPL-3.0-or-later */\n"


class Planted(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        self.put("docs/ARCHITECTURE.md", TABLES)
        self.put("src/meson.build", "# SPDX-License-Identifier: Apache-2.0\n")
        self.put("src/base/err.h", C + "#include <stddef.h>\n")
        self.put("src/store/store.h", AGPL + '#include "base/err.h"\n')
        self.put("src/store/sqlite/db.c", AGPL + '#include "store/store.h"\n'
                 "#include <sqlite3.h>\n#include <sys/stat.h>\n")

        self.put("src/track/track.h", C + '#include "base/err.h"\n')
        self.put("src/web/web.h", AGPL + '#include "store/store.h"\n')

    def put(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def caught(self, check, *words):
        wrong = list(check(self.root))
        self.assertEqual(len(wrong), 1, wrong)
        for word in words:
            self.assertIn(word, wrong[0])


class Layers(Planted):
    def test_clean_tree_passes(self):
        self.assertEqual(list(layers.check(self.root)), [])

    def test_include_that_the_row_does_not_list(self):
        self.put("src/track/a.c", C + '#include "store/store.h"\n')
        self.caught(layers.check, "src/track/a.c", "store")

    def test_upward_include(self):
        self.put("src/base/a.c", C + '#  include "store/store.h"\n')
        self.caught(layers.check, "src/base/a.c", "store")

    def test_stray_file(self):
        self.put("src/helpers/a.c", C)
        self.caught(layers.check, "src/helpers/a.c", "no row")

    def test_stray_file_beside_the_modules(self):
        self.put("src/a.c", C)
        self.caught(layers.check, "src/a.c", "no row")

    def test_foreign_library(self):
        self.put("src/web/a.c", C + "#include <sqlite3.h>\n")
        self.caught(layers.check, "src/web/a.c", "sqlite3.h")

    def test_unknown_library(self):
        self.put("src/web/a.c", C + "#include <libxml/parser.h>\n")
        self.caught(layers.check, "libxml/parser.h")

    def test_include_not_rooted_at_src(self):
        self.put("src/store/a.c", C + '#include "store.h"\n')
        self.caught(layers.check, "src/store/a.c", "rooted")

    def test_include_through_the_parent_folder(self):
        self.put("src/track/a.c", C + '#include "../store/store.h"\n')
        self.caught(layers.check, "src/track/a.c")

    def test_row_that_lists_its_own_floor(self):
        self.put("docs/ARCHITECTURE.md", TABLES.replace(
            "| `track/` | 1 | | base |", "| `track/` | 1 | | base store |"))
        self.caught(layers.check, "row of track", "store")

    def test_row_that_covers_nothing(self):
        shutil.rmtree(self.root / "src/web")
        self.caught(layers.check, "row of web")

    def test_missing_table(self):
        self.put("docs/ARCHITECTURE.md", "nothing here\n")
        self.caught(layers.check, "table is missing")


class House(Planted):
    def test_clean_tree_passes(self):
        self.assertEqual(list(house.check(self.root)), [])

    def test_no_licence(self):
        self.put("src/base/a.c", "int a;\n")
        self.caught(house.check, "src/base/a.c", "SPDX")

    def test_wrong_licence(self):
        self.put("src/web/a.c", C)
        self.caught(house.check, "src/web/a.c", "AGPL")

    def test_long_function(self):
        self.put("src/base/a.c",
                 C + "int f(void)\n{\n" + "    g();\n" * 81 + "}\n")
        self.caught(house.check, "src/base/a.c:3", "81 lines")

    def test_long_file(self):
        self.put("src/base/a.c", C + "int a;\n" * 900)
        self.caught(house.check, "src/base/a.c", "902 lines")

    def test_arithmetic_that_differs(self):
        self.put("src/track/a.c", C + "/* sin(x) */\n"
                 "double a = es_sin(1) + sqrt(2) + f.exp(1);\n"
                 'const char *s = "log(x)";\n')
        self.assertEqual(list(house.check(self.root)), [])
        for call in ("sin(1)", "pow(1, 2)", "log(2)", "snprintf(p, 1, q)",
                     "qsort(p, 1, 1, f)", "atan2f(1, 2)", "hypot(1, 2)",
                     "strcasecmp(p, q)", "tolower(1)", "isspace(1)"):
            self.put("src/track/a.c", C + f"double a = {call};\n")
            self.caught(house.check, "src/track/a.c", call.split("(")[0])

    def test_words(self):
        for word in ("/* TO" "DO: this */", "/wor" "k/main/x",
                     '"reso' 'lved": "https://'):
            self.put("notes.md", word + "\n")
            self.caught(house.check, "notes.md:1")


    def test_sql_that_is_put_together(self):
        """ATTACKS row 38."""
        for code in ('es_buf_fmt(b, "SELECT id FROM run WHERE name = \'%s\'",'
                     ' n);', 'snprintf(s, 9, "DELETE FROM %s", table);',
                     'es_buf_str(b, "UPDATE run SET x = ");'):
            self.put("src/store/sqlite/a.c", AGPL + code + "\n")
            self.caught(house.check, "src/store/sqlite/a.c:2", "SQL")
        self.put("src/store/sqlite/a.c",
                 AGPL + "sqlite3_exec(h, s, 0, 0, 0);\n")
        self.caught(house.check, "src/store/sqlite/a.c:2", "prepared")
        self.put("src/store/sqlite/a.c",
                 AGPL + '"SELECT id FROM run WHERE id = ?1"\n')
        self.assertEqual(list(house.check(self.root)), [])
        self.put("src/web/a.c", AGPL + 's = "SELECT id FROM run";\n')
        self.caught(house.check, "src/web/a.c:2", "outside the store")

    def test_document_that_names_what_is_not_there(self):
        for text in ("see `src/base/none.h`", "[a](docs/none.md#part)"):
            self.put("notes.md", f"{text}, `src/base/err.h`, `src/X/`, "
                     "[b](docs/ARCHITECTURE.md), [c](https://example.org)\n")
            self.caught(house.check, "notes.md:1", "none")


class CountTests(unittest.TestCase):
    def test_cases_of_a_program_are_counted(self):
        self.assertEqual(
            count_tests.count({"result": "FAIL", "stderr":
                               "[  PASSED  ] 5 test(s).\n"
                               "[  SKIPPED ] 2 test(s), listed below:\n"
                               "[  FAILED  ] 1 test(s), listed below:\n"}),
            {"passed": 5, "failed": 1, "skipped": 2})

    def test_cases_of_a_script_are_counted(self):
        self.assertEqual(
            count_tests.count({"result": "FAIL", "stderr": "Ran 9 tests in 1s"
                               "\n\nFAILED (failures=1, errors=2, skipped=3)"
                               "\n"}),
            {"passed": 3, "failed": 3, "skipped": 3})

    def test_a_crash_is_a_failure(self):
        for result in ("FAIL", "TIMEOUT", "ERROR", "INTERRUPT"):
            self.assertEqual(count_tests.count({"result": result})["failed"],
                             1)

    def test_other_programs_count_one(self):
        self.assertEqual(count_tests.count({"result": "OK", "stdout": "hi"}),
                         {"passed": 1, "failed": 0, "skipped": 0})


class ThisTree(unittest.TestCase):
    def test_layers(self):
        self.assertEqual(list(layers.check(ROOT)), [])

    def test_house(self):
        self.assertEqual(list(house.check(ROOT)), [])

    def test_the_tests_that_the_security_page_names_exist(self):
        named = 0
        page = (ROOT / "docs" / "SECURITY.md").read_text()
        for row in re.findall(r"^\|.*\|$", page, re.M):
            at = None
            for word in re.findall(r"`([^`]+)`", row.rsplit("|", 2)[1]):
                if word.startswith("tests/"):
                    at = ROOT / word
                    self.assertTrue(at.is_file(), word)
                else:
                    self.assertIsNotNone(at, row)
                    self.assertRegex(at.read_text(), rf"\b{word}\b", row)
                    named += 1
        self.assertGreater(named, 40)

    def test_each_table_of_the_database_has_a_class_of_data(self):
        page = (ROOT / "docs" / "SECURITY.md").read_text()
        classes = page[page.index("classes of data (34)"):
                       page.index("made of (36)")]
        told = re.findall(r"`([a-z_]+)`",
                          "".join(re.findall(r"^\|([^|]+)\|", classes, re.M)))
        made = set()
        for path in sorted((ROOT / "db" / "migrations").glob("*.sql")):
            text = path.read_text()
            made |= set(re.findall(r"^CREATE TABLE (\w+)", text, re.M))
            made -= set(re.findall(r"^DROP TABLE (\w+)", text, re.M))
        self.assertGreater(len(made), 30)
        self.assertEqual(made - set(told), set(), "give each table a row in "
                         "docs/SECURITY.md, classes of data")
        self.assertEqual(sorted(told), sorted(made))


if __name__ == "__main__":
    unittest.main()
