// Proof 3: the page ends at every step of a send, by a reload or by a crash, with storage that works and storage that
// does not. The next page delivers what was left, once, or shows that it has failed.

import { expect, test } from "@playwright/test";
import { until } from "../support/standin.mjs";
import { isFull, makeRig, report } from "./rig.mjs";

const MICROTASKS = Array.from({ length: 10 }, (_, index) => `microtask ${index + 1}`);
const TEXTS = ["first", "second"];
const AT_ONCE = 6;
// What is in doubt is sent again after 15 s at the earliest (reference §8.4).
const DELIVERED_MS = 60_000;

/** The steps that come also while there is no line, and those that need one. */
const EARLY = ["after the call", ...MICROTASKS, "queued"];
const LATE = [
  ...["sending", "before the frame", "after the frame"],
  ...["before the push", "before the reply", "after the promise"],
];

/** What storage does: a script that runs before the page's. */
const STORAGES = {
  working: () => {},
  refused: () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    };
  },
  full: () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  },
  // Whatever is written comes with company: no records, bad ones, and another customer's.
  corrupt: () => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (row, key) {
      const [scope] = key;
      const with_ = (changes) => ({ ...row, record: { ...row.record, ...changes } });
      [
        null,
        7,
        with_({}),
        with_({ customId: "odd 3", payload: undefined }),
        with_({ customId: "odd 4", payload: { event: { type: [] } }, createdAt: "now" }),
        with_({ customId: "odd 5", payload: "{", createdAt: -1, expiresAt: NaN }),
        with_({ customId: "odd 6", customer: "somebody else" }),
      ].forEach((odd, index) => put.call(this, odd, [scope, `odd ${index}`]));
      return put.call(this, row, key);
    };
  },
};
/** Those that remember nothing: what a crash takes with it is gone, and the page was told beforehand. */
const FORGETFUL = new Set(["refused", "full"]);

const few = ["after the call", "microtask 3", "sending", "after the frame", "before the push", "before the reply"];

/** Each storage, each of `ways` to end, each step; some of them unless all are wanted. */
const casesOf = (ways) => {
  const all = Object.keys(STORAGES).flatMap((storage) =>
    ways.flatMap((how) => [
      ...[...EARLY, ...LATE].map((step) => ({ storage, how, step, isUp: true })),
      ...EARLY.map((step) => ({ storage, how, step, isUp: false })),
    ]),
  );
  const isOfFew = ({ storage, how, step, isUp }) =>
    few.includes(step) && (storage === "working" ? isUp : step === "after the call" && how === ways.at(-1));
  return isFull ? all : all.filter(isOfFew);
};

/** Ends the page, and opens the next one; resolves with the number of messages that the first had begun to send. */
async function end(rig, how, step, texts) {
  const { page, context } = rig;
  const predicate = (message) => message.text().startsWith("died");
  const died = page.waitForEvent("console", { predicate, timeout: 30_000 });
  const cdp = how === "crash" && (await context.newCDPSession(page));
  // The page that dies does not answer.
  page.evaluate(([texts, step, how]) => proof.dieSending(texts, step, how), [texts, step, how]).catch(() => {});
  const count = Number((await died).text().split(" ")[1]);
  if (how === "reload") {
    await page.waitForFunction(() => globalThis.proof && globalThis.api === undefined);
    await rig.begin();
    return count;
  }
  const crashed = page.waitForEvent("crash");
  cdp.send("Page.crash").catch(() => {});
  await crashed;
  await rig.open();
  return count;
}

/** Delivers, or shows failed, each of these once; returns what is wrong. */
async function fate(rig, texts, isForgetful) {
  const count = async () => {
    const history = await rig.history();
    const shown = await rig.page.evaluate(() => proof.outbox());
    return texts.map((text) => ({
      delivered: history.filter((message) => message.text === text).length,
      failed: shown.filter(({ event, status }) => event.text === text && status === "failed").length,
      waiting: shown.filter(({ event, status }) => event.text === text && status !== "failed").length,
    }));
  };
  // Nothing waits any more. A memory that is gone has nothing to wait for.
  const isOver = (fates) =>
    fates.every(({ delivered, failed, waiting }) => !waiting && (isForgetful || delivered + failed > 0));
  await until(async () => isOver(await count()), { timeout: DELIVERED_MS }).catch(() => {});
  return count();
}

async function live({ storage, how, step, isUp }, browser) {
  const context = await browser.newContext();
  await context.addInitScript(STORAGES[storage]);
  const rig = await makeRig(context);
  try {
    // Then a send is known by its promise before anybody else is told of it.
    if (step === "after the promise") await rig.standin.control("response_first", { on: true });
    if (!isUp) {
      rig.proxy.upgrades = "reset";
      rig.proxy.cut("rst");
      await rig.page.waitForFunction(() => api.state !== "connected");
    }
    const reopened = end(rig, how, step, TEXTS);
    if (!isUp) setTimeout(() => (rig.proxy.upgrades = "pass"), 1_000);
    const texts = TEXTS.slice(0, await reopened);
    const fates = await fate(rig, texts, FORGETFUL.has(storage));
    // The next page can send too, behind what was left.
    await rig.page.evaluate(() => proof.openChat().then(() => proof.send("third")));
    const history = await rig.history();
    const { notices, errors } = await rig.record();
    const warned = notices.filter(([name, payload]) => name === "warning" && payload.code === "STORAGE").length;
    return { fates, history: history.map(({ text }) => text), warned, errors };
  } finally {
    await rig.dispose();
  }
}

/** What is wrong with an outcome, in words; nothing if it is as it should be. */
function complaint({ storage }, { fates, history, warned, errors }) {
  const isForgetful = FORGETFUL.has(storage);
  if (fates.some(({ delivered, failed }) => delivered > 1 || delivered + failed > 1)) return "both, or twice";
  if (!isForgetful && fates.some(({ delivered, failed }) => delivered + failed === 0)) return "neither";
  if (history.join() !== [...TEXTS.filter((text) => history.includes(text)), "third"].join()) return "order";
  // Storage that works may be slow to answer on a busy machine, which is told as well.
  if (isForgetful ? warned !== 1 : warned > 1) return `${warned} warnings`;
  return errors.length > 0 ? errors.join() : undefined;
}

test("a page that ends while it sends", async ({ browser, browserName }) => {
  // Firefox has no way to be told that a page crashes.
  const cases = casesOf(browserName === "chromium" ? ["reload", "crash"] : ["reload"]);
  test.setTimeout(cases.length * DELIVERED_MS);
  const figures = { cases: cases.length, delivered: 0, failed: 0, forgotten: 0 };
  const complaints = [];
  const jobs = [...cases];
  const work = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      const broken = (error) => ({ fates: [], history: [], warned: 0, errors: [String(error)] });
      const outcome = await live(job, browser).catch(broken);
      for (const { delivered, failed } of outcome.fates) {
        figures.delivered += delivered;
        figures.failed += failed;
        figures.forgotten += delivered + failed === 0 ? 1 : 0;
      }
      const wrong = complaint(job, outcome);
      if (wrong) complaints.push({ ...job, wrong, ...outcome });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  report(3, "crash", { ...figures, wrong: complaints.length });
  expect(complaints).toEqual([]);
});
