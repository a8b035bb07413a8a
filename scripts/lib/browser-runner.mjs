// What cargo runs a browser's test module with: wasm-bindgen's runner serves it, and a headless browser opens the page:
// Chromium, or what $PALAVER_BROWSER says (`firefox`).
//
// The runner could drive the browser by itself, through chromedriver. But its server now and then leaves a file of the
// page unanswered, the page never gets to its first test, and chromedriver takes eight minutes to say so. Here such a
// page is opened anew; one whose tests have begun is not.

import { chromium, firefox } from "@playwright/test";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { launches } from "./browser.mjs";

const BEGIN_MS = 15_000;
const END_MS = 180_000;
const TRIES = 8;

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const [module, ...rest] = process.argv.slice(2);
const address = `127.0.0.1:${await freePort()}`;
const runner = spawn("wasm-bindgen-test-runner", [module, ...rest], {
  env: { ...process.env, NO_HEADLESS: "1", WASM_BINDGEN_TEST_ONLY_WEB: "1", WASM_BINDGEN_TEST_ADDRESS: address },
});
runner.stderr.pipe(process.stderr);

// A module without tests is nothing to be served.
const isServed = await new Promise((resolve) => {
  runner.once("exit", () => resolve(false));
  runner.stdout.on("data", (text) => {
    if (String(text).includes("http://")) resolve(true);
    else process.stdout.write(text);
  });
});
if (!isServed) process.exit(runner.exitCode ?? 1);

const name = process.env.PALAVER_BROWSER === "firefox" ? "firefox" : "chromium";
const browser = await { chromium, firefox }[name].launch(launches[name]());
const text = (page) => page.evaluate(() => document.body?.innerText ?? "");

/** The page, once it runs its tests; nothing if it never came so far. */
async function begin() {
  const page = await browser.newPage();
  try {
    await page.goto(`http://${address}/`, { waitUntil: "commit", timeout: BEGIN_MS });
    const isBegun = () => document.body && !document.body.innerText.includes("Loading scripts");
    await page.waitForFunction(isBegun, null, { timeout: BEGIN_MS });
    return page;
  } catch {
    await page.close();
    return undefined;
  }
}

let output = "";
try {
  let page;
  for (let tries = 1; !page && tries <= TRIES; tries += 1) page = await begin();
  if (!page) throw new Error("the page of the tests was never served to its end");
  const ended = page.waitForFunction(() => /^test result: /m.test(document.body.innerText), null, { timeout: END_MS });
  await ended.catch((error) => process.stderr.write(`the tests did not end: ${error.message}\n`));
  output = await text(page);
} finally {
  await browser.close();
  runner.kill();
}
process.stdout.write(`${output}\n`);
process.exit(/^test result: ok/m.test(output) ? 0 : 1);
