// SPDX-License-Identifier: AGPL-3.0-or-later
// What waits to be sent, kept until the server's receipt names the hash of its
// bytes. Runs in the page, and in the service worker when the network is back.
import { Problem, Receipt, Run } from "./run";
import { Store } from "./store";

const SESSION = "/me/recording";
const WAIT_MS = 60_000; // for an answer
const FIRST_MS = 5_000; // before the second try
const LONGEST_MS = 10 * 60_000;
const LOCK = "everystep-upload";

export interface Session {
  csrf: string;
  participant: string;
  name: string;
  slug: string;
  countable: boolean; // on its page, while they run
}

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** The same bytes gzipped, where the browser can. */
export async function packed(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  if (typeof CompressionStream === "undefined")
    return new Response(bytes).arrayBuffer();
  return new Response(new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), WAIT_MS);
  return fetch(url, { credentials: "same-origin", cache: "no-store", ...init,
    signal: late.signal }).finally(() => clearTimeout(timer));
}

/** Who is signed in here, or why that isn't known. */
export async function session(): Promise<Session | Problem> {
  try {
    const got = await ask(SESSION);
    if (got.ok) return (await got.json()) as Session;
    if (got.status === 403 || got.status === 401) return "signed-out";
    return got.status === 429 || got.status === 503 ? "busy" : "server";
  } catch {
    return "offline";
  }
}

interface Failed {
  problem: Problem;
  said?: string;
  wait_ms?: number;
}

function why(got: Response): Problem {
  switch (got.status) {
    case 401: return "signed-out";
    case 413: return "too-large";
    case 429: case 503: return "busy";
    default: return got.status >= 500 ? "server" : "refused";
  }
}

async function failed(got: Response): Promise<Failed> {
  const wait = Number(got.headers.get("Retry-After") ?? NaN);
  let said = "";
  try {
    const p = await got.json();
    said = String(p.title ?? p.detail ?? "");
  } catch {
    // a page, or nothing
  }
  return { problem: why(got), said,
    wait_ms: wait >= 0 ? wait * 1000 : undefined };
}

async function send(run: Run, file: ArrayBuffer,
    who: Session): Promise<Receipt | Failed> {
  try {
    const got = await ask(SESSION, { method: "POST", body: file, headers: {
      "Content-Type": "application/octet-stream",
      "Idempotency-Key": run.id, "X-CSRF-Token": who.csrf } });
    if (!got.ok) return failed(got);
    const receipt = (await got.json()) as Receipt;
    return receipt.sha256 === run.sha256 ? receipt : { problem: "mismatch" };
  } catch {
    return { problem: "offline" };
  }
}

/** Those that no waiting will mend: a person looks first. */
export const FINAL: Problem[] = ["too-large", "refused", "mismatch"];

function later(run: Run, f: Failed): void {
  const wait = Math.min(FIRST_MS * 2 ** run.tries, LONGEST_MS);
  run.tries++;
  run.problem = f.problem;
  run.said = f.said ?? "";
  run.next = Date.now() + (f.wait_ms ?? wait * (0.75 + Math.random() / 2));
}

async function sendOne(store: Store, run: Run, who: Session | Problem):
    Promise<void> {
  const file = await store.file(run.id);
  let got: Receipt | Failed;
  if (typeof who === "string") got = { problem: who };
  else if (run.who !== null && run.who !== who.participant)
    got = { problem: "other-person" };
  else if (!file) got = { problem: "refused" };
  else got = await send(run, file, who);
  if ("problem" in got) {
    later(run, got);
    await store.put(run);
    return;
  }
  const { sha256: hash, run: id, status, provenance, measure } = got;
  const { distance_m, counted_elapsed_s } = measure;
  Object.assign(run, { state: "received", problem: null, receipt: {
    sha256: hash, run: id, status, provenance,
    measure: { distance_m, counted_elapsed_s } } });
  await store.forget(run, false); // its positions are no longer needed here
}

async function flushed(store: Store, now: boolean): Promise<void> {
  const due = (await store.runs()).filter((r) => r.state === "queued" &&
    (now || (r.next <= Date.now() && !FINAL.includes(r.problem!))));
  if (!due.length) return;
  const who = await session();
  for (const run of due) await sendOne(store, run, who);
}

/** Sends what is due; with `now` all that waits. Never in two places at once:
 *  the other one is at it already. */
export function flush(store: Store, now = false): Promise<void> {
  if (!navigator.locks) return flushed(store, now);
  return navigator.locks.request(LOCK, { ifAvailable: !now }, (lock) =>
    lock ? flushed(store, now) : undefined) as Promise<void>;
}

/** When the next one is due, ms from now; null: none waits for time alone. */
export async function due(store: Store): Promise<number | null> {
  const open = (await store.runs()).filter((r) => r.state === "queued" &&
    !FINAL.includes(r.problem!));
  if (!open.length) return null;
  return Math.max(0, Math.min(...open.map((r) => r.next)) - Date.now());
}
