// SPDX-License-Identifier: AGPL-3.0-or-later
// What a door keeps on its device: the list of tickets, and who came that the
// server hasn't heard of yet. What `add` has resolved for is on the disk.
export interface Ticket {
  id: string;
  code: string; // SHA-256 of the event's number and the code
  name: string;
  as: string;
  state: number; // 0 has a place, 1 waits, 2 given back
  came_ms: number; // 0: not yet
  door: string;
}
export interface List {
  event: string;
  door: string; // this device's own number
  got_ms: number; // by the server's clock
  skew_ms: number; // the server's clock less ours
  ends_ms: number;
  doors: { id: string; name: string }[];
  tickets: Ticket[];
}
export interface Shown {
  ticket: string;
  at_ms: number;
}

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
    const ask = indexedDB.open("everystep-check-in", 1);
    ask.onupgradeneeded = () => {
      ask.result.createObjectStore("lists", { keyPath: "event" });
      ask.result.createObjectStore("shown"); // by [event, ticket, at_ms]
      ask.result.createObjectStore("doors"); // by event
    };
    const db = await asked(ask);
    db.onversionchange = () => db.close();
    return new Store(db);
  }

  private write(...stores: string[]): IDBTransaction {
    return this.db.transaction(stores, "readwrite",
      { durability: "strict" } as IDBTransactionOptions);
  }

  list(event: string): Promise<List | undefined> {
    return asked(this.db.transaction("lists").objectStore("lists").get(event));
  }

  async lists(): Promise<List[]> {
    return asked(this.db.transaction("lists").objectStore("lists").getAll());
  }

  async keep(list: List): Promise<void> {
    const tx = this.write("lists");
    tx.objectStore("lists").put(list);
    await done(tx);
  }

  /** This device's number, the same for as long as anything of the event is
   *  kept, so that what is told twice is known again. */
  async door(event: string): Promise<string> {
    const tx = this.write("doors");
    const to = tx.objectStore("doors");
    let id = await asked<string | undefined>(to.get(event));
    if (!id) {
      const [a, b] = crypto.getRandomValues(new Uint32Array(2));
      id = String(a! * 2 ** 20 + (b! >>> 12) + 1); // 52 bits: a whole number
      to.put(id, event);
    }
    await done(tx);
    return id;
  }

  /** Somebody came: into what waits, and into the list. */
  async add(list: List, one: Shown): Promise<void> {
    const tx = this.write("lists", "shown");
    tx.objectStore("shown").put(one, [list.event, one.ticket, one.at_ms]);
    tx.objectStore("lists").put(list);
    await done(tx);
  }

  private range(event: string): IDBKeyRange {
    return IDBKeyRange.bound([event], [event, []]);
  }

  waiting(event: string, most: number): Promise<Shown[]> {
    return asked(this.db.transaction("shown").objectStore("shown")
      .getAll(this.range(event), most));
  }

  count(event: string): Promise<number> {
    return asked(this.db.transaction("shown").objectStore("shown")
      .count(this.range(event)));
  }

  async told(event: string, all: Shown[]): Promise<void> {
    const tx = this.write("shown");
    for (const one of all)
      tx.objectStore("shown").delete([event, one.ticket, one.at_ms]);
    await done(tx);
  }

  async forget(event: string): Promise<void> {
    const tx = this.write("lists");
    tx.objectStore("lists").delete(event);
    await done(tx);
  }
}
