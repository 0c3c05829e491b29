// SPDX-License-Identifier: AGPL-3.0-or-later
// Adds what one can't do without a script: files that are dropped or pasted, a
// list of what was chosen, and each file sent by itself with its own progress
// and answer. Without it the form is sent whole; the answer is the same page.

import { look } from "./upload/look";

type State = "ready" | "sending" | "done" | "unread" | "failed";

interface Item {
  file: File;
  row: HTMLElement;
  state: State;
  page?: Document; // the answer
}

const TRIES = 3; // where the server is too busy and says when to come again
const WAIT_MAX_S = 60;

const form = document.querySelector<HTMLFormElement>("form[data-upload]");
if (form && "FormData" in window) start(form);

function start(f: HTMLFormElement): void {
  const input = f.querySelector<HTMLInputElement>("input[type=file]")!;
  const items: Item[] = [];
  const add = (files: FileList | null | undefined): void => {
    for (const file of files ?? []) items.push(listed(f, file, items));
    input.required = items.length === 0;
  };
  const chosen = (): void => {
    add(input.files);
    input.value = ""; // it is in the list; the same may be chosen again
  };
  input.addEventListener("change", chosen);
  chosen(); // before this script was here, or before the page was left
  takeDrops(f, add);
  void takeShared(add);
  f.classList.add("scripted"); // a button of the page's own language
  f.querySelectorAll<HTMLElement>("[data-scripted]").forEach((el) => {
    el.hidden = false;
  });
  document.addEventListener("paste", (e) => {
    if (!e.clipboardData?.files.length) return;
    e.preventDefault();
    add(e.clipboardData.files);
  });
  f.addEventListener("submit", (e) => {
    e.preventDefault();
    void sendAll(f, items);
  });
}

// ---- the list ----

/** A row of the list: the page's own template, filled in. */
function listed(f: HTMLFormElement, file: File, items: Item[]): Item {
  const model = f.querySelector<HTMLTemplateElement>("template")!;
  const row = model.content.firstElementChild!.cloneNode(true) as HTMLElement;
  const item: Item = { file, row, state: "ready" };
  const remove = row.querySelector("button")!;
  row.querySelector("[data-name]")!.textContent = file.name;
  remove.setAttribute("aria-label",
    f.dataset.remove!.replace("{1}", file.name));
  remove.addEventListener("click", () => {
    items.splice(items.indexOf(item), 1);
    row.remove();
    const input = f.querySelector<HTMLInputElement>("input[type=file]")!;
    input.required = items.length === 0;
    input.focus();
  });
  f.querySelector("[data-files]")!.append(row);
  if (file.size <= Number(f.dataset.max))
    look(f, file, row.querySelector("[data-look]")!);
  show(item, "ready", file.size > Number(f.dataset.max)
    ? f.dataset.large! : f.dataset.ready!);
  return item;
}

function show(item: Item, state: State, words: string): void {
  item.state = state;
  item.row.dataset.state = state;
  item.row.querySelector("[data-words]")!.textContent = words;
  item.row.querySelector("progress")!.hidden = state !== "sending";
  item.row.querySelector("button")!.hidden = state !== "ready" &&
    state !== "failed";
}

// ---- sending ----

async function sendAll(f: HTMLFormElement, items: Item[]): Promise<void> {
  const button = f.querySelector<HTMLButtonElement>("button[type=submit]")!;
  const status = f.querySelector<HTMLElement>("[data-status]")!;
  const open = items.filter((i) => !i.page);
  if (!open.length) return;
  button.disabled = true;
  status.textContent = f.dataset.begun!;
  let failed = 0;
  for (const item of open) if (!(await sendOne(f, item))) failed++;
  button.disabled = false;
  if (failed) status.textContent = f.dataset.failed!;
  else showAnswers(items.map((i) => i.page!));
}

async function sendOne(f: HTMLFormElement, item: Item): Promise<boolean> {
  const bar = item.row.querySelector("progress")!;
  const percent = new Intl.NumberFormat(document.documentElement.lang,
    { style: "percent" });
  for (let n = 1; ; n++) {
    const xhr = await post(f, item.file, (part) => {
      bar.value = part * 100;
      show(item, "sending", part < 1
        ? f.dataset.sending!.replace("{1}", percent.format(part))
        : f.dataset.reading!);
    });
    const wait = Number(xhr?.getResponseHeader("Retry-After") ?? NaN);
    if (xhr && wait >= 0 && n < TRIES) {
      show(item, "sending", f.dataset.busy!);
      await new Promise((r) => setTimeout(r, Math.min(wait, WAIT_MAX_S) * 1e3));
      continue;
    }
    const page = xhr && new DOMParser().parseFromString(xhr.responseText,
      "text/html");
    if (!page?.querySelector("main")) {
      show(item, "failed", f.dataset.failed!);
      return false;
    }
    item.page = page;
    const said = page.querySelector("article h2") ?? page.querySelector("h1");
    show(item, page.querySelector("article:not(.unread)") ? "done" : "unread",
      said?.textContent ?? "");
    return true;
  }
}

/** null: it did not arrive. */
function post(f: HTMLFormElement, file: File,
    progress: (part: number) => void): Promise<XMLHttpRequest | null> {
  const body = new FormData();
  for (const hidden of f.querySelectorAll<HTMLInputElement>(
    "input[type=hidden]")) body.append(hidden.name, hidden.value);
  body.append("files", file, file.name);
  return new Promise((done) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", f.action);
    xhr.upload.onprogress = (e) => {
      if (e.lengthComputable) progress(e.loaded / e.total);
    };
    xhr.onload = () => done(xhr);
    xhr.onerror = xhr.ontimeout = xhr.onabort = () => done(null);
    progress(0);
    xhr.send(body);
  });
}

// ---- the answers ----

/** The last page, which knows the newest total, with the receipts of all. */
function showAnswers(pages: Document[]): void {
  const last = pages[pages.length - 1]!;
  const main = last.querySelector("main")!;
  const place = main.querySelector("article.receipt");
  const before = pages.slice(0, -1).flatMap((p) =>
    [...p.querySelectorAll("article.receipt")]);
  if (place) for (const a of before) place.before(last.adoptNode(a));
  if (before.length) // what belongs to one run alone
    main.querySelectorAll("[data-alone]").forEach((el) => el.remove());
  document.title = last.title;
  document.querySelector("main")!.replaceWith(document.adoptNode(main));
  main.focus();
  scrollTo(0, 0);
}

function takeDrops(f: HTMLFormElement,
    add: (files: FileList | undefined) => void): void {
  const zone = f.querySelector<HTMLElement>(".drop")!;
  const mark = (on: boolean) => zone.classList.toggle("over", on);
  f.addEventListener("dragover", (e) => {
    e.preventDefault();
    mark(true);
  });
  f.addEventListener("dragleave", () => mark(false));
  f.addEventListener("drop", (e) => {
    e.preventDefault();
    mark(false);
    add(e.dataTransfer?.files);
  });
}

/** Files that the phone's own "share" brought to the recorder's service worker
 *  (js/record-worker.ts): they are in the list now, and nowhere else. */
async function takeShared(add: (files: FileList) => void): Promise<void> {
  const from = "shared files";
  if (!("caches" in window) || !(await caches.has(from))) return;
  const cache = await caches.open(from);
  const list = new DataTransfer();
  for (const at of await cache.keys()) {
    const kept = await cache.match(at);
    if (!kept) continue;
    const name = decodeURIComponent(kept.headers.get("X-File-Name") ?? "file");
    list.items.add(new File([await kept.blob()], name));
  }
  await caches.delete(from);
  add(list.files);
}
