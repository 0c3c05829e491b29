// SPDX-License-Identifier: AGPL-3.0-or-later
// Who takes part: what is asked, places and a list of those who wait, a class
// from a table, a team with its captain.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { join, joinByApi, newName, sendByApi } from "./deeds.js";
import { onEmptyServer } from "./everystep.js";
import { run } from "./gpx.js";
import { axe, layout } from "./seen.js";
import { leads, visit } from "./visitor.js";
import { plain, words } from "./words.js";

const CLASS = {
  en: { title: "A run for clean water", name: "Class 7b",
    pupils: ["Ben Field", "Dora Lake", "Sam Stone"] },
  ur: { title: "صاف پانی کے لیے دوڑ", name: "جماعت ہفتم",
    pupils: ["زہرا خان", "علی رضا", "مریم شاہ"] },
};

async function registration(server, lang) {
  const say = words(lang);
  const press = (page, text) => leads(page, () =>
    page.getByRole("button", { name: say(text), exact: true }).click());
  const { title, name, pupils } = CLASS[lang];
  const born = new Date().getUTCFullYear() - 12;
  let owner;
  let slug;
  let at; // the console's address

  const asOwner = (act, more = {}) =>
    visit(server, { lang, state: owner, ...more }, act);
  const settle = (fill) => asOwner(async (page) => {
    await page.goto(`${at}/registration`);
    await fill(page);
    await press(page, "Keep these settings");
    assert.match(await page.locator("main").innerText(),
      new RegExp(say("Kept.")));
  });

  test("an initiative is made and published", async () => {
    owner = await visit(server, { lang }, async (page) => {
      await page.goto(`${server.setup}?lang=${lang}`);
      await page.fill("#name", "Clara Fields");
      await press(page, "Go on");
      await page.goto("/organise/new");
      await page.fill("#title", title);
      await page.fill("#holder", "The harbour school");
      await page.selectOption("#text_lang", lang);
      await page.fill("#opens_date", "2024-01-01");
      await press(page, "Make it, as a draft");
      at = new URL(page.url()).pathname;
      await leads(page, () =>
        page.locator(".checks .needed a").first().click());
      await page.fill("#purpose", title);
      await leads(page, () => page.locator("form.texts button.button").click());
      await page.goto(at);
      await press(page, "Publish it");
    });
    slug = at.replace("/organise/e/", "");
  });

  test("of two places the third who comes waits for one", async () => {
    await settle(async (page) => {
      await page.fill("#capacity", "2");
      await page.check('[name="waiting"]');
      await page.check('[name="teams_by_all"]');
      await page.fill("#team_min", "1");
    });
    const people = [newName(lang), newName(lang), newName(lang)];
    const states = [];
    for (const one of people.slice(0, 2))
      states.push(await visit(server, { lang, width: 320 }, (page) =>
        join(page, lang, one, slug)));
    states.push(await visit(server, { lang, width: 320 }, async (page) => {
      await page.goto(`/e/${slug}/join`);
      await page.fill("#display_name", people[2]);
      await page.check('[name="consent_take_part"]');
      await press(page, "Join the waiting list");
      assert.match(await page.locator("h1").innerText(),
        new RegExp(say("You are on the waiting list")));
    }));
    await visit(server, { lang, state: states[2], width: 320 },
      async (page) => {
        await page.goto("/me");
        const text = await page.locator("main").innerText();
        assert.match(text, new RegExp(say("You are on the waiting list")));
        assert.equal(await page.locator("#files").count(), 0);
      });
    await visit(server, { lang, state: states[0] }, async (page) => {
      await page.goto("/me/leave");
      await page.check('[name="sure"]');
      await press(page, "Leave and erase");
      await page.goto("/me");
      assert.equal(await page.locator("#files").count(), 0);
    });
    await visit(server, { lang, state: states[2] }, async (page) => {
      await page.goto("/me");
      assert.equal(await page.locator("#files").count(), 1);
    });
    await asOwner(async (page) => {
      await page.goto(`${at}/people`);
      const text = plain(await page.locator("main").innerText());
      assert(!text.includes(plain(people[0])), text);
      assert(text.includes(plain(people[2])), text);
    });
    await settle((page) => page.fill("#capacity", ""));
  });

  test("a class comes by a table, and its wrong line is mended", async () => {
    const csv = [
      [say("Name"), say("Year of birth"), say("Country")],
      [pupils[0], born, "TR"],
      [pupils[1], born, "Atlantis"],
      [pupils[2], born, ""],
    ].map((row) => row.join(";")).join("\r\n");
    let wrong;
    await asOwner(async (page) => {
      await page.goto(`${at}/people`);
      await leads(page, () => page.getByRole("link",
        { name: say("Register a class or a club"), exact: true }).click());
      await page.fill("#name", name);
      await page.setInputFiles("#csv", { name: "7b.csv", mimeType: "text/csv",
        buffer: Buffer.from(`\ufeff${csv}`) });
      await page.check('[name="who"][value="school"]');
      await press(page, "Look at the list");
      const row = page.locator("tbody tr");
      assert.equal(await row.count(), 1);
      assert.equal(plain(await row.locator("th").innerText()), "3");
      assert.match(plain(await row.innerText()), new RegExp(plain(pupils[1])));
      const [file] = await Promise.all([page.waitForEvent("download"),
        page.getByRole("link", { name: say("Download these lines as a table"),
          exact: true }).click()]);
      wrong = readFileSync(await file.path(), "utf8");
      assert(wrong.includes("Atlantis") && !wrong.includes(pupils[0]), wrong);
      await press(page, "Register them");
      assert.equal(await page.locator("tbody th[scope=row]").count(), 2);
    });
    // mended and brought again, by telephone and without scripts
    await asOwner(async (page) => {
      await page.goto(`${at}/groups`);
      await page.fill("#name", name);
      await page.setInputFiles("#csv", { name: "mended.csv",
        mimeType: "text/csv",
        buffer: Buffer.from(wrong.replace("Atlantis", "PK")) });
      await page.check('[name="who"][value="school"]');
      await press(page, "Look at the list");
      assert.equal(await page.locator("tbody tr").count(), 0); // none wrong
      await press(page, "Register them");
      assert.equal(await page.locator("tbody th[scope=row]").count(), 3);
    }, { js: false, width: 320 });
  });

  test("each pupil has a link on paper, which opens their page", async () => {
    let link;
    await asOwner(async (page) => {
      await page.goto(`${at}/groups`);
      await leads(page, () =>
        page.getByRole("link", { name, exact: true }).click());
      await press(page, "Make a sheet to print");
      assert.equal(await page.locator(".slip svg.qr").count(), 3);
      link = new URL(await page.locator(".slip .secret").first().innerText());
    });
    await visit(server, { lang, width: 320 }, async (page) => {
      await page.goto(link.pathname);
      await leads(page, () =>
        page.locator("main form button").first().click());
      assert.equal(new URL(page.url()).pathname, "/me");
      assert.match(plain(await page.locator("h1").innerText()),
        new RegExp(plain(pupils[0])));
      await page.goto("/me/team");
      assert.equal(await page.locator("h1").innerText(), name);
    });
    // no full name of a child stands where everybody looks
    const board = await (await fetch(
      `${server.origin}/api/v1/initiatives/${slug}/standings`)).text();
    for (const pupil of pupils) assert(!board.includes(pupil), board);
  });

  test("a captain brings others in and hands the team on", async () => {
    const team = lang === "ur" ? "صبح کی ٹیم" : "Morning Team";
    const captain = newName(lang);
    let code;
    const state = await visit(server, { lang, width: 320 }, async (page) => {
      await join(page, lang, captain, slug);
      await page.goto("/me/team");
      await page.fill("#name", team);
      await press(page, "Make a team");
      code = await page.locator("code.secret").first().innerText();
    });
    const mate = newName(lang);
    const token = await joinByApi(server, mate, "PT",
      { slug, team_code: code });
    await sendByApi(server, token, run({ metres: 4000 }));
    await visit(server, { lang, state }, async (page) => {
      await page.goto("/me/team");
      assert.equal(await page.locator(".myruns li").count(), 2);
      await leads(page, () => page.locator(".myruns li", { hasText: mate })
        .getByRole("button", { name: say("Make captain"), exact: true })
        .click());
      assert.equal(await page.getByRole("button",
        { name: say("Keep these changes"), exact: true }).count(), 0);
    });
    const rows = async (query) => (await (await fetch(`${server.origin
    }/api/v1/initiatives/${slug}/standings?by=team${query}`)).json()).rows;
    const ours = (all) => all.find((r) => r.name === team);
    const sum = ours(await rows(""));
    assert.equal(sum.members, 2);
    assert(Math.abs(sum.mean_m - sum.distance_m / 2) < 0.01, JSON.stringify(sum));
    assert.equal(ours(await rows("&mean=1")).rank, 1);
    const countries = await (await fetch(`${server.origin
    }/api/v1/initiatives/${slug}/standings?by=country&mean=1`)).json();
    assert.equal(countries.rows[0].name, "PT");
  });

  test("its pages look right", async () => {
    await asOwner(async (page) => {
      for (const one of ["registration", "people", "groups", "teams"])
        for (const width of [320, 1280]) {
          await page.setViewportSize({ width, height: 800 });
          await page.goto(`${at}/${one}`);
          assert.deepEqual([...await layout(page), ...await axe(page)], [],
            `${one} at ${width}`);
        }
    });
  });
}

for (const lang of ["en", "ur"])
  onEmptyServer(`registration, in ${lang}`, (server) =>
    registration(server, lang));
