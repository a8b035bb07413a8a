// `npm test`: everything that proves the project, one stage after the other. A failing stage does not stop the next
// one, so that one run shows all that is wrong. The last line is always `N passed, M failed`.
//
//   npm test -- --only native,e2e     some stages; `--list` names them

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.mjs";
import { chromiumPath } from "./lib/browser.mjs";
import { root } from "./lib/paths.mjs";
import * as need from "./lib/prerequisites.mjs";
import { buildStandin } from "./lib/standin.mjs";
import { bold, Failure, green, main, red, run, say, seconds, table } from "./lib/steps.mjs";
import { checkTypes } from "./lib/types.mjs";
import { printSize } from "./size.mjs";

// What a stage resolves with: `{ passed, failed }` when it ran tests, nothing when it is a plain check that held. A
// check adds nothing to the number of tests; one that breaks counts as one failure.
const stages = {
  format: async () => {
    await ready.rust();
    await ready.rustComponents();
    await run("cargo", ["fmt", "--all", "--check"]);
  },

  lint: async () => {
    await ready.rust();
    await ready.rustComponents();
    // Clippy compiles the core twice, as its two hosts see it. Both are run, so that one run shows all findings.
    const native = await run("cargo", [...CLIPPY, "--workspace", "--all-targets", ...DENY], { allowFailure: true });
    const wasm = await run("cargo", [...CLIPPY, "--lib", "--target", WASM, ...DENY], { allowFailure: true });
    if (native.code || wasm.code) throw new Failure("clippy has findings");
  },

  native: async () => {
    await ready.rust();
    return cargoResults(await run("cargo", ["test", "--workspace", "--no-fail-fast"], READ));
  },

  js: async () => {
    const folder = join(root, "tests/js");
    const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs"));
    const paths = files.map((name) => join(folder, name));
    return nodeResults(await run("node", ["--test", "--test-reporter=tap", ...paths], READ));
  },

  build: async () => {
    await ready.package();
    await ready.standin();
  },

  browser: async () => {
    await ready.rust();
    await ready.wasmTools();
    await ready.browser();
    await ready.firefox();
    await need.needNodeModules();
    const runner = `node ${join(root, "scripts/lib/browser-runner.mjs")}`;
    const results = [];
    for (const browser of ["chromium", "firefox"]) {
      say(bold(`in ${browser}`));
      const extraEnv = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: runner, PALAVER_BROWSER: browser };
      results.push(cargoResults(await run("cargo", ["test", "--target", WASM], { ...READ, extraEnv })));
    }
    const [one, other] = results;
    return { passed: one.passed + other.passed, failed: one.failed + other.failed };
  },

  types: async () => {
    await ready.package();
    return checkTypes();
  },

  e2e: async () => {
    await ready.browser();
    await ready.firefox();
    await ready.package();
    await ready.standin();
    const folder = mkdtempSync(join(tmpdir(), "palaver-e2e-"));
    const report = join(folder, "report.json");
    try {
      const { code } = await run("playwright", ["test", "--reporter=list,json"], {
        ...READ,
        extraEnv: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, CHROMIUM: chromiumPath() },
      });
      if (!existsSync(report)) throw new Failure("Playwright ended without a report");
      const { stats, errors } = JSON.parse(readFileSync(report, "utf8"));
      // Errors outside of a test: a file that cannot be loaded, a worker that died, the global timeout.
      const outside = errors.length > 0 || (code !== 0 && stats.unexpected + stats.flaky === 0) ? 1 : 0;
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky + outside };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },

  size: async () => {
    await ready.package();
    if (!(await printSize())) throw new Failure("the package is over its ceiling (budgets.json)");
  },
};

/** What several stages need is made once; where it failed, each of them says so without trying again. */
function once(what, work) {
  let result;
  return () => {
    const again = Boolean(result);
    result ??= work();
    return again ? result.catch(() => Promise.reject(new Failure(`not run: ${what} failed above`))) : result;
  };
}

const ready = {
  rust: once("the check of the Rust installation", need.needRust),
  rustComponents: once("the installation of clippy and rustfmt", need.needRustComponents),
  wasmTools: once("the installation of the wasm tools", need.needWasmTools),
  browser: once("the installation of Chromium", need.needBrowser),
  firefox: once("the installation of Firefox", need.needFirefox),
  package: once("the build of the package", async () => {
    await ready.rust();
    await ready.wasmTools();
    await need.needNodeModules();
    await build();
  }),
  standin: once("the build of the stand-in server", async () => {
    await ready.rust();
    await buildStandin();
  }),
};

const WASM = "wasm32-unknown-unknown";
const CLIPPY = ["clippy", "--quiet"];
const DENY = ["--", "-D", "warnings"];
const READ = { capture: true, allowFailure: true };

/** The sums of all `test result:` lines, which cargo and wasm-bindgen's runner print alike. */
function cargoResults({ code, output }) {
  let passed = 0;
  let failed = 0;
  for (const line of output.matchAll(/^test result: .*?(\d+) passed; (\d+) failed/gm)) {
    passed += Number(line[1]);
    failed += Number(line[2]);
  }
  // It broke before or between the tests: a crate that does not compile, a driver that does not start.
  if (code !== 0 && failed === 0) failed = 1;
  return { passed, failed };
}

/** The sums of a report of node's runner. */
function nodeResults({ code, output }) {
  const sum = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, "m").exec(output)?.[1] ?? 0);
  const passed = sum("pass");
  const failed = sum("fail") + sum("cancelled");
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function chosenStages() {
  const at = process.argv.indexOf("--only");
  if (at < 0) return Object.keys(stages);
  const names = (process.argv[at + 1] ?? "").split(",");
  const unknown = names.filter((name) => !Object.hasOwn(stages, name));
  if (unknown.length > 0) throw new Failure(`no stage ${unknown.join(", ")}; there are: ${Object.keys(stages).join(", ")}`);
  return Object.keys(stages).filter((name) => names.includes(name));
}

async function runStage(name) {
  say(`\n${bold(`━━ ${name} `.padEnd(100, "━"))}`);
  const start = Date.now();
  let result;
  try {
    const counts = await stages[name]();
    if (counts && counts.passed + counts.failed === 0) throw new Failure("no test was run");
    result = { passed: 0, failed: 0, ...counts, check: !counts };
  } catch (error) {
    say(red(error instanceof Failure ? error.message : error.stack));
    result = { passed: 0, failed: 1, check: false };
  }
  const time = seconds(Date.now() - start);
  say(`${result.failed ? red("✗") : green("✓")} ${name}: ${time}`);
  return { name, time, ...result };
}

await main(async () => {
  if (process.argv.includes("--list")) return void say(Object.keys(stages).join("\n"));
  const names = chosenStages();
  const start = Date.now();

  need.needNode();
  const results = [];
  for (const name of names) results.push(await runStage(name));

  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  say();
  say(
    table([
      ["stage", "result", "passed", "failed", "time"],
      ...results.map(({ name, passed, failed, time, check }) => [name, failed ? "FAILED" : "ok", check ? "" : passed, check ? "" : failed, time]),
      ["all", total("failed") ? "FAILED" : "ok", total("passed"), total("failed"), seconds(Date.now() - start)],
    ]),
  );
  say();
  say(`${total("passed")} passed, ${total("failed")} failed`);
  return total("failed") ? 1 : 0;
});
