// SPDX-License-Identifier: AGPL-3.0-or-later
// The form of the rules, and a change of them while runs are in: in English
// with JavaScript, in Urdu without.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SLUG, onServer } from "./everystep.js";
import { leads, visit } from "./visitor.js";
import { plain, words } from "./words.js";

const FORM = `/organise/e/${SLUG}/rules`;
const at = (page) => new URL(page.url()).pathname;

/** Puts what the form holds in force, for a reason. */
async function change(page, t, why) {
  await leads(page, () =>
    page.getByRole("button", { name: t("See whom this touches") }).click());
  assert.equal(at(page), `${FORM}/change`);
  await page.locator("#why").waitFor();
  // whom it touches: runs by what becomes of them, and some of them by name
  assert(await page.locator("table.moved tbody tr").count() > 0);
  await page.locator("details > summary", { hasText: t("Some of them") })
    .click();
  assert(await page.locator("ul.touched li bdi").count() > 0);
  await page.fill("#why", why);
  await leads(page, () =>
    page.getByRole("button", { name: t("Put these rules in force") }).click());
  await page.getByText(t("All runs were judged by the new rules.")).waitFor();
}

onServer("the rules", (server) => {
  let state;

  test("an organiser comes in", async () => {
    state = await visit(server, {}, async (page) => {
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await leads(page, () =>
        page.getByRole("button", { name: "Go on" }).click());
    });
  });

  test("the sheet follows the form, and a cap cuts what was run", async () => {
    await visit(server, { state }, async (page) => {
      await page.goto(FORM);
      const sheet = page.locator("[data-sheet]");
      await page.fill("#run_cap", "1");
      await sheet.getByText("Of one run at most 1 km count.").waitFor();
      await page.fill("#run_cap", "one");
      await page.getByRole("button", { name: "See whom this touches" }).click();
      await page.locator("#run_cap-error").waitFor();
      assert.equal(await page.inputValue("#run_cap"), "one");
      await page.fill("#run_cap", "1");
      await change(page, words("en"), "Short runs for all");
      await page.goto(`/e/${SLUG}/rules`);
      const text = plain(await page.locator("main").innerText());
      assert(text.includes("Of one run at most 1 km count."), text);
      assert(text.includes("Short runs for all"), text);
    });
    const answer = await fetch(
      `${server.origin}/api/v1/initiatives/${SLUG}`);
    const now = await answer.json();
    assert.equal(now.rules.run_cap_mm, 1e6);
    assert(now.total_m <= now.runs * 1000, `${now.total_m} of ${now.runs}`);
  });

  test("in Urdu, without JavaScript, and back again", async () => {
    const t = words("ur");
    const options = { state, lang: "ur", js: false, width: 320 };
    await visit(server, options, async (page) => {
      await page.goto(FORM);
      assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
      await page.fill("#run_cap", "");
      await page.fill("#day_cap", "۲۰");
      await change(page, t, "ہر قدم");
      await page.goto(`${FORM}/history`);
      assert(plain(await page.locator("main").innerText()).includes("ہر قدم"));
    });
    const answer = await fetch(
      `${server.origin}/api/v1/initiatives/${SLUG}?lang=ur`);
    const now = await answer.json();
    assert.equal(now.rules.run_cap_mm, 0);
    assert.equal(now.rules.day_cap_mm, 20e6);
    assert(now.rules.sheet[2].says[0].includes("20"), now.rules.sheet[2].says);
  });
});
