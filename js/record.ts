// SPDX-License-Identifier: AGPL-3.0-or-later
// The recorder's page: which screen is seen, and what each of its buttons does.
import { Awake } from "./record/awake";
import { Engine, FIT, GPX, Measure, Split } from "./record/engine";
import { COARSE_M, Receiver, Seen, Trouble } from "./record/fixes";
import { onHold } from "./record/hold";
import { Kept, saveAs } from "./record/kept";
import { button, cannot, checked, el, note, put, root, rows, show,
  sure } from "./record/page";
import { packed, session, sha256 } from "./record/queue";
import { Recorder } from "./record/recorder";
import { Gap, Run } from "./record/run";
import { SoFar } from "./record/sofar";
import { Store } from "./record/store";
import { Trace } from "./record/trace";
import { canSpeak, shake, speak } from "./record/voice";
import { wishes, wishesOf } from "./record/wishes";
import { clock, distance, far, figure, hour, metres, pace, say, unit,
  words } from "./record/words";

const COUNT_S = 3;
const GOOD_M = 15; // bars of the signal
const LOST_MS = 10_000; // as a gap begins
const SPLITS_SEEN = 3;
const LOCK = "everystep-recorder";

words(root);

const data = root.dataset as Record<string, string>;
const engine = new Engine(data.engine!, data.wasm!, (m) => {
  if (recorder) recorder.measure = m;
});
let store: Store;
let recorder: Recorder;
let kept: Kept;
let sofar: SoFar;
let told = 0; // kilometres that were said
let toldAt = 0; // ms of the timer
let awakeOk = true;
let full = false;
let seen: Seen | null = null;
let top = 0; // metres shown: they never fall by a whisker
const trace = new Trace(el<HTMLCanvasElement>("trace"));
const whole = new Trace(el<HTMLCanvasElement>("end-trace"));
const awake = new Awake((on) => { awakeOk = on; });
const receiver = new Receiver((s) => {
  seen = s;
  cannot("");
  signal();
  void recorder.hear(s);
}, trouble);

// ---- before the start ----

function signal(): void {
  const m = seen?.acc ?? null;
  const level = !seen ? "none" : m === null || m <= GOOD_M ? "good"
    : m <= COARSE_M ? "fair" : "coarse";
  el("signal").dataset.level = level;
  put("signal-words", say(level === "none" ? "looking" : level,
    figure(Math.round(m ?? GOOD_M))));
}

function trouble(t: Trouble): void {
  if (t === "unavailable" && root.dataset.screen !== "ready") return;
  cannot(say(t));
  if (t !== "unavailable") {
    seen = null;
    signal();
  }
}

async function who(): Promise<void> {
  const got = await session();
  if (typeof got !== "string") {
    sofar.who = got;
    put("who", say("as", got.name));
    wishesOf(got.participant);
    el("countable").hidden = !got.countable;
  } else {
    put("who", say(got === "signed-out" ? "nobody" : "unknown"));
  }
}

async function ready(): Promise<void> {
  recorder.forget();
  await awake.release();
  sofar.stop();
  trace.clear();
  [told, toldAt, top] = [0, 0, 0];
  note("");
  show("ready", "ready", ...((await kept.any()) ? ["waiting"] : []));
  signal();
  receiver.start();
  void who();
  await kept.send();
}

async function start(): Promise<void> {
  const not = Receiver.can();
  if (not) return trouble(not);
  await awake.hold();
  show("count", "count");
  for (let s = COUNT_S; s > 0; s--) {
    put("count", figure(s));
    await new Promise((r) => setTimeout(r, 1000));
  }
  recorder.autoPause = checked("auto");
  const sport = root.querySelector<HTMLInputElement>("[name=sport]:checked")!;
  try {
    await recorder.start(data.slug!, Number(sport.value), checked("share"));
  } catch {
    cannot(say("no-store"));
    return ready();
  }
  run();
}

// ---- while running ----

function run(): void {
  void awake.hold();
  receiver.start();
  sofar.start();
  show("run", "run");
  shake(200);
  tick();
}

function status(): string {
  const r = recorder.run!;
  if (full) return say("full");
  if (r.state === "paused")
    return say(recorder.byItself ? "standing" : "paused");
  const since = recorder.lastFix ? Date.now() - recorder.lastFix.t : 0;
  if (recorder.coarse !== null)
    return say("lost-coarse", figure(Math.round(recorder.coarse)));
  if (since > LOST_MS) return say("lost", clock(since / 1000));
  return say(awakeOk ? "recording" : "awake-not");
}

function tick(): void {
  if (!recorder.run || recorder.run.state === "ended") return;
  const s = recorder.timer() / 1000;
  const m = recorder.now?.dist_m ?? 0;
  if (m > top || m < top * 0.98) top = m;
  put("far", far(top));
  put("unit-name", distance(0).replace(far(0), "").trim());
  put("time", clock(s));
  const paused = recorder.run.state === "paused";
  put("pace", paused ? "–" : pace(recorder.now?.speed_mps ?? NaN));
  put("mean", pace(s > 0 ? top / s : NaN));
  put("state-words", status());
  put("pause-words", say(paused ? "resume" : "pause"));
  put("pocket-words", `${distance(top)} · ${clock(s)}`);
  el("state-words").dataset.state = full ? "full" : recorder.run.state;
  splits(recorder.measure);
  each(s);
}

