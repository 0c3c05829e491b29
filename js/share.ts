// SPDX-License-Identifier: AGPL-3.0-or-later
// Passing a page on: the phone's own sheet with the picture, and the clipboard.
// Without it the address stands in a field and the pictures are links.

const place = document.querySelector<HTMLElement>("[data-share]");
if (place) offer(place);

function offer(root: HTMLElement): void {
  const field = root.querySelector<HTMLInputElement>("input[readonly]");
  const send = root.querySelector<HTMLButtonElement>("[data-send]");
  const copy = root.querySelector<HTMLButtonElement>("[data-copy]");
  const said = root.querySelector<HTMLElement>("[data-said]");
  if (!field) return;
  field.addEventListener("focus", () => field.select());
  if (send && "share" in navigator) {
    send.hidden = false;
    send.addEventListener("click", () => void share(root, field.value));
    // Browsers let a page share only soon after the click: the picture should
    // be there by then.
    send.addEventListener("pointerenter", () => void picture(root));
    send.addEventListener("focus", () => void picture(root));
  }
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        if (said) said.textContent = copy.dataset.done || "";
      } catch {
        field.select(); // not allowed: at least it is marked
      }
    });
  }
}

let loading: Promise<File | null> | null = null;

// The square picture, loaded once; null when there is none to be had.
function picture(root: HTMLElement): Promise<File | null> {
  const link = root.querySelector<HTMLAnchorElement>("[data-picture]");
  if (!loading && link) loading = load(link.href);
  return loading || Promise.resolve(null);
}

async function load(href: string): Promise<File | null> {
  try {
    const answer = await fetch(href);
    if (!answer.ok) return null;
    return new File([await answer.blob()], "everystep.png", { type: "image/png" });
  } catch {
    return null;
  }
}

async function share(root: HTMLElement, url: string): Promise<void> {
  const data: ShareData = { title: root.dataset.title, url };
  const file = await picture(root);
  if (file && navigator.canShare && navigator.canShare({ ...data, files: [file] }))
    data.files = [file];
  try {
    await navigator.share(data);
  } catch {
    // Closed without sharing: nothing to say.
  }
}
