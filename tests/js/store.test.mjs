// The outbox on disk, in tabs without a browser: who owns which record, whatever tabs, clocks and the database do.

import assert from "node:assert/strict";
import { test } from "node:test";

import { stores } from "../../src/platform/store.js";
import { World } from "./world.mjs";

/** How soon a living tab has what one left that was closed, and one that crashed. */
const CLOSED_MS = 10_000;
const CRASHED_MS = 110_000;
const MINUTE = 60_000;

/** A store as a core uses it: what it was told, and what it holds to be its own. */
class Client {
  held = new Set();
  lost = [];
  refusals = 0;
  answers = 0;

  constructor(page, { open = stores(page.host), isMemory = false } = {}) {
    this.page = page;
    this.store = open("org", isMemory, (told) => {
      if (Array.isArray(told)) {
        this.answers += 1;
        for (const { customId } of told) this.held.add(customId);
      } else if (told) {
        this.lost.push(told.customId);
        this.held.delete(told.customId);
      } else this.refusals += 1;
    });
    this.store.claim();
  }
  put(customId, more = {}) {
    this.held.add(customId);
    this.store.put({ customId, createdAt: 1, ...more });
  }
  remove(customId) {
    this.held.delete(customId);
    this.store.remove(customId);
  }
  get ids() {
    return [...this.held].sort();
  }
}

const setup = async (tabs, { seed = 1, locks = false } = {}) => {
  const world = new World(seed);
  const open = async () => {
    const page = world.page();
    if (!locks) page.host.navigator = {};
    const client = new Client(page);
    await world.settle();
    return client;
  };
  const clients = [];
  for (let n = 0; n < tabs; n += 1) clients.push(await open());
  return { world, open, clients };
};
const close = (client) => {
  client.page.hide();
  client.page.kill();
};
const held = (clients) => clients.map(({ ids }) => ids);

test("without locks: what a tab has stays its own, however long it lives", async () => {
  const { world, clients, open } = await setup(2);
  clients[0].put("a");
  await world.settle();
  clients[0].put("b");
  clients.push(await open());
  await world.pass(20 * MINUTE);
  clients[0].put("a", { sentAt: 1 });
  await world.pass(MINUTE);
  assert.deepEqual(held(clients), [["a", "b"], [], []]);
  assert.deepEqual(clients.flatMap(({ lost }) => lost), []);
  assert.deepEqual(clients.map(({ refusals }) => refusals), [0, 0, 0]);
});

test("without locks: a closed tab's records go to one that lives, soon", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { world, clients } = await setup(4, { seed });
    for (let n = 0; n < 20; n += 1) clients[0].put(`m${n}`);
    await world.pass((seed * 777) % CLOSED_MS);
    close(clients[0]);
    await world.pass(CLOSED_MS);
    const all = held(clients.slice(1)).flat();
    assert.equal(all.length, 20, `seed ${seed}`);
    assert.equal(new Set(all).size, 20, `seed ${seed}: each has one owner`);
  }
});

test("without locks: a page that is loaded again has its records at once", async () => {
  const { world, clients, open } = await setup(2);
  clients[0].put("a");
  await world.settle();
  close(clients[0]);
  assert.deepEqual((await open()).ids, ["a"]);
});

test("without locks: a crashed tab's records go to one that lives, when their lease has lapsed", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { world, clients, open } = await setup(3, { seed });
    clients[0].put("a");
    clients[0].put("b");
    await world.pass((seed * 777) % (2 * MINUTE));
    clients[0].page.kill();
    clients.push(await open());
    await world.pass(80_000);
    assert.deepEqual(held(clients.slice(1)).flat(), [], `seed ${seed}`);
    await world.pass(CRASHED_MS - 80_000);
    assert.deepEqual(held(clients.slice(1)).flat().sort(), ["a", "b"], `seed ${seed}`);
  }
});

test("without locks: a background tab that comes to its timers once a minute keeps what it has", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { world, clients } = await setup(3, { seed });
    clients[0].page.grain = clients[seed % 3].page.grain = MINUTE;
    clients[0].put("a");
    await world.pass(60 * MINUTE);
    assert.deepEqual(held(clients), [["a"], [], []], `seed ${seed}`);
  }
});

