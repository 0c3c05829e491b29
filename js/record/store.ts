// SPDX-License-Identifier: AGPL-3.0-or-later
// The phone's own keeping of recordings: IndexedDB. What `add` has resolved
// for is on the disk, and survives a crash of the browser or an empty battery.
import { Fix, Run } from "./run";

const NAME = "everystep-recorder";
const VERSION = 1;

type Row = [number, number, number, number | null, number | null,
  number | null, number];

const pack = (f: Fix): Row =>
  [f.t, f.lat, f.lon, f.alt, f.speed, f.acc, f.flags];
const unpack = ([t, lat, lon, alt, speed, acc, flags]: Row): Fix =>
  ({ t, lat, lon, alt, speed, acc, flags });

function asked<T>(r: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    r.onsuccess = () => resolve(r.result);
    r.onerror = () => reject(r.error ?? new Error("the store failed"));
  });
}

function done(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = tx.onerror = () =>
      reject(tx.error ?? new Error("the store failed"));
  });
}

export class Store {
  private constructor(private db: IDBDatabase) {}

  static async open(): Promise<Store> {
    const ask = indexedDB.open(NAME, VERSION);
    ask.onupgradeneeded = () => {
      const db = ask.result;
      db.createObjectStore("runs", { keyPath: "id" });
      db.createObjectStore("fixes"); // by [run, number]
      db.createObjectStore("files"); // by run
    };
    const db = await asked(ask);
    // Another tab may bring a newer version of this.
    db.onversionchange = () => db.close();
    return new Store(db);
  }

  private write(...stores: string[]): IDBTransaction {
    // "strict": not before it is on the disk; older browsers know no choice.
    return this.db.transaction(stores, "readwrite",
      { durability: "strict" } as IDBTransactionOptions);
  }

  runs(): Promise<Run[]> {
    return asked(this.db.transaction("runs").objectStore("runs").getAll());
  }

  run(id: string): Promise<Run | undefined> {
    return asked(this.db.transaction("runs").objectStore("runs").get(id));
  }

  async put(run: Run): Promise<void> {
    const tx = this.write("runs");
    tx.objectStore("runs").put(run);
    await done(tx);
  }

  /** Fixes from number `at` on, and what the run is with them: both or
   *  neither. */
  async add(run: Run, at: number, fixes: Fix[]): Promise<void> {
    const tx = this.write("runs", "fixes");
    const to = tx.objectStore("fixes");
    fixes.forEach((f, i) => to.put(pack(f), [run.id, at + i]));
    tx.objectStore("runs").put(run);
    await done(tx);
  }

  async fixes(id: string): Promise<Fix[]> {
    const rows = await asked(this.db.transaction("fixes").objectStore("fixes")
      .getAll(IDBKeyRange.bound([id, 0], [id, Infinity])));
    return (rows as Row[]).map(unpack);
  }

  /** The run waits to be sent, as these bytes. */
  async queue(run: Run, file: ArrayBuffer): Promise<void> {
    const tx = this.write("runs", "files");
    tx.objectStore("files").put(file, run.id);
    tx.objectStore("runs").put(run);
    await done(tx);
  }

  file(id: string): Promise<ArrayBuffer | undefined> {
    return asked(this.db.transaction("files").objectStore("files").get(id));
  }

  /** Its positions and its file go; with `whole` the rest as well. */
  async forget(run: Run, whole: boolean): Promise<void> {
    const tx = this.write("runs", "fixes", "files");
    tx.objectStore("fixes")
      .delete(IDBKeyRange.bound([run.id, 0], [run.id, Infinity]));
    tx.objectStore("files").delete(run.id);
    if (whole) tx.objectStore("runs").delete(run.id);
    else tx.objectStore("runs").put(run);
    await done(tx);
  }
}
