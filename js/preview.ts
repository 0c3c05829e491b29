// SPDX-License-Identifier: AGPL-3.0-or-later
// Beside a form stands what it makes; it follows what is entered. Without this
// a button shows it.

const PAUSE_MS = 400; // after the last key

const form = document.querySelector<HTMLFormElement>("form[data-preview]");
if (form) follow(form, form.dataset.preview!);

function follow(root: HTMLFormElement, where: string): void {
  const manual = root.querySelector<HTMLElement>("[data-manual]");
  let timer = 0;
  let asked = 0;
  if (manual) manual.hidden = true;
  root.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(show, PAUSE_MS);
  });

  async function show(): Promise<void> {
    const mine = ++asked;
    const body = new URLSearchParams();
    new FormData(root).forEach((v, k) => body.append(k, String(v)));
    body.set("do", "preview");
    const answer = await fetch(root.action, { method: "POST", body }).catch(() => null);
    // What can't be read yet (422) leaves the sheet as it was.
    if (!answer || !answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector(where);
    const old = root.querySelector(where);
    if (now && old && mine === asked) old.replaceChildren(...now.childNodes);
  }
}
