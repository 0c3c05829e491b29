// SPDX-License-Identifier: AGPL-3.0-or-later
// The console's messages, with a mail server that refuses everybody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onServer, SLUG } from "./everystep.js";
import { withPost } from "./post.js";
import { axe, layout } from "./seen.js";
import { leads, visit } from "./visitor.js";
import { words } from "./words.js";

const PAGE = `/organise/e/${SLUG}/messages`;

withPost("messages", "refuses", () => {
  onServer("an organiser", (server) => {
    let state;
    test("signs in", async () => {
      state = await visit(server, {}, async (page) => {
        await page.goto(server.setup);
        await page.fill("#name", "Clara Fields");
        await leads(page, () =>
          page.getByRole("button", { name: "Go on" }).click());
      });
    });

    for (const [lang, width] of [["en", 1280], ["ur", 320]])
      test(`learns by a test what the mail server says, in ${lang}`, () =>
        visit(server, { state, lang, width }, async (page) => {
          const say = words(lang);
          await page.goto(PAGE);
          await page.fill("#address", `clara.${lang}@example.org`);
          await leads(page, () => page.getByRole("button",
            { name: say("Send me a test") }).click());
          await page.getByText("5.1.1 nobody here").waitFor();
          await page.getByText(say("There is no such mail address.")).waitFor();
          assert.deepEqual(await layout(page), []);
          assert.deepEqual(await axe(page), []);
        }));

    for (const [lang, width] of [["en", 320], ["ur", 1280]])
      test(`adds words and sees how they read, in ${lang}`, () =>
        visit(server, { state, lang, width, js: false }, async (page) => {
          const say = words(lang);
          await page.goto(`${PAGE}/1`);
          await page.fill(`#words_${lang}`, "Bring a lamp.");
          await leads(page, () => page.getByRole("button",
            { name: say("See how it reads first") }).click());
          const shown = page.locator(`.mail[lang=${lang}] .text`,
            { hasText: "> Bring a lamp." });
          assert.equal(await shown.count(), 1);
          await leads(page, () => page.getByRole("button",
            { name: say("Keep"), exact: true }).click());
          assert.equal(await page.inputValue(`#words_${lang}`), "Bring a lamp.");
        }));
  });
});
