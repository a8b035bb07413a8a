// The tabs of one visitor share one connection, whatever becomes of the one that holds it.

import { close, crash } from "./kill.mjs";
import { agree, expect, isConnected, leaders, test } from "./visit.mjs";

const say = (page, text) => page.evaluate((text) => void proof.send(text), text);
const notices = (page, name) =>
  page.evaluate(
    (name) =>
      proof
        .look()
        .notices.filter(([told]) => told === name)
        .map(([, payload]) => payload),
    name,
  );

test("three tabs have one connection, and each sees what all say", async ({ visit, standin, connections }) => {
  const pages = [await visit(), await visit(), await visit()];
  expect(await connections()).toBe(1);
  expect(await leaders(pages)).toEqual([pages[0]]);
  for (let n = 0; n < 5; n += 1) {
    for (const [index, page] of pages.entries()) await say(page, `tab ${index}: ${n}`);
    await standin.control("message", { text: `agent: ${n}` });
  }
  await agree(pages, standin);
  for (const page of pages) expect(await page.evaluate(() => proof.look().errors)).toEqual([]);
  // Who says it is told by its promise, the others by the event.
  const told = await Promise.all(pages.map((page) => page.evaluate(() => proof.look().told.length)));
  expect(told).toEqual([15, 15, 15]);
});

for (const [how, kill, tag] of [["closed", close, []], ["crashed", crash, "@chromium"]]) {
  test(`the tab with the connection is ${how} while all talk`, { tag }, async ({ visit, standin, connections }) => {
    test.setTimeout(120_000);
    let pages = [await visit(), await visit(), await visit()];
    for (let round = 0; round < 2; round += 1) {
      for (const page of pages) await say(page, `before ${round}`);
      await standin.control("message", { text: `agent before ${round}` });
      const [leader] = await leaders(pages);
      await kill(leader);
      pages = pages.filter((page) => page !== leader);
      for (const page of pages) await say(page, `after ${round}`);
      await standin.control("message", { text: `agent after ${round}` });
      for (const page of pages) await isConnected(page);
      await expect.poll(connections).toBe(1);
      expect(await leaders(pages)).toHaveLength(1);
    }
    await agree(pages, standin);
    // At once: nobody was told to wait.
    for (const page of pages)
      expect(await page.evaluate(() => proof.look().states.filter(([state]) => state === "closed"))).toEqual([]);
  });
}

test("a leader that is frozen is replaced, and follows when it wakes", { tag: "@chromium" }, async ({ visit, standin, connections }) => {
  test.setTimeout(120_000);
  const pages = [await visit(), await visit(), await visit()];
  const session = await pages[0].context().newCDPSession(pages[0]);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  // As a session does that misses the answer to its ping.
  await pages[1].evaluate(() => api.reconnect());
  for (const page of pages.slice(1)) await isConnected(page);
  await say(pages[2], "in the cold");
  await agree(pages.slice(1), standin);
  await session.send("Page.setWebLifecycleState", { state: "active" });
  await isConnected(pages[0]);
  await expect.poll(connections).toBe(1);
  expect(await leaders(pages)).toHaveLength(1);
  await agree(pages, standin);
});

test("a close by the server is news for all, and they come back on one connection", async ({
  visit,
  standin,
  connections,
}) => {
  test.setTimeout(120_000);
  const pages = [await visit(), await visit(), await visit()];
  await standin.control("close_socket", { code: 1011, reason: "oops" });
  for (const page of pages) {
    await expect
      .poll(() => page.evaluate(() => proof.look().states.some(([state]) => state === "connecting")))
      .toBe(true);
  }
  await standin.control("message", { text: "while you were away" });
  for (const page of pages) await isConnected(page);
  await expect.poll(connections).toBe(1);
  await agree(pages, standin);
});

test("a tab that is left lets go, and follows when it is shown again", async ({ visit, standin, connections }) => {
  const pages = [await visit(), await visit()];
  await pages[0].evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  await expect.poll(() => leaders(pages)).toEqual([pages[1]]);
  await isConnected(pages[1]);
  await standin.control("message", { text: "not for the cache" });
  await pages[0].evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await isConnected(pages[0]);
  expect(await leaders(pages)).toEqual([pages[1]]);
  expect(await connections()).toBe(1);
  await agree(pages, standin);
});

test("who disconnects is alone in that", async ({ visit, connections }) => {
  const pages = [await visit(), await visit()];
  await pages[0].evaluate(() => api.disconnect());
  await expect.poll(() => leaders(pages)).toEqual([pages[1]]);
  await isConnected(pages[1]);
  expect(await pages[0].evaluate(() => api.state)).toBe("closed");
  expect(await connections()).toBe(1);
  await pages[0].evaluate(() => api.connect());
  await isConnected(pages[0]);
  expect(await connections()).toBe(1);
});

test("who does not want to share does not", async ({ visit, connections }) => {
  const pages = [
    await visit(),
    await visit({ sharedConnection: false }),
    await visit({ storage: "memory", sharedConnection: true }),
  ];
  for (const page of pages) await isConnected(page);
  expect(await leaders(pages)).toHaveLength(3);
  expect(await connections()).toBe(3);
});

test("the drop-in shares when it is asked to, and not by itself", async ({ open, connections }) => {
  const begin = async (options) => {
    const page = await open();
    await page.evaluate(async (options) => {
      const { init } = await import("/palaver/customer-sdk.js");
      const origin = new URLSearchParams(location.search).get("api");
      const endpoints = { api: origin, accounts: origin };
      const sdk = init({ organizationId: "0b2f7c1e-52f4-4c7b-9a51-9e4f2f2f6a01", clientId: "proof", endpoints, ...options });
      await new Promise((resolve) => sdk.on("connected", resolve));
    }, options);
  };
  await begin({ sharedConnection: true });
  await begin({ sharedConnection: true });
  expect(await connections()).toBe(1);
  await begin({});
  expect(await connections()).toBe(2);
});

test("another customer has a connection of its own", async ({ visit, open, standin, connections }) => {
  const pages = [await visit()];
  const other = await open();
  await other.evaluate(async () => {
    const { api: origin } = Object.fromEntries(new URLSearchParams(location.search));
    const body = JSON.stringify({
      grant_type: "cookie",
      client_id: "proof",
      organization_id: "0b2f7c1e-52f4-4c7b-9a51-9e4f2f2f6a01",
      response_type: "token",
    });
    // Without the cookies of the first one.
    const answer = await fetch(`${origin}/v2/customer/token`, { method: "POST", body, credentials: "omit" });
    const { access_token: accessToken, entity_id: entityId, expires_in } = await answer.json();
    const token = {
      accessToken,
      entityId,
      expiresIn: expires_in * 1000,
      tokenType: "Bearer",
      creationDate: Date.now(),
      organizationId: "x",
    };
    const get = async () => token;
    await proof.begin({
      identityProvider: () => ({
        getToken: get,
        getFreshToken: get,
        hasToken: async () => true,
        invalidate: async () => {},
      }),
    });
  });
  await isConnected(other);
  expect(await connections()).toBe(2);
  await standin.control("message", { text: "for the first one" });
  await agree(pages, standin);
  expect(await other.evaluate(() => proof.look().told)).toEqual([]);
  expect(await notices(other, "error")).toEqual([]);
});
