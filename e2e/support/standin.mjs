// A stand-in server of a test's own: started on a free port with a database of its own, killed and restarted at will.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The binary under test: `$STANDIN_BIN`, or what `cargo build -p standin` leaves behind. */
export function standinBinary() {
  const path = process.env.STANDIN_BIN || join(root, "target/debug/standin");
  if (!existsSync(path)) throw new Error(`no stand-in at ${path}: run \`cargo build -p standin\``);
  return path;
}

const living = new Set();
// A test runner that is interrupted must not leave servers behind.
process.on("exit", () => living.forEach((child) => child.kill("SIGKILL")));

/**
 * Starts a stand-in and resolves when it listens.
 *
 * @param {object} [options]
 * @param {string} [options.www] folder served at `/`; default `www/` of the project
 * @param {boolean} [options.bot] answers by itself
 * @param {string[]} [options.args] further arguments, e.g. `["--token-ttl", "5"]`
 */
export async function startStandin({ www = join(root, "www"), bot = false, args = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "standin-"));
  const standin = new Standin(folder, [
    ...["--db", join(folder, "standin.db"), "--www", www, "--control"],
    ...(bot ? ["--bot"] : []),
    ...args,
  ]);
  try {
    await standin.start();
  } catch (error) {
    await standin.stop();
    throw error;
  }
  return standin;
}

class Standin {
  /** The port; the same one after every restart, so that clients find it again. */
  port = 0;
  /** Everything the server wrote, for a failing test to show. */
  log = "";
  #folder;
  #args;
  #child = null;

  constructor(folder, args) {
    this.#folder = folder;
    this.#args = args;
  }

  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The same as a WebSocket origin. */
  get wsOrigin() {
    return `ws://127.0.0.1:${this.port}`;
  }

  get running() {
    return this.#child !== null;
  }

  /** Starts the server, again on its former port and database after {@link kill} or {@link stop}. */
  async start() {
    if (this.#child) throw new Error("the stand-in is already running");
    const child = spawn(standinBinary(), ["--host", "127.0.0.1", "--port", String(this.port), ...this.#args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    living.add(child);
    child.once("exit", () => living.delete(child));
    this.port = await new Promise((resolve, reject) => {
      let seen = "";
      const read = (chunk) => {
        this.log += chunk;
        seen += chunk;
        const line = /standin listening on http:\/\/\S+:(\d+)/.exec(seen);
        if (line) resolve(Number(line[1]));
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("error", reject);
      child.once("exit", (code, signal) => reject(new Error(`the stand-in ended (${signal ?? code}):\n${seen}`)));
      setTimeout(() => reject(new Error(`the stand-in did not listen within 20 s:\n${seen}`)), 20_000).unref();
    });
    return this;
  }

  /** `kill -9`: no farewell on any socket. Resolves when the process is gone and its port is free. */
  kill() {
    return this.#end("SIGKILL");
  }

  /** Stops the server as Ctrl-C does; it may say goodbye. Its database stays. */
  async stop() {
    await this.#end("SIGTERM");
  }

  /** Kills the server and starts it again on the same port and database. */
  async restart() {
    await this.kill();
    return this.start();
  }

  async #end(signal) {
    const child = this.#child;
    if (!child) return;
    this.#child = null;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    // A server that ignores a polite request is a bug of its own, but it must not hang the whole run.
    const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await gone;
    clearTimeout(timer);
  }

  /** Stops the server and removes its database: for the end of a test. */
  async dispose() {
    await this.#end("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** POSTs `body` to `/control/<name>` and returns what the server answers; throws with its words on an error. */
  async control(name, body = {}) {
    const response = await fetch(`${this.origin}/control/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`control ${name} ${JSON.stringify(body)}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** GETs `/control/<name>`: what the server knows. */
  async look(name) {
    const response = await fetch(`${this.origin}/control/${name}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`control ${name}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}

/**
 * A test fixture for Playwright: `const test = withStandin(base)`; each test gets a `standin` of its own, and what the
 * server wrote is attached when the test fails.
 */
export function withStandin(base, options = {}) {
  return base.extend({
    standinOptions: [options, { option: true }],
    standin: async ({ standinOptions }, use, testInfo) => {
      const standin = await startStandin(standinOptions);
      await use(standin);
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach("standin.log", { body: standin.log, contentType: "text/plain" });
      }
      await standin.dispose();
    },
  });
}

/** Waits until `probe` returns something truthy, and returns it. For conditions outside the page. */
export async function until(probe, { timeout = 10_000, what = "the condition" } = {}) {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what} did not come within ${timeout} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
