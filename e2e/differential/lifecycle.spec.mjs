// The life of a connection, and what both tell of it.

import { missing, missingEvents } from "./compare.mjs";
import { expect, test } from "./page.mjs";
import { pushes } from "./pushes.mjs";
import { CUSTOMER, login } from "./script.js";

const names = (events) => events.map(({ name }) => name);

test("`connected` comes after every login, with hidden fields", async ({ both, page }) => {
  const first = await both.start();
  expect(missing(first.vendor, first.ours)).toEqual([]);
  const hidden = await page.evaluate(async () => {
    const lost = await both.drop();
    const payloads = {};
    for (const kind of ["vendor", "ours"]) both.sdks[kind].once("connected", (payload) => (payloads[kind] = payload));
    await both.reconnected();
    return {
      lost,
      ...Object.fromEntries(
        Object.entries(payloads).map(([kind, payload]) => [
          kind,
          { shown: Object.keys(payload), chats: payload.__unsafeChats, config: payload.__unsafeDynamicConfig },
        ]),
      ),
    };
  });
  for (const events of [hidden.lost.vendor, hidden.lost.ours]) {
    expect(events).toEqual([{ name: "disconnected", payload: { reason: "connection_lost" } }]);
  }
  expect(hidden.ours.chats).toEqual(hidden.vendor.chats);
  expect(hidden.ours.config).toEqual(login.__priv_dynamic_config);
  expect(hidden.ours.config).toEqual(hidden.vendor.config);
  expect(hidden.ours.shown).toEqual(expect.arrayContaining(hidden.vendor.shown));
  expect(hidden.ours.shown.filter((name) => name.startsWith("__") || name === "dynamicConfig")).toEqual([]);
});

test("`customer_id` comes first, and once", async ({ both }) => {
  await both.start();
  const { vendor, ours } = await both.heardSince();
  const ids = (events) => events.filter(({ name }) => name === "customer_id");
  expect(ids(vendor)).toEqual([{ name: "customer_id", payload: CUSTOMER }]);
  expect(ids(ours)).toEqual(ids(vendor));
  expect(names(ours)[0]).toBe("customer_id");
});

for (const reason of [
  "access_token_expired",
  "connection_timeout",
  "customer_banned",
  "internal_error",
  "license_expired",
  "license_not_found",
  "logged_out_remotely",
  "product_version_changed",
  "too_many_connections",
  "unsupported_version",
  "users_limit_reached",
  "invented_tomorrow",
]) {
  test(`the farewell ${reason} is told once, as it came`, async ({ both }) => {
    await both.start();
    const payload = { reason, data: { timeout: 5 } };
    const { vendor, ours } = await both.push({ action: "customer_disconnected", payload });
    const farewells = (events) =>
      events.filter(({ name }) => name === "disconnected").map(({ payload }) => payload.reason);
    expect(farewells(vendor)).toEqual([reason]);
    expect(farewells(ours)).toEqual([reason]);
    // What a final reason carries LiveChat's SDK keeps for itself.
    const told = vendor.find(({ name }) => name === "disconnected").payload;
    expect(missing(told, ours.find(({ name }) => name === "disconnected").payload)).toEqual([]);
  });
}

for (const type of ["customer_banned", "users_limit_reached", "wrong_product_version"]) {
  test(`a login that is refused with ${type} is told`, async ({ both, page }) => {
    const told = await page.evaluate(async (type) => {
      both.answer({ login: { error: { type, message: "no" } } });
      return both.told(async () => {
        both.begin();
        await Promise.all(
          ["vendor", "ours"].map((kind) => new Promise((resolve) => both.sdks[kind].once("disconnected", resolve))),
        );
      });
    }, type);
    for (const events of [told.vendor, told.ours]) {
      expect(events.filter(({ name }) => name === "disconnected")).toEqual([
        { name: "disconnected", payload: { reason: type } },
      ]);
    }
  });
}

test("a farewell before the login does not hide what comes after it", async ({ both, page }) => {
  await page.evaluate(async () => {
    both.silence("login");
    both.begin();
    while (Object.values(await both.loginCounts()).includes(0)) await both.settle();
    await both.push({ action: "customer_disconnected", payload: { reason: "connection_timeout" } });
    both.answer({ login: { error: { type: "customer_banned", message: "no" } } });
    both.silence();
  });
  const reasons = async (kind) => {
    const events = (await both.heardSince())[kind];
    return events.filter(({ name }) => name === "disconnected").map(({ payload }) => payload.reason);
  };
  for (const kind of ["vendor", "ours"]) {
    await expect.poll(() => reasons(kind), { timeout: 15_000 }).toEqual(["connection_timeout", "customer_banned"]);
  }
});

test("the browser's network: unstable, recovered", async ({ both }) => {
  await both.start();
  const unstable = await both.network("offline");
  expect(names(unstable.vendor)).toEqual(["connection_unstable"]);
  expect(missingEvents(unstable.vendor, unstable.ours)).toEqual([]);
  const online = await both.network("online");
  const recovered = await both.push(pushes["a greeting, accepted"]);
  expect(names(recovered.vendor)).toContain("connection_recovered");
  expect(names([...online.ours, ...recovered.ours])).toContain("connection_recovered");
});

test("`disconnect()` and `connect()` say nothing of themselves", async ({ both, page }) => {
  await both.start();
  const { left, back } = await page.evaluate(async () => {
    const all = (method) => Object.values(both.sdks).forEach((sdk) => sdk[method]());
    const left = await both.told(() => all("disconnect"));
    const connected = both.reconnected();
    all("connect");
    return { left, back: await connected };
  });
  expect([left.vendor, left.ours]).toEqual([[], []]);
  expect(missing(back.vendor, back.ours)).toEqual([]);
});

test("`destroy()` ends everything, in silence", async ({ both, page }) => {
  await both.start();
  const outcome = await page.evaluate(async () => {
    both.silence("get_predicted_agent");
    const sdks = Object.values(both.sdks);
    const code = (sdk) => sdk.getPredictedAgent().catch(({ code }) => code);
    const open = sdks.map(code);
    const told = await both.told(() => sdks.forEach((sdk) => (sdk.destroy(), sdk.destroy())));
    return { open: await Promise.all(open), later: await Promise.all(sdks.map(code)), told };
  });
  expect(outcome).toEqual({
    open: ["SDK_DESTROYED", "SDK_DESTROYED"],
    later: ["SDK_DESTROYED", "SDK_DESTROYED"],
    told: { vendor: [], ours: [] },
  });
});
