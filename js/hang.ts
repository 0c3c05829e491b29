// SPDX-License-Identifier: AGPL-3.0-or-later
// Sends pictures one by one, however many were chosen, and says which of them
// couldn't be taken and why. Without it the form is sent whole, which holds
// fewer at once.

const form = document.querySelector<HTMLFormElement>("form[data-hang]");
if (form && "fetch" in window) start(form);

function start(f: HTMLFormElement): void {
  const input = f.querySelector<HTMLInputElement>("input[type=file]")!;
  const send = f.querySelector<HTMLButtonElement>("button[type=submit]")!;
  f.querySelectorAll<HTMLElement>("[data-unscripted]").forEach((el) => {
    el.hidden = true;
  });
  f.addEventListener("submit", (e) => {
    const files = [...(input.files ?? [])];
    if (files.length === 0) return;
    e.preventDefault();
    send.disabled = true;
    void sendAll(f, files).then((refused) => {
      send.disabled = false;
      input.value = "";
      if (refused === 0) location.assign(location.pathname + "?done=brought");
    });
  });
}

/** How many could not be taken; they stand in the list. */
async function sendAll(f: HTMLFormElement, files: File[]): Promise<number> {
  const way = f.querySelector<HTMLElement>("[data-way]")!;
  const bar = way.querySelector<HTMLProgressElement>("progress")!;
  const words = way.querySelector<HTMLElement>("[data-words]")!;
  const list = way.querySelector<HTMLElement>("[data-refused]")!;
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let refused = 0;
  way.hidden = false;
  list.replaceChildren();
  bar.max = files.length;
  for (const [i, file] of files.entries()) {
    bar.value = i;
    words.textContent = f.dataset.sending!.replace("{1}", number.format(i + 1))
      .replace("{2}", number.format(files.length));
    const why = await sendOne(f, file);
    if (why === null) continue;
    const row = document.createElement("li");
    const name = document.createElement("bdi");
    name.textContent = file.name;
    row.append(name, ": " + why);
    list.append(row);
    refused++;
  }
  bar.value = files.length;
  words.textContent = refused === 0 ? f.dataset.whole!
    : f.dataset.some!.replace("{1}", number.format(files.length - refused))
      .replace("{2}", number.format(files.length));
  return refused;
}

/** Why it couldn't be taken, in the page's language; null: it was. */
async function sendOne(f: HTMLFormElement, file: File): Promise<string | null> {
  if (file.size > Number(f.dataset.max)) return f.dataset.large!;
  const body = new FormData();
  body.append("csrf", f.querySelector<HTMLInputElement>("[name=csrf]")!.value);
  body.append("pictures", file, file.name);
  try {
    const r = await fetch(f.action + location.search, { method: "POST", body });
    if (r.ok) return null;
    const page = new DOMParser().parseFromString(await r.text(), "text/html");
    const said = page.querySelector("[data-why]")?.textContent?.trim();
    return said || f.dataset.failed!;
  } catch {
    return f.dataset.failed!;
  }
}
