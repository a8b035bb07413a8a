// The outbox on disk, in tabs of a real browser: who gets what was left, whatever the browser does.

import { expect, test as base } from "@playwright/test";
import { join } from "node:path";

import { root } from "../support/standin.mjs";
import { serveStatic } from "../support/static.mjs";
import { crash } from "./kill.mjs";

const test = base.extend({
  site: [
    async ({}, use) => {
      const site = await serveStatic({
        "/": { text: '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">', type: ".html" },
        "/platform/": join(root, "src/platform/"),
      });
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],
  /** Opens a tab with `make(scope, isMemory)`: a store, and what it tells. */
  tab: async ({ context, site }, use) => {
    await use(async (before) => {
      const page = await context.newPage();
      page.problems = [];
      page.on("pageerror", (error) => page.problems.push(String(error)));
      if (before) await page.addInitScript(before);
      await page.goto(site.origin);
      await prepare(page);
      return page;
    });
    for (const page of context.pages()) expect(page.problems ?? []).toEqual([]);
  },
});

const prepare = (page) =>
  page.evaluate(async () => {
    const { openStore } = await import("/platform/store.js");
    globalThis.make = (scope = "org", isMemory = false) => {
      const lists = [];
      let ask = () => {};
      const made = { refusals: 0, lost: [], listen: (listener) => void (ask = listener) };
      const store = openStore(scope, isMemory, (list) => {
        if (list?.customId) made.lost.push(list.customId);
        else if (list) (ask(list), lists.push(list));
        else made.refusals += 1;
      });
      const claim = () => new Promise((resolve) => ((ask = resolve), store.claim()));
      return Object.assign(made, store, { claim, ids: async () => (await claim()).map(({ customId }) => customId) });
    };
    globalThis.record = (customId, createdAt = 1, more = {}) => ({ customId, createdAt, ...more });
    globalThis.store = make();
  });
const reload = async (page) => {
  await page.reload();
  await prepare(page);
};
const hideLocks = () => Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
const put = (page, ...ids) => page.evaluate((ids) => ids.forEach((id) => store.put(record(id))), ids);
const claim = (page) => page.evaluate(() => store.ids());
/** What is written is on disk when a claim of the same tab has been answered. */
const written = claim;

test("what was put is there after a reload, oldest first, those of one moment in their order", async ({ tab }) => {
  const page = await tab();
  await page.evaluate(() => {
    store.put(record("late", 5));
    for (let n = 20; n > 0; n -= 1) store.put(record(`same ${n}`, 3));
    store.put(record("gone", 2));
    store.put(record("same 20", 3, { text: "anew" }));
    store.remove("gone");
    store.remove("never there");
    store.put(record("early", 1));
  });
  await reload(page);
  const same = Array.from({ length: 20 }, (_, index) => `same ${20 - index}`);
  // The page of before may take a moment to be gone.
  await expect.poll(() => claim(page)).toEqual(["early", ...same, "late"]);
  const list = await page.evaluate(() => store.claim());
  expect(list[1]).toEqual({ customId: "same 20", createdAt: 3, text: "anew" });
  expect(await page.evaluate(() => store.refusals)).toBe(0);
  // They are this one's now, until it is done with them.
  await page.evaluate(() => ["early", "late"].forEach((id) => store.remove(id)));
  await reload(page);
  await expect.poll(() => claim(page)).toEqual(same);
});

test("what a tab leaves when it ends is told to one that lives, without being asked", async ({ tab }) => {
  const [first, second] = [await tab(), await tab()];
  await put(first, "left");
  await written(first);
  expect(await claim(second)).toEqual([]);
  await second.evaluate(() => {
    globalThis.lists = [];
    const seen = store.listen((list) => lists.push(list.map(({ customId }) => customId)));
    return seen;
  });
  await first.close();
  await expect.poll(() => second.evaluate(() => lists.flat())).toEqual(["left"]);
});

test("scopes do not mix, and a scope is wiped alone", async ({ tab }) => {
  const page = await tab();
  await page.evaluate(async () => {
    for (const scope of ["org", "org:1", "or", "org2"]) {
      const one = make(scope);
      one.put(record(`of ${scope}`));
      await one.ids();
      one.close();
    }
    store.wipe();
    store.put(record("after"));
    await store.ids();
  });
  await reload(page);
  const all = await page.evaluate(() => Promise.all(["org", "org:1", "or", "org2"].map((scope) => make(scope).ids())));
  expect(all).toEqual([["after"], ["of org:1"], ["of or"], ["of org2"]]);
});

test("what a living tab has is left alone; what a crashed one had is taken", { tag: "@chromium" }, async ({ tab }) => {
  const [one, two] = [await tab(), await tab()];
  await put(one, "a", "b");
  await written(one);
  await put(two, "c");
  expect(await claim(two)).toEqual(["c"]);
  await crash(one);
  await expect.poll(async () => (await claim(two)).toSorted()).toEqual(["a", "b", "c"]);
  expect((await claim(await tab())).length).toBe(0);
});

test("a page killed right after a write has written", { tag: "@chromium" }, async ({ tab }) => {
  for (let round = 0; round < 5; round += 1) {
    const page = await tab();
    await written(page);
    const inOneTick = await page.evaluate(() => {
      let steps = "";
      for (const [{ prototype }, name] of [
        [IDBObjectStore, "put"],
        [IDBTransaction, "commit"],
      ]) {
        const native = prototype[name];
        prototype[name] = function (...args) {
          steps += `${name} `;
          return native.apply(this, args);
        };
      }
      store.put(record("last words"));
      return steps;
    });
    expect(inOneTick).toBe("put commit ");
    await crash(page);
    const next = await tab();
    await expect.poll(() => claim(next)).toEqual(["last words"]);
    await next.evaluate(async () => (store.remove("last words"), await store.claim()));
    await next.close();
  }
});

test("of two that claim at once each record goes to one", async ({ tab }) => {
  test.setTimeout(120_000);
  const tabs = [await tab(), await tab(), await tab()];
  for (let round = 0; round < 10; round += 1) {
    const source = await tab();
    const ids = Array.from({ length: 30 }, (_, index) => `${round}-${index}`);
    await put(source, ...ids);
    await written(source);
    await source.close();
    let taken = [];
    const claimAll = async () => {
      const lists = await Promise.all(tabs.map(claim));
      taken = lists.map((list) => list.filter((id) => ids.includes(id)));
      return taken.flat().toSorted();
    };
    await expect.poll(claimAll).toEqual(ids.toSorted());
    expect(new Set(taken.flat()).size).toBe(30);
  }
});

test("two apis of one page do not take from each other, and an api that is over leaves what it had", async ({
  tab,
}) => {
  const page = await tab();
  const seen = await page.evaluate(async () => {
    const [one, two] = [make(), make()];
    one.put(record("a"));
    two.put(record("b"));
    const before = [await one.ids(), await two.ids()];
    one.close();
    // Its lock is let go when the browser comes to it.
    let after = [];
    for (let i = 0; i < 100 && after.length < 2; i += 1) after = (await two.ids()).toSorted();
    return { before, after };
  });
  expect(seen).toEqual({ before: [["a"], ["b"]], after: ["a", "b"] });
});

test("garbage in the database is passed over and cleared away", async ({ tab }) => {
  const page = await tab();
  await put(page, "good");
  await written(page);
  const count = () => {
    const request = indexedDB.open("palaver");
    return new Promise((resolve) => {
      request.onsuccess = () => {
        const counted = request.result.transaction("outbox").objectStore("outbox").count();
        counted.onsuccess = () => (request.result.close(), resolve(counted.result));
      };
    });
  };
  await page.evaluate(() => {
    const rows = [
      [null, ["org", "n"]],
      [7, ["org", "7"]],
      ["x", ["org", "x"]],
      [{}, ["org"]],
      [{ record: {} }, ["org", "r"]],
      [{ record: { customId: 7 } }, ["org", 7]],
      [{ owner: {}, record: { customId: "other" } }, ["org", "z"]],
      [{ owner: 7, record: { customId: "odd" } }, ["org", "odd"]],
      [new Uint8Array(9), ["org", new Date(0)]],
      [1, "org"],
      [1, 7],
    ];
    const request = indexedDB.open("palaver");
    return new Promise((resolve) => {
      request.onsuccess = () => {
        const transaction = request.result.transaction("outbox", "readwrite");
        for (const [row, key] of rows) transaction.objectStore("outbox").put(row, key);
        transaction.oncomplete = () => (request.result.close(), resolve());
      };
    });
  });
  expect(await page.evaluate(count)).toBe(12);
  await reload(page);
  expect((await claim(page)).toSorted()).toEqual(["good", "odd"]);
  // What is not of this scope is not touched: the two whose keys are no lists.
  expect(await page.evaluate(count)).toBe(4);
});

const broken = {
  "no indexedDB": () => Object.defineProperty(globalThis, "indexedDB", { value: undefined }),
  "an indexedDB that throws when it is looked at": () =>
    Object.defineProperty(globalThis, "indexedDB", {
      get() {
        throw new DOMException("no", "SecurityError");
      },
    }),
  "an open() that throws": () =>
    (IDBFactory.prototype.open = () => {
      throw new DOMException("no", "SecurityError");
    }),
  "an open() that fails": () => {
    const { open } = IDBFactory.prototype;
    // As when the file is broken: an error, later.
    IDBFactory.prototype.open = function () {
      return open.call(
        this,
        "palaver-with-a-later-version",
        0.5 + (open.call(this, "palaver-with-a-later-version", 9), 0.5),
      );
    };
  },
  "transactions that throw": () =>
    (IDBDatabase.prototype.transaction = () => {
      throw new DOMException("no", "InvalidStateError");
    }),
  "writes that throw": () =>
    (IDBObjectStore.prototype.put = () => {
      throw new DOMException("no", "DataError");
    }),
};
for (const [what, breaks] of Object.entries(broken)) {
  test(`${what}: memory serves, and it is said once`, async ({ tab }) => {
    const page = await tab(breaks);
    await put(page, "a", "b", "c");
    const seen = await page.evaluate(async () => {
      store.remove("b");
      const own = await store.ids();
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { refusals } = store;
      store.put(record("d"));
      await store.ids();
      store.close();
      const next = make();
      return { own, refusals, later: store.refusals, next: await next.ids() };
    });
    expect(seen).toEqual({ own: ["a", "c"], refusals: 1, later: 1, next: ["a", "c", "d"] });
  });
}

test("a database that never answers holds up nobody but itself", async ({ tab }) => {
  const page = await tab(() => (IDBFactory.prototype.open = () => ({})));
  await put(page, "a");
  const seen = await page.evaluate(async () => {
    store.claim();
    store.remove("x");
    store.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return store.refusals;
  });
  expect(seen).toBe(0);
});

test("a full disk: what does not fit stays in memory", async ({ tab }) => {
  const page = await tab();
  await put(page, "small");
  await written(page);
  // As browsers do: the request succeeds, and the transaction does not.
  await page.evaluate(() => {
    globalThis.native = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (row, ...rest) {
      const request = native.call(this, row, ...rest);
      if (row.record.text?.length > 1_000) request.onsuccess = () => this.transaction.abort();
      return request;
    };
    // A transaction that was told to commit cannot be aborted by a script.
    IDBTransaction.prototype.commit = () => {};
  });
  const seen = await page.evaluate(async () => {
    store.put(record("large", 2, { text: "x".repeat(3_000) }));
    store.put(record("large too", 3, { text: "x".repeat(3_000) }));
    const ids = await store.ids();
    for (let n = 0; n < 100 && !store.refusals; n += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    return { ids, refusals: store.refusals };
  });
  expect(seen).toEqual({ ids: ["small", "large", "large too"], refusals: 1 });
  // And when there is room again it is used.
  await page.evaluate(async () => (store.put(record("large", 2, { text: "fits" })), await store.ids()));
  await reload(page);
  expect(await claim(page)).toEqual(["small", "large"]);
});

test("a database deleted under it is made anew, with all that it has", async ({ tab }) => {
  const [one, two] = [await tab(), await tab()];
  await put(one, "first");
  await written(one);
  const deleted = await two.evaluate(() => {
    store.close();
    const request = indexedDB.deleteDatabase("palaver");
    return new Promise((resolve) => {
      request.onsuccess = () => resolve("deleted");
      request.onblocked = () => resolve("blocked");
    });
  });
  expect(deleted).toBe("deleted");
  await put(one, "second");
  expect(await claim(one)).toEqual(["first", "second"]);
  await reload(one);
  await expect.poll(() => claim(one)).toEqual(["first", "second"]);
});

for (const [mode, before] of [
  ["with locks", undefined],
  ["without locks", hideLocks],
]) {
  test(`records are written again when the browser clears its data, ${mode}`, { tag: "@chromium" }, async ({ tab, context }) => {
    const page = await tab(before);
    await put(page, "a", "b", "c", "d");
    await written(page);
    await page.evaluate(() => store.remove("b"));
    const { origin } = new URL(page.url());
    const session = await context.newCDPSession(page);
    await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
    expect(await page.evaluate(() => store.refusals)).toBe(0);
    await reload(page);
    await expect.poll(() => claim(page)).toEqual(["a", "c", "d"]);
  });
}

test("a later version of the database is made way for, and not touched", async ({ tab }) => {
  const [one, two] = [await tab(), await tab()];
  await put(one, "a");
  await written(one);
  const opened = await two.evaluate(() => {
    store.close();
    const request = indexedDB.open("palaver", 2);
    return new Promise((resolve) => {
      request.onsuccess = () => (request.result.close(), resolve("opened"));
      request.onblocked = () => resolve("blocked");
    });
  });
  expect(opened).toBe("opened");
  await put(one, "b");
  expect(await claim(one)).toEqual(["a", "b"]);
  expect(await one.evaluate(() => store.refusals)).toBe(1);
});

test("storage that is not wanted keeps nothing, and says nothing", async ({ tab }) => {
  const page = await tab();
  const seen = await page.evaluate(async () => {
    store.close(true);
    const { open } = IDBFactory.prototype;
    let opened = 0;
    IDBFactory.prototype.open = function (...args) {
      opened += 1;
      return open.apply(this, args);
    };
    const broken = make("org", true);
    broken.put(record("a"));
    broken.close();
    // A core that broke is followed by another of the same api.
    const next = make("org", true);
    const taken = await next.ids();
    next.close(true);
    const later = make("org", true);
    return { taken, later: await later.ids(), refusals: [broken, next, later].map(({ refusals }) => refusals), opened };
  });
  expect(seen).toEqual({ taken: ["a"], later: [], refusals: [0, 0, 0], opened: 0 });
});

test("without locks a tab takes its former self's records, and those of an hour ago", async ({ tab }) => {
  const [one, two] = [await tab(hideLocks), await tab(hideLocks)];
  await one.evaluate(() => {
    const { now } = Date;
    store.put(record("now"));
    Date.now = () => now() - 3_700_000;
    store.put(record("old"));
  });
  // Not `written`: a claim renews the leases.
  await expect.poll(() => claim(two)).toEqual(["old"]);
  expect(await claim(one)).toEqual(["now"]);
  expect(await one.evaluate(() => store.lost)).toEqual(["old"]);
  await reload(one);
  expect(await claim(one)).toEqual(["now"]);
  // A second api of the page is another owner.
  expect(await one.evaluate(() => make().ids())).toEqual([]);
});

test("without locks a duplicated tab takes nothing from the original", async ({ tab }) => {
  const one = await tab(hideLocks);
  await put(one, "a", "b");
  expect(await claim(one)).toEqual(["a", "b"]);
  const [opened] = await Promise.all([
    one.context().waitForEvent("page"),
    // A window that a page opens starts with a copy of its sessionStorage, as a duplicated tab does.
    one.evaluate(() => void open(location.href)),
  ]);
  await opened.addInitScript(hideLocks);
  await reload(opened);
  expect(await claim(opened)).toEqual([]);
  expect(await claim(one)).toEqual(["a", "b"]);
});

test("without locks a closed tab's records go to one that is there within a quarter of a minute", async ({ tab }) => {
  const [one, two, three] = [await tab(hideLocks), await tab(hideLocks), await tab(hideLocks)];
  await put(one, "a", "b");
  await written(one);
  for (const page of [two, three]) {
    expect(await claim(page)).toEqual([]);
    await page.evaluate(() => {
      globalThis.news = [];
      store.listen((list) => news.push(...list.map(({ customId }) => customId)));
    });
  }
  await one.goto("about:blank");
  const news = async () => (await Promise.all([two, three].map((page) => page.evaluate(() => news)))).flat();
  await expect.poll(news, { timeout: 15_000 }).toEqual(["a", "b"]);
});

test("nothing is left of a store that is closed", async ({ tab }) => {
  const page = await tab();
  const left = await page.evaluate(async () => {
    const early = make();
    early.put(record("written while it closes"));
    early.close();
    store.put(record("too"));
    store.close();
    store.close();
    store.put(record("too late"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { held, pending } = await navigator.locks.query();
    const request = indexedDB.deleteDatabase("palaver-nothing");
    await new Promise((resolve) => (request.onsuccess = resolve));
    const names = [...held, ...pending].map(({ name }) => name).filter((name) => name.startsWith("palaver-"));
    const after = make();
    const ids = (await after.ids()).toSorted();
    after.close();
    const gone = indexedDB.deleteDatabase("palaver");
    const isFree = await new Promise((resolve) => {
      gone.onsuccess = () => resolve(true);
      gone.onblocked = () => resolve(false);
    });
    return { names, ids, isFree };
  });
  expect(left.names).toEqual([]);
  expect(left.ids).toContain("written while it closes");
  expect(left.ids).toContain("too");
  expect(left.isFree).toBe(true);
});
