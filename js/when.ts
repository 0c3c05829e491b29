// SPDX-License-Identifier: AGPL-3.0-or-later
// Times of the programme in the reader's own zone, and how long it still is.
// Without this the page says both as they were when it was asked for.

const lang = document.documentElement.lang;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

for (const w of document.querySelectorAll<HTMLElement>("[data-from]"))
  tellHere(w);
for (const left of document.querySelectorAll<HTMLElement>("[data-until]"))
  countDown(left, Number(left.dataset.until));

/** Minutes by which a zone is ahead at a moment. */
function ahead(zone: string | undefined, at: Date): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", hourCycle: "h23",
  }).formatToParts(at);
  const of = (type: string): number =>
    Number(parts.find((p) => p.type === type)!.value);
  const there = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"),
    of("minute"));
  return Math.round((there - at.getTime()) / MINUTE);
}

function tellHere(w: HTMLElement): void {
  const from = new Date(Number(w.dataset.from));
  const to = new Date(Number(w.dataset.to));
  if (ahead(w.dataset.zone, from) === ahead(undefined, from))
    return;
  const clock = {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  } as const; // as the page writes times
  const said = new Intl.DateTimeFormat(lang, {
    day: "numeric", month: "short", ...clock }).format(from) + " – " +
    new Intl.DateTimeFormat(lang, clock).format(to);
  const here = document.createElement("span");
  here.className = "here";
  here.textContent = w.dataset.words!.replace("{1}", said);
  w.append(" ", here);
}

function count(n: number, unit: string): string {
  return new Intl.NumberFormat(lang, { style: "unit", unit,
    unitDisplay: "long" }).format(n);
}

/** The two largest units: "3 days, 4 hours". */
function duration(ms: number): string {
  const all: [number, string][] = [
    [Math.floor(ms / DAY), "day"],
    [Math.floor(ms / HOUR) % 24, "hour"],
    [Math.floor(ms / MINUTE) % 60, "minute"],
    [Math.floor(ms / SECOND) % 60, "second"],
  ];
  const first = all.findIndex(([n]) => n > 0);
  return all.slice(Math.max(first, 0)).slice(0, 2)
    .filter(([n], i) => n > 0 || i === 0)
    .map(([n, unit]) => count(n, unit)).join(" ");
}

function countDown(at: HTMLElement, until: number): void {
  if (until <= Date.now())
    return; // a clock that is ahead of the server's: its word stands
  function show(): void {
    const ms = until - Date.now();
    if (ms <= 0) {
      // not all at once: everybody waits for the same moment
      setTimeout(() => location.reload(), Math.random() * 10 * SECOND);
      return;
    }
    at.textContent = duration(ms);
    setTimeout(show, ms < HOUR ? SECOND : ms % MINUTE + SECOND);
  }
  show();
}
