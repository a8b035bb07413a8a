// A core that breaks is replaced, wherever it breaks: on every way into it and on every way out of it.

import { expect, test as base } from "@playwright/test";
import { isFull, servePages } from "./rig.mjs";

const test = base.extend({
  site: [
    async ({}, use) => {
      const site = await servePages();
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],
  /** A visitor's conversation with a plan of what breaks. */
  converse: async ({ page, site }, use) => {
    await page.goto(`${site.origin}/blank`);
    await use((plan) => page.evaluate(async (plan) => (await import("/proof/conversation.js")).converse(plan), plan));
  },
});

const goesOn = (result, plan) => {
  const what = JSON.stringify(plan);
  expect(result.isBack, `${what}: comes back`).toBe(true);
  expect(result.sent, `${what}: sends afterwards`).toBe("afterwards");
  // What was never told of a chat that the page had not heard of, nobody can name; it is told that something is missing.
  const missing = result.gaps.length ? ["1", "2", "3"].filter((text) => !result.told.includes(text)) : [];
  expect([...missing, ...result.told], `${what}: tells everything once, in order`).toEqual(["1", "2", "3", "last"]);
  expect(result.settled, `${what}: every promise settles`).not.toContain("pending");
  expect(result.sockets, `${what}: one socket`).toBe(1);
  expect(result.left, `${what}: none after destroy()`).toBe(0);
};

const brokeOnce = (result, plan) => {
  expect(result.broken, `${JSON.stringify(plan)}: was met`).toBe(1);
  goesOn(result, plan);
  expect(result.failures).toEqual([{ code: "INTERNAL", message: expect.any(String) }]);
};

test("nothing breaks by itself", async ({ converse }) => {
  const result = await converse({});
  goesOn(result, {});
  expect(result.failures).toEqual([]);
  expect(Object.keys(result.crossings.exports).length).toBeGreaterThan(8);
});

test("a core that breaks on its way in is replaced", async ({ converse }) => {
  test.setTimeout(isFull ? 600_000 : 120_000);
  const { crossings } = await converse({});
  let rows = 0;
  for (const [name, times] of Object.entries(crossings.exports)) {
    for (const when of ["before", "after"]) {
      for (const at of isFull ? [1, 2, 3, Math.ceil(times / 2), times] : [1, Math.ceil(times / 2)]) {
        if (at > times) continue;
        const plan = { side: "exports", name, at, when };
        const result = await converse(plan);
        rows += 1;
        if (result.refused) expect(result.refused, JSON.stringify(plan)).toBe("INTERNAL");
        else if (result.broken > 0) brokeOnce(result, plan);
        else goesOn(result, plan);
      }
    }
  }
  console.log(`proof ${JSON.stringify({ id: 16, name: "containment, ways in", exports: Object.keys(crossings.exports).length, rows })}`);
});

test("a core that breaks on its way out is replaced", async ({ converse }) => {
  test.setTimeout(isFull ? 900_000 : 120_000);
  const { crossings } = await converse({});
  const total = Object.values(crossings.imports).reduce((sum, times) => sum + times, 0);
  // Every import once, and crossings spread over the whole conversation.
  const plans = Object.keys(crossings.imports).map((name) => ({ side: "imports", name, at: 1 }));
  const spread = isFull ? 400 : 40;
  for (let i = 1; i <= spread; i += 1) plans.push({ side: "imports", at: Math.ceil((total * i) / (spread + 1)) });
  let broken = 0;
  for (const plan of plans) {
    const result = await converse(plan);
    broken += result.broken;
    if (result.refused) expect(result.refused, JSON.stringify(plan)).toBe("INTERNAL");
    // What the glue catches, the core is told of as of any exception: that is no death.
    else goesOn(result, plan);
  }
  console.log(`proof ${JSON.stringify({ id: 16, name: "containment, ways out", imports: Object.keys(crossings.imports).length, rows: plans.length, broken })}`);
});

test("a core that breaks again and again is given up", async ({ page, site }) => {
  await page.goto(`${site.origin}/blank`);
  const result = await page.evaluate(async () => {
    const [{ install }, { arm, seen }, { default: load, init }] = await Promise.all([
      import("/script.js"), import("/proof/breaking.js"), import("/palaver/index.js"),
    ]);
    await load();
    const script = install();
    const api = init(script.config);
    const told = [];
    for (const name of ["error", "disconnected", "connected"]) api.on(name, (payload) => told.push([name, payload?.code ?? payload]));
    await new Promise((resolve) => api.once("connected", resolve));
    told.length = 0;
    const call = api.listChats();
    arm({ side: "imports", name: undefined, at: 1, times: Infinity });
    script.push("incoming_event", { chat_id: "C", thread_id: "T", event: { id: "T_1", type: "message" } });
    const ends = [];
    await call.catch(({ code }) => ends.push(code));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await api.sendMessage({ chatId: "C", text: "x" }).catch(({ code }) => ends.push(code));
    const before = { told, ends, state: api.state, chats: api.chats(), instances: seen.instances, broken: seen.broken };
    api.connect();
    api.destroy();
    arm({});
    const open = script.sockets.filter(({ readyState }) => readyState < 2).length;
    return { ...before, open };
  });
  expect(result).toMatchObject({ state: "closed", chats: [], open: 0, ends: ["INTERNAL", "INTERNAL"] });
  expect(result.told.at(-1)).toEqual(["disconnected", "internal_error"]);
  expect(result.told.filter(([name]) => name === "disconnected")).toHaveLength(1);
  expect(result.broken).toBeLessThanOrEqual(3);
});
