// SPDX-License-Identifier: AGPL-3.0-or-later
// What is in a chosen file, told before it is sent: how far, how long, when,
// the line of its way, and what already stands in the way of its counting.
import type { Seen, Told } from "../file-engine";

const SVG = "http://www.w3.org/2000/svg";
const SHOWN = 3; // activities of one file

let engine: Worker | null = null;
let last = 0;
const waiting = new Map<number, (t: Told) => void>();

function ask(f: HTMLFormElement, file: ArrayBuffer): Promise<Told> {
  if (!engine) {
    engine = new Worker(f.dataset.engine!);
    engine.onmessage = (e: MessageEvent<Told>) => {
      waiting.get(e.data.id)?.(e.data);
      waiting.delete(e.data.id);
    };
  }
  const id = ++last;
  engine.postMessage({ id, wasm: f.dataset.wasm, file });
  return new Promise((resolve) => waiting.set(id, resolve));
}

function figure(f: HTMLFormElement, value: number, places: number,
    digits = 1): string {
  return new Intl.NumberFormat("en", { numberingSystem: f.dataset.digits,
    minimumFractionDigits: places, maximumFractionDigits: places,
    minimumIntegerDigits: digits } as Intl.NumberFormatOptions)
    .formatToParts(value).map((p) => p.type === "group" ? f.dataset.group
      : p.type === "decimal" ? f.dataset.decimal : p.value).join("");
}

function clock(f: HTMLFormElement, s: number): string {
  const t = Math.floor(s);
  const two = (n: number) => figure(f, n % 60, 0, 2);
  const min = Math.floor(t / 60);
  return min < 60 ? `${figure(f, min, 0)}:${two(t)}`
    : `${figure(f, Math.floor(min / 60), 0)}:${two(min)}:${two(t)}`;
}

function line(way: [number, number][]): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const drawn = document.createElementNS(SVG, "polyline");
  svg.setAttribute("viewBox", "-4 -4 108 108");
  svg.setAttribute("class", "way");
  svg.setAttribute("aria-hidden", "true");
  drawn.setAttribute("points", way.map(([x, y]) =>
    `${(100 * x).toFixed(1)},${(100 * y).toFixed(1)}`).join(" "));
  svg.append(drawn);
  return svg;
}

function part(text: string, kind: string): HTMLElement {
  const at = document.createElement("span");
  at.className = kind;
  at.textContent = text;
  return at;
}

function told(f: HTMLFormElement, s: Seen): Node[] {
  const unit = Number(f.dataset.unitMm) / 1000;
  const out: Node[] = [];
  const words: string[] = [];
  if (s.distance_m !== null)
    words.push(f.dataset.unit!.replace("{1}",
      figure(f, Math.floor((s.distance_m / unit) * 100 + 1e-9) / 100, 2)));
  if (s.elapsed_s !== null) words.push(clock(f, s.elapsed_s));
  const at = s.started_at ? Date.parse(s.started_at) : NaN;
  if (!Number.isNaN(at))
    words.push(new Intl.DateTimeFormat(document.documentElement.lang,
      { dateStyle: "medium", timeZone: f.dataset.zone,
        numberingSystem: f.dataset.digits } as Intl.DateTimeFormatOptions)
      .format(at));
  if (s.way.length) out.push(line(s.way));
  out.push(part(words.join(" \u00b7 "), "num"));
  if (at < Number(f.dataset.opens) || at >= Number(f.dataset.closes))
    out.push(part(f.dataset.outside!, "sub"));
  else if (s.verdict === "review") out.push(part(f.dataset.review!, "sub"));
  return out;
}

/** Fills `at` once the file has been read; a file that can't be read here may
 *  well be read by the server, which says what is wrong. */
export function look(f: HTMLFormElement, file: File, at: Element): void {
  if (!f.dataset.engine || typeof Worker === "undefined") return;
  void file.arrayBuffer().then((bytes) => ask(f, bytes)).then((t) => {
    if ("error" in t) return;
    for (const s of t.seen.slice(0, SHOWN)) {
      const row = document.createElement("span");
      row.className = "seen";
      row.append(...told(f, s));
      at.append(row);
    }
  }).catch(() => undefined);
}
