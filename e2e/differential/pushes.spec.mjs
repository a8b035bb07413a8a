// Every event that LiveChat's SDK makes of a push comes out of ours under the same name, with at least the same fields
// and the same values.

import { missingEvents } from "./compare.mjs";
import { expect, test } from "./page.mjs";
import { documented, pushes, SILENT } from "./pushes.mjs";

/** Plays all of them to both; what ours lacks, by push. */
async function play(both, script) {
  const lacking = {};
  for (const [name, push] of Object.entries(script)) {
    const { vendor, ours } = await both.push(push);
    // A comparison with nothing would hold always.
    const isSilent = SILENT.includes(push.action);
    expect(vendor.length > 0, `${name} is told by LiveChat's SDK`).toBe(!isSilent);
    if (isSilent) continue;
    const differences = missingEvents(vendor, ours);
    if (differences.length > 0) lacking[name] = differences;
  }
  return lacking;
}

test("each push of the platform", async ({ both }) => {
  await both.start();
  expect(await play(both, pushes)).toEqual({});
});

test("each push of the platform's documentation", async ({ both }) => {
  await both.start();
  expect(await play(both, documented)).toEqual({});
});
