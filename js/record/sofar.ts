// SPDX-License-Identifier: AGPL-3.0-or-later
// While there is a network the server hears how far the run is, as it happens:
// time and metres, never a place. What it heard in time is what makes the run
// "recorded live" once the file agrees. Who chose so is counted meanwhile on the
// initiative's page, among how many.
import { Recorder } from "./recorder";
import { session, Session } from "./queue";
import { Run } from "./run";

const EACH_MS = 30_000;
const WAIT_MS = 20_000;

interface Report {
  run: Run;
  what: { recording: string; at_ms: number; distance_m: number;
    running?: boolean };
}

export class SoFar {
  who: Session | null = null;
  private timer = 0;
  private busy = false;
  private next: Report | null = null;

  constructor(private recorder: Recorder) {}

  start(): void {
    clearInterval(this.timer);
    this.timer = window.setInterval(() => void this.tell(), EACH_MS);
    void this.tell();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** What is told is what the run is now, however long the way there takes. */
  async tell(): Promise<void> {
    const { run, lastFix } = this.recorder;
    if (!run || !lastFix || !navigator.onLine) return;
    const lasts = run.state === "running" || run.state === "paused";
    this.next = { run, what: { recording: run.id, at_ms: lastFix.t,
      distance_m: run.far, ...(run.share ? { running: lasts } : {}) } };
    if (this.busy) return;
    this.busy = true;
    while (this.next) {
      const report = this.next;
      this.next = null;
      await this.send(report).catch(() => undefined); // not told in time
    }
    this.busy = false;
  }

  private async send({ run, what }: Report): Promise<void> {
    if (!this.who) {
      const got = await session();
      if (typeof got === "string") return;
      this.who = got;
    }
    if (run.who === null) run.who = this.who.participant;
    if (run.who !== this.who.participant) return;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), WAIT_MS);
    const got = await fetch("/me/recording/so-far", { method: "POST",
      credentials: "same-origin", signal: late.signal, headers: {
        "Content-Type": "application/json", "X-CSRF-Token": this.who.csrf },
      body: JSON.stringify(what) });
    clearTimeout(timer);
    if (got.status === 403) this.who = null; // the session may have ended
  }
}
