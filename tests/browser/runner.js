// SPDX-License-Identifier: AGPL-3.0-or-later
// A person who runs with the recorder: a way whose length is known, a receiver
// that sees it as phones do, and a clock that goes as fast as the test wants.
import { SLUG } from "./everystep.js";

const M_PER_DEG = 111_195;
const LATE_H = 3; // the run began so long ago: it must not end in the future

/** The same numbers each time: mulberry32. */
function chance(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A run at about 3 m/s as a receiver tells it each second: noise that wanders
 *  by `noise` metres and flickers by a third of one. In the seconds of `stands`
 *  ([from, to) pairs) nobody moves; fixes of those in `lost` never come. {fixes, metres (walked from the first
 *  fix to each), total}; dt is the time since the fix before, ms. */
export function way({ seconds = 600, seed = 1, noise = 2, lost = [],
  stands = [], acc = 8 } = {}) {
  const random = chance(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) *
    Math.cos(2 * Math.PI * random());
  let [north, east, heading, done] = [0, 0, random() * 6.28, 0];
  const wander = [0, 0];
  const fixes = [];
  const metres = [];
  const within = (s, pairs) => pairs.some(([from, to]) => s >= from && s < to);
  let dt = 0;
  for (let s = 0; s <= seconds; s++) {
    const speed = (3 + 0.25 * Math.sin(s / 40) + 0.15 * normal()) *
      (within(s, stands) ? 0 : 1);
    heading += 0.02 * normal();
    if (s > 0) {
      north += speed * Math.cos(heading);
      east += speed * Math.sin(heading);
      done += speed;
      dt += 1000;
    }
    for (const k of [0, 1])
      wander[k] += -wander[k] / 30 + noise * Math.sqrt(2 / 30) * normal();
    if (within(s, lost)) continue;
    const lat = 48 + (north + wander[0] + 0.3 * normal()) / M_PER_DEG;
    const lon = 11 + (east + wander[1] + 0.3 * normal()) /
      (M_PER_DEG * Math.cos((48 * Math.PI) / 180));
    fixes.push({ dt, lat, lon, acc: acc + random(), speed: null,
      alt: 500 + 3 * Math.sin(s / 90) });
    metres.push(done);
    dt = 0;
  }
  return { fixes, metres, total: done };
}

/** In the page: its receiver and its clocks are ours. */
function pretend(lateMs) {
  const now = Date.now.bind(Date);
  const counted = performance.now.bind(performance);
  const sim = { ahead: -lateMs, passed: 0, watchers: new Map(), last: 0 };
  Date.now = () => Math.round(now() + sim.ahead + sim.passed);
  performance.now = () => counted() + sim.passed;
  const at = {
    watchPosition: (ok, not) => {
      sim.watchers.set(++sim.last, { ok, not });
      return sim.last;
    },
    clearWatch: (id) => sim.watchers.delete(id),
    getCurrentPosition: () => undefined,
  };
  Object.defineProperty(navigator, "geolocation", { get: () => at });
  sim.tell = (f) => {
    sim.passed += f.dt ?? 0;
    const p = { timestamp: f.stamp ?? Date.now(), coords: { latitude: f.lat,
      longitude: f.lon, altitude: f.alt ?? null, speed: f.speed ?? null,
      accuracy: f.acc === undefined ? 8 : f.acc, altitudeAccuracy: null,
      heading: null } };
    for (const w of [...sim.watchers.values()]) w.ok(p);
  };
  globalThis.sim = sim;
}

/** Gives the page of a context a receiver and clocks of ours. */
export async function equip(context) {
  await context.addInitScript(pretend, LATE_H * 3_600_000);
}

/** What the phone has on its disk: {runs, fixes}. */
export function disk(page) {
  return page.evaluate(() => new Promise((resolve, reject) => {
    const ask = indexedDB.open("everystep-recorder");
    ask.onerror = () => reject(ask.error);
    ask.onsuccess = () => {
      const tx = ask.result.transaction(["runs", "fixes", "files"]);
      const runs = tx.objectStore("runs").getAll();
      const fixes = tx.objectStore("fixes").count();
      const files = tx.objectStore("files").count();
      tx.oncomplete = () => {
        ask.result.close();
        resolve({ runs: runs.result, fixes: fixes.result,
          files: files.result });
      };
    };
  }));
}

/** Lets the receiver tell these fixes and waits until they are on the disk. */
export async function feed(page, fixes, { wait = true } = {}) {
  const before = wait ? (await disk(page)).fixes : 0;
  for (let i = 0; i < fixes.length; i += 50) {
    await page.evaluate((some) => {
      for (const f of some) globalThis.sim.tell(f);
    }, fixes.slice(i, i + 50));
    if (wait) await until(async () =>
      (await disk(page)).fixes >= before + Math.min(i + 50, fixes.length));
  }
}

export async function until(what, patience = 60_000) {
  const end = Date.now() + patience;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((r) => setTimeout(r, 50));
  }
}

export const screen = (page, name) =>
  page.waitForSelector(`[data-recorder][data-screen=${name}]`);

export const press = (page, name) =>
  page.locator(`[data-do=${name}]`).click();

/** Keeps a button pressed for as long as it wants. */
export async function hold(page, name) {
  const at = page.locator(`[data-do=${name}]`);
  await at.hover();
  await page.mouse.down();
  await page.waitForTimeout(1300);
  await page.mouse.up();
}

export async function open(page) {
  await page.goto(`/e/${SLUG}/record`);
  await screen(page, "ready");
}

/** Stands at the first fix until the receiver knows, then starts. */
export async function setOut(page, first) {
  await page.evaluate((f) => globalThis.sim.tell({ ...f, dt: 0 }), first);
  await page.waitForSelector("[data-signal][data-level=good]");
  await press(page, "start");
  await screen(page, "run");
}

/** Ends the run; resolves to the metres that the phone shows, all digits. */
export async function arrive(page) {
  await hold(page, "end");
  await screen(page, "end");
  await page.waitForSelector("[data-end-far][data-metres]");
  return Number(await page.locator("[data-end-far]")
    .getAttribute("data-metres"));
}

/** Sends it; resolves to the server's receipt. */
export async function handIn(page) {
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.request().method() === "POST" &&
      new URL(r.url()).pathname === "/me/recording" && r.status() < 300),
    press(page, "send"),
  ]);
  return answer.json();
}
