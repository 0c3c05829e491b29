// SPDX-License-Identifier: AGPL-3.0-or-later
// The page's side of the engine: the same C as on the server, which works in a
// thread beside, so that measuring a long run never holds up the screen.
import { Fix } from "./run";

export interface Now {
  n: number; // fixes
  dist_m: number;
  speed_mps: number; // NaN: not known
}

export interface Split {
  distance_m: number;
  time_s: number;
}

/** As `everystep inspect --json` has it; what we show of it. */
export interface Measure {
  distance_m: number | null;
  elapsed_s: number | null;
  timer_s: number | null;
  moving_s: number | null;
  counted_elapsed_s: number | null;
  elevation_gain_m: number | null;
  gap_s: number | null;
  splits: Split[];
  splits_mile: Split[];
  laps_measured: Split[];
  verdict: string;
}

export type Asked =
  | { op: "open"; wasm: string }
  | { op: "begin"; sport: number }
  | { op: "add"; fixes: Fix[] }
  | { op: "measure"; from: number; to: number }
  | { op: "write"; from: number; to: number; format: number };
export type Answer =
  | { id: number; value: unknown }
  | { id: number; error: string }
  | { settled: Measure };

export const FIT = 1; // as enum es_format
export const GPX = 2;

export class Engine {
  private worker: Worker;
  private last = 0;
  private waiting = new Map<number, [(v: unknown) => void, (e: Error) => void]>();

  /** `settled` is told whenever the whole run was measured in passing. */
  constructor(script: string, private wasm: string,
    settled: (m: Measure) => void) {
    this.worker = new Worker(script);
    this.worker.onmessage = (e: MessageEvent<Answer>) => {
      const a = e.data;
      if ("settled" in a) return settled(a.settled);
      const [resolve, reject] = this.waiting.get(a.id)!;
      this.waiting.delete(a.id);
      if ("error" in a) reject(new Error(a.error));
      else resolve(a.value);
    };
    this.worker.onerror = (e) => {
      for (const [, reject] of this.waiting.values())
        reject(new Error(e.message));
      this.waiting.clear();
    };
  }

  private ask(what: Asked): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.set(++this.last, [resolve, reject]);
      this.worker.postMessage({ id: this.last, ...what });
    });
  }

  async open(): Promise<void> {
    await this.ask({ op: "open", wasm: this.wasm });
  }

  /** Forgets what was, and begins a run with these fixes. */
  async begin(sport: number, fixes: Fix[]): Promise<Now> {
    await this.ask({ op: "begin", sport });
    return this.add(fixes);
  }

  async add(fixes: Fix[]): Promise<Now> {
    return (await this.ask({ op: "add", fixes })) as Now;
  }

  async measure(from: number, to: number): Promise<Measure> {
    return (await this.ask({ op: "measure", from, to })) as Measure;
  }

  async write(from: number, to: number, format: number):
      Promise<Uint8Array<ArrayBuffer>> {
    return (await this.ask({ op: "write", from, to, format })) as
      Uint8Array<ArrayBuffer>;
  }
}
