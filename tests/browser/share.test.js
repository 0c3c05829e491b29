// SPDX-License-Identifier: AGPL-3.0-or-later
// Finding somebody on the leaderboard, and passing their page on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SLUG, onServer } from "./everystep.js";
import { leads, visit } from "./visitor.js";

const BOARD = `/e/${SLUG}/leaderboard`;

/** What the phone's sheet would have been given. */
async function withSheet(page) {
  await page.addInitScript(() => {
    navigator.canShare = (data) => Boolean(data.files);
    navigator.share = async (data) => {
      window.passedOn = { url: data.url, title: data.title,
        files: (data.files ?? []).map((f) => [f.name, f.type, f.size]) };
    };
  });
}

/** The first name of the leaderboard, found again by its beginning. */
async function found(page) {
  await page.goto(BOARD);
  const first = page.locator(".board tbody th a").first();
  const name = (await first.innerText()).trim();
  await page.fill("#q", name.slice(0, 3).toUpperCase());
  await leads(page, () => page.locator("form.seek button").click());
  const again = page.locator(".board tbody th a", { hasText: name });
  assert.equal(await again.count(), 1);
  assert.equal(await leads(page, () => again.click()), 200);
  assert.equal((await page.locator("h1").innerText()).trim(), name);
  return name;
}

onServer("finding and passing on", (server) => {
  for (const js of [true, false])
    test(`somebody is found by name, ${js ? "with" : "without"} JavaScript`,
      () => visit(server, { js, width: 390 }, found));

  test("a page is passed on with its picture", () =>
    visit(server, { width: 390 }, async (page) => {
      await withSheet(page);
      const name = await found(page);
      const send = page.locator("[data-send]");
      await send.focus(); // loads the picture, as a finger on the way does
      await page.waitForLoadState("networkidle");
      await send.press("Enter");
      await page.waitForFunction(() => window.passedOn);
      const given = await page.evaluate(() => window.passedOn);
      assert.equal(given.url, page.url());
      assert(given.title.includes(name), given.title);
      const [file, type, size] = given.files[0];
      assert.equal(file, "everystep.png");
      assert.equal(type, "image/png");
      assert(size > 5000, `${size} bytes`);
    }));

  test("an address is copied, and said to be", () =>
    visit(server, {}, async (page) => {
      await page.context().grantPermissions(
        ["clipboard-read", "clipboard-write"]);
      await page.goto(`/e/${SLUG}`);
      await page.locator("[data-copy]").click();
      await page.locator("[data-said]:not(:empty)").waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()),
        server.initiative);
    }));

  test("without JavaScript the address is there and the pictures are links",
    () => visit(server, { js: false }, async (page) => {
      await page.goto(`/e/${SLUG}`);
      assert.equal(await page.locator("#share-link").inputValue(),
        server.initiative);
      assert(await page.locator("[data-send]").isHidden());
      for (const link of await page.locator(".share a[download]").all()) {
        const answer = await page.request.get(await link.getAttribute("href"));
        assert.equal(answer.status(), 200);
        assert.equal(answer.headers()["content-type"], "image/png");
        assert.match(answer.headers()["content-disposition"], /attachment/);
      }
    }));

  test("what is posted is there for who fetches it", () =>
    visit(server, {}, async (page) => {
      await page.goto(`/e/${SLUG}/people/2?lang=ur`);
      const said = (name) => page.locator(`meta[property="og:${name}"]`)
        .getAttribute("content");
      assert.equal(await said("locale"), "ur_PK");
      assert((await said("url")).startsWith(server.origin));
      const card = await page.request.get(await said("image"));
      assert.equal(card.headers()["content-type"], "image/png");
      const [width, height] = [16, 20].map((at) =>
        card.body().then((b) => b.readUInt32BE(at)));
      assert.equal(await width, Number(await said("image:width")));
      assert.equal(await height, Number(await said("image:height")));
      const own = await page.locator('link[hreflang="ur"]')
        .getAttribute("href");
      assert.equal(own, page.url());
    }));
});
