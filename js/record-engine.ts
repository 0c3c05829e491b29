// SPDX-License-Identifier: AGPL-3.0-or-later
// The engine's thread: everystep-record.wasm (src/lib/recording.h) behind
// messages. No page may run WebAssembly: this script's own policy lets it.
import type { Answer, Asked, Measure, Now } from "./record/engine";
import type { Fix } from "./record/run";

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  calloc(n: number, size: number): number;
  free(p: number): void;
  es_code_name(code: number): number;
  es_recording_new(sport: number): number;
  es_recording_free(r: number): void;
  es_recording_add(r: number, t: number, lat: number, lon: number, alt: number,
    speed: number, acc: number, flags: number): number;
  es_recording_count(r: number): number;
  es_recording_now(r: number): number;
  es_recording_measure(r: number, from: number, to: number, out: number,
    err: number): number;
  es_recording_write(r: number, from: number, to: number, format: number,
    out: number, err: number): number;
}

// The whole is measured again after so many fixes, or this part of all.
const SETTLE_FIXES = 15;
const SETTLE_PART = 1 / 500;
const ERROR_ROOM = 512; // an es_err and what is asked for before it
const OUT_ROOM = 16;

const port = self as unknown as {
  postMessage(m: Answer, transfer?: Transferable[]): void;
  onmessage: (e: MessageEvent<Asked & { id: number }>) => void;
};

let x: Exports;
let run = 0;
let measured = false; // a measure of the whole is on its way

const bytes = () => new Uint8Array(x.memory.buffer);

function text(p: number): string {
  const all = bytes();
  return new TextDecoder().decode(all.subarray(p, all.indexOf(0, p)));
}

/** fn(run, ...args, out, err): what `take` makes of *out. */
function call<T>(fn: (...args: number[]) => number, args: number[],
    take: (p: number, n: number) => T): T {
  const room = x.calloc(1, OUT_ROOM + ERROR_ROOM);
  if (!room) throw new Error("out_of_memory");
  try {
    const rc = fn(run, ...args, room, room + OUT_ROOM);
    if (rc !== 0) throw new Error(text(x.es_code_name(rc)));
    const v = new DataView(x.memory.buffer);
    return take(v.getUint32(room, true), v.getUint32(room + 4, true));
  } finally {
    x.free(room);
  }
}

const measure = (from: number, to: number): Measure =>
  call(x.es_recording_measure, [from, to], (p) => JSON.parse(text(p)));

async function open(url: string): Promise<void> {
  const got = await fetch(url);
  if (!got.ok) throw new Error(`${got.status}`);
  const { instance } = await WebAssembly.instantiate(await got.arrayBuffer(), {});
  x = instance.exports as unknown as Exports;
  x._initialize();
}

function begin(sport: number): void {
  if (run) x.es_recording_free(run);
  run = x.es_recording_new(sport);
  if (!run) throw new Error("out_of_memory");
}

const told = (v: number | null): number => v ?? NaN;

function settle(): void {
  measured = false;
  const n = x.es_recording_count(run);
  if (n) port.postMessage({ settled: measure(0, n) });
}

function add(fixes: Fix[]): Now {
  for (const f of fixes) {
    const rc = x.es_recording_add(run, f.t, f.lat, f.lon, told(f.alt),
      told(f.speed), told(f.acc), f.flags);
    if (rc !== 0) throw new Error(text(x.es_code_name(rc)));
  }
  const n = x.es_recording_count(run);
  if (n && fixes.length > SETTLE_FIXES) measure(0, n); // many at once: a return
  const at = x.es_recording_now(run); // may make memory another buffer
  const v = new DataView(x.memory.buffer, at, 32);
  const many = v.getFloat64(24, true) >= Math.max(SETTLE_FIXES, n * SETTLE_PART);
  if (many && !measured) {
    measured = true;
    setTimeout(settle);
  }
  return { n, dist_m: v.getFloat64(0, true), speed_mps: v.getFloat64(8, true) };
}

function answer(a: Asked): unknown {
  switch (a.op) {
    case "open": return open(a.wasm);
    case "begin": return begin(a.sport);
    case "add": return add(a.fixes);
    case "measure": return measure(a.from, a.to);
    case "write": return call(x.es_recording_write, [a.from, a.to, a.format],
      (p, n) => bytes().slice(p, p + n));
  }
}

port.onmessage = async (e) => {
  const { id } = e.data;
  try {
    port.postMessage({ id, value: await answer(e.data) });
  } catch (error) {
    port.postMessage({ id, error: (error as Error).message });
  }
};
