// One request for a token at a time, with pages, locks and storage that are none: who asks, and who gets the answer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { turns } from "../../src/platform/token.js";
import { NOTHING } from "./rig.mjs";
import { World } from "./world.mjs";

const SCOPE = "side_storage_org https://here ";
const SLOT = "@@lc_auth_token:org";

/** A token service that knows visitors by the cookie of its first answer. */
class Service {
  requests = [];
  latency = 300;
  underWay = 0;
  most = 0;
  cookie;

  constructor(world) {
    this.world = world;
  }
  /** `undefined` if the service hangs. */
  async ask(page) {
    const { cookie, requests, latency, world } = this;
    requests.push(page);
    if (latency === Infinity) return new Promise(() => {});
    this.most = Math.max(this.most, (this.underWay += 1));
    // It answers even if nobody is there any more.
    await new Promise((done) => world.timer({ isAlive: true }, done, latency));
    this.underWay -= 1;
    const customer = cookie ?? `customer ${requests.length}`;
    this.cookie = customer;
    return [200, { customer, number: this.requests.length }];
  }
}

/** What the core does with a turn; without a `slot` it stores nothing. */
const ask = async (service, page, open, { slot = SLOT, isFresh = false } = {}) => {
  const began = service.world.now;
  const turn = await open.take(SCOPE, slot, isFresh);
  let answer = turn;
  if (typeof turn === "function") {
    answer = await service.ask(page);
    turn(answer);
  }
  if (slot && answer) page.host.localStorage.setItem(slot, JSON.stringify(answer[1]));
  return { ...answer?.[1], took: service.world.now - began };
};

const setup = (tabs, breaks = () => {}) => {
  const world = new World();
  const service = new Service(world);
  const pages = [];
  for (let n = 0; n < tabs; n += 1) {
    pages.push(world.page());
    breaks(pages[n].host, world);
  }
  return { world, service, pages, open: pages.map(({ host }) => turns(host)) };
};
/** Waits in the world's time. */
const settled = async (world, promises, millis = 20_000) => {
  let result;
  void Promise.all(promises).then((all) => (result = all));
  await world.pass(millis);
  assert.ok(result, "nobody waits for ever");
  return result;
};
const one = (values) => assert.equal(new Set(values).size, 1, `${values}`);

const never = () => new Promise(() => {});
const refuse = () => {
  throw new DOMException("no", "SecurityError");
};
const withLocks = (make) => (host, world) => {
  const { request } = host.navigator.locks;
  host.navigator.locks.request = make(request, (millis) => new Promise((done) => host.setTimeout(done, millis)), world);
};
const WAYS = {
  "locks that work": [() => {}, 0],
  "no locks": [(host) => delete host.navigator.locks, 100],
  "no navigator": [(host) => delete host.navigator, 100],
  "locks that throw": [withLocks(() => refuse), 100],
  "locks that reject": [withLocks(() => async () => refuse()), 100],
  "locks that never answer": [withLocks(() => never), 1_100],
  "locks that answer late": [
    withLocks(
      (request, wait) =>
        async (...given) => (await wait(3_000), request(...given)),
    ),
    1_100,
  ],
};

for (const [what, [breaks, longer]] of Object.entries(WAYS)) {
  test(`${what}: tabs that open together get one token from one request`, async () => {
    for (const latency of [0, 300, 2_500]) {
      const { world, service, pages, open } = setup(4, breaks);
      service.latency = latency;
      const tokens = await settled(
        world,
        pages.map((page, at) => ask(service, page, open[at])),
      );
      one(tokens.map(({ customer }) => customer));
      assert.equal(service.requests.length, 1, `${latency} ms`);
      const took = tokens.map((token) => token.took).sort((a, b) => a - b);
      assert.ok(took[0] <= latency + longer, `${took}`);
      assert.ok(took[3] <= latency + longer + 700, `${took}`);
      await world.pass(20_000);
      for (const page of pages) {
        assert.deepEqual(page.left, NOTHING);
        assert.deepEqual([...page.stored].filter(([, { value }]) => value !== null).map(([key]) => key), [SLOT]);
      }
    }
  });

  test(`${what}: apis of one page get the answer of one request, whatever they store`, async () => {
    const { world, service, pages, open } = setup(1, breaks);
    const tokens = await settled(world, [
      ask(service, pages[0], open[0]),
      ask(service, pages[0], open[0], { slot: "" }),
      ask(service, pages[0], open[0], { isFresh: true }),
    ]);
    assert.equal(service.requests.length, 1);
    one(tokens.map(({ number }) => number));
    for (const { took } of tokens) assert.ok(took <= 300 + longer, `${took}`);
  });

  test(`${what}: a service that hangs keeps nobody longer than eight seconds from asking`, async () => {
    for (const tabs of [1, 2]) {
      const { world, service, pages, open } = setup(tabs, breaks);
      service.latency = Infinity;
      void ask(service, pages[0], open[0]);
      await world.pass(2_000);
      service.latency = 300;
      const [token] = await settled(world, [ask(service, pages.at(-1), open.at(-1))]);
      assert.ok(token.customer && token.took <= 8_400, `${token.took}`);
      assert.ok(token.took >= 4_000, "it was waited for");
    }
  });
}

