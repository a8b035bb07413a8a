// The package as npm packs it, in Node: found by its name, without options of a bundler.

import { expect, test as base } from "@playwright/test";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, withStandin } from "../support/standin.mjs";
import { CLIENT, ORGANIZATION } from "../support/vendor.mjs";

/** `run(script, ...flags)` runs a module of an application that has the package installed; returns what it printed. */
const test = withStandin(base).extend({
  run: async ({ standin }, use) => {
    const folder = mkdtempSync(join(tmpdir(), "installed-"));
    const target = join(folder, "node_modules/palaver");
    mkdirSync(target, { recursive: true });
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root, stdio: "ignore" });
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
    execFileSync("tar", ["-xzf", join(folder, tarball), "-C", target, "--strip-components", "1"]);
    await use((script, ...flags) => {
      const file = join(folder, "application.mjs");
      const config = { organizationId: ORGANIZATION, clientId: CLIENT, endpoints: { api: standin.origin, accounts: standin.origin } };
      writeFileSync(file, `const config = ${JSON.stringify(config)};\nconst show = (what) => console.log(JSON.stringify(what));\n${script}`);
      const { stdout, stderr } = spawnSync(process.execPath, [...flags, file], { encoding: "utf8", timeout: 40_000 });
      return { shown: stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line)), stdout, stderr };
    });
    rmSync(folder, { recursive: true });
  },
});

// Node has a WebSocket from 22 on, and from 20.10 on under this flag: it stands for a class like that of the `ws` package.
const FLAG = "--experimental-websocket";
const TAKE = "const Socket = globalThis.WebSocket; delete globalThis.WebSocket;\n";

const CONVERSATION = `
  await new Promise((resolve, reject) => {
    api.on("connected", resolve);
    api.on("disconnected", reject);
  });
  const { chat } = await api.startChat();
  const { id, text } = await api.sendMessage({ chatId: chat.id, text: "Hello from Node" });
  const threads = (await api.getChatHistory({ chatId: chat.id }).next()).value.threads;
  show({ isStored: typeof id === "string", text, read: threads.some(({ events }) => events.some((event) => event.id === id)) });
  api.destroy();
`;

test("importing_touches_nothing_and_load_finds_its_file", async ({ run }) => {
  const { shown, stderr } = run(`
    const before = Object.keys(globalThis).length;
    const { default: load, init } = await import("palaver");
    show(Object.keys(globalThis).length - before);
    await load();
    show(init({ ...config, autoConnect: false }).state);
  `);
  expect(shown, stderr).toEqual([0, "idle"]);
});

test("given_websocket_class_carries_a_conversation", async ({ run }) => {
  const { shown, stderr } = run(
    `${TAKE}import load, { init } from "palaver";
    await load();
    class Counting extends Socket {
      static made = 0;
      constructor(...given) {
        super(...given);
        Counting.made += 1;
      }
    }
    const api = init({ ...config, webSocket: Counting });
    ${CONVERSATION}
    show(Counting.made);`,
    FLAG,
  );
  expect(shown, stderr).toEqual([{ isStored: true, text: "Hello from Node", read: true }, 1]);
});

test("node_without_a_websocket_names_the_remedy", async ({ run }) => {
  const { shown, stderr } = run(`
    delete globalThis.WebSocket;
    import load, { init } from "palaver";
    await load();
    for (const webSocket of [undefined, null, (url) => ({ url })]) {
      const api = init({ ...config, webSocket });
      let lost = 0;
      api.on("connection_lost", () => (lost += 1));
      const reason = new Promise((resolve) => api.on("disconnected", resolve));
      const { code, retryable, message } = await api.startChat().catch((error) => error);
      show([code, retryable, /Node 22/.test(message) && /options.webSocket/.test(message), await reason, lost, api.state]);
      api.destroy();
    }
  `);
  const told = ["WEBSOCKET_UNAVAILABLE", false, true, "websocket_unavailable", 0, "closed"];
  expect(shown, stderr).toEqual([told, told, told]);
});

test("drop_in_takes_the_class_too", async ({ run }) => {
  const { shown, stderr } = run(
    `${TAKE}import { init } from "palaver/customer-sdk";
    const api = init({ ...config, webSocket: Socket });
    await new Promise((resolve) => api.on("connected", resolve));
    show((await api.startChat()).chat.thread.active);
    api.destroy();`,
    FLAG,
  );
  expect(shown, stderr).toEqual([true]);
});

test("option_that_is_no_class_is_refused", async ({ run }) => {
  const { shown, stderr } = run(`
    import load, { init } from "palaver";
    await load();
    for (const webSocket of ["ws", {}, 7, true]) {
      try {
        init({ ...config, webSocket });
      } catch ({ code, details }) {
        show([code, details.argument]);
      }
    }
  `);
  expect(shown, stderr).toEqual(Array(4).fill(["VALIDATION", "webSocket"]));
});

test("file_address_and_bytes_are_sources", async ({ run }) => {
  const { shown, stderr } = run(`
    import { readFile } from "node:fs/promises";
    import load, { init } from "palaver";
    const address = import.meta.resolve("palaver/palaver_bg.wasm");
    show(await load(new URL("file:///nowhere.wasm")).catch(({ code, message }) => [code, message.includes("nowhere")]));
    show(await load("file:///nowhere.wasm").catch(({ code }) => code));
    show(await load("nowhere.wasm").catch(({ code }) => code));
    await load(address);
    show((await readFile(new URL(address))).length > 0);
    show(init({ ...config, autoConnect: false }).state);
  `);
  expect(shown, stderr).toEqual([["WASM_UNAVAILABLE", true], "WASM_UNAVAILABLE", "WASM_UNAVAILABLE", true, "idle"]);
});

test("uncaught_error_prints_a_short_text_that_names_the_application", async ({ run }) => {
  for (const call of [
    "init({ ...config, groupId: 'seven' })",
    "init({ ...config, autoConnect: false }).sendMessage({ chatId: 7 })",
    "init({ ...config, autoConnect: false }).on('no_event', () => {})",
    "load(new Uint8Array(8))",
  ]) {
    const { stderr } = run(`
      import load, { init } from "palaver";
      if (${!call.startsWith("load")}) await load();
      const theApplication = () => ${call};
      await theApplication();
    `);
    expect(stderr, call).toContain("ChatError");
    if (!call.startsWith("load")) expect(stderr, call).toContain("theApplication");
    expect(Math.max(...stderr.split("\n").map(({ length }) => length)), call).toBeLessThanOrEqual(500);
    expect(stderr.length, call).toBeLessThan(3_000);
  }
});

test("listener_that_throws_is_reported_and_stops_nobody", async ({ run }) => {
  const { shown, stderr } = run(
    `${TAKE}import load, { init } from "palaver";
    await load();
    const api = init({ ...config, webSocket: Socket });
    api.on("connected", () => {
      throw new Error("a mistake of the application");
    });
    ${CONVERSATION}`,
    FLAG,
  );
  expect(shown, stderr).toHaveLength(1);
  expect(stderr).toContain("a mistake of the application");
});
