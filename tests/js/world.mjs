// Some tabs of a browser without a browser: locks, channels, sockets, timers and one clock. What was set off arrives
// later, in an order that chance decides: in order from one source to one page, in any order between them.

import { Disk } from "./disk.mjs";

/** A small generator of chance: the same seed, the same course. */
export const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

const abortError = () => new DOMException("the lock was taken or is not wanted any more", "AbortError");

export class World {
  now = 1_000;
  pages = [];
  sockets = [];
  /** What answers on sockets: `(socket, text)`. */
  server = () => {};
  #streams = new Map();
  #locks = new Map();
  #channels = new Set();
  #timers = new Set();
  #writes = 0;

  disk = new Disk(this);

  constructor(seed = 1) {
    this.random = random(seed);
  }

  page() {
    const page = new Page(this);
    page.stored = new Map(this.pages[0]?.stored);
    this.pages.push(page);
    return page;
  }

  /** Sockets that are not closed. */
  get live() {
    return this.sockets.filter((socket) => socket.readyState < 2);
  }

  later(page, source, act) {
    const key = `${page.id} ${source}`;
    if (!this.#streams.has(key)) this.#streams.set(key, { page, acts: [] });
    this.#streams.get(key).acts.push(act);
  }

  /** Lets everything arrive that is under way; promises that follow come first. */
  async settle() {
    for (let steps = 0; ; steps += 1) {
      if (steps > 100_000) throw new Error("it does not come to rest");
      await new Promise(setImmediate);
      const ready = [...this.#streams.values()].filter(({ page, acts }) => acts.length > 0 && !page.isFrozen);
      if (ready.length === 0) return;
      const { page, acts } = ready[Math.floor(this.random() * ready.length)];
      const act = acts.shift();
      if (page.isAlive) act();
    }
  }

  /** Moves the clock, from timer to timer. */
  async pass(millis) {
    const end = this.now + millis;
    await this.settle();
    for (;;) {
      const due = [...this.#timers]
        .filter(({ page, at }) => at <= end && !page.isFrozen)
        .sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.now = Math.max(this.now, due.at);
      this.#timers.delete(due);
      if (due.page.isAlive) due.act();
      await this.settle();
    }
    this.now = end;
  }

  /** Rings what is due, before anything arrives. */
  ring() {
    for (const timer of this.#timers) {
      if (timer.at > this.now || timer.page.isFrozen || !timer.page.isAlive) continue;
      this.#timers.delete(timer);
      timer.act();
    }
  }

  // What a page's objects lean on.

  timer(page, act, millis) {
    const { grain = 1 } = page;
    const at = Math.ceil((this.now + (millis ?? 0)) / grain) * grain;
    const timer = { page, act, at };
    this.#timers.add(timer);
    return timer;
  }
  clear(timer) {
    this.#timers.delete(timer);
  }
  timersOf(page) {
    return [...this.#timers].filter((timer) => timer.page === page).length;
  }

  channelsOf(page) {
    return [...this.#channels].filter((channel) => channel.page === page).length;
  }
  join(channel) {
    this.#channels.add(channel);
  }
  part(channel) {
    this.#channels.delete(channel);
  }
  broadcast(from, data) {
    const copy = structuredClone(data);
    for (const channel of this.#channels) {
      if (channel === from || channel.name !== from.name) continue;
      this.later(channel.page, `channel ${from.page.id}`, () => channel.isOpen && channel.onmessage?.({ data: copy }));
    }
  }

  /** What a page writes into storage it reads at once, others when it arrives; of two writes all keep the later one. */
  write(from, key, value) {
    const version = (this.#writes += 1);
    for (const page of this.pages) {
      const act = () => {
        if ((page.stored.get(key)?.version ?? 0) < version) page.stored.set(key, { version, value });
      };
      if (page === from) act();
      else this.later(page, `storage ${from.id}`, act);
    }
  }

  lockQueue(name) {
    if (!this.#locks.has(name)) this.#locks.set(name, { held: undefined, pending: [] });
    return this.#locks.get(name);
  }
  locksOf(page) {
    return [...this.#locks.values()]
      .flatMap(({ held, pending }) => [...pending, ...(held ? [held] : [])])
      .filter((lock) => lock.page === page).length;
  }
  query() {
    const names = (pick) => [...this.#locks].flatMap(([name, queue]) => pick(queue).map(() => ({ name })));
    return { held: names(({ held }) => (held ? [held] : [])), pending: names(({ pending }) => pending) };
  }
  request(page, name, options, act) {
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted) return reject(abortError());
      const queue = this.lockQueue(name);
      const lock = { page, act, resolve, reject };
      if (options.steal) {
        const { held } = queue;
        queue.held = undefined;
        if (held) this.later(held.page, "locks", () => held.reject(abortError()));
        queue.pending.unshift(lock);
      } else {
        queue.pending.push(lock);
        options.signal?.addEventListener("abort", () => {
          const index = queue.pending.indexOf(lock);
          if (index < 0) return;
          queue.pending.splice(index, 1);
          reject(abortError());
        });
      }
      this.grant(queue);
    });
  }
  grant(queue) {
    if (queue.held) return;
    const lock = queue.pending.shift();
    if (!lock) return;
    queue.held = lock;
    const free = () => {
      if (queue.held !== lock) return;
      queue.held = undefined;
      this.grant(queue);
    };
    lock.free = free;
    this.later(lock.page, "locks", async () => {
      if (queue.held !== lock) return;
      try {
        lock.resolve(await lock.act({}));
      } catch (error) {
        lock.reject(error);
      }
      free();
    });
  }
  /** The locks of a page that is gone. */
  releaseAll(page) {
    for (const queue of this.#locks.values()) {
      queue.pending = queue.pending.filter((lock) => lock.page !== page);
      if (queue.held?.page === page) queue.held.free();
    }
  }
}

let pages = 0;

/** One tab: `host` is what a script finds there. */
export class Page {
  id = (pages += 1);
  isAlive = true;
  isFrozen = false;
  /** How far the wall's clock was set ahead. */
  ahead = 0;
  /** Timers go off at multiples of this only. */
  grain = 1;
  stored = new Map();
  #listeners = new Map();

  constructor(world) {
    this.world = world;
    const page = this;
    const origin = world.pages.length * 1_234_567;
    this.host = {
      ...world.disk.of(page),
      AbortController,
      Date: { now: () => 1_700_000_000_000 + world.now + page.ahead },
      addEventListener: (type, listener) => page.#listeners.set(listener, type),
      removeEventListener: (type, listener) => page.#listeners.delete(listener),
      // Of each page's own beginning.
      performance: { now: () => world.now - origin },
      localStorage: {
        getItem: (key) => page.stored.get(key)?.value ?? null,
        setItem: (key, value) => world.write(page, key, String(value)),
        removeItem: (key) => world.write(page, key, null),
      },
      setTimeout: (act, millis) => world.timer(page, act, millis),
      clearTimeout: (timer) => world.clear(timer),
      navigator: {
        locks: {
          request: (name, options, act) => world.request(page, name, act ? options : {}, act ?? options),
          query: async () => world.query(),
        },
      },
      BroadcastChannel: class {
        isOpen = true;
        page = page;
        constructor(name) {
          this.name = name;
          world.join(this);
        }
        postMessage(data) {
          if (!this.isOpen) throw new DOMException("the channel is closed", "InvalidStateError");
          world.broadcast(this, data);
        }
        close() {
          this.isOpen = false;
          world.part(this);
        }
      },
      WebSocket: class {
        readyState = 0;
        sent = [];
        page = page;
        constructor(url) {
          this.url = url;
          world.sockets.push(this);
          world.later(page, "socket", () => this.#open());
        }
        #open() {
          if (this.readyState !== 0) return;
          this.readyState = 1;
          this.onopen?.({});
        }
        send(text) {
          if (this.readyState === 0) throw new DOMException("still connecting", "InvalidStateError");
          if (this.readyState > 1) return;
          this.sent.push(text);
          world.server(this, text);
        }
        close() {
          this.readyState = 3;
        }
        /** The server says something. */
        say(text) {
          world.later(page, "socket", () => this.readyState === 1 && this.onmessage?.({ data: text }));
        }
        /** The server closes. */
        drop(code = 1006) {
          world.later(page, "socket", () => {
            if (this.readyState > 1) return;
            this.readyState = 3;
            this.onclose?.({ code });
          });
        }
      },
    };
  }

  /** The page is left: closed, loaded again, or kept for the way back. */
  hide() {
    for (const [listener, type] of this.#listeners) if (type === "pagehide") listener({ type });
  }

  /** The tab is closed, or its process dies: nothing of it runs any more. */
  kill() {
    this.isAlive = false;
    this.world.disk.leave(this);
    for (const socket of this.world.sockets) if (socket.page === this) socket.readyState = 3;
    this.world.releaseAll(this);
  }

  /** How many listeners its window has. */
  get listeners() {
    return this.#listeners.size;
  }

  /** What of this page is not let go. */
  get left() {
    const { world } = this;
    const sockets = world.live.filter((socket) => socket.page === this).length;
    return { timers: world.timersOf(this), channels: world.channelsOf(this), locks: world.locksOf(this), sockets };
  }
}
