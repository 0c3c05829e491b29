// SPDX-License-Identifier: AGPL-3.0-or-later
// Reporting something, and what is decided about it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onServer, SLUG } from "./everystep.js";
import { leads, visit } from "./visitor.js";
import { plain, words } from "./words.js";

const WORDS = 'They are not "Ada".\nیہ <b>کوئی اور</b> ہے & more.';
const WHY = "It is\nsomebody else's name.";

onServer("reports", (server) => {
  for (const [lang, js, width] of [["en", false, 1280], ["ur", true, 320]]) {
    const say = words(lang);
    const text = async (page) => plain(await page.locator("main").innerText());
    let number; // address of what became of it
    let name;
    let person; // address of whose name it is

    test(`a name is reported by who passes by: ${lang}`, async () => {
      await visit(server, { lang, js, width }, async (page) => {
        await page.goto(`/e/${SLUG}/leaderboard`);
        const row = page.locator('a[href*="/people/"]').nth(js ? 4 : 2);
        name = plain(await row.innerText());
        person = new URL(await row.getAttribute("href"), page.url()).pathname;
        await page.goto(person);
        await leads(page, () => page.getByRole("link",
          { name: say("Report something on this page") }).click());
        await page.fill("#words", WORDS);
        await page.fill("#mail", "nobody");
        const send = page.getByRole("button",
          { name: say("Send the report"), exact: true });
        assert.equal(await leads(page, () => send.click()), 422);
        // nothing is lost, nor does anything come to it
        assert.equal(await page.inputValue("#words"), WORDS);
        assert.equal(await page.inputValue("#mail"), "nobody");
        await page.fill("#mail", "rosa@example.org");
        await page.check('[name="wrong"][value="identity"]');
        assert.equal(await leads(page, () => send.click()), 200);
        number = new URL(page.url()).pathname;
        assert.match(number, /^\/report\/\d+$/);
        assert((await text(page)).includes(
          say("It waits for somebody to look at it.")));
      });
    });

    test(`it is decided with a reason that can be read: ${lang}`, async () => {
      await visit(server, { lang, js, width }, async (page) => {
        await page.goto(new URL(server.setup).pathname);
        if (await page.locator("#name").count())
          await page.fill("#name", "Clara Fields");
        server.operator ??= await signedIn(page);
        await page.context().addCookies(server.operator.cookies);
        await page.goto("/operate/reports");
        const report = page.locator("article.review",
          { hasText: number.slice(8) });
        assert.equal((await report.locator("blockquote").textContent()).trim(),
          WORDS);
        await report.locator('[value="hide"]').check();
        await report.locator("textarea").fill(WHY);
        assert.equal(await leads(page, () =>
          report.getByRole("button").click()), 200);
        assert.equal(await page.locator("article.review",
          { hasText: number.slice(8) }).count(), 0);
      });
      await visit(server, { lang, js, width }, async (page) => {
        await page.goto(number);
        assert((await text(page)).includes(say("The name is hidden.")));
        assert.equal(
          (await page.locator("blockquote").textContent()).trim(), WHY);
        await page.goto(person);
        assert(!(await page.content()).includes(name));
      });
    });
  }
});

/** Sends the form of the set-up link; what this browser has then. */
async function signedIn(page) {
  await leads(page, () => page.locator("main button[type=submit]").click());
  return page.context().storageState();
}
