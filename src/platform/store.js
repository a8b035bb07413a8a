// The outbox on disk. What waits to be sent is written down in IndexedDB by its owner, an api that lives, and taken
// over by another when its owner is dead. Nothing here throws: what the browser refuses to keep stays in memory.

import { noted } from "./open.js";

const NAME = "outbox";
/** Where a page cannot see who lives: who has not touched a record for so long is dead. */
const OLD_MS = 3_600_000;

/**
 * What opens stores in a page; `host` is its global object.
 *
 * A store is of a `scope`: an organization's customers, as one server knows them. It calls `tell` with a list of
 * records in answer to `claim`, and with nothing, once, when the browser keeps nothing. Records are plain objects with
 * `customId` and `createdAt`.
 */
export const stores = (host) => {
  // What is not on disk, by scope. It outlives the core that it was written by.
  const unsaved = new Map();
  const living = new Set();

  const makeOwner = () => {
    const owner = Math.random().toString(36).slice(2);
    if (host.navigator?.locks) return owner;
    // Nobody can say that it is dead; but it may come back.
    try {
      const kept = host.sessionStorage.getItem("palaver-owner");
      if (kept && !living.has(kept)) return kept;
      if (!kept) host.sessionStorage.setItem("palaver-owner", owner);
    } catch {}
    return owner;
  };

  return (scope, isMemory, tell) => {
    const locks = host.navigator?.locks;
    const me = makeOwner();
    const rows = unsaved.get(scope) ?? new Map();
    // The order of records of one moment.
    const places = new Map();
    let last = 0;
    let isRefused = isMemory;
    let isOver = false;
    let isOpening = false;
    let waiting = [];
    let db, leave, timer;

    const refuse = () => {
      if (isRefused || isOver) return;
      isRefused = true;
      // Not while the api is being made: nobody listens yet.
      timer = host.setTimeout(() => tell());
    };
    const shut = () => {
      db?.close();
      db = undefined;
    };
    const ready = (opened) => {
      isOpening = false;
      db = opened;
      if (!opened) refuse();
      const acts = waiting;
      waiting = [];
      for (const act of acts) act(opened);
      if (isOver) shut();
    };
    const open = () => {
      isOpening = true;
      try {
        const request = host.indexedDB.open("palaver", 1);
        request.onupgradeneeded = () => request.result.createObjectStore(NAME);
        request.onerror = () => ready();
        request.onsuccess = () => {
          const { result } = request;
          // Deleted, or wanted by a later version: who waits for this is not kept waiting. The next act opens it anew.
          result.onversionchange = result.onclose = () => {
            result.close();
            if (db === result) db = undefined;
          };
          ready(result);
        };
      } catch {
        ready();
      }
    };
    // Acts are done in the order of their coming; on an open database at once.
    const transact = (mode, act) =>
      new Promise((resolve, reject) => {
        const run = (opened) => {
          try {
            const transaction = opened.transaction(NAME, mode);
            transaction.oncomplete = resolve;
            transaction.onabort = reject;
            act(transaction.objectStore(NAME), transaction);
          } catch {
            shut();
            reject();
          }
        };
        if (db) return run(db);
        if (isMemory || isOver) return reject();
        waiting.push(run);
        if (!isOpening) open();
      });
    // A page that is killed in the next moment has written.
    const write = (act) =>
      transact("readwrite", (store, transaction) => {
        act(store);
        transaction.commit?.();
      });
    const range = () => host.IDBKeyRange.bound([scope], [scope, []]);

    // Owners that live and have something: who outlives them takes it over when they end. A page that is loaded again
    // mostly finds its former self still there.
    const watched = new Set();
    const over = new AbortController();
    const watch = (owner) => {
      if (watched.has(owner) || isOver) return;
      watched.add(owner);
      const ended = () => {
        watched.delete(owner);
        if (!isOver) claim(owner);
      };
      locks.request(`palaver-owner-${owner}`, { signal: over.signal }, ended).catch(() => {});
    };
    // Owners that had records, and lived no more afterwards. An owner never comes back to life.
    const findDead = async (ended) => {
      let request;
      await transact("readonly", (store) => (request = store.getAll(range())));
      const owners = new Set(request.result.map((row) => row?.owner));
      if (!owners.size) return undefined;
      const known = locks ? await locks.query() : undefined;
      const alive = new Set(known && [...known.held, ...known.pending].map(({ name }) => name));
      const isDead = (owner) => known && (owner === ended || !alive.has(`palaver-owner-${owner}`));
      const dead = new Set([...owners].filter(isDead).concat(me));
      if (known) for (const owner of owners) if (!dead.has(owner)) watch(owner);
      return dead;
    };
    // In one transaction, so that of two that claim at once each record has one new owner.
    const takeOver = async (dead) => {
      const taken = new Map();
      const now = host.Date.now();
      await transact("readwrite", (store) => {
        const request = store.openCursor(range());
        request.onsuccess = () => {
          const cursor = request.result;
          if (!cursor) return;
          const { key, value } = cursor;
          const id = key[1];
          if (typeof id !== "string" || value?.record?.customId !== id) {
            // Nothing that was written here.
            cursor.delete();
          } else if (dead.has(value.owner) || (!locks && now - value.at > OLD_MS)) {
            taken.set(id, value);
            if (value.owner !== me) cursor.update({ ...value, owner: me, at: now });
          }
          cursor.continue();
        };
      });
      return taken;
    };
    const claim = async (ended) => {
      let taken = new Map();
      try {
        const dead = await findDead(ended);
        if (dead) taken = await takeOver(dead);
      } catch {
        refuse();
      }
      for (const [id, row] of rows) {
        if (row.owner !== me && living.has(row.owner)) continue;
        row.owner = me;
        taken.set(id, row);
      }
      if (isOver) return;
      for (const [id, { place }] of taken) places.set(id, place);
      const list = [...taken.values()];
      list.sort((a, b) => a.record.createdAt - b.record.createdAt || a.place - b.place);
      tell(list.map(({ record }) => record));
    };

    unsaved.set(scope, rows);
    living.add(me);
    if (!isMemory) {
      // Held as long as this api lives.
      const stay = () => !isOver && new Promise((free) => (leave = free));
      locks?.request(`palaver-owner-${me}`, stay).catch(() => {});
      open();
    }

    return {
      put(record) {
        const id = record.customId;
        const place = places.get(id) ?? (last += 1);
        const row = { owner: me, at: host.Date.now(), place, record };
        places.set(id, place);
        rows.set(id, row);
        write((store) => store.put(row, [scope, id])).then(() => rows.get(id) === row && rows.delete(id), refuse);
      },
      remove(id) {
        places.delete(id);
        rows.delete(id);
        write((store) => store.delete([scope, id])).catch(refuse);
      },
      wipe() {
        rows.clear();
        write((store) => store.delete(range())).catch(refuse);
      },
      claim: () => claim(),
      /** `isDone`: whoever used it is done, and did not break. What was never to outlive it is forgotten. */
      close(isDone) {
        isOver = true;
        living.delete(me);
        host.clearTimeout(timer);
        over.abort();
        if (isMemory && isDone) for (const [id, row] of rows) if (row.owner === me) rows.delete(id);
        leave?.();
        if (!isOpening) shut();
      },
    };
  };
};

const open = stores(globalThis);

/** A store for the core. */
export const openStore = (...given) => noted(open(...given));
