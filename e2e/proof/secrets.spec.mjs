// Tokens and what is personal appear in no log, no error and no warning, in `debug` neither.

import { expect, test } from "@playwright/test";
import { servePages } from "./rig.mjs";

test("nobody's secrets are written anywhere", async ({ page }) => {
  const site = await servePages();
  try {
    await page.goto(`${site.origin}/blank`);
    const mark = "canary4711";
    const { written, sent } = await page.evaluate(async (mark) => (await import("/proof/secrets.js")).talk(mark), mark);
    for (const part of ["token", "name", "text", "field", "sneak"]) expect(sent, `the server got the ${part}`).toContain(`${mark}-${part}`);
    expect(written.some((line) => line.startsWith("send login")), "the connection is traced").toBe(true);
    expect(written.length).toBeGreaterThan(20);
    expect(written.filter((line) => line?.includes(mark))).toEqual([]);
  } finally {
    await site.close();
  }
});
