// SPDX-License-Identifier: AGPL-3.0-or-later
// What other sites can do to a page of ours, and strangers' words in it
// (ATTACKS rows 33, 35, 36).
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { join, newName } from "./deeds.js";
import { SLUG, onServer } from "./everystep.js";
import { nasty } from "./nasty.js";
import { launched, leads, visit } from "./visitor.js";

const BOARD = `/e/${SLUG}/leaderboard`;
const API = `/api/v1/initiatives/${SLUG}/participants`;

/** Another site: "localhost" is not the same site as "127.0.0.1". */
async function elsewhere(pages, act) {
  const site = createServer((q, a) => {
    a.setHeader("Content-Type", "text/html; charset=utf-8");
    a.end(`<!DOCTYPE html><title>x</title>${pages[q.url] ?? ""}`);
  });
  await new Promise((done) => site.listen(0, "localhost", done));
  try {
    return await act(`http://localhost:${site.address().port}`);
  } finally {
    site.closeAllConnections();
    site.close();
  }
}

async function withPage(state, act) {
  const context = await (await launched()).newContext({ storageState: state });
  context.setDefaultTimeout(60_000);
  try {
    return await act(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** A form of another site that sends itself. */
const form = (action, fields, type = "application/x-www-form-urlencoded") =>
  `<form method=post action="${action}" enctype="${type}">` +
  Object.entries(fields).map(([name, value]) =>
    `<input name='${name}' value='${value}'>`).join("") +
  "</form><script>document.forms[0].submit()</script>";

onServer("what other sites can do", (server) => {
  let state;
  const name = newName("en");

  test("somebody has joined", async () => {
    state = await visit(server, {}, (page) => join(page, "en", name));
  });

  test("no page stands in a frame of theirs, but the embed", async () => {
    const inside = ["/", `/e/${SLUG}`, BOARD, `/e/${SLUG}/join`, "/me",
      "/organise", "/nowhere", `/e/${SLUG}/embed`];
    const pages = Object.fromEntries(inside.map((path, i) =>
      [`/${i}`, `<iframe src="${server.origin}${path}"></iframe>`]));
    await elsewhere(pages, (site) => withPage(state, async (page) => {
      for (const [i, path] of inside.entries()) {
        await page.goto(`${site}/${i}`, { waitUntil: "load" });
        const ours = await page.frames()[1].locator("a.brand, body.embed")
          .count();
        assert.equal(ours, path.endsWith("/embed") ? 1 : 0, path);
      }
      const frame = page.frames()[1];
      assert(await frame.locator("a.button").isVisible());
      assert.equal(await frame.locator("form, input, button").count(), 0);
      // in the frame it knows nobody, and it leaves no cookie
      assert.equal(await frame.evaluate(() => document.cookie), "");
      const kept = await page.context().cookies();
      assert.deepEqual(kept.map((c) => c.name).sort(),
        state.cookies.map((c) => c.name).sort());
    }));
  });

  test("their forms change nothing and sign nobody in", async () => {
    const own = server.origin;
    const tries = {
      "/out": form(`${own}/me/sign-out`, {}),
      "/join": form(`${own}/e/${SLUG}/join`,
        { display_name: "Eve", consent_take_part: "\"1\"" }),
      "/typed": form(`${own}/me/typed`, { distance: "5", duration: "30" }),
      "/setup": form(server.setup, { name: "Eve" }),
      "/plain": form(own + API, { '{"display_name":"Eve","x":"': '"}' },
        "text/plain"),
      "/runs": form(`${own}/api/v1/runs`, { '{"distance_m":5,"x":"': '"}' },
        "text/plain"),
    };
    await elsewhere(tries, (site) => withPage(state, async (page) => {
      for (const path of Object.keys(tries)) {
        const [answer] = await Promise.all([
          page.waitForResponse((r) => r.request().method() === "POST"),
          page.goto(site + path).catch(() => {}),
        ]);
        assert([401, 403, 415].includes(answer.status()),
          `${path}: ${answer.status()}`);
      }
      await page.goto(`${own}/me`);
      assert((await page.locator("main").innerText()).includes(name));
      await page.goto(`${own}/organise`);
      assert.equal(new URL(page.url()).pathname, "/organise/sign-in");
      await page.goto(`${own}${BOARD}?q=Eve`);
      assert.equal(await page.locator(".board").count(), 0);
    }));
    // the link is still there for whom it was meant
    await visit(server, {}, async (page) => {
      assert.equal((await page.goto(server.setup)).status(), 200);
    });
  });

  test("their scripts read nothing of ours", () =>
    elsewhere({ "/": "" }, (site) => withPage(state, async (page) => {
      await page.goto(site);
      for (const path of ["/me", `/e/${SLUG}`, "/api/v1/initiatives"]) {
        const read = await page.evaluate(async (url) => {
          try {
            return (await fetch(url, { credentials: "include" })).status;
          } catch {
            return "nothing";
          }
        }, server.origin + path);
        assert.equal(read, "nothing", path);
      }
    })));
});

onServer("strangers' words", (server) => {
  const names = nasty(60).filter((s) => s.trim());
  const notes = nasty(400).filter((s) => !s.includes("\0"));
  const people = [];

  async function call(path, body, token) {
    const answer = await fetch(server.origin + path, {
      method: "POST",
      headers: { "Content-Type": "application/json",
        ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    return [answer.status, await answer.json()];
  }

  test("several hundred take part, by API, under names that would run",
    async () => {
      assert(names.length > 250, `${names.length} names`);
      for (const [i, display_name] of names.entries()) {
        const [status, joined] = await call(API,
          { display_name, consents: { take_part: "1" } });
        if (status === 422) continue; // too wide, or nothing left of it
        if (status === 400 && display_name.includes("\0")) continue;
        assert.equal(status, 201, display_name);
        const [made, receipt] = await call("/api/v1/runs", {
          started_at: new Date(Date.now() - 7.2e6).toISOString(),
          distance_m: i % 3 ? 5000 + i : 21000 + i, // the fast ones wait
          elapsed_s: 1800, note: notes[i % notes.length],
        }, joined.token);
        assert.equal(made, 201, JSON.stringify(receipt));
        people.push({ ...joined, ...receipt, given: display_name });
      }
      assert(people.length > 250, `${people.length} people`);
    });

  /** Opens a page, pictures and all; nothing may have run. */
  async function opened(page, path) {
    const answer = await page.goto(path);
    assert.equal(await page.evaluate(() => window.ran), undefined, path);
    return answer;
  }

  /** A visit in which whatever a string does is noticed. */
  const watched = (options, act) => visit(server, options, async (page) => {
    await page.addInitScript(() => {
      window.alert = (x) => { window.ran = `alert(${x})`; };
    });
    page.on("dialog", (d) => { assert.fail(`a dialog: ${d.message()}`); });
    await act(page);
    assert.equal(await page.evaluate(() => window.ran), undefined);
  });

  test("on the leaderboard and wherever it leads", () =>
    watched({}, async (page) => {
      await opened(page, BOARD);
      const shown = new Set();
      const pages = new Set();
      for (;;) {
        for (const link of await page.locator(".board tbody th").all())
          shown.add(await link.locator("bdi").innerText());
        for (const a of await page.locator(".board tbody th a").all())
          pages.add(await a.getAttribute("href"));
        const next = page.locator('a[rel="next"]');
        if (await next.count() === 0) break;
        await opened(page, await next.getAttribute("href"));
      }
      assert([...shown].filter((s) => /alert/.test(s)).length > 100);
      const some = [...pages].filter((_, i) => i % 8 === 0);
      for (const path of some) await opened(page, path);
      await opened(page, `/e/${SLUG}`);
      await opened(page, `/e/${SLUG}/embed`);
      await opened(page, `/e/${SLUG}?lang=ur`);
    }));

  test("in results, and in the page of who it is about", () =>
    watched({}, async (page) => {
      for (const p of people.filter((_, i) => i % 6 === 0)) {
        await opened(page, `/r/${p.code}`);
        await opened(page, `/v/${p.code}`);
        assert((await opened(page, `/e/${SLUG}/people/${p.bib}`))
          .status() < 500);
      }
      const known = people.find((p) => p.status === "accepted");
      await opened(page, `/e/${SLUG}/people/${known.bib}`);
      const heading = await page.locator("h1").innerText();
      assert(heading.trim().length > 0);
    }));

  test("on the page of who wrote them, with a file of such a name", () =>
    watched({}, async (page) => {
      for (const p of people.filter((_, i) => i % 25 === 0)) {
        await opened(page, new URL(p.link).pathname);
        await leads(page, () => page.locator("main form button").first()
          .click());
        await opened(page, "/me");
        await opened(page, `/me/runs/${p.run}`);
        await page.goto("/me");
        await page.setInputFiles("#files", { name: `${p.given}.gpx`
          .replaceAll("/", "∕").replaceAll("\u0000", ""),
        mimeType: "application/gpx+xml", buffer: Buffer.from("<gpx") });
        await page.getByRole("button", { name: "Send", exact: true }).click();
        await page.waitForLoadState("networkidle");
        assert.equal(await page.evaluate(() => window.ran), undefined);
      }
    }));

  test("before whoever decides about them", () =>
    watched({}, async (page) => {
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await leads(page, () =>
        page.getByRole("button", { name: "Go on" }).click());
      await opened(page, `/organise/e/${SLUG}/review`);
      const text = await page.locator("main").innerText();
      assert(/alert/.test(text), "no such name waits here");
    }));

  test("in forms that come back, searches and addresses", () =>
    watched({}, async (page) => {
      const fields = ["display_name", "team_code", "birth_year",
        "guardian_contact", "email"];
      for (const s of nasty(120).filter((_, i) => i % 12 === 0)) {
        await page.goto(`/e/${SLUG}/join`);
        await page.evaluate(([all, value]) => {
          document.querySelector("main form").noValidate = true;
          for (const name of all)
            document.getElementsByName(name)[0].value = value;
          document.getElementsByName("email")[0].type = "text";
        }, [fields, s]);
        assert.equal(await leads(page, () => page.getByRole("button",
          { name: "Join", exact: true }).click()), 422);
        assert.equal(await page.evaluate(() => window.ran), undefined, s);
        assert.equal(await page.inputValue("#team_code"),
          await page.evaluate((v) => {
            const i = document.createElement("input");
            i.value = v;
            return i.value;
          }, s), s);
        await opened(page, `${BOARD}?q=${encodeURIComponent(s)}`);
        await page.goto(`/e/${encodeURIComponent(s.replace(/[/\\]/g, ""))}`)
          .catch(() => {});
      }
    }));

  test("as JSON and as pictures they are neither page nor script", () =>
    watched({}, async (page) => {
      const list = await page.request.get(
        `/api/v1/initiatives/${SLUG}/standings?limit=200`);
      assert.match(list.headers()["content-type"], /^application\/json/);
      assert.equal(list.headers()["x-content-type-options"], "nosniff");
      const rows = (await list.json()).rows;
      assert(rows.some((r) => /alert/.test(r.name)));
      await opened(page, `/api/v1/initiatives/${SLUG}/standings?limit=200`);
      for (const r of rows.filter((x) => /</.test(x.name)).slice(0, 4)) {
        const card = await page.request.get(
          `/e/${SLUG}/people/${r.bib}/card.png`);
        assert.equal(card.headers()["content-type"], "image/png");
        assert.equal((await card.body()).subarray(1, 4).toString(), "PNG");
      }
    }));
});
