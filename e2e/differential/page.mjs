// The page with both SDKs, for the tests in Node.

import { expect, test as base } from "@playwright/test";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { root } from "../support/standin.mjs";
import { serveStatic } from "../support/static.mjs";
import { vendorScript } from "../support/vendor.mjs";

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>Both SDKs</title>
<script src="/customer-sdk.min.js"></script>
<script type="module">import * as both from "/differential/page.js"; globalThis.both = both;</script>`;

export const test = base.extend({
  /** Whether uncaught errors are part of the test. */
  isLoud: [false, { option: true }],

  /** `both.push(…)` calls what `page.js` exports under that name, in the page. */
  both: async ({ page, isLoud }, use) => {
    const site = await serveStatic({
      "/": { text: PAGE, type: ".html" },
      "/customer-sdk.min.js": vendorScript,
      "/differential/": fileURLToPath(new URL(".", import.meta.url)),
      "/palaver/": join(root, "pkg/"),
    });
    await page.goto(site.origin);
    await page.waitForFunction(() => globalThis.both);
    await use(
      new Proxy(
        {},
        {
          get: (_, name) =>
            name === "then"
              ? undefined
              : (argument) => page.evaluate(([name, argument]) => both[name](argument), [name, argument]),
        },
      ),
    );
    if (!isLoud) expect(await page.evaluate(() => both.uncaught())).toEqual([]);
    await site.close();
  },
});
export { expect };