test("a tab that is closed while it asks frees the next one at once", async () => {
  const { world, service, pages, open } = setup(2);
  void ask(service, pages[0], open[0]);
  await world.pass(100);
  pages[0].kill();
  const [token] = await settled(world, [ask(service, pages[1], open[1])]);
  assert.equal(token.took, 300);
});

test("without locks a lease of a tab that died is minded for eight seconds at most", async () => {
  const { world, service, pages, open } = setup(2, (host) => delete host.navigator.locks);
  void ask(service, pages[0], open[0]);
  await world.pass(200);
  pages[0].kill();
  await world.pass(3_000);
  const [token] = await settled(world, [ask(service, pages[1], open[1])]);
  assert.ok(token.customer && token.took < 5_500, `${token.took}`);
});

test("without locks a lease of another time is nobody's", async () => {
  const { world, service, pages, open } = setup(1, (host) => delete host.navigator.locks);
  for (const lease of ["nonsense", "0", String(pages[0].host.Date.now() + 3_600_000), "[1]"]) {
    pages[0].host.localStorage.removeItem(SLOT);
    pages[0].host.localStorage.setItem(`palaver-token-${SCOPE}`, lease);
    const [token] = await settled(world, [ask(service, pages[0], open[0])]);
    assert.equal(token.took, 400, lease);
  }
});

test("without locks and storage each page asks at once", async () => {
  const breaks = (host) => {
    delete host.navigator.locks;
    Object.defineProperty(host, "localStorage", { get: refuse });
  };
  const { world, service, pages, open } = setup(2, breaks);
  const known = await settled(
    world,
    pages.map((page, at) => open[at].take(SCOPE, SLOT, false)),
  );
  for (const turn of known) assert.equal(typeof turn, "function");
  assert.equal(service.requests.length, 0);
});

test("tabs that store nothing ask one after the other", async () => {
  const { world, service, pages, open } = setup(4);
  const tokens = await settled(
    world,
    pages.map((page, at) => ask(service, page, open[at], { slot: "" })),
  );
  assert.deepEqual([service.requests.length, service.most], [4, 1]);
  one(tokens.map(({ customer }) => customer));
});

test("a frozen tab that holds the lock keeps another for eight seconds", async () => {
  const { world, service, pages, open } = setup(2);
  service.latency = 0;
  void open[0].take(SCOPE, SLOT, false);
  await world.settle();
  pages[0].isFrozen = true;
  const [token] = await settled(world, [ask(service, pages[1], open[1])]);
  assert.ok(token.customer && token.took >= 8_000 && token.took <= 8_200, `${token.took}`);
});

test("a fresh token is none that was stored before it was asked for", async () => {
  const { world, service, pages, open } = setup(2);
  pages[0].host.localStorage.setItem(SLOT, JSON.stringify({ customer: "stored" }));
  await world.settle();
  assert.deepEqual(await settled(world, [open[1].take(SCOPE, SLOT, false)]), [[0, { customer: "stored" }]]);
  const [fresh] = await settled(world, [ask(service, pages[1], open[1], { isFresh: true })]);
  assert.equal(fresh.number, 1);
  // One that another tab stores meanwhile is.
  const both = await settled(world, [
    ask(service, pages[0], open[0], { isFresh: true }),
    ask(service, pages[1], open[1], { isFresh: true }),
  ]);
  assert.deepEqual(
    both.map(({ number }) => number),
    [2, 2],
  );
});

test("a fresh token is not what another api of the page found in storage", async () => {
  const { world, service, pages, open } = setup(1);
  pages[0].host.localStorage.setItem(SLOT, JSON.stringify({ customer: "stored" }));
  const [found, fresh] = await settled(world, [
    ask(service, pages[0], open[0]),
    ask(service, pages[0], open[0], { isFresh: true }),
  ]);
  assert.deepEqual([found.customer, fresh.number], ["stored", 1]);
});

test("who asks after a logout gets nothing of what was under way", async () => {
  const { world, service, pages, open } = setup(1);
  const before = ask(service, pages[0], open[0], { slot: "" });
  await world.pass(100);
  open[0].forget(SCOPE);
  const after = ask(service, pages[0], open[0], { slot: "" });
  const [old, token] = await settled(world, [before, after]);
  assert.deepEqual([old.number, token.number], [1, 2]);
  assert.equal(service.most, 1, "nor at the same time");
});

test("an answer that failed is nobody else's", async () => {
  const { world, open } = setup(1);
  const [first] = await settled(world, [open[0].take(SCOPE, SLOT, false)], 100);
  const second = open[0].take(SCOPE, SLOT, false);
  first(undefined);
  const [turn] = await settled(world, [second]);
  assert.equal(typeof turn, "function");
});
