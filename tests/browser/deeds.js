// SPDX-License-Identifier: AGPL-3.0-or-later
// What people do, in steps that more than one test takes.
import assert from "node:assert/strict";
import { SLUG } from "./everystep.js";
import { leads } from "./visitor.js";
import { plain, words } from "./words.js";

let joined = 0;

/** A name that nobody else has. */
export function newName(lang) {
  const names = { en: "Ada Meadows", ur: "زینب اختر", tr: "Işıl Öztürk" };
  return `${names[lang] ?? names.en} ${++joined}`;
}

export async function join(page, lang, name, slug = SLUG) {
  const say = words(lang);
  await page.goto(`/e/${slug}/join`);
  await page.fill("#display_name", name);
  await page.check('[name="consent_take_part"]');
  await leads(page, () =>
    page.getByRole("button", { name: say("Join"), exact: true }).click());
  assert.equal(new URL(page.url()).pathname, "/joined");
}

/** Opens what is folded away, so that all of a form can be filled in. */
export async function unfold(page) {
  const folded = page.locator("main details:not([open]) > summary");
  while (await folded.count() > 0) await folded.first().click();
}

/** What `at` names in every row of a leaderboard, over all of its pages. */
export async function allRows(page, at) {
  const seen = [];
  for (;;) {
    seen.push(...await page.locator(`tbody ${at}`).allTextContents());
    const next = page.locator('a[rel="next"]');
    if (await next.count() === 0) return seen.map(plain);
    await leads(page, () => next.click());
    assert(seen.length < 1000, "the pages never end");
  }
}

/** The list of one's runs on the own page. */
export function myRuns(page, lang) {
  return page.getByRole("region", { name: words(lang)("My runs"), exact: true })
    .getByRole("listitem");
}

/** Sends files by the form of the own page and waits for their receipts. */
export async function send(page, lang, files) {
  const say = words(lang);
  await page.goto("/me");
  await page.setInputFiles("#files", files);
  await page.getByRole("button", { name: say("Send"), exact: true }).click();
  await page.waitForSelector("article.receipt");
}

/** Another client: joins and hands in through the API. */
export async function joinByApi(server, name, country = "PT",
  { slug = SLUG, ...more } = {}) {
  const at = `${server.origin}/api/v1/initiatives/${slug}`;
  const asked = (await (await fetch(at)).json()).consents;
  const answer = await fetch(`${at}/participants`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      display_name: name, country, consents: Object.fromEntries(
        asked.filter((c) => c.required).map((c) => [c.purpose, c.version])),
      ...more,
    }),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return (await answer.json()).token;
}

export async function sendByApi(server, token, file) {
  const answer = await fetch(`${server.origin}/api/v1/runs`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${token}`,
      "Content-Type": file.mimeType },
    body: file.buffer,
  });
  assert.equal(answer.status, 201);
  return answer.json();
}
