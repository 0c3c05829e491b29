// SPDX-License-Identifier: AGPL-3.0-or-later
// While there is a network the server hears how far the run is, as it happens:
// time and metres, never a place. What it heard in time is what makes the run
// "recorded live" once the file agrees.
import { Recorder } from "./recorder";
import { session, Session } from "./queue";

const EACH_MS = 30_000;
const WAIT_MS = 20_000;

export class SoFar {
  who: Session | null = null;
  private timer = 0;
  private busy = false;

  constructor(private recorder: Recorder) {}

  start(): void {
    clearInterval(this.timer);
    this.timer = window.setInterval(() => void this.tell(), EACH_MS);
    void this.tell();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async tell(): Promise<void> {
    if (this.busy || !navigator.onLine) return;
    this.busy = true;
    try {
      await this.send();
    } catch {
      // no network: what isn't told in time isn't told
    }
    this.busy = false;
  }

  private async send(): Promise<void> {
    if (!this.who) {
      const got = await session();
      if (typeof got === "string") return;
      this.who = got;
    }
    const { run, lastFix } = this.recorder;
    if (!run || !lastFix) return;
    if (run.who === null) run.who = this.who.participant;
    if (run.who !== this.who.participant) return;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), WAIT_MS);
    const got = await fetch("/me/recording/so-far", { method: "POST",
      credentials: "same-origin", signal: late.signal, headers: {
        "Content-Type": "application/json", "X-CSRF-Token": this.who.csrf },
      body: JSON.stringify({ recording: run.id, at_ms: lastFix.t,
        distance_m: run.far }) });
    clearTimeout(timer);
    if (got.status === 403) this.who = null; // the session may have ended
  }
}
