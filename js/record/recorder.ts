// SPDX-License-Identifier: AGPL-3.0-or-later
// A run from its start to its end: fixes in, figures out, every change on the
// disk before it is told. Knows no page.
import { Moment, moment, RunClock } from "./clock";
import { Engine, Measure, Now } from "./engine";
import { COARSE_M, Seen } from "./fixes";
import { Fix, Gap, LAP, newRun, RESUME, Run } from "./run";
import { StandStill } from "./still";
import { Store } from "./store";

const GAP_MS = 10_000; // as EVD_GAP_S: longer steps are gaps
const GONE_MS = 30 * 60_000; // closed for longer: that was no part of the run
const FRESH_MS = 10_000; // a fix of before the start that still is where one is

export interface Heard {
  changed(): void; // anything that is shown
  fix(f: Fix): void;
  gap(g: Gap): void; // one that has ended
  unsafe(): void; // the disk takes nothing: it lasts as long as the page
}

export class Recorder {
  run: Run | null = null;
  n = 0;
  now: Now | null = null;
  measure: Measure | null = null; // of the whole, some fixes ago
  coarse: number | null = null; // metres, while the receiver knows no better
  lastFix: Fix | null = null;
  autoPause = false;
  byItself = false; // the pause is the automatic one
  private clock = new RunClock();
  private unsaved: Fix[] = [];
  private pressed = false; // a lap begins with the next fix
  private hidden = false;
  private slept = false; // it was hidden since the last fix
  private closed = false; // or wasn't there
  private still = new StandStill();
  private latest: Seen | null = null;
  private chain: Promise<unknown> = Promise.resolve();

  constructor(private store: Store, private engine: Engine,
    private heard: Heard) {}

  get saved(): boolean {
    return this.unsaved.length === 0;
  }

  /** One after the other: what is on the disk is in order. */
  private then<T>(act: () => Promise<T>): Promise<T> {
    const next = this.chain.then(act);
    this.chain = next.catch(() => undefined);
    return next;
  }

  /** Everything that was asked for so far is done. */
  settled(): Promise<unknown> {
    return this.chain;
  }

  // ---- the person ----

  start(slug: string, sport: number, share: boolean): Promise<void> {
    return this.then(async () => {
      this.forget();
      const run = newRun(slug, sport, share);
      run.started = this.clock.now();
      await this.engine.begin(sport, []);
      await this.store.put(run);
      this.run = run;
      const here = this.latest;
      if (here && Date.now() - here.stamp < FRESH_MS)
        await this.take({ ...here, stamp: Date.now() }, moment());
      this.heard.changed();
    });
  }

  /** Takes up a run that is on the disk, where it was left. */
  resumeFrom(run: Run): Promise<void> {
    return this.then(async () => {
      this.forget();
      const fixes = await this.store.fixes(run.id);
      this.now = await this.engine.begin(run.sport, fixes);
      this.n = fixes.length;
      this.lastFix = fixes[fixes.length - 1] ?? null;
      this.clock = new RunClock(this.lastFix?.t);
      this.closed = true;
      this.run = run;
      if (this.n) this.measure = await this.engine.measure(0, this.n);
      for (const f of fixes) this.heard.fix(f);
      this.heard.changed();
    });
  }

  pause(byItself = false): Promise<void> {
    return this.then(() => this.stop(byItself));
  }

  private async stop(byItself: boolean): Promise<void> {
    if (this.run?.state !== "running") return;
    this.byItself = byItself;
    await this.keep({ state: "paused", pausedAt: this.clock.now() });
  }

  resume(): Promise<void> {
    return this.then(() => this.goOn());
  }

  private async goOn(): Promise<void> {
    const run = this.run;
    if (run?.state !== "paused") return;
    const stood = Math.max(0, this.clock.now() - (run.pausedAt ?? 0));
    this.byItself = false;
    this.still.reset();
    await this.keep({ state: "running", pausedAt: null, resumes: true,
      pausedMs: run.pausedMs + stood });
  }

