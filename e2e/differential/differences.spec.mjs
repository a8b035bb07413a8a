// The deliberate differences: each is shown, and the migration guide names the same ones.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/standin.mjs";
import { DIFFERENCES } from "./differences.mjs";
import { expect, test } from "./page.mjs";

for (const { what, prove, isLoud = false } of DIFFERENCES) {
  test.describe(() => {
    test.use({ isLoud });
    test(what, ({ both, page }) => prove({ both, page }));
  });
}

test("the migration guide has the same table", () => {
  const guide = readFileSync(join(root, "docs/migrate-from-customer-sdk.md"), "utf8");
  const [, section] = guide.split("## What is different");
  const rows = section
    .split("\n## ")[0]
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2);
  expect(rows).toEqual(DIFFERENCES.map(({ what, theirs, ours, why }) => `| ${what} | ${theirs} | ${ours} | ${why} |`));
});
