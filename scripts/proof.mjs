// `npm run proof`: every proof at full length, one after the other; the figures go into docs/reliability.md. It takes
// hours. A proof that fails does not stop the next one.
//
//   npm run proof -- --only 1,4,5     some of them; the others keep their rows; `--list` names them
//   npm run proof -- --minutes 2      how long each fuzz target runs (10)
//   npm run proof -- --keep           what the fuzzer found joins the repository's corpus, as few inputs as will do
//   npm run proof -- --shard 0/8      an even sample of the mutants
//   npm run proof -- --page           runs nothing, writes the page anew

import { cpus, release, totalmem, type } from "node:os";
import { build } from "./build.mjs";
import { chromiumPath, firefoxPath } from "./lib/browser.mjs";
import { readRecords, writePage } from "./lib/proof-page.mjs";
import { prove } from "./lib/proof-runs.mjs";
import { proofs, runsOf } from "./lib/proofs.mjs";
import { needBrowser, needBuildTools, needNode } from "./lib/prerequisites.mjs";
import { buildStandin } from "./lib/standin.mjs";
import { ask, bold, Failure, green, main, red, say, seconds } from "./lib/steps.mjs";

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};

function chosen() {
  const only = argument("--only");
  if (only === undefined) return proofs;
  const ids = only.split(",").map(Number);
  const unknown = ids.filter((id) => !proofs.some((row) => row.id === id));
  if (unknown.length > 0) throw new Failure(`--only takes numbers of proofs, such as 1,4,5; \`--list\` names them`);
  return proofs.filter(({ id }) => ids.includes(id));
}

function positive(name, otherwise) {
  const number = Number(argument(name, otherwise));
  if (!(number > 0)) throw new Failure(`${name} takes a number above 0`);
  return number;
}

async function machine() {
  const version = async (command) => (command ? await ask(command, ["--version"]) : undefined);
  const parts = [
    `${cpus().length} × ${cpus()[0].model.trim()}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${type()} ${release().replace(/-.*/, "")}`,
    await version("rustc"),
    `Node ${process.versions.node}`,
    await version(chromiumPath()),
    await version(firefoxPath()),
  ];
  return parts.filter(Boolean).map((part) => part.split("\n")[0].trim()).join(", ");
}

/** What pages need, made at the first call. */
function once(work) {
  let result;
  return () => (result ??= work());
}

const ready = {
  pages: once(async () => {
    await needBuildTools();
    await needBrowser();
    await build();
    await buildStandin();
  }),
};

/** Runs one; returns its record. */
async function record(row, run, options) {
  const start = Date.now();
  let result;
  try {
    result = await prove(row.id, run, options);
  } catch (error) {
    say(red(error instanceof Failure ? error.message : error.stack));
    // What was found earlier is as true as before.
    return { isFailed: true, reason: "it could not be run" };
  }
  const { code, output, figures, command } = result;
  const time = seconds(Date.now() - start);
  const isFailed = code !== 0 || figures.length === 0;
  say(`${isFailed ? red("✗") : green("✓")} ${row.id} ${run.name}: ${time}`);
  // Failures say how to have them again.
  const hints = [...output.matchAll(/^.*PALAVER_SEED.*$|^.*Test unit written to.*$/gm)].map(([line]) => line.trim());
  const reason = code === 0 ? "it printed no figures" : [...new Set(hints)].join("\n");
  const date = new Date(start).toISOString().slice(0, 10);
  return { id: row.id, kind: run.kind, run: run.name, command, date, time, figures, isFailed, reason };
}

await main(async () => {
  needNode();
  if (process.argv.includes("--list")) return void say(proofs.map(({ id, what }) => `${id}\t${what}`).join("\n"));
  let records = readRecords();
  if (process.argv.includes("--page")) return writePage(records);

  const options = {
    minutes: positive("--minutes", 10),
    keep: process.argv.includes("--keep"),
    shard: argument("--shard"),
    ready,
  };
  const rows = chosen();
  const where = await machine();
  const failures = [];
  for (const row of rows) {
    for (const run of runsOf(row)) {
      say(`\n${bold(`━━ ${row.id} ${run.kind} ${run.name} `.padEnd(100, "━"))}`);
      const { reason, ...made } = await record(row, run, options);
      if (made.isFailed) failures.push(`${row.id} ${run.name}\n${reason}`);
      if (!made.id) continue;
      records = records.filter((other) => other.id !== row.id || other.run !== run.name);
      records.push({ ...made, machine: where });
      // After each: whoever stops a run of hours keeps what there is.
      writePage(records);
    }
  }
  say();
  if (failures.length > 0) throw new Failure(`${failures.length} failed:\n${failures.join("\n")}`);
  say("every proof that was run holds; see docs/reliability.md");
  return 0;
});
