#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles the catalogues of po/ to one C file: catalogue.py -o OUT.c LANG.po...

With --marked LANG and the template instead, it makes a catalogue for tests, of
that one language, whose words are the messages between ⟦ and ⟧: what a page
shows outside of them came from no catalogue.

msgfmt checks and reads each; what is here besides is the check that a
translation has the placeholders {1}, {n} of its message, each of them."""

import argparse
import gettext
import io
import re
import subprocess
import sys
from pathlib import Path

from page import c_string

PLURAL = re.compile(r"nplurals=(\d);\s*plural=([n0-9 ?:=!<>&|%()]+);")


def holes(s):
    return set(re.findall(r"\{[1-9n]\}", s))


def read(po, text=None):
    mo = subprocess.run(["msgfmt", "--check", "-o", "-", str(po)], input=text,
                        check=True, capture_output=True).stdout
    cat = gettext.GNUTranslations(io.BytesIO(mo))
    plural = PLURAL.search(cat.info().get("plural-forms", "") + ";")
    if not plural:
        sys.exit(f"{po}: no Plural-Forms that we understand")
    entries = {}
    for key, text in cat._catalog.items():
        if key == "":
            continue
        msgid, form = key if isinstance(key, tuple) else (key, 0)
        if isinstance(key, tuple):
            if holes(text) - {"{n}"} != holes(msgid) - {"{n}"}:
                sys.exit(f"{po}: placeholders differ: {msgid!r}")
        elif holes(text) != holes(msgid):
            sys.exit(f"{po}: placeholders differ: {msgid!r}")
        entries.setdefault(msgid, {})[form] = text
    return int(plural.group(1)), plural.group(2).strip(), entries


def marked(pot):
    """What read() gives, of messages that stand for themselves."""
    text = subprocess.run(["msgen", "-o", "-", str(pot)], check=True,
                          capture_output=True, text=True).stdout
    text = text.replace('"MIME-Version', '"Plural-Forms: nplurals=2; '
                        'plural=(n != 1);\\n"\n"MIME-Version', 1)
    n, plural, entries = read("-", text.encode())
    return n, plural, {msgid: {k: f"⟦{v}⟧" for k, v in forms.items()}
                       for msgid, forms in entries.items()}


def lang_c(tag, n_plurals, plural, entries):
    yield f"static unsigned plural_{tag}(uint64_t n)\n{{\n    (void)n;"
    yield f"    return (unsigned)({plural});\n}}\n"
    yield f"static const struct es_catalogue_entry {tag.upper()}[] = {{"
    for msgid in sorted(entries, key=lambda s: s.encode()):
        forms = entries[msgid]
        if len(forms) > 1 and len(forms) != n_plurals:
            sys.exit(f"{tag}: {msgid!r} has {len(forms)} forms")
        texts = ", ".join(f'"{c_string(forms[i])}"' for i in sorted(forms))
        yield f'    {{ "{c_string(msgid)}", {{ {texts} }} }},'
    yield '    { "", { "" } }, /* never found: ids are not empty */'
    yield "};\n"


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("-o", type=Path, required=True)
    ap.add_argument("--marked", metavar="LANG")
    ap.add_argument("po", nargs="*", type=Path)
    args = ap.parse_args()
    out = ["/* Made by tools/catalogue.py from po/. */",
           '#include "i18n/catalogue.h"', ""]
    table = []
    for po in args.po:
        tag = args.marked or po.stem
        n_plurals, plural, entries = marked(po) if args.marked else read(po)
        out += lang_c(tag, n_plurals, plural, entries)
        table.append(f'    {{ "{tag}", {tag.upper()}, {len(entries)}, '
                     f"plural_{tag} }},")
    out.append("const struct es_catalogue es_catalogues[] = {")
    out += table + ["    { \"\", NULL, 0, NULL },", "};"]
    out.append(f"const size_t es_catalogues_n = {len(table)};")
    args.o.write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
