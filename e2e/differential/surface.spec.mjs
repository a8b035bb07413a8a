// What the module exports: the same names, the same words, the same members.

import { createRequire } from "node:module";
import * as ours from "../../pkg/customer-sdk.js";
import { expect, test } from "./page.mjs";
import { pushes } from "./pushes.mjs";

const theirs = createRequire(import.meta.url)("@livechat/customer-sdk");

test("the exports have the same names", () => {
  expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
});

test("the tables have the same words, and are frozen", () => {
  const tables = Object.entries(theirs).filter(([, value]) => typeof value === "object");
  expect(tables).toHaveLength(7);
  for (const [name, table] of tables) {
    expect(Object.entries(ours[name]), name).toEqual(Object.entries(table));
    expect(Object.isFrozen(ours[name]), name).toBe(true);
  }
});

test("an instance has the same members, and so has one that is debugged", async ({ both, page }) => {
  await both.start();
  const members = await page.evaluate(() => {
    const kinds = (sdk) =>
      Object.fromEntries(
        Object.entries(sdk)
          .map(([name, member]) => [name, typeof member])
          .sort(),
      );
    const { vendor, ours } = both.sdks;
    return {
      vendor: kinds(vendor),
      ours: kinds(ours),
      debugged: kinds(both.debug(ours)),
      auth: [Object.keys(vendor.auth).sort(), Object.keys(ours.auth).sort()],
      frozen: [Object.isFrozen(ours), Object.isFrozen(both.debug(ours))],
    };
  });
  expect(Object.keys(members.vendor)).toHaveLength(37);
  expect(members.ours).toEqual(members.vendor);
  expect(members.debugged).toEqual(members.vendor);
  expect(members.auth[1]).toEqual(members.auth[0]);
  expect(members.frozen).toEqual([true, true]);
});

test("listeners are added, called and removed alike", async ({ both, page }) => {
  await both.start();
  const push = pushes["a greeting, accepted"];
  const logs = await page.evaluate(async (push) => {
    const logs = {};
    for (const [kind, sdk] of Object.entries(both.sdks)) {
      const log = (logs[kind] = []);
      const mark = (name) => (payload, second) =>
        log.push([name, payload?.uniqueId ?? payload, second?.uniqueId ?? null]);
      const [twice, all, gone] = [mark("twice"), mark("all"), mark("gone")];
      const late = mark("late");
      sdk.off();
      log.push(sdk.on("*", all) ?? null, sdk.once("*", mark("once all")) ?? null);
      sdk.on("greeting_accepted", twice);
      sdk.on("greeting_accepted", twice);
      sdk.on("greeting_accepted", gone);
      sdk.once("greeting_accepted", () => sdk.on("greeting_accepted", late));
      log.push(sdk.off("greeting_accepted", gone) ?? null);
      await both.push(push);
      sdk.off("greeting_accepted", twice);
      sdk.off("greeting_accepted", () => {});
      await both.push(push);
      sdk.off("greeting_accepted");
      await both.push(push);
      sdk.off("*");
      await both.push(push);
      sdk.on("greeting_accepted", twice);
      sdk.off();
      await both.push(push);
      log.splice(0, 0, log.length);
    }
    return logs;
  }, push);
  expect(logs.vendor[0]).toBeGreaterThan(10);
  expect(logs.ours).toEqual(logs.vendor);
});

test("a debugged instance says what it is asked, answers and tells", async ({ both, page }) => {
  await both.start();
  const lines = [];
  page.on("console", (message) => lines.push(message.text()));
  const heard = await page.evaluate(async (push) => {
    const heard = [];
    const sdk = both.debug(both.sdks.ours);
    const listener = ({ uniqueId }) => heard.push(uniqueId);
    sdk.on("greeting_accepted", listener);
    await both.push(push);
    sdk.off("greeting_accepted", listener);
    await both.push(push);
    await sdk.getPredictedAgent({ groupId: 2 });
    await sdk.listChats({ limit: 26 }).catch(() => {});
    await sdk.auth.hasToken();
    await sdk
      .getChatHistory({ chatId: "none" })
      .next()
      .catch(() => {});
    return heard;
  }, pushes["a greeting, accepted"]);
  expect(heard).toEqual(["T2"]);
  const said = lines.join("\n");
  for (const part of [
    '.on("greeting_accepted") <===',
    ".getPredictedAgent() ===> {groupId: 2}",
    ".getPredictedAgent() <===",
    ".listChats() <=== ChatError",
    ".auth.hasToken() <=== true",
    "history.next() <===",
  ]) {
    expect(said).toContain(part);
  }
});
