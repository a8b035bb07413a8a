// destroy() and disconnect() leave nothing open, from every state, and nothing revives what is over.

import { fileURLToPath } from "node:url";

import { expect, isConnected, leaders, test } from "./visit.mjs";

const LEDGER = { path: fileURLToPath(new URL("ledger.js", import.meta.url)) };
const NOTHING = { listeners: [], timers: 0, sockets: 0, channels: 0, databases: 0, locks: [] };

/** Whatever a page may hear after its api is gone. */
const disturb = (page) =>
  page.evaluate(() => {
    for (const type of ["online", "offline", "pagehide", "pageshow"]) dispatchEvent(new Event(type));
    for (const type of ["visibilitychange", "resume", "freeze"]) document.dispatchEvent(new Event(type));
    api.connect();
    api.reconnect();
    api.disconnect();
    api.destroy();
    void api.sendMessage({ chatId: "C", text: "too late" }).catch(() => {});
  });

/** Begins without waiting for the connection. */
const begin = (page, config = {}) =>
  page.evaluate(async (config) => {
    const { init } = await import("/palaver/index.js");
    const { api: origin } = Object.fromEntries(new URLSearchParams(location.search));
    globalThis.make = () =>
      init({ organizationId: "org", clientId: "client", endpoints: { api: origin, accounts: origin }, ...config });
    globalThis.api = make();
  }, config);
/** A tab with the package loaded, from where on it is counted. */
const prepare = async (open) => {
  const page = await open(LEDGER);
  await page.evaluate(async () => {
    const { default: load } = await import("/palaver/index.js");
    await load();
    startLedger();
  });
  return page;
};

const outcome = (page, end) =>
  page.evaluate(async (end) => {
    api[end]();
    return { state: api.state, sockets: (await ledger()).sockets };
  }, end);

// How a page comes into each state.
const states = {
  idle: (page) => begin(page, { autoConnect: false }),
  "connecting, at once": (page) => begin(page),
  "connecting, waiting for a token": async (page, standin) => {
    await standin.control("token_service", { mode: "hang" });
    await begin(page);
    await expect.poll(() => page.evaluate(() => socketsMade().made)).toBe(1);
  },
  "connecting, waiting to try again": async (page, standin) => {
    await standin.control("refuse", {});
    await begin(page);
    await expect
      .poll(() =>
        page.evaluate(() =>
          ledger().then(({ sockets, timers }) => socketsMade().made > 0 && sockets === 0 && timers > 0),
        ),
      )
      .toBe(true);
  },
  "logging in": async (page, standin) => {
    await standin.control("omit_responses", { count: 1 });
    await begin(page);
    await expect.poll(async () => (await standin.look("state")).connections.length).toBe(1);
  },
  connected: async (page) => {
    await begin(page);
    await isConnected(page);
  },
  "connected, with a message under way": async (page, standin) => {
    await begin(page);
    await isConnected(page);
    const chatId = await page.evaluate(async () => (await api.startChat()).chat.id);
    await standin.control("half_open", { on: true });
    await page.evaluate((chatId) => void api.sendMessage({ chatId, text: "under way" }).catch(() => {}), chatId);
  },
  closed: async (page) => {
    await begin(page);
    await isConnected(page);
    await page.evaluate(() => api.disconnect());
  },
  left: async (page) => {
    await begin(page);
    await isConnected(page);
    await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  },
};

for (const [what, reach] of Object.entries(states)) {
  test(`${what}: destroy() leaves nothing, and nothing revives it`, async ({ open, standin }) => {
    const page = await prepare(open);
    await reach(page, standin);
    expect((await page.evaluate(() => ledger())).listeners.length).toBeGreaterThan(0);
    const { made } = await page.evaluate(() => socketsMade());
    const end = await outcome(page, "destroy");
    expect(end).toEqual({ state: "closed", sockets: 0 });
    // A request for a token goes on for eight seconds at most: the next api of the page gets its answer.
    await expect.poll(() => page.evaluate(() => ledger()), { timeout: 10_000 }).toEqual(NOTHING);
    await disturb(page);
    await expect.poll(() => page.evaluate(() => ledger())).toEqual(NOTHING);
    expect((await page.evaluate(() => socketsMade())).made, "no socket was made afterwards").toBe(made);
    expect((await page.evaluate(() => socketsMade())).most).toBeLessThanOrEqual(1);
  });
}

test("a follower leaves nothing either", async ({ open, standin }) => {
  const [leader, page] = [await prepare(open), await prepare(open)];
  for (const one of [leader, page]) {
    await begin(one);
    await isConnected(one);
  }
  expect(await leaders([leader, page])).toEqual([leader]);
  await outcome(page, "destroy");
  // The locks that are left are those of the other tab.
  const rest = () => page.evaluate(() => ledger().then(({ locks, ...rest }) => ({ ...rest, locks: locks.length })));
  await expect.poll(rest).toEqual({ ...NOTHING, locks: 2 });
  await isConnected(leader);
  await outcome(leader, "destroy");
  await expect.poll(() => leader.evaluate(() => ledger())).toEqual(NOTHING);
  await expect.poll(async () => (await standin.look("state")).connections.length).toBe(0);
});

test("disconnect() leaves no line, and only connect() brings it back", async ({ open }) => {
  const page = await prepare(open);
  await begin(page);
  await isConnected(page);
  const { made } = await page.evaluate(() => socketsMade());
  await outcome(page, "disconnect");
  await page.evaluate(() => {
    for (const type of ["offline", "online", "pagehide", "pageshow"]) dispatchEvent(new Event(type));
    document.dispatchEvent(new Event("visibilitychange"));
  });
  const line = () =>
    page.evaluate(() =>
      ledger().then(({ sockets, channels, locks }) => ({
        sockets,
        channels,
        lines: locks.filter((name) => name.startsWith("palaver-tabs")),
      })),
    );
  await expect.poll(line).toEqual({ sockets: 0, channels: 0, lines: [] });
  expect((await page.evaluate(() => socketsMade())).made).toBe(made);
  expect(await page.evaluate(() => api.state)).toBe("closed");
  await page.evaluate(() => api.connect());
  await isConnected(page);
});

test("an api that is made twice, as frameworks do, has one socket at a time", async ({ open, connections }) => {
  const page = await prepare(open);
  await begin(page, { autoConnect: false });
  await page.evaluate(() => {
    api.connect();
    api.destroy();
    globalThis.api = make();
    api.connect();
  });
  await isConnected(page);
  expect((await page.evaluate(() => socketsMade())).most).toBe(1);
  await expect.poll(connections).toBe(1);
  // And without a destroy() between them each has one.
  await page.evaluate(() => {
    globalThis.second = make();
    second.connect();
  });
  await expect.poll(() => page.evaluate(() => second.state)).toBe("connected");
  expect((await page.evaluate(() => socketsMade())).most).toBe(2);
  await page.evaluate(() => (api.destroy(), second.destroy()));
  await expect.poll(() => page.evaluate(() => ledger())).toEqual(NOTHING);
});
