// The same faults, at the same moments, for LiveChat's own SDK and for Palaver, each with an application that does no
// more than listen and send: what each loses, says twice, and leaves without an answer.

import { expect, test } from "@playwright/test";
import { faults } from "./faults.mjs";
import { CLEAN, isClean, sum } from "./judge.mjs";
import { dice, isFull, makeRig, report, seed, sleep } from "./rig.mjs";

const KINDS = isFull ? Object.keys(faults) : ["cut (RST)", "cut, reply lost", "half-open", "server restart"];
const ROUNDS = isFull ? 3 : 1;
const MESSAGES = 10;
const GAP_MS = 60;
const AT_ONCE = 8;
const MENDED_MS = 90_000;
// The vendor's requests are given up after 20 s: who has been silent for longer has no more to say.
const SILENT_MS = isFull ? 45_000 : 25_000;

/** Waits until nothing is wrong, or nothing has changed for long. */
async function settled(rig) {
  let last;
  let since = Date.now();
  return rig.settled((verdict) => {
    const words = JSON.stringify(verdict);
    if (words !== last) [last, since] = [words, Date.now()];
    return isClean(verdict) || Date.now() - since > SILENT_MS;
  }, MENDED_MS);
}

async function suffer(browser, sdk, kind) {
  const rig = await makeRig(await browser.newContext(), { sdk });
  // The same for both.
  rig.dice = dice(seed);
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const traffic = rig.exchange(MESSAGES, GAP_MS);
      await sleep(rig.dice.between(0.2, 0.8) * MESSAGES * GAP_MS);
      await faults[kind](rig);
      await traffic;
      await settled(rig);
    }
    return await rig.verdict();
  } finally {
    await rig.dispose();
  }
}

test("what LiveChat's SDK loses, and Palaver does not", async ({ browser }) => {
  test.setTimeout(KINDS.length * ROUNDS * MENDED_MS);
  const rows = KINDS.map((kind) => ({ kind }));
  const jobs = rows.flatMap((row) => ["vendor", "palaver"].map((sdk) => [row, sdk]));
  const work = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      const [row, sdk] = job;
      row[sdk] = await suffer(browser, sdk, row.kind);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  const total = (sdk) => sum(rows.map((row) => row[sdk]));
  report(15, "vendor", { each: MESSAGES * ROUNDS, vendor: total("vendor"), palaver: total("palaver"), rows });
  for (const { kind, palaver } of rows) expect(palaver, `${kind} (PALAVER_SEED=${seed})`).toEqual(CLEAN);
  // Faults that hurt nobody would prove nothing.
  expect(isClean(total("vendor"))).toBe(false);
});
