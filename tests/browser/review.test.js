// SPDX-License-Identifier: AGPL-3.0-or-later
// A run before a person, by keys alone: asked about, answered, refused,
// appealed for, and decided by somebody else; from the left and from the right.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinByApi, newName, sendByApi } from "./deeds.js";
import { onServer, SLUG } from "./everystep.js";
import { run } from "./gpx.js";
import { layout } from "./seen.js";
import { leads, visit } from "./visitor.js";
import { words } from "./words.js";

const QUEUE = `/organise/e/${SLUG}/review`;

/** The same file from two people: the second waits. Resolves to what that one
 *  can do. */
async function waiting(server, lang) {
  const file = run();
  const name = newName(lang);
  await sendByApi(server, await joinByApi(server, newName(lang)), file);
  const token = await joinByApi(server, name);
  const receipt = await sendByApi(server, token, file);
  assert.equal(receipt.status, "in_review");
  const at = `${server.origin}/api/v1/runs/${receipt.run}`;
  const headers = { "Authorization": `Bearer ${token}`,
    "Content-Type": "application/json" };
  return {
    name,
    async say(what, text) {
      const answer = await fetch(`${at}/${what}`, {
        method: "POST", headers, body: JSON.stringify({ words: text }) });
      assert.equal(answer.status, 200);
    },
    now: async () => (await fetch(at, { headers })).json(),
  };
}

/** From the queue to the run of that name, by keys. */
async function open(page, lang, name) {
  await page.goto(`${QUEUE}?lang=${lang}`);
  const mine = page.locator("[data-list] li > a", { hasText: name });
  assert.equal(await mine.count(), 1);
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("j");
    if (await mine.evaluate((e) => e === document.activeElement)) break;
  }
  await Promise.all([page.waitForURL(/\/review\/\d+/),
    page.keyboard.press("Enter")]);
  await page.locator("h1", { hasText: name }).waitFor();
  // Keys are heard once the page's scripts have run.
  await page.waitForLoadState("domcontentloaded");
}

async function holds(page) {
  assert.deepEqual(await layout(page, { tables: false }), []);
}

onServer("runs before a person", (server) => {
  let owner;
  let reviewer;

  test("an owner invites a second person", async () => {
    let link = "";
    owner = await visit(server, {}, async (page) => {
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await leads(page, () =>
        page.getByRole("button", { name: "Go on" }).click());
      await page.goto(`/organise/e/${SLUG}/staff`);
      await page.fill("#name", "Omar Hill");
      await page.locator('[name="role"]').first().evaluate((e) => {
        if (e instanceof HTMLSelectElement) e.value = "4";
        else document.querySelector('[name="role"][value="4"]').checked = true;
      });
      await leads(page, () => page.locator("main form",
        { has: page.locator("#name") }).getByRole("button").first().click());
      const text = await page.locator("main").evaluate((e) =>
        [e.innerText, ...Array.from(e.querySelectorAll("input"),
          (i) => i.value)].join(" "));
      link = text.match(/https?:\/\/\S+\/invitation\/[a-z0-9]+/)[0];
    });
    reviewer = await visit(server, {}, async (page) => {
      await page.goto(new URL(link).pathname);
      await page.fill("#name", "Omar Hill");
      await leads(page, () => page.locator("main form button").first().click());
      await page.goto(QUEUE);
      assert.equal(await page.locator("h1").count(), 1);
    });
  });

  for (const [lang, dir] of [["en", "ltr"], ["ur", "rtl"]]) {
    const say = words(lang);

    test(`all of it by keys, in ${lang}`, async () => {
      const runner = await waiting(server, lang);

      // asks, and the next one opens or the queue
      await visit(server, { state: reviewer, lang }, async (page) => {
        await open(page, lang, runner.name);
        assert.equal(await page.locator("html").getAttribute("dir"), dir);
        await page.keyboard.press("?");
        assert(await page.locator("dialog[open]").isVisible());
        await page.keyboard.press("Escape");
        await page.locator("dialog:not([open])").waitFor({ state: "attached" });
        await page.keyboard.press("q");
        await page.locator("#ask-words:focus").waitFor();
        await page.keyboard.type("a r j: Which day was it?");
        await leads(page, () => page.keyboard.press("Control+Enter"));
        assert.equal(await page.locator(".notice").first().innerText(),
          say("Asked. The run waits for the answer."));
      });
      assert.equal((await runner.now()).asked, true);
      await runner.say("answer", "On Sunday, with my sister.");

      // reads the answer, and refuses
      await visit(server, { state: reviewer, lang }, async (page) => {
        await open(page, lang, runner.name);
        assert.equal(await page.getByText("On Sunday, with my sister.").count(),
          1);
        await page.keyboard.press("r");
        await page.locator("#reason:focus").selectOption("not_theirs");
        await page.fill("#refuse-words", "It is your sister's.");
        await leads(page, () => page.keyboard.press("Control+Enter"));
      });
      assert.equal((await runner.now()).status, "refused");
      await runner.say("appeal", "We ran side by side.");

      // can't decide that as well
      await visit(server, { state: reviewer, lang }, async (page) => {
        await open(page, lang, runner.name);
        assert.equal(await page.locator('[data-key="a"]').count(), 0);
        assert.equal(await page.getByText(say("You refused this run yourself, " +
          "and its runner asked for another look: somebody else of those who " +
          "review decides.")).count(), 1);
      });

      // somebody else does, with one key
      await visit(server, { state: owner, lang }, async (page) => {
        await open(page, lang, runner.name);
        await leads(page, () => page.keyboard.press("a"));
      });
      const now = await runner.now();
      assert.equal(now.status, "accepted");
      assert.deepEqual(now.steps.map((s) => s.what).filter((w) => w !== "seen"),
        ["received", "asked", "answered", "refused", "appealed", "granted"]);
      assert.deepEqual(now.steps.filter((s) => s.by === "staff")
        .map((s) => s.role).filter((r, i, all) => all.indexOf(r) === i).sort(),
      ["owner", "reviewer"]);
      assert(!JSON.stringify(now).includes("Omar"));
    });

    test(`the pages hold on a telephone, in ${lang}`, async () => {
      const runner = await waiting(server, lang);
      await visit(server, { state: owner, lang, width: 320 }, async (page) => {
        await page.goto(`${QUEUE}?lang=${lang}`);
        await holds(page);
        await open(page, lang, runner.name);
        for (const d of await page.locator("main details").all())
          await d.evaluate((e) => { e.open = true; });
        await holds(page);
        await page.goto(`/organise/e/${SLUG}/log?lang=${lang}`);
        await holds(page);
      });
    });
  }

  test("single keys can be switched off, and stay so", async () => {
    const runner = await waiting(server, "en");
    const state = await visit(server, { state: owner }, async (page) => {
      await open(page, "en", runner.name);
      await page.keyboard.press("?");
      await page.locator("[data-keys-on]").uncheck();
      await page.locator("[data-keys-close]").click();
      await page.keyboard.press("a");
      await page.keyboard.press("q");
      await page.waitForTimeout(200);
      assert.equal(await page.locator("details[data-key=q][open]").count(), 0);
    });
    await visit(server, { state }, async (page) => {
      await page.goto(QUEUE);
      await page.keyboard.press("j");
      assert.equal(await page.locator("[data-list] a:focus").count(), 0);
    });
    assert.equal((await runner.now()).status, "in_review");
  });
});
