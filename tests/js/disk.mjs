// IndexedDB in small, for the tests of stores: one database that all pages of a world share, transactions one after the
// other, cursors, forced closing, deletion. Its events arrive like everything else of a world.

const named = (name) => new DOMException(name, name);
const keyOf = (key) => JSON.stringify(key);
const copy = (value) => structuredClone(value);

export class Disk {
  rows = new Map();
  version = 0;
  /** Writes that match fail as on a full disk: the request succeeds, its transaction does not. */
  isFull = () => false;
  /** Opening a database, or a transaction, never ends. */
  isMute = false;
  #connections = new Set();
  #queue = [];

  constructor(world) {
    this.world = world;
  }

  /** Records of a scope, by custom id: who owns them. */
  owners() {
    return Object.fromEntries([...this.rows.values()].map(({ key, value }) => [key[1], value.owner]));
  }

  /** Deletes the database: who has it open is told first. `isForced`: by the browser, which closes connections itself. */
  delete(isForced = false) {
    for (const connection of [...this.#connections]) {
      if (isForced) this.#connections.delete(connection);
      const heard = () => (isForced ? connection.onclose?.({}) : connection.onversionchange?.({}));
      this.world.later(connection.page, "idb", heard);
    }
    this.rows.clear();
    this.version = 0;
  }

  /** What a page gives to scripts. */
  of(page) {
    const later = (act) => this.world.later(page, "idb", act);
    const open = (name, version) => {
      const request = {};
      later(() => {
        if (this.isMute) return;
        if (version < this.version) {
          request.error = named("VersionError");
          return later(() => request.onerror?.({ target: request }));
        }
        request.result = new Connection(this, page);
        this.#connections.add(request.result);
        if (this.version < version) request.onupgradeneeded?.({ target: request });
        this.version = version;
        later(() => request.onsuccess?.({ target: request }));
      });
      return request;
    };
    return {
      indexedDB: { open },
      IDBKeyRange: { bound: ([scope]) => ({ has: (key) => Array.isArray(key) && key[0] === scope }) },
    };
  }

  isOpen(connection) {
    return this.#connections.has(connection);
  }
  close(connection) {
    this.#connections.delete(connection);
  }

  enqueue(transaction) {
    this.#queue.push(transaction);
    // As soon as the script that made it has said what it wants.
    queueMicrotask(() => this.#next());
  }
  #next() {
    const [first] = this.#queue;
    if (first && !first.isStarted) first.start();
  }
  done(transaction) {
    this.#queue = this.#queue.filter((other) => other !== transaction);
    this.#next();
  }
  /** The page is gone: what it has not committed never was. */
  leave(page) {
    for (const transaction of this.#queue.filter((one) => one.page === page)) transaction.die();
    for (const connection of this.#connections) if (connection.page === page) this.close(connection);
  }
}

class Connection {
  constructor(disk, page) {
    this.disk = disk;
    this.page = page;
  }
  createObjectStore() {}
  close() {
    this.disk.close(this);
  }
  transaction() {
    if (!this.disk.isOpen(this)) throw named("InvalidStateError");
    return new Transaction(this.disk, this.page);
  }
}

class Transaction {
  isStarted = false;
  #before;
  #asked = [];
  #pending = 0;
  #isCommitting = false;
  #isOver = false;
  #hasFailed = false;

  constructor(disk, page) {
    this.disk = disk;
    this.page = page;
    disk.enqueue(this);
  }

  commit() {
    this.#isCommitting = true;
  }
  start() {
    this.isStarted = true;
    if (this.disk.isMute) return;
    this.#before = new Map(this.disk.rows);
    for (const run of this.#asked.splice(0)) run();
    // What was told to commit does not wait for its page.
    if (this.#isCommitting) this.#end();
    else this.#settle();
  }
  die() {
    if (this.#isCommitting && this.isStarted) return;
    if (this.#isCommitting) for (const run of this.#asked.splice(0)) run();
    else if (this.isStarted) this.disk.rows = this.#before;
    this.#isOver = true;
    this.disk.done(this);
  }
  #settle() {
    if (this.#pending === 0 && !this.#isOver) this.#end();
  }
  #end() {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#hasFailed) this.disk.rows = this.#before;
    this.disk.world.later(this.page, "idb", () => (this.#hasFailed ? this.onabort?.({}) : this.oncomplete?.({})));
    this.disk.done(this);
  }
  #ask(work) {
    if (this.#isOver || this.#isCommitting) throw named("TransactionInactiveError");
    const request = {};
    const run = () => {
      request.result = work();
      this.#pending += 1;
      this.disk.world.later(this.page, "idb", () => {
        request.onsuccess?.({ target: request });
        this.#pending -= 1;
        this.#settle();
      });
    };
    if (this.isStarted) run();
    else this.#asked.push(run);
    return request;
  }

  objectStore() {
    const { disk } = this;
    const put = (value, key) => {
      const row = { key, value: copy(value) };
      return this.#ask(() => {
        if (disk.isFull(row.value)) this.#hasFailed = true;
        disk.rows.set(keyOf(key), row);
      });
    };
    const remove = (key) =>
      this.#ask(() => {
        for (const [name, row] of disk.rows) if (key.has ? key.has(row.key) : name === keyOf(key)) disk.rows.delete(name);
      });
    const found = (range) =>
      [...disk.rows.values()].filter(({ key }) => (range.has ? range.has(key) : keyOf(key) === keyOf(range)));
    const openCursor = (range) => {
      let left;
      const request = this.#ask(() => {
        left = found(range);
        return next();
      });
      const next = () => {
        const row = left.shift();
        if (!row) return null;
        const again = () => {
          const step = this.#ask(next);
          step.onsuccess = ({ target }) => {
            request.result = target.result;
            request.onsuccess?.({ target: request });
          };
        };
        const { key, value } = row;
        return { key, value: copy(value), update: (changed) => put(changed, key), delete: () => remove(key), continue: again };
      };
      return request;
    };
    return { put, delete: remove, openCursor, getAll: (range) => this.#ask(() => found(range).map(({ value }) => copy(value))) };
  }
}
