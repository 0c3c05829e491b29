// SPDX-License-Identifier: AGPL-3.0-or-later
// What is in a file, before it leaves the phone: everystep-track.wasm behind
// messages, in a thread whose own policy lets it run WebAssembly.
import { load } from "../src/lib/wasm/everystep-track.mjs";

export interface Seen {
  distance_m: number | null;
  elapsed_s: number | null; // that counts, as the two below
  times: { timer: number | null; moving: number | null };
  sport: string;
  indoors: boolean; // a distance without positions
  started_at: string | null;
  verdict: string;
  way: [number, number][]; // north and east as parts of a square; may be empty
}
export type Told = { id: number; seen: Seen[] } | { id: number; error: string };

interface Points {
  lat_deg: Float64Array;
  lon_deg: Float64Array;
}

const WAY_POINTS = 200; // more can't be seen

const port = self as unknown as {
  postMessage(m: Told): void;
  onmessage: (e: MessageEvent<{ id: number; wasm: string; file: ArrayBuffer }>)
    => void;
};

let library: ReturnType<typeof load> | null = null;

/** The shape of a way in a square, without its place. */
function shape({ lat_deg, lon_deg }: Points): [number, number][] {
  const known: number[] = [];
  lat_deg.forEach((v, i) => {
    if (!Number.isNaN(v)) known.push(i);
  });
  if (known.length < 2) return [];
  const wide = Math.cos((lat_deg[known[0]!]! * Math.PI) / 180);
  const step = Math.ceil(known.length / WAY_POINTS);
  const xy = known.filter((_, k) => k % step === 0 || k === known.length - 1)
    .map((i): [number, number] => {
      const east = lon_deg[i]! - lon_deg[known[0]!]!;
      return [(east - 360 * Math.round(east / 360)) * wide, -lat_deg[i]!];
    });
  const low = [0, 1].map((k) => Math.min(...xy.map((p) => p[k]!)));
  const high = [0, 1].map((k) => Math.max(...xy.map((p) => p[k]!)));
  const size = Math.max(high[0]! - low[0]!, high[1]! - low[1]!) || 1;
  return xy.map(([x, y]) => [
    (x - (low[0]! + high[0]!) / 2) / size + 0.5,
    (y - (low[1]! + high[1]!) / 2) / size + 0.5]);
}

port.onmessage = async (e) => {
  const { id, wasm, file } = e.data;
  try {
    library ??= load(fetch(wasm));
    const opened = await (await library).read(file);
    const seen = opened.activities.map((a): Seen => {
      const m = a.measure();
      return { distance_m: m.distance_m, elapsed_s: m.counted_elapsed_s,
        times: { timer: m.counted_timer_s, moving: m.moving_s },
        sport: m.sport,
        indoors: m.points === 0 && m.distance_source === "device",
        started_at: m.started_at, verdict: m.verdict, way: shape(a.points()) };
    });
    opened.close();
    port.postMessage({ id, seen });
  } catch (error) {
    port.postMessage({ id, error: (error as { code?: string }).code ?? "" });
  }
};
