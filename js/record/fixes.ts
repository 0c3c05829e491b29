// SPDX-License-Identifier: AGPL-3.0-or-later
// Where the phone is, second by second, or why that isn't known.

export type Trouble = "denied" | "unavailable" | "insecure" | "unsupported";

export interface Seen {
  stamp: number;
  lat: number;
  lon: number;
  alt: number | null;
  speed: number | null;
  acc: number | null;
}

/** Worse than this it isn't a way but a quarter of a town. */
export const COARSE_M = 100;

const PATIENCE_MS = 20_000;
const SILENT_MS = 30_000; // some browsers fall silent: they are asked anew

const number = (v: number | null | undefined): number | null =>
  typeof v === "number" && Number.isFinite(v) ? v : null;

export class Receiver {
  private id: number | null = null;
  private timer = 0;
  private heard = 0;

  constructor(private seen: (s: Seen) => void,
    private trouble: (t: Trouble) => void) {}

  static can(): Trouble | null {
    if (!isSecureContext) return "insecure";
    return "geolocation" in navigator ? null : "unsupported";
  }

  start(): void {
    const not = Receiver.can();
    if (not) return this.trouble(not);
    if (this.id !== null) return;
    this.watch();
    this.timer = window.setInterval(() => {
      if (performance.now() - this.heard < SILENT_MS) return;
      this.unwatch();
      this.watch();
    }, SILENT_MS / 3);
  }

  stop(): void {
    clearInterval(this.timer);
    this.unwatch();
  }

  private watch(): void {
    this.heard = performance.now();
    this.id = navigator.geolocation.watchPosition((p) => {
      this.heard = performance.now();
      const c = p.coords;
      if (number(c.latitude) === null || number(c.longitude) === null) return;
      this.seen({ stamp: p.timestamp, lat: c.latitude, lon: c.longitude,
        alt: number(c.altitude), speed: number(c.speed),
        acc: number(c.accuracy) });
    }, (e) => {
      if (e.code === e.PERMISSION_DENIED) this.stop();
      this.trouble(e.code === e.PERMISSION_DENIED ? "denied" : "unavailable");
    }, { enableHighAccuracy: true, maximumAge: 0, timeout: PATIENCE_MS });
  }

  private unwatch(): void {
    if (this.id !== null) navigator.geolocation.clearWatch(this.id);
    this.id = null;
  }
}
