// Proof 2: the package as it is published, in a browser, behind a proxy that spoils what passes. What the page was told
// and what it sent is the server's history, each message once, in order.

import { writeFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { faults } from "./faults.mjs";
import { CLEAN, isClean } from "./judge.mjs";
import { dice, isFull, makeRig, report, seed, sleep } from "./rig.mjs";

const STRIKES = isFull ? 50 : 8;
const MESSAGES = isFull ? 1_000 : 104;
const GAP_MS = 40;
/** How often the browser says that the network has changed, which brings the page back at once. */
const HINTED = isFull ? 0.5 : 0.8;
// What may pass until a fault is found, mended and caught up with.
const MENDED_MS = 90_000;

/** Every kind once before any comes twice. */
function chosen(random) {
  const kinds = [];
  while (kinds.length < STRIKES) kinds.push(...random.shuffled(Object.keys(faults)));
  return kinds.slice(0, STRIKES);
}

test(`${MESSAGES} messages each way, ${STRIKES} faults: nothing is lost, doubled or out of order`, async ({
  browser,
  browserName,
}, testInfo) => {
  test.setTimeout(STRIKES * MENDED_MS);
  const random = dice(seed);
  const rig = await makeRig(await browser.newContext());
  rig.dice = random;
  const each = MESSAGES / STRIKES;
  const start = Date.now();
  for (const kind of chosen(random)) {
    const traffic = rig.exchange(each, GAP_MS);
    await sleep(random.between(0, each * GAP_MS));
    await faults[kind](rig);
    if (random.chance(HINTED)) await rig.page.evaluate(() => proof.networkChanged());
    await traffic;
    const verdict = await rig.settled(isClean, MENDED_MS);
    if (!isClean(verdict)) {
      const both = { record: await rig.record(), history: await rig.history() };
      writeFileSync(testInfo.outputPath("record-and-history.json"), JSON.stringify(both, null, 1));
    }
    expect(verdict, `after ${kind} (PALAVER_SEED=${seed})`).toEqual(CLEAN);
  }
  // What comes too often may come late.
  await sleep(1_000);
  const verdict = await rig.verdict();
  const { errors, mostSockets } = await rig.record();
  const seconds = Math.round((Date.now() - start) / 1000);
  report(2, browserName, { messages: MESSAGES, faults: STRIKES, ...verdict, seconds });
  expect(verdict).toEqual(CLEAN);
  expect(errors).toEqual([]);
  expect(mostSockets).toBe(1);
  await rig.dispose();
});
