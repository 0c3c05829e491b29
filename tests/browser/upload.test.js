// SPDX-License-Identifier: AGPL-3.0-or-later
// Adding files with a script: the list, what is taken off it, dropped or
// pasted, and an answer that is lost for one of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { join, newName } from "./deeds.js";
import { onServer } from "./everystep.js";
import { run } from "./gpx.js";
import { visit } from "./visitor.js";
import { words } from "./words.js";

const rows = (page) => page.locator("[data-files] li");

/** Files as a drag or the clipboard brings them. */
async function bring(page, event, ...names) {
  await page.evaluate(([type, all]) => {
    const data = new DataTransfer();
    for (const name of all) data.items.add(new File(["<gpx/>"], name));
    const at = document.querySelector("form[data-upload]");
    at.dispatchEvent(type === "drop"
      ? new DragEvent(type, { dataTransfer: data, bubbles: true })
      : new ClipboardEvent(type, { clipboardData: data, bubbles: true }));
  }, [event, names]);
}

onServer("adding files", (server) => {
  for (const lang of ["en", "ur"]) {
    const say = words(lang);
    const button = (at, text) =>
      at.getByRole("button", { name: say(text), exact: true });

    test(`chosen, dropped and pasted, ${lang}`, () =>
      visit(server, { lang }, async (page) => {
        await join(page, lang, newName(lang));
        await page.goto("/me");
        await page.setInputFiles("#files", [run()]);
        await page.setInputFiles("#files", [run(), run()]);
        await bring(page, "drop", "dropped.gpx");
        await bring(page, "paste", "pasted.gpx");
        assert.equal(await rows(page).count(), 5);
        assert.equal(await rows(page).last().locator("[data-words]")
          .innerText(), say("Ready to send"));
        await rows(page).nth(1).locator("button").click();
        assert.equal(await rows(page).count(), 4);
      }));

    test(`one answer is lost, ${lang}`, () =>
      visit(server, { lang }, async (page) => {
        await join(page, lang, newName(lang));
        await page.goto("/me");
        await page.setInputFiles("#files", [run({ metres: 3000 }),
          run({ metres: 4000 })]);
        let sent = 0;
        await page.route("**/me/runs", (route) =>
          ++sent === 2 ? route.fulfill({ body: "" }) : route.continue());
        await button(page, "Send").click();
        await page.waitForSelector("[data-state=failed]");
        assert.equal(await page.locator("[data-state=done]").count(), 1);
        assert.equal(await page.locator("article.receipt").count(), 0);
        await button(page, "Send").click();
        await page.waitForSelector("article.receipt");
        assert.equal(sent, 3); // what had arrived wasn't sent again
        assert.equal(
          await page.locator("article.receipt.accepted").count(), 2);
      }));
  }
});
