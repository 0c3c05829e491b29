// SPDX-License-Identifier: AGPL-3.0-or-later
// What the page says, in its own language: sentences stand in its template,
// digits and signs are the server's.

let root: HTMLElement;
const sentences = new Map<string, string>();

export function words(at: HTMLElement): void {
  root = at;
  const t = at.querySelector<HTMLTemplateElement>("template[data-words]")!;
  for (const el of t.content.querySelectorAll<HTMLElement>("[data-key]"))
    sentences.set(el.dataset.key!, el.textContent!.trim());
}

/** The sentence of that name with {1}, {2} ... filled in. */
export function say(key: string, ...args: string[]): string {
  return (sentences.get(key) ?? key)
    .replace(/\{(\d)\}/g, (_, i) => args[Number(i) - 1] ?? "");
}

export function figure(value: number, places = 0, digits = 1): string {
  const parts = new Intl.NumberFormat("en", {
    numberingSystem: root.dataset.digits, minimumFractionDigits: places,
    maximumFractionDigits: places, minimumIntegerDigits: digits,
  } as Intl.NumberFormatOptions).formatToParts(value);
  return parts.map((p) => p.type === "group" ? root.dataset.group
    : p.type === "decimal" ? root.dataset.decimal : p.value).join("");
}

/** Metres of the reader's unit: 1000 or 1609.344. */
export function unit(): number {
  return Number(root.dataset.unitMm) / 1000;
}

/** In the unit, without its name; cut, as the server cuts. */
export function far(m: number): string {
  const places = m < 100 * unit() ? 2 : 1;
  return figure(Math.floor((m / unit()) * 10 ** places + 1e-9) / 10 ** places,
    places);
}

/** "3.27 km" */
export function distance(m: number): string {
  return (root.dataset.unit || "{1}").replace("{1}", far(m));
}

/** "15 m" */
export function metres(m: number): string {
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit", unit: "meter", maximumFractionDigits: 0,
    numberingSystem: root.dataset.digits } as Intl.NumberFormatOptions)
    .format(m);
}

/** "1:02:05", "4:31" */
export function clock(s: number): string {
  const t = Math.max(0, Math.floor(s));
  const two = (n: number) => figure(n % 60, 0, 2);
  const min = Math.floor(t / 60);
  return min < 60 ? `${figure(min)}:${two(t)}`
    : `${figure(Math.floor(min / 60))}:${two(min)}:${two(t)}`;
}

/** Time for one unit at that speed; "–" where there is none to speak of. */
export function pace(mps: number): string {
  const s = unit() / mps;
  return mps > 0 && s < 3600 ? clock(Math.round(s)) : "–";
}

/** An hour of the day, as the phone shows it. */
export function hour(t: number): string {
  return new Intl.DateTimeFormat(document.documentElement.lang,
    { hour: "numeric", minute: "2-digit" }).format(t);
}
