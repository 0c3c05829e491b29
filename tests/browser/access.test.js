// SPDX-License-Identifier: AGPL-3.0-or-later
// By keyboard alone, and without motion.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinByApi, newName, sendByApi } from "./deeds.js";
import { SLUG, onServer } from "./everystep.js";
import { run } from "./gpx.js";
import { moving } from "./seen.js";
import { leads, visit } from "./visitor.js";
import { plain, words } from "./words.js";

// Runs in the page: what has the focus, and whether one sees that it has.
function focused() {
  const el = document.activeElement;
  const style = getComputedStyle(el);
  const { left, right, top, bottom } = el.getBoundingClientRect();
  const there = document.elementFromPoint((left + right) / 2,
    Math.min((top + bottom) / 2, innerHeight - 1));
  return {
    what: el.outerHTML.slice(0, 90),
    ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
      || style.boxShadow !== "none",
    bare: el.contains(there) || Boolean(there?.contains(el)),
  };
}

/** Presses Tab until `wanted` has the focus; whoever can't see the focus on
 *  the way there is lost. */
async function tabTo(page, wanted) {
  const target = await wanted.elementHandle();
  for (let pressed = 0; pressed < 200; pressed++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(focused);
    if (!at.what.startsWith("<body"))
      assert(at.ringed && at.bare, `the focus isn't seen on ${at.what}`);
    if (await target.evaluate((el) => el === document.activeElement)) return;
  }
  assert.fail(`Tab never comes to ${wanted}`);
}

async function press(page, wanted, key = "Enter") {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}

function goOn(page, wanted) {
  return leads(page, () => press(page, wanted));
}

onServer("by keyboard alone", (server) => {
  for (const [lang, width] of [["en", 390], ["ur", 1280]]) {
    test(`from the first page to a receipt, ${lang}, ${width} px`, () =>
      visit(server, { lang, width }, async (page) => {
        const say = words(lang);
        const main = page.locator("main");
        const link = (text, at = main) =>
          at.getByRole("link", { name: say(text), exact: true }).first();
        const button = (text) =>
          main.getByRole("button", { name: say(text), exact: true });

        await page.goto(`/e/${SLUG}`);
        await press(page, page.locator("a.skip"));
        assert(await main.evaluate((el) => el === document.activeElement),
          "the skip link doesn't lead into the content");
        await goOn(page, link("Take part"));

        await tabTo(page, page.locator("#display_name"));
        await page.keyboard.type(newName(lang));
        await press(page, page.locator('[name="consent_take_part"]'), "Space");
        assert.equal(await goOn(page, button("Join")), 200);
        await goOn(page, page.locator('a[href="/me"]').first());

        /* who listens late gets the desktop's own dialog, and no event */
        const chooser = page.waitForEvent("filechooser");
        await tabTo(page, page.locator("#files"));
        await page.keyboard.press("Space");
        await (await chooser).setFiles([run()]);
        await press(page, button("Send"));
        await page.waitForSelector("article.receipt.accepted");
        assert(await main.evaluate((el) => el === document.activeElement),
          "the receipt is where the focus is");
      }));
  }

  test("the languages", () => visit(server, {}, async (page) => {
    await page.goto(`/e/${SLUG}`);
    await press(page, page.locator("header summary"));
    await goOn(page, page.locator('header a[hreflang="ar"]'));
    assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
  }));
});

onServer("without motion, live", (server) => {
  test("a run arrives and nothing moves", () =>
    visit(server, {}, async (page) => {
      await page.emulateMedia({ reducedMotion: "reduce" });
      await page.goto(`/e/${SLUG}`);
      const name = newName("en");
      await sendByApi(server, await joinByApi(server, name), run());
      const first = page.locator("[data-arrivals] li").first();
      await first.getByText(name).waitFor();
      assert.deepEqual(await moving(page), []);
      assert(plain(await first.innerText()).includes(name));
    }));
});