/** A kilometre, or mile, is full. */
function each(s: number): void {
  const n = Math.floor(top / unit());
  if (n <= told) return;
  const took = clock(s - toldAt / 1000);
  [told, toldAt] = [n, s * 1000];
  if (checked("voice"))
    speak(say("spoken", distance(n * unit()), clock(s), took));
  if (checked("shake")) shake(300, 150, 300);
}

const ofUnit = (m: Measure): Split[] =>
  unit() === 1000 ? m.splits : m.splits_mile;

function cells(all: Split[], from: number): [string, string, string][] {
  return all.map((x, i): [string, string, string] => [
    x.distance_m > unit() - 1 ? figure(i + 1) : distance(x.distance_m),
    clock(x.time_s), x.distance_m > unit() - 1 ? ""
      : pace(x.distance_m / x.time_s)]).slice(from);
}

function splits(m: Measure | null): void {
  const all = m ? ofUnit(m).filter((x) => x.distance_m > unit() - 1) : [];
  const at = el("splits");
  if (at.childElementCount === Math.min(all.length, SPLITS_SEEN) &&
      at.dataset.n === String(all.length)) return;
  at.dataset.n = String(all.length);
  rows(at, cells(all, Math.max(0, all.length - SPLITS_SEEN)).reverse());
}

// ---- after it ----

async function ended(): Promise<void> {
  await recorder.end();
  sofar.stop();
  void sofar.tell(); // the last of it, as it happened
  receiver.stop();
  await awake.release();
  show("end", "end");
  root.querySelector<HTMLElement>("#ended")!.focus();
  whole.clear();
  const fixes = await store.fixes(recorder.run!.id);
  for (const f of fixes) whole.add(f.lat, f.lon, (f.flags & 2) !== 0);
  const times = fixes.map((f) => f.t);
  const some = recorder.n > 1;
  el("has-way").hidden = !some;
  button("send").hidden = !some;
  button("gpx").disabled = button("fit").disabled = !some;
  note(some ? "" : say("nothing"));
  for (const id of ["from", "to"]) {
    const range = root.querySelector<HTMLInputElement>(`#${id}`)!;
    range.max = String(Math.max(0, recorder.n - 1));
    range.value = String(id === "from" ? recorder.run!.from
      : Math.max(0, recorder.run!.to - 1));
    range.oninput = () => cut(times);
  }
  cut(times);
  await cutting;
}

let asked: [number, number] | null = null; // the ends to be measured next
let cutting: Promise<void> = Promise.resolve();
let atIt = false;

/** The run between its two ends, as it will be handed in. The line follows the
 *  finger; of a long run the figures come when it rests. */
function cut(t: number[]): void {
  const a = root.querySelector<HTMLInputElement>("#from")!;
  const b = root.querySelector<HTMLInputElement>("#to")!;
  if (t.length < 2) {
    put("end-far", distance(0));
    put("end-time", clock(recorder.timer() / 1000));
    return;
  }
  if (Number(a.value) >= Number(b.value))
    a.value = String(Math.max(0, Number(b.value) - 1));
  const from = Number(a.value);
  const to = Math.min(Math.max(from + 2, Number(b.value) + 1), t.length);
  const from_s = (t[from]! - t[0]!) / 1000;
  const to_s = (t[to - 1]! - t[0]!) / 1000;
  put("from", clock(from_s));
  put("to", clock(to_s));
  a.setAttribute("aria-valuetext", clock(from_s));
  b.setAttribute("aria-valuetext", clock(to_s));
  whole.keep(from, to);
  asked = [from, to];
  if (!atIt) cutting = measured();
}

async function measured(): Promise<void> {
  atIt = true;
  try {
    while (asked) {
      const [from, to] = asked;
      asked = null;
      const m = await recorder.trim(from, to);
      if (!asked) figures(m);
    }
  } finally {
    atIt = false;
  }
}

function figures(m: Measure): void {
  recorder.run!.far = m.distance_m ?? 0;
  put("end-far", distance(m.distance_m ?? 0));
  el("end-far").dataset.metres = String(m.distance_m);
  put("end-time", clock(m.counted_elapsed_s ?? 0));
  put("end-pace", pace((m.distance_m ?? 0) / (m.counted_elapsed_s || NaN)));
  put("end-climb", metres(m.elevation_gain_m ?? 0));
  rows(el("end-splits"), cells(ofUnit(m), 0));
  const gaps = recorder.run!.gaps;
  put("end-gaps", gaps.length ? say("gaps", clock(gaps.reduce((s, g) =>
    s + g.to - g.from, 0) / 1000), figure(gaps.length)) : "");
}

