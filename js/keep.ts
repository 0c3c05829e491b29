// SPDX-License-Identifier: AGPL-3.0-or-later
// What is shown only once is kept: copied, printed or saved. Without it, it
// stands in the page.

const shown = document.querySelector<HTMLElement>("[data-keep]");
if (shown) offerToKeep(shown, shown.dataset.keep!);

function offerToKeep(place: HTMLElement, text: string): void {
  const show = (which: string, does: (b: HTMLButtonElement) => void): void => {
    const button = place.querySelector<HTMLButtonElement>(`[${which}]`);
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => does(button));
  };
  show("data-print", () => window.print());
  show("data-download", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = "everystep-codes.txt";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  if (navigator.clipboard)
    show("data-copy", async (button) => {
      try {
        await navigator.clipboard.writeText(text);
        place.querySelector("[data-done-here]")!.textContent =
          button.dataset.done!;
      } catch {
        // Not allowed here: it stands in the page.
      }
    });
}
