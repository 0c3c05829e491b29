// SPDX-License-Identifier: AGPL-3.0-or-later
// Sends a video in pieces (tus 1.0.0): with progress, a pause, and so that a
// lost connection, a reload or a restart of the server costs one piece. Without
// it the form is sent whole.

const FIRST = 1 << 20;
const LEAST = 256 << 10;
const MOST = 8 << 20;
const PIECE_MS = 4000; // what one piece should take: as much is lost at most
const WAIT_MAX_MS = 30000;
const TUS = { "Tus-Resumable": "1.0.0" };

const form = document.querySelector<HTMLFormElement>("form[data-film]");
if (form && "fetch" in window) start(form);

function start(f: HTMLFormElement): void {
  const way = f.querySelector<HTMLElement>("[data-way]")!;
  const pause = f.querySelector<HTMLButtonElement>("[data-pause]")!;
  const resume = f.querySelector<HTMLButtonElement>("[data-resume]")!;
  const send = f.querySelector<HTMLButtonElement>("button[type=submit]")!;
  const words = f.querySelector<HTMLElement>("[data-words]")!;
  const input = f.querySelector<HTMLInputElement>("input[type=file]")!;
  let paused = false;
  let go: (() => void) | null = null;

  pause.addEventListener("click", () => {
    paused = true;
    pause.hidden = true;
    resume.hidden = false;
    resume.focus();
  });
  resume.addEventListener("click", () => {
    paused = false;
    resume.hidden = true;
    pause.hidden = false;
    pause.focus();
    go?.();
  });
  f.addEventListener("submit", (e) => {
    const file = input.files?.[0];
    if (!file) return;
    e.preventDefault();
    send.disabled = true;
    way.hidden = false;
    pause.hidden = false;
    sendAll(f, file, async () => {
      if (paused) await new Promise<void>((r) => { go = r; });
    }, () => paused).then(() => {
      words.textContent = f.dataset.whole!;
      location.assign(location.pathname + location.search);
    }, (why: Error) => {
      words.textContent = why.message || f.dataset.failed!;
      send.disabled = false;
      pause.hidden = true;
    });
  });
}

/** Where this file was sent to before, as the page knows it. */
function begun(file: File): string | null {
  for (const el of document.querySelectorAll<HTMLElement>("[data-upload]"))
    if (el.dataset.name === file.name &&
        Number(el.dataset.length) === file.size) return el.dataset.upload!;
  return null;
}

function base64(text: string): string {
  let s = "";
  for (const byte of new TextEncoder().encode(text))
    s += String.fromCharCode(byte);
  return btoa(s);
}

/** The reason that the server gives, in the page's language. */
async function reason(r: Response): Promise<Error> {
  try {
    return new Error(((await r.json()) as { detail?: string }).detail ?? "");
  } catch {
    return new Error("");
  }
}

async function create(f: HTMLFormElement, file: File): Promise<string> {
  if (file.size > Number(f.dataset.max)) throw new Error(f.dataset.large);
  if (file.size > Number(f.dataset.left)) throw new Error(f.dataset.full);
  const url = f.action.replace(/video$/, "films");
  const r = await fetch(url, { method: "POST", headers: { ...TUS,
    "X-CSRF-Token": f.dataset.csrf!, "Upload-Length": String(file.size),
    "Upload-Metadata": "filename " + base64(file.name) } });
  if (r.status !== 201) throw await reason(r);
  return r.headers.get("Location")!;
}

/** How much of it is there; null: nobody can say now; -1: it is gone. */
async function offset(url: string): Promise<number | null> {
  try {
    const r = await fetch(url, { method: "HEAD", headers: TUS });
    if (r.status === 404) return -1;
    const at = r.headers.get("Upload-Offset");
    return r.ok && at !== null ? Number(at) : null;
  } catch {
    return null;
  }
}

/** One piece. The offset after it; null: what came of it isn't known. */
function patch(f: HTMLFormElement, url: string, file: File, at: number,
    size: number, progress: (n: number) => void): Promise<number | null> {
  return new Promise((done, fail) => {
    const xhr = new XMLHttpRequest();
    xhr.open("PATCH", url);
    xhr.setRequestHeader("Tus-Resumable", "1.0.0");
    xhr.setRequestHeader("X-CSRF-Token", f.dataset.csrf!);
    xhr.setRequestHeader("Upload-Offset", String(at));
    xhr.setRequestHeader("Content-Type", "application/offset+octet-stream");
    xhr.upload.onprogress = (e) => progress(at + e.loaded);
    xhr.onload = () => {
      const next = xhr.getResponseHeader("Upload-Offset");
      if (xhr.status === 204 && next !== null) return done(Number(next));
      if (xhr.status === 415 || xhr.status === 413 || xhr.status === 507) {
        let said = "";
        try { said = JSON.parse(xhr.responseText).detail ?? ""; } catch { /**/ }
        return fail(new Error(said));
      }
      done(null);
    };
    xhr.onerror = xhr.ontimeout = xhr.onabort = () => done(null);
    xhr.send(file.slice(at, at + size));
  });
}

async function sendAll(f: HTMLFormElement, file: File,
    turn: () => Promise<void>, paused: () => boolean): Promise<void> {
  const bar = f.querySelector<HTMLProgressElement>("progress")!;
  const words = f.querySelector<HTMLElement>("[data-words]")!;
  const percent = new Intl.NumberFormat(document.documentElement.lang,
    { style: "percent" });
  const show = (n: number, how: string): void => {
    bar.value = (n / file.size) * 100;
    words.textContent = how.replace("{1}", percent.format(n / file.size));
  };
  let url = begun(file) ?? (await create(f, file));
  let at = await offset(url);
  if (at === -1) {
    url = await create(f, file);
    at = 0;
  }
  let size = FIRST;
  let wait = 500;
  while (at === null || at < file.size) {
    if (at !== null && paused()) show(at, f.dataset.paused!);
    await turn();
    if (at === null) {
      words.textContent = f.dataset.waiting!;
      await new Promise((r) => setTimeout(r, wait));
      wait = Math.min(wait * 2, WAIT_MAX_MS);
      at = await offset(url);
      if (at === -1) throw new Error(f.dataset.failed);
      continue;
    }
    const began = performance.now();
    show(at, f.dataset.sending!);
    at = await patch(f, url, file, at, size,
      (n) => show(Math.min(n, file.size), f.dataset.sending!));
    if (at === null) { size = LEAST; continue; }
    wait = 500;
    const took = performance.now() - began;
    size = Math.round(Math.max(LEAST, Math.min(MOST,
      took < PIECE_MS / 2 ? size * 2 : took > PIECE_MS * 2 ? size / 2 : size)));
  }
  show(file.size, f.dataset.sending!);
}
