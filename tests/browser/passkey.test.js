// SPDX-License-Identifier: AGPL-3.0-or-later
// Passkeys as a browser makes them, with Chromium's own virtual devices.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { join, newName } from "./deeds.js";
import { onServer, SLUG } from "./everystep.js";
import { leads, visit } from "./visitor.js";

const PHONE = {
  protocol: "ctap2", transport: "internal", hasResidentKey: true,
  hasUserVerification: true, isUserVerified: true,
  automaticPresenceSimulation: true,
};

/** A device in this page's browser: {keys(), add(key), change(options)}. */
async function device(page, options = {}) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send(
    "WebAuthn.addVirtualAuthenticator", { options: { ...PHONE, ...options } });
  return {
    keys: async () => (await cdp.send("WebAuthn.getCredentials",
      { authenticatorId })).credentials,
    add: (credential) => cdp.send("WebAuthn.addCredential",
      { authenticatorId, credential }),
    verified: (isUserVerified) => cdp.send("WebAuthn.setUserVerified",
      { authenticatorId, isUserVerified }),
    patient: (enabled) => cdp.send(
      "WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled }),
    remove: () => cdp.send("WebAuthn.removeVirtualAuthenticator",
      { authenticatorId }),
  };
}

/** Passkeys belong to names: the same server as localhost. */
const named = (server) => ({
  ...server, origin: server.origin.replace("127.0.0.1", "localhost"),
});

const at = (page) => new URL(page.url()).pathname;

/** Presses a button, waits for the page that comes in the end, whenever the
 *  device has answered; resolves to its status. */
async function comes(page, act) {
  const [, status] = await Promise.all([
    page.waitForEvent("framenavigated"), leads(page, act)]);
  await page.waitForLoadState();
  return status;
}
const press = (page, name) =>
  comes(page, () => page.getByRole("button", { name, exact: true }).click());

/** Makes the organiser's account in this browser by the one-time link. */
async function setUp(page, server) {
  await page.goto(new URL(server.setup).pathname);
  const name = page.locator("#name");
  if (await name.count()) await name.fill("Clara Fields");
  await leads(page, () => page.locator("main button[type=submit]").click());
}

/** As if everybody had last shown who they are long ago. */
function growStale(server) {
  execFileSync("python3", ["-c", `
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=30) as db:
    db.execute("UPDATE credential SET fresh_ms = 1")`,
  `${server.data}/everystep.db`]);
}

const REASON = 'Somebody wrote: "soon".\nیہ <b>درست</b> نہیں & more.';

/** Writes why an initiative is to be paused, and sends it too late. */
async function pauseTooLate(page, server) {
  await page.goto("/operate");
  growStale(server);
  const form = page.locator(`form[action*="/e/${SLUG}/suspend"]`);
  await page.locator("details", { has: form }).locator("summary").click();
  await form.locator("textarea").fill(REASON);
  assert.equal(await leads(page, () => form.locator("button").click()), 403);
  assert.equal(await page.locator("[name=why]").first().inputValue(),
    REASON);
}

/** It was done, with those words; and is undone. */
async function wasPaused(page) {
  assert.equal(at(page), "/operate");
  assert.equal((await page.locator("blockquote").textContent()).trim(),
    REASON);
  const resume = page.locator(`form[action*="/e/${SLUG}/resume"] button`);
  assert.equal(await leads(page, () => resume.click()), 200);
}

