// How each kind of proof is run at full length. A run resolves with `{ command, code, output, figures }`: what a person
// types to run it alone, and what it found, one object for each line of figures.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import * as need from "./prerequisites.mjs";
import { run, say } from "./steps.mjs";

const CARGO_FUZZ = "0.13.2";
const CARGO_MUTANTS = "27.1.0";
const LEAST_CAUGHT = 85;
const FULL = { PALAVER_PROOF: "full" };
const WASM = "wasm32-unknown-unknown";

const read = { capture: true, allowFailure: true };

/** What a proof prints of itself: lines of `proof {…}`, perhaps behind the name of a test. */
export function printed(output, id) {
  const lines = [...output.matchAll(/\bproof (\{"id".*\})\s*$/gm)].map(([, json]) => JSON.parse(json));
  return lines.filter((line) => line.id === id);
}

async function native({ id, name }) {
  await need.needRust();
  const args = ["test", "--profile", "proof", "--test", "proof", `${name}::`, "--", "--nocapture"];
  const result = await run("cargo", args, { ...read, extraEnv: FULL });
  return { ...result, command: `PALAVER_PROOF=full cargo ${args.join(" ")}`, figures: printed(result.output, id) };
}

async function chromium({ id, name, ready }) {
  await ready.pages();
  // One after the other: some of the figures are times.
  const args = ["test", "--project", "proof", "--workers", "1", name];
  const result = await run("playwright", args, { ...read, extraEnv: FULL });
  const command = `PALAVER_PROOF=full npx playwright ${args.join(" ")}`;
  return { ...result, command, figures: printed(result.output, id) };
}

/** The same suites in either browser: the modules of `tests/browser`, then the pages. */
async function browsers({ ready }) {
  await need.needRust();
  await need.needWasmTools();
  await need.needFirefox();
  await ready.pages();
  const figures = [];
  let code = 0;
  let output = "";
  for (const browser of ["chromium", "firefox"]) {
    const runner = `node ${join(root, "scripts/lib/browser-runner.mjs")}`;
    const extraEnv = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: runner, PALAVER_BROWSER: browser };
    const modules = await run("cargo", ["test", "--target", WASM, "--test", "browser"], { ...read, extraEnv });
    const suffix = browser === "firefox" ? "-firefox" : "";
    const pages = await run("playwright", ["test", ...["page", "proof", "tabs"].flatMap((name) => ["--project", name + suffix])], read);
    const count = (text, pattern) => [...text.matchAll(pattern)].reduce((sum, [, number]) => sum + Number(number), 0);
    figures.push({
      name: browser,
      modules: count(modules.output, /^test result: .*?(\d+) passed/gm),
      pages: count(pages.output, /^\s+(\d+) passed/gm),
      failed: count(modules.output, /^test result: .*?(\d+) failed/gm) + count(pages.output, /^\s+(\d+) failed/gm),
    });
    code ||= modules.code || pages.code;
    output += modules.output + pages.output;
  }
  return { code, output, command: "npm run proof -- --only 14", figures };
}

/**
 * libFuzzer over each target, on the repository's corpus and what earlier runs found on this machine (fuzz/found). What
 * breaks lies in fuzz/artifacts. `keep` makes the corpus the fewest inputs that reach what all of them reach.
 */
async function fuzz({ minutes, keep }) {
  await need.needRust();
  await need.needTool("cargo-fuzz", CARGO_FUZZ);
  // No sanitizer: there is no unsafe code to watch, and without one the stable compiler does.
  const cargo = (verb, ...args) => ["fuzz", verb, "--sanitizer", "none", ...args];
  await run("cargo", cargo("build"));
  const figures = [];
  let output = "";
  for (const name of readdirSync(join(root, "fuzz/targets")).map((file) => file.replace(/\.rs$/, ""))) {
    const [corpus, found, kept] = ["corpus", "found", "kept"].map((folder) => join(root, "fuzz", folder, name));
    mkdirSync(found, { recursive: true });
    const limits = [`-max_total_time=${minutes * 60}`, "-timeout=10", "-rss_limit_mb=1024", "-max_len=4096"];
    const result = await run("cargo", cargo("run", name, found, corpus, "--", ...limits, "-print_final_stats=1"), read);
    const number = (pattern) => Number([...result.output.matchAll(pattern)].at(-1)?.[1] ?? 0);
    figures.push({
      name,
      minutes,
      seed: number(/^INFO: Seed: (\d+)/gm),
      inputs: number(/^stat::number_of_executed_units: (\d+)/gm),
      edges: number(/\bcov: (\d+)/g),
      peakMegabytes: number(/^stat::peak_rss_mb:\s+(\d+)/gm),
      faults: result.code === 0 ? 0 : 1,
    });
    output += result.output;
    if (!keep) continue;
    mkdirSync(kept, { recursive: true });
    await run("cargo", cargo("run", name, kept, corpus, found, "--", "-set_cover_merge=1", "-use_counters=0"));
    rmSync(corpus, { recursive: true });
    renameSync(kept, corpus);
  }
  const code = figures.some(({ faults }) => faults > 0) ? 1 : 0;
  return { code, output, command: `npm run proof -- --only 11 --minutes ${minutes}`, figures };
}

/** cargo-mutants as .cargo/mutants.toml says; `shard` (`0/8`) for an even sample. */
async function mutants({ shard }) {
  await need.needRust();
  await need.needTool("cargo-mutants", CARGO_MUTANTS, "cargo-mutants", ["mutants", "--version"]);
  const folder = join(root, "target");
  mkdirSync(folder, { recursive: true });
  const sample = shard ? ["--shard", shard, "--sharding", "round-robin"] : [];
  // 2: some survived; 3: some ran out of time, which counts as noticed. Others have a word of their own to say.
  // Nobody looks at a backtrace; without what it needs a change is compiled in a fifth of the time.
  const extraEnv = { PALAVER_PROOF: "brief", CARGO_PROFILE_DEV_DEBUG: "0" };
  const { code, output } = await run("cargo", ["mutants", "-j2", "--colors=never", "-o", folder, ...sample], { ...read, extraEnv });
  const report = join(folder, "mutants.out/outcomes.json");
  if (![0, 2, 3].includes(code) || !existsSync(report)) return { code: code || 1, output, command: "", figures: [] };
  const { outcomes } = JSON.parse(readFileSync(report, "utf8"));
  const of = (summary) => outcomes.filter((outcome) => outcome.summary === summary);
  const [caught, missed, timeouts, unviable] = ["CaughtMutant", "MissedMutant", "Timeout", "Unviable"].map(of);
  const tried = caught.length + missed.length + timeouts.length;
  const percent = Math.round((1000 * (caught.length + timeouts.length)) / tried) / 10;
  say(`${percent} % of ${tried} noticed`);
  return {
    code: percent >= LEAST_CAUGHT ? 0 : 1,
    output,
    command: "npm run proof -- --only 13",
    figures: [
      {
        name: "cargo-mutants",
        ...(shard ? { sample: shard } : {}),
        mutants: tried,
        caught: caught.length,
        outOfTime: timeouts.length,
        survived: missed.length,
        doNotCompile: unviable.length,
        percent,
        survivors: missed.map(({ scenario }) => scenario.Mutant.name).sort(),
      },
    ],
  };
}

const own = { fuzz, mutants, browsers };

/** Runs one. `options`: `minutes`, `keep`, `shard`, and `ready.pages`, which makes what pages need, once. */
export async function prove(id, { kind, name }, options) {
  if (kind === "native") return native({ id, name });
  if (kind === "chromium") return chromium({ id, name, ...options });
  return own[name](options);
}
