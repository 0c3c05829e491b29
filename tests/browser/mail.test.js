// SPDX-License-Identifier: AGPL-3.0-or-later
// Who lost their personal link comes back by mail: in the browser that asked,
// and between a laptop and a phone in both directions. And who reports something
// reads what was decided.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinByApi, newName } from "./deeds.js";
import { SLUG, onServer } from "./everystep.js";
import { withPost } from "./post.js";
import { axe, layout } from "./seen.js";
import { leads, visit } from "./visitor.js";
import { words } from "./words.js";

const LAPTOP = { width: 1280 };
const PHONE = { width: 320, dark: true };
const LINK = /\/back\/\w{32}\?lang=\w+/;

withPost("by mail", "good", (post) => {
  onServer("somebody who lost their link", (server) => {
    /** Joins and asks, on `page`; resolves to {name, path, code} of the mail. */
    async function ask(page, lang, address) {
      const name = newName(lang);
      await joinByApi(server, name, "PT", { email: address, lang });
      await page.goto(`/back?lang=${lang}`);
      await page.fill("#address", address);
      await leads(page, () => page.locator("main button.button").click());
      assert.equal(new URL(page.url()).pathname, "/back/sent");
      const said = await post.mail(address, LINK);
      assert(!said.includes(name)); // nobody's words are mailed to anybody
      return { name, path: LINK.exec(said)[0], code: /^\d{4} \d{4}$/m.exec(said)[0] };
    }

    async function good(page) {
      assert.deepEqual(await layout(page), []);
      assert.deepEqual(await axe(page), []);
    }

    async function isIn(page, name) {
      assert.equal(new URL(page.url()).pathname, "/me");
      assert.match(await page.locator("main").innerText(), new RegExp(name));
    }

    const send = (page) =>
      leads(page, () => page.locator("main form button.button").click());

    for (const [lang, how] of [["en", { ...LAPTOP, js: false }], ["ur", PHONE]])
      test(`in the browser that asked, ${lang}`, () =>
        visit(server, { lang, ...how }, async (page) => {
          const { name, path } = await ask(page, lang, `one.${lang}@example.org`);
          if (lang === "ur" || how.js !== false) await good(page);
          assert.equal(await page.goto(path).then((r) => r.status()), 200);
          assert.equal(await page.locator("#code").count(), 0);
          if (how.js !== false) await good(page);
          await send(page);
          await isIn(page, name);
          assert.equal(await page.goto(path).then((r) => r.status()), 410);
        }));

    for (const lang of ["en", "ur"])
      test(`asked on a laptop, opened on a phone, ${lang}`, () =>
        visit(server, { lang, ...LAPTOP }, (laptop) =>
          visit(server, { lang, ...PHONE }, async (phone) => {
            const say = words(lang);
            const { name, path } =
              await ask(laptop, lang, `phone.${lang}@example.org`);
            await phone.goto(path);
            await phone.getByRole("heading", { level: 1,
              name: say("You asked in another browser") }).waitFor();
            await good(phone);
            await phone.fill("#code", "0000 0000");
            assert.equal(await send(phone), 422);
            assert.equal(await phone.locator("#code-error").count(), 1);
            await laptop.locator("main details summary").click();
            await good(laptop);
            await phone.fill("#code",
              await laptop.locator("details .secret").innerText());
            await send(phone);
            await isIn(phone, name);
            assert.equal(await laptop.goto("/me").then((r) => r.status()), 403);
          })));

    test("read on a phone, signed in on the laptop", () =>
      visit(server, { lang: "en", ...LAPTOP }, (laptop) =>
        visit(server, { lang: "en", ...PHONE }, async (phone) => {
          const { name, path, code } =
            await ask(laptop, "en", "laptop.en@example.org");
          await laptop.fill("#code", code);
          await send(laptop);
          await isIn(laptop, name);
          assert.equal(await phone.goto(path).then((r) => r.status()), 410);
          assert.equal(await phone.goto("/me").then((r) => r.status()), 403);
        })));
  });

  onServer("who reports something", (server) => {
    const REASON = "It stands there with reason.";

    test("gets the decision and its reason, in their language", async () => {
      const say = words("ur");
      const address = "zehra@example.org";
      await visit(server, { lang: "ur", ...PHONE }, async (page) => {
        await page.goto(`/e/${SLUG}/report?about=text`);
        await page.check("[name=wrong][value=private]");
        await page.fill("#words", "میری گلی کا نام");
        await page.fill("#mail", address);
        await leads(page, () => page.getByRole("button",
          { name: say("Send the report") }).click());
      });
      await visit(server, { ...LAPTOP }, async (page) => {
        await page.goto(server.setup);
        await page.fill("#name", "Clara Fields");
        await leads(page, () =>
          page.getByRole("button", { name: "Go on" }).click());
        await page.goto("/operate/reports");
        const report = page.locator("article", { hasText: address });
        await report.locator("[name=act][value=keep]").check();
        await report.locator("textarea").fill(REASON);
        await leads(page, () =>
          report.getByRole("button", { name: "Decide" }).click());
        const said = await post.mail(address, /\/report\/\d+\?lang=ur/);
        assert(said.includes(`> ${REASON}`), said);
        assert(said.includes(say("It stays as it is.")), said);
        assert(!said.includes("میری گلی"), said);
        for (let told = false; !told;) {
          await page.goto("/operate/reports?state=kept");
          told = await page.getByText("They were told by mail.").count() > 0;
        }
        await page.goto(/\/report\/\d+\?lang=ur/.exec(said)[0]);
        assert((await page.locator("main").innerText()).includes(REASON));
      });
    });
  });
});
