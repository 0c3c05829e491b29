#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws how fast files become points, ours and other people's decoders, from
the lines that `./dev bench decode` leaves behind (kind, who, MB/s):

    plot_speeds.py build/bench/out/speeds.tsv docs/img/speeds.svg

A bar's length is the logarithm of the speed: the slowest and the fastest are
some hundred times apart."""
import math
import sys
from html import escape

LEFT, WIDTH, BAR, GAP, HEAD = 210, 720, 20, 6, 30
LOW, HIGH = 1, 3000
OURS, THEIRS, FLOOR = "ours", "theirs", "floor"

# Two palettes in one picture: the reader's own setting chooses.
STYLE = """
text { fill: #1f2328 } .note { fill: #59636e } .axis { stroke: #d1d9e0 }
.ours { fill: #0969da } .theirs { fill: #8b949e } .floor { fill: #d0a215 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .note { fill: #9198a1 } .axis { stroke: #3d444d }
  .ours { fill: #4493f8 } .theirs { fill: #6e7681 } .floor { fill: #bb8009 }
}
"""


def x_of(speed):
    part = math.log(max(speed, LOW) / LOW) / math.log(HIGH / LOW)
    return LEFT + part * (WIDTH - LEFT - 70)


def said(speed):
    return f"{speed:.0f}" if speed >= 100 else f"{speed:.3g}"


def kind_of(who):
    if who.startswith("Everystep"):
        return OURS
    return FLOOR if "alone" in who or "only" in who else THEIRS


def draw(rows):
    kinds = list(dict.fromkeys(r[0] for r in rows))
    height = HEAD + sum(HEAD + (BAR + GAP) * sum(r[0] == k for r in rows)
                        for k in kinds) + 20
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} '
           f'{height}" font-family="sans-serif" font-size="13" '
           'role="img" aria-label="MB/s of each decoder">',
           f"<style>{STYLE}</style>"]
    for speed in (1, 10, 100, 1000):
        x = x_of(speed)
        out.append(f'<path d="M{x:.1f} {HEAD - 8}V{height - 16}" '
                   'class="axis"/>'
                   f'<text x="{x:.1f}" y="{HEAD - 12}" text-anchor="middle" '
                   f'class="note">{speed} MB/s</text>')
    y = HEAD
    for kind in kinds:
        y += HEAD
        out.append(f'<text x="8" y="{y - 9}" font-weight="bold">'
                   f'{escape(kind)}</text>')
        for _, who, speed in (r for r in rows if r[0] == kind):
            out.append(
                f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">'
                f'{escape(who)}</text>'
                f'<rect x="{LEFT}" y="{y}" width="{x_of(speed) - LEFT:.1f}" '
                f'height="{BAR}" class="{kind_of(who)}"/>'
                f'<text x="{x_of(speed) + 6:.1f}" y="{y + 15}">'
                f'{said(speed)}</text>')
            y += BAR + GAP
    return "\n".join(out + ["</svg>", ""])


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        cells = [line.rstrip("\n").split("\t") for line in f if line.strip()]
    rows = [(kind, who, float(speed)) for kind, who, speed in cells]
    with open(sys.argv[2], "w", encoding="utf-8") as f:
        f.write(draw(rows))


if __name__ == "__main__":
    main()
