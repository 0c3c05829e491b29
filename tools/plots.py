#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws what ./dev bench measured, and writes its tables into the docs.

    tools/plots.py [FOLDER [DOCS]]

FOLDER (build/bench/out) holds the tables of the last ./dev bench; each that is
there becomes docs/img/NAME.svg and the table between the marks
<!-- NAME --> and <!-- /NAME --> of docs/ACCURACY.md.
"""
import html
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ("EVD, positions alone", "what counts")
CLASSES = {
    "multiband": "A watch with two bands",
    "watch": "A watch",
    "phone": "A phone",
    "urban": "Between high houses",
    "browser": "A page in a browser",
    "exact": "No error at all",
    "all": "All of them",
}

# Two palettes in one picture: the reader's own setting chooses.
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 }
.panel { font-weight: 600 }
.note, .value { fill: #59636e; font-size: 12px }
.other { fill: #b1bac4 } .ours { fill: #0969da }
.axis { stroke: #d1d9e0 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .note, .value { fill: #9198a1 }
  .other { fill: #484f58 } .ours { fill: #4493f8 } .axis { stroke: #3d444d }
}
"""
ROW, LABEL, BAR, GAP = 20, 170, 200, 44


def bars(title, note, panels, columns=2):
    """An SVG of panels [(name, [(label, value, text, ours)])], each on a
    scale of its own that begins at nought."""
    wide = LABEL + BAR + GAP
    high = 40 + ROW * max(len(rows) for _, rows in panels)
    rows_of = -(-len(panels) // columns)
    size = (columns * wide + 20, 64 + rows_of * high)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" '
        f'height="{size[1]}" viewBox="0 0 {size[0]} {size[1]}" role="img" '
        f'aria-label="{html.escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="10" y="24">{html.escape(title)}</text>',
        f'<text class="note" x="10" y="44">{html.escape(note)}</text>',
    ]
    for i, (name, rows) in enumerate(panels):
        x, y = 10 + i % columns * wide, 64 + i // columns * high
        most = max(value for _, value, _, _ in rows)
        left = x + LABEL
        out.append(f'<text class="panel" x="{x}" y="{y + 14}">'
                   f"{html.escape(name)}</text>")
        out.append(f'<line class="axis" x1="{left}" x2="{left}" '
                   f'y1="{y + 20}" y2="{y + 20 + ROW * len(rows)}"/>')
        for k, (label, value, text, ours) in enumerate(rows):
            top = y + 22 + k * ROW
            length = BAR * value / most if most else 0
            out.append(f'<text x="{left - 8}" y="{top + 13}" '
                       f'text-anchor="end">{html.escape(label)}</text>')
            out.append(f'<rect class="{"ours" if ours else "other"}" '
                       f'x="{left}" y="{top + 2}" width="{length:.1f}" '
                       f'height="{ROW - 6}" rx="2"/>')
            out.append(f'<text class="value" x="{left + length + 6:.1f}" '
                       f'y="{top + 13}">{html.escape(text)}</text>')
    return "\n".join(out) + "\n</svg>\n"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(r) + " |" for r in rows])


def errors(title, rows):
    """class, estimator, runs, bias, RMS, 95th percentile, median."""
    there = [c for c in CLASSES if any(r[0] == c for r in rows)]
    drawn = [r for r in rows if r[1] != "reference program"]
    panels = [
        (CLASSES[c], [(r[1], float(r[4]), f"{float(r[4]):.1f} %", r[1] in OURS)
                      for r in drawn if r[0] == c])
        for c in there
    ]
    whole = [r for r in rows if r[0] == "all"]
    picture = bars(
        title, "Root mean square of the error, "
        f"{whole[0][2]} simulated runs. Blue: Everystep.", panels)
    said = table(
        ["distance by", "bias %", "RMS %", "95th percentile %",
         "median of the absolute error %"],
        [[r[1], f"{float(r[3]):+.2f}"] + [f"{float(v):.2f}" for v in r[4:7]]
         for r in whole])
    by_class = table(
        ["RMS %"] + [CLASSES[c].lower() for c in there if c != "all"],
        [[r[1]] + [f"{float(q[4]):.2f}" for c in there if c != "all"
                   for q in rows if q[0] == c and q[1] == r[1]]
         for r in whole])
    return picture, said + "\n\n" + by_class


def accuracy(rows):
    return errors("How far a distance is off the truth", rows)


def cases(rows):
    return errors("How far it is off in 46 cases", rows)


DRAWN = {"accuracy": accuracy, "cases": cases}


def main(folder, docs):
    page = docs / "ACCURACY.md"
    for name, draw in DRAWN.items():
        source = folder / f"{name}.tsv"
        if not source.exists():
            print(f"{source}: not there; ./dev bench makes it")
            continue
        rows = [line.split("\t") for line in
                source.read_text(encoding="utf-8").splitlines()]
        picture, words = draw(rows)
        (docs / "img").mkdir(exist_ok=True)
        (docs / "img" / f"{name}.svg").write_text(picture, encoding="utf-8")
        text = page.read_text(encoding="utf-8")
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, rest = text.split(begin)
        page.write_text(before + begin + "\n" + words + "\n" + end
                        + rest.split(end)[1], encoding="utf-8")
        print(f"{docs / 'img' / name}.svg, {page}")


if __name__ == "__main__":
    ARGS = [Path(a) for a in sys.argv[1:]]
    main(ARGS[0] if ARGS else ROOT / "build" / "bench" / "out",
         ARGS[1] if len(ARGS) > 1 else ROOT / "docs")
