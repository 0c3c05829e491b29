#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles a page of pages/ to C.

    page.py [--layout LAYOUT] --include HEADER -o OUT.c IN.html

The first line of a file says what it is:

    {% page es_page_join(const struct es_view_join *v) %}    a page or a part
    {% layout es_layout(const struct es_view_frame *f) %}    a frame with slots

and becomes `void es_page_join(struct es_out *o, ...)`, which HEADER declares
(a layout with n slots becomes n + 1 functions, es_layout_0 and on). What may
follow:

    {% include "web/views.h" %}      a C header
    {% in es_layout(&v->frame) %}    the frame this page stands in
    {% slot NAME %}                  in a layout: here goes the page's block;
                                     NAME? is one that a page may leave out
    {% block NAME %} ... {% end %}   in a page; all the rest is block "body"
    {% if C %} {% elif C %} {% else %} {% end %}
    {% for x in ARRAY[COUNT] %} ... {% else %} (when empty) ... {% end %}
    {% call es_part_row(r) %}        another page or part
    {{ EXPR }}                       a C expression, escaped for its place by
                                     its type; in href, src, action only a
                                     struct es_url compiles
    {{t "Bib {1} of {2}", a, b}}     from the catalogue
    {{n "one run", "{n} runs", c}}   the same with a number's plural form

