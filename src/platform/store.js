// The outbox on disk. An api writes its records to IndexedDB and owns them while it lives; another api takes them over
// when it is dead. A Web Lock shows that an owner lives. Where there are no Web Locks, records are leased: an owner renews
// its records, and gives them up when it ends. Nothing here throws: what the browser refuses to keep stays in memory.

import { noted } from "./open.js";

const NAME = "outbox";
/** How often an owner renews its leases, and looks at those of others. A background tab comes to it once a minute. */
const RENEW_MS = 10_000;
/** A lease has lapsed that so many looks in a row have seen unchanged; */
const LOOKS = 9;
/** one of this age at first sight. */
const OLD_MS = 3_600_000;
/** The database is waited for twice as long: a page that was frozen first hears that its time is up. */
const LATE_MS = 5_000;

/**
 * What opens stores in a page; `host` is its global object.
 *
 * A store is of a `scope`: an organization's customers, as one server knows them. It calls `tell` with a list of records
 * in answer to `claim` and whenever it takes some over; with one `{ customId }` when another store has taken that over;
 * and with nothing, once, when the browser keeps nothing. Records are plain objects with `customId` and `createdAt`.
 */
export const stores = (host) => {
  // What is not on disk, by scope. It outlives the core that it was written by.
  const unsaved = new Map();

  return (scope, isMemory, tell) => {
    let locks = host.navigator?.locks;
    // Kept nowhere: a duplicated tab inherits whatever a page keeps.
    const me = Math.random().toString(36).slice(2);
    const rows = unsaved.get(scope) ?? new Map();
    // What this store owns, on disk or not.
    const own = new Map();
    // The leases of others: when each was renewed last, and how many looks have seen it like that.
    const leases = new Map();
    // The order of records of one moment.
    let last = 0;
    let isRefused = isMemory;
    let isOver = false;
    let isOpening = false;
    let isDeleted = false;
    let waiting = [];
    let isRenewing = false;
    let db, leave;

    const timers = new Set();
    const later = (act, millis) => {
      if (isOver) return;
      const timer = host.setTimeout(() => {
        timers.delete(timer);
        act();
      }, millis);
      timers.add(timer);
    };
    const refuse = () => {
      if (isRefused) return;
      isRefused = true;
      // Not while the api is being made: nobody listens yet.
      later(tell);
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
        // A browser that deletes a database may refuse the first that asks for it anew.
        const next = isDeleted ? open : ready;
        isDeleted = false;
        request.onerror = () => next();
        request.onsuccess = () => {
          const { result } = request;
          // Deleted, or wanted by a later version: whoever waits for this is not kept waiting. What was on disk is written
          // again.
          result.onversionchange = result.onclose = () => {
            result.close();
            if (db !== result) return;
            db = undefined;
            isDeleted = true;
            const owned = [...own.values()];
            own.clear();
            owned.forEach(save);
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
        later(() => later(reject, LATE_MS), LATE_MS);
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
      transact("readwrite", (store, transaction) => typeof act(store) === "function" || transaction.commit?.());
    const range = () => host.IDBKeyRange.bound([scope], [scope, []]);

    const save = (row) => {
      const id = row.record.customId;
      const key = [scope, id];
      const isLeased = !locks && own.has(id) && !rows.has(id);
      own.set(id, row);
      rows.set(id, row);
      // Another owner's by now, or gone: it is left alone, and the next claim tells.
      const update = ({ target: { result } }) => result?.value.owner === me && result.update(row);
      const put = (store) => (isLeased ? (store.openCursor(key).onsuccess = update) : store.put(row, key));
      write(put).then(() => rows.get(id) === row && rows.delete(id), refuse);
    };
    // Gives up what is owned, as this page ends or may end. It goes on owning what nobody takes.
    const release = () => {
      const owned = [...own];
      const put = (store) => owned.forEach(([id, row]) => store.put({ ...row, at: 0 }, [scope, id]));
      if (!locks && owned.length) write(put).catch(refuse);
    };

    // Owners that live and have something: who outlives them takes it over when they end. A page that is loaded again
    // mostly finds its former self still there.
    const watched = new Set();
    const over = host.AbortController && new host.AbortController();
    const watch = (owner) => {
      if (watched.has(owner) || isOver) return;
      watched.add(owner);
      const ended = () => void (isOver || claim(owner));
      locks.request(`palaver-owner-${owner}`, { signal: over?.signal }, ended).catch(() => {});
    };
    // Owners that had records, and lived no more afterwards. An owner never comes back to life.
    const findDead = async (ended) => {
      let request;
      await transact("readonly", (store) => (request = store.getAll(range())));
      const owners = new Set(request.result.map((row) => row?.owner));
      if (!owners.size) return undefined;
      if (!locks) return new Set([me]);
      const { held, pending } = await locks.query();
      const alive = new Set([...held, ...pending].map(({ name }) => name));
      const isDead = (owner) => [me, ended].includes(owner) || !alive.has(`palaver-owner-${owner}`) || watch(owner);
      return new Set([...owners].filter(isDead));
    };
    // No clock tells that a lease has lapsed: it may be set, and the owner may sleep whenever this page does.
    const hasLapsed = (id, { at }, now, isLook) => {
      const [seen, looks] = leases.get(id) ?? [];
      const count = seen === at ? looks + isLook : now - at > OLD_MS ? LOOKS : 0;
      leases.set(id, [at, count]);
      return count >= LOOKS;
    };
    // In one transaction, so that of two that claim at once each record has one new owner.
    const takeOver = async (dead, ended) => {
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
          } else if (dead.has(value.owner) || (!locks && hasLapsed(id, value, now, ended === null))) {
            taken.set(id, value);
            if (!locks || value.owner !== me) cursor.update({ ...value, owner: me, at: now });
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
        if (dead) taken = await takeOver(dead, ended);
        for (const id of own.keys()) {
          if (locks || taken.has(id) || rows.has(id)) continue;
          own.delete(id);
          tell({ customId: id });
        }
      } catch {
        refuse();
      }
      for (const [id, row] of rows) {
        if (row.owner && row.owner !== me) continue;
        row.owner = me;
        taken.set(id, row);
      }
      let isDue = ended === undefined;
      for (const [id, row] of taken) {
        if (own.has(id)) continue;
        own.set(id, row);
        isDue = true;
      }
      if (isOver || !isDue) return;
      const list = [...taken.values()];
      list.sort((a, b) => a.record.createdAt - b.record.createdAt || a.place - b.place);
      tell(list.map(({ record }) => record));
    };

    const renew = () => {
      isRenewing = true;
      later(() => locks || claim(null).then(renew), RENEW_MS);
    };

    unsaved.set(scope, rows);
    if (!isMemory) {
      // Held as long as this api lives.
      const stay = () => !isOver && new Promise((free) => (leave = free));
      const hold = async () => locks?.request(`palaver-owner-${me}`, stay);
      hold().catch(() => (locks = undefined));
      host.addEventListener?.("pagehide", release);
      open();
    }

    return {
      put(record) {
        const place = own.get(record.customId)?.place ?? (last += 1);
        save({ owner: me, at: host.Date.now(), place, record });
      },
      remove(id) {
        rows.delete(id);
        if (own.delete(id)) write((store) => store.delete([scope, id])).catch(refuse);
      },
      wipe() {
        own.clear();
        rows.clear();
        write((store) => store.delete(range())).catch(refuse);
      },
      claim() {
        if (!isMemory && !isRenewing) renew();
        claim();
      },
      /** `isDone`: whoever used it is done, and did not break. What was never to outlive it is forgotten. */
      close(isDone) {
        release();
        isOver = true;
        host.removeEventListener?.("pagehide", release);
        for (const timer of timers) host.clearTimeout(timer);
        over?.abort();
        for (const [id, row] of rows) {
          if (row.owner !== me) continue;
          row.owner = undefined;
          if (isMemory && isDone) rows.delete(id);
        }
        own.clear();
        leave?.();
        if (!isOpening) shut();
      },
    };
  };
};

const open = stores(globalThis);

/** A store for the core. */
export const openStore = (...given) => noted(open(...given));
