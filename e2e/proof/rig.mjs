// A stand-in, a proxy that spoils what passes, and a page with one of the two SDKs: for the proofs.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProxy } from "../support/proxy.mjs";
import { root, startStandin, until } from "../support/standin.mjs";
import { serveStatic } from "../support/static.mjs";
import { redirectPlatform, vendorScript } from "../support/vendor.mjs";
import { historyOf, judge } from "./judge.mjs";

/** Whether the proofs run at the length that docs/reliability.md tells of; `npm test` runs short ones. */
export const isFull = process.env.PALAVER_PROOF === "full";

const ICON = '<!doctype html><meta charset="utf-8"><title>Proof</title><link rel="icon" href="data:,">';
const MODULE =
  '<script type="module">import * as proof from "/proof/page.js"; globalThis.proof = proof;</script>';
const VENDOR = `<script>${redirectPlatform('new URLSearchParams(location.search).get("api")')}</script>
<script src="/customer-sdk.min.js"></script>`;

/** The pages: `/` has Palaver, `/vendor` LiveChat's SDK, `/blank` nothing. */
export const servePages = () =>
  serveStatic({
    "/": { text: ICON + MODULE, type: ".html" },
    "/vendor": { text: ICON + VENDOR + MODULE, type: ".html" },
    "/blank": { text: ICON, type: ".html" },
    "/customer-sdk.min.js": vendorScript,
    "/script.js": join(root, "tests/browser/page.js"),
    "/proof/": fileURLToPath(new URL(".", import.meta.url)),
    "/palaver/": join(root, "pkg/"),
  });

/** A page's numbers, from a seed (mulberry32): the same script again with the same seed. */
export function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** Whether something of this probability happens. */
    chance: (probability) => next() < probability,
    between: (low, high) => low + next() * (high - low),
    one: (list) => list[Math.floor(next() * list.length)],
    shuffled: (list) => list.map((item) => [next(), item]).sort(([a], [b]) => a - b).map(([, item]) => item),
  };
}

export const seed = Number(process.env.PALAVER_SEED ?? 1);

/** `$PALAVER_SEED` replays a run. One line that `npm run proof` collects. */
export const report = (id, name, figures) => console.log(`proof ${JSON.stringify({ id, name, seed, ...figures })}`);

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Everything for one visitor. `context`: a browser context of its own. */
export async function makeRig(context, { sdk = "palaver", config = {} } = {}) {
  const standin = await startStandin();
  const proxy = await startProxy(standin);
  const site = await servePages();
  const rig = new Rig(context, standin, proxy, site, sdk, config);
  await rig.open();
  await rig.page.evaluate(() => proof.openChat());
  return rig;
}

class Rig {
  /** Messages that each side has sent so far. */
  sent = 0;
  #turn = Promise.resolve();

  constructor(context, standin, proxy, site, sdk, config) {
    Object.assign(this, { context, standin, proxy, site, sdk, config });
  }

  /** Opens the page, and waits until it is connected. */
  async open() {
    this.page = await this.context.newPage();
    const path = this.sdk === "vendor" ? "/vendor" : "/";
    await this.page.goto(`${this.site.origin}${path}?sdk=${this.sdk}&api=${encodeURIComponent(this.proxy.origin)}`);
    await this.begin();
  }

  /** Makes the api in a page that has just been loaded, and waits until it is connected. */
  async begin() {
    await this.page.waitForFunction(() => globalThis.proof);
    await this.page.evaluate((config) => proof.begin(config), this.config);
  }

  async dispose() {
    await this.context.close();
    await this.site.close();
    await this.proxy.close();
    await this.standin.dispose();
  }

  /** What the agent does and what is done to the server happen one after the other. */
  atServer(work) {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  agent(name, body) {
    return this.atServer(() => this.standin.control(name, body));
  }

  /** `count` messages each way, so many milliseconds apart. */
  async exchange(count, gapMs) {
    const first = this.sent + 1;
    this.sent += count;
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    const own = this.page.evaluate(([texts, gapMs]) => proof.sendAll(texts, gapMs), [
      numbers.map((number) => `customer ${number}`),
      gapMs,
    ]);
    for (const number of numbers) {
      await this.agent("message", { text: `agent ${number}` });
      await sleep(gapMs);
    }
    await own;
  }

  async history() {
    return historyOf(await this.standin.look("state"));
  }

  record() {
    return this.page.evaluate(() => proof.look());
  }

  async verdict() {
    const record = await this.record();
    return judge(await this.history(), record);
  }

  /** Waits until nothing can be said against the page any more, or so long. */
  async settled(isDone, timeout) {
    await until(async () => isDone(await this.verdict()), { timeout }).catch(() => {});
    return this.verdict();
  }
}
