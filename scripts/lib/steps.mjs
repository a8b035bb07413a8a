// One way to run a step: what it is called, signs of life while it runs, a clear end.

import { spawn } from "node:child_process";
import { env, root } from "./paths.mjs";

const tty = process.stdout.isTTY;
const paint = (code) => (text) => (tty && !process.env.NO_COLOR ? `\x1b[${code}m${text}\x1b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);

/** A failure that a person can act on: its message is printed alone, without a stack. */
export class Failure extends Error {}

export const seconds = (ms) => (ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`);

export const say = (text = "") => console.log(text);

// A signal may reach this process alone (a supervisor, `kill`): what it started must not go on working without it.
const children = new Set();
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]]) {
  process.on(signal, () => {
    if (process.listenerCount(signal) > 1) return; // the script has its own farewell
    for (const child of children) child.kill("SIGTERM");
    process.exit(code);
  });
}

/** Runs `work` under a heading and says how long it took. */
export async function step(title, work) {
  const start = Date.now();
  say(`${bold("▸")} ${bold(title)}`);
  const result = await work();
  say(dim(`  ${title}: ${seconds(Date.now() - start)}`));
  return result;
}

/**
 * Runs a command from the project's root and streams what it prints. Resolves with `{ code, output }`; a code other
 * than 0 is a {@link Failure} unless `allowFailure`.
 *
 * A command that draws its own progress gets the terminal itself, unless its output must be read (`capture`). Where
 * there is no terminal, a line every ten silent seconds tells a log from a hanging machine.
 */
export async function run(command, args, { capture = false, allowFailure = false, extraEnv = {}, cwd = root } = {}) {
  const inherit = tty && !capture;
  const shown = [command, ...args].join(" ");
  const child = spawn(command, args, {
    cwd,
    env: { ...env, ...(tty ? { CARGO_TERM_COLOR: "always", FORCE_COLOR: "1" } : {}), ...extraEnv },
    stdio: inherit ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  children.add(child);

  let output = "";
  const start = Date.now();
  let lastSign = start;
  if (!inherit) {
    for (const [stream, target] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        lastSign = Date.now();
        output += text;
        target.write(text);
      });
    }
  }
  const pulse = setInterval(() => {
    if (inherit || Date.now() - lastSign < 10_000) return;
    lastSign = Date.now();
    say(dim(`  … ${shown.slice(0, 60)} has been running for ${seconds(Date.now() - start)}`));
  }, 1_000);

  try {
    const code = await new Promise((resolve, reject) => {
      child.once("error", (error) => {
        reject(new Failure(error.code === "ENOENT" ? `\`${command}\` was not found` : `${shown}: ${error.message}`));
      });
      child.once("close", (status, signal) => resolve(signal ? 1 : status));
    });
    if (code !== 0 && !allowFailure) throw new Failure(`\`${shown}\` failed (exit code ${code})`);
    return { code, output: output.replace(/\x1b\[[0-9;]*[A-Za-z]/g, "") };
  } finally {
    children.delete(child);
    clearInterval(pulse);
  }
}

/** Runs a command silently. Undefined when it does not exist or fails: for questions like "which version?". */
export async function ask(command, args, { extraEnv = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...env, ...extraEnv }, stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.once("error", () => resolve(undefined));
    child.once("close", (code) => resolve(code === 0 ? output.trim() : undefined));
  });
}

/** The frame of every script: failures end it with code 1 and say only what helps. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? process.exitCode ?? 0;
  } catch (error) {
    console.error(`\n${red("✗")} ${error instanceof Failure ? error.message : error.stack}`);
    process.exitCode = 1;
  }
}

/** A plain table: the first column left, the others right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? "").length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell ?? "").padStart(widths[i]))).join("  "))
    .join("\n");
}
