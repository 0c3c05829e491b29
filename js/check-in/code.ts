// SPDX-License-Identifier: AGPL-3.0-or-later
// A ticket's code as people type it (programme/ticket.h): Crockford's letters,
// the last of which shows that one is wrong or two change places.
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH = 10;

const timesX = (v: number): number => (v & 16 ? (v << 1) ^ 0x25 : v << 1) & 31;

/** As it is kept; null when it was mistyped. */
export function readCode(typed: string): string | null {
  const text = typed.replace(/[\s-]/g, "").toLowerCase()
    .replace(/o/g, "0").replace(/[il]/g, "1");
  const v = [...text].map((c) => LETTERS.indexOf(c));
  if (v.length !== LENGTH || v.some((n) => n < 0)) return null;
  const sum = v.slice(0, -1).reduce((s, n) => timesX(s ^ n), 0);
  return sum === v[LENGTH - 1] ? text : null;
}

export async function hashOf(event: string, code: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${event}-${code}`);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(hash)]
    .map((b) => b.toString(16).padStart(2, "0")).join("");
}
