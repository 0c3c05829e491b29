// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs typed in, the way that the language writes its numbers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, newName } from "./deeds.js";
import { onServer } from "./everystep.js";
import { leads, visit } from "./visitor.js";
import { plain, words } from "./words.js";

async function typeIn(page, lang, { km, duration = "1:12:30",
  daysAgo = 1 }) {
  const say = words(lang);
  const day = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
  await page.goto("/me");
  await page.locator("summary", { hasText: say("No file? Type it in") })
    .click();
  await page.fill("#date", day.slice(0, 10));
  await page.fill("#time", "07:30");
  await page.fill("#distance", km);
  await page.fill("#duration", duration);
  return leads(page, () => page.getByRole("button",
    { name: say("Add this run"), exact: true }).click());
}

onServer("typed-in runs", (server) => {
  for (const [lang, km] of [["tr", "12,5"], ["en", "12.5"], ["ur", "12.5"]]) {
    test(`${km} in ${lang} is twelve and a half`, () =>
      visit(server, { lang, js: false }, async (page) => {
        await join(page, lang, newName(lang));
        assert.equal(await typeIn(page, lang, { km }), 200);
        const shown = await page.locator(".figures dd").first().innerText();
        const number = lang === "tr" ? "12,50" : "12.50";
        assert(plain(shown).includes(number), shown);
      }));
  }

  test("a distance hardly to be believed waits for a person", () =>
    visit(server, { lang: "en", js: false }, async (page) => {
      await join(page, "en", newName("en"));
      const long = { km: "150.5", duration: "30:00:00", daysAgo: 3 };
      assert.equal(await typeIn(page, "en", long), 200);
      assert.equal(await page.locator("article.receipt.review").count(), 1);
    }));

  for (const km of ["-1", "NaN", "1000000000", ""]) {
    test(`"${km}" kilometres are told at the field`, () =>
      visit(server, { lang: "en" }, async (page) => {
        await join(page, "en", newName("en"));
        assert.equal(await typeIn(page, "en", { km }), 422);
        assert(await page.locator("#distance-error").isVisible());
        const field = page.locator("#distance");
        assert.equal(await field.inputValue(), km);
        assert.equal(await field.getAttribute("aria-invalid"), "true");
        assert.equal(await page.locator("#duration").inputValue(), "1:12:30");
      }));
  }
});
