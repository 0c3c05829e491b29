#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Other people's decoders on the files that bench_decode has just read, on one
core; then the table of both. `./dev bench decode` runs it.

    peers.py BUILD

gpxpy and Garmin's kit are timed in loops of their own, files in memory,
start-up not counted. gpsbabel reads all files in one process, from the page
cache; what it takes for a file of one point is subtracted, and nothing is
written. Of all of them, and of ours, the processor's time counts, which other
work on the machine changes little. A pass is all files that the peer can read;
a figure the median of up to 20 passes, of as many as fit into 15 s, but 3 at
least."""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests/peers"))
import fetch  # noqa: E402  the place of Garmin's kit

PASSES, SECONDS = 20, 15
KINDS = {"FIT": "garmin_fit", "GPX": "gpx", "TCX": "gtrnctr"}
TINY = ('<gpx version="1.1" creator="x"><trk><trkseg><trkpt lat="1" lon="1"/>'
        '</trkseg></trk></gpx>')


def median_of(run):
    times = []
    begun = time.perf_counter()
    while len(times) < PASSES and (
            len(times) < 3 or time.perf_counter() - begun < SECONDS):
        times.append(run())
    return statistics.median(times), len(times)


def row(kind, peer, files, size, seconds, passes):
    return {"kind": kind, "who": peer, "files": files, "mb": size / 1e6,
            "s": seconds, "passes": passes}


def gpsbabel(kind, paths, build):
    if not shutil.which("gpsbabel"):
        return None

    def run(some, form):
        command = ["gpsbabel", "-t"]
        for path in some:
            command += ["-i", form, "-f", str(path)]
        command += ["-x", "nuketypes,tracks,waypoints,routes",
                    "-o", "unicsv", "-F", "/dev/null"]
        begun = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, check=False)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (ended.ru_utime + ended.ru_stime
                - begun.ru_utime - begun.ru_stime), done.returncode

    good = [p for p in paths if run([p], KINDS[kind])[1] == 0]
    if not good:
        return None
    tiny = build / "tiny.gpx"
    tiny.write_text(TINY, encoding="ascii")
    start, _ = median_of(lambda: run([tiny], "gpx")[0])
    seconds, passes = median_of(lambda: run(good, KINDS[kind])[0])
    return row(kind, "gpsbabel", len(good), sum(p.stat().st_size for p in good),
               max(seconds - start, 1e-6), passes)


def gpxpy(paths):
    try:
        import gpxpy as peer
    except ImportError:
        sys.path.append("/usr/lib/python3/dist-packages")
        try:
            import gpxpy as peer
        except ImportError:
            return None
    texts, size = [], 0
    for path in paths:
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
            peer.parse(text)
        except Exception:  # whatever a peer throws at a damaged file
            continue
        texts.append(text)
        size += len(raw)
    if not texts:
        return None

    def run():
        begun = time.process_time()
        for text in texts:
            peer.parse(text)
        return time.process_time() - begun

    seconds, passes = median_of(run)
    return row("GPX", "gpxpy", len(texts), size, seconds, passes)


def fitsdk(paths, build):
    kit, why = fetch.fitsdk(build)
    if not kit:
        print(f"@garmin/fitsdk: {why}: left out")
        return None
    done = subprocess.run(
        ["node", ROOT / "bench/fitsdk.mjs", kit, str(SECONDS), str(PASSES),
         *paths], capture_output=True, check=False)
    if done.returncode:
        return None
    said = json.loads(done.stdout)
    return row("FIT", "@garmin/fitsdk", said["files"], said["bytes"],
               statistics.median(said["seconds"]), len(said["seconds"]))


def ours(results, real):
    """Rows of bench_decode and bench_fit, by the names they print."""
    rows = []
    where = "real files" if real else "1 h written"
    for line in results.read_text(encoding="utf-8").splitlines():
        name, seconds, work, unit, passes = line.split("\t")
        for kind in KINDS:
            for what, who in ((": to points", "Everystep"),
                              (": points, measure", "Everystep, and measured"),
                              (": expat alone", "expat, only tokenising"),
                              (": walk, checksum", "walk and checksum alone")):
                if name == f"{kind}, {where}{what}" and unit == "MB":
                    rows.append({"kind": kind, "who": who, "files": None,
                                 "mb": float(work), "s": float(seconds),
                                 "passes": int(passes)})
    return rows


def table(rows):
    print("\n| files | who | MB/s | of ours | files read | passes |\n"
          "|---|---|---|---|---|---|")
    for kind in KINDS:
        own = [r for r in rows if r["kind"] == kind and r["who"] == "Everystep"]
        for r in (r for r in rows if r["kind"] == kind):
            speed = r["mb"] / r["s"]
            part = speed / (own[0]["mb"] / own[0]["s"]) if own else float("nan")
            print(f"| {kind} | {r['who']} | {speed:.1f} | {part:.3f} | "
                  f"{r['files'] or ''} | {r['passes']} |")


def main():
    build = Path(sys.argv[1]).resolve()
    tracks = ROOT.parent / "shared/tracks"
    real = tracks.is_dir()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rows = ours(build / "results.tsv", real)
    for kind in KINDS:
        ext = kind.lower()
        paths = sorted((tracks / ext).glob(f"*.{ext}")) if real else \
            [build / f"hour.{ext}"]
        rows += filter(None, [gpsbabel(kind, paths, build),
                              gpxpy(paths) if kind == "GPX" else None,
                              fitsdk(paths, build.parent) if kind == "FIT" else None])
    table(rows)
    with open(build / "speeds.tsv", "w", encoding="utf-8") as f:
        for r in rows:
            f.write(f"{r['kind']}\t{r['who']}\t{r['mb'] / r['s']:.2f}\n")


if __name__ == "__main__":
    main()
