// SPDX-License-Identifier: AGPL-3.0-or-later
// What the pages say, from the catalogues that they are compiled from.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./everystep.js";

function catalogue(lang) {
  const words = new Map();
  const text = readFileSync(join(ROOT, "po", `${lang}.po`), "utf8")
    .replaceAll('"\n"', "");
  const entry = /^msgid "(.*)"\nmsgstr "(.*)"$/gm;
  for (const [, id, str] of text.matchAll(entry))
    if (str) words.set(JSON.parse(`"${id}"`), JSON.parse(`"${str}"`));
  return words;
}

/** say("Join") is what a page of that language says; {1} stays {1}. */
export function words(lang) {
  if (lang === "en") return (text) => text;
  const known = catalogue(lang);
  return (text) => {
    if (!known.has(text)) throw new Error(`po/${lang}.po lacks "${text}"`);
    return known.get(text);
  };
}

/** Text as people read it: without marks of direction, gaps made one. */
export function plain(text) {
  return text.replace(/[\u061c\u200e\u200f\u2066-\u2069]/g, "")
    .replace(/[\s\u00a0\u202f]+/g, " ").trim();
}
