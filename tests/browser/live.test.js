// SPDX-License-Identifier: AGPL-3.0-or-later
// A page that stands open shows what comes in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinByApi, newName, sendByApi } from "./deeds.js";
import { onServer } from "./everystep.js";
import { run } from "./gpx.js";
import { visit } from "./visitor.js";
import { plain } from "./words.js";

async function figures(page) {
  const shown = [];
  for (const at of ["[data-total]", "[data-participants]", "[data-runs]",
    "[data-goal-words]"])
    shown.push(plain(await page.locator(at).innerText()));
  const way = page.locator("[data-goal]");
  shown.push(await way.locator(".fill").getAttribute("stroke-dasharray"));
  for (const at of ["cx", "cy"])
    shown.push(await way.locator(".head").getAttribute(at));
  const first = page.locator("[data-arrivals] li").first();
  for (const part of await first.locator("bdi, .sub, .from, .num").allInnerTexts())
    shown.push(plain(part));
  shown.push(await first.locator(".from svg").innerHTML());
  return shown;
}

function changes(page, at, from) {
  return page.waitForFunction(([where, was]) =>
    document.querySelector(where).textContent !== was, [at, from]);
}

onServer("a page that stands open", (server) => {
  for (const lang of ["en", "tr", "az", "ur", "ar"]) {
    test(`the total moves in ${lang}, to what the server would have written`, () =>
      visit(server, { lang }, async (page) => {
        await page.goto(server.initiative);
        const was = await page.locator("[data-total]").textContent();
        const name = newName(lang);
        // Chromium knows no countries in Azerbaijani, and then none is shown.
        const country = lang === "az" ? "" : "PT";
        const token = await joinByApi(server, name, country);
        await sendByApi(server, token, run({ metres: 5000 }));
        await changes(page, "[data-total]", was);
        await page.locator("[data-arrivals] li").first()
          .getByText(name).waitFor();

        const live = await figures(page);
        await page.reload();
        assert.deepEqual(live, await figures(page));
      }));
  }

  test("waits while it is paused", () =>
    visit(server, { lang: "en" }, async (page) => {
      await page.goto(server.initiative);
      const pause = page.getByRole("button", { name: "Pause" });
      await pause.click();
      assert.equal(await pause.getAttribute("aria-pressed"), "true");
      const was = await page.locator("[data-total]").textContent();
      const token = await joinByApi(server, newName("en"));
      // The page has it, and doesn't show it.
      await page.evaluate((url) => new Promise((listening) => {
        const source = new EventSource(url);
        window.came = new Promise((resolve) =>
          source.addEventListener("arrival", resolve));
        source.addEventListener("open", listening);
      }), await page.locator("[data-live]").getAttribute("data-live"));
      await sendByApi(server, token, run());
      await page.evaluate(() => window.came);
      await page.waitForTimeout(2500); // two of its ticks
      assert.equal(await page.locator("[data-total]").textContent(), was);
      await pause.click();
      await changes(page, "[data-total]", was);
    }));
});
