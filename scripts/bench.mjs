// `npm run bench`: Palaver beside the vendor's SDK, in one Chromium, taking turns. What counts is the ratio: absolute
// times belong to the machine. Nothing here fails for being slow; budgets that are passed are named.
//
//   npm run bench -- --only receive,connect,memory     some of it
//   npm run bench -- --rounds 15

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exposeMemory } from "../e2e/support/memory.mjs";
import { startStandin } from "../e2e/support/standin.mjs";
import { serveStatic } from "../e2e/support/static.mjs";
import { redirectPlatform } from "../e2e/support/vendor.mjs";
import { build } from "./build.mjs";
import { chromiumArgs, chromiumPath } from "./lib/browser.mjs";
import { pkgDir, root } from "./lib/paths.mjs";
import { needBrowser, needBuildTools } from "./lib/prerequisites.mjs";
import { buildStandin } from "./lib/standin.mjs";
import { bold, dim, Failure, green, main, red, say, table } from "./lib/steps.mjs";

const FRAMES = 20_000;
const budgets = JSON.parse(readFileSync(join(root, "budgets.json"), "utf8")).bench;

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const chosen = argument("--only", "receive,connect,memory").split(",");

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const spread = (values) => `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;

function judge(label, value, budget, unit = "") {
  const words = `${label}: ${value.toFixed(2)}${unit} (budget ${budget}${unit})`;
  say(value <= budget ? green(`✓ ${words}`) : red(`✗ OVER THE BUDGET ${words}`));
}

/** The vendor's published ES module with its dependencies, as an application's bundler would ship it. */
async function vendorBundle() {
  const { build: esbuild } = await import("esbuild");
  const { outputFiles } = await esbuild({
    stdin: { contents: 'export { init } from "@livechat/customer-sdk";', resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

async function receivePath(browser, site) {
  const rounds = Number(argument("--rounds", 9));
  say(bold(`receive path: ${rounds} rounds of ${FRAMES.toLocaleString("en-US")} pushes each, one listener`));
  const page = await browser.newPage();
  await page.goto(`${site.origin}/`);
  const subjects = {
    "vendor, incoming_event": ["vendor", "incoming_event"],
    "palaver, incoming_event": ["palaver", "incoming_event"],
    "palaver, new_event": ["palaver", "new_event"],
    "drop-in, incoming_event": ["drop-in", "incoming_event"],
  };
  const call = (method, ...args) =>
    page.evaluate(async ([method, args]) => (await import("/bench/receive.js"))[method](...args), [method, args]);

  for (const [name, [sdk, event]] of Object.entries(subjects)) await call("start", name, sdk, event);
  // The engine optimizes what runs often; everybody gets the same chance before the clock starts.
  for (const name of Object.keys(subjects)) await call("round", name, FRAMES / 2);
  const results = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let i = 0; i < rounds; i += 1) {
    const order = Object.keys(subjects);
    for (const name of i % 2 ? order.reverse() : order) results[name].push(await call("round", name, FRAMES));
  }
  const { micros, bytes } = await call("floor", FRAMES);
  await page.close();

  const vendor = median(results["vendor, incoming_event"]);
  say(
    table([
      ["", "µs per frame", "from–to", "ratio"],
      ...Object.entries(results).map(([name, values]) => [name, median(values).toFixed(2), spread(values), (median(values) / vendor).toFixed(2)]),
    ]),
  );
  say(dim(`frames of ${bytes} bytes; the delivery itself is ${micros.toFixed(2)} µs of each figure`));
  for (const name of Object.keys(subjects).slice(1)) judge(`receive path, ${name}`, median(results[name]) / vendor, budgets.receivePath);
}

async function importToConnected(browser, site) {
  const rounds = Number(argument("--rounds", 21));
  say(bold(`import → connected: ${rounds} rounds, each a new page and a new visitor, warm HTTP cache`));
  const standin = await startStandin();
  const context = await browser.newContext();
  const visit = async (sdk) => {
    await context.clearCookies();
    const page = await context.newPage();
    try {
      await page.goto(`${site.origin}/?standin=${encodeURIComponent(standin.origin)}`);
      return await page.evaluate(async (sdk) => (await import("/bench/connect.js")).connect(sdk), sdk);
    } finally {
      await page.close();
    }
  };
  try {
    const sdks = ["vendor", "palaver", "drop-in"];
    const results = Object.fromEntries(sdks.map((sdk) => [sdk, []]));
    for (const sdk of [...sdks, ...sdks]) await visit(sdk);
    for (let i = 0; i < rounds; i += 1) {
      for (const sdk of i % 2 ? sdks.toReversed() : sdks) results[sdk].push(await visit(sdk));
    }
    const of = (sdk, mark) => results[sdk].map((marks) => marks[mark]);
    const cell = (sdk, mark) => (results[sdk][0][mark] === undefined ? "" : median(of(sdk, mark)).toFixed(1));
    const ratio = (sdk) => median(of(sdk, "connected")) / median(of("vendor", "connected"));
    say(
      table([
        ["ms since the start", "imported", "loaded", "connected", "from–to", "ratio"],
        ...sdks.map((sdk) => [
          sdk,
          ...["imported", "loaded", "connected"].map((mark) => cell(sdk, mark)),
          spread(of(sdk, "connected")),
          ratio(sdk).toFixed(2),
        ]),
      ]),
    );
    for (const sdk of sdks.slice(1)) judge(`import → connected, ${sdk}`, ratio(sdk), budgets.importToConnected);
  } finally {
    await context.close();
    await standin.dispose();
  }
}

async function memory(browser, site) {
  const events = 100_000;
  say(bold(`memory after ${events.toLocaleString("en-US")} events that the page does not keep`));
  const MB = (bytes) => bytes / 2 ** 20;
  const measured = {};
  for (const sdk of ["vendor", "palaver"]) {
    const page = await browser.newPage();
    await exposeMemory(page);
    await page.goto(`${site.origin}/`);
    const cdp = await page.context().newCDPSession(page);
    const heap = async () => {
      for (let i = 0; i < 2; i += 1) await cdp.send("HeapProfiler.collectGarbage");
      return (await cdp.send("Runtime.getHeapUsage")).usedSize;
    };
    await page.evaluate(async (sdk) => (await import("/bench/receive.js")).start(sdk, sdk, "incoming_event"), sdk);
    const before = await heap();
    for (let i = 0; i < events / FRAMES; i += 1) {
      await page.evaluate(async ([sdk, count]) => (await import("/bench/receive.js")).round(sdk, count), [sdk, FRAMES]);
    }
    const js = (await heap()) - before;
    const wasm = await page.evaluate(() => globalThis.wasmMemory?.buffer.byteLength ?? 0);
    measured[sdk] = { js, wasm };
    await page.close();
  }
  say(
    table([
      ["MB", "JS heap, more than before", "wasm memory, all"],
      ...Object.entries(measured).map(([sdk, { js, wasm }]) => [sdk, MB(js).toFixed(1), MB(wasm).toFixed(1)]),
    ]),
  );
  judge("memory, JS + wasm", MB(Math.max(measured.palaver.js, 0) + measured.palaver.wasm), budgets.memory100kEventsMB, " MB");
}

const benchmarks = { receive: receivePath, connect: importToConnected, memory };

await main(async () => {
  const unknown = chosen.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0) throw new Failure(`no benchmark ${unknown.join(", ")}; there are: ${Object.keys(benchmarks).join(", ")}`);
  await needBuildTools();
  await needBrowser();
  await build();
  if (chosen.includes("connect")) await buildStandin();

  const shim = redirectPlatform('new URLSearchParams(location.search).get("standin")');
  const site = await serveStatic(
    {
      // Only a page that names a stand-in has its globals changed.
      "/": {
        text: `<!doctype html><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,"><script>if (location.search) ${shim}</script>`,
        type: ".html",
      },
      "/vendor.js": { text: await vendorBundle(), type: ".js" },
      "/bench/": join(root, "bench"),
      "/palaver/": pkgDir,
    },
    { headers: { "cache-control": "max-age=3600" } },
  );
  const { chromium } = await import("@playwright/test");
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArgs });
  try {
    for (const name of chosen) {
      say();
      await benchmarks[name](browser, site);
    }
  } finally {
    await browser.close();
    await site.close();
  }
});
