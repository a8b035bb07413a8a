// One visitor's tabs with a stand-in: every page has the api of the proofs' page (e2e/proof/page.js).

import { test as base, expect } from "@playwright/test";

import { servePages } from "../proof/rig.mjs";
import { until, withStandin } from "../support/standin.mjs";

export { expect, until };

const CONNECTED = { timeout: 30_000 };

export const test = withStandin(base).extend({
  site: [
    async ({}, use) => {
      const site = await servePages();
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],
  /** Opens a tab, runs `before` in it before anything else, and waits for its module. */
  open: async ({ context, site, standin }, use) => {
    await use(async (before) => {
      const page = await context.newPage();
      if (before) await page.addInitScript(before);
      await page.goto(`${site.origin}/?sdk=palaver&api=${encodeURIComponent(standin.origin)}`);
      await page.waitForFunction(() => globalThis.proof);
      return page;
    });
  },
  /** Opens a tab and its chat; it is connected. */
  visit: async ({ open }, use) => {
    await use(async (config = {}) => {
      const page = await open();
      await page.evaluate((config) => proof.begin(config), config);
      await page.evaluate(() => proof.openChat());
      return page;
    });
  },
  /** The sockets that the server has. */
  connections: async ({ standin }, use) => {
    await use(async () => (await standin.look("state")).connections.length);
  },
});

export const isConnected = (page) => expect.poll(() => page.evaluate(() => api.state), CONNECTED).toBe("connected");
export const hasSocket = (page) => page.evaluate(() => proof.hasSocket());

/** The pages with a socket. */
export async function leaders(pages) {
  const all = await Promise.all(pages.map(hasSocket));
  return pages.filter((_, index) => all[index]);
}

/** Ids of the messages that a page knows: told, and its own in their places, as the server's order has them. */
export const known = (page) =>
  page.evaluate(() => {
    const { told, delivered } = proof.look();
    return { told: told.map(({ id }) => id), all: [...new Set([...told.map(({ id }) => id), ...delivered])] };
  });

/** The messages of the server's only chat, oldest first: ids. */
export async function served(standin) {
  const [chat] = Object.values((await standin.look("state")).chats);
  return chat.threads.flatMap(({ events }) => events.filter(({ type }) => type === "message").map(({ id }) => id));
}

/** Waits until nothing is under way and each page knows all that the server has, once and in its order. */
export async function agree(pages, standin) {
  const waiting = async () =>
    (await Promise.all(pages.map((page) => page.evaluate(() => proof.outbox().length)))).join();
  await expect.poll(waiting, CONNECTED).toBe(pages.map(() => 0).join());
  const order = await served(standin);
  for (const page of pages) {
    await expect.poll(async () => (await known(page)).all.toSorted(), CONNECTED).toEqual(order.toSorted());
    const { told } = await known(page);
    expect(told).toEqual(order.filter((id) => told.includes(id)));
  }
}
