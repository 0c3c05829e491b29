// SPDX-License-Identifier: AGPL-3.0-or-later
// A button that acts when it is kept pressed, by finger or key, so that no
// pocket does; whoever can only click (a screen reader) is asked instead.

const HOLD_MS = 1000;

/** `briefly`: it was let go too early. `clicked`: no press, only a click. */
export function onHold(b: HTMLElement, act: () => void, briefly: () => void,
    clicked: () => void): void {
  let timer = 0;
  let pressed = false;
  const begin = (): void => {
    if (pressed) return;
    pressed = true;
    b.classList.add("held");
    timer = window.setTimeout(() => {
      timer = 0;
      b.classList.remove("held");
      act();
    }, HOLD_MS);
  };
  const stop = (): void => {
    if (pressed && timer) {
      clearTimeout(timer);
      briefly();
    }
    timer = 0;
    b.classList.remove("held");
  };
  b.addEventListener("pointerdown", begin);
  for (const type of ["pointerup", "pointerleave", "pointercancel"])
    b.addEventListener(type, stop);
  b.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" && e.key !== " ") return;
    e.preventDefault();
    if (!e.repeat) begin();
  });
  b.addEventListener("keyup", (e) => {
    if (e.key !== "Enter" && e.key !== " ") return;
    stop();
    pressed = false;
  });
  b.addEventListener("blur", () => {
    stop();
    pressed = false;
  });
  b.addEventListener("contextmenu", (e) => e.preventDefault());
  b.addEventListener("click", () => {
    if (!pressed) clicked();
    pressed = false;
  });
}