test("without locks: a frozen tab hears that another has taken over, and takes nothing back", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { world, clients } = await setup(2, { seed });
    const [frozen, other] = clients;
    for (const id of ["a", "b", "c"]) frozen.put(id);
    await world.pass(5_000);
    frozen.page.isFrozen = true;
    await world.pass(CRASHED_MS);
    assert.deepEqual(other.ids, ["a", "b", "c"], `seed ${seed}`);
    // One has arrived meanwhile.
    other.remove("b");
    await world.settle();
    frozen.page.isFrozen = false;
    // What it did not know yet when it woke: that it may not write.
    if (seed % 2) frozen.put("a", { sentAt: 1 });
    if (seed % 3) frozen.store.claim();
    else world.ring();
    await world.settle();
    assert.deepEqual(frozen.lost.sort(), ["a", "b", "c"], `seed ${seed}`);
    await world.pass(10 * MINUTE);
    assert.deepEqual(held(clients), [[], ["a", "c"]], `seed ${seed}`);
    assert.deepEqual(other.lost, []);
    assert.equal(world.disk.rows.size, 2);
  }
});

test("without locks: a page kept for the way back has its records again, or hears who has them", async () => {
  for (const isAlone of [true, false]) {
    const { world, clients, open } = await setup(1);
    clients[0].put("a");
    await world.settle();
    clients[0].page.hide();
    await world.settle();
    clients[0].page.isFrozen = true;
    if (!isAlone) clients.push(await open());
    await world.pass(5_000);
    clients[0].page.isFrozen = false;
    clients[0].store.claim();
    await world.pass(10 * MINUTE);
    if (isAlone) clients.push(await open());
    assert.deepEqual(held(clients), isAlone ? [["a"], []] : [[], ["a"]]);
    assert.deepEqual(clients[0].lost, isAlone ? [] : ["a"]);
  }
});

test("without locks: a clock that is set takes nothing from anybody, nor keeps it from them", async () => {
  for (const hours of [-48, -1, 2, 48]) {
    const { world, clients } = await setup(2);
    clients[0].put("a");
    await world.pass(MINUTE);
    for (const { page } of clients) page.ahead += hours * 3_600_000;
    await world.pass(10 * MINUTE);
    assert.deepEqual(held(clients), [["a"], []], `${hours} hours`);
    clients[0].page.kill();
    for (const { page } of clients) page.ahead -= 2 * hours * 3_600_000;
    await world.pass(CRASHED_MS);
    assert.deepEqual(clients[1].ids, ["a"], `${hours} hours`);
  }
});

test("without locks: tabs that sleep together wake with what they had", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { world, clients } = await setup(3, { seed });
    clients[0].put("a");
    await world.pass(5_000);
    world.now += 8 * 3_600_000;
    await world.pass(10 * MINUTE);
    assert.deepEqual(held(clients), [["a"], [], []], `seed ${seed}`);
  }
});

test("without locks: the next core of a page has at once what the broken one had", async () => {
  const { world, clients } = await setup(1);
  const open = stores(clients[0].page.host);
  const first = new Client(clients[0].page, { open });
  await world.settle();
  first.put("written");
  await world.settle();
  first.put("on its way");
  first.store.close();
  const next = new Client(clients[0].page, { open });
  await world.pass(MINUTE);
  assert.deepEqual(next.ids, ["on its way", "written"]);
  assert.deepEqual([next.lost, next.refusals], [[], 0]);
  next.store.close(true);
  clients[0].store.close(true);
  assert.deepEqual([clients[0].page.left.timers, clients[0].page.listeners], [0, 0]);
  await world.pass(MINUTE);
  assert.deepEqual([clients[0].page.left.timers, clients[0].page.listeners], [0, 0]);
});

