// SPDX-License-Identifier: AGPL-3.0-or-later
// The organiser's link, and the runs that wait for a person.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinByApi, newName, sendByApi } from "./deeds.js";
import { onServer, SLUG } from "./everystep.js";
import { run } from "./gpx.js";
import { leads, visit } from "./visitor.js";

/** The same file from two people: the second waits for a decision. */
async function waiting(server) {
  const file = run();
  const name = newName("en");
  await sendByApi(server, await joinByApi(server, newName("en")), file);
  const token = await joinByApi(server, name);
  const receipt = await sendByApi(server, token, file);
  assert.equal(receipt.status, "in_review");
  const now = async () => {
    const answer = await fetch(
      `${server.origin}/api/v1/runs/${receipt.run}`,
      { headers: { Authorization: `Bearer ${token}` } });
    return answer.json();
  };
  return { name, now };
}

const QUEUE = `/organise/e/${SLUG}/review`;

/** Opens the queue and there the run of who has that name. */
async function toRun(page, name) {
  await page.goto(QUEUE);
  const row = page.locator("li", { hasText: name });
  assert.equal(await row.count(), 1);
  await leads(page, () => row.getByRole("link").click());
}

onServer("the organiser", (server) => {
  let state;

  test("the set-up link makes this browser the organiser's, once", async () => {
    state = await visit(server, {}, async (page) => {
      await page.goto("/organise");
      assert.equal(new URL(page.url()).pathname, "/organise/sign-in");
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await leads(page, () =>
        page.getByRole("button", { name: "Go on" }).click());
      assert.equal(new URL(page.url()).pathname, "/organise/passkeys");
    });
    await visit(server, {}, async (page) => {
      assert.equal((await page.goto(server.setup)).status(), 404);
      assert.match(await page.locator("main").innerText(),
        /has been used or is too old/);
    });
  });

  test("accepts a run in review", async () => {
    const { name, now } = await waiting(server);
    await visit(server, { state }, async (page) => {
      await toRun(page, name);
      assert.equal(await page.locator(".map svg").count(), 1);
      await leads(page, () =>
        page.getByRole("button", { name: "Accept" }).click());
      await page.goto(QUEUE);
      assert.equal(await page.locator("li", { hasText: name }).count(), 0);
    });
    const receipt = await now();
    assert.equal(receipt.status, "accepted");
    assert(receipt.counted_m > 2000, receipt.counted_m);
  });

  test("refuses one, in words that the participant reads", async () => {
    const { name, now } = await waiting(server);
    await visit(server, { state, js: false }, async (page) => {
      await toRun(page, name);
      await page.locator("summary", { hasText: "Refuse" }).click();
      await page.selectOption("#reason", "twice");
      await page.fill("#refuse-words", "Two watches, one run.");
      await leads(page, () =>
        page.getByRole("button", { name: "Refuse this run" }).click());
    });
    const receipt = await now();
    assert.equal(receipt.status, "refused");
    assert.equal(receipt.steps.at(-1).reason, "twice");
    assert.equal(receipt.steps.at(-1).words, "Two watches, one run.");
    assert.equal(receipt.can_appeal, true);
  });
});
