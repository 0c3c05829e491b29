#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds words that people could come to read and that no catalogue knows:

    literals.py FILE.c...    prints FILE:LINE: the words; exit 1 if any

A string literal of C counts as words when it has two words side by side, or is
one with a capital; unless it stands in ES_T(), or in a call whose strings no
page shows (logs, errors for the log, problems of the API, headers). Code words
("in_review"), names of headers, formats and markup are not words, but what
stands between the tags of markup is."""
import re
import sys
from pathlib import Path

# What a page never shows. Findings come with an English message for the API;
# pages say them by their code, which tests/unit/test_words.py holds them to.
HIDDEN = {
    "ES_T", "assert", "static_assert", "es_log", "es_fail", "es_web_problem",
    "es_web_problem_begin", "es_resp_header", "es_resp_type", "es_resp_cache",
    "es_req_header", "strncasecmp", "es_finding_make", "FIND",
}
TOKEN = re.compile(r"""
      (?P<comment>/\*.*?\*/|//[^\n]*)
    | (?P<include>^[ \t]*\#[ \t]*include[^\n]*)
    | (?P<char>'(?:[^'\\\n]|\\.)+')
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<call>\b[A-Za-z_]\w*\s*\()
    | (?P<open>[({\[])
    | (?P<close>[)}\]])
    """, re.S | re.X | re.M)
HEADER = re.compile(r"[A-Z][A-Za-z]*(-[A-Z][A-Za-z]*)+")


def is_words(s):
    """Would a person read this as words of a language?"""
    s = re.sub(r"\\[nt0]", " ", s).replace('\\"', '"')
    if re.search(r'<[a-z/!]|="', s):  # markup: what stands between tags
        s = " ".join(re.findall(r">([^<>]+)(?=<|$)", s))
    s = re.sub(r"%[-+ #0]*[\d.*]*(?:hh|h|ll|l|z|j)?[a-zA-Z]", " ", s)
    if HEADER.fullmatch(s.strip()):
        return False
    return bool(re.search(r"[^\W\d_]{2,},? [^\W\d_]{2,}", s) or
                re.match(r"\s*[A-Z][a-z]{2,}\b", s))


def c_literals(text):
    """(line, literal, names of the calls around it), adjacent ones apart."""
    around = []
    for m in TOKEN.finditer(text):
        kind = m.lastgroup
        if kind == "call":
            around.append(m.group()[:-1].strip())
        elif kind == "open":
            around.append("")
        elif kind == "close" and around:
            around.pop()
        elif kind == "text":
            yield text.count("\n", 0, m.start()) + 1, m.group()[1:-1], set(around)


def words_in_c(text):
    """[(line, words)] that stand outside the catalogue."""
    return [(line, s) for line, s, calls in c_literals(text)
            if not calls & HIDDEN and is_words(s)]


def main():
    found = False
    for name in sys.argv[1:]:
        for line, s in words_in_c(Path(name).read_text(encoding="utf-8")):
            print(f"{name}:{line}: {s}")
            found = True
    return found


if __name__ == "__main__":
    sys.exit(main())
