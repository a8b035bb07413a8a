// Proof 9: the tabs of one visitor share a connection, and the one that holds it is killed again and again while
// messages go both ways. All that live show the same, and another takes over at once.

import { writeFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { until } from "../support/standin.mjs";
import { dice, isFull, makeRig, report, seed, sleep } from "./rig.mjs";

const TABS = isFull ? 5 : 3;
const KILLS = isFull ? 50 : 5;
const GAP_MS = 80;
const TAKEOVER_MS = 1_000;
// An heir waits until what the dead one sent cannot land any more (reference §8.4).
const SETTLED_MS = 60_000;

const ids = (record) => [...record.told.map(({ id }) => id), ...record.delivered];

/** The tabs, each with the length of the history when it was connected: what follows it must know. */
class Tabs {
  living = [];

  constructor(rig) {
    this.rig = rig;
  }

  async open() {
    await this.rig.open();
    const { page } = this.rig;
    await page.evaluate(() => proof.openChat());
    this.living.push({ page, born: (await this.rig.history()).length });
  }

  /** The one with the socket; waits until there is exactly one. */
  async leader() {
    let leaders;
    await until(
      async () => {
        const has = await Promise.all(this.living.map(({ page }) => page.evaluate(() => proof.hasSocket())));
        leaders = this.living.filter((_, index) => has[index]);
        return leaders.length === 1;
      },
      { timeout: 10_000, what: "one tab with a socket" },
    );
    return leaders[0];
  }

  records() {
    return Promise.all(this.living.map(({ page }) => page.evaluate(() => proof.look())));
  }

  /** Ends a tab; resolves with the moment before. */
  async kill(tab, how) {
    this.living = this.living.filter((other) => other !== tab);
    if (how === "close") {
      const at = Date.now();
      await tab.page.close();
      return at;
    }
    const cdp = await this.rig.context.newCDPSession(tab.page);
    const crashed = tab.page.waitForEvent("crash");
    const at = Date.now();
    cdp.send("Page.crash").catch(() => {});
    await crashed;
    return at;
  }

  /** How long after `at` the first of the others was connected again. */
  async takeover(at) {
    const back = async () => {
      const states = (await this.records()).flatMap((record) => record.states);
      return states.filter(([state, when]) => state === "connected" && when >= at).map(([, when]) => when);
    };
    await until(async () => (await back()).length > 0, { timeout: 15_000, what: "a tab that takes over" });
    return Math.min(...(await back())) - at;
  }
}

/** Lost, doubled and misordered in one tab's view. */
function viewed(record, history, born) {
  const place = new Map(history.map(({ id }, index) => [id, index]));
  const shown = ids(record);
  const known = new Set(shown);
  const told = record.told.map(({ id }) => place.get(id));
  return {
    lost: history.slice(born).filter(({ id }) => !known.has(id)).length,
    doubled: shown.length - known.size,
    misordered: told.filter((at, index) => index > 0 && at < told[index - 1]).length,
  };
}

test(`${TABS} tabs, ${KILLS} times the one with the connection is killed`, async ({ browser, browserName }, testInfo) => {
  test.setTimeout(KILLS * 20_000 + 4 * SETTLED_MS);
  const random = dice(seed);
  const rig = await makeRig(await browser.newContext());
  const tabs = new Tabs(rig);
  tabs.living.push({ page: rig.page, born: 0 });
  while (tabs.living.length < TABS) await tabs.open();

  let isTalking = true;
  let sent = 0;
  const called = [];
  const talk = async () => {
    for (; isTalking; sent += 1) {
      const { page } = random.one(tabs.living);
      const text = `customer ${sent}`;
      // A tab that dies in this moment has called, or not: only what it says counts.
      page.evaluate((text) => void proof.send(text), text).then(
        () => called.push(text),
        () => {},
      );
      await rig.agent("message", { text: `agent ${sent}` });
      await sleep(GAP_MS);
    }
  };
  const talking = talk();

  const takeovers = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    await sleep(random.between(200, 800));
    // Firefox has no way to be told that a page crashes.
    const at = await tabs.kill(await tabs.leader(), kill % 2 && browserName === "chromium" ? "crash" : "close");
    takeovers.push(await tabs.takeover(at));
    await tabs.open();
  }
  isTalking = false;
  await talking;

  // Whatever the dead left is delivered by an heir.
  const outboxes = () => Promise.all(tabs.living.map(({ page }) => page.evaluate(() => proof.outbox())));
  await until(async () => (await outboxes()).flat().length === 0, { timeout: SETTLED_MS, what: "an empty outbox" });
  const views = async () => {
    const history = await rig.history();
    return (await tabs.records()).map((record, index) => viewed(record, history, tabs.living[index].born));
  };
  const isSame = ({ lost, doubled, misordered }) => lost + doubled + misordered === 0;
  await until(async () => (await views()).every(isSame), { timeout: 20_000 }).catch(() => {});

  const history = await rig.history();
  const own = history.filter(({ isOwn }) => isOwn).map(({ text }) => text);
  const sorted = takeovers.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)];
  const total = (name, all) => all.reduce((sum, view) => sum + view[name], 0);
  const all = await views();
  const missing = called.filter((text) => !own.includes(text));
  report(9, "tabs", {
    tabs: TABS,
    kills: KILLS,
    messages: sent,
    lost: total("lost", all) + missing.length,
    doubled: total("doubled", all) + own.length - new Set(own).size,
    misordered: total("misordered", all),
    takeoverMs: { p50: at(0.5), p90: at(0.9), max: at(1) },
  });
  if (!all.every(isSame)) {
    const both = { history, records: await tabs.records(), views: all };
    writeFileSync(testInfo.outputPath("records-and-history.json"), JSON.stringify(both, null, 1));
  }
  expect(all.filter((view) => !isSame(view))).toEqual([]);
  expect(own).toEqual([...new Set(own)]);
  expect(missing).toEqual([]);
  const { connections } = await rig.standin.look("state");
  expect(Object.keys(connections)).toHaveLength(1);
  for (const { errors } of await tabs.records()) expect(errors).toEqual([]);
  // A time is a proof on a machine that does nothing else, and not in a test.
  if (isFull) expect(at(1)).toBeLessThanOrEqual(TAKEOVER_MS);
  await rig.dispose();
});
