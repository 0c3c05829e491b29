// SPDX-License-Identifier: AGPL-3.0-or-later
// The list of recordings on this phone: what waits, why, and what to do.
import { Engine, FIT, GPX } from "./engine";
import { download, el, root, show, sure } from "./page";
import { due, flush } from "./queue";
import { Run } from "./run";
import { Store } from "./store";
import { clock, distance, hour, say } from "./words";

function state(run: Run): string {
  const r = run.receipt;
  if (run.state === "received" && r) {
    const key = r.status === "accepted" || r.status === "in_review"
      ? r.status : "received";
    return say(key, distance(r.measure.distance_m ?? 0),
      clock(r.measure.counted_elapsed_s ?? 0));
  }
  if (!run.problem) return say(run.tries ? "sending" : "queued");
  const wait = clock(Math.max(0, run.next - Date.now()) / 1000);
  return say(run.problem, run.problem === "refused" ? run.said : wait);
}

export function fileName(run: Run, ending: string): string {
  const at = new Date(run.started).toISOString().slice(0, 16)
    .replace("T", "-").replace(":", "");
  return `${run.slug}-${at}.${ending}`;
}

export async function saveAs(engine: Engine, run: Run, format: number,
    from: number, to: number): Promise<void> {
  const bytes = await engine.write(from, to, format);
  download(fileName(run, format === FIT ? "fit" : "gpx"), bytes,
    format === FIT ? "application/octet-stream" : "application/gpx+xml");
}

export class Kept {
  private timer = 0;

  /** `engine`: free for a run of the past. */
  constructor(private store: Store, private engine: Engine,
    private free: () => boolean) {
    addEventListener("online", () => void this.send(true));
  }

  /** Those of the list, the newest first. */
  private async listed(): Promise<Run[]> {
    return (await this.store.runs())
      .filter((r) => r.state === "queued" || r.state === "received")
      .sort((a, b) => b.started - a.started);
  }

  async any(): Promise<boolean> {
    return (await this.listed()).length > 0;
  }

  async list(): Promise<void> {
    const all = await this.listed();
    el("kept").replaceChildren(...all.map((r) => this.row(r)));
    if (root.dataset.screen === "ready")
      show("ready", "ready", ...(all.length ? ["waiting"] : []));
  }

  /** Sends what is due, and comes again when the next one is. */
  async send(now = false): Promise<void> {
    clearTimeout(this.timer);
    await flush(this.store, now).catch(() => undefined);
    await this.list();
    const wait = await due(this.store);
    if (wait !== null)
      this.timer = window.setTimeout(() => void this.send(),
        Math.max(1000, wait));
  }

  private row(run: Run): HTMLElement {
    const model = root.querySelector<HTMLTemplateElement>("template[data-row]")!;
    const li = model.content.firstElementChild!.cloneNode(true) as HTMLElement;
    const at = <T extends HTMLElement>(name: string): T =>
      li.querySelector<T>(`[data-row-${name}]`)!;
    const sent = run.state === "received";
    li.dataset.state = run.state;
    if (run.problem) li.dataset.problem = run.problem;
    at("far").textContent = distance(
      run.receipt?.measure.distance_m ?? run.far);
    at("when").textContent = hour(run.started);
    at("words").textContent = state(run);
    const page = at<HTMLAnchorElement>("page");
    page.hidden = !run.receipt;
    if (run.receipt) page.href = `/me/runs/${run.receipt.run}`;
    const enter = at<HTMLAnchorElement>("enter");
    enter.hidden = run.problem !== "signed-out";
    enter.href = `/e/${run.slug}/sign-in`;
    at("again").hidden = at("gpx").hidden = at("fit").hidden = sent;
    at("again").onclick = () => void this.again(run);
    at("gpx").onclick = () => void this.save(run, GPX);
    at("fit").onclick = () => void this.save(run, FIT);
    at("gone").textContent = say(sent ? "done" : "throw");
    at("gone").onclick = () => void this.drop(run);
    return li;
  }

  private async again(run: Run): Promise<void> {
    run.problem = null;
    run.tries = Math.max(1, run.tries);
    await this.store.put(run);
    await this.list();
    await this.send(true);
  }

  private async save(run: Run, format: number): Promise<void> {
    if (!this.free()) return;
    await this.engine.begin(run.sport, await this.store.fixes(run.id));
    await saveAs(this.engine, run, format, run.from, run.to);
  }

  private async drop(run: Run): Promise<void> {
    if (run.state !== "received" &&
        !(await sure(say("sure-throw"), say("yes-throw")))) return;
    await this.store.forget(run, true);
    await this.list();
  }
}
