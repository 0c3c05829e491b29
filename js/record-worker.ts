// SPDX-License-Identifier: AGPL-3.0-or-later
// The recorder's service worker. Its scope is one initiative's record page: it
// keeps that page and what it loads, opens it without a network, takes files
// that are shared to it, and sends what waits once the network is back.
import { flush } from "./record/queue";
import { Store } from "./record/store";

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
const CACHE = `recorder ${SCOPE}`;
const SHARED = "shared files"; // read and emptied by /me (js/upload.ts)

/** What a page names of ours that carries a hash of its content. */
const parts = (html: string): string[] =>
  [...new Set(html.match(/\/static\/[\w.-]+/g) ?? [])];

/** Keeps a page and all it needs, and lets go of what older ones needed. The
 *  page is kept last: what is there is whole. */
async function keep(page: Response): Promise<void> {
  const html = await page.clone().text();
  const needed = parts(html);
  const manifest = /rel="manifest" href="([^"]+)"/.exec(html);
  const cache = await caches.open(CACHE);
  for (const path of needed)
    if (!(await cache.match(path))) await cache.add(path);
  if (manifest) await cache.add(manifest[1]!);
  await cache.put(SCOPE, page);
  for (const old of await cache.keys()) {
    const { pathname } = new URL(old.url);
    if (pathname.startsWith("/static/") && !needed.includes(pathname))
      await cache.delete(old);
  }
}

async function patient(request: Request): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { signal: late.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** The newest page where there is a network, else the one that is kept. */
async function open(e: Fetching): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(SCOPE);
  try {
    const got = await patient(e.request);
    if (got.ok) e.waitUntil(keep(got.clone()).catch(() => undefined));
    return got.status >= 500 && kept ? kept : got;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function part(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreSearch: true });
  return kept ?? fetch(request);
}

/** Files from the phone's own "share": the upload page finds them. */
async function share(request: Request): Promise<Response> {
  const form = await request.formData();
  const cache = await caches.open(SHARED);
  let n = 0;
  for (const file of form.getAll("files"))
    if (file instanceof File)
      await cache.put(`/shared/${++n}`, new Response(file, { headers: {
        "X-File-Name": encodeURIComponent(file.name) } }));
  return Response.redirect("/me?shared=1#add", 303);
}

self_.addEventListener("install", (e: Extendable) => {
  e.waitUntil(fetch(SCOPE, { cache: "no-cache" }).then(keep)
    .then(() => self_.skipWaiting()));
});
self_.addEventListener("activate", (e: Extendable) => {
  e.waitUntil(self_.clients.claim());
});
self_.addEventListener("fetch", (e: Fetching) => {
  const url = new URL(e.request.url);
  if (url.origin !== location.origin) return;
  if (e.request.method === "POST" && url.pathname === `${SCOPE}/share`)
    e.respondWith(share(e.request));
  else if (e.request.method !== "GET") return;
  else if (e.request.mode === "navigate" && url.pathname === SCOPE)
    e.respondWith(open(e));
  else if (url.pathname.startsWith("/static/") ||
      url.pathname.startsWith(`${SCOPE}.`)) e.respondWith(part(e.request));
});
self_.addEventListener("sync", (e: Extendable & { tag: string }) => {
  if (e.tag === "everystep-upload")
    e.waitUntil(Store.open().then((store) => flush(store, true)));
});
