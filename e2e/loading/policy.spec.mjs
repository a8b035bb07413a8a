// What the page's Content-Security-Policy blocks is said to be blocked, where the browser lets one know.

import { expect, test as base } from "@playwright/test";
import { serve } from "./site.mjs";

const test = base.extend({
  open: async ({ page }, use) => {
    const sites = [];
    await use(async (connect) => {
      const elsewhere = await serve();
      const policy = `default-src 'none'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval'; connect-src ${connect}`;
      const site = await serve({}, { policy });
      sites.push(elsewhere, site);
      await page.goto(site.origin);
      return elsewhere.origin;
    });
    for (const site of sites) await site.close();
  },
});

test("blocked_wasm_names_the_directive", async ({ open, page }) => {
  await open("'none'");
  for (const address of [undefined, "/palaver_bg.wasm"]) {
    const error = await page.evaluate(async (address) => {
      const { default: load } = await import("/index.js");
      const { code, retryable, message } = await load(address).catch((error) => error);
      return { code, retryable, message };
    }, address);
    const message = expect.stringMatching(/Content-Security-Policy.*connect-src/);
    expect(error).toEqual({ code: "WASM_UNAVAILABLE", retryable: false, message });
  }
});

test("blocked_request_names_the_directive", async ({ open, page }) => {
  const origin = await open("'self'");
  const error = await page.evaluate(async (origin) => {
    const { default: load, init } = await import("/index.js");
    await load();
    const api = init({ organizationId: "o", clientId: "c", autoConnect: false, endpoints: { api: origin, accounts: origin } });
    const { code, retryable, message } = await api.getDynamicConfiguration({}).catch((error) => error);
    return { code, retryable, message };
  }, origin);
  expect(error).toEqual({
    code: "BLOCKED_BY_CSP",
    retryable: false,
    message: expect.stringMatching(/Content-Security-Policy.*connect-src/),
  });
});

test("request_that_fails_otherwise_may_be_tried_again", async ({ open, page }) => {
  await open("'self' http://127.0.0.1:1");
  const error = await page.evaluate(async () => {
    const { default: load, init } = await import("/index.js");
    await load();
    // Something else of the page is blocked meanwhile.
    fetch("http://127.0.0.1:2/").catch(() => {});
    const origin = "http://127.0.0.1:1";
    const api = init({ organizationId: "o", clientId: "c", autoConnect: false, endpoints: { api: origin, accounts: origin } });
    const { code, retryable } = await api.getDynamicConfiguration({}).catch((error) => error);
    return { code, retryable };
  });
  expect(error).toEqual({ code: "NO_CONNECTION", retryable: true });
});

test("blocked_socket_is_told_at_once_and_for_good", async ({ open, page }) => {
  const origin = await open("'self'");
  const told = await page.evaluate(async (origin) => {
    const { default: load, init } = await import("/index.js");
    await load();
    const token = () => ({ accessToken: "dal:1", entityId: "me", expiresIn: 3_600_000, tokenType: "Bearer", creationDate: Date.now() });
    const identityProvider = () => ({ getToken: token, getFreshToken: token, hasToken: () => true, invalidate: () => {} });
    const api = init({ organizationId: "o", clientId: "c", identityProvider, endpoints: { api: origin, accounts: origin } });
    const start = performance.now();
    const reason = new Promise((resolve) => api.on("disconnected", resolve));
    const { code, retryable, message } = await api.listChats().catch((error) => error);
    return { code, retryable, message, reason: await reason, isQuick: performance.now() - start < 5_000 };
  }, origin);
  const message = expect.stringMatching(/Content-Security-Policy.*connect-src/);
  expect(told).toEqual({ code: "BLOCKED_BY_CSP", retryable: false, message, reason: "blocked_by_csp", isQuick: true });
});