onServer("passkeys of staff", (server) => {
  let kept;
  let codes;

  test("one is made after the set-up link, and opens the console", async () => {
    await visit(named(server), {}, async (page) => {
      const phone = await device(page);
      await setUp(page, server);
      await page.goto("/organise/passkeys");
      await press(page, "Make a passkey");
      assert.equal(at(page), "/organise/passkeys");
      assert.match(await page.locator("main").innerText(), /not used yet/);
      kept = await phone.keys();
      assert.equal(kept.length, 1);
      assert.equal(kept[0].rpId, "localhost");
      assert.equal(kept[0].isResidentCredential, true);
      await press(page, "Make ten new codes");
      codes = await page.locator(".secret").allInnerTexts();
      assert.equal(codes.length, 10);
      await page.context().clearCookies();
      await page.goto("/organise/sign-in");
      await press(page, "Sign in");
      assert.equal(at(page), "/organise");
      [kept] = await phone.keys();
    });
  });

  test("the same device isn't taken twice", async () => {
    await visit(named(server), {}, async (page) => {
      const phone = await device(page);
      await phone.add(kept);
      await page.goto("/organise/sign-in");
      await press(page, "Sign in");
      await page.goto("/organise/passkeys");
      await page.getByRole("button", { name: "Make a passkey" }).click();
      await page.getByText("has a passkey for you already").waitFor();
      [kept] = await phone.keys();
    });
  });

  test("who isn't verified by the device stays outside", async () => {
    await visit(named(server), {}, async (page) => {
      const phone = await device(page);
      await phone.add(kept);
      await phone.verified(false);
      await page.goto("/organise/sign-in");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.locator("[data-said]:not([hidden])").waitFor();
      assert.equal(at(page), "/organise/sign-in");
    });
  });

  test("who stops it reads so at the button, and may try again", async () => {
    await visit(named(server), { lang: "ur" }, async (page) => {
      const phone = await device(page);
      await page.goto("/organise/sign-in");
      await page.locator("[data-go]").click();
      await page.locator('[data-said="stopped"]:not([hidden])').waitFor();
      assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
      await phone.add(kept);
      await comes(page, () => page.locator("[data-go]").click());
      assert.equal(at(page), "/organise");
      [kept] = await phone.keys();
    });
  });

  test("what was sent once opens nothing the second time", async () => {
    await visit(named(server), {}, async (page) => {
      const phone = await device(page);
      await phone.add(kept);
      await page.goto("/organise/sign-in");
      const [sent] = await Promise.all([
        page.waitForRequest((r) => r.method() === "POST" &&
          r.isNavigationRequest()),
        press(page, "Sign in"),
      ]);
      const again = await page.request.post("/organise/sign-in", {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        data: sent.postData(), maxRedirects: 0,
      });
      assert.equal(again.status(), 403);
      [kept] = await phone.keys();
    });
  });

  for (const lang of ["en", "ur"])
    test(`what was entered is done with the finger's touch: ${lang}`,
      async () => {
        await visit(named(server), { lang }, async (page) => {
          const phone = await device(page);
          await phone.add(kept);
          await page.goto("/organise/sign-in");
          await comes(page, () => page.locator("[data-go]").click());
          await pauseTooLate(page, server);
          assert.equal(await page.locator("html").getAttribute("lang"), lang);
          assert.equal(
            await comes(page, () => page.locator("[data-go]").click()), 200);
          await wasPaused(page);
          [kept] = await phone.keys();
        });
      });

  test("it is done by a code on paper, without a script", async () => {
    await visit(named(server), { js: false }, async (page) => {
      await page.goto("/organise/sign-in");
      await page.fill("#code", codes[7]);
      await press(page, "Use this code");
      await pauseTooLate(page, server);
      await page.fill("#code", "abcd-efgh");
      assert.equal(await press(page, "Use this code"), 403);
      await page.fill("#code", codes[8]);
      await press(page, "Use this code");
      await wasPaused(page);
    });
  });

  test("a second device, and the first is removed", async () => {
    await visit(named(server), {}, async (page) => {
      const phone = await device(page);
      await phone.add(kept);
      await page.goto("/organise/sign-in");
      await press(page, "Sign in");
      await phone.remove();
      const key = await device(page, { transport: "usb" });
      await page.goto("/organise/passkeys");
      await page.fill("#name", "A key in the drawer");
      await press(page, "Make a passkey");
      const rows = page.locator(".arrivals li");
      assert.equal(await rows.count(), 2);
      await leads(page, () =>
        rows.first().getByRole("button", { name: /Remove/ }).click());
      assert.equal(await rows.count(), 1);
      assert.match(await rows.innerText(), /A key in the drawer/);
      await key.remove();
      await page.context().clearCookies();
      const old = await device(page);
      await old.add(kept);
      await page.goto("/organise/sign-in");
      assert.equal(await press(page, "Sign in"), 403);
      assert.match(await page.locator("main").innerText(),
        /opens nothing here/);
    });
  });

  test("a code on paper lets in without a script, once", async () => {
    await visit(named(server), { js: false }, async (page) => {
      await page.goto("/organise/sign-in");
      await page.fill("#code", codes[4].toUpperCase());
      await press(page, "Use this code");
      assert.equal(at(page), "/organise/passkeys");
      assert.match(await page.locator("main").innerText(), /7 codes are left/);
    });
    await visit(named(server), { js: false }, async (page) => {
      await page.goto("/organise/sign-in");
      await page.fill("#code", codes[4]);
      assert.equal(await press(page, "Use this code"), 403);
      assert.equal(await page.inputValue("#code"), codes[4]);
    });
  });
});

onServer("passkeys of participants", (server) => {
  test("the page opens without the link, and without a name", async () => {
    await visit(named(server), {}, async (page) => {
      const name = newName("en");
      const phone = await device(page);
      await join(page, "en", name);
      await page.goto("/me/passkeys");
      await press(page, "Make a passkey");
      assert.equal((await phone.keys()).length, 1);
      await page.context().clearCookies();
      await page.goto(`/e/${SLUG}/sign-in`);
      await press(page, "Open my page");
      assert.equal(at(page), "/me");
      assert.match(await page.locator("h1").innerText(), new RegExp(name));
    });
  });

  test("by a number the page says where to go", async () => {
    await visit(server, {}, async (page) => {
      await page.goto(`/e/${SLUG}/sign-in`);
      assert.match(await page.locator(".notice a").getAttribute("href"),
        /^http:\/\/localhost:\d+\/e\//);
      assert.equal(await page.locator("[data-go]").count(), 0);
    });
  });
});
