// SPDX-License-Identifier: AGPL-3.0-or-later
// A launch ceremony, from a server on which nothing is yet to the page that
// people open, their calendar and what search engines read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onEmptyServer } from "./everystep.js";
import { leads, visit } from "./visitor.js";
import { plain, words } from "./words.js";

const DAY = 86_400_000;
const TITLE_UR = "افتتاحی تقریب";

onEmptyServer("the programme", (server) => {
  const on = new Date(Date.now() + 3 * DAY).toISOString().slice(0, 10);
  let state;
  let event; // the path of its public page

  const press = (page, name) => leads(page, () =>
    page.getByRole("button", { name, exact: true }).click());

  test("an initiative is made and published", async () => {
    state = await visit(server, {}, async (page) => {
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await press(page, "Go on");
      await page.goto("/organise/new");
      await page.fill("#title", "The Harbour Run");
      await page.selectOption("#zone", "Europe/Istanbul");
      await press(page, "Make it, as a draft");
      await page.goto("/organise/e/the-harbour-run/page");
      await page.fill("#holder", "The harbour school");
      await page.fill("#purpose", "For a library by the water.");
      await press(page, "Keep");
      await page.goto("/organise/e/the-harbour-run");
      await press(page, "Publish it");
    });
  });

  test("a ceremony is written in two languages, without a script", () =>
    visit(server, { state, js: false }, async (page) => {
      await page.goto("/organise/e/the-harbour-run/programme");
      await leads(page, () =>
        page.getByRole("link", { name: "Add an event" }).click());
      await page.fill("#title", "The launch");
      await page.fill("#about", "With a message by the chair.");
      for (const edge of ["starts", "ends"])
        await page.fill(`#${edge}_date`, on);
      await page.fill("#starts_time", "18:00");
      await page.fill("#ends_time", "19:30");
      await page.fill("#place", "Great Hall");
      await page.fill("#online", "https://meet.example/room");
      await page.check("[name=registered]");
      const urdu = page.locator("details", { hasText: "اردو" }).last();
      await urdu.locator("summary").click();
      await page.fill("#title_ur", TITLE_UR);
      assert.equal(await press(page, "Make it, as a draft"), 200);

      await leads(page, () =>
        page.getByRole("link", { name: "Who, and order of the day" }).click());
      await page.fill("#item_time_0", "18:00");
      await page.fill("#item_0", "Welcome");
      await page.fill("#speaker_0", "Nil Aydın");
      await page.fill("#office_0", "Chair");
      await page.fill("#host_0", "The harbour school");
      assert.equal(await press(page, "Keep"), 200);
      assert.equal(await page.inputValue("#speaker_0"), "Nil Aydın");
      await press(page, "Publish it");
      event = await page.getByRole("link", { name: "Look at the page" })
        .getAttribute("href");
      assert.match(event, /^\/e\/the-harbour-run\/programme\/\d+$/);
    }));

  test("people see when it is, wherever they are", () =>
    visit(server, {}, async (page) => {
      await page.goto("/e/the-harbour-run");
      await leads(page, () =>
        page.getByRole("link", { name: "The launch" }).click());
      assert.equal(new URL(page.url()).pathname, event);
      const when = plain(await page.locator(".hero .when").innerText());
      assert.match(when, /18:00 to 19:30/);
      // this browser's clocks are those of UTC
      assert.match(when, /Your time: .*15:00 – 16:30/);
      assert.match(await page.locator("[data-until]").innerText(),
        /^[23] days/);
      assert.match(await page.locator(".agenda").innerText(), /18:00\s+Welcome/);
      const text = await page.locator("main").innerText();
      assert(!text.includes("meet.example"));
      const data = JSON.parse(await page.locator(
        '[type="application/ld+json"]').textContent());
      assert.equal(data.startDate, `${on}T18:00:00+03:00`);
      assert.equal(data.performer[0].jobTitle, "Chair");
      assert(!JSON.stringify(data).includes("meet.example"));

      const ics = await (await page.request.get(`${event}/event.ics`)).text();
      assert.match(ics, new RegExp(
        `DTSTART;TZID=Europe/Istanbul:${on.replaceAll("-", "")}T180000\r\n`));
      const feed = await page.request.get(
        "/e/the-harbour-run/programme.ics");
      assert.equal((await page.request.get(feed.url(), { headers: {
        "If-None-Match": feed.headers().etag } })).status(), 304);
    }));

  test("in Urdu, on a small phone, at night, without a script", () =>
    visit(server, { lang: "ur", js: false, dark: true, width: 320 },
      async (page) => {
        const say = words("ur");
        await page.goto("/e/the-harbour-run/programme");
        assert.equal(plain(await page.locator("h1").innerText()),
          say("Programme"));
        await leads(page, () =>
          page.getByRole("link", { name: TITLE_UR }).last().click());
        assert.equal(plain(await page.locator("h1").innerText()), TITLE_UR);
        assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
        assert(await page.evaluate(() =>
          document.documentElement.scrollWidth <= innerWidth));
        assert.match(plain(await page.locator("main").innerText()),
          new RegExp(say("It is online. Who has registered sees the link " +
            "here.")));
      }));

  test("who has joined finds the link", () =>
    visit(server, {}, async (page) => {
      await page.goto("/e/the-harbour-run/join");
      await page.fill("#display_name", "Ada");
      await page.check('[name="consent_take_part"]');
      await press(page, "Join");
      await page.goto(event);
      assert.equal(await page.getByRole("link", { name: "Take part online" })
        .getAttribute("href"), "https://meet.example/room");
    }));

  test("called off, it stays and says so", () =>
    visit(server, { state }, async (page) => {
      await page.goto(event);
      await leads(page, () =>
        page.getByRole("link", { name: "Change this event" }).click());
      await page.locator("summary", { hasText: "Call it off" }).click();
      await press(page, "Call it off");
      await page.goto(event);
      assert.match(await page.locator(".hero").innerText(),
        /This event doesn't take place/);
      const ics = await (await page.request.get(`${event}/event.ics`)).text();
      assert.match(ics, /STATUS:CANCELLED\r\n/);
      assert.match(ics, /SEQUENCE:1\r\n/);
    }));
});
