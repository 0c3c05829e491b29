// SPDX-License-Identifier: AGPL-3.0-or-later
// The recorder in Firefox: from the start to the receipt, and a reload in
// between. What can go wrong with a run is tried in record.test.js.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SLUG, onServer } from "./everystep.js";
import { firefox } from "./firefox.js";

onServer("the recorder in Firefox", (server) => {
  test("a run from start to receipt", () =>
    firefox("firefox-esr", async ({ go, run, see, click, until }) => {
      const metres = () => run(() =>
        Number(document.querySelector("[data-far]").textContent) * 1000);
      await go(`${server.origin}/e/${SLUG}/join`);
      await run(() => {
        document.querySelector("[name=display_name]").value = "Ada Meadows";
      });
      await click('[name="consent_take_part"]');
      await click("form button[type=submit]");
      await see(".bib");
      await go(`${server.origin}/e/${SLUG}/record`);
      await see("[data-level=good]");
      await see("[data-offline]"); // the service worker has it
      await click("[data-do=start]");
      await see("[data-screen=run] [data-do=pause]");
      await until(async () => await metres() >= 10);
      await go(`${server.origin}/e/${SLUG}/record`);
      await click("[data-do=continue]");
      const before = await metres();
      assert(before >= 10, `${before} m`);
      await until(async () => await metres() >= before + 10);
      await run(() => document.querySelector("[data-do=end]").click());
      await click("[data-yes]");
      await see("[data-end-far][data-metres]");
      const shown = await run(() => Number(document.querySelector(
        "[data-end-far]").dataset.metres));
      await click("[data-do=send]");
      await see("[data-kept] [data-state=received]");
      const receipt = await run(() => new Promise((resolve) => {
        const ask = indexedDB.open("everystep-recorder");
        ask.onsuccess = () => {
          const all = ask.result.transaction("runs").objectStore("runs")
            .getAll();
          all.onsuccess = () => resolve(all.result[0].receipt);
        };
      }));
      assert.equal(receipt.measure.distance_m, shown);
    }));
});
