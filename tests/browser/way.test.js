// SPDX-License-Identifier: AGPL-3.0-or-later
// The way of a participant, from left to right without JavaScript and from
// right to left with it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allRows, myRuns, newName, send, unfold } from "./deeds.js";
import { SLUG, onServer } from "./everystep.js";
import { run } from "./gpx.js";
import { leads, visit } from "./visitor.js";
import { plain, words } from "./words.js";

function way(server, lang, js) {
  const say = words(lang);
  const name = newName(lang);
  const button = (page, text) =>
    page.getByRole("button", { name: say(text), exact: true });
  let link;
  let bib;
  let state;

  test("an empty name is told at the field, and the rest is kept", () =>
    visit(server, { lang, js }, async (page) => {
      await page.goto(`/e/${SLUG}`);
      const html = page.locator("html");
      assert.equal(await html.getAttribute("lang"), lang);
      assert.equal(await html.getAttribute("dir"),
        lang === "ur" ? "rtl" : "ltr");
      await leads(page, () => page.locator("main")
        .getByRole("link", { name: say("Take part"), exact: true }).click());
      await unfold(page);
      await page.selectOption("#country", "TR");
      await page.fill("#email", "ada@example.org");
      await page.fill("#birth_year", "90");
      await page.check('[value="initials"]');
      assert.equal(await leads(page, () => button(page, "Join").click()), 422);

      const field = page.locator("#display_name");
      assert.equal(await field.getAttribute("aria-invalid"), "true");
      assert(await page.locator("#display_name-error").isVisible());
      assert(await page.locator("#consent_take_part-error").isVisible());
      assert.equal(await page.locator("#country").inputValue(), "TR");
      assert.equal(await page.locator("#email").inputValue(),
        "ada@example.org");
      assert.equal(await page.locator("#birth_year").inputValue(), "90");
      assert(await page.locator('[value="initials"]').isChecked());
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
    }));

  test("joins", () =>
    visit(server, { lang, js }, async (page) => {
      await page.goto(`/e/${SLUG}/join`);
      await page.fill("#display_name", name);
      await page.selectOption("#country", "PK");
      await page.check('[name="consent_take_part"]');
      assert.equal(await leads(page, () => button(page, "Join").click()), 200);
      assert.equal(plain(await page.locator("h1").innerText()),
        say("You are in, {1}").replace("{1}", name));
      link = await page.locator("a.secret").innerText();
      bib = plain(await page.locator(".bib strong").innerText());
      assert.match(bib, /^\d+$/);
      assert.match(link, new RegExp(`^${server.origin}/p/\\w{20,}$`));
    }));

  test("the personal link opens the page in another browser", async () => {
    state = await visit(server, { lang, js }, async (page) => {
      assert.equal((await page.goto("/me")).status(), 403);
      await page.goto(link);
      await leads(page, () => button(page, "Open my page").click());
      assert.equal(new URL(page.url()).pathname, "/me");
      assert.equal(plain(await page.locator("h1").innerText()), name);
    });
  });

  test("two files at once give two receipts", () =>
    visit(server, { lang, js, state }, async (page) => {
      await send(page, lang, [run({ metres: 3000 }), run({ metres: 4000 })]);
      const receipts = page.locator("article.receipt.accepted");
      assert.equal(await receipts.count(), 2);
      assert.equal(await receipts.locator(".findings .review").count(), 0);
      await page.goto("/me");
      assert.equal(await myRuns(page, lang).count(), 2);
      assert.equal(await page.getByRole("region",
        { name: say("My place"), exact: true })
        .locator('[aria-current="true"]').count(), 1);
    }));

  test("the same file again is the receipt of the first time", () =>
    visit(server, { lang, js, state }, async (page) => {
      const file = run();
      await send(page, lang, [file]);
      await send(page, lang, [file]);
      assert.equal(plain(await page.locator("article .notice").innerText()),
        say("You had sent this already; this is the receipt you got then."));
      await page.goto("/me");
      assert.equal(await myRuns(page, lang).count(), 3);
    }));

  test("a file that can't be read is told so, beside one that can", () =>
    visit(server, { lang, js, state }, async (page) => {
      await send(page, lang, [
        run(),
        { name: "letter.gpx", mimeType: "text/plain",
          buffer: Buffer.from("Dear sirs, here is my run.") },
      ]);
      assert.equal(await page.locator("article.accepted").count(), 1);
      const unread = page.locator("article.unread");
      assert.equal(await unread.locator("h2").innerText(),
        say("This file could not be read"));
      assert(plain(await unread.innerText()).includes("letter.gpx"));
    }));

  test("has a result to show, and what vouches for it", async () => {
    let result;
    await visit(server, { lang, js, state }, async (page) => {
      await page.goto("/me");
      await leads(page, () =>
        myRuns(page, lang).getByRole("link").first().click());
      const link = page.getByRole("link",
        { name: say("The public result"), exact: true });
      result = await link.getAttribute("href");
      assert.match(result, /^\/r\/\w+$/);
    });
    await visit(server, { lang, js }, async (page) => {
      await page.goto(result);
      assert(plain(await page.locator("h1").innerText()).includes(name));
      await leads(page, () => page.getByRole("link",
        { name: say("Is this true?"), exact: true }).click());
      assert.match(new URL(page.url()).pathname, /^\/v\/\w+$/);
      assert(plain(await page.locator("main").innerText()).includes(name));
    });
  });

  test("passes the result on", () =>
    visit(server, { lang, js, state }, async (page) => {
      await page.goto("/me");
      await leads(page, () =>
        myRuns(page, lang).getByRole("link").first().click());
      await page.goto(await page.getByRole("link",
        { name: say("The public result"), exact: true }).getAttribute("href"));
      const share = page.getByRole("region",
        { name: say("Pass it on"), exact: true });
      const address = share.getByLabel(say("The link to share"));
      assert.equal(await address.inputValue(), page.url());
      const links = share.getByRole("link");
      const types = [];
      for (const at of await links.all()) {
        const got = await page.request.get(await at.getAttribute("href"));
        assert.equal(got.status(), 200);
        types.push(got.headers()["content-type"]);
      }
      assert.deepEqual(types.sort(), ["application/pdf", "image/png",
        "image/png", "image/png"]);
      const copy = share.locator("[data-copy]");
      assert.equal(await copy.isVisible(), js);
      if (!js) return;
      await page.context().grantPermissions(["clipboard-read",
        "clipboard-write"]);
      await copy.click();
      await share.getByRole("status").getByText(say("Copied")).waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()),
        page.url());
    }));

  test("takes a run back", () =>
    visit(server, { lang, js, state }, async (page) => {
      await page.goto("/me");
      const before_ = await page.locator(".huge").innerText();
      await leads(page, () =>
        myRuns(page, lang).getByRole("link").first().click());
      await page.locator("summary",
        { hasText: say("Take this run back") }).click();
      await leads(page, () => button(page, "Take it back").click());
      assert.equal(await page.locator("article.receipt.withdrawn").count(), 1);
      await page.goto("/me");
      assert.notEqual(await page.locator(".huge").innerText(), before_);
      assert.equal(await myRuns(page, lang).locator(".withdrawn").count(), 1);
    }));

  test("is found on the leaderboard by name, and by bib", () =>
    visit(server, { lang, js }, async (page) => {
      for (const asked of [name, bib]) {
        await page.goto(`/e/${SLUG}/leaderboard`);
        await page.getByRole("searchbox").fill(asked);
        await leads(page, () => button(page, "Find").click());
        const rows = await page.locator("tbody th bdi").allInnerTexts();
        assert(rows.map(plain).includes(name), `${asked}: ${rows}`);
      }
      await page.getByRole("searchbox").fill("qqqq");
      await leads(page, () => button(page, "Find").click());
      assert.equal(await page.locator("tbody tr").count(), 0);
      assert(await page.getByRole("status").isVisible());
    }));

  test("counts by country", () =>
    visit(server, { lang, js }, async (page) => {
      await page.goto(`/e/${SLUG}/leaderboard`);
      await leads(page, () => page.getByRole("link",
        { name: say("Countries"), exact: true }).click());
      const names = await allRows(page, "th bdi");
      const pakistan = new Intl.DisplayNames(lang, { type: "region" }).of("PK");
      assert(names.includes(pakistan), names.join(", "));
    }));

  test("signs out", () =>
    visit(server, { lang, js, state }, async (page) => {
      await page.goto("/me");
      await leads(page, () => button(page, "Sign out in this browser").click());
      assert.equal((await page.goto("/me")).status(), 403);
    }));
}

onServer("the way of a participant", (server) => {
  test("the leaderboard's pages have everybody once, and end", () =>
    visit(server, { js: false }, async (page) => {
      await page.goto(`/e/${SLUG}/leaderboard`);
      const seen = await allRows(page, "td:last-child");
      assert.equal(new Set(seen).size, seen.length);
      assert(seen.length > 150, `only ${seen.length} people`);
    }));

  test("a language that was chosen stays", () =>
    visit(server, { lang: "en" }, async (page) => {
      const html = page.locator("html");
      await page.goto(`/e/${SLUG}?lang=tr`);
      await leads(page, () => page.getByRole("navigation")
        .getByRole("link", { name: words("tr")("Leaderboard") })
        .first().click());
      assert.equal(await html.getAttribute("lang"), "tr");
      await page.locator("header summary").click();
      await leads(page, () => page.locator('a[hreflang="ar"]').click());
      assert.equal(await html.getAttribute("dir"), "rtl");
      assert.match(page.url(), /\/leaderboard/);
    }));

  for (const [lang, js] of [["en", false], ["ur", true]])
    describe(`${lang}, ${js ? "with" : "without"} JavaScript`, () =>
      way(server, lang, js));
});
