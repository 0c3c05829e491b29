// SPDX-License-Identifier: AGPL-3.0-or-later
// 10,000 runs a minute arrive while somebody looks on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinByApi, newName } from "./deeds.js";
import { SLUG, onServer } from "./everystep.js";
import { visit } from "./visitor.js";
import { plain } from "./words.js";

const A_SECOND = 170;
const SECONDS = 6;
const RUNNERS = 20; // one may hand in 200 at once
const AT_ONCE = 32; // requests under way
const QUARTER_HOUR_MS = 900_000;

async function typeIn(server, token, nth) {
  const answer = await fetch(`${server.origin}/api/v1/runs`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${token}`,
      "Content-Type": "application/json" },
    body: JSON.stringify({
      started_at: new Date(Date.now() - (nth + 2) * QUARTER_HOUR_MS)
        .toISOString(),
      distance_m: 2000 + nth, elapsed_s: 720,
    }),
  });
  assert.equal(answer.status, 201);
  assert.equal((await answer.json()).status, "accepted");
}

/** As many as said, evenly over their seconds; later where the machine is. */
async function flood(server, tokens) {
  const from = performance.now();
  let next = 0;
  const hand = async () => {
    while (next < A_SECOND * SECONDS) {
      const nth = next++;
      const early = (nth / A_SECOND) * 1000 - (performance.now() - from);
      if (early > 0) await new Promise((done) => setTimeout(done, early));
      await typeIn(server, tokens[nth % RUNNERS], Math.floor(nth / RUNNERS));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
}

// Runs in the page: how often it changes, how long its list becomes.
function watch() {
  const list = document.querySelector("[data-arrivals]");
  const seen = { changes: 0, longest: 0, since: performance.now() };
  let last = -Infinity;
  window.seen = seen;
  new MutationObserver(() => {
    const now = performance.now();
    if (now - last > 100) seen.changes++; // what one tick does is one change
    last = now;
    seen.longest = Math.max(seen.longest, list.children.length);
  }).observe(document.querySelector("main"),
    { childList: true, characterData: true, attributes: true, subtree: true });
}

onServer("10,000 runs a minute", (server) => {
  test("the page stays readable, cheap and right", async (t) => {
    const tokens = await Promise.all(Array.from({ length: RUNNERS },
      () => joinByApi(server, newName("en"))));
    await visit(server, { lang: "en" }, async (page) => {
      await page.goto(`/e/${SLUG}`);
      await page.evaluate(watch);
      const from = performance.now();
      await flood(server, tokens);
      const took = (performance.now() - from) / 1000;
      t.diagnostic(`${Math.round(A_SECOND * SECONDS / took)} runs a second`);

      const answer = await fetch(
        `${server.origin}/api/v1/initiatives/${SLUG}`);
      const { runs } = await answer.json();
      await page.waitForFunction((n) => document
        .querySelector("[data-runs]").textContent.replace(/\D/g, "") === n,
      String(runs));

      const seen = await page.evaluate(() =>
        ({ ...window.seen, for_s: (performance.now() - window.seen.since) / 1000 }));
      assert(seen.changes > 1, "it never moved");
      assert(seen.changes <= seen.for_s + 1,
        `${seen.changes} changes in ${seen.for_s} s`);
      assert(seen.longest <= 10, `${seen.longest} in the list`);

      const total = page.locator("[data-total]");
      const live = plain(await total.innerText());
      await page.reload();
      assert.equal(live, plain(await total.innerText()));
    });
  });
});
