// SPDX-License-Identifier: AGPL-3.0-or-later
// Finding and filling what stands on the page.

const NOTE_MS = 60_000;

export const root = document.querySelector<HTMLElement>("[data-recorder]")!;

export function el<T extends HTMLElement = HTMLElement>(name: string): T {
  return root.querySelector<T>(`[data-${name}]`)!;
}

export function button(name: string): HTMLButtonElement {
  return root.querySelector<HTMLButtonElement>(`[data-do=${name}]`)!;
}

export function checked(name: string): boolean {
  return root.querySelector<HTMLInputElement>(`[name=${name}]`)!.checked;
}

export function put(name: string, text: string): void {
  const at = el(name);
  if (at.textContent !== text) at.textContent = text;
}

/** The parts that are seen; the others are hidden. */
export function show(screen: string, ...parts: string[]): void {
  root.dataset.screen = screen;
  for (const at of root.querySelectorAll<HTMLElement>("[data-at]"))
    at.hidden = !parts.includes(at.dataset.at!);
  const whole = ["run", "pocket", "count"].includes(screen);
  document.documentElement.classList.toggle("recording", whole);
  for (const around of document.querySelectorAll<HTMLElement>(
    ".top, .end, .skip")) around.inert = whole;
}

let fades = 0;

/** Stays on the page; while a run lasts it is seen for a minute. */
export function note(text: string): void {
  clearTimeout(fades);
  for (const where of ["note", "run-note"]) {
    put(where, text);
    el(where).hidden = !text;
  }
  fades = setTimeout(() => {
    el("run-note").hidden = true;
  }, NOTE_MS);
}

export function cannot(text: string): void {
  put("cannot", text);
  el("cannot").hidden = !text;
}

/** Asks in a dialog of the page. */
export function sure(words: string, yes: string): Promise<boolean> {
  const box = el<HTMLDialogElement>("sure");
  put("sure-words", words);
  put("yes", yes);
  return new Promise((resolve) => {
    const answer = (v: boolean) => () => {
      box.onclose = null;
      box.close();
      resolve(v);
    };
    el("yes").onclick = answer(true);
    el("no").onclick = answer(false);
    box.onclose = () => resolve(false);
    box.showModal();
    el("no").focus();
  });
}

export function rows(at: HTMLElement, texts: [string, string, string][]): void {
  at.replaceChildren(...texts.map((cells) => {
    const li = document.createElement("li");
    for (const text of cells.filter((c) => c)) {
      const span = document.createElement("span");
      span.className = "num";
      span.textContent = text;
      li.append(span, " ");
    }
    return li;
  }));
}

/** The phone keeps a file. */
export function download(name: string, bytes: Uint8Array<ArrayBuffer>, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