Markup is checked as it goes by: elements balance; scripts and styles are
files; a value stands in quotes; visible words come from the catalogue, but
inside translate="no". Comments go and white space folds. Errors read
FILE:LINE: what, and the C carries #line, so that the compiler's do as well.
"""

import argparse
import re
import sys
from pathlib import Path

from literals import c_literals, is_words

VOID = set("area base br col embed hr img input link meta source track wbr"
           .split())
DRAWN = set("path circle rect line polyline".split())  # may close themselves
URL_ATTRS = set("href src action formaction poster cite xlink:href".split())
WORD_ATTRS = set("alt title placeholder aria-label label".split())
KEEPS_SPACE = {"pre", "textarea"}
RAW = {"script", "style"}
TEXT, OPEN, NAME, TAG, ATTR, AFTER, BEFORE, DQ, SQ, UNQUOTED, COMMENT, DOCTYPE = (
    "text", "open", "name", "tag", "attr", "after", "before", "dq", "sq",
    "unquoted", "comment", "doctype")
DIRECTIVE_OK = {TEXT, TAG, DQ, SQ}


class PageError(Exception):
    def __init__(self, file, line, what):
        super().__init__(f"{file}:{line}: {what}")


def split_args(s):
    """The comma-separated arguments of a C call."""
    args, depth, cur, quote, i = [], 0, "", None, 0
    while i < len(s):
        c = s[i]
        if quote:
            cur += c
            if c == "\\":
                i += 1
                cur += s[i:i + 1]
            elif c == quote:
                quote = None
        elif c in "\"'":
            quote = c
            cur += c
        elif c == "," and depth == 0:
            args.append(cur.strip())
            cur = ""
        else:
            depth += (c in "([{") - (c in ")]}")
            cur += c
        i += 1
    if cur.strip() or args:
        args.append(cur.strip())
    return args


def segments(src, file):
    """Yields (kind, text, line): kind is "lit", "{{" or "{%"."""
    at, line = 0, 1
    while at < len(src):
        m = re.compile(r"\{\{|\{%").search(src, at)
        if not m:
            yield "lit", src[at:], line
            return
        if m.start() > at:
            yield "lit", src[at:m.start()], line
            line += src.count("\n", at, m.start())
        close = "}}" if m.group() == "{{" else "%}"
        end, quoted = m.end(), False
        while end < len(src) and (quoted or not src.startswith(close, end)):
            if src[end] == "\\" and quoted:
                end += 1
            elif src[end] == '"':
                quoted = not quoted
            end += 1
        if end >= len(src):
            raise PageError(file, line, f"{m.group()} without {close}")
        yield m.group(), src[m.end():end], line
        line += src.count("\n", m.start(), end)
        at = end + 2


def c_string(s):
    out = ""
    for b in s.encode():
        ch = chr(b)
        if ch in '"\\?':
            out += "\\" + ch
        elif ch == "\n":
            out += "\\n"
        elif 32 <= b < 127:
            out += ch
        else:
            out += f"\\{b:03o}"
    return out


def unquote(s):
    """The value of C string literals, concatenated."""
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"', s, re.S)
    if not parts or re.sub(r'"(?:[^"\\]|\\.)*"', "", s, flags=re.S).strip():
        return None
    return "".join(parts).replace('\\"', '"').replace("\\\\", "\\")


def declaration(text):
    """NAME(PARAMS) -> (name, params, names of params)"""
    m = re.fullmatch(r"(\w+)\((.*)\)", text.strip(), re.S)
    if not m:
        return None
    params = split_args(m.group(2))
    return m.group(1), params, [re.search(r"(\w+)$", p).group(1) for p in params]


class Markup:
    """Follows HTML, so that each place is known; writes what is kept."""

    def __init__(self, page):
        self.page = page
        self.state = TEXT
        self.stack = []      # (name, words may stand here untranslated)
        self.word = ""       # the tag or attribute name being read
        self.closing = False
        self.attrs = {}
        self.attr = ""
        self.value = ""
        self.url = None      # None, or "open" / "done" inside a URL attribute
        self.run = ""        # literal text since the last markup
        self.quoted = ""     # literal text of the value, for WORD_ATTRS

    def fail(self, what):
        raise PageError(self.page.file, self.page.line, what)

    def place(self):
        return (self.state, self.attr if self.state in (DQ, SQ) else "",
                tuple(n for n, _ in self.stack))

    def inside(self, names):
        return bool(self.stack) and self.stack[-1][0] in names

    def untranslated(self):
        return any(free for _, free in self.stack)

    def delimit(self):
        """A directive ends a name as white space would."""
        if self.state == NAME:
            self.begin_tag()
        elif self.state in (ATTR, AFTER):
            self.end_attr(None)
        self.end_run()

    def end_run(self):
        words = re.sub(r"&#?\w+;", "", self.run)
        if any(c.isalpha() for c in words) and not self.untranslated():
            self.fail(f'words outside the catalogue: "{words.strip()}"')
        self.run = ""

    def begin_tag(self):
        self.attrs = {}
        self.tag = self.word
        self.state = TAG
        if self.closing:
            if not self.stack or self.stack[-1][0] != self.word:
                want = f"</{self.stack[-1][0]}>" if self.stack else "none"
                self.fail(f"</{self.word}> where {want} is open")
            self.stack.pop()

    def end_tag(self, selfclosed):
        name, a = self.tag, self.attrs
        self.state = TEXT
        if self.closing:
            return
        if name == "script" and "src" not in a:
            self.fail("a script is a file: give it a src")
        if name == "style":
            self.fail("styles stand in the style sheet")
        if name == "img" and "alt" not in a:
            self.fail("img without alt")
        if selfclosed and name not in VOID | DRAWN:
            self.fail(f"<{name}/> does not close itself")
        if name not in VOID and not selfclosed:
            self.stack.append((name, a.get("translate") == "no"))

    def end_attr(self, value):
        self.attrs[self.attr] = value
        self.state = TAG

    def check_attr(self):
        if self.attr.startswith("on"):
            self.fail(f"{self.attr}= : behaviour belongs in js/")
        if self.attr == "style":
            self.fail("style= : the policy forbids it, use the style sheet")
        if self.attr == "srcdoc":
            self.fail("srcdoc= is not allowed")

    def feed(self, text, line):
        self.page.line = line
        for c in text:
            if c == "\n":
                self.page.line += 1
            getattr(self, "on_" + self.state)(c)

    def put(self, c):
        self.page.literal(c)

    def on_text(self, c):
        if c == "<":
            self.end_run()
            self.state, self.word = OPEN, ""
            return
        if self.inside(RAW) and not c.isspace():
            self.fail("no script in a page: data- attributes and a file")
        self.run += c
        if c.isspace() and not self.inside(KEEPS_SPACE):
            if not self.page.ends_with_space():
                self.put(" ")
        else:
            self.put(c)

    def on_open(self, c):
        if c == "!":
            self.state, self.word = DOCTYPE, "!"
        elif c == "/":
            self.closing = True
            self.state = NAME
            self.put("</")
        elif c.isalpha():
            self.closing = False
            self.state, self.word = NAME, c
            self.put("<" + c)
        else:
            self.fail("a lone <: write &lt;")

    def on_doctype(self, c):
        self.word += c
        if self.word.startswith("!--"):
            self.state = COMMENT
        elif c == ">":
            self.put("<" + self.word)
            self.state = TEXT

    def on_comment(self, c):
        self.word += c
        if self.word.endswith("-->"):
            self.state = TEXT

    def on_name(self, c):
        if c.isspace() or c in "/>":
            self.begin_tag()
            self.on_tag(c)
        else:
            self.word += c
            self.put(c)

    def on_tag(self, c):
        if c == ">":
            self.end_tag("/" in self.attrs)
            self.put(c)
        elif c == "/":
            self.attrs["/"] = None
            self.put(c)
        elif c.isspace():
            if not self.page.ends_with_space():
                self.put(" ")
        elif c in "\"'=":
            self.fail(f"{c} where an attribute's name should be")
        else:
            self.state, self.attr = ATTR, c
            self.put(c)

    def on_attr(self, c):
        if c == "=":
            self.check_attr()
            self.state = BEFORE
            self.put(c)
        elif c.isspace() or c in "/>":
            self.end_attr(None)
            self.on_tag(c)
        else:
            self.attr += c
            self.put(c)

    def on_before(self, c):
        if c not in "\"'":
            self.fail(f"{self.attr}= needs a value in quotes")
        self.put(c)
        self.state = DQ if c == '"' else SQ
        self.value = self.quoted = ""
        self.url = "open" if self.attr in URL_ATTRS else None

    def on_dq(self, c):
        self.in_value(c, '"')

    def on_sq(self, c):
        self.in_value(c, "'")

    def in_value(self, c, quote):
        if c == quote:
            if self.url == "open":
                self.constant_url()
            if (self.attr in WORD_ATTRS and not self.untranslated()
                    and any(x.isalpha() for x in self.quoted)):
                self.fail(f'{self.attr}="{self.quoted}" is outside the catalogue')
            self.put(c)
            self.url = None
            self.end_attr(self.value)
            return
        if self.url == "done":
            self.fail(f"{self.attr}= takes one es_url and nothing else")
        self.value += c
        self.quoted += c
        if self.url is None:
            self.put(c)

    def constant_url(self):
        u = self.value
        if not re.match(r"(/(?!/)|#|\?|https://|mailto:)", u):
            self.fail(f'{self.attr}="{u}" is neither a path nor https')
        if u.startswith("/") and "&" not in u:
            self.page.code(f'es_out_path(o, "{c_string(u)}");')
        else:
            self.put(u)

    def interpolate(self):
        """Which writer this place wants."""
        if self.state == TEXT:
            self.end_run()
            if self.inside(RAW):
                self.fail(f"an interpolation inside {self.stack[-1][0]}")
            return "ES_TEXT"
        if self.state in (DQ, SQ):
            if self.url == "open" and not self.value:
                self.url = "done"
                return "ES_HREF"
            if self.url:
                self.fail(f"{self.attr}= takes one es_url and nothing else")
            self.value += "\0"
            return "ES_ATTR"
        if self.state in (BEFORE, UNQUOTED):
            self.fail("an interpolation in an unquoted attribute")
        self.fail("an interpolation in " + {
            COMMENT: "a comment", DOCTYPE: "a declaration"}.get(
                self.state, "a tag or attribute name"))

    def finish(self):
        self.end_run()
        if self.state != TEXT:
            self.fail(f"the file ends inside {self.state}")
        if self.stack:
            self.fail(f"<{self.stack[-1][0]}> is never closed")


class Page:
    """One file; `blocks` holds the C of each block or layout piece."""

    def __init__(self, path, slots=None, shown_as=None):
        self.file = shown_as or f"pages/{path.name}"
        self.line = 1
        self.slots = slots or []        # of the layout around this page
        self.includes = []
        self.decl = None
        self.is_layout = False
        self.frame = None
        self.own_slots = []             # when this is a layout
        self.messages = []              # (line, msgid, plural or None)
        self.blocks = {"body": []}
        self.current = "body"
        self.nest = []                  # [kind, line, place, has_else]
        self.loops = 0
        self.markup = Markup(self)
        self.read(path.read_text(encoding="utf-8"))

    def fail(self, what):
        raise PageError(self.file, self.line, what)

    # ---- output ----
    def literal(self, s):
        ops = self.blocks[self.current]
        if ops and ops[-1][0] == "lit":
            ops[-1] = ("lit", ops[-1][1] + s)
        else:
            ops.append(("lit", s))

    def ends_with_space(self):
        ops = self.blocks[self.current]
        return bool(ops) and ops[-1][0] == "lit" and ops[-1][1][-1:] == " "

    def code(self, c, line=None):
        self.blocks[self.current].append(("c", line or self.line, c))

    # ---- reading ----
    def read(self, src):
        for kind, text, line in segments(src, self.file):
            self.line = line
            if kind == "lit":
                if self.decl is None and text.strip():
                    self.fail("the first line must be {% page name(...) %}")
                if self.decl:
                    self.markup.feed(text, line)
            elif self.decl is None and kind == "{{":
                self.fail("the first line must be {% page name(...) %}")
            elif kind == "{{":
                self.expression(text)
            else:
                self.directive(text.strip())
        if self.decl is None:
            self.fail("the first line must be {% page name(...) %}")
        if self.nest:
            self.line = self.nest[-1][1]
            self.fail(f"{{% {self.nest[-1][0]} %}} without {{% end %}}")
        self.markup.finish()
        if self.frame:
            for name, needed in self.slots:
                if needed and name not in self.blocks:
                    self.fail(f"the layout needs a block {name}")

    def expression(self, text):
        writer = self.markup.interpolate()
        if text[:2] in ("t ", 't"'):
            self.message(writer, text[1:], False)
        elif text[:2] in ("n ", 'n"'):
            self.message(writer, text[1:], True)
        elif not text.strip():
            self.fail("an empty {{ }}")
        else:
            self.no_words(text)
            self.code(f"{writer}(o, {text.strip()});")

    def no_words(self, c):
        """C in a page may name things, not say them."""
        for _, words, calls in c_literals(c):
            if is_words(words) and not calls & {"es_t", "es_tn"}:
                self.fail(f'words outside the catalogue: "{words}"')

    def message(self, writer, text, plural):
        args = split_args(text.strip())
        n_ids = 2 if plural else 1
        ids = [unquote(a) for a in args[:n_ids]]
        if len(ids) < n_ids or None in ids or (plural and len(args) < 3):
            self.fail("a message is a string literal" +
                      (", its plural and a count" if plural else ""))
        if writer == "ES_HREF":
            self.fail("words where an es_url belongs")
        self.messages.append((self.line, ids[0], ids[1] if plural else None))
        rest = args[n_ids:]
        count = rest.pop(0) if plural else None
        used = set(re.findall(r"\{(\d+)\}", " ".join(ids)))
        if used != {str(i + 1) for i in range(len(rest))}:
            self.fail(f"{len(rest)} arguments for {sorted(used)} in a message")
        lits = ", ".join(f'"{c_string(i)}"' for i in ids)
        found = (f"es_tn(o->lang, {lits}, {count})" if plural
                 else f"es_t(o->lang, {lits})")
        if not rest and not plural:
            self.code(f"es_out_str(o, {found});")
            return
        n = f", {count}" if plural else ", 0"
        self.code(f"for (struct es_message m_ = es_message_of({found}{n}); "
                  "es_message_next(o, &m_);)")
        cases = "".join(f"case {i + 1}: {writer}(o, {a}); break; "
                        for i, a in enumerate(rest))
        self.code(f"switch (m_.arg) {{ {cases}default: break; }}")

    def directive(self, text):
        word, _, rest = text.partition(" ")
        rest = rest.strip()
        do = getattr(self, "do_" + word, None)
        if do is None:
            self.fail(f"unknown directive {word}")
        if self.decl is None and word not in ("page", "part", "layout"):
            self.fail("the first line must be {% page name(...) %}")
        if word not in ("page", "part", "layout", "include", "in"):
            self.markup.delimit()
            if self.markup.state not in DIRECTIVE_OK or self.markup.url:
                self.fail(f"{{% {word} %}} can't stand here")
        do(rest)

    def do_page(self, rest):
        if self.decl:
            self.fail("declared twice")
        self.decl = declaration(rest)
        if not self.decl:
            self.fail("a declaration reads name(type name, ...)")

    do_part = do_page

    def do_layout(self, rest):
        self.is_layout = True
        self.do_page(rest)

    def do_include(self, rest):
        if unquote(rest) is None:
            self.fail('include "file.h"')
        self.includes.append(unquote(rest))

    def do_in(self, rest):
        self.frame = declaration_call(rest)
        if not self.frame or not self.slots:
            self.fail("{% in layout(args) %}, with --layout given")

    def do_slot(self, rest):
        if not self.is_layout or self.nest or self.markup.state != TEXT:
            self.fail("a slot stands in a layout, outside if and for")
        needed = not rest.endswith("?")
        self.own_slots.append((rest.rstrip("?"), needed))
        self.current = f"piece {len(self.own_slots)}"
        self.blocks[self.current] = []

    def do_block(self, rest):
        if not self.frame or rest not in [n for n, _ in self.slots]:
            self.fail(f"the layout has no slot {rest}")
        if self.nest or rest in self.blocks:
            self.fail("a block stands alone, once")
        self.push("block")
        self.current = rest
        self.blocks[rest] = []

    def push(self, kind):
        self.nest.append([kind, self.line, self.markup.place(), False])

    def same_place(self):
        if self.markup.place() != self.nest[-1][2]:
            self.fail("the branches of {% " + self.nest[-1][0] +
                      " %} leave different elements open")

    def do_if(self, rest):
        self.push("if")
        self.code(f"if ({rest}) {{")

    def do_elif(self, rest):
        if not self.nest or self.nest[-1][0] != "if" or self.nest[-1][3]:
            self.fail("elif without if")
        self.same_place()
        self.code(f"}} else if ({rest}) {{")

    def do_else(self, _rest):
        if not self.nest or self.nest[-1][0] == "block" or self.nest[-1][3]:
            self.fail("else without if or for")
        self.same_place()
        top = self.nest[-1]
        top[3] = True
        self.code("} else {" if top[0] == "if"
                  else f"}} if (({top[4]}) == 0) {{")

    def do_for(self, rest):
        m = re.fullmatch(r"(\w+) in (.+)\[([^\[\]]+)\]", rest, re.S)
        if not m:
            self.fail("{% for x in ARRAY[COUNT] %}")
        name, array, count = m.groups()
        self.push("for")
        self.nest[-1].append(count)
        self.loops += 1
        i = f"i{self.loops}_"
        self.code(f"for (size_t {i} = 0; {i} < ({count}); {i}++) {{ "
                  f"const __typeof__(*({array})) *{name} = &({array})[{i}];")

    def do_call(self, rest):
        call = declaration_call(rest)
        if not call or self.markup.state != TEXT:
            self.fail("{% call part(args) %}, between elements")
        self.no_words(rest)
        self.code(f"{call[0]}({', '.join(['o'] + call[1])});")

    def do_end(self, _rest):
        if not self.nest:
            self.fail("end without if, for or block")
        self.same_place()
        if self.nest.pop()[0] == "block":
            self.current = "body"
        else:
            self.code("}")

    # ---- writing ----
    def prototypes(self):
        name, params, _ = self.decl
        args = ", ".join(["struct es_out *o"] + params)
        names = [name]
        if self.is_layout:
            names = [f"{name}_{i}" for i in range(len(self.own_slots) + 1)]
        return [f"void {n}({args})" for n in names]

    def bodies(self):
        """The C of each function, in the order of prototypes()."""
        if self.is_layout:
            return [self.blocks[k] for k in self.blocks]
        if not self.frame:
            return [self.blocks["body"]]
        ops = []
        for i, (slot, _) in enumerate(self.slots):
            ops.append(("c", 1, self.frame_call(i)))
            ops += self.blocks.get(slot, [])
        return [ops + [("c", 1, self.frame_call(len(self.slots)))]]

    def frame_call(self, i):
        return f"{self.frame[0]}_{i}({', '.join(['o'] + self.frame[1])});"

    def c(self, header):
        out = [f"/* Made by tools/page.py from {self.file}. */"]
        out += [f'#include "{h}"' for h in dict.fromkeys([header] + self.includes)]
        for proto, ops in zip(self.prototypes(), self.bodies()):
            out += ["", proto, "{", "    (void)o;"]
            out += [f"    (void){p};" for p in self.decl[2]]
            for op in ops:
                out += self.op_c(op)
            out.append("}")
        return "\n".join(out) + "\n"

    def op_c(self, op):
        if op[0] == "c":
            return [f'#line {op[1]} "{self.file}"', "    " + op[2]]
        s = op[1]
        if not s:
            return []
        lines = [s[i:i + 60] for i in range(0, len(s), 60)]
        text = "\n".join(f'        "{c_string(x)}"' for x in lines)
        return [f"    es_out_lit(o, {len(s.encode())},\n{text});"]


def declaration_call(text):
    m = re.fullmatch(r"(\w+)\((.*)\)", text.strip(), re.S)
    return (m.group(1), split_args(m.group(2))) if m else None


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--layout", type=Path)
    ap.add_argument("--include", required=True)
    ap.add_argument("-o", type=Path, required=True)
    ap.add_argument("page", type=Path)
    args = ap.parse_args()
    try:
        slots = Page(args.layout).own_slots if args.layout else None
        page = Page(args.page, None if args.page == args.layout else slots)
        args.o.write_text(page.c(args.include))
    except PageError as err:
        sys.exit(str(err))


if __name__ == "__main__":
    main()
