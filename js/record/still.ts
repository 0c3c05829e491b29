// SPDX-License-Identifier: AGPL-3.0-or-later
// Whether somebody stands, for the pause that comes by itself. What counts as
// distance is the engine's alone.

const M_PER_DEG = 111_200;
const STANDS_MS = 10_000;
const STANDS_M = 4; // from end to end of that time
const LEAVES_M = 12;
const LEAVES_MPS = 1.2;

interface At {
  t: number;
  lat: number;
  lon: number;
}

function metres(a: At, b: { lat: number; lon: number }): number {
  const north = (b.lat - a.lat) * M_PER_DEG;
  const east = (b.lon - a.lon) * M_PER_DEG * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}

export class StandStill {
  private past: At[] = [];

  reset(): void {
    this.past = [];
  }

  stands(f: At): boolean {
    this.past.push({ t: f.t, lat: f.lat, lon: f.lon });
    while (this.past.length > 1 && f.t - this.past[1]!.t >= STANDS_MS)
      this.past.shift();
    const first = this.past[0]!;
    if (f.t - first.t < STANDS_MS || metres(first, f) >= STANDS_M) return false;
    this.past = [{ t: f.t, lat: f.lat, lon: f.lon }]; // where one stands
    return true;
  }

  leaves(s: { lat: number; lon: number; speed: number | null }): boolean {
    const at = this.past[this.past.length - 1];
    return !at || metres(at, s) > LEAVES_M || (s.speed ?? 0) > LEAVES_MPS;
  }
}
