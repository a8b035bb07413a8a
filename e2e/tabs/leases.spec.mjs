// Tabs of a page that has no Web Locks, as on plain http: each message goes out once, from one of them.

import { expect, isConnected, served, test } from "./visit.mjs";

const hideLocks = () => Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
const outbox = (page) => page.evaluate(() => api.outbox().length);

/** A tab whose chat is open and whose server is gone, with some messages that wait. */
async function waitingTab(open, standin, texts) {
  const page = await open(hideLocks);
  await page.evaluate(() => proof.begin());
  await page.evaluate(() => proof.openChat());
  await standin.stop();
  await page.evaluate((texts) => texts.forEach((text) => void proof.send(text)), texts);
  expect(await outbox(page)).toBe(texts.length);
  return page;
}
const texts = async (standin) => {
  const [chat] = Object.values((await standin.look("state")).chats);
  return chat.threads.flatMap(({ events }) => events.map(({ text }) => text).filter(Boolean));
};
const FOUR = ["one", "two", "three", "four"];

test("a duplicated tab sends nothing of what its original has", async ({ open, standin }) => {
  const page = await waitingTab(open, standin, FOUR);
  await page.evaluate(() => sessionStorage.setItem("copied", "yes"));
  const [copy] = await Promise.all([
    page.context().waitForEvent("page"),
    // A window that a page opens starts with a copy of its sessionStorage, as a duplicated tab does.
    page.evaluate(() => void window.open(location.href)),
  ]);
  await copy.addInitScript(hideLocks);
  await copy.reload();
  await copy.waitForFunction(() => globalThis.proof);
  expect(await copy.evaluate(() => sessionStorage.getItem("copied"))).toBe("yes");
  await copy.evaluate(() => void proof.begin());
  await copy.waitForFunction(() => globalThis.api);
  // It has had the time to claim.
  await copy.waitForTimeout(2_000);
  expect(await outbox(copy)).toBe(0);
  await standin.start();
  await Promise.all([page, copy].map(isConnected));
  await expect.poll(() => outbox(page), { timeout: 30_000 }).toBe(0);
  // What is in doubt is sent after 15 s.
  await page.waitForTimeout(20_000);
  expect(await texts(standin)).toEqual(FOUR);
  expect(await outbox(copy)).toBe(0);
  expect(await served(standin)).toHaveLength(4);
});

test("a closed tab's messages are sent by another one within a minute", async ({ open, standin }) => {
  const other = await open(hideLocks);
  await other.evaluate(() => proof.begin());
  await isConnected(other);
  const page = await waitingTab(open, standin, FOUR);
  await page.close({ runBeforeUnload: true });
  await standin.start();
  await isConnected(other);
  await expect.poll(() => texts(standin), { timeout: 60_000 }).toEqual(FOUR);
  await other.waitForTimeout(5_000);
  expect(await texts(standin)).toEqual(FOUR);
});
