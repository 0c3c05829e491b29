// SPDX-License-Identifier: AGPL-3.0-or-later
// What a recording is, as the phone keeps it.

/** Marks of a fix; the same numbers as in src/track/track.h. */
export const RESUME = 2;
export const LAP = 4;

export interface Fix {
  t: number; // ms, UTC, whole; rises from fix to fix
  lat: number;
  lon: number;
  alt: number | null;
  speed: number | null;
  acc: number | null;
  flags: number;
}

/** running <-> paused -> ended -> queued -> received (or thrown away) */
export type State = "running" | "paused" | "ended" | "queued" | "received";

/** Time in which nothing was recorded. */
export interface Gap {
  from: number;
  to: number;
  why: "hidden" | "closed" | "signal";
}

/** Why a recording is still here although it should have been sent. */
export type Problem =
  | "offline" // nobody answered
  | "signed-out"
  | "other-person" // somebody else is signed in here
  | "busy" // 429, 503: the server said when to come again
  | "server" // any other 5xx
  | "too-large"
  | "refused" // it can't be read, or the results are final
  | "mismatch"; // the receipt is for other bytes

/** What of the server's receipt is shown. */
export interface Receipt {
  sha256: string;
  run: string;
  status: string;
  provenance: string | null;
  measure: { distance_m: number | null; counted_elapsed_s: number | null };
}

export interface Run {
  id: string; // also its idempotency key
  slug: string; // of the initiative
  who: string | null; // the participant, once known
  state: State;
  sport: number; // FIT's number
  started: number; // ms, UTC
  pausedMs: number; // in all, the open pause not among it
  pausedAt: number | null;
  resumes: boolean; // the next fix is the first after a pause
  from: number; // what of its fixes is handed in: [from, to)
  to: number;
  gaps: Gap[];
  far: number; // metres, as last shown
  share: boolean; // count it on the live page
  sha256: string | null; // of the file to send
  size: number;
  tries: number;
  next: number; // ms, UTC: not before
  problem: Problem | null;
  said: string; // the server's own words about it
  receipt: Receipt | null;
}

export const WALKING = 11;
export const RUNNING = 1;

export function newRun(slug: string, sport: number, share: boolean): Run {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return {
    id: Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(""),
    slug, who: null, state: "running", sport, started: Date.now(), pausedMs: 0,
    pausedAt: null, resumes: false, from: 0, to: 0, gaps: [], far: 0, share,
    sha256: null, size: 0, tries: 0, next: 0, problem: null, said: "",
    receipt: null,
  };
}
