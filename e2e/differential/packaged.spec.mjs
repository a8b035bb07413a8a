// What the migration guide says of bundlers and the Content-Security-Policy: an application bundled by esbuild from the
// package's name, on a page that allows no more than the guide's table.

import { expect, test as base } from "@playwright/test";
import { build } from "esbuild";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, withStandin } from "../support/standin.mjs";
import { serveStatic } from "../support/static.mjs";
import { CLIENT, ORGANIZATION } from "../support/vendor.mjs";

const APPLICATION = `
import { init } from "palaver/customer-sdk";
const standin = new URLSearchParams(location.search).get("standin");
const endpoints = { api: standin, accounts: standin };
globalThis.told = [];
const sdk = init({ organizationId: "${ORGANIZATION}", clientId: "${CLIENT}", endpoints });
sdk.on("*", (name, payload) => told.push([name, payload]));
globalThis.chat = sdk.startChat().catch(({ code, message }) => ({ code, message }));
`;
const PAGE =
  '<!doctype html>\n<meta charset="utf-8">\n<title>Bundled</title>\n<script type="module" src="/app.js"></script>';

/** `open(script)` opens the bundled application where `script-src` is that. */
const test = withStandin(base).extend({
  open: async ({ page, standin }, use) => {
    const folder = mkdtempSync(join(tmpdir(), "packaged-"));
    const outfile = join(folder, "app.js");
    // The package by its own name, as an application has it in node_modules.
    const stdin = { contents: APPLICATION, resolveDir: root };
    await build({ stdin, bundle: true, format: "esm", outfile, logLevel: "error" });
    copyFileSync(join(root, "pkg/palaver_bg.wasm"), join(folder, "palaver_bg.wasm"));
    let site;
    await use(async (script) => {
      const { origin, wsOrigin } = standin;
      const policy = `default-src 'none'; script-src ${script}; connect-src 'self' ${origin} ${wsOrigin}`;
      const routes = {
        "/": { text: PAGE, type: ".html" },
        "/app.js": outfile,
        "/palaver_bg.wasm": join(folder, "palaver_bg.wasm"),
      };
      site = await serveStatic(routes, { headers: { "content-security-policy": policy } });
      await page.goto(`${site.origin}/?standin=${encodeURIComponent(origin)}`);
    });
    await site?.close();
    rmSync(folder, { recursive: true });
  },
});

test("esbuild bundles it, and a strict page runs it", async ({ open, page }) => {
  const violations = [];
  page.on("console", (message) => message.type() === "error" && violations.push(message.text()));
  await open("'self' 'wasm-unsafe-eval'");
  expect(await page.evaluate(() => chat)).toMatchObject({ chat: { thread: { active: true } } });
  expect(violations.filter((text) => /Content.Security.Policy/i.test(text))).toEqual([]);
});

test("a page that forbids WebAssembly is told what it must allow", async ({ open, page }) => {
  await open("'self'");
  expect(await page.evaluate(() => chat)).toEqual({
    code: "WASM_UNAVAILABLE",
    message: expect.stringContaining("wasm-unsafe-eval"),
  });
  expect(await page.evaluate(() => told)).toEqual([["disconnected", { reason: "wasm_unavailable" }]]);
});
