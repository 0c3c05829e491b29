#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Collects the messages of the pages and of the C sources:

    extract.py [--check]    writes po/everystep.pot (or says what is stale) and
                            brings each po/*.po in line with it

In pages a message is {{t "..."}} or {{n "...", "..."}}, in C ES_T("...")."""
import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import page  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
LITERALS = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
IN_C = re.compile(r"\bES_T\(\s*" + LITERALS + r"\)")
HEADER = """# The messages of Everystep, collected by tools/extract.py.
# SPDX-License-Identifier: AGPL-3.0-or-later
msgid ""
msgstr ""
"Project-Id-Version: everystep\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def messages(root=ROOT):
    """{(msgid, plural or None): [files]}, in the order of the tree."""
    found = {}

    def note(file, msgid, plural):
        files = found.setdefault((msgid, plural), [])
        if file not in files:
            files.append(file)

    for path in sorted((root / "src").rglob("*.c")):
        text = path.read_text(encoding="utf-8")
        for m in IN_C.finditer(text):
            note(path.relative_to(root).as_posix(), page.unquote(m.group(1)),
                 None)
    layout = root / "pages/layout.html"
    slots = page.Page(layout).own_slots
    for path in sorted((root / "pages").glob("*.html")):
        p = page.Page(path, None if path == layout else slots)
        for _, msgid, plural in p.messages:
            note(f"pages/{path.name}", msgid, plural)
        # a message that a page asks for by hand, with its holes left open
        for m in re.finditer(r"es_t\(o->lang, " + LITERALS + r"\)",
                             path.read_text(encoding="utf-8")):
            note(f"pages/{path.name}", page.unquote(m.group(1)), None)
    return found


def quoted(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"').replace(
        "\n", "\\n") + '"'


def pot(found):
    out = HEADER
    for (msgid, plural), files in sorted(found.items(),
                                         key=lambda kv: (kv[1][0], kv[0][0])):
        out += f"\n#: {' '.join(files)}\nmsgid {quoted(msgid)}\n"
        if plural is None:
            out += 'msgstr ""\n'
        else:
            out += (f"msgid_plural {quoted(plural)}\n"
                    'msgstr[0] ""\nmsgstr[1] ""\n')
    return out


def merge(po, template):
    subprocess.run(["msgmerge", "--quiet", "--update", "--backup=none",
                    "--no-fuzzy-matching", "--width=79", po, template],
                   check=True)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--check", action="store_true")
    args = ap.parse_args()
    text = pot(messages())
    target = ROOT / "po/everystep.pot"
    if args.check:
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            sys.exit("po/everystep.pot is stale: run tools/extract.py")
        return
    target.write_text(text, encoding="utf-8")
    for po in sorted((ROOT / "po").glob("*.po")):
        merge(po, target)


if __name__ == "__main__":
    main()
