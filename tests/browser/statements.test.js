// SPDX-License-Identifier: AGPL-3.0-or-later
// Two speakers, from an empty list to what everybody reads side by side; and
// a correction. Without scripts on a desk, with them on a phone, in Urdu.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onServer, SLUG } from "./everystep.js";
import { layout } from "./seen.js";
import { leads, visit } from "./visitor.js";
import { plain, words } from "./words.js";

const CONSOLE = `/organise/e/${SLUG}`;
const SAID = ["We remember them. <b>Each</b> of them.\n\nOne lamp is enough.",
  "A lamp that is carried\nlights the way of two."];

onServer("statements", (server) => {
  let staff;

  /** Who organises, with what this browser has of earlier visits. */
  const organise = async (options, act) => {
    staff ??= await visit(server, {}, async (page) => {
      await page.goto(new URL(server.setup).pathname);
      await page.fill("#name", "Clara Fields");
      await leads(page, () =>
        page.locator("main button[type=submit]").click());
    });
    await visit(server, { ...options, state: staff }, act);
  };
  const press = (page, name) => leads(page, () =>
    page.locator("main").getByRole("button", { name, exact: true }).last().click());

  for (const [lang, js, width] of [["en", false, 1280], ["ur", true, 320]]) {
    const say = words(lang);
    const text = async (page) => plain(await page.locator("main").innerText());
    const names = ["Ada", "Bela"].map((n) => `${n} Example ${lang}`);
    const pages = [];

    test(`two people are written down and speak: ${lang}`, async () => {
      await organise({ lang, js, width }, async (page) => {
        for (const [i, name] of names.entries()) {
          await page.goto(`${CONSOLE}/people-and-bodies`);
          await page.fill("#name", name);
          assert.equal(await press(page, say("Add")), 200);
          await page.fill("#title_en", i ? "Mayor" : "Minister");
          await page.fill("#from", "2026-02-01");
          assert.equal(await press(page, say("Keep")), 200);
          await page.goto(`${CONSOLE}/statements/new`);
          assert.deepEqual(await layout(page), []);
          await page.selectOption("#speaker", { label: name });
          await page.fill("#day", "2026-03-01");
          await page.selectOption("#lang", "en");
          await page.fill("#words", SAID[i]);
          await page.locator("main details > summary").first().click();
          await page.fill("#figures", `Lamps: about ${i + 7}00`);
          assert.equal(await press(page, say("Keep")), 200);
          await approveAndPublish(page, say);
          pages.push(new URL(page.url()).pathname
            .replace("/organise", ""));
        }
      });
    });

    test(`everybody reads them, side by side too: ${lang}`, async () => {
      await visit(server, { lang, js, width }, async (page) => {
        await page.goto(`/e/${SLUG}`);
        await leads(page, () => page.getByRole("link",
          { name: say("All statements"), exact: true }).click());
        assert.deepEqual(await layout(page), []);
        await leads(page, () => page.locator("article.said")
          .filter({ hasText: names[0] })
          .getByRole("link", { name: say("Set another beside it") }).click());
        assert.equal(await leads(page, () => page.locator("article.said")
          .filter({ hasText: names[1] })
          .getByRole("link", { name: say("This one") }).click()), 200);
        assert.deepEqual(await layout(page), []);
        assert.equal(await page.locator("article.said").count(), 2);
        const shown = await text(page);
        for (const part of ["<b>Each</b>", "Minister", "Mayor", "about 700",
          "about 800", ...names]) assert(shown.includes(part), part);
      });
    });

    if (!js) continue; // the same page: one of them is enough
    test(`a correction is told beside the words: ${lang}`, async () => {
      await organise({ lang, js, width }, async (page) => {
        await page.goto(`/organise${pages[0]}`);
        await page.fill("#words", "Two lamps are enough.");
        assert.equal(await press(page, say("Keep")), 200);
        await approveAndPublish(page, say, "It was two.");
      });
      await visit(server, { lang, js, width }, async (page) => {
        await page.goto(pages[0]);
        assert.deepEqual(await layout(page), []);
        const shown = await text(page);
        assert(shown.includes("Two lamps are enough."));
        assert(shown.includes("It was two."));
        await page.locator("main details > summary").first().click();
        assert((await text(page)).includes("One lamp is enough."));
        // on paper it is one sheet of A4
        await page.emulateMedia({ media: "print" });
        const pdf = (await page.pdf({ preferCSSPageSize: true }))
          .toString("latin1");
        assert.equal(pdf.match(/\/Type \/Page\b/g).length, 1);
      });
    });
  }

  async function approveAndPublish(page, say, note) {
    await page.locator("main details > summary").first().click();
    await page.fill("#name", "Her office");
    await page.selectOption("#how", { index: 1 });
    await page.fill("#approved_day", "2026-03-02");
    await page.check("#own");
    assert.equal(await press(page, say("Note the approval")), 200);
    if (note) await page.fill("#note", note);
    assert.equal(await press(page, say("Publish")), 200);
  }
});
