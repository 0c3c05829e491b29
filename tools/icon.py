#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws pages/icon.svg as the PNG files that phones put on their screens:
icon.py ICON.svg OUT-SIZE.png...

The picture is a square with round corners and a row of dots along a curve, so
its own few lines draw it everywhere alike; a general renderer needn't be there.
A name with "whole" in it has no corners: phones cut those as they like."""

import math
import re
import struct
import sys
import zlib
from pathlib import Path

FINE = 4  # samples of a pixel along each side
STEPS = 400  # of each piece of the curve, for the distance along it


def colour(text):
    return tuple(int(text[i:i + 2], 16) for i in (1, 3, 5))


def curve(d):
    """The points of an "M x y c ... s ..." along its way."""
    letters = re.findall(r"[Mcs]|-?[\d.]+", d)
    at, points, last, i = (0.0, 0.0), [], (0.0, 0.0), 0
    command = ""

    def pair(i):
        return float(letters[i]), float(letters[i + 1])

    while i < len(letters):
        if letters[i] in "Mcs":
            command = letters[i]
            i += 1
        if command == "M":
            at = last = pair(i)
            i += 2
            continue
        if command == "s":
            first = (2 * at[0] - last[0], 2 * at[1] - last[1])
        else:
            dx, dy = pair(i)
            first = (at[0] + dx, at[1] + dy)
            i += 2
        second, end = ((at[0] + x, at[1] + y) for x, y in (pair(i), pair(i + 2)))
        i += 4
        for k in range(STEPS + 1):
            t = k / STEPS
            w = ((1 - t)**3, 3 * t * (1 - t)**2, 3 * t * t * (1 - t), t**3)
            points.append(tuple(sum(w[j] * p[axis] for j, p in
                                    enumerate((at, first, second, end)))
                                for axis in (0, 1)))
        at, last = end, second
    return points


def dots(points, apart):
    out, gone, want = [points[0]], 0.0, apart
    for p, q in zip(points, points[1:]):
        step = math.dist(p, q)
        while step > 0 and gone + step >= want:
            f = (want - gone) / step
            out.append((p[0] + f * (q[0] - p[0]), p[1] + f * (q[1] - p[1])))
            want += apart
        gone += step
    return out


def attribute(svg, name):
    return re.search(rf'\b{name}="([^"]+)"', svg).group(1)


def draw(svg, size, whole):
    side = float(attribute(svg, "viewBox").split()[2])
    round_ = 0 if whole else float(attribute(svg, "rx"))
    ground = colour(attribute(svg, "fill"))
    ink = colour(attribute(svg, "stroke"))
    radius = float(attribute(svg, "stroke-width")) / 2
    apart = float(attribute(svg, "stroke-dasharray").split()[1])
    centres = dots(curve(re.search(r'\bd="([^"]+)"', svg).group(1)), apart)
    shrink = 0.8 if whole else 1  # what is cut off must not be a dot
    middle = side / 2
    centres = [((a - middle) * shrink + middle, (b - middle) * shrink + middle)
               for a, b in centres]
    r = radius * shrink
    pixel = side / size
    grid = [(k + 0.5) / FINE for k in range(FINE)]

    def cover(x, y):
        """How much of a pixel is the square, and how much of that is ink."""
        u, v = (x + 0.5) * pixel, (y + 0.5) * pixel
        near = min(math.dist((u, v), c) for c in centres)
        cx, cy = (max(round_ - w, w - side + round_, 0) for w in (u, v))
        far = math.hypot(cx, cy) - round_ if round_ else -pixel
        if abs(near - r) > pixel and abs(far) > pixel:
            return float(far < 0), float(near < r)
        inside = inked = 0
        for fy in grid:
            for fx in grid:
                u, v = (x + fx) * pixel, (y + fy) * pixel
                cx, cy = (max(round_ - w, w - side + round_, 0)
                          for w in (u, v))
                if round_ and math.hypot(cx, cy) > round_:
                    continue
                inside += 1
                inked += any(math.dist((u, v), c) <= r for c in centres)
        return inside / FINE**2, inked / inside if inside else 0.0

    plain = bytes(ground) + b"\xff"
    corner = math.ceil(round_ / pixel) + 1 if round_ else 0
    reach = r + 2 * pixel
    rows = []
    for y in range(size):
        v = (y + 0.5) * pixel
        row = bytearray(plain * size)
        open_ = set()  # pixels that aren't plain, or may not be
        if min(y, size - 1 - y) < corner:
            open_.update(range(corner), range(size - corner, size))
        for a, b in centres:
            if abs(v - b) < reach:
                open_.update(range(int((a - reach) / pixel),
                                   int((a + reach) / pixel) + 1))
        for x in open_:
            there, inked = cover(x, y)
            row[4 * x:4 * x + 4] = bytes(
                round(g + inked * (i - g)) for g, i in zip(ground, ink)
            ) + bytes([round(255 * there)])
        rows.append(b"\0" + bytes(row))
    return rows


def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data)))


def png(size, rows):
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
            + chunk(b"IEND", b""))


def main():
    svg = Path(sys.argv[1]).read_text()
    for out in map(Path, sys.argv[2:]):
        size = int(re.search(r"(\d+)\.png$", out.name).group(1))
        out.write_bytes(png(size, draw(svg, size, "whole" in out.name)))


if __name__ == "__main__":
    main()
