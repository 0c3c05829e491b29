// SPDX-License-Identifier: AGPL-3.0-or-later
// The sheet that stands in a page, and the choice of units.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SLUG, onServer } from "./everystep.js";
import { visit } from "./visitor.js";

const ground = (page) => page.evaluate(() => getComputedStyle(
  document.documentElement).getPropertyValue("--ground").trim());

onServer("the sheet in the page", (server) => {
  test("it comes with the page, in one round trip", () =>
    visit(server, {}, async (page) => {
      const asked = [];
      page.on("request", (r) => asked.push(r.resourceType()));
      await page.goto(`/e/${SLUG}`);
      assert.match(await ground(page), /^#/);
      assert(!asked.includes("stylesheet"), asked.join());
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
      dressed = await ground(page);
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
