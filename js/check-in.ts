// SPDX-License-Identifier: AGPL-3.0-or-later
// A door that may be without a network: codes are held against the list that
// was got before, who came is kept here at once and told to the server when
// there is one. Without this the page asks the server about each.
import { hashOf, readCode } from "./check-in/code";
import { List, Store, Ticket } from "./check-in/store";

interface Detector {
  detect(of: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
declare const BarcodeDetector:
  undefined | (new (o: { formats: string[] }) => Detector);

const place = document.querySelector<HTMLElement>("[data-check-in]");
const AT_ONCE = 200;
const TELL_MS = 10000;
const LIST_MS = 30000;
const SEEN_MS = 4000; // the same code before the camera is not a second time
const FOUND = 12;

if (place && crypto.subtle && "indexedDB" in window)
  Store.open().then((store) => new Door(place, store).begin())
    .catch(() => undefined); // the page works by itself

class Door {
  private readonly event: string;
  private list!: List;
  private telling = false;

  constructor(private readonly at: HTMLElement, private readonly store: Store) {
    this.event = at.dataset.checkIn!;
  }

  async begin(): Promise<void> {
    await this.tidy();
    const kept = await this.store.list(this.event);
    if (kept) this.list = kept;
    const got = await this.refresh();
    if (!kept && !got) return;
    this.listen();
    this.camera();
    this.say();
    void this.tell();
    setInterval(() => void this.tell(), TELL_MS);
    setInterval(() => void this.refresh(), LIST_MS);
    window.addEventListener("online", () => void this.tell());
    if ("serviceWorker" in navigator)
      await navigator.serviceWorker.register(this.at.dataset.worker!,
        { scope: this.at.dataset.page! });
  }

  /** Lists of events that are long over aren't kept. */
  private async tidy(): Promise<void> {
    for (const old of await this.store.lists())
      if (old.ends_ms < Date.now() - 86400000 &&
          (await this.store.count(old.event)) === 0)
        await this.store.forget(old.event);
  }

  private find<T extends HTMLElement>(what: string): T {
    return this.at.querySelector<T>(what)!;
  }

  private word(name: string, ...fill: string[]): string {
    return fill.reduce((s, f, i) => s.replace(`{${i + 1}}`, f),
      this.at.dataset[name]!);
  }

  private clock(ms: number): string {
    return new Intl.DateTimeFormat(document.documentElement.lang,
      { dateStyle: "short", timeStyle: "short" }).format(ms);
  }

  private now(): number {
    return Date.now() + (this.list?.skew_ms ?? 0);
  }

  // ---- the list ----

  /** The newest list, with what only this device knows. */
  private async refresh(): Promise<boolean> {
    try {
      const answer = await fetch(this.at.dataset.list!,
        { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return false;
      const got = await answer.json();
      const own = new Map((await this.store.waiting(this.event, 1e6))
        .map((s) => [s.ticket, s.at_ms]));
      const door = await this.store.door(this.event);
      for (const t of got.tickets as Ticket[]) {
        const at = own.get(t.id);
        if (at && (!t.came_ms || at < t.came_ms)) {
          t.came_ms = at;
          t.door = door;
        }
      }
      this.list = { event: this.event, door, got_ms: got.now_ms,
        skew_ms: got.now_ms - Date.now(), ends_ms: Number(this.at.dataset.ends),
        doors: got.doors, tickets: got.tickets };
      await this.store.keep(this.list);
      this.say();
      return true;
    } catch {
      return false;
    }
  }

  // ---- one ticket ----

  private listen(): void {
    const form = this.find<HTMLFormElement>("[data-codes]");
    const input = this.find<HTMLInputElement>("[name=code]");
    const door = this.find<HTMLInputElement>("[name=door]");
    const named = (): void => localStorage.setItem("everystep-door", door.value);
    if (door.value) named(); // written before this was ready
    else door.value = localStorage.getItem("everystep-door") ?? "";
    door.addEventListener("input", named);
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      void this.take(input.value).then((good) => {
        if (good) input.value = "";
        input.focus();
        input.select();
      });
    });
    const names = this.find<HTMLFormElement>("[data-names]");
    names.addEventListener("submit", (e) => e.preventDefault());
    const q = this.find<HTMLInputElement>("[name=q]");
    q.addEventListener("input", () => this.look(q.value));
    const forget = this.find<HTMLButtonElement>("[data-forget]");
    forget.hidden = false;
    forget.addEventListener("click", () => void this.forget());
  }

  private slip(text: string): false {
    const p = this.find("[data-slip]");
    p.textContent = text;
    p.hidden = !text;
    return false;
  }

  private async take(typed: string): Promise<boolean> {
    this.find(".said").replaceChildren();
    const code = readCode(typed);
    if (!code) return this.slip(this.word("mistyped"));
    const hash = await hashOf(this.event, code);
    let t = this.list.tickets.find((x) => x.code === hash);
    if (!t && await this.refresh())
      t = this.list.tickets.find((x) => x.code === hash);
    if (!t)
      return this.slip(`${this.word("unknown")} ${navigator.onLine ? "" :
        this.word("older", this.clock(this.list.got_ms))}`);
    this.slip("");
    await this.here(t, false);
    return true;
  }

  /** They stand here: kept first, then said. */
  private async here(t: Ticket, admit: boolean): Promise<void> {
    const before = { ...t };
    if (t.came_ms === 0 && t.state !== 0 && !admit)
      return this.show("no", this.word(t.state === 1 ? "waits" : "back"), t);
    const at_ms = this.now();
    if (t.came_ms === 0) {
      t.came_ms = at_ms;
      t.door = this.list.door;
    }
    await this.store.add(this.list, { ticket: t.id, at_ms });
    if (before.came_ms === 0) this.show("welcome", this.word("welcome"), t);
    else {
      const door = this.list.doors.find((d) => d.id === before.door)?.name;
      this.show("again", this.word("again", this.clock(before.came_ms) +
        (door ? ` · ${door}` : "")), t);
    }
    this.say();
    void this.tell();
  }

  private show(how: "welcome" | "again" | "no", word: string, t: Ticket): void {
    const box = document.createElement("div");
    box.className = `is ${how}`;
    for (const [name, text] of [["word", word], ["who", t.name], ["", t.as]]) {
      const p = document.createElement("p");
      if (name) p.className = name;
      p.dir = "auto";
      p.textContent = text!;
      box.append(p);
    }
    if (how === "no")
      box.append(this.button(this.word("admit"), () => void this.here(t, true)));
    this.find(".said").replaceChildren(box);
    navigator.vibrate?.(how === "welcome" ? 60 : [60, 60, 200]);
  }

  private button(text: string, does: () => void): HTMLButtonElement {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "quiet";
    b.textContent = text;
    b.addEventListener("click", does);
    return b;
  }

  private look(text: string): void {
    const plain = (s: string): string =>
      s.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
    const want = plain(text.trim());
    const found = want.length < 2 ? [] :
      this.list.tickets.filter((t) => plain(t.name).includes(want));
    const rows = found.slice(0, FOUND).map((t) => {
      const li = document.createElement("li");
      const who = document.createElement("span");
      const name = document.createElement("strong");
      name.dir = "auto";
      name.textContent = t.name;
      const as = document.createElement("span");
      as.className = "sub";
      as.textContent = ` ${t.as}${t.came_ms ? ` · ${this.clock(t.came_ms)}`
        : ""}`;
      who.append(name, as);
      li.append(who, this.button(this.word("letIn"), () => {
        this.slip("");
        void this.here(t, false);
      }));
      return li;
    });
    const none = document.createElement("li");
    none.textContent = this.word("none");
    this.find("[data-found]").replaceChildren(
      ...(want.length >= 2 && rows.length === 0 ? [none] : rows));
  }

  // ---- telling the server ----

  private async tell(): Promise<void> {
    if (this.telling) return;
    this.telling = true;
    try {
      for (;;) {
        const some = await this.store.waiting(this.event, AT_ONCE);
        if (some.length === 0) break;
        const asked = await fetch(`${this.at.dataset.page}/token`,
          { headers: { Accept: "application/json" }, redirect: "error" });
        if (asked.status === 401 || asked.status === 403)
          return this.state(this.word("signedOut"));
        const { csrf } = await asked.json();
        const answer = await fetch(this.at.dataset.shown!, { method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
          body: JSON.stringify({ door: this.list.door,
            name: this.find<HTMLInputElement>("[name=door]").value,
            shown: some }) });
        if (!answer.ok) break;
        await this.store.told(this.event, some);
      }
    } catch {
      // No network: it waits here.
    } finally {
      this.telling = false;
    }
    this.say();
  }

  private state(text: string): void {
    this.find("[data-state]").textContent = text;
  }

  private say(): void {
    const placed = this.list.tickets.filter((t) => t.state === 0).length;
    const came = this.list.tickets.filter((t) => t.came_ms > 0).length;
    const number = new Intl.NumberFormat(document.documentElement.lang);
    this.find("[data-count]").textContent =
      this.word("came", number.format(came), number.format(placed));
    void this.store.count(this.event).then((n) =>
      this.state(n ? this.word("left", number.format(n)) : this.word("sent")));
  }

  /** When the work is done; what isn't sent yet stays. */
  private async forget(): Promise<void> {
    await this.tell();
    if (await this.store.count(this.event)) return;
    await this.store.forget(this.event);
    const worker = await navigator.serviceWorker
      ?.getRegistration(this.at.dataset.page!);
    await worker?.unregister();
    location.assign(this.at.querySelector<HTMLAnchorElement>(
      ".actions:last-of-type a")!.href);
  }

  // ---- the camera ----

  private camera(): void {
    if (typeof BarcodeDetector === "undefined" || !navigator.mediaDevices)
      return;
    const button = this.find<HTMLButtonElement>("[data-camera]");
    const see = this.find<HTMLVideoElement>("[data-see]");
    button.hidden = false;
    let stream: MediaStream | undefined;
    button.addEventListener("click", () => void (async () => {
      if (stream) {
        stream.getTracks().forEach((t) => t.stop());
        stream = undefined;
        see.hidden = true;
        return;
      }
      try {
        stream = await navigator.mediaDevices.getUserMedia(
          { video: { facingMode: "environment" } });
      } catch {
        button.hidden = true; // not allowed, or none: codes can be typed
        return;
      }
      see.srcObject = stream;
      see.hidden = false;
      await see.play();
      void this.watch(see, () => stream !== undefined);
    })());
  }

  private async watch(see: HTMLVideoElement, on: () => boolean): Promise<void> {
    const detector = new BarcodeDetector!({ formats: ["qr_code"] });
    let last = "";
    let at = 0;
    while (on()) {
      const codes = await detector.detect(see).catch(() => []);
      for (const { rawValue } of codes) {
        if (rawValue === last && Date.now() - at < SEEN_MS) continue;
        last = rawValue;
        at = Date.now();
        await this.take(rawValue);
      }
      await new Promise((wait) => setTimeout(wait, 150));
    }
  }
}