  lap(): void {
    this.pressed = true;
  }

  end(): Promise<void> {
    return this.then(async () => {
      if (!this.run) return;
      if (this.run.state !== "ended")
        await this.keep({ state: "ended", from: 0, to: this.n });
      if (this.n) this.measure = await this.engine.measure(0, this.n);
      this.heard.changed();
    });
  }

  /** The run is [from, to) of its fixes; resolves to what that measures. */
  trim(from: number, to: number): Promise<Measure> {
    return this.then(async () => {
      const m = await this.engine.measure(from, to);
      await this.keep({ from, to });
      return m;
    });
  }

  /** No more of this one here; on the disk it stays as it is. */
  forget(): void {
    this.run = this.now = this.measure = this.lastFix = null;
    this.n = 0;
    this.unsaved = [];
    this.pressed = this.closed = this.byItself = false;
    this.clock = new RunClock();
    this.still.reset();
  }

  /** Time of the run in ms, pauses out. */
  timer(): number {
    const r = this.run;
    if (!r) return 0;
    const until = r.state === "running" ? this.clock.now(this.slept)
      : r.pausedAt ?? this.lastFix?.t ?? r.started;
    return Math.max(0, until - r.started - r.pausedMs);
  }

  // ---- the phone ----

  /** Whether the page is seen. */
  show(seen: boolean): void {
    this.hidden = !seen;
    this.slept ||= this.hidden;
  }

  hear(s: Seen): Promise<void> {
    const at = moment(); // not that at which its turn comes
    return this.then(async () => {
      if (s.acc !== null && s.acc > COARSE_M) this.coarse = s.acc;
      else {
        this.coarse = null;
        this.latest = s;
        await this.take(s, at);
      }
      this.heard.changed();
    });
  }

  private async take(s: Seen, at: Moment): Promise<void> {
    if (this.run?.state === "paused" && this.byItself &&
        this.still.leaves(s)) await this.goOn();
    const run = this.run;
    if (run?.state !== "running") return;
    const t = this.clock.of(s.stamp, this.slept, at);
    if (t === null) return;
    const f: Fix = { t, lat: s.lat, lon: s.lon, alt: s.alt, speed: s.speed,
      acc: s.acc, flags: 0 };
    this.mark(run, f);
    await this.save(run, f);
    this.n++; // it is on the disk, whatever becomes of the figures
    this.lastFix = f;
    this.slept = this.hidden;
    this.closed = this.pressed = false;
    this.heard.fix(f);
    this.now = await this.engine.add([f]);
    run.far = this.now.dist_m;
    if (this.autoPause && this.still.stands(f)) await this.stop(true);
  }

  /** What there is to say of a fix: a lap, a pause before it, a gap. */
  private mark(run: Run, f: Fix): void {
    if (this.pressed) f.flags |= LAP;
    if (run.resumes) f.flags |= RESUME;
    const last = this.lastFix;
    const missed = last ? f.t - last.t : 0;
    if (last && missed > GAP_MS && !run.resumes) {
      const gap: Gap = { from: last.t, to: f.t,
        why: this.closed ? "closed" : this.slept ? "hidden" : "signal" };
      run.gaps.push(gap);
      if (this.closed && missed > GONE_MS) {
        f.flags |= RESUME;
        run.pausedMs += missed;
      }
      this.heard.gap(gap);
    }
    run.resumes = false;
  }

  private async save(run: Run, f: Fix): Promise<void> {
    this.unsaved.push(f);
    try {
      await this.store.add(run, this.n + 1 - this.unsaved.length, this.unsaved);
      this.unsaved = [];
    } catch {
      this.heard.unsafe();
    }
  }

  private async keep(change: Partial<Run>): Promise<void> {
    if (!this.run) return;
    Object.assign(this.run, change);
    try {
      await this.store.add(this.run, this.n - this.unsaved.length,
        this.unsaved);
      this.unsaved = [];
    } catch {
      this.heard.unsafe();
    }
    this.heard.changed();
  }
}
