// SPDX-License-Identifier: AGPL-3.0-or-later
// How far work beside the pages has come; when it is done the page is read
// again. Without this the page reads itself again every two seconds.

interface Far {
  runs: number;
  all: number;
  permille: number;
  ended: boolean;
}

const EVERY_MS = 700;

const panel = document.querySelector<HTMLElement>("[data-progress]");
if (panel) watch(panel);

function watch(root: HTMLElement): void {
  const bar = root.querySelector("progress");
  const words = root.querySelector<HTMLElement>("[data-far]");
  const number = new Intl.NumberFormat(document.documentElement.lang);

  async function look(): Promise<void> {
    const answer = await fetch(root.dataset.progress!).catch(() => null);
    if (answer && answer.ok) {
      const far = (await answer.json()) as Far;
      if (far.ended) {
        location.reload();
        return;
      }
      if (bar) bar.value = far.permille;
      if (words)
        words.textContent = root.dataset.words!
          .replace("{1}", number.format(far.runs))
          .replace("{2}", number.format(far.all));
    }
    setTimeout(look, EVERY_MS);
  }
  setTimeout(look, EVERY_MS);
}
