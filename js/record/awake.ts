// SPDX-License-Identifier: AGPL-3.0-or-later
// The screen stays on while a run is recorded, where the browser lets it.

interface Sentinel extends EventTarget {
  release(): Promise<void>;
}
interface Lock {
  request(type: "screen"): Promise<Sentinel>;
}

export class Awake {
  private held: Sentinel | null = null;
  private wanted = false;

  /** `told`: whether the screen is kept on now. */
  constructor(private told: (on: boolean) => void) {
    document.addEventListener("visibilitychange", () => void this.take());
  }

  async hold(): Promise<void> {
    this.wanted = true;
    await this.take();
  }

  async release(): Promise<void> {
    this.wanted = false;
    await this.held?.release().catch(() => undefined);
    this.held = null;
  }

  /** A browser lets go of it whenever the page is hidden. */
  private async take(): Promise<void> {
    const lock = (navigator as unknown as { wakeLock?: Lock }).wakeLock;
    if (!this.wanted || this.held || document.visibilityState !== "visible")
      return;
    try {
      const held = await lock?.request("screen");
      this.held = held ?? null;
      held?.addEventListener("release", () => {
        if (this.held === held) this.held = null;
        void this.take();
      });
    } catch {
      this.held = null; // a low battery, or not allowed
    }
    this.told(this.held !== null);
  }
}
