// SPDX-License-Identifier: AGPL-3.0-or-later
// What the rules make of a file, as far as one run alone and this phone's clock
// tell it: as src/initiative/verdict.c, which decides.
import type { Seen } from "../file-engine";

const LATE_MS = 10 * 60_000; // clocks are off by minutes
const INDOORS = { counts: null, picture: "picture_missing",
  person: "treadmill", never: "treadmill_not_allowed" } as const;
const NEVER = ["no_distance", "in_future", "before_window", "after_window",
  "too_late", "sport_not_allowed", "treadmill_not_allowed"];
const LOOKS = ["no_start_time", "treadmill", "picture_missing", "long_run",
  "fast_run", "strange"];

/** A value of a sentence: a moment or millimetres. */
export type Figure = { at: number; wall?: boolean } | { mm: number };
export interface Said {
  key: string;
  figures: Figure[];
}
export interface Foreseen {
  outcome: "counts" | "looks" | "never";
  counted_mm: number;
  says: Said[];
}

/** A moment as this phone's clock shows it, counted as if that were UTC. */
const wall = (at: number): number =>
  at - new Date(at).getTimezoneOffset() * 60_000;

function ofTime(s: Seen, r: DOMStringMap, say: (k: string, ...f: Figure[]) =>
    void): void {
  const start = s.started_at ? Date.parse(s.started_at) : NaN;
  const now = Date.now(), local = r.local === "1";
  const here = local ? wall(start) : start;
  const bound = (ms: string): Figure => ({ at: Number(ms), wall: local });
  if (Number.isNaN(start)) return say("no_start_time");
  if (start + (s.elapsed_s ?? 0) * 1000 > now + LATE_MS)
    say("in_future", { at: start });
  else if (here < Number(r.opens))
    say("before_window", { at: start }, bound(r.opens!));
  else if (here >= Number(r.closes))
    say("after_window", { at: start }, bound(r.closes!));
  if (now > Number(r.last)) say("too_late", { at: now },
    { at: Number(r.last) });
}

function ofSport(s: Seen, r: DOMStringMap, say: (k: string) => void): void {
  const allowed = r.sports!.split(" ").filter((x) => x);
  if (!allowed.length || allowed.includes(s.sport)) return;
  say(s.sport === "generic" ? "sport_unknown"
    : "sport_not_allowed");
}

export function foresee(s: Seen, r: DOMStringMap): Foreseen {
  const says: Said[] = [];
  const say = (key: string, ...figures: Figure[]): void => {
    says.push({ key, figures });
  };
  const mm = Math.round((s.distance_m ?? 0) * 1000);
  const most = [Number(r.run), Number(r.day)].filter((x) => x > 0);
  if (mm <= 0) say("no_distance");
  if (Number(r.run) > 0 && mm > Number(r.run))
    say("over_cap", { mm }, { mm: Number(r.run) });
  if (Number(r.day) > 0) say("day_cap", { mm: Number(r.day) });
  ofTime(s, r, say);
  ofSport(s, r, say);
  const indoors = INDOORS[r.indoors as keyof typeof INDOORS];
  if (s.indoors && indoors) say(indoors);
  if (Number(r.long) > 0 && mm > Number(r.long))
    say("long_run", { mm: Number(r.long) });
  const time = s.times[r.time as keyof typeof s.times] ?? s.elapsed_s;
  if (Number(r.pace) > 0 && time && (time * 1e9) / mm < Number(r.pace))
    say("fast_run");
  if (s.verdict === "review") say("strange");
  const has = (keys: string[]): boolean =>
    says.some((x) => keys.includes(x.key));
  return { outcome: has(NEVER) ? "never" : has(LOOKS) ? "looks" : "counts",
    counted_mm: Math.min(mm, ...most), says };
}