async function send(): Promise<void> {
  const r = recorder.run!;
  await cutting;
  await recorder.settled();
  const file = await packed(await engine.write(r.from, r.to, GPX));
  Object.assign(r, { state: "queued", sha256: await sha256(file),
    size: file.byteLength, tries: 0, next: 0, problem: null });
  if (r.who === null && sofar.who) r.who = sofar.who.participant;
  try {
    await store.queue(r, file);
  } catch {
    r.state = "ended";
    return note(say("full"));
  }
  const worker = await navigator.serviceWorker?.getRegistration();
  void (worker as unknown as { sync?: { register(tag: string): Promise<void> } })
    ?.sync?.register("everystep-upload").catch(() => undefined);
  await ready();
  root.querySelector("h1")?.focus();
}

async function throwAway(): Promise<void> {
  const r = recorder.run!;
  if (!(await sure(say("sure-throw"), say("yes-throw")))) return;
  await store.forget(r, true);
  await ready();
}

// ---- a run that was left ----

function found(r: Run, last: number): void {
  const missed = Date.now() - last;
  show("found", "found");
  put("found", say("found", hour(r.started), distance(r.far)));
  put("found-gap", r.state === "paused" ? say("paused")
    : say(missed > 30 * 60_000 ? "found-long" : "found-gap",
      clock(missed / 1000)));
}

async function goOn(): Promise<void> {
  if (recorder.run!.state === "ended")
    Object.assign(recorder.run!, { state: "paused", pausedAt:
      recorder.lastFix?.t ?? Date.now() });
  [told, toldAt] = [Math.floor((recorder.now?.dist_m ?? 0) / unit()),
    recorder.timer()];
  run();
}

function gapWords(g: Gap): void {
  note(say(g.why, clock((g.to - g.from) / 1000)));
}

// ---- wiring ----

function bind(): void {
  button("start").onclick = () => void start();
  button("pause").onclick = () => void (recorder.run?.state === "paused"
    ? recorder.resume() : recorder.pause()).then(tick);
  button("lap").onclick = () => {
    recorder.lap();
    shake(100);
  };
  onHold(button("end"), () => void ended(), () =>
    put("state-words", say("hold")), () => void sure(say("sure-end"),
    say("yes-end")).then((yes) => yes ? ended() : undefined));
  button("pocket").onclick = () => {
    show("pocket", "run", "pocket");
    button("wake").focus();
  };
  const wake = (): void => {
    show("run", "run");
    button("pocket").focus();
  };
  onHold(button("wake"), wake, () => undefined, wake);
  button("continue").onclick = () => void goOn();
  button("finish").onclick = () => void ended();
  button("send").onclick = () => void send();
  button("more").onclick = () => void goOn();
  button("throw").onclick = () => void throwAway();
  for (const [name, format] of [["gpx", GPX], ["fit", FIT]] as const)
    button(name).onclick = () => void saveAs(engine, recorder.run!, format,
      recorder.run!.from, recorder.run!.to);
  document.addEventListener("visibilitychange", () => {
    recorder.show(!document.hidden);
    tick();
  });
  addEventListener("beforeunload", (e) => {
    if (recorder.run?.state === "running") e.preventDefault();
  });
  setInterval(tick, 500);
  canSpeak((can) => {
    el("mute").hidden = can;
    root.querySelector<HTMLInputElement>("[name=voice]")!.disabled = !can;
  });
}

/** What the disk holds decides where to begin. */
async function begin(): Promise<void> {
  const left = (await store.runs()).find((r) =>
    ["running", "paused", "ended"].includes(r.state));
  if (!left) return ready();
  await recorder.resumeFrom(left);
  if (left.state === "ended") return ended();
  found(left, recorder.lastFix?.t ?? left.started);
}

function keepOffline(): void {
  const at = navigator.serviceWorker;
  if (!at || !data.worker) return;
  void at.register(data.worker!, { scope: location.pathname })
    .then(() => at.ready).then(() => {
      el("offline").hidden = false;
    }).catch(() => undefined);
}

async function main(): Promise<void> {
  keepOffline();
  wishes();
  const not = Receiver.can();
  if (not) cannot(say(not));
  try {
    store = await Store.open();
  } catch {
    return cannot(say("no-store"));
  }
  try {
    await engine.open();
  } catch {
    return cannot(say("no-engine"));
  }
  recorder = new Recorder(store, engine, {
    changed: tick,
    fix: (f) => {
      full = !recorder.saved;
      trace.add(f.lat, f.lon, (f.flags & 2) !== 0);
      if (recorder.n === 1) void sofar.tell();
    },
    gap: gapWords,
    unsafe: () => { full = true; },
  });
  sofar = new SoFar(recorder);
  kept = new Kept(store, engine, () => root.dataset.screen === "ready");
  bind();
  await begin();
}

/** One tab at a time: two would write the same run twice. */
function alone(): void {
  if (!navigator.locks) return void main();
  void navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
    if (lock) return main().then(() => new Promise(() => undefined));
    show("other", "other");
    void navigator.locks.request(LOCK, () =>
      main().then(() => new Promise(() => undefined)));
    return undefined;
  });
}

alone();
