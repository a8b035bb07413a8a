import { defineConfig } from "@playwright/test";

// One list of switches for every browser that the project starts; see scripts/lib/browser.mjs.
import { launches } from "./scripts/lib/browser.mjs";

const firefox = { browserName: "firefox", launchOptions: launches.firefox() };
// What only Chromium can be told to do: that a page crashes or freezes, that memory is collected.
const grepInvert = /@chromium/;
// What the package does in a browser; the rest of the page's tests are about the page.
const ofThePackage = /(conversation|restart|hostile|outbox|identity)\.spec\.mjs/;
// A trace of an hour helps nobody; these proofs keep their own records.
const untraced = { trace: "off" };

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // No retries: a test that fails now and then is a bug in the product or in the test.
  retries: 0,
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  // The proofs at full length take their time; see e2e/proof.
  globalTimeout: (process.env.PALAVER_PROOF === "full" ? 180 : 40) * 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    headless: true,
    launchOptions: launches.chromium(),
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "witness", testDir: "e2e/witness", use: { sdk: "vendor" } },
    { name: "drop-in", testDir: "e2e/witness", use: { sdk: "palaver" } },
    { name: "differential", testDir: "e2e/differential" },
    { name: "page", testDir: "e2e/page" },
    { name: "proof", testDir: "e2e/proof", use: untraced },
    { name: "tabs", testDir: "e2e/tabs" },
    { name: "loading", testDir: "e2e/loading" },
    { name: "page-firefox", testDir: "e2e/page", testMatch: ofThePackage, use: firefox },
    { name: "proof-firefox", testDir: "e2e/proof", testIgnore: "vendor.spec.mjs", grepInvert, use: { ...firefox, ...untraced } },
    { name: "loading-firefox", testDir: "e2e/loading", testIgnore: "node.spec.mjs", use: firefox },
    { name: "tabs-firefox", testDir: "e2e/tabs", grepInvert, use: firefox },
  ],
});
