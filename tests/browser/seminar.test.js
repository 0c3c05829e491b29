// SPDX-License-Identifier: AGPL-3.0-or-later
// A seminar, from a server on which nothing is yet: people register, one waits,
// and at the door a phone without a network lets each in once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onEmptyServer } from "./everystep.js";
import { launched, leads, visit } from "./visitor.js";
import { plain, words } from "./words.js";

const DAY = 86_400_000;

onEmptyServer("the seminar", (server) => {
  const on = new Date(Date.now() + 3 * DAY).toISOString().slice(0, 10);
  const codes = []; // of the tickets
  let state;
  let event; // the path of its public page

  const press = (page, name) => leads(page, () =>
    page.getByRole("button", { name, exact: true }).click());
  const door = () => event.replace("/e/", "/organise/e/")
    .replace("programme", "check-in");

  test("a seminar of two places is published", async () => {
    state = await visit(server, {}, async (page) => {
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await press(page, "Go on");
      await page.goto("/organise/new");
      await page.fill("#title", "The Harbour Run");
      await press(page, "Make it, as a draft");
      await page.goto("/organise/e/the-harbour-run/page");
      await page.fill("#holder", "The harbour school");
      await page.fill("#purpose", "For a library by the water.");
      await press(page, "Keep");
      await page.goto("/organise/e/the-harbour-run");
      await press(page, "Publish it");
      await page.goto("/organise/e/the-harbour-run/programme/new");
      await page.fill("#title", "Light and letters");
      for (const edge of ["starts", "ends"])
        await page.fill(`#${edge}_date`, on);
      await page.fill("#starts_time", "10:00");
      await page.fill("#ends_time", "13:00");
      await press(page, "Make it, as a draft");
      await press(page, "Publish it");
      event = await page.getByRole("link", { name: "Look at the page" })
        .getAttribute("href");
      await leads(page, () => page.locator(".tabs")
        .getByRole("link", { name: "Registration" }).click());
      await page.check("[name=open]");
      await page.fill("#places", "2");
      await page.fill("#own", "Author");
      assert.equal(await press(page, "Keep"), 200);
      assert.equal(await page.inputValue("#own"), "Author");
    });
  });

  test("three register without a script, the third waits", async () => {
    const say = words("ur");
    for (const [name, lang] of [["Ada King", "en"], ["آدا", "ur"],
      ["Bo", "en"]])
      await visit(server, { lang, js: false, width: 320 }, async (page) => {
        const word = lang === "ur" ? say : (s) => s;
        await page.goto(event);
        await leads(page, () => page.locator(".hero a").first().click());
        await page.fill("#name", name);
        assert.equal(await leads(page, () =>
          page.locator("form.form button").click()), 422);
        assert.equal(await page.inputValue("#name"), name);
        await page.check("[name=affiliation][value='16']");
        await page.check("[name=keep]");
        assert.equal(await leads(page, () =>
          page.locator("form.form button").click()), 200);
        assert(await page.evaluate(() =>
          document.documentElement.scrollWidth <= innerWidth));
        const said = plain(await page.locator("main").innerText());
        if (name === "Bo") {
          assert.match(said, /at place 1/);
          return;
        }
        assert(said.includes(word("Your ticket")));
        assert(await page.locator("svg.qr").isVisible());
        codes.push(await page.locator(".ticket .code bdi").innerText());
      });
    assert.equal(codes.length, 2);
  });

  test("a phone without a network lets each in once", async () => {
    const context = await (await launched()).newContext({
      baseURL: server.origin, storageState: state,
      viewport: { width: 390, height: 800 } });
    try {
      const page = await context.newPage();
      const said = () => page.locator(".said .is").innerText();
      const show = async (code, want) => {
        await page.fill("#code", code);
        await page.locator("[data-codes] [type=submit]").click();
        await page.locator(`.said .${want}`).waitFor();
      };
      await page.goto(door());
      await page.fill("#door", "Main entrance");
      await page.locator("[data-forget]").waitFor();
      await page.evaluate(() => navigator.serviceWorker.ready);

      await context.setOffline(true);
      await page.reload(); // as after a call, or an empty battery
      await page.locator("[data-forget]").waitFor();
      await show(` ${codes[0].toLowerCase()} `, "welcome");
      assert.match(await said(), /Ada King\s+Author/);
      await show(codes[0], "again");
      const wrong = codes[1].replace(/.$/, (c) => (c === "0" ? "1" : "0"));
      await page.fill("#code", wrong);
      await page.locator("[data-codes] [type=submit]").click();
      await page.locator("[data-slip]:not([hidden])").waitFor();
      await page.fill("#q", "bo");
      await page.getByRole("button", { name: "They are here" }).click();
      await page.locator(".said .no").waitFor();
      await page.reload();
      await page.locator("[data-forget]").waitFor();
      await show(codes[1], "welcome");
      assert.match(await page.locator("[data-count]").innerText(), /2 of 2/);
      await page.getByText("Not sent yet: 3.").waitFor();
      await context.setOffline(false);
      await page.getByText("Everything is sent.").waitFor();
    } finally {
      await context.close();
    }
    await visit(server, { state, js: false }, async (page) => {
      await page.goto(door());
      const main = plain(await page.locator("main").innerText());
      assert.match(main, /2 of 2 have come/);
      assert.match(main, /Main entrance\s+3\s+2/);
      await page.goto(event.replace("/e/", "/organise/e/") + "/tickets");
      assert.match(plain(await page.locator(".groups").innerText()),
        /Author\s+2\s+1\s+2/);
    });
  });
});
