// Every request method of LiveChat's SDK, called on both with the same arguments: the same frames leave, the same
// answers come back, and the same is told meanwhile.

import { missing, missingEvents } from "./compare.mjs";
import { expect, test } from "./page.mjs";
import { requests } from "./requests.mjs";

test("each request and its refusals", async ({ both }) => {
  await both.start();
  const lacking = {};
  for (const [name, request] of Object.entries(requests)) {
    const { vendor, ours } = await both.call(request);
    const differences = [
      ...missing(vendor.frames, ours.frames, "sent"),
      ...missing(ours.frames, vendor.frames, "sent by ours only"),
      ...missing({ code: vendor.error?.code, result: vendor.result }, { code: ours.error?.code, result: ours.result }),
      ...missingEvents(vendor.events, ours.events),
    ];
    if (ours.error && !vendor.error) differences.push(`ours is refused: ${ours.error.code} ${ours.error.message}`);
    if (differences.length > 0) lacking[name] = differences;
  }
  expect(lacking).toEqual({});
});
