// `npm run coverage`: how many lines of the core the native tests run. The browser's half is not compiled natively and
// not counted.

import { mkdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./lib/paths.mjs";
import { needNode, needRust, needTool } from "./lib/prerequisites.mjs";
import { ask, bold, main, run, say, step, table } from "./lib/steps.mjs";

await main(async () => {
  needNode();
  await needRust();
  await needTool("cargo-llvm-cov", "0.9.1", "cargo-llvm-cov", ["llvm-cov", "--version"]);
  // Profiles are read with the tools of the very LLVM that rustc was built on, unless the caller names others.
  const installed = await ask("rustup", ["component", "list", "--installed"]);
  if (!process.env.LLVM_COV && !installed?.includes("llvm-tools")) {
    await step("install llvm-tools", () => run("rustup", ["component", "add", "llvm-tools"]));
  }

  const report = join(root, "target/coverage.json");
  mkdirSync(join(root, "target"), { recursive: true });
  await step("native tests, counting lines", () =>
    run("cargo", ["llvm-cov", "test", "--workspace", "--json", "--summary-only", "--output-path", report]),
  );

  const source = join(root, "src/");
  const files = JSON.parse(readFileSync(report, "utf8")).data[0].files.filter(({ filename }) => filename.startsWith(source));
  const percent = ({ covered, count }) => (count ? `${((covered / count) * 100).toFixed(1)} %` : "");
  const total = { covered: 0, count: 0 };
  const rows = files.map(({ filename, summary: { lines } }) => {
    total.covered += lines.covered;
    total.count += lines.count;
    return [relative(root, filename), lines.count, lines.covered, percent(lines)];
  });
  say();
  say(table([["file", "lines", "covered", ""], ...rows, ["all of src/", total.count, total.covered, percent(total)]]));
  say();
  say(bold(`line coverage of the native core: ${percent(total) || "no lines"}`));
});
