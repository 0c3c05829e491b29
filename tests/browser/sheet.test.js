// SPDX-License-Identifier: AGPL-3.0-or-later
// The sheet that stands in a page, and the choice of units.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SLUG, onServer } from "./everystep.js";
import { visit } from "./visitor.js";

// What a server may send before the first answer of the other side: ten full
// packets (RFC 6928). A page within it is painted after one round trip.
const FIRST_FLIGHT = 10 * 1460;

// A property that no initiative's colour sets.
const corners = (page) => page.evaluate(() => getComputedStyle(
  document.documentElement).getPropertyValue("--round").trim());

onServer("the sheet in the page", (server) => {
  test("it comes with the page, in one round trip", () =>
    visit(server, {}, async (page) => {
      const asked = [];
      page.on("request", (r) => asked.push(r.resourceType()));
      await page.goto(`/e/${SLUG}`);
      assert.match(await corners(page), /rem$/);
      assert(!asked.includes("stylesheet"), asked.join());
    }));

  for (const lang of ["en", "ur"])
    test(`page and sheet fit the first packets, ${lang}`, (t) =>
      visit(server, { lang }, async (page) => {
        const answer = await page.request.get(`/e/${SLUG}?lang=${lang}`);
        const head = answer.headersArray()
          .reduce((n, h) => n + h.name.length + h.value.length + 4, 0);
        const all = head + Number(answer.headers()["content-length"]);
        t.diagnostic(`${all} bytes`);
        assert.equal(answer.headers()["content-encoding"], "gzip");
        assert(all <= FIRST_FLIGHT, `${all} bytes`);
      }));

  test("with one byte changed on the way it is refused", async () => {
    let dressed = "";
    const seen = visit(server, {}, async (page) => {
      await page.route(`**/e/${SLUG}`, async (route) => {
        const answer = await route.fetch();
        const body = await answer.text();
        assert(body.includes("<style>:root{"));
        await route.fulfill({ response: answer,
          body: body.replace("<style>:root{", "<style>:root {") });
      });
      await page.goto(`/e/${SLUG}`);
      dressed = await corners(page);
    });
    await assert.rejects(seen, /Content Security Policy/);
    assert.equal(dressed, "");
  });
});

onServer("kilometres or miles", (server) => {
  for (const js of [true, false])
    test(js ? "chosen once, kept" : "chosen once, kept, without JavaScript",
      () => visit(server, { js }, async (page) => {
        await page.goto(`/e/${SLUG}`);
        assert.match(await page.textContent("[data-total]"), / km$/);
        await page.click(".menu summary");
        await page.click(".menu .units a:not([aria-current])");
        assert.match(await page.textContent("[data-total]"), / mi$/);
        await page.goto(`/e/${SLUG}/leaderboard`);
        assert.match(await page.textContent("th[aria-sort]"), /mi$/);
      }));
});
