// SPDX-License-Identifier: AGPL-3.0-or-later
// Each page of staff as the server gives it, with its own sheets and scripts:
// on a wide screen by day and on a phone by night, from left to right and from
// right to left. Their states are in looks.test.js.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinByApi, newName, sendByApi } from "./deeds.js";
import { SLUG, onServer } from "./everystep.js";
import { run } from "./gpx.js";
import { axe, layout } from "./seen.js";
import { leads, visit } from "./visitor.js";

const HERE = `/organise/e/${SLUG}`;
const OF_ALL = ["/organise", "/organise/new", "/organise/passkeys",
  "/organise/sessions", "/operate", "/operate/reports",
  "/operate/decisions"];
const BELOW = [`${HERE}/rules/history`, `${HERE}/messages/1`, `${HERE}/reports`];

onServer("the pages of staff", (server) => {
  let state;
  let paths;

  test("somebody operates, a run waits, something is reported", async () => {
    const file = run();
    await sendByApi(server, await joinByApi(server, newName("en")), file);
    const token = await joinByApi(server, newName("ur"));
    const receipt = await sendByApi(server, token, file);
    assert.equal(receipt.status, "in_review");
    await visit(server, {}, async (page) => {
      await page.goto(`/e/${SLUG}/report?about=text`);
      await page.check("[name=wrong][value=private]");
      await leads(page, () =>
        page.getByRole("button", { name: "Send the report" }).click());
    });
    state = await visit(server, {}, async (page) => {
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await leads(page, () =>
        page.getByRole("button", { name: "Go on" }).click());
      await page.goto(HERE);
      const console = await page.locator("nav.console a")
        .evaluateAll((all) => all.map((a) => a.pathname));
      assert(console.length > 10, console.join(" "));
      paths = [...new Set([...OF_ALL, ...console, ...BELOW,
        `${HERE}/review/${receipt.run}`])];
    });
  });

  for (const [lang, dark, width] of [["en", false, 1280], ["ur", true, 320]])
    test(`hold, ${lang}, ${dark ? "dark" : "light"}, ${width} px`, () =>
      visit(server, { state, lang, dark, width }, async (page) => {
        const found = [];
        await page.emulateMedia({ reducedMotion: "reduce" });
        for (const path of paths) {
          const status = (await page.goto(`${path}?lang=${lang}`)).status();
          if (status !== 200) found.push(`${path}: ${status}`);
          for (const fault of [...await layout(page), ...await axe(page)])
            found.push(`${path}: ${fault}`);
        }
        assert.deepEqual(found, []);
      }));
});
