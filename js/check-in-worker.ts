// SPDX-License-Identifier: AGPL-3.0-or-later
// The check-in page's service worker. Its scope is the page of one event: it
// keeps that page and what it loads, and opens it without a network.
interface Extendable extends Event {
  waitUntil(p: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  request: Request;
  respondWith(r: Promise<Response>): void;
}
const self_ = self as unknown as {
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, on: (e: never) => void): void;
};

const PATIENCE_MS = 4000; // a network that is slower than this is none
const SCOPE = new URL(self_.registration.scope).pathname;
const CACHE = `check-in ${SCOPE}`;

const parts = (html: string): string[] =>
  [...new Set(html.match(/\/static\/[\w.-]+/g) ?? [])];

/** The page last: what is there is whole. */
async function keep(page: Response): Promise<void> {
  const html = await page.clone().text();
  const needed = parts(html);
  const cache = await caches.open(CACHE);
  for (const path of needed)
    if (!(await cache.match(path))) await cache.add(path);
  await cache.put(SCOPE, page);
  for (const old of await cache.keys()) {
    const { pathname } = new URL(old.url);
    if (pathname.startsWith("/static/") && !needed.includes(pathname))
      await cache.delete(old);
  }
}

/** Only the page itself: an answer that leads elsewhere, to who must sign in
 *  first, is not it. */
const whole = (r: Response): boolean => r.ok && !r.redirected;

async function open(e: Fetching): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(SCOPE);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PATIENCE_MS);
  try {
    const got = await fetch(e.request, { signal: late.signal });
    if (whole(got) && !new URL(e.request.url).search)
      e.waitUntil(keep(got.clone()).catch(() => undefined));
    return got.status >= 500 && kept ? kept : got;
  } catch (error) {
    if (kept) return kept;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

self_.addEventListener("install", (e: Extendable) => {
  e.waitUntil(fetch(SCOPE, { cache: "no-cache" })
    .then((r) => (whole(r) ? keep(r) : undefined))
    .then(() => self_.skipWaiting()));
});
self_.addEventListener("activate", (e: Extendable) => {
  e.waitUntil(self_.clients.claim());
});
self_.addEventListener("fetch", (e: Fetching) => {
  const url = new URL(e.request.url);
  if (url.origin !== location.origin || e.request.method !== "GET") return;
  if (e.request.mode === "navigate" && url.pathname === SCOPE)
    e.respondWith(open(e));
  else if (url.pathname.startsWith("/static/"))
    e.respondWith(caches.match(e.request, { ignoreSearch: true })
      .then((kept) => kept ?? fetch(e.request)));
});
