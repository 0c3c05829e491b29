// SPDX-License-Identifier: AGPL-3.0-or-later
// The preview beside the form of a new initiative follows what is typed, and
// its time zone begins with the browser's. The server draws the preview;
// without this a button asks for it.

const LATE_MS = 250; // after the last key

const form = document.querySelector<HTMLFormElement>("form[data-making]");
if (form) begin(form);

function begin(f: HTMLFormElement): void {
  if (f.dataset.fresh !== undefined) takeZone(f);
  f.querySelectorAll<HTMLElement>("[data-unscripted]").forEach((el) => {
    el.hidden = true;
  });
  let timer = 0;
  let asked: AbortController | null = null;
  const look = async (): Promise<void> => {
    asked?.abort();
    asked = new AbortController();
    await draw(f, asked.signal);
  };
  f.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), LATE_MS);
  });
  void look();
}

/** The zone of this browser, where the form knows it. */
function takeZone(f: HTMLFormElement): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const select = f.querySelector<HTMLSelectElement>("select[name=zone]");
  if (!select || !zone) return;
  const known = [...select.options].some((o) => o.value === zone);
  if (!known) select.add(new Option(zone, zone), 0);
  select.value = zone;
}

async function draw(f: HTMLFormElement, signal: AbortSignal): Promise<void> {
  const fields = new URLSearchParams();
  new FormData(f).forEach((value, name) => {
    if (typeof value === "string") fields.append(name, value);
  });
  fields.set("do", "look");
  try {
    const answer = await fetch(f.action, { method: "POST", body: fields, signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["preview", "address"]) {
      const now = page.getElementById(id);
      if (now) document.getElementById(id)?.replaceWith(now);
    }
  } catch {
    // The line is down, or more was typed: the form works all the same.
  }
}
