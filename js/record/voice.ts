// SPDX-License-Identifier: AGPL-3.0-or-later
// A kilometre is told aloud and felt, where the phone can.

function voice(): SpeechSynthesisVoice | null {
  const lang = document.documentElement.lang;
  return window.speechSynthesis?.getVoices()
    .find((v) => v.lang.toLowerCase().split(/[-_]/)[0] === lang) ?? null;
}

/** Calls back with whether the page's language can be spoken: voices come when
 *  the browser has found them. */
export function canSpeak(told: (can: boolean) => void): void {
  told(voice() !== null);
  window.speechSynthesis?.addEventListener?.("voiceschanged",
    () => told(voice() !== null));
}

export function speak(text: string): void {
  const v = voice();
  if (!v) return;
  const u = new SpeechSynthesisUtterance(text);
  u.voice = v;
  u.lang = v.lang;
  speechSynthesis.speak(u);
}

export function shake(...ms: number[]): void {
  navigator.vibrate?.(ms);
}
