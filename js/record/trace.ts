// SPDX-License-Identifier: AGPL-3.0-or-later
// The way so far as a line without a map: no tile is asked for, so nobody else
// learns where somebody runs.

const PAD = 0.08; // of the shorter side
const STEP_PX = 1.2; // nearer points can't be seen apart

/** From degrees to the canvas' pixels. */
interface View {
  k: number;
  dx: number;
  dy: number;
  wide: number;
  high: number;
  least: number; // between points that are drawn
}

export class Trace {
  private x: number[] = [];
  private y: number[] = [];
  private breaks = new Set<number>(); // a piece begins at this point
  private box = [Infinity, Infinity, -Infinity, -Infinity];
  private wide = NaN;
  private lon0 = 0;
  private asked = 0;
  private kept: [number, number] | null = null;

  constructor(private canvas: HTMLCanvasElement) {
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)")
      .addEventListener("change", () => this.draw());
  }

  clear(): void {
    this.x = [];
    this.y = [];
    this.breaks.clear();
    this.box = [Infinity, Infinity, -Infinity, -Infinity];
    this.wide = NaN;
    this.kept = null;
    this.draw();
  }

  get n(): number {
    return this.x.length;
  }

  add(lat: number, lon: number, apart: boolean): void {
    if (Number.isNaN(this.wide)) {
      this.wide = Math.cos((lat * Math.PI) / 180);
      this.lon0 = lon;
    }
    const east = lon - this.lon0; // the short way round the earth
    const x = (east - 360 * Math.round(east / 360)) * this.wide;
    const [l, t, r, b] = this.box as [number, number, number, number];
    if (apart) this.breaks.add(this.x.length);
    this.x.push(x);
    this.y.push(-lat);
    this.box = [Math.min(l, x), Math.min(t, -lat), Math.max(r, x),
      Math.max(b, -lat)];
    this.draw();
  }

  /** What is handed in: [from, to); the rest is drawn faintly. */
  keep(from: number, to: number): void {
    this.kept = [from, to];
    this.draw();
  }

  draw(): void {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.paint();
    });
  }

  private paint(): void {
    const c = this.canvas;
    const sharp = Math.min(devicePixelRatio || 1, 3);
    const w = Math.round(c.clientWidth * sharp);
    const h = Math.round(c.clientHeight * sharp);
    if (c.width !== w) c.width = w;
    if (c.height !== h) c.height = h;
    const g = c.getContext("2d");
    if (!g || !w || !h) return;
    g.clearRect(0, 0, w, h);
    if (!this.n) return;
    const [l, t, r, b] = this.box as [number, number, number, number];
    const pad = Math.min(w, h) * PAD + 6 * sharp;
    const scale = Math.min((w - 2 * pad) / (r - l || 1e-9),
      (h - 2 * pad) / (b - t || 1e-9), 1e7);
    const v: View = { k: scale, dx: w / 2 - ((l + r) / 2) * scale,
      dy: h / 2 - ((t + b) / 2) * scale, wide: w, high: h,
      least: STEP_PX * sharp };
    const style = getComputedStyle(c);
    const [from, to] = this.kept ?? [0, this.n];
    g.lineJoin = g.lineCap = "round";
    g.lineWidth = 3.5 * sharp;
    g.strokeStyle = style.getPropertyValue("--faint") || "#999";
    if (from > 0) this.line(g, v, 0, from + 1);
    if (to < this.n) this.line(g, v, to - 1, this.n);
    g.strokeStyle = style.color;
    this.line(g, v, from, to);
    g.fillStyle = style.color;
    this.dot(g, v, from, 4 * sharp);
    g.fillStyle = style.getPropertyValue("--here") || style.color;
    this.dot(g, v, to - 1, 7 * sharp);
  }

  /** Of thousands of points what can be seen: none that is too near to the one
   *  before, no stroke from where the line was to where it was as well. */
  private line(g: CanvasRenderingContext2D, v: View, from: number,
      to: number): void {
    const across = Math.ceil(v.wide / v.least) + 1;
    const was = new Uint8Array(across * (Math.ceil(v.high / v.least) + 1));
    let [px, py, been, lifted] = [NaN, NaN, 0, false];
    g.beginPath();
    for (let i = from; i < to; i++) {
      const x = this.x[i]! * v.k + v.dx, y = this.y[i]! * v.k + v.dy;
      const first = i === from || (this.breaks.size > 0 && this.breaks.has(i));
      if (!first && i < to - 1 && Math.abs(x - px) < v.least &&
          Math.abs(y - py) < v.least) continue;
      const cell = Math.floor(x / v.least) +
        across * Math.floor(y / v.least);
      const drawn = !first && been > 0 && was[cell]! > 0;
      if (first) g.moveTo(x, y);
      else if (!drawn) {
        if (lifted) g.moveTo(px, py);
        g.lineTo(x, y);
      }
      lifted = drawn;
      been = was[cell]!;
      was[cell] = 1;
      [px, py] = [x, y];
    }
    g.stroke();
  }

  private dot(g: CanvasRenderingContext2D, v: View, i: number,
      r: number): void {
    g.beginPath();
    g.arc(this.x[i]! * v.k + v.dx, this.y[i]! * v.k + v.dy, r, 0,
      2 * Math.PI);
    g.fill();
  }
}