for (const [what, locks] of [
  ["that throw", { request: () => { throw new DOMException("no", "SecurityError"); } }],
  ["that are refused", { request: async () => { throw new DOMException("no", "SecurityError"); }, query: async () => ({}) }],
]) {
  test(`locks ${what} are as good as none`, async () => {
    const world = new World();
    const clients = [];
    for (let n = 0; n < 2; n += 1) {
      const page = world.page();
      page.host.navigator = { locks };
      clients.push(new Client(page));
      await world.settle();
    }
    clients[0].put("a");
    await world.pass(5 * MINUTE);
    assert.deepEqual(held(clients), [["a"], []]);
    close(clients[0]);
    await world.pass(CLOSED_MS);
    assert.deepEqual(clients[1].ids, ["a"]);
    assert.deepEqual(clients.map(({ refusals }) => refusals), [0, 0]);
  });
}

test("without an AbortController locks serve all the same", async () => {
  const world = new World();
  const clients = [];
  for (let n = 0; n < 2; n += 1) {
    const page = world.page();
    page.host.AbortController = undefined;
    clients.push(new Client(page));
    await world.settle();
  }
  clients[0].put("a");
  await world.settle();
  clients[1].store.claim();
  await world.settle();
  assert.deepEqual(held(clients), [["a"], []]);
  clients[0].page.kill();
  await world.settle();
  assert.deepEqual(clients[1].ids, ["a"]);
});

for (const locks of [true, false]) {
  const how = locks ? "with locks" : "without locks";

  test(`${how}: a database that is deleted is written again by all that live`, async () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const { world, clients, open } = await setup(2, { seed, locks });
      for (const id of ["a", "b", "c"]) clients[0].put(id);
      clients[1].put("d");
      await world.pass(15_000);
      clients[0].remove("b");
      // Under way in the moment of the deletion.
      if (seed % 2) clients[0].put("e");
      if (seed % 3) await world.settle();
      world.disk.delete(seed % 5 < 2);
      await world.settle();
      const left = seed % 2 ? ["a", "c", "e"] : ["a", "c"];
      assert.deepEqual(Object.keys(world.disk.owners()).sort(), [...left, "d"].sort(), `seed ${seed}`);
      close(clients[0]);
      assert.deepEqual((await open()).ids, left, `seed ${seed}`);
      await world.pass(MINUTE);
      assert.deepEqual(clients.flatMap(({ lost, refusals }) => [...lost, ...Array(refusals)]), [], `seed ${seed}`);
    }
  });

  test(`${how}: a logout leaves nothing to write again`, async () => {
    const { world, clients } = await setup(1, { locks });
    clients[0].put("a");
    await world.settle();
    clients[0].store.wipe();
    world.disk.delete();
    await world.settle();
    assert.equal(world.disk.rows.size, 0);
  });

  test(`${how}: a database that hangs is told once, and only when it was waited for`, async () => {
    for (const when of ["opening", "writing"]) {
      const { world, clients } = await setup(1, { locks });
      if (when === "opening") world.disk.delete();
      await world.settle();
      world.disk.isMute = true;
      clients[0].put("a");
      await world.pass(9_000);
      assert.equal(clients[0].refusals, 0, when);
      await world.pass(MINUTE);
      assert.equal(clients[0].refusals, 1, when);
      clients[0].put("b");
      await world.pass(MINUTE);
      assert.deepEqual([clients[0].refusals, clients[0].lost], [1, []], when);
    }
  });

  test(`${how}: a page that was frozen while it wrote has nothing to tell`, async () => {
    const { world, clients } = await setup(1, { locks });
    clients[0].put("a");
    clients[0].page.isFrozen = true;
    await world.pass(MINUTE);
    clients[0].page.isFrozen = false;
    world.ring();
    await world.pass(MINUTE);
    assert.deepEqual([clients[0].refusals, clients[0].lost], [0, []]);
  });

  test(`${how}: what a full disk does not take is told, held, and written when there is room`, async () => {
    const { world, clients, open } = await setup(1, { locks });
    world.disk.isFull = ({ record }) => record.text === "large";
    clients[0].put("a", { text: "large" });
    await world.pass(MINUTE);
    assert.deepEqual([clients[0].ids, clients[0].lost, clients[0].refusals], [["a"], [], 1]);
    clients[0].put("a", { text: "small" });
    await world.pass(MINUTE);
    close(clients[0]);
    await world.settle();
    assert.deepEqual((await open()).ids, ["a"]);
  });
}
