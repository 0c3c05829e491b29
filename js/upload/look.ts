// SPDX-License-Identifier: AGPL-3.0-or-later
// What is in a chosen file, told before it is sent: how far, how long, when,
// the line of its way, and what the rules make of it.
import type { Seen, Told } from "../file-engine";
import { Figure, foresee } from "./foresee";

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

function far(f: HTMLFormElement, mm: number): string {
  const unit = Number(f.dataset.unitMm);
  return f.dataset.unit!.replace("{1}",
    figure(f, Math.floor((mm / unit) * 100 + 1e-9) / 100, 2));
}

/** As this phone's clock shows it; `wall`: `at` is what a clock shows. */
function when(f: HTMLFormElement, at: number, style: "short" | null,
    wall = false): string {
  return new Intl.DateTimeFormat(document.documentElement.lang,
    { dateStyle: "medium", timeStyle: style ?? undefined,
      timeZone: wall ? "UTC" : undefined,
      numberingSystem: f.dataset.digits } as Intl.DateTimeFormatOptions)
    .format(at);
}

function told(f: HTMLFormElement, s: Seen): Node[] {
  const out: Node[] = [];
  const words: string[] = [];
  if (s.distance_m !== null) words.push(far(f, s.distance_m * 1000));
  if (s.elapsed_s !== null) words.push(clock(f, s.elapsed_s));
  const at = s.started_at ? Date.parse(s.started_at) : NaN;
  if (!Number.isNaN(at)) words.push(when(f, at, null));
  if (s.way.length) out.push(line(s.way));
  out.push(part(words.join(" \u00b7 "), "num"));
  const rules = f.querySelector<HTMLTemplateElement>("template[data-rules]");
  if (rules) out.push(ruled(f, s, rules));
  return out;
}

/** What the rules make of it: the outcome, then why. */
function ruled(f: HTMLFormElement, s: Seen,
    rules: HTMLTemplateElement): HTMLElement {
  const sentence = (key: string, args: string[]): string =>
    (rules.content.querySelector(`[data-key=${key}]`)?.textContent ?? "")
      .replace(/\{(\d)\}/g, (_, i) => args[Number(i) - 1] ?? "");
  const shown = (x: Figure): string => "mm" in x ? far(f, x.mm)
    : when(f, x.at, "short", x.wall);
  const found = foresee(s, rules.dataset);
  const at = part("", "sub");
  at.dataset.outcome = found.outcome;
  at.textContent = [sentence(found.outcome, [far(f, found.counted_mm)]),
    ...found.says.map((x) => sentence(x.key, x.figures.map(shown)))].join(" ");
  f.querySelector<HTMLElement>("[data-foresaid]")!.hidden = false;
  return at;
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
