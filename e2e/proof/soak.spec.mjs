// Proof 10, the browser's part: connections lost and messages both ways for as long as one likes, and nothing grows.

import { expect, test } from "@playwright/test";
import { exposeMemory } from "../support/memory.mjs";
import { until } from "../support/standin.mjs";
import { isFull, makeRig, report } from "./rig.mjs";

const MINUTES = isFull ? 10 : 0.4;
const SAMPLES = isFull ? 60 : 12;
// What is loaded, compiled and cached on the way to a steady state.
const WARM_UP = SAMPLES / 3;
const MESSAGES = 5;
const CYCLES_PER_THREAD = 20;
/** More events than the core compares with what a later read shows; in so many threads. */
const FILLING = { threads: 6, messages: 100 };
/** What the engine's own bookkeeping moves up and down by. */
const HEAP_NOISE = 128 * 1024;
/** Memory of wasm grows by pages. In seconds the highest mark may be passed once more, by chance; not in minutes. */
const WASM_NOISE = isFull ? 0 : 64 * 1024;

/** One outage with messages around it; all that was said is heard, and forgotten by the page. */
async function cycle(rig) {
  const traffic = rig.exchange(MESSAGES, 10);
  rig.proxy.cut("rst");
  await rig.page.evaluate(() => proof.networkChanged());
  await traffic;
  const isHeard = () => rig.page.evaluate((count) => proof.heard() === 2 * count, MESSAGES);
  await until(isHeard, { timeout: 30_000, what: "what was said" });
  await rig.page.evaluate(() => proof.forget());
}

/** As much as a core remembers at most, so that what grows later is no memory that fills. */
async function fill(rig) {
  const { threads, messages } = FILLING;
  for (let thread = 0; thread < threads; thread += 1) {
    await rig.exchange(messages, 0);
    await until(() => rig.page.evaluate((count) => proof.heard() === 2 * count, messages), { what: "what was said" });
    await rig.page.evaluate(() => proof.forget());
    await rig.agent("close");
  }
}

async function measure(rig, cdp) {
  // What storage has under way ends first, and a browser lets go of it in a later task.
  for (let i = 0; i < 3; i += 1) {
    await rig.page.waitForTimeout(100);
    await cdp.send("HeapProfiler.collectGarbage");
  }
  const { metrics } = await cdp.send("Performance.getMetrics");
  const metric = (name) => metrics.find((one) => one.name === name).value;
  return {
    heap: metric("JSHeapUsedSize"),
    listeners: metric("JSEventListeners"),
    nodes: metric("Nodes"),
    wasm: await rig.page.evaluate(() => wasmMemory.buffer.byteLength),
    sockets: rig.proxy.links.size,
  };
}

test("outages and messages for a while: nothing grows", { tag: "@chromium" }, async ({ browser }) => {
  test.setTimeout(MINUTES * 60_000 + 60_000);
  const context = await browser.newContext();
  await exposeMemory(context);
  const rig = await makeRig(context);
  const cdp = await context.newCDPSession(rig.page);
  await cdp.send("Performance.enable");

  await fill(rig);
  const samples = [];
  let cycles = 0;
  const start = Date.now();
  for (let sample = 1; sample <= SAMPLES; sample += 1) {
    while (Date.now() - start < (sample * MINUTES * 60_000) / SAMPLES) {
      await cycle(rig);
      cycles += 1;
      // Threads are read whole: a chat of one endless thread would grow by itself.
      if (cycles % CYCLES_PER_THREAD === 0) await rig.agent("close");
    }
    samples.push(await measure(rig, cdp));
  }

  const [, ...steady] = samples.slice(WARM_UP - 1);
  const first = steady[0];
  const last = steady.at(-1);
  const growth = (name) => last[name] - first[name];
  const { errors, mostSockets } = await rig.record();
  report(10, "soak", {
    minutes: MINUTES,
    cycles,
    messages: cycles * MESSAGES * 2,
    wasmBytes: last.wasm,
    // Whether it levels off can be seen from its half.
    heapBytes: [first, steady[steady.length >> 1], last].map(({ heap }) => heap),
    growth: Object.fromEntries(Object.keys(last).map((name) => [name, growth(name)])),
  });
  for (const name of ["listeners", "nodes", "sockets"]) expect(growth(name), name).toBeLessThanOrEqual(0);
  expect(growth("wasm"), "wasm").toBeLessThanOrEqual(WASM_NOISE);
  expect(growth("heap"), "heap").toBeLessThanOrEqual(HEAP_NOISE);
  expect(mostSockets).toBe(1);
  expect(errors).toEqual([]);
  await rig.dispose();
});
