// SPDX-License-Identifier: AGPL-3.0-or-later
// Single keys for who reviews many runs: a, r, q, j, k and ? (what they do
// stands in the page, in its language). They can be switched off, as WCAG 2.1.4
// asks; without this file the forms and links do the same.

const ON = "es-keys";
const dialog = document.querySelector<HTMLDialogElement>("[data-keys]");
const box = document.querySelector<HTMLInputElement>("[data-keys-on]");

// A browser that keeps nothing has them on.
function kept(): boolean {
  try {
    return localStorage.getItem(ON) !== "0";
  } catch {
    return true;
  }
}

let on = kept();

if (dialog && box) {
  box.checked = on;
  box.addEventListener("change", () => {
    on = box.checked;
    try {
      localStorage.setItem(ON, on ? "1" : "0");
    } catch {
      // for this page, then
    }
  });
  const hint = document.querySelector<HTMLElement>("[data-keys-hint]");
  if (hint) hint.hidden = false;
  document
    .querySelector("[data-keys-open]")
    ?.addEventListener("click", () => dialog.showModal());
  document
    .querySelector("[data-keys-close]")
    ?.addEventListener("click", () => dialog.close());
  document.addEventListener("keydown", pressed);
}

function writing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function pressed(e: KeyboardEvent): void {
  if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && writing(e.target)) {
    (e.target as HTMLInputElement).form?.requestSubmit();
    return;
  }
  if (e.key === "Escape" && writing(e.target)) {
    const opened = (e.target as HTMLElement).closest("details");
    opened?.querySelector("summary")?.focus();
    return;
  }
  if (!on || e.ctrlKey || e.metaKey || e.altKey || e.repeat || writing(e.target) || dialog?.open)
    return;
  if (e.key === "?") {
    e.preventDefault();
    dialog?.showModal();
    return;
  }
  // By the key's place too: an Urdu or Arabic keyboard has no Latin letters.
  const key = /^[a-z]$/.test(e.key) ? e.key : e.code.replace(/^Key/, "").toLowerCase();
  if (through(key) || act(key)) e.preventDefault();
}

// In a list j and k go from row to row; else to the run beside this one.
function through(key: string): boolean {
  const rows = Array.from(document.querySelectorAll<HTMLElement>("[data-list] li > a"));
  if (rows.length === 0 || (key !== "j" && key !== "k")) return false;
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[Math.max(0, Math.min(rows.length - 1, at + (key === "j" ? 1 : -1)))].focus();
  return true;
}

function act(key: string): boolean {
  if (!/^[arqjk]$/.test(key)) return false;
  const what = document.querySelector<HTMLElement>(`[data-key="${key}"]`);
  if (!what) return false;
  if (what instanceof HTMLDetailsElement) {
    what.open = true;
    what.querySelector<HTMLElement>("select, textarea")?.focus();
  } else {
    what.click();
  }
  return true;
}
