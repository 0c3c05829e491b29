// SPDX-License-Identifier: AGPL-3.0-or-later
// The live total and the latest runs of an initiative's page. Without it the
// page shows what was true when it was loaded.

interface Total {
  total_m: number;
  participants: number;
  runs: number;
}
interface Running {
  people: number;
  distance_m: number;
}
interface Arrival {
  name: string | null;
  distance_m: number;
  country: string | null;
  provenance: string | null;
}

const KEPT = 10; // arrivals on the page, or as many as it came with
const TICK_MS = 1000; // however many come, the page changes once a second
const SILENT_MS = 180_000; // a recorder tells each half minute: all have ended

const hero = document.querySelector<HTMLElement>("[data-live]");
if (hero && "EventSource" in window) follow(hero);

function follow(root: HTMLElement): void {
  const lang = document.documentElement.lang;
  const whole = (n: number): string => figure(root, n, 0);
  const unit = Number(root.dataset.unitMm) || 1e6;
  const far = (m: number): string => {
    // The server's rule: cut, with fewer decimals the more there is.
    const mm = Math.round(m * 1000);
    const places = mm < 1e3 * unit ? 2 : mm < 1e5 * unit ? 1 : 0;
    const cut = Math.floor((mm * 10 ** places) / unit) / 10 ** places;
    return (root.dataset.unit || "{1}").replace("{1}", figure(root, cut, places));
  };
  const countries = countryNames(lang);

  let total: Total | null = null;
  let running: Running | null = null;
  let heard = Date.now();
  let waiting: Arrival[] = [];
  let paused = false;
  const source = new EventSource(root.dataset.live!);
  source.addEventListener("total", (e) => {
    total = JSON.parse((e as MessageEvent).data);
  });
  source.addEventListener("running", (e) => {
    running = JSON.parse((e as MessageEvent).data);
    heard = Date.now();
  });
  source.addEventListener("arrival", (e) => {
    waiting.push(JSON.parse((e as MessageEvent).data));
    waiting = waiting.slice(-KEPT);
  });
  addEventListener("pagehide", () => source.close());

  const pause = document.querySelector<HTMLButtonElement>("[data-pause]");
  if (pause) {
    pause.hidden = false;
    pause.addEventListener("click", () => {
      paused = !paused;
      pause.setAttribute("aria-pressed", String(paused));
    });
  }

  setInterval(() => {
    if (paused || document.hidden) return;
    if (total) {
      put("[data-total]", far(total.total_m));
      put("[data-participants]", whole(total.participants));
      put("[data-runs]", whole(total.runs));
      fill(root, total.total_m * 1000);
      total = null;
    }
    if (Date.now() - heard > SILENT_MS) running = { people: 0, distance_m: 0 };
    if (running) runs(running, whole, far);
    running = null;
    for (const a of waiting) arrive(a, far, countries);
    waiting = [];
  }, TICK_MS);
}

// With the server's signs and digits: a browser may lack those of the
// language, as Chromium does for Azerbaijani.
function figure(root: HTMLElement, value: number, places: number): string {
  const parts = new Intl.NumberFormat("en", {
    numberingSystem: root.dataset.digits,
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  } as Intl.NumberFormatOptions).formatToParts(value);
  return parts.map((p) => p.type === "group" ? root.dataset.group
    : p.type === "decimal" ? root.dataset.decimal : p.value).join("");
}

function put(where: string, text: string): void {
  const el = document.querySelector(where);
  if (el && el.textContent !== text) el.textContent = text;
}

/** Who runs at this moment and chose to be counted. */
function runs(r: Running, whole: (n: number) => string,
              far: (m: number) => string): void {
  const at = document.querySelector<HTMLElement>("[data-running]");
  if (!at) return;
  at.hidden = r.people === 0;
  at.lastElementChild!.textContent = `${whole(r.people)} · ${far(r.distance_m)}`;
}

// The way to the goal (part_progress.html), drawn as the server draws it.
function fill(root: HTMLElement, mm: number): void {
  const way = document.querySelector<SVGElement>("[data-goal]");
  const goal = Number(way?.dataset.goal);
  if (!way || !(goal > 0)) return;
  const part = Math.min(1000, Math.floor((mm / goal) * 1000));
  way.querySelector(".fill")?.setAttribute("stroke-dasharray", `${part} 2000`);
  const head = way.querySelector(".head");
  head?.setAttribute("cx", String(20 + part));
  head?.setAttribute("cy", String(Math.round(42 - 20 * Math.sin((Math.PI * part) / 200))));
  way.querySelector(".mark")?.classList.toggle("there", mm >= goal);
  const percent = (root.dataset.percent || "{1}%")
    .replace("{1}", figure(root, Math.floor((mm / goal) * 100 + 1e-9), 0));
  const words = document.querySelector<HTMLElement>("[data-goal-words]");
  if (words?.dataset.goalWords)
    put("[data-goal-words]", words.dataset.goalWords.replace("{1}", percent));
  way.setAttribute("aria-label", (way.dataset.words || "{1}").replace("{1}", percent));
}

function countryNames(lang: string): (code: string) => string {
  try {
    // Better no name than one in another language.
    if (!Intl.DisplayNames.supportedLocalesOf(lang).length) return () => "";
    const names = new Intl.DisplayNames(lang, { type: "region" });
    return (code) => names.of(code) || "";
  } catch {
    return () => "";
  }
}

function arrive(a: Arrival, distance: (m: number) => string,
                country: (code: string) => string): void {
  const list = document.querySelector("[data-arrivals]");
  if (!list || !a.name) return;
  const li = document.createElement("li");
  const who = document.createElement("span");
  who.className = "who";
  const name = document.createElement("bdi");
  name.textContent = a.name;
  who.append(name, " ");
  if (a.country) {
    const sub = document.createElement("span");
    sub.className = "sub";
    sub.textContent = country(a.country);
    who.append(sub);
  }
  const marks = document.querySelectorAll<HTMLTemplateElement>("template[data-from]");
  for (const mark of marks)
    if (mark.dataset.from === a.provenance)
      who.append(" ", mark.content.cloneNode(true));
  const far = document.createElement("span");
  far.className = "num";
  far.textContent = distance(a.distance_m);
  li.append(who, " ", far);
  li.className = "new";
  const kept = Math.max(KEPT, list.children.length);
  list.prepend(li);
  while (list.children.length > kept) list.lastElementChild!.remove();
  document.querySelector<HTMLElement>("[data-no-arrivals]")?.setAttribute("hidden", "");
}
