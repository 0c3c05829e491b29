// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody chose before a run is chosen the next time, too.
import { root } from "./page";

const KEPT = "everystep-recorder-wishes";

const boxes = (): HTMLInputElement[] => [...root.querySelectorAll<
  HTMLInputElement>("input[type=checkbox], [name=sport]")];
const nameOf = (b: HTMLInputElement): string =>
  b.type === "radio" ? `${b.name} ${b.value}` : b.name;

let who = ""; // the participant whose wishes they are

function keep(): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ who, ...Object.fromEntries(
      boxes().map((b) => [nameOf(b), b.checked])) }));
  } catch {
    // full, or private
  }
}

/** Fills them in as they were, and keeps what changes. A browser that keeps
 *  nothing begins with the page's own each time. */
export function wishes(): void {
  try {
    const was = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as
      Record<string, unknown>;
    who = String(was.who ?? "");
    for (const b of boxes())
      if (typeof was[nameOf(b)] === "boolean")
        b.checked = was[nameOf(b)] as boolean;
  } catch {
    // private, or not of our writing
  }
  root.addEventListener("change", keep);
}

/** Whose phone it is now: what one person let others see isn't what the next
 *  one does. */
export function wishesOf(participant: string): void {
  if (who && who !== participant)
    root.querySelector<HTMLInputElement>("[name=share]")!.checked = false;
  if (who === participant) return;
  who = participant;
  keep();
}
