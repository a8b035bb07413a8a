// One visitor is one customer: whoever asks for a token first, the others get its answer.

import { expect, test } from "./visit.mjs";

/** Makes `count` apis at once, and waits for who each of them is. */
const customers = (page, count = 1, config = {}) =>
  page.evaluate(
    async ([count, config]) => {
      const { default: load, init } = await import("/palaver/index.js");
      await load();
      const { api: origin } = Object.fromEntries(new URLSearchParams(location.search));
      const make = () =>
        init({ organizationId: "org", clientId: "client", endpoints: { api: origin, accounts: origin }, ...config });
      globalThis.apis = Array.from({ length: count }, make);
      const began = performance.now();
      const ids = await Promise.all(apis.map((api) => new Promise((resolve) => api.once("customer_id", resolve))));
      await Promise.all(apis.map((api) => new Promise((done) => (api.state === "connected" ? done() : api.once("connected", done)))));
      return { ids, took: performance.now() - began };
    },
    [count, config],
  );

/** In pages opened from now on, counts the requests for a token, and lets each answer take its time. */
const slowService = (context, millis) =>
  context.addInitScript((millis) => {
    const { fetch } = globalThis;
    globalThis.asked = 0;
    globalThis.fetch = async (request) => {
      const response = await fetch(request);
      if (!request.url?.includes("/v2/customer/")) return response;
      asked += 1;
      await new Promise((done) => setTimeout(done, millis));
      return response;
    };
  }, millis);
const asked = async (...pages) => {
  const counts = await Promise.all(pages.map((page) => page.evaluate(() => asked)));
  return counts.reduce((sum, count) => sum + count);
};
const expectOne = (results) => expect(new Set(results.flatMap(({ ids }) => ids)).size).toBe(1);

const LOCKS = {
  "locks that work": () => {},
  "no locks": () => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }),
  "locks that throw": () => {
    LockManager.prototype.request = () => {
      throw new DOMException("no", "SecurityError");
    };
  },
  "locks that never answer": () => {
    LockManager.prototype.request = () => new Promise(() => {});
    LockManager.prototype.query = () => new Promise(() => {});
  },
};

for (const [what, breaks] of Object.entries(LOCKS)) {
  test(`${what}: tabs that open together are one customer by one request`, async ({ open, context }) => {
    await slowService(context, 400);
    const pages = [await open(breaks), await open(breaks), await open(breaks)];
    const results = await Promise.all(pages.map((page) => customers(page)));
    expectOne(results);
    expect(await asked(...pages)).toBe(1);
    // A second more than usual at most, and the service's time.
    for (const { took } of results) expect(took).toBeLessThan(3_500);
  });

  test(`${what}: two apis of a page are one customer by one request`, async ({ open, context }) => {
    await slowService(context, 400);
    for (const config of [{}, { sharedConnection: false }, { storage: "memory" }]) {
      const page = await open(breaks);
      await page.evaluate(() => localStorage.clear());
      await context.clearCookies();
      expectOne([await customers(page, 2, config)]);
      expect(await asked(page), JSON.stringify(config)).toBe(1);
      await page.close();
    }
  });
}

test("an api that is destroyed while it asks leaves its answer to the next one", async ({ open, context }) => {
  await slowService(context, 600);
  const page = await open();
  const result = page.evaluate(async () => {
    const { default: load, init } = await import("/palaver/index.js");
    await load();
    const { api: origin } = Object.fromEntries(new URLSearchParams(location.search));
    const make = () => init({ organizationId: "org", clientId: "client", endpoints: { api: origin, accounts: origin } });
    const first = make();
    await new Promise((done) => setTimeout(done, 200));
    first.destroy();
    globalThis.api = make();
    await new Promise((resolve) => api.once("connected", resolve));
    return (await api.auth.getToken()).entityId;
  });
  expect(await result).toBeTruthy();
  expect(await asked(page)).toBe(1);
});

test("the drop-in and an own api are one customer", async ({ open, context }) => {
  await slowService(context, 400);
  const page = await open();
  const ids = await page.evaluate(async () => {
    const own = await import("/palaver/index.js");
    const dropIn = await import("/palaver/customer-sdk.js");
    await own.default();
    const { api: origin } = Object.fromEntries(new URLSearchParams(location.search));
    const config = { organizationId: "org", clientId: "client", endpoints: { api: origin, accounts: origin } };
    const apis = [dropIn.init(config), own.init(config)];
    const tokens = await Promise.all(apis.map(({ auth }) => auth.getToken()));
    return tokens.map(({ entityId }) => entityId);
  });
  expect(new Set(ids).size).toBe(1);
  expect(await asked(page)).toBe(1);
});

test("a customer who logged out does not come back from another tab", async ({ open, context }) => {
  const pages = [await open(), await open()];
  const [{ ids: [before] }] = [await customers(pages[0], 1, { sharedConnection: false })];
  expectOne([{ ids: [before] }, await customers(pages[1], 1, { sharedConnection: false })]);
  await pages[0].evaluate(() => apis[0].logout());
  // The other tab goes on as who it was, and stores its next token.
  await pages[1].evaluate(() => apis[0].auth.getFreshToken());
  expect(await pages[0].evaluate(() => Object.keys(localStorage).filter((key) => key.includes("auth_token")))).toHaveLength(1);
  // As the platform does: it knows this visitor no more.
  await context.clearCookies();
  const after = await pages[0].evaluate(async () => {
    apis[0].connect();
    await new Promise((resolve) => apis[0].once("connected", resolve));
    return (await apis[0].auth.getToken()).entityId;
  });
  expect(after).not.toBe(before);
});

for (const [what, breaks] of Object.entries({
  "a channel that throws": () => (BroadcastChannel.prototype.postMessage = () => {
    throw new DOMException("no", "DataCloneError");
  }),
  "no AbortController": () => delete globalThis.AbortController,
  "a channel that carries nothing": () => (BroadcastChannel.prototype.postMessage = () => {}),
  "locks that throw": LOCKS["locks that throw"],
  "locks that never answer": LOCKS["locks that never answer"],
})) {
  test(`${what}: every tab is connected`, async ({ open }) => {
    for (let n = 0; n < 3; n += 1) {
      const { took } = await customers(await open(breaks));
      expect(took, `tab ${n}`).toBeLessThan(3_500);
    }
  });
}
