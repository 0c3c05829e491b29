// SPDX-License-Identifier: AGPL-3.0-or-later
// The time of a run where the phone's clock is set while it lasts. What a
// clock on the wall and one that only counts disagree about was no time.

const SET_MS = 2000; // less is drift, or a busy phone
const STRANGE_MS = 60_000; // some receivers date their fixes by another era

/** What both clocks said at one moment. */
export interface Moment {
  wall: number;
  counted: number;
}

export const moment = (): Moment =>
  ({ wall: Date.now(), counted: performance.now() });

export class RunClock {
  private off = 0; // what the wall's clock was moved by, taken back
  private skew: number;

  /** `last`: the time that was last given out, NaN for none. */
  constructor(private last = NaN) {
    const at = moment();
    this.skew = at.wall - at.counted;
    // Closed for a while, and the clock was set back: go on from there.
    if (at.wall < last) this.off = last - at.wall;
  }

  /** `slept`: the page may have stood still since, and with it, on some
   *  phones, the clock that only counts. */
  now(slept = false, at = moment()): number {
    const skew = at.wall - at.counted;
    const by = skew - this.skew;
    if (by < -SET_MS || (by > SET_MS && !slept)) this.off -= by;
    this.skew = skew;
    return Math.round(at.wall + this.off);
  }

  /** The run's time of a fix that a receiver dated `stamp` and that came `at`;
   *  null where it is told again or comes too late. */
  of(stamp: number, slept: boolean, at: Moment): number | null {
    const now = this.now(slept, at);
    const age = at.wall - stamp;
    const t = Math.abs(age) < STRANGE_MS ? Math.round(now - age) : now;
    if (t <= this.last) return null;
    this.last = t;
    return t;
  }
}
