// SPDX-License-Identifier: AGPL-3.0-or-later
// Through all pages of the demo, as a participant and as its organiser.
import { join, newName, send } from "./deeds.js";
import { SLUG } from "./everystep.js";
import { run } from "./gpx.js";
import { leads, visit } from "./visitor.js";
import { words } from "./words.js";

const OPEN = {
  home: "/",
  initiative: `/e/${SLUG}`,
  join: `/e/${SLUG}/join`,
  people: `/e/${SLUG}/leaderboard`,
  found: `/e/${SLUG}/leaderboard?q=a`,
  nobody: `/e/${SLUG}/leaderboard?q=qqqq`,
  teams: `/e/${SLUG}/leaderboard?by=team`,
  person: `/e/${SLUG}/people/2`,
  countries: `/e/${SLUG}/leaderboard?by=country&metric=time`,
  missing: "/e/no-such-thing",
};

// Who leads each of these has a page.
const LEADERS = {
  person: `/e/${SLUG}/leaderboard`,
  team: `/e/${SLUG}/leaderboard?by=team`,
};

async function participant(page, lang, see) {
  const say = words(lang);
  await join(page, lang, newName(lang));
  const link = await page.locator("a.secret").innerText();
  await see(page, "joined");
  await page.goto("/me");
  await see(page, "me-new");
  for (let i = 0; i < 5; i++)
    await send(page, lang, [run({ metres: 4000 + i * 1500, hoursAgo: 20 * i })]);
  await send(page, lang, [run(), { name: "letter.gpx",
    mimeType: "text/plain", buffer: Buffer.from("Dear sirs") }]);
  await see(page, "receipts");
  await page.goto("/me");
  await see(page, "me");
  await leads(page, () => page.locator('a[href^="/me/runs/"]').first().click());
  await see(page, "receipt");
  await page.goto(await page.getByRole("link",
    { name: say("The public result"), exact: true }).getAttribute("href"));
  await see(page, "result");
  await leads(page, () => page.getByRole("link",
    { name: say("Is this true?"), exact: true }).click());
  await see(page, "vouch");
  return link;
}

/** Calls see(page, name) on each page, as soon as it is there. */
export async function journey(server, lang, see) {
  for (const [name, url] of Object.entries(OPEN))
    await visit(server, { lang }, async (page) => {
      await page.goto(url);
      await see(page, name);
    });
  for (const [name, url] of Object.entries(LEADERS))
    await visit(server, { lang }, async (page) => {
      await page.goto(url);
      await leads(page, () => page.locator("tbody th a").first().click());
      await see(page, name);
    });
  await visit(server, { lang }, async (page) => {
    await page.goto(`/e/${SLUG}/join`);
    await page.fill("#birth_year", "2015");
    await leads(page, () => page.locator("main button[type=submit]").click());
    await see(page, "join-errors");
  });
  let link;
  await visit(server, { lang }, async (page) => {
    link = await participant(page, lang, see);
  });
  await visit(server, { lang }, async (page) => {
    await page.goto(link);
    await see(page, "link");
  });
  await organiser(server, lang, see);
}

let signedIn = null; // the set-up link is good for once

async function organiser(server, lang, see) {
  signedIn ??= await visit(server, {}, async (page) => {
    await page.goto(server.setup);
    await page.fill("#name", "Clara Fields");
    await leads(page, () =>
      page.locator("main button[type=submit]").click());
  });
  await visit(server, { lang, state: signedIn }, async (page) => {
    await page.goto("/organise");
    await see(page, "organise");
    await page.goto("/organise/passkeys");
    await see(page, "passkeys");
  });
}
