// SPDX-License-Identifier: AGPL-3.0-or-later
// Strings that would run, turn or overflow, in each field that staff fill in:
// nothing runs, a telephone's page holds, and what is refused is told there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SLUG, onServer } from "./everystep.js";
import { layout } from "./seen.js";
import { leads, visit } from "./visitor.js";

const STRINGS = {
  script: "\"><script>alert(1)</script><img src=x onerror=alert(1)>",
  quotes: "'\" autofocus onfocus=alert(1) x=`${alert(1)}`",
  closing: "</textarea></title></style><svg onload=alert(1)>",
  link: "[x](javascript:alert(1)) <javascript:alert(1)>",
  turned: "\u202Eevil\u202C \u2066x\u2069 \u200Fend",
  long: "W".repeat(10240),
  nul: "a\u0000b",
  family: "👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈".repeat(3),
  piled: `Z${"\u0301".repeat(400)}`,
};

/** page, name of the field, what finds its form. */
const FIELDS = [
  [`/organise/e/${SLUG}/look`, "code"],
  [`/organise/e/${SLUG}/staff`, "name"],
  ["/operate", "name"],
  ["/operate", "imprint"],
  ["/operate", "watched"],
  ["/operate", "people_max"],
  ["/operate", "may_create"],
  ["/operate/reports", "why"],
  ["/operate", "why"], // last: it pauses the initiative
];

onServer("what staff write", (server) => {
  let state;

  /** A visit on a telephone in which whatever runs is noticed. */
  const watched = (options, act) =>
    visit(server, { width: 320, ...options }, async (page) => {
      await page.addInitScript(() => {
        window.alert = (x) => { window.ran = `alert(${x})`; };
      });
      page.on("dialog", (d) => { assert.fail(`a dialog: ${d.message()}`); });
      await act(page);
    });

  async function holds(page, what) {
    assert.equal(await page.evaluate(() => window.ran), undefined, what);
    const wide = await page.evaluate(() =>
      document.documentElement.scrollWidth - innerWidth);
    assert(wide <= 0, `${what}: ${wide} px too wide`);
    assert.deepEqual(await layout(page, { tables: false }), [], what);
  }

  test("somebody operates, and something is reported", async () => {
    state = await visit(server, {}, async (page) => {
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await leads(page, () =>
        page.getByRole("button", { name: "Go on" }).click());
    });
    await watched({}, async (page) => {
      await page.goto(`/e/${SLUG}/report?about=text`);
      await page.locator('[name="wrong"]').first().check();
      await page.fill('[name="words"]', STRINGS.script);
      await leads(page, () => page.locator("main form button").click());
      await holds(page, "a report");
    });
  });

  for (const [path, name] of FIELDS) {
    test(`${name} of ${path}`, () => watched({ state }, async (page) => {
      for (const [kind, s] of Object.entries(STRINGS)) {
        const what = `${name}, ${kind}`;
        await page.goto(path);
        for (const d of await page.locator("main details").all())
          await d.evaluate((e) => { e.open = true; });
        const field = page.locator(`main form [name="${name}"]`)
          .and(page.locator("input:not([type=hidden]), textarea")).first();
        if (await field.count() === 0) {
          assert.notEqual(kind, "script", `no ${name} on ${path}`);
          return; // done and gone, as a pause is
        }
        await field.evaluate((e, v) => {
          e.form.noValidate = true;
          e.removeAttribute("maxlength");
          e.value = v;
          const act = e.form.querySelector('[name="act"]');
          if (act) act.checked = true;
        }, s);
        const sent = await field.inputValue();
        const [answer] = await Promise.all([
          page.waitForNavigation({ waitUntil: "domcontentloaded" }),
          field.evaluate((e) =>
            e.form.requestSubmit(e.form.querySelector("button"))),
        ]);
        const status = answer.status();
        assert([200, 400, 409, 413, 414, 422].includes(status), `${what}: ${status}`);
        await holds(page, what);
        if (status !== 422) continue;
        const bad = page.locator('main [aria-invalid="true"]');
        assert.equal(await bad.count(), 1, `${what}: where is it told?`);
        assert.equal(await bad.getAttribute("name"), name, what);
        const told = await bad.evaluate((e) =>
          (e.getAttribute("aria-describedby") ?? "").split(" ")
            .map((id) => document.getElementById(id)?.innerText ?? "")
            .join("").trim());
        assert(told.length > 5, `${what}: nothing is told`);
        if (kind !== "nul")
          assert.equal(await bad.inputValue(), sent, `${what}: it is lost`);
      }
    }));
  }

  test("and where everybody reads it", () => watched({}, async (page) => {
    for (const path of ["/imprint", `/e/${SLUG}`, "/"]) {
      await page.goto(path);
      await holds(page, path);
    }
  }));
});
